"""How good it is: question sets, metrics, benchmarks."""

import corpus  # noqa: F401 - goes offline before any module here imports a package that would send something
