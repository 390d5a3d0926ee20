"""The index on disk: one folder a generation, one pointer that names the current one.

    DIR/CURRENT             "gen-000003 <sha256 of its manifest>", replaced by one rename
    DIR/gen-000003/         manifest.json · corpus.sqlite · vectors.f32 · postings.*
    DIR/checked.json        large files that were compared with the manifest, and their state then
    DIR/lock                held while a build runs

The manifest names the format, the encoder and the SHA-256 of every other file. A reader sees the old generation or the
new one, never half of either. A flipped byte is found on opening: small files are compared with the manifest each time,
those over `CHECKED_BYTES` once, and again when anything about them has changed.

An index never trusts its own files: anybody may have made them. Only plain files of the names and sizes below are
read, and none outside the folder of the index.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO, Self, TypeVar

from corpus.errors import StoreError
from corpus.files import open_regular
from index.files import read_file, replace_file

FORMAT = 2
RULES = 1  # raise it when the same file would be read or split otherwise than before
CURRENT = "CURRENT"
MANIFEST = "manifest.json"
CHECKED = "checked.json"
DATABASE = "corpus.sqlite"
VECTORS = "vectors.f32"
POSTINGS = {
    "hashes": "postings.hashes.u64", "starts": "postings.starts.u64", "passages": "postings.passages.u32",
    "scores": "postings.scores.f32",
}  # fmt: skip
FILES = {DATABASE, VECTORS, *POSTINGS.values()}
GENERATION = re.compile(r"gen-\d{6}", re.ASCII)
SHA256 = re.compile(r"[0-9a-f]{64}")
CHECKED_BYTES = 64 * 1024 * 1024
LONGEST = {CURRENT: 256, MANIFEST: 4 * 1024 * 1024, CHECKED: 64 * 1024}  # bytes
PIECE = 1024 * 1024
MOST = 2**31  # articles, passages, dimensions

Used = TypeVar("Used")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is and what it was made of; `files` maps a file's name to `[bytes, sha256]`.

    `rules` is the `RULES` by which its articles were read; 0 if they were read before rules had a number.
    """

    format: int
    created: str
    encoder: str
    fingerprint: str
    dimension: int
    roots: tuple[str, ...]
    articles: int
    passages: int
    files: dict[str, tuple[int, str]]
    rules: int = 0

    def to_json(self) -> str:
        """Serialise, keys in a fixed order."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def of(cls, found: dict[str, Any]) -> Self:
        """Take what was read for a manifest; `ValueError` or `TypeError` for a field too many or of another kind."""
        values: dict[str, Any] = {name: _text(found[name]) for name in ("created", "encoder", "fingerprint")}
        values |= {name: _count(found[name]) for name in ("format", "dimension", "articles", "passages", "rules")}
        roots = tuple(_text(root) for root in found["roots"])
        files = {name: (_count(size), _digest(sha256)) for name, (size, sha256) in found["files"].items()}
        if found.keys() != {field.name for field in fields(cls)} or files.keys() != FILES:
            raise ValueError(found)
        return cls(**values, roots=roots, files=files)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    value.encode()
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MOST**2:
        raise ValueError(value)
    return value


def _digest(value: object) -> str:
    if not SHA256.fullmatch(_text(value)):
        raise ValueError(value)
    return _text(value)


def with_current(directory: Path, use: Callable[[Path, Manifest], Used]) -> Used:
    """Return what `use` makes of the current generation's folder and manifest.

    When a build ends meanwhile and takes the generation away, it is used again on the new one. `StoreError` says what
    is wrong with the index and how to mend it.
    """
    while True:
        name, digest = _pointer(directory)
        try:
            return use(*_generation(directory, name, digest))
        except StoreError:
            if _pointer(directory) == (name, digest):
                raise


def current_generation(directory: Path) -> tuple[Path, Manifest]:
    """Return the current generation's folder and manifest; `StoreError` says what is wrong and how to mend it."""
    return with_current(directory, lambda folder, manifest: (folder, manifest))


def has_index(directory: Path) -> bool:
    """Tell whether an index was ever built in a folder; `StoreError` if nobody may look."""
    try:
        (directory / CURRENT).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise unusable(directory / CURRENT, error) from error
    return True


def _pointer(directory: Path) -> tuple[str, str]:
    """Return the name of the current generation and the SHA-256 of its manifest."""
    pointer = directory / CURRENT
    if not has_index(directory):
        raise missing(directory)
    try:
        name, digest = read_file(pointer, root=directory, limit=LONGEST[CURRENT]).decode("ascii").split()
    except (OSError, ValueError) as error:
        raise unusable(pointer, error) from error
    if not GENERATION.fullmatch(name):
        raise damaged(pointer)
    return name, digest


