"""The two values that flow from here on: an article, and a passage of it."""

from dataclasses import dataclass

from corpus.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Dropped:
    """A stretch of the source that is page furniture, and the name of the rule that says so."""

    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Article:
    r"""A source file as text.

    `text` is the whole file in NFC with `\n` line ends, front matter and furniture included: an offset into it is an
    offset into what anyone sees who opens the file. `blocks` are the spans of its paragraphs that are the article.
    """

    id: str
    path: str
    sha256: str
    text: str
    blocks: tuple[tuple[int, int], ...]
    dropped: tuple[Dropped, ...] = ()
    title: str = ""
    date: PartialDate | None = None
    date_inferred: bool = False
    source: str | None = None
    url: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences: `article.text[start:end] == text`; `context` is read in front of it, never quoted."""

    article: str
    start: int
    end: int
    text: str
    context: str

    @property
    def contextual_text(self) -> str:
        """What is encoded and read: the context line, then the passage."""
        return self.context + self.text


MAX_TITLE = 200


def context_line(title: str, source: str | None, date: PartialDate | None) -> str:
    """Return the line put in front of a passage: `Title – Source, ngày 12/8/2018. `; empty if nothing is known."""
    tail = ", ".join(part for part in (source, date.in_vietnamese() if date else None) if part)
    line = " – ".join(part for part in (title[:MAX_TITLE].rstrip(" ."), tail) if part)
    return f"{line}. " if line else ""
