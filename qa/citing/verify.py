"""Reads every source file again and compares it with the index, trusting neither times nor sizes."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CorpusError
from corpus.read import decode, read_bytes
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
            data = read_bytes(path)
            same = hashlib.sha256(data).hexdigest() == article.sha256 and decode(data, path) == article.text
        except CorpusError as error:
            if isinstance(error.__cause__, FileNotFoundError | NotADirectoryError):
                yield Finding(article.id, article.path, "missing")
            else:
                yield Finding(article.id, article.path, "unreadable", error)
            continue
        if not same:
            yield Finding(article.id, article.path, "changed")
    if count != index.manifest.articles:  # else it would be said of articles that nobody looked at
        raise damaged(index.directory)
