"""Opening files that others may have put there: a plain file or nothing, never out of its folder, never waiting.

A name is looked at, then opened; in between somebody may put a link, a pipe or another file in its place. So what is
opened is checked after opening, and below a `root` each folder is opened relative to the one above it, following no
link. Where the system cannot do that (Windows), what was opened is compared with what stands there before and after.

And writing so that a full or failing disk is an error, and what stood there before is not lost by it.
"""

import errno
import os
import stat
import zlib
from contextlib import suppress
from io import BufferedReader
from pathlib import Path

# Never waiting for a writer at the other end of a pipe, never taking a terminal over, never with CR LF made LF.
_CAREFULLY = sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_BINARY", "O_CLOEXEC"))
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = getattr(os, "O_DIRECTORY", 0)
# What a file system says that cannot sync a folder at all, where nothing more can be done.
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}
_CAN_OPEN_BELOW = os.open in os.supports_dir_fd and bool(_NO_LINK and _FOLDER)

_REASONS = {
    errno.EACCES: ("không có quyền đọc", "permission denied"),
    errno.EPERM: ("không có quyền đọc", "permission denied"),
    errno.ENOENT: ("không còn ở đó", "it is not there"),
    errno.ENOTDIR: ("không còn ở đó", "it is not there"),
    errno.ELOOP: ("là liên kết", "it is a link"),
    errno.EISDIR: ("là thư mục", "it is a folder"),
    errno.ENAMETOOLONG: ("đường dẫn dài quá mức hệ điều hành cho phép", "the path is longer than the system allows"),
}


class RefusedError(OSError):
    """What stands at a path is nothing to read; `vi` and `en` say why."""

    def __init__(self, vi: str, en: str) -> None:
        """Keep both reasons."""
        super().__init__(0, en)
        self.vi = vi
        self.en = en


def reason(error: OSError) -> tuple[str, str]:
    """Return why a file cannot be opened or read, in Vietnamese and English; the rare in the system's own words."""
    if isinstance(error, RefusedError):
        return error.vi, error.en
    said = error.strerror or type(error).__name__
    return _REASONS.get(error.errno or 0, (said, said))


def shown(path: Path | str) -> str:
    r"""Return a path for a message: bytes of its name that are not UTF-8 are written `\xff`."""
    return os.fsencode(path).decode(errors="backslashreplace")


def is_utf8(path: Path | str) -> bool:
    """Tell whether a path can be written down: some systems have names that are not UTF-8."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def open_regular(path: Path, *, root: Path | None = None, is_resolved: bool = False) -> BufferedReader:
    """Open a plain file for reading; `OSError` if it is anything else.

    With `root` (a folder, or the one file itself) the file lies below it when it is opened, links on the way included:
    a link that stays inside is followed, and one that leads out, or was put there meanwhile, is an error. A root that
    `is_resolved` has no link on its own way, or one was put there meanwhile.
    """
    try:
        descriptor = _open(path) if root is None else _open_below(path, root, is_resolved=is_resolved)
    except ValueError:  # a path with a zero byte
        raise RefusedError("không phải tên tệp", "it is no file name") from None
    try:
        _check_plain(os.fstat(descriptor).st_mode)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _check_plain(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise RefusedError("không phải tệp thường", "not a plain file")


def _open(path: Path) -> int:
    _check_plain(path.stat().st_mode)  # opening a device may already do something
    return os.open(path, os.O_RDONLY | _CAREFULLY)


def _open_below(path: Path, root: Path, *, is_resolved: bool) -> int:
    base = _without_links(root)
    if is_resolved and base != root:
        raise _leads_out()
    real = Path(os.path.realpath(path, strict=True))
    if not real.is_relative_to(base):
        raise _leads_out()
    _check_plain(real.lstat().st_mode)
    if real == base or not _CAN_OPEN_BELOW:
        return _open_unmoved(real)
    return _walk(base, real.relative_to(base).parts)


def _without_links(root: Path) -> Path:
    """Return where a root really is; one that is a file, and was named as one, is no link by now."""
    if root.is_dir():
        return Path(os.path.realpath(root, strict=True))
    return Path(os.path.realpath(root.parent, strict=True)) / root.name


def _walk(base: Path, parts: tuple[str, ...]) -> int:
    """Open `base/parts[0]/…` one step after another, following no link."""
    here = os.open(base, os.O_RDONLY | _FOLDER | _NO_LINK)
    try:
        for name in parts[:-1]:
            below = os.open(name, os.O_RDONLY | _FOLDER | _NO_LINK, dir_fd=here)
            os.close(here)
            here = below
        return os.open(parts[-1], os.O_RDONLY | _CAREFULLY | _NO_LINK, dir_fd=here)
    finally:
        os.close(here)


def _open_unmoved(real: Path) -> int:
    """Open what stands at a path without links, and still stands there, at that very path, once it is open."""
    before = real.lstat()
    descriptor = os.open(real, os.O_RDONLY | _CAREFULLY | _NO_LINK)
    try:
        if Path(os.path.realpath(real, strict=True)) != real:
            raise _leads_out()
        if not os.path.samestat(before, os.fstat(descriptor)) or not os.path.samestat(before, real.lstat()):
            raise RefusedError("bị thay trong khi mở", "replaced while being opened")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _leads_out() -> RefusedError:
    return RefusedError("liên kết dẫn ra ngoài thư mục", "a link leads out of the folder")


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
    is_there = path.exists()
    if is_there and not path.is_file():  # before links are resolved: /dev/stdout may lead to a pipe without a name
        with path.open("wb", buffering=0) as stream:
            write_whole(stream.fileno(), data)
        return
    path = Path(os.path.realpath(path))
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
