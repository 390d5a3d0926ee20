"""Sources → a new generation of the index, written aside; only what changed is read and embedded."""

import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from corpus.errors import CorpusError, StoreError
from corpus.files import is_utf8, shown
from corpus.read import find_sources
from index.collect import Entry, Old, Progress, Report, collect
from index.encoder import Encoder
from index.postings import Postings
from index.store import (
    CURRENT,
    FORMAT,
    GENERATION,
    MANIFEST,
    RULES,
    Database,
    Manifest,
    check_files,
    current_generation,
    hash_file,
)
from index.unfinished import Unfinished
from index.vectors import VectorIndex

LOCK = "lock"
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
    lock = FileLock(directory / LOCK, timeout=0)
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
        lock.release()


def _known_roots(directory: Path, *, forgive: bool) -> tuple[str, ...]:
    """Return the folders indexed before that are still there; none if the index is missing, or damaged but forgiven."""
    if not (directory / CURRENT).exists():
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
    if not is_utf8(directory):  # FAISS writes to no other
        raise StoreError(
            f"{shown(directory)}: tên không phải UTF-8. Hãy chọn tên khác với --index.",
            f"{shown(directory)}: the name is not UTF-8. Choose another with --index.",
        )
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{directory}: không tạo được thư mục chỉ mục ({error.strerror}). Hãy chọn nơi khác với --index.",
            f"{directory}: the index folder cannot be made ({error.strerror}). Choose another place with --index.",
        ) from error


def _open_old(directory: Path) -> Old | None:
    if not (directory / CURRENT).exists():
        return None
    folder, manifest = current_generation(directory)
    check_files(folder, manifest, limit=None)
    return Old(folder, manifest, Database.open(folder))


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
    except (OSError, sqlite3.Error, RuntimeError) as error:  # FAISS says it with a RuntimeError
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
        rows = VectorIndex.load(old.folder).rows()
        made |= {key: rows[row] for key, row in old.database.keys().items()}
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


def _write(
    directory: Path, entries: Sequence[Entry], vectors: NDArray[np.float32], encoder: Encoder, roots: tuple[str, ...]
) -> None:
    """Write the generation aside, then make it current by one rename; older ones and remains are cleared away.

    Nothing else that lies in `directory` is touched.
    """
    for remains in directory.glob("gen-*.part"):
        if OWN.fullmatch(remains.name):
            shutil.rmtree(remains, ignore_errors=True)
    numbers = [int(path.name[4:]) for path in directory.glob("gen-*") if GENERATION.fullmatch(path.name)]
    name = f"gen-{max(numbers, default=0) + 1:06}"
    aside = directory / f"{name}.part"
    aside.mkdir()
    try:
        _write_files(aside, entries, vectors)
        manifest = Manifest(
            format=FORMAT,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            encoder=encoder.name,
            fingerprint=encoder.fingerprint,
            dimension=encoder.dimension,
            roots=roots,
            articles=len(entries),
            passages=len(vectors),
            files={path.name: (path.stat().st_size, hash_file(path)) for path in sorted(aside.iterdir())},
            rules=RULES,
        )
        data = manifest.to_json().encode()
        (aside / MANIFEST).write_bytes(data)
        aside.rename(directory / name)
        pointer = directory / f"{CURRENT}.part"
        pointer.write_text(f"{name} {hashlib.sha256(data).hexdigest()}\n", encoding="utf-8")
        os.replace(pointer, directory / CURRENT)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    for old in directory.glob("gen-*"):
        if old.name != name and OWN.fullmatch(old.name):
            shutil.rmtree(old, ignore_errors=True)


def _write_files(folder: Path, entries: Sequence[Entry], vectors: NDArray[np.float32]) -> None:
    database = Database.create(folder)
    number = 0
    for entry in entries:
        database.add(entry.stored, entry.passages, entry.keys, first=number)
        number += len(entry.passages)
    database.finish()
    VectorIndex.build(vectors).save(folder)
    Postings.build(passage.contextual_text for entry in entries for passage in entry.passages).save(folder)


def _unwritable(directory: Path, error: Exception) -> StoreError:
    reason = (isinstance(error, OSError) and error.strerror) or " ".join(str(error).split()) or type(error).__name__
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
