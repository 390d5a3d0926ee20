"""Finding passages: vectors, postings, fusion, and the index on disk."""

import corpus  # noqa: F401 - goes offline before any module here imports a package that would send something
