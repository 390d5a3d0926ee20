"""Citation lookup: an id shown in its article, or a quote found; with line numbers, and with what differs."""

from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from corpus.article import Article
from corpus.errors import InputError
from corpus.text import nfc
from corpus.visible import visible
from index.search import Index
from qa.citing.citation import Citation, CitationId, cite, parse_citation_id

if TYPE_CHECKING:
    from index.database import StoredArticle


QUOTATION_MARKS = "“”\"'"


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of a quote as they were given, and what stands in the article instead; either may be empty."""

    given: str
    stands: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """A citation in its place: the line it begins on (from 1), the paragraph around it, how it was found.

    `is_other_version`: the id names another state of the file than the indexed one.
    """

    citation: Citation
    article: Article
    match: str
    similarity: float
    differences: tuple[Difference, ...] = ()
    is_other_version: bool = False

    @property
    def line(self) -> int:
        """The line of the article that the quote begins on, from 1."""
        return self.article.text.count("\n", 0, self.citation.start) + 1

    @property
    def paragraph(self) -> str:
        """The whole lines that the quote stands in."""
        low, high = self.lines
        return self.article.text[low:high]

    @property
    def lines(self) -> tuple[int, int]:
        """The span of those lines in the article's text."""
        text = self.article.text
        high = text.find("\n", self.citation.end)
        return text.rfind("\n", 0, self.citation.start) + 1, high if high >= 0 else len(text)

    def to_json(self) -> dict[str, Any]:
        """Return the citation's fields and where it stands."""
        return {
            **self.citation.to_json(), "line": self.line, "passage": self.paragraph, "match": self.match,
            "similarity": self.similarity,
            "differences": [{"given": d.given, "stands": d.stands} for d in self.differences],
        }  # fmt: skip


def look_up(index: Index, *, citation: str | None, quote: str | None) -> list[Lookup]:
    """Return the places of a citation id or of a quote, best first; `InputError` if the index has no such article."""
    if quote is not None:
        from qa.citing.quotes import find_quote

        return [
            Lookup(p.citation, p.article, p.match, p.similarity, differences(nfc(quote), p.citation.quote))
            for p in find_quote(index, quote)
        ]
    wanted = parse_citation_id(citation or "")
    stored = _stored(index, wanted)
    if stored is None:
        raise InputError(
            f"{wanted.article}: trong chỉ mục không có bài này. Kiểm tra tên bài, hoặc tìm bằng `qa cite --quote`.",
            f"{wanted.article}: the index has no such article. Check its name, or look with `qa cite --quote`.",
        )
    length = len(stored.article.text)
    if wanted.end > length:
        raise InputError(
            f"{wanted.article}: bài chỉ có {length} ký tự, không có vị trí {wanted.start}-{wanted.end}. Kiểm tra mã "
            "trích dẫn, hoặc tìm bằng `qa cite --quote`.",
            f"{wanted.article}: the article has {length} characters, so no place {wanted.start}-{wanted.end}. Check "
            "the citation, or look with `qa cite --quote`.",
        )
    found = cite(stored.article, wanted.start, wanted.end)
    is_other_version = not stored.article.sha256.startswith(wanted.digest)
    found = replace(found, verified=found.verified and not is_other_version)
    return [Lookup(found, stored.article, "exact", 100.0, is_other_version=is_other_version)]


def _stored(index: Index, wanted: CitationId) -> "StoredArticle | None":
    """Return the article named, or the one of that digest whose name is shown like that: an id is often a copy."""
    name = wanted.article.encode(errors="backslashreplace").decode()  # what was typed need not be UTF-8
    named = index.database.article(name)
    if named and named.article.sha256.startswith(wanted.digest):
        return named
    shown = visible(name, inline=True)
    alike = (
        stored
        for stored in index.database.articles()
        if stored.article.sha256.startswith(wanted.digest) and visible(stored.article.id, inline=True) == shown
    )
    return next(alike, named)


def differences(given: str, stands: str) -> tuple[Difference, ...]:
    """Compare a quote with what stands in the article, word by word, left to right; the marks around it don't count."""
    a, b = given.strip().strip(QUOTATION_MARKS).split(), stands.strip().strip(QUOTATION_MARKS).split()
    changes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return tuple(Difference(" ".join(a[i:j]), " ".join(b[k:m])) for how, i, j, k, m in changes if how != "equal")
