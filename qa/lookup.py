"""Citation lookup: an id shown in its article, or a quote found; with line numbers."""

from dataclasses import dataclass
from typing import Any

from corpus.errors import InputError
from index.search import Index
from qa.citation import Citation, cite, parse_citation_id
from qa.messages import say, visible
from qa.render import byline, console, marked_sentence, to_json


@dataclass(frozen=True, slots=True)
class Lookup:
    """A citation in its place: the line it begins on (from 1), the paragraph around it, how it was found."""

    citation: Citation
    line: int
    paragraph: str
    match: str
    similarity: float

    def to_json(self) -> dict[str, Any]:
        """Return the citation's fields and where it stands."""
        return {
            **self.citation.to_json(), "line": self.line, "passage": self.paragraph, "match": self.match,
            "similarity": self.similarity,
        }  # fmt: skip


def look_up(index: Index, *, citation: str | None, quote: str | None) -> list[Lookup]:
    """Return the places of a citation id or of a quote, best first; `InputError` if the index has no such article."""
    if quote is not None:
        from qa.quotes import find_quote

        return [_placed(index, p.citation, p.match, p.similarity) for p in find_quote(index, quote)]
    wanted = parse_citation_id(citation or "")
    stored = index.database.article(wanted.article)
    if stored is None or wanted.end > len(stored.article.text):
        raise InputError(
            f"{wanted.article}: trong chỉ mục không có bài hay vị trí này. Xem `qa status`, hoặc `qa cite --quote`.",
            f"{wanted.article}: the index has no such article or place. See `qa status`, or `qa cite --quote`.",
        )
    found = cite(stored.article, wanted.start, wanted.end)
    if not stored.article.sha256.startswith(wanted.digest):
        found = _as_unverified(found)
    return [_placed(index, found, "exact", 100.0)]


def _as_unverified(citation: Citation) -> Citation:
    from dataclasses import replace

    return replace(citation, verified=False)


def _placed(index: Index, citation: Citation, match: str, similarity: float) -> Lookup:
    stored = index.database.article(citation.article)
    text = stored.article.text if stored else citation.quote
    low = text.rfind("\n", 0, citation.start) + 1
    high = text.find("\n", citation.end)
    return Lookup(
        citation, text.count("\n", 0, citation.start) + 1, text[low : high if high >= 0 else len(text)], match,
        similarity,
    )  # fmt: skip


def show_lookups(lookups: list[Lookup], output: str) -> None:
    """Print places found in one of the four formats."""
    if output == "json":
        console().out(to_json([lookup.to_json() for lookup in lookups], indent=2), highlight=False)
    elif output == "jsonl":
        for lookup in lookups:
            console().out(to_json(lookup.to_json()), highlight=False)
    elif not lookups:
        console().print(say("quote_nowhere"))
    for lookup in lookups if output in ("text", "md") else []:
        _show(lookup, is_markdown=output == "md")


def _show(lookup: Lookup, *, is_markdown: bool) -> None:
    out = console()
    citation = lookup.citation
    state = say("verified" if citation.verified else "not_verified")
    how = say(f"match_{lookup.match}", percent=f"{lookup.similarity:.0f}")
    where = f"{byline(citation)} · {say('line')} {lookup.line}"
    quoted = marked_sentence(citation)
    if is_markdown:
        out.out(f"> {quoted.plain}\n\n— {where} `{visible(citation.id)}` ({how}; {state})\n", highlight=False)
        return
    out.print(quoted)
    out.print(where, style="dim")
    out.print(visible(citation.id), style="cyan")
    out.print(f"{how}; {state}", style="green" if citation.verified else "bold red")
    out.print()
