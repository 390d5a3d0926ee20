"""What may be wrong with an index on disk, each said with what to do about it."""

import errno
import re
from pathlib import Path

from corpus.errors import StoreError

GENERATION = re.compile(r"gen-\d{6}", re.ASCII)
# What a system says of a file that is missing or no plain file; anything else is no fault of the file's.
DAMAGE = {0, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO, errno.EFBIG, errno.ENAMETOOLONG}


def missing(directory: Path) -> StoreError:
    """No index here."""
    return StoreError(
        f"{directory}: chưa có chỉ mục. Hãy chạy `qa index THƯ_MỤC_BÀI_VIẾT --index {directory}` trước.",
        f"{directory}: there is no index here. Run `qa index YOUR_ARTICLES --index {directory}` first.",
    )


def unusable(path: Path, error: Exception) -> StoreError:
    """Say why a file of the index cannot be used: forbidden, damaged, or what the system says else."""
    if isinstance(error, MemoryError):
        return _unread(path, "không đủ bộ nhớ", "not enough memory")
    if isinstance(error, OSError) and not isinstance(error, PermissionError) and error.errno not in DAMAGE:
        return _unread(path, reason := error.strerror or type(error).__name__, reason)
    if not isinstance(error, PermissionError):
        return damaged(path)
    return StoreError(
        f"{path}: không có quyền đọc chỉ mục. Hãy xin quyền đọc thư mục này, hoặc chọn chỉ mục khác với --index.",
        f"{path}: you may not read this index. Have its owner give you the right to, or name another with --index.",
    )


def _unread(path: Path, vi: str, en: str) -> StoreError:
    return StoreError(
        f"{path}: không đọc được tệp của chỉ mục ({vi}). Hãy thử lại; nếu vẫn vậy, kiểm tra máy và ổ đĩa.",
        f"{path}: a file of the index cannot be read ({en}). Try again; if it stays so, check the machine and disk.",
    )


def damaged(path: Path) -> StoreError:
    """A file of the index is missing or not what the manifest says."""
    generation = next((place for place in (path, *path.parents) if GENERATION.fullmatch(place.name)), path)
    command = f"--rebuild --index {generation.parent}"
    return StoreError(
        f"{path}: tệp của chỉ mục bị hỏng hoặc thiếu. Hãy lập lại: `qa index THƯ_MỤC_BÀI_VIẾT {command}`.",
        f"{path}: a file of the index is damaged or missing. Build it again: `qa index YOUR_ARTICLES {command}`.",
    )


def newer(directory: Path, version: int, known: int) -> StoreError:
    """A later version of this program wrote the index."""
    return StoreError(
        f"{directory}: chỉ mục theo định dạng {version}, mới hơn phiên bản này (định dạng {known}). "
        "Hãy nâng cấp phần mềm, hoặc lập chỉ mục mới với --index.",
        f"{directory}: the index has format {version}, newer than this version reads ({known}). "
        "Upgrade the program, or build a new index with --index.",
    )


def older(directory: Path, version: object) -> StoreError:
    """An earlier version of this program wrote the index, or nobody knows which."""
    command = f"--rebuild --index {directory}"
    return StoreError(
        f"{directory}: chỉ mục theo định dạng cũ ({str(version)[:20]}). Hãy lập lại: "
        f"`qa index THƯ_MỤC_BÀI_VIẾT {command}`.",
        f"{directory}: the index has an old format ({str(version)[:20]}). Build it again: "
        f"`qa index YOUR_ARTICLES {command}`.",
    )


def reason(error: Exception) -> str:
    """Return what the system, or a library, says of a failure, on one line."""
    return (isinstance(error, OSError) and error.strerror) or " ".join(str(error).split()) or type(error).__name__


def unconfirmed(directory: Path, error: OSError) -> StoreError:
    """The new generation is current, but only the disk's word is missing that it is for good."""
    return StoreError(
        f"{directory}: đĩa không xác nhận đã giữ chỉ mục mới ({reason(error)}). Chỉ mục cũ hoặc mới vẫn còn nguyên "
        "vẹn; hãy kiểm tra đĩa rồi chạy lại lệnh này.",
        f"{directory}: the disk did not confirm that it keeps the new index ({reason(error)}). The old one or the new "
        "stands, whole; check the disk and run this command again.",
    )
