"""Sources → a new generation of the index, written aside; only what changed is read and embedded."""

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from corpus.article import Passage
from corpus.errors import CorpusError, StoreError
from corpus.read import Source, find_sources, read_source
from corpus.split import split_article
from index.encoder import Encoder
from index.postings import Postings
from index.store import (
    CURRENT,
    FORMAT,
    MANIFEST,
    Database,
    Manifest,
    StoredArticle,
    check_files,
    current_generation,
    hash_file,
)
from index.vectors import VectorIndex

LOCK = "lock"
BATCH = 64
KEY_BYTES = 16

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Report:
    """What a build did: how many articles were new, changed, unchanged, removed; and every problem met."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    passages: int = 0
    embedded: int = 0
    problems: list[CorpusError] = field(default_factory=list)
    same_text: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Entry:
    stored: StoredArticle
    passages: Sequence[Passage]
    keys: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class _Old:
    folder: Path
    manifest: Manifest
    database: Database


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

    Folders indexed before and not named now stay, unless `replace`. `rebuild` reads everything anew and forgives a
    damaged index. `CorpusError` if a path does not exist or nothing could be read; a single bad file is a problem in
    the report.
    """
    for path in paths:
        if not path.exists():
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
    try:
        old = None if rebuild else _open_old(directory)
        try:
            return _build(paths, directory, encoder, old, replace=replace, progress=progress)
        finally:
            if old:
                old.database.close()
    finally:
        lock.release()


def _prepare(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{directory}: không tạo được thư mục chỉ mục ({error.strerror}). Hãy chọn nơi khác với --index.",
            f"{directory}: the index folder cannot be made ({error.strerror}). Choose another place with --index.",
        ) from error


def _open_old(directory: Path) -> _Old | None:
    if not (directory / CURRENT).exists():
        return None
    folder, manifest = current_generation(directory)
    check_files(folder, manifest, limit=None)
    return _Old(folder, manifest, Database.open(folder))


def _build(
    paths: Sequence[Path], directory: Path, encoder: Encoder, old: _Old | None, *, replace: bool, progress: Progress
) -> Report:
    report = Report()
    roots = _roots(paths, old.manifest.roots if old and not replace else ())
    entries = _collect(roots, {str(p.resolve()) for p in paths}, old, report, progress=progress)
    if not entries:
        raise _nothing_read(paths, report)
    ordered = [entries[article_id] for article_id in sorted(entries)]
    _note_same_text(ordered, report)
    vectors = _embed(ordered, encoder, old, report, progress=progress)
    report.passages = len(vectors)
    _write(directory, ordered, vectors, encoder, roots)
    return report


def _roots(paths: Sequence[Path], known: Sequence[str]) -> tuple[str, ...]:
    """Merge the named paths with the folders already indexed; a folder inside another is covered by it."""
    merged = [Path(root) for root in known]
    for path in (p.resolve() for p in paths):
        if any(path.is_relative_to(root) for root in merged):
            continue
        merged = [root for root in merged if not root.is_relative_to(path)] + [path]
    return tuple(sorted(map(str, merged)))


def _collect(
    roots: Sequence[str], named: set[str], old: _Old | None, report: Report, *, progress: Progress
) -> dict[str, _Entry]:
    known = {stored.article.path: stored for stored in old.database.articles()} if old else {}
    entries: dict[str, _Entry] = {}
    seen: set[str] = set()
    for root in roots:
        if not any(Path(name).is_relative_to(root) for name in named):
            for stored in known.values():
                if stored.root == root:
                    _keep(stored, old, entries, report)
                    seen.add(stored.article.path)
            continue
        sources, problems = find_sources(Path(root))
        report.problems += problems
        for number, source in enumerate(sources):
            progress("read", number, len(sources))
            seen.add(str(source.path))
            _take(source, root, known.get(str(source.path)), old, entries, report)
        progress("read", len(sources), len(sources))
    report.removed = sum(path not in seen for path in known)
    return entries


def _take(
    source: Source, root: str, before: StoredArticle | None, old: _Old | None, entries: dict[str, _Entry],
    report: Report,
) -> None:  # fmt: skip
    """Read one source, or reuse what the index knows of it; a source that cannot be read any more stays as it was."""
    try:
        state = source.path.stat()
        same = before is not None and (before.size, before.mtime_ns) == (state.st_size, state.st_mtime_ns)
    except OSError:
        state, same = None, False
    if before and same and before.root == root:
        _keep(before, old, entries, report)
        return
    outcome = read_source(source)
    if outcome.problem:
        report.problems.append(outcome.problem)
    if outcome.article is None or state is None:
        if before:
            _keep(before, old, entries, report)
        return
    if other := entries.get(source.id):
        report.problems.append(_same_id(source, other.stored))
        return
    passages = split_article(outcome.article)
    stored = StoredArticle(outcome.article, root, state.st_size, state.st_mtime_ns)
    entries[source.id] = _Entry(stored, passages, [_key(passage) for passage in passages])
    if before is None:
        report.added += 1
    elif before.article.sha256 == outcome.article.sha256:
        report.unchanged += 1
    else:
        report.changed += 1


