"""Places found, for a terminal, Markdown and JSON: line numbers, and what differs."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.visible import visible
from qa.show.json import to_json
from qa.show.markdown import code_span, escape
from qa.show.messages import say
from qa.show.terminal import console
from qa.show.words import byline, marked_sentence

if TYPE_CHECKING:
    from rich.text import Text

from qa.citing.lookup import Lookup


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
    if lookup.is_other_version:
        return say("other_version")
    if not lookup.citation.verified:
        return say("not_verified")
    how = say(f"match_{lookup.match}", percent=f"{lookup.similarity:.0f}")
    return f"{how}; {say('verified')}"


def _show(lookup: Lookup) -> None:
    out = console()
    citation = lookup.citation
    for line in _numbered(lookup):
        out.print(line)
    out.print(_where(lookup), style="dim")
    out.print(visible(citation.id, inline=True), style="cyan")
    out.print(_state(lookup), style="green" if citation.verified else "bold red")
    for difference in lookup.differences:
        told = say("difference", given=difference.given or "–", stands=difference.stands or "–")
        out.print(f"  {told}", style="yellow")
    out.print()


def _numbered(lookup: Lookup) -> Iterator["Text"]:
    """Yield the lines of the article that the quote stands in, each with its number, the quote marked."""
    from rich.text import Text

    low, high = lookup.lines
    start, end = lookup.citation.start - low, lookup.citation.end - low
    paragraph = lookup.article.text[low:high]
    marked = f"{paragraph[:start]}«{paragraph[start:end]}»{paragraph[end:]}"
    for number, line in enumerate(marked.split("\n"), start=lookup.line):
        yield Text.assemble((f"{number:5} │ ", "dim"), visible(line, inline=True))
