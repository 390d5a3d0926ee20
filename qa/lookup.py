"""Citation lookup: an id shown in its article, or a quote found; with line numbers."""

import sys
from dataclasses import dataclass
from typing import Any

from corpus.errors import InputError
from index.search import Index
from qa.citation import Citation, cite, parse_citation_id
from qa.messages import say, visible
from qa.render import byline, code_span, console, escape, marked_sentence, to_json


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
        sys.stdout.write(to_json([lookup.to_json() for lookup in lookups], indent=2) + "\n")
    elif output == "jsonl":
        for lookup in lookups:
            sys.stdout.write(to_json(lookup.to_json()) + "\n")
    elif not lookups:
        console().print(say("quote_nowhere"))
    elif output == "md":
        sys.stdout.write("\n".join(map(_to_markdown, lookups)))
    else:
        for lookup in lookups:
            _show(lookup)


def _to_markdown(lookup: Lookup) -> str:
    quoted = marked_sentence(lookup.citation).plain
    return f"> {escape(quoted)}\n\n— {escape(_where(lookup))} {code_span(lookup.citation.id)} ({_state(lookup)})\n"


def _where(lookup: Lookup) -> str:
    return f"{byline(lookup.citation)} · {say('line')} {lookup.line}"


def _state(lookup: Lookup) -> str:
    how = say(f"match_{lookup.match}", percent=f"{lookup.similarity:.0f}")
    return f"{how}; {say('verified' if lookup.citation.verified else 'not_verified')}"


def _show(lookup: Lookup) -> None:
    out = console()
    citation = lookup.citation
    out.print(marked_sentence(citation))
    out.print(_where(lookup), style="dim")
    out.print(visible(citation.id, inline=True), style="cyan")
    out.print(_state(lookup), style="green" if citation.verified else "bold red")
    out.print()
