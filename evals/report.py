"""A run and its comparison as terminal tables, Markdown, JSON and JUnit XML."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from corpus.visible import visible
from evals.compare import Change, Comparison
from evals.outcome import Miss, Record
from evals.run import Run
from evals.score import latency
from qa.show.json import to_json as dump
from qa.show.markdown import escape, strong
from qa.show.messages import say
from qa.show.terminal import console

if TYPE_CHECKING:
    from rich.table import Table

KINDS_SHOWN = ("recall@5", "mrr@10", "em", "f1", "right@1", "right@3", "citation_precision", "refusal_recall")
TABLE_WIDTH = 100  # columns, in a pipe too: longer cells go over several lines
Row = list[str]


def show(run: Run, comparison: Comparison | None) -> None:
    """Print tables to the terminal."""
    out = console()
    out.width = min(out.width, TABLE_WIDTH)
    for title, head, rows in tables(run, comparison):
        out.print()
        out.print(visible(title, inline=True), style="bold")
        if rows:
            out.print(_table(head, rows))
    if comparison:
        out.print()
        out.print(verdict(comparison), style="bold red" if comparison.regressions else "bold green")


def to_markdown(run: Run, comparison: Comparison | None) -> str:
    """Return the tables as Markdown."""
    parts = []
    for title, head, rows in tables(run, comparison):
        parts.append(f"## {escape(title)}\n")
        if rows:
            parts.append("\n".join([_line(head), "|" + "---|" * len(head), *map(_line, rows)]) + "\n")
    if comparison:
        parts.append(strong(verdict(comparison)) + "\n")
    return "\n".join(parts)


def tables(run: Run, comparison: Comparison | None) -> list[tuple[str, Row, list[Row]]]:
    """Return `(title, head, rows)` of every table."""
    found = [_scores(run), _misses(run)]
    if times := latency(run.milliseconds):
        cold = [[say("cold_start"), f"{run.cold_start:.2f} s"]] if run.cold_start is not None else []
        rows = [[name.removesuffix("_ms"), f"{value:.0f} ms"] for name, value in times.items()]
        found.append((say("latency"), ["", ""], [*rows, *cold]))
    if comparison:
        found += [_checks(comparison), _pairs(comparison), _changes(comparison)]
    return [(title, head, rows) for title, head, rows in found if rows]


def verdict(comparison: Comparison) -> str:
    """Return whether anything is worse, in a sentence."""
    worse = ", ".join(check.metric for check in comparison.regressions)
    return say("regressions", names=worse) if worse else say("no_regression")


def to_json(run: Run, comparison: Comparison | None, *, indent: int | None = 2) -> str:
    """Return scores and comparison as JSON; on one line if `indent` is None."""
    row: dict[str, Any] = {
        "run": asdict(run.header),
        "scores": asdict(run.scores),
        "latency": {**latency(run.milliseconds), "cold_start_s": run.cold_start},
    }
    if comparison:
        row["comparison"] = {
            "before": asdict(comparison.before),
            "regressions": [check.metric for check in comparison.regressions],
            "checks": [asdict(check) for check in comparison.checks],
            "paired": [asdict(pair) for pair in comparison.pairs],
            "changes": [asdict(change) for change in comparison.changes],
        }
    return dump(row, indent=indent)


def to_junit(run: Run, comparison: Comparison | None) -> str:
    """Return JUnit XML: a test a metric that was held against its tolerance, and a test a question.

    Held against something earlier, a question fails that was right and is wrong; alone, one whose answer is wrong.
    """
    suites = ElementTree.Element("testsuites", name="qa eval")
    if comparison:
        failures = {
            check.metric: f"{check.before:.4f} -> {check.after:.4f}, tolerance {check.tolerance}"
            for check in comparison.regressions
        }
        _suite(suites, f"{run.header.set}.gate", [check.metric for check in comparison.checks], failures)
        lost = {change.id: _told(change) for change in comparison.changes if change.is_loss}
    else:
        lost = {record.id: f"{record.miss.value}: {record.top}" for record in run.records if not record.is_right}
    _suite(suites, f"{run.header.set}.questions", [record.id for record in run.records], lost)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _suite(parent: ElementTree.Element, name: str, cases: Sequence[str], failures: dict[str, str]) -> None:
    """Add a suite; XML can't hold what `visible` doesn't leave as it is."""
    name = visible(name, inline=True)
    suite = ElementTree.SubElement(parent, "testsuite", name=name, tests=str(len(cases)), failures=str(len(failures)))
    for case in cases:
        element = ElementTree.SubElement(suite, "testcase", classname=name, name=visible(case, inline=True))
        if case in failures:
            ElementTree.SubElement(element, "failure", message=visible(failures[case], inline=True))


def _told(change: Change) -> str:
    return f"{change.question} | {change.before} -> {change.after} | gold: {'; '.join(change.golds)}"


def _scores(run: Run) -> tuple[str, Row, list[Row]]:
    kinds = list(run.scores.by_kind)
    rows = [
        [metric, _share(value), *(_share(run.scores.by_kind[kind].get(metric)) for kind in kinds)]
        if metric in KINDS_SHOWN
        else [metric, _share(value), *("" for _ in kinds)]
        for metric, value in run.scores.all.items()
    ]
    title = say("eval_run", set=run.header.set, questions=run.header.questions, model=run.header.model)
    return title, [say("metric"), say("all"), *kinds], rows


def _misses(run: Run) -> tuple[str, Row, list[Row]]:
    rows = [
        [record.id, say(f"miss_{record.miss}"), record.question, record.top or "–", "; ".join(record.golds[:1]) or "–"]
        for record in sorted(run.records, key=_by_miss)
        if record.miss is not Miss.NONE
    ]
    counts = " · ".join(f"{say(f'miss_{miss}')} {count}" for miss, count in run.scores.misses.items())
    return f"{say('misses')}: {counts}", ["id", say("why"), say("page_question"), say("page_answer"), "gold"], rows


def _by_miss(record: Record) -> tuple[int, str]:
    return list(Miss).index(record.miss), record.id


def _checks(comparison: Comparison) -> tuple[str, Row, list[Row]]:
    rows = [
        [("✗ " if c.is_regression else "✓ ") + c.metric, _share(c.before), _share(c.after),
         f"{c.after - c.before:+.3f}", _share(c.tolerance)]
        for c in comparison.checks
    ]  # fmt: skip
    return say("tolerance"), [say("metric"), say("before"), say("after"), say("change"), say("tolerance")], rows


def _pairs(comparison: Comparison) -> tuple[str, Row, list[Row]]:
    rows = [
        [p.metric, _share(p.before), _share(p.after), f"{p.after - p.before:+.3f}", f"[{p.low:+.3f}, {p.high:+.3f}]",
         f"{p.p:.3f}", f"{p.wins}/{p.ties}/{p.losses}"]
        for p in comparison.pairs
    ]  # fmt: skip
    head = [say("metric"), say("before"), say("after"), say("change"), "95 %", "p", "win/tie/loss"]
    return say("change"), head, rows


def _changes(comparison: Comparison) -> tuple[str, Row, list[Row]]:
    rows = [
        [change.id, change.question, f"{change.before or '–'} [{_outcome(change.miss_before)}]",
         f"{change.after or '–'} [{_outcome(change.miss_after)}]", "; ".join(change.golds[:1]) or "–", change.passage]
        for change in comparison.changes
    ]  # fmt: skip
    head = ["id", say("page_question"), say("before"), say("after"), "gold", say("page_passage")]
    return say("changed_answers"), head, rows


def _outcome(miss: str) -> str:
    return miss or "✓"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _line(cells: Row) -> str:
    return f"| {' | '.join(escape(' '.join(cell.split())) for cell in cells)} |"


def _table(head: Row, rows: list[Row]) -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(*(visible(name, inline=True) for name in head), box=SIMPLE_HEAD, header_style="dim", pad_edge=False)
    for row in rows:
        table.add_row(*(Text(visible(cell, inline=True)) for cell in row))
    return table
