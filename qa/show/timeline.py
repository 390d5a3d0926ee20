"""A timeline as a table for a terminal, plain text, Markdown and JSON. Text from articles is shown, never obeyed."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.dates import PartialDate
from corpus.visible import visible
from qa.question.types import Kind
from qa.show.json import to_json
from qa.show.markdown import code_span, escape, strong
from qa.show.messages import notice, say
from qa.show.terminal import console
from qa.show.words import byline, marked_sentence

if TYPE_CHECKING:
    from rich.console import Console

    from qa.timeline.rows import Row, Source, Timeline


def show(timeline: "Timeline", output: str, *, threshold: float) -> None:
    """Write a timeline on stdout as `text`, `json`, `jsonl` (a row a line) or `md`, and notices on stderr."""
    _tell(timeline)
    if output == "json":
        sys.stdout.write(to_json(timeline.to_json(), indent=2) + "\n")
    elif output == "jsonl":
        subject = {"subject": timeline.subject}
        sys.stdout.writelines(to_json({**subject, **row.to_json()}) + "\n" for row in timeline.rows)
    elif not timeline.rows:
        sys.stdout.write(_nothing(timeline, threshold) + "\n")
    elif output == "md":
        sys.stdout.write(to_markdown(timeline))
    else:
        _show_text(timeline)


def _tell(timeline: "Timeline") -> None:
    if timeline.unverified:
        where = ", ".join(citation.id for citation in timeline.unverified)
        notice(say("unverified", n=len(timeline.unverified), where=where))
    if timeline.undated:
        notice(say("timeline_undated", n=timeline.undated))
    if timeline.left_out:
        notice(say("timeline_left_out", n=timeline.left_out))


def _nothing(timeline: "Timeline", threshold: float) -> str:
    if timeline.unverified:
        return say("answer_unverified")
    return say("timeline_empty", question=timeline.question.text, threshold=f"{threshold:.0%}")


def header(timeline: "Timeline") -> tuple[str, str, str, str]:
    """Return the heads of the table's columns: time, value, confidence, sources."""
    value = "timeline_who" if timeline.question.kind is Kind.WHO else "timeline_value"
    return say("timeline_time"), say(value), say("confidence").capitalize(), say("timeline_sources")


def cells(timeline: "Timeline") -> Iterator[tuple[str, str, str, str]]:
    """Yield the rows of the table; sources are numbers in the list below it."""
    number = 0
    for row in timeline.rows:
        marks = " ".join(f"[{n}]" for n in range(number + 1, number + len(row.sources) + 1))
        number += len(row.sources)
        yield span_of(row), visible(row.value, inline=True), f"{row.surest.confidence:.0%}", marks


def span_of(row: "Row") -> str:
    """Return a row's first and last time as they are written in Vietnamese, saying so where one is inferred."""
    return _times(row.first, row.last, inferred=row.date_inferred)


def _times(first: PartialDate, last: PartialDate, *, inferred: bool) -> str:
    both = spoken(first) if first == last else f"{spoken(first)} – {spoken(last)}"
    return both + (f" ({say('inferred')})" if inferred else "")


def spoken(when: PartialDate) -> str:
    """Return `12/8/2018`, `8/2018` or `2018`."""
    return "/".join(str(part) for part in (when.day, when.month, when.year) if part)


def _told(source: "Source") -> str:
    from qa.timeline.rows import ends

    return _times(*ends(source.when), inferred=source.date_inferred)


def _numbered(timeline: "Timeline") -> Iterator[tuple[int, "Source"]]:
    return enumerate((source for row in timeline.rows for source in row.sources), start=1)


def _show_text(timeline: "Timeline") -> None:
    from rich.padding import Padding
    from rich.text import Text

    out = console()
    _print_table(out, timeline)
    out.print()
    for number, source in _numbered(timeline):
        citation = source.citation
        out.print(Text(f"[{number}] {_told(source)}", style="bold"))
        lines: tuple[Text, ...] = (
            marked_sentence(citation),
            Text(byline(citation), style="dim"),
            Text(visible(citation.id, inline=True), style="cyan"),
        )
        for line in lines:
            out.print(Padding(line, (0, 0, 0, 2), expand=False))
        out.print()


def _print_table(out: "Console", timeline: "Timeline") -> None:
    """Print the rows: a table with a rule on a terminal, elsewhere columns only, no line ending in spaces."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD if out.is_terminal else None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in header(timeline):
        table.add_column(Text(name, style="bold"), overflow="fold")
    for when, value, confidence, sources in cells(timeline):
        table.add_row(Text(when), Text(value, style="bold green"), Text(confidence), Text(sources, style="dim"))
    with out.capture() as captured:
        out.print(table)
    lines = [line.rstrip() for line in captured.get().split("\n")]
    sys.stdout.write("\n".join(lines).strip("\n") + "\n")


def to_markdown(timeline: "Timeline") -> str:
    """Return the timeline as a Markdown table, its sources quoted below."""
    lines = [strong(timeline.subject), "", _row(header(timeline)), "|---|---|---|---|"]
    lines += [_row(row) for row in cells(timeline)]
    for number, source in _numbered(timeline):
        citation = source.citation
        lines += ["", f"\\[{number}\\] {escape(_told(source))}", ""]
        lines += [f"> {escape(' '.join(citation.sentence.split()))}", ""]
        lines += [f"— {escape(byline(citation))} {code_span(citation.id)}"]
    return "\n".join(lines) + "\n"


def _row(values: tuple[str, ...]) -> str:
    return f"| {' | '.join(map(escape, values))} |"
