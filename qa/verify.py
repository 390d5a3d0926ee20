"""Reads every source file again and compares it with the index, trusting neither times nor sizes."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CorpusError
from corpus.read import decode, read_bytes
from index.search import Index


@dataclass(frozen=True, slots=True)
class Finding:
    """An article whose file is not what was indexed: `changed`, `missing` or `unreadable`."""

    article: str
    path: str
    what: str


def verify_sources(index: Index) -> Iterator[Finding]:
    """Yield an entry for every article whose file changed, is gone, cannot be read, or holds another text."""
    for stored in index.database.articles():
        article = stored.article
        path = Path(article.path)
        if not path.exists():
            yield Finding(article.id, article.path, "missing")
            continue
        try:
            data = read_bytes(path)
            same = hashlib.sha256(data).hexdigest() == article.sha256 and decode(data, path) == article.text
        except CorpusError:
            yield Finding(article.id, article.path, "unreadable")
            continue
        if not same:
            yield Finding(article.id, article.path, "changed")
