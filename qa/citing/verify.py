"""Reads every source file again and compares it with the index, trusting neither times nor sizes."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Article
from corpus.errors import CorpusError
from corpus.read import Source, read_bytes, read_source
from index.problems import damaged
from index.search import Index


@dataclass(frozen=True, slots=True)
class Finding:
    """An article whose file is not what was indexed: `changed`, `missing` or `unreadable`, and why the last."""

    article: str
    path: str
    what: str
    problem: CorpusError | None = None

    def to_json(self, language: str) -> dict[str, str | None]:
        """Return the finding as JSON holds it, the reason in `language` (`vi` or `en`)."""
        reason = self.problem.in_language(language) if self.problem else None
        return {"article": self.article, "path": self.path, "what": self.what, "reason": reason}


def verify_sources(index: Index) -> Iterator[Finding]:
    """Yield an entry for every article whose file changed, is gone, cannot be read, or holds another text.

    `StoreError` if the index holds another number of articles than it says.
    """
    count = 0
    for stored in index.database.articles():
        count += 1
        article = stored.article
        path = Path(article.path)
        try:
            digest = hashlib.sha256(read_bytes(path)).hexdigest()
        except CorpusError as error:
            gone = isinstance(error.__cause__, FileNotFoundError | NotADirectoryError)
            yield Finding(article.id, article.path, *(("missing",) if gone else ("unreadable", error)))
            continue
        if digest != article.sha256 or not _says_the_same(article, Source(article.id, path, Path(stored.root))):
            yield Finding(article.id, article.path, "changed")
    if count != index.manifest.articles:  # else it would be said of articles that nobody looked at
        raise damaged(index.directory)


def _says_the_same(article: Article, source: Source) -> bool:
    """Tell whether a file still reads as the index has it: its text, and what is read off that."""
    found = read_source(source).article
    return found is not None and _read_off(found) == _read_off(article)


def _read_off(article: Article) -> tuple[object, ...]:
    a = article
    return a.text, a.title, a.date, a.date_inferred, a.source, a.url, a.author
