"""Files of the index: written so that nothing said to be written is lost, read as data that anybody may have made.

Every byte of an index goes through `write_file`, every rename through `rename`: to the disk and not only towards it,
each result looked at, since a full disk or a bad one says so as late as `fsync` or `close`.
"""

import errno
import hashlib
import mmap
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike, NDArray

from corpus.files import open_regular, sync_folder, write_whole

WAITS = (0.05, 0.1, 0.2, 0.4, 0.8)  # seconds
OWNER_FILE, OWNER_FOLDER = 0o600, 0o700
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def write_file(path: Path, pieces: Iterable[bytes | memoryview]) -> tuple[int, str]:
    """Write a new file that its owner alone may read; return the bytes and the SHA-256 of what was meant to be in it.

    `FileExistsError` if anything stands there, a link too; `OSError` if not all of it has reached the disk.
    """
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, _NEW, OWNER_FILE)
    try:
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, OWNER_FILE)  # whatever the umask takes away
        for piece in pieces:
            digest.update(piece)
            size += write_whole(descriptor, memoryview(piece).cast("B"))
        os.fsync(descriptor)
        if os.fstat(descriptor).st_size != size:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
    finally:
        os.close(descriptor)
    return size, digest.hexdigest()


def make_folder(path: Path) -> None:
    """Make a folder that its owner alone may look into; `FileExistsError` if anything stands there."""
    os.mkdir(path, OWNER_FOLDER)
    os.chmod(path, OWNER_FOLDER)  # whatever the umask took away


def rename(old: Path, new: Path) -> None:
    """Give a file or folder its name, over a file that had it, and return when the disk knows."""
    _replace(old, new)
    sync_folder(new.parent)


def _replace(old: Path, new: Path) -> None:
    """Rename; where a file that somebody reads at this moment cannot be replaced (Windows), try for a while."""
    for wait in WAITS if os.name == "nt" else ():
        try:
            os.replace(old, new)
            return
        except PermissionError:
            time.sleep(wait)
    os.replace(old, new)


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` in the place of what stands at `path`, whole or not at all; a link there is replaced, not followed."""
    aside = path.with_name(f"{path.name}.part")
    aside.unlink(missing_ok=True)
    try:
        write_file(aside, [data])
        rename(aside, path)
    except BaseException:
        forget(aside)
        raise


def read_file(path: Path, *, root: Path, limit: int) -> bytes:
    """Return the bytes of a plain file below `root`; `OSError` if it is none, or holds more than `limit`."""
    with open_regular(path, root=root) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def map_array(path: Path, dtype: DTypeLike, *, root: Path) -> NDArray[np.generic]:
    """Return a plain file below `root` as a read-only `(n,)` array in memory that the system fills when it is read.

    `OSError` if it is no plain file, `ValueError` if its size is no whole number of elements.
    """
    with open_regular(path, root=root) as stream:
        if not os.fstat(stream.fileno()).st_size:
            return np.empty(0, dtype=dtype)
        return np.frombuffer(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ), dtype=dtype)


def forget(path: Path) -> None:
    """Remove a file that is in nobody's way if it stays."""
    with suppress(OSError):
        path.unlink()
