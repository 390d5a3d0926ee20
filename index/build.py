"""Sources → a new generation of the index; only what changed is read and embedded."""

import errno
import os
import sqlite3
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from corpus.errors import CorpusError, StoreError
from corpus.files import is_utf8, shown, sync_folder
from corpus.read import find_sources
from index.collect import Entry, Old, Progress, Report, collect
from index.database import Database, StoredArticle
from index.encoder import Encoder
from index.files import OWNER_FILE, make_folder
from index.generation import write_generation
from index.problems import reason, unusable
from index.store import check_files, current_generation, has_index
from index.unfinished import Unfinished
from index.vectors import is_unit, read_rows

LOCK = "lock"
BATCH = 64


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

    Folders indexed before and not named now stay if they are still there, unless `replace`: of those, the articles that
    the index has, since an index that came from elsewhere decides in no way which folders are read. `rebuild` reads
    everything anew and forgives a damaged index. `CorpusError` if a path does not exist or nothing could be read; a
    single bad file is a problem in the report.
    """
    for path in paths:
        find_sources(path)
    _prepare(directory)
    _refuse_odd_lock(directory / LOCK)
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
        before = Before() if replace and rebuild else _read_before(directory, forgive=rebuild)
        try:
            return _build(paths, directory, encoder, before, rebuild=rebuild, replace=replace, progress=progress)
        finally:
            if before.old:
                before.old.database.close()
    finally:
        with suppress(OSError):  # the system lets go of it when this process ends
            lock.release()


@dataclass(frozen=True, slots=True)
class Before:
    """What there was: the old generation, its articles, and the folders of which nothing can be read any more."""

    old: Old | None = None
    articles: Sequence[StoredArticle] = ()
    lost: Sequence[str] = ()


def _read_before(directory: Path, *, forgive: bool) -> Before:
    """Open what the index holds now; when it is damaged and that is forgiven, only tell the folders it was made of."""
    if not has_index(directory):
        return Before()
    old, roots = None, list[str]()
    try:
        folder, manifest = current_generation(directory)
        roots += manifest.roots
        check_files(folder, manifest, limit=None)
        old = Old(folder, manifest, Database.open(folder, root=directory))
        return Before(old, list(old.database.articles()))
    except StoreError:
        if old:
            old.database.close()
        if not forgive:
            raise
        return Before(lost=roots)


def _is_gone(path: str) -> bool:
    """Tell whether nothing stands at `path`; one that may not be looked at is not gone."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _refuse_odd_lock(path: Path) -> None:
    """Raise `StoreError` unless the lock is a file and nothing else's: locking may open, follow or empty it."""
    try:
        found = path.lstat()
    except OSError:
        return
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        raise _unwritable(path, OSError(errno.EEXIST, os.strerror(errno.EEXIST)))


def _prepare(directory: Path) -> None:
    if not is_utf8(directory):
        raise StoreError(
            f"{shown(directory)}: tên không phải UTF-8. Hãy chọn tên khác với --index.",
            f"{shown(directory)}: the name is not UTF-8. Choose another with --index.",
        )
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        if not directory.is_dir():
            make_folder(directory)
        for folder in () if has_index(directory) else directory.absolute().parents:
            with suppress(PermissionError):  # not ours to open, so not made by us
                sync_folder(folder)
    except OSError as error:
        raise StoreError(
            f"{directory}: không tạo được thư mục chỉ mục ({error.strerror}). Hãy chọn nơi khác với --index.",
            f"{directory}: the index folder cannot be made ({error.strerror}). Choose another place with --index.",
        ) from error


def _build(
    paths: Sequence[Path], directory: Path, encoder: Encoder, before: Before, *, rebuild: bool, replace: bool,
    progress: Progress,
) -> Report:  # fmt: skip
    report, old = Report(), None if rebuild else before.old
    known = before.old.manifest.roots if before.old and not replace else ()
    roots = _roots(paths, [root for root in known if not _is_gone(root)])
    report.problems += [_lost(root) for root in _roots([], before.lost) if not replace and not _is_covered(root, roots)]
    named = list(dict.fromkeys(path.resolve() for path in paths))
    entries = collect(roots, named, before.articles, old, report, anew=rebuild, progress=progress)
    if not entries:
        raise _nothing_read(paths, report)
    ordered = [entries[article_id] for article_id in sorted(entries)]
    _note_same_text(ordered, report)
    unfinished = Unfinished(directory, encoder)
    vectors = _embed(ordered, encoder, old, unfinished, report, progress=progress)
    report.passages = len(vectors)
    if old:
        old.database.close()  # some systems remove no file that is open
    try:
        write_generation(directory, ordered, vectors, encoder, roots)
    except (OSError, sqlite3.Error) as error:
        raise _unwritable(directory, error) from error
    unfinished.clear()
    return report


def _roots(paths: Sequence[Path], known: Sequence[str]) -> tuple[str, ...]:
    """Merge the named paths with the folders already indexed; a folder inside another is covered by it."""
    merged = [Path(root) for root in known]
    for path in (p.resolve() for p in paths):
        if _is_covered(path, merged):
            continue
        merged = [root for root in merged if not root.is_relative_to(path)] + [path]
    return tuple(sorted(map(str, merged)))


def _is_covered(path: Path | str, roots: Iterable[Path | str]) -> bool:
    return any(Path(path).is_relative_to(root) for root in roots)


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
    made = {key: made[key] for key in set(keys) & made.keys() if is_unit(made[key])}
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


def _lost(root: str) -> CorpusError:
    return CorpusError(
        f"{root}: trước đây đã có trong chỉ mục, nhưng chỉ mục bị hỏng nên không giữ lại được. Hãy chạy `qa index` với "
        "cả thư mục này.",
        f"{root}: was in the index before, which is damaged, so that nothing of it stays. Run `qa index` on this "
        "folder, too.",
    )


def _unwritable(directory: Path, error: Exception) -> StoreError:
    why = reason(error)
    return StoreError(
        f"{directory}: không ghi được chỉ mục ({why}); chỉ mục cũ, nếu có, vẫn giữ nguyên. "
        "Hãy kiểm tra dung lượng đĩa và quyền ghi, hoặc chọn nơi khác với --index.",
        f"{directory}: the index cannot be written ({why}); the old one, if any, stands as it was. "
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
