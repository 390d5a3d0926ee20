"""Opening files that others may have put there: a plain file or nothing, never out of its folder, never waiting.

A name is looked at, then opened; in between somebody may put a link, a pipe or another file in its place. So what is
opened is checked after opening, and below a `root` each folder is opened relative to the one above it, following no
link. Where the system cannot do that (Windows), what was opened is compared with what was looked at.
"""

import os
import stat
from pathlib import Path
from typing import BinaryIO

# Never through a link, never waiting for a writer at the other end of a pipe, never with CR LF made LF.
_CAREFULLY = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = getattr(os, "O_DIRECTORY", 0)
_CAN_OPEN_BELOW = os.open in os.supports_dir_fd and bool(_NO_LINK and _FOLDER)


def open_regular(path: Path, *, root: Path | None = None) -> BinaryIO:
    """Open a plain file for reading; `OSError` if it is anything else.

    With `root` the file lies below that folder when it is opened, links on the way included: a link that stays inside
    is followed, and one that leads out, or was put there meanwhile, is an error.
    """
    descriptor = _open(path) if root is None else _open_below(path, root)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "not a plain file")
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _open(path: Path) -> int:
    return os.open(path, os.O_RDONLY | _CAREFULLY)


def _open_below(path: Path, root: Path) -> int:
    base = Path(os.path.realpath(root, strict=True))
    real = Path(os.path.realpath(path, strict=True))
    if not real.is_relative_to(base):
        raise OSError(0, "leads out of its folder")
    if real == base:  # the root is the one file that was named
        return _open_unmoved(real)
    return _walk(base, real.relative_to(base).parts) if _CAN_OPEN_BELOW else _open_unmoved(real)


def _walk(base: Path, parts: tuple[str, ...]) -> int:
    """Open `base/parts[0]/…` one step after another, following no link."""
    here = os.open(base, os.O_RDONLY | _FOLDER)
    try:
        for name in parts[:-1]:
            below = os.open(name, os.O_RDONLY | _FOLDER | _NO_LINK, dir_fd=here)
            os.close(here)
            here = below
        return os.open(parts[-1], os.O_RDONLY | _CAREFULLY | _NO_LINK, dir_fd=here)
    finally:
        os.close(here)


def _open_unmoved(path: Path) -> int:
    """Open what stands at `path` now and is no link."""
    seen = path.lstat()
    descriptor = os.open(path, os.O_RDONLY | _CAREFULLY | _NO_LINK)
    opened = os.fstat(descriptor)
    if (seen.st_dev, seen.st_ino) != (opened.st_dev, opened.st_ino):
        os.close(descriptor)
        raise OSError(0, "replaced while being opened")
    return descriptor