def _generation(directory: Path, name: str, digest: str) -> tuple[Path, Manifest]:
    path = directory / name / MANIFEST
    try:
        data = read_file(path, root=directory, limit=LONGEST[MANIFEST])
        found = json.loads(data)
        version = found["format"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise unusable(path, error) from error
    if isinstance(version, int) and version > FORMAT:
        raise _newer(directory, version)
    if hashlib.sha256(data).hexdigest() != digest:
        raise damaged(path)
    if version != FORMAT or isinstance(version, bool):
        raise _older(directory, version)
    try:
        return directory / name, Manifest.of(found)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(path) from error


def check_files(folder: Path, manifest: Manifest, *, limit: int | None = CHECKED_BYTES) -> None:
    """Compare every file with the manifest; `StoreError` names a bad one.

    A file of more than `limit` bytes that was right once and hasn't been touched since is taken to be right.
    """
    directory = folder.parent
    known = _read_checked(directory) if limit is not None else {}
    seen = {}
    for name, (size, digest) in sorted(manifest.files.items()):
        path = folder / name
        try:
            state = _compare(path, size, digest, known.get(f"{folder.name}/{name}"), root=directory, limit=limit)
        except OSError as error:
            raise unusable(path, error) from error
        if state is None:
            raise damaged(path)
        if size > (limit or CHECKED_BYTES):
            seen[f"{folder.name}/{name}"] = state
    if seen and seen != {name: known.get(name) for name in seen}:
        with suppress(OSError):  # a folder that may not be written to: compared again the next time
            replace_file(directory / CHECKED, json.dumps(seen).encode())


def check_current(directory: Path) -> None:
    """Compare every file of the current generation with its manifest, large ones too; `StoreError` names a bad one."""
    with_current(directory, lambda folder, manifest: check_files(folder, manifest, limit=None))


def _compare(
    path: Path, size: int, digest: str, known: object, *, root: Path, limit: int | None
) -> list[object] | None:
    """Return the state of a file that is what the manifest says; None if it isn't."""
    with open_regular(path, root=root) as stream:
        found = os.fstat(stream.fileno())
        # The system alone sets ctime and inode: nobody can put them into a file that goes along with an index.
        state: list[object] = [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev, digest]
        if found.st_size != size:
            return None
        if limit is not None and size > limit and state == known:
            return state
        return state if _sha256(stream) == digest else None


def _read_checked(directory: Path) -> dict[str, object]:
    try:
        found = json.loads(read_file(directory / CHECKED, root=directory, limit=LONGEST[CHECKED]))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _sha256(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := stream.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def hash_file(path: Path) -> str:
    """Return a plain file's SHA-256."""
    with open_regular(path) as stream:
        return _sha256(stream)


def missing(directory: Path) -> StoreError:
    """No index here."""
    return StoreError(
        f"{directory}: chưa có chỉ mục. Hãy chạy `qa index THƯ_MỤC_BÀI_VIẾT --index {directory}` trước.",
        f"{directory}: there is no index here. Run `qa index YOUR_ARTICLES --index {directory}` first.",
    )


def unusable(path: Path, error: Exception) -> StoreError:
    """Say why a file of the index cannot be used: forbidden, or damaged."""
    if not isinstance(error, PermissionError):
        return damaged(path)
    return StoreError(
        f"{path}: không có quyền đọc chỉ mục. Hãy xin quyền đọc thư mục này, hoặc chọn chỉ mục khác với --index.",
        f"{path}: you may not read this index. Have its owner give you the right to, or name another with --index.",
    )


def damaged(path: Path) -> StoreError:
    """A file of the index is missing or not what the manifest says."""
    generation = next((place for place in (path, *path.parents) if GENERATION.fullmatch(place.name)), path)
    command = f"--rebuild --index {generation.parent}"
    return StoreError(
        f"{path}: tệp của chỉ mục bị hỏng hoặc thiếu. Hãy lập lại: `qa index THƯ_MỤC_BÀI_VIẾT {command}`.",
        f"{path}: a file of the index is damaged or missing. Build it again: `qa index YOUR_ARTICLES {command}`.",
    )


def _newer(directory: Path, version: int) -> StoreError:
    return StoreError(
        f"{directory}: chỉ mục theo định dạng {version}, mới hơn phiên bản này (định dạng {FORMAT}). "
        "Hãy nâng cấp phần mềm, hoặc lập chỉ mục mới với --index.",
        f"{directory}: the index has format {version}, newer than this version reads ({FORMAT}). "
        "Upgrade the program, or build a new index with --index.",
    )


def _older(directory: Path, version: object) -> StoreError:
    command = f"--rebuild --index {directory}"
    return StoreError(
        f"{directory}: chỉ mục theo định dạng cũ ({str(version)[:20]}). Hãy lập lại: "
        f"`qa index THƯ_MỤC_BÀI_VIẾT {command}`.",
        f"{directory}: the index has an old format ({str(version)[:20]}). Build it again: "
        f"`qa index YOUR_ARTICLES {command}`.",
    )