def _keep(stored: StoredArticle, old: _Old | None, entries: dict[str, _Entry], report: Report) -> None:
    rows = old.database.passages_of(stored.article.id) if old else []
    entries[stored.article.id] = _Entry(stored, [passage for passage, _ in rows], [key for _, key in rows])
    report.unchanged += 1


def _key(passage: Passage) -> bytes:
    return hashlib.blake2b(passage.contextual_text.encode(), digest_size=KEY_BYTES).digest()


def _note_same_text(entries: Sequence[_Entry], report: Report) -> None:
    first: dict[str, str] = {}
    for entry in entries:
        article = entry.stored.article
        if (other := first.setdefault(article.sha256, article.id)) != article.id:
            report.same_text.append((other, article.id))


def _embed(
    entries: Sequence[_Entry], encoder: Encoder, old: _Old | None, report: Report, *, progress: Progress
) -> NDArray[np.float32]:
    """Return `(n, d)` float32: rows of unchanged passages from the old generation, the others encoded now."""
    passages = [passage for entry in entries for passage in entry.passages]
    keys = [key for entry in entries for key in entry.keys]
    vectors = np.zeros((len(passages), encoder.dimension), dtype=np.float32)
    wanted = list(range(len(passages)))
    if old and old.manifest.fingerprint == encoder.fingerprint and old.manifest.passages:
        rows, known = VectorIndex.load(old.folder).rows(), old.database.keys()
        for i, key in enumerate(keys):
            if key in known:
                vectors[i] = rows[known[key]]
        wanted = [i for i, key in enumerate(keys) if key not in known]
    for low in range(0, len(wanted), BATCH):
        progress("embed", low, len(wanted))
        batch = wanted[low : low + BATCH]
        vectors[batch] = encoder.encode([passages[i].contextual_text for i in batch], kind="passage")
    progress("embed", len(wanted), len(wanted))
    report.embedded = len(wanted)
    return vectors


def _write(
    directory: Path, entries: Sequence[_Entry], vectors: NDArray[np.float32], encoder: Encoder, roots: tuple[str, ...]
) -> None:
    """Write the generation aside, then make it current by one rename; older ones and remains are cleared away."""
    for remains in directory.glob("*.part"):
        shutil.rmtree(remains, ignore_errors=True)
    numbers = [int(path.name[4:]) for path in directory.glob("gen-*") if path.name[4:].isdigit()]
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
        if old.name != name:
            shutil.rmtree(old, ignore_errors=True)


def _write_files(folder: Path, entries: Sequence[_Entry], vectors: NDArray[np.float32]) -> None:
    database = Database.create(folder)
    number = 0
    for entry in entries:
        database.add(entry.stored, entry.passages, entry.keys, first=number)
        number += len(entry.passages)
    database.finish()
    VectorIndex.build(vectors).save(folder)
    Postings.build(passage.contextual_text for entry in entries for passage in entry.passages).save(folder)


def _same_id(source: Source, other: StoredArticle) -> CorpusError:
    return CorpusError(
        f"{source.path}: trùng mã bài {source.id} với {other.article.path} nên chưa được lập chỉ mục. "
        "Hãy đổi tên một tệp, hoặc lập chỉ mục thư mục cha chung của hai tệp.",
        f"{source.path}: has the same article id ({source.id}) as {other.article.path} and was not indexed. "
        "Rename one of the files, or index the folder that holds both.",
    )


def _nothing_read(paths: Sequence[Path], report: Report) -> CorpusError:
    where = ", ".join(map(str, paths))
    vi = "".join(f"\n  - {problem.vi}" for problem in report.problems)
    en = "".join(f"\n  - {problem.en}" for problem in report.problems)
    return CorpusError(
        f"{where}: không có bài viết nào đọc được (.txt hoặc .md, UTF-8). Chỉ mục cũ, nếu có, vẫn giữ nguyên.{vi}",
        f"{where}: no article could be read (.txt or .md, UTF-8). The old index, if any, stands as it was.{en}",
    )
