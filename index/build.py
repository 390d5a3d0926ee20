"""Sources → a new generation of the index, written aside; only what changed is read and embedded."""

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from corpus.errors import CorpusError, StoreError
from corpus.files import sync_folder
from corpus.read import find_sources
from index.collect import Entry, Old, Progress, Report, collect
from index.database import Database, DatabaseWriter
from index.encoder import Encoder
from index.files import (
    OWNER_FILE,
    OWNER_FOLDER,
    forget,
    make_folder,
    read_file,
    rename,
    replace_file,
    write_file,
)
from index.postings import Postings
from index.store import (
    CHECKED,
    CURRENT,
    DATABASE,
    FORMAT,
    GENERATION,
    LONGEST,
    MANIFEST,
    RULES,
    VECTORS,
    Manifest,
    check_files,
    current_generation,
    has_index,
    unusable,
)
from index.unfinished import Unfinished
from index.vectors import pieces, read_rows

LOCK = "lock"
LAST_NUMBER = 999_999
BATCH = 64
OWN = re.compile(rf"{GENERATION.pattern}(?:\.part)?")


def build_index(
    paths: Sequence[Path],
    directory: Path,
    encoder: Encoder,
    *,
    rebuild: bool = False,
    replace: bool = False,
    progress: Progress = lambda _stage, _done, _total: None,
) -> Report:
    """Index the articles below `paths` into `directory`.

    Folders indexed before and not named now stay if they are still there, unless `replace`. `rebuild` reads everything
    anew and forgives a damaged index. `CorpusError` if a path does not exist or nothing could be read; a single bad
    file is a problem in the report.
    """
    for path in paths:
        find_sources(path)
    _prepare(directory)
    lock = FileLock(directory / LOCK, timeout=0, mode=OWNER_FILE)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreError(
            f"{directory}: một lệnh `qa index` khác đang chạy trên chỉ mục này. Hãy đợi lệnh đó xong.",
            f"{directory}: another `qa index` is running on this index. Wait for it to end.",
        ) from error
    except OSError as error:
        raise _unwritable(directory, error) from error
    try:
        known = () if replace else _known_roots(directory, forgive=rebuild)
        old = None if rebuild else _open_old(directory)
        try:
            return _build(paths, directory, encoder, old, known=known, progress=progress)
        finally:
            if old:
                old.database.close()
    finally:
        with suppress(OSError):  # the system lets go of it when this process ends
            lock.release()


def _known_roots(directory: Path, *, forgive: bool) -> tuple[str, ...]:
    """Return the folders indexed before that are still there; none if the index is missing, or damaged but forgiven."""
    if not has_index(directory):
        return ()
    try:
        return tuple(root for root in current_generation(directory)[1].roots if not _is_gone(root))
    except StoreError:
        if forgive:
            return ()
        raise


def _is_gone(path: str) -> bool:
    """Tell whether nothing stands at `path`; one that may not be looked at is not gone."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _prepare(directory: Path) -> None:
    """Make the folder, and have the disk know the way to it before the first index stands there."""
    try:
        directory.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
        for folder in () if has_index(directory) else directory.absolute().parents:
            with suppress(PermissionError):  # not ours to open, so not made by us
                sync_folder(folder)
    except OSError as error:
        raise StoreError(
            f"{directory}: không tạo được thư mục chỉ mục ({error.strerror}). Hãy chọn nơi khác với --index.",
            f"{directory}: the index folder cannot be made ({error.strerror}). Choose another place with --index.",
        ) from error


def _open_old(directory: Path) -> Old | None:
    if not has_index(directory):
        return None
    folder, manifest = current_generation(directory)
    check_files(folder, manifest, limit=None)
    return Old(folder, manifest, Database.open(folder, root=directory))


def _build(
    paths: Sequence[Path], directory: Path, encoder: Encoder, old: Old | None, *, known: tuple[str, ...],
    progress: Progress,
) -> Report:  # fmt: skip
    report = Report()
    roots = _roots(paths, known)
    entries = collect(roots, [path.resolve() for path in paths], old, report, progress=progress)
    if not entries:
        raise _nothing_read(paths, report)
    ordered = [entries[article_id] for article_id in sorted(entries)]
    _note_same_text(ordered, report)
    unfinished = Unfinished(directory, encoder)
    vectors = _embed(ordered, encoder, old, unfinished, report, progress=progress)
    report.passages = len(vectors)
    try:
        _write(directory, ordered, vectors, encoder, roots)
    except (OSError, sqlite3.Error) as error:
        raise _unwritable(directory, error) from error
    unfinished.clear()
    return report


def _roots(paths: Sequence[Path], known: Sequence[str]) -> tuple[str, ...]:
    """Merge the named paths with the folders already indexed; a folder inside another is covered by it."""
    merged = [Path(root) for root in known]
    for path in (p.resolve() for p in paths):
        if any(path.is_relative_to(root) for root in merged):
            continue
        merged = [root for root in merged if not root.is_relative_to(path)] + [path]
    return tuple(sorted(map(str, merged)))


def _note_same_text(entries: Sequence[Entry], report: Report) -> None:
    first: dict[str, str] = {}
    for entry in entries:
        article = entry.stored.article
        if (other := first.setdefault(article.sha256, article.id)) != article.id:
            report.same_text.append((other, article.id))


def _embed(
    entries: Sequence[Entry], encoder: Encoder, old: Old | None, unfinished: Unfinished, report: Report, *,
    progress: Progress,
) -> NDArray[np.float32]:  # fmt: skip
    """Return `(n, d)` float32: rows of the old generation and of a build cut off; the other passages' encoded now."""
    passages = [passage for entry in entries for passage in entry.passages]
    keys = [key for entry in entries for key in entry.keys]
    vectors = np.zeros((len(passages), encoder.dimension), dtype=np.float32)
    made = dict(unfinished.vectors)
    if old and old.manifest.fingerprint == encoder.fingerprint and old.manifest.passages:
        made |= _old_vectors(old)
    for i, key in enumerate(keys):
        if key in made:
            vectors[i] = made[key]
    wanted = [i for i, key in enumerate(keys) if key not in made]
    for low in range(0, len(wanted), BATCH):
        progress("embed", low, len(wanted))
        batch = wanted[low : low + BATCH]
        vectors[batch] = encoder.encode([passages[i].contextual_text for i in batch], kind="passage")
        unfinished.add([keys[i] for i in batch], vectors[batch])
    progress("embed", len(wanted), len(wanted))
    report.embedded = len(wanted)
    return vectors


