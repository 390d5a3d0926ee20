"""A generation written aside and made the current one: at any moment `CURRENT` names one that is whole."""

import re
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.files import sync_folder
from index.collect import Entry
from index.database import DatabaseWriter
from index.encoder import Encoder
from index.files import forget, make_folder, read_file, rename, replace_file, write_file
from index.postings import Postings
from index.problems import GENERATION, unconfirmed
from index.store import CHECKED, CURRENT, DATABASE, FILES, FORMAT, LONGEST, MANIFEST, RULES, VECTORS, Manifest
from index.vectors import pieces

LAST_NUMBER = 999_999
# What a generation of format 1 held.
FORMER_FILES = {"vectors.faiss", *(f"postings.{name}.npy" for name in ("hashes", "starts", "passages", "scores"))}
OWN = re.compile(rf"{GENERATION.pattern}(?:\.part)?")


def write_generation(
    directory: Path, entries: Sequence[Entry], vectors: NDArray[np.float32], encoder: Encoder, roots: tuple[str, ...]
) -> None:
    """Write the generation aside, then make it current by one rename; older ones and remains are cleared away.

    Each step is on the disk before the next one begins, so that at any moment `CURRENT` names a generation that is
    whole. Nothing else that lies in `directory` is touched.
    """
    _clear(directory, lambda name: name.endswith(".part"))
    name = _next_name(directory)
    aside = directory / f"{name}.part"
    try:
        make_folder(aside)
        manifest = Manifest(
            format=FORMAT,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            encoder=encoder.name,
            fingerprint=encoder.fingerprint,
            dimension=encoder.dimension,
            roots=roots,
            articles=len(entries),
            passages=len(vectors),
            files=_write_files(aside, entries, vectors),
            rules=RULES,
        )
        _, digest = write_file(aside / MANIFEST, [manifest.to_json().encode()])
        sync_folder(aside)
        rename(aside, directory / name)
        replace_file(directory / CURRENT, f"{name} {digest}\n".encode())
    except BaseException as error:
        if not _is_current(directory, name):
            _clear(directory, lambda other: other.startswith(name))
        elif isinstance(error, OSError):
            raise unconfirmed(directory, error) from error
        raise
    for left in (CHECKED, f"{CHECKED}.part"):
        forget(directory / left)
    _clear(directory, lambda other: other != name)


def _next_name(directory: Path) -> str:
    """Return the name after the last one in use, or in the way; after the last of all, the first that is free."""
    used = {int(path.name[4:10]) for path in directory.glob("gen-*") if OWN.fullmatch(path.name)}
    numbers = chain(range(max(used, default=0) + 1, LAST_NUMBER + 1), range(1, LAST_NUMBER + 1))
    return f"gen-{next(number for number in numbers if number not in used):06}"


def _is_current(directory: Path, name: str) -> bool:
    """Tell whether the pointer names a generation, or is one that cannot be read."""
    try:
        if not stat.S_ISREG((directory / CURRENT).lstat().st_mode):
            return False
        pointer = read_file(directory / CURRENT, root=directory, limit=LONGEST[CURRENT])
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return pointer.startswith(name.encode())


def _clear(directory: Path, is_old: Callable[[str], bool]) -> None:
    """Remove generations that nobody needs any more, as far as that can be done."""
    with suppress(OSError):
        for path in directory.glob("gen-*"):
            if OWN.fullmatch(path.name) and is_old(path.name):
                _remove(path)


def _remove(generation: Path) -> None:
    """Remove what is ours of a generation's folder, and the folder if nothing else lies in it."""
    if generation.is_symlink() or not generation.is_dir():
        return
    for name in FILES | FORMER_FILES | {MANIFEST}:
        forget(generation / name)
    with suppress(OSError):
        generation.rmdir()


def _write_files(folder: Path, entries: Sequence[Entry], vectors: NDArray[np.float32]) -> dict[str, tuple[int, str]]:
    """Write a generation's files; return for each the bytes and the SHA-256 of what was meant to be in it."""
    database, number = DatabaseWriter(), 0
    for entry in entries:
        database.add(entry.stored, entry.passages, entry.keys, first=number)
        number += len(entry.passages)
    postings = Postings.build(passage.contextual_text for entry in entries for passage in entry.passages)
    contents: dict[str, Iterable[bytes | memoryview]] = {
        DATABASE: [database.content()],
        VECTORS: pieces(vectors),
        **dict(postings.files()),
    }
    return {name: write_file(folder / name, content) for name, content in contents.items()}
