"""Results as text for a terminal, Markdown and JSON. Text from articles is shown, never obeyed."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from corpus.dates import PartialDate
from qa.markdown import code_span, escape, strong
from qa.messages import encoded, say, visible
from qa.result import Answer, Basis, Result, Status

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from index.search import Hit, Index
    from qa.citation import Citation

MAX_WIDTH = 100
NO_WRAP = 100_000
SNIPPET = 240


def to_json(value: object, *, indent: int | None = None) -> str:
    """Serialise for stdout: UTF-8 text, every character that is not seen escaped, so that the value stays exact."""
    return encoded(json.dumps(value, ensure_ascii=False, indent=indent), _json_code, keep="\n")


def _json_code(character: str) -> str:
    return json.dumps(character)[1:-1]


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
    out.print(_styled(_refusal(result), "bold"))
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


def _refusal(result: Result) -> str:
    """Say why there is no answer; one that was found but no longer stands in its file is no "not stated"."""
    is_stale = result.status is Status.NOT_STATED and result.unverified
    return say("answer_unverified") if is_stale else say(str(result.status))


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


def marked_sentence(citation: "Citation") -> "Text":
    """Return the sentence with the quote between « » and, on a terminal, bold."""
    from rich.text import Text

    start = citation.start - citation.sentence_start
    end = start + len(citation.quote)
    sentence = citation.sentence
    text = Text(visible(" ".join(sentence[:start].split()) + (" " if sentence[:start][-1:].isspace() else "")))
    text.append(f"«{visible(' '.join(citation.quote.split()))}»", style="bold underline")
    text.append(visible((" " if sentence[end:][:1].isspace() else "") + " ".join(sentence[end:].split())))
    return text


def byline(citation: "Citation") -> str:
    """Return `title · source · date`, saying so where the date was inferred."""
    return _byline(citation.title, citation.source, citation.date, inferred=citation.date_inferred)


def _byline(title: str, source: str | None, date: str | None, *, inferred: bool) -> str:
    when = _vietnamese_date(date) + (f" ({say('inferred')})" if inferred else "")
    return visible(" · ".join(part for part in (title, source, when) if part), inline=True)


def _vietnamese_date(date: str | None) -> str:
    if not date:
        return say("undated")
    when = PartialDate.parse(date)
    return "/".join(str(part) for part in (when.day, when.month, when.year) if part)


def _styled(text: str, style: str) -> "Text":
    from rich.text import Text

    return Text(text, style=style)


def _indented(text: "Text") -> Any:  # noqa: ANN401 - rich has no common base for renderables
    from rich.padding import Padding

    return Padding(text, (0, 0, 0, 2), expand=False)


def snippet(hit: "Hit") -> str:
    """Return the beginning of a passage on one line."""
    text = visible(" ".join(hit.passage.text.split()))
    return text if len(text) <= SNIPPET else text[:SNIPPET].rsplit(" ", 1)[0] + " …"


def result_to_markdown(result: Result) -> str:
    """Return an answer as Markdown: quotation, source, citation id."""
    lines = [strong(result.question.typed), ""]
    if result.status is not Status.ANSWERED:
        lines += [_refusal(result), ""]
    for answer in result.answers or result.evidence:
        lines += [f"### {escape(' '.join(answer.text.split()))}", ""]
        if answer.basis is Basis.BRACKETED:
            lines += [say("bracketed"), ""]
        for citation in answer.citations:
            lines += [f"> {escape(' '.join(citation.sentence.split()))}", ""]
            lines += [f"— {escape(byline(citation))} {code_span(citation.id)}", ""]
    return "\n".join(lines).rstrip() + "\n"


def hits_to_json(index: "Index", hits: "Sequence[Hit]") -> list[dict[str, Any]]:
    """Return passages found, with their article's title, source and date."""
    return [_hit_to_json(index, hit, rank) for rank, hit in enumerate(hits, start=1)]


def _hit_to_json(index: "Index", hit: "Hit", rank: int) -> dict[str, Any]:
    stored = index.database.article(hit.passage.article)
    article = stored.article if stored else None
    return {
        "rank": rank,
        "article": hit.passage.article,
        "path": article.path if article else "",
        "title": (article.title if article else "") or hit.passage.article,
        "source": article.source if article else None,
        "date": str(article.date) if article and article.date else None,
        "date_inferred": bool(article and article.date_inferred),
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
        "score": round(hit.score, 6),
        "cosine": None if hit.cosine is None else round(hit.cosine, 4),
        "bm25": None if hit.bm25 is None else round(hit.bm25, 3),
    }


def show_hits(rows: Sequence[dict[str, Any]]) -> None:
    """Print passages found, best first."""
    out = console()
    if not rows:
        out.print(_styled(say("no_hits"), "bold"))
    for row in rows:
        told = _byline("", row["source"], row["date"], inferred=row["date_inferred"])
        out.print(_styled(f"{row['rank']}. {visible(row['title'], inline=True)}", "bold"))
        out.print(_indented(_styled(visible(" ".join(row["text"].split())), "")))
        out.print(_indented(_styled(told, "dim")))
        out.print(_indented(_styled(visible(_place(row), inline=True), "cyan")))
        out.print()


def _place(row: dict[str, Any]) -> str:
    return f"{row['article']}#{row['start']}-{row['end']}"


def hits_to_markdown(rows: Sequence[dict[str, Any]]) -> str:
    """Return passages found as a Markdown list."""
    return (
        "".join(
            f"{row['rank']}. {strong(row['title'])} {code_span(_place(row))}\n\n"
            f"   > {escape(' '.join(row['text'].split()))}\n\n"
            for row in rows
        )
        or say("no_hits") + "\n"
    )


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


def rows_to_markdown(rows: Iterable[tuple[str, str]]) -> str:
    """Return labelled values as a Markdown table."""
    return "| | |\n|---|---|\n" + "".join(f"| {escape(label)} | {escape(value)} |\n" for label, value in rows)
