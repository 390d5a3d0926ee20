"""Answers: reading, time, citations, verification, and the command line."""

import corpus  # noqa: F401 - goes offline before any module here imports a package that would send something