def _old_vectors(old: Old) -> dict[bytes, NDArray[np.float32]]:
    """Return the old generation's vectors by key; `StoreError` if its files disagree."""
    manifest = old.manifest
    try:
        rows = read_rows(old.folder, passages=manifest.passages, dimension=manifest.dimension, root=old.folder.parent)
        return {key: rows[row] for key, row in old.database.keys().items()}
    except (OSError, ValueError, IndexError) as error:
        raise unusable(old.folder, error) from error


def _write(
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
            raise _unconfirmed(directory, error) from error
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
    """Tell whether the pointer names a generation, or cannot be read."""
    try:
        pointer = (
            read_file(directory / CURRENT, root=directory, limit=LONGEST[CURRENT]) if has_index(directory) else b""
        )
    except (OSError, StoreError):
        return True
    return pointer.startswith(name.encode())


def _clear(directory: Path, is_old: Callable[[str], bool]) -> None:
    """Remove generations that nobody needs any more, as far as that can be done."""
    with suppress(OSError):
        for path in directory.glob("gen-*"):
            if OWN.fullmatch(path.name) and is_old(path.name):
                shutil.rmtree(path, ignore_errors=True)


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


def _reason(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or " ".join(str(error).split()) or type(error).__name__


def _unconfirmed(directory: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{directory}: đĩa không xác nhận đã giữ chỉ mục mới ({_reason(error)}). Chỉ mục cũ hoặc mới vẫn còn nguyên "
        "vẹn; hãy kiểm tra đĩa rồi chạy lại lệnh này.",
        f"{directory}: the disk did not confirm that it keeps the new index ({_reason(error)}). The old one or the new "
        "stands, whole; check the disk and run this command again.",
    )


def _unwritable(directory: Path, error: Exception) -> StoreError:
    reason = _reason(error)
    return StoreError(
        f"{directory}: không ghi được chỉ mục ({reason}); chỉ mục cũ, nếu có, vẫn giữ nguyên. "
        "Hãy kiểm tra dung lượng đĩa và quyền ghi, hoặc chọn nơi khác với --index.",
        f"{directory}: the index cannot be written ({reason}); the old one, if any, stands as it was. "
        "Check the free disk space and your right to write there, or choose another place with --index.",
    )


def _nothing_read(paths: Sequence[Path], report: Report) -> CorpusError:
    where = ", ".join(map(str, paths))
    vi = "".join(f" [{problem.vi}]" for problem in report.problems)
    en = "".join(f" [{problem.en}]" for problem in report.problems)
    return CorpusError(
        f"{where}: không có bài viết nào đọc được (.txt hoặc .md, UTF-8). Chỉ mục cũ, nếu có, vẫn giữ nguyên.{vi}",
        f"{where}: no article could be read (.txt or .md, UTF-8). The old index, if any, stands as it was.{en}",
    )
