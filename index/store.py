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
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO, Self, TypeVar

from corpus.errors import StoreError
from corpus.files import open_regular
from index.files import read_file, replace_file
from index.problems import GENERATION, damaged, missing, newer, older, unusable

FORMAT = 2
RULES = 2  # raise it when the same file would be read or split otherwise than before
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
SHA256 = re.compile(r"[0-9a-f]{64}")
CHECKED_BYTES = 64 * 1024 * 1024
LONGEST = {CURRENT: 256, MANIFEST: 4 * 1024 * 1024, CHECKED: 64 * 1024}  # bytes
PIECE = 1024 * 1024
LONGEST_TEXT = 4096  # characters of a name in a manifest
MOST, MOST_BYTES = 2**31, 2**62  # articles, passages, dimensions; bytes of a file
EMPTIEST = 100  # bytes that a file says it has for each that the disk holds of it: a hole of a terabyte costs nothing

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
        if not isinstance(found["roots"], list) or found.keys() != {field.name for field in fields(cls)}:
            raise ValueError(found)
        roots = tuple(_text(root) for root in found["roots"])
        files = {
            name: (_count(size, below=MOST_BYTES), _digest(sha256)) for name, (size, sha256) in found["files"].items()
        }
        manifest = cls(**values, roots=roots, files=files)
        manifest._check_sizes()
        return manifest

    def _check_sizes(self) -> None:
        """Raise `ValueError` if the files are others than a generation has, or their sizes don't agree."""
        if self.files.keys() != FILES or not self.dimension:
            raise ValueError(self.files)
        size = {name: size for name, (size, _) in self.files.items()}
        hashes, starts, passages, scores = (size[name] for name in POSTINGS.values())
        is_even = not hashes % 8 and not passages % 4
        is_whole = size[VECTORS] == self.passages * self.dimension * 4
        if not is_whole or not is_even or starts != hashes + 8 or passages != scores:
            raise ValueError(self.files)


def _text(value: object) -> str:
    if not isinstance(value, str) or "\0" in value or len(value) > LONGEST_TEXT:
        raise TypeError(value)
    value.encode()
    return value


def _count(value: object, *, below: int = MOST) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < below:
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
    if isinstance(version, int) and FORMAT < version < MOST:
        raise newer(directory, version, FORMAT)
    if hashlib.sha256(data).hexdigest() != digest:
        raise damaged(path)
    if version != FORMAT or isinstance(version, bool):
        raise older(directory, version)
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
        if size > (limit or CHECKED_BYTES) and _is_settled(state):
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
        if found.st_size != size or _is_hollow(found):
            return None
        if limit is not None and size > limit and state == known:
            return state
        return state if _sha256(stream) == digest else None


def _is_hollow(found: os.stat_result) -> bool:
    """Tell whether a large file is mostly a hole, which would take hours to read and no space to send."""
    blocks = getattr(found, "st_blocks", None)
    return blocks is not None and found.st_size > CHECKED_BYTES and blocks * 512 * EMPTIEST < found.st_size


def _is_settled(state: list[object]) -> bool:
    """Tell whether whatever is written to a file from here on will change its time."""
    clock = getattr(time, "CLOCK_REALTIME_COARSE", None)  # files have their times from this one
    now = time.clock_gettime_ns(clock) if clock is not None else time.time_ns()
    return isinstance(state[2], int) and state[2] < now


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
