"""Citations: where a quote stands, as an id that anyone can check against the file, and the checking itself."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.article import Article, Passage
from corpus.errors import CorpusError, InputError
from corpus.files import is_utf8
from corpus.read import decode, read_bytes
from corpus.split import sentence_around

DIGEST_CHARACTERS = 8
ID = re.compile(r"(?P<article>.+)#(?P<start>[0-9]{1,9})-(?P<end>[0-9]{1,9})@(?P<digest>[0-9a-f]{8,64})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote in its source: `text[start:end] == quote` in the file whose SHA-256 is `sha256`."""

    article: str
    path: str
    title: str
    source: str | None
    date: str | None
    date_inferred: bool
    start: int
    end: int
    quote: str
    sentence: str
    sentence_start: int
    sha256: str
    verified: bool

    @property
    def id(self) -> str:
        """The citation as one word: article, span, and the head of the file's SHA-256."""
        return f"{self.article}#{self.start}-{self.end}@{self.sha256[:DIGEST_CHARACTERS]}"

    def to_json(self) -> dict[str, Any]:
        """Return the fields of the JSON contract."""
        return {
            "id": self.id, "article": self.article, "path": self.path, "title": self.title, "source": self.source,
            "date": self.date, "date_inferred": self.date_inferred, "start": self.start, "end": self.end,
            "quote": self.quote, "sentence": self.sentence, "verified": self.verified, "sha256": self.sha256,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CitationId:
    """A citation id taken apart."""

    article: str
    start: int
    end: int
    digest: str


def parse_citation_id(text: str) -> CitationId:
    """Read `article#start-end@sha256`; `InputError` if it is no such thing."""
    match = ID.fullmatch(text) or ID.fullmatch(text.strip())
    if not match or int(match["start"]) >= int(match["end"]) or not is_utf8(text):
        shown = text[:80].encode(errors="backslashreplace").decode()
        raise InputError(
            f"{shown}: không phải mã trích dẫn. Mã có dạng BÀI#ĐẦU-CUỐI@BĂM, ví dụ bai.txt#120-137@1a2b3c4d.",
            f"{shown}: not a citation id. An id reads ARTICLE#START-END@HASH, such as bai.txt#120-137@1a2b3c4d.",
        )
    return CitationId(match["article"], int(match["start"]), int(match["end"]), match["digest"])


def cite(article: Article, start: int, end: int, *, within: Passage | None = None) -> Citation:
    """Cite a span of an article, with the sentence it stands in; the source file is read again and compared."""
    low, high = sentence_around(article.text, start, end, within)
    quote = article.text[start:end]
    return Citation(
        article=article.id, path=article.path, title=article.title or article.id, source=article.source,
        date=str(article.date) if article.date else None, date_inferred=article.date_inferred, start=start, end=end,
        quote=quote, sentence=article.text[low:high], sentence_start=low, sha256=article.sha256,
        # The sentence and the lines around are shown, too: all that the index has of the file must be the file's.
        verified=stands(article.path, 0, len(article.text), article.text, article.sha256),
    )  # fmt: skip


def stands(path: str, start: int, end: int, quote: str, sha256: str) -> bool:
    """Read the source again and tell whether it is the same file and the quote stands there."""
    try:
        data = read_bytes(Path(path))
        return hashlib.sha256(data).hexdigest() == sha256 and decode(data, Path(path))[start:end] == quote
    except CorpusError:
        return False
