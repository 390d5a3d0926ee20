"""Results on a terminal. Text from articles is shown, never obeyed."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from corpus.visible import visible
from qa.result import Answer, Basis, Result, Status
from qa.show.messages import say

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from qa.citing.citation import Citation
from qa.show.words import byline, marked_sentence, place_of, refusal, snippet, source_line

MAX_WIDTH = 100
NO_WRAP = 100_000


def console() -> "Console":
    """A console on stdout: no colour unless it is a terminal that wants it; lines wrap on a terminal only."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    wanted = Console(file=sys.stdout, force_terminal=terminal, highlight=False, markup=False, emoji=False)
    wanted.width = min(wanted.width, MAX_WIDTH) if terminal else NO_WRAP
    return wanted


def show_result(result: Result) -> None:
    """Print an answer: the answer, its sentence with the span marked, where it stands; other sources below."""
    out = console()
    if result.status is Status.ANSWERED:
        for number, answer in enumerate(result.answers):
            if number == 1:
                out.print(_styled(say("answers_more"), "dim"))
                out.print()
            _show_answer(out, answer)
        return
    out.print(_styled(refusal(result), "bold"))
    out.print()
    if result.status is Status.OTHER_TIME:
        for answer in result.evidence:
            _show_answer(out, answer)
    elif result.status is Status.NOT_STATED and result.passages:
        out.print(_styled(say("read_instead"), "dim"))
        for hit in result.passages:
            out.print(_indented(_styled(snippet(hit), "")))
            out.print(_indented(_styled(visible(hit.passage.article, inline=True), "dim cyan")))
            out.print()


def _show_answer(out: "Console", answer: Answer) -> None:
    from rich.text import Text

    head = Text(visible(" ".join(answer.text.split())), style="bold green")
    head.append(f"   {say('confidence')} {answer.confidence:.0%}", style="not bold dim")
    out.print(head)
    if answer.basis is Basis.BRACKETED:
        out.print(_styled(say("bracketed"), "yellow"))
    out.print()
    first, *others = answer.citations
    _show_citation(out, first)
    if others:
        out.print(_indented(_styled(say("also"), "dim")))
        for citation in others:
            _show_citation(out, citation)


def _show_citation(out: "Console", citation: "Citation") -> None:
    out.print(_indented(marked_sentence(citation)))
    out.print(_indented(_styled(byline(citation), "dim")))
    out.print(_indented(_styled(visible(citation.id, inline=True), "cyan")))
    out.print()


def _styled(text: str, style: str) -> "Text":
    from rich.text import Text

    return Text(text, style=style)


def _indented(text: "Text") -> Any:  # noqa: ANN401 - rich has no common base for renderables
    from rich.padding import Padding

    return Padding(text, (0, 0, 0, 2), expand=False)


def show_hits(rows: Sequence[dict[str, Any]]) -> None:
    """Print passages found, best first."""
    out = console()
    if not rows:
        out.print(_styled(say("no_hits"), "bold"))
    for row in rows:
        told = source_line("", row["source"], row["date"], inferred=row["date_inferred"])
        out.print(_styled(f"{row['rank']}. {visible(row['title'], inline=True)}", "bold"))
        out.print(_indented(_styled(visible(" ".join(row["text"].split())), "")))
        out.print(_indented(_styled(told, "dim")))
        out.print(_indented(_styled(visible(place_of(row), inline=True), "cyan")))
        out.print()


def table(rows: Iterable[tuple[str, str]], *, style: str = "dim") -> None:
    """Print labelled values, no line ending in the spaces that rich fills a column with."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    for label, value in rows:
        grid.add_row(_styled(label, style), _styled(visible(value, inline=True), ""))
    out = console()
    with out.capture() as captured:
        out.print(grid)
    sys.stdout.write("".join(line.rstrip() + "\n" for line in captured.get().removesuffix("\n").split("\n")))
