"""Opening files that others may have put there: a plain file or nothing, never out of its folder, never waiting.

A name is looked at, then opened; in between somebody may put a link, a pipe or another file in its place. So what is
opened is checked after opening, and below a `root` each folder is opened relative to the one above it, following no
link. Where the system cannot do that (Windows), what was opened is compared with what was looked at.

And writing so that a full or failing disk is an error, and what stood there before is not lost by it.
"""

import errno
import os
import stat
import zlib
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

# Never through a link, never waiting for a writer at the other end of a pipe, never with CR LF made LF.
_CAREFULLY = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = getattr(os, "O_DIRECTORY", 0)
# What a file system says that cannot sync a folder at all, where nothing more can be done.
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}
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


def write_whole(descriptor: int, data: bytes | memoryview) -> int:
    """Write all of `data`, in as many parts as the system takes it; return its length."""
    written = 0
    while written < len(data):
        count = os.write(descriptor, data[written:])
        if not count:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        written += count
    return written


def sync_folder(path: Path) -> None:
    """Have the disk know which names a folder holds.

    Windows has no such call. NTFS keeps the order of names: a power cut there may bring back the old ones, never a mix.
    """
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


def replace_whole(path: Path, data: bytes) -> None:
    """Write a file of the user's: what stood there stays until all of `data` has reached the disk.

    A link is followed, a file's permissions stay. What is no plain file (a pipe, a terminal) is written to as it is.
    """
    path = Path(os.path.realpath(path))
    is_there = path.exists()
    if is_there and not path.is_file():
        with path.open("wb", buffering=0) as stream:
            write_whole(stream.fileno(), data)
        return
    new = aside(path)
    new.unlink(missing_ok=True)
    try:
        _write_new(new, data, mode=stat.S_IMODE(path.stat().st_mode) if is_there else None)
        os.replace(new, path)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise
    sync_folder(path.parent)


def aside(path: Path) -> Path:
    """Return where `replace_whole` writes a file first; what a killed process left there is in nobody's way."""
    return path.with_name(f".qa-{zlib.crc32(os.fsencode(path.name)):08x}.part")


def _write_new(path: Path, data: bytes, *, mode: int | None) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CAREFULLY, 0o666)
    try:
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode)
        write_whole(descriptor, data)
        os.fsync(descriptor)
        _check_size(descriptor, len(data))
    finally:
        os.close(descriptor)


def append_whole(path: Path, data: bytes) -> None:
    """Add to the end of a file, or make it; `OSError` if not all of `data` has reached the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _CAREFULLY, 0o666)
    try:
        size = os.fstat(descriptor).st_size + len(data)
        write_whole(descriptor, data)
        os.fsync(descriptor)
        _check_size(descriptor, size)
    finally:
        os.close(descriptor)


def _check_size(descriptor: int, size: int) -> None:
    if os.fstat(descriptor).st_size != size:
        raise OSError(errno.EIO, os.strerror(errno.EIO))
