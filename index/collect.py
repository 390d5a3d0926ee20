"""Folders → what the next generation of the index holds: only what changed is read again."""

import hashlib
import os
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.article import Passage
from corpus.errors import CorpusError, FolderError
from corpus.files import open_regular
from corpus.read import SUFFIXES, Source, find_sources, read_source
from corpus.split import split_article
from index.database import Database, StoredArticle
from index.store import RULES, Manifest, hash_file
from index.unfinished import KEY_BYTES

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
class Entry:
    """An article with its passages and the key of each: what it says, hashed."""

    stored: StoredArticle
    passages: Sequence[Passage]
    keys: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Old:
    """The generation that is current while the next one is made."""

    folder: Path
    manifest: Manifest
    database: Database


def collect(
    roots: Sequence[str], named: Sequence[Path], before: Sequence[StoredArticle], old: Old | None, report: Report, *,
    anew: bool, progress: Progress,
) -> dict[str, Entry]:  # fmt: skip
    """Read what was named; the rest that was there `before` stays as it is in the `old` index.

    If that follows other rules, or all is to be read `anew`, the rest is read again, article by article: only folders
    that were named are listed. What the old index has from below a folder that cannot be listed stays too.
    """
    known = {stored.article.path: stored for stored in before} if old else {}
    entries: dict[str, Entry] = {}
    anew = anew or old is None or old.manifest.rules != RULES
    kept, places = set(roots), set(named)
    found = [pair for path in named if places.isdisjoint(path.parents) for pair in _sources(path, kept, report)]
    listed = {str(source.path) for source, _ in found}
    stays = [
        stored for stored in before
        if stored.root in kept and stored.article.path not in listed and not _is_gone(stored.article.path, places)
    ]  # fmt: skip
    seen = {stored.article.path for stored in stays if not anew or os.path.lexists(stored.article.path)}
    if anew:
        again = [stored for stored in stays if _is_known(stored)]
        found += [(Source(stored.article.id, Path(stored.article.path)), stored.root) for stored in again]
        seen -= {stored.article.path for stored in again}
        report.problems += [_not_read(path) for path in sorted(seen)]
        seen &= known.keys()
    closed = [problem.folder for problem in report.problems if isinstance(problem, FolderError)]
    seen |= {path for path in known if any(Path(path).is_relative_to(folder) for folder in closed)}
    for path in sorted(seen):
        _keep(known[path], old, entries, report)
    found.sort(key=lambda pair: (str(pair[0].path) not in known, pair[0].id))  # the established article keeps its id
    for number, (source, root) in enumerate(found):
        progress("read", number, len(found))
        seen.add(str(source.path))
        _take(source, root, known.get(str(source.path)), old, entries, report, anew=anew)
    progress("read", len(found), len(found))
    report.removed = sum(path not in seen for path in known)
    return entries


def _is_gone(path: str, named: Set[Path]) -> bool:
    """Tell whether an article that was not listed would have been; a link may lead out of what was named."""
    return not named.isdisjoint([Path(path), *Path(path).parents]) and not os.path.islink(path)


def _is_known(stored: StoredArticle) -> bool:
    """Tell whether a file that only an index speaks of is the one it knows: of another, nothing gets in by its word."""
    path = Path(stored.article.path)
    if path.suffix.lower() not in SUFFIXES:
        return False
    try:
        return hash_file(path) == stored.article.sha256
    except OSError:
        return False


def _sources(path: Path, roots: Set[str], report: Report) -> list[tuple[Source, str]]:
    """List a named folder's articles, their ids counted from the root that it is in."""
    root = next(str(folder) for folder in (path, *path.parents) if str(folder) in roots)
    sources, problems = find_sources(path)
    report.problems += problems
    above = path.parent if path.is_file() else path
    below = above.relative_to(root) if above.is_relative_to(root) else Path()
    return [(replace(source, id=(below / source.id).as_posix()), root) for source in sources]


def _take(
    source: Source, root: str, before: StoredArticle | None, old: Old | None, entries: dict[str, Entry],
    report: Report, *, anew: bool,
) -> None:  # fmt: skip
    """Read one source, or reuse what the index knows of it; a source that cannot be read any more stays as it was."""
    if before and before.root == root and not anew and _is_unchanged(source, before):
        _keep(before, old, entries, report)
        return
    outcome = read_source(source)
    report.problems += outcome.problems
    if outcome.article is None or outcome.state is None:
        if before:
            _keep(before, old, entries, report)
        return
    if other := entries.get(source.id):
        report.problems.append(_same_id(source, other.stored))
        return
    passages = split_article(outcome.article)
    stored = StoredArticle(outcome.article, root, outcome.state.st_size, outcome.state.st_mtime_ns)
    entries[source.id] = Entry(stored, passages, [_key(passage) for passage in passages])
    if before is None:
        report.added += 1
    elif before.article.sha256 == outcome.article.sha256:
        report.unchanged += 1
    else:
        report.changed += 1


def _is_unchanged(source: Source, before: StoredArticle) -> bool:
    """Compare size, time and content: copies may keep the first two (`rsync -t`, archives with fixed times)."""
    try:
        with open_regular(source.path, root=source.root) as stream:
            state = os.fstat(stream.fileno())
            if (before.size, before.mtime_ns) != (state.st_size, state.st_mtime_ns):
                return False
            return hashlib.file_digest(stream, "sha256").hexdigest() == before.article.sha256
    except OSError:  # said by whoever reads it next
        return False


def _not_read(path: str) -> CorpusError:
    return CorpusError(
        f"{path}: đã đổi, nhưng thư mục của tệp không được nêu trên dòng lệnh nên không được đọc lại. Hãy chạy "
        "`qa index` với thư mục đó.",
        f"{path}: has changed, but its folder was not named on the command line, so it was not read again. Run "
        "`qa index` on that folder.",
    )


def _keep(stored: StoredArticle, old: Old | None, entries: dict[str, Entry], report: Report) -> None:
    rows = old.database.passages_of(stored.article.id) if old else []
    entries[stored.article.id] = Entry(stored, [passage for passage, _ in rows], [key for _, key in rows])
    report.unchanged += 1


def _key(passage: Passage) -> bytes:
    return hashlib.blake2b(passage.contextual_text.encode(), digest_size=KEY_BYTES).digest()


def _same_id(source: Source, other: StoredArticle) -> CorpusError:
    return CorpusError(
        f"{source.path}: trùng mã bài {source.id} với {other.article.path} nên chưa được lập chỉ mục. "
        "Hãy đổi tên một tệp, hoặc lập chỉ mục thư mục cha chung của hai tệp.",
        f"{source.path}: has the same article id ({source.id}) as {other.article.path} and was not indexed. "
        "Rename one of the files, or index the folder that holds both.",
    )
