"""Answers: reading, time, citations, verification, and the command line. `from qa import open_answerer`."""

from typing import TYPE_CHECKING

import corpus  # noqa: F401 - goes offline before any module here imports a package that would send something

if TYPE_CHECKING:
    from qa.opening import open_answerer

__all__ = ["open_answerer"]


def __getattr__(name: str) -> object:
    """Give the library's face when it is asked for, so that importing a room pays for nothing else."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from qa import opening

    return getattr(opening, name)
