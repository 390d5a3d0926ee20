"""What `qa index` did, for the screen and as JSON; files that could not be read are named on stderr."""

import sys
from pathlib import Path

from index.collect import Report
from qa.show.forms import Format
from qa.show.json import to_json
from qa.show.messages import language, notice, say


def show_report(report: Report, directory: Path, seconds: float, output: Format) -> None:
    """Print what was read, embedded and left out; `seconds` is what the whole took."""
    articles = report.added + report.changed + report.unchanged
    counts = {
        "articles": articles, "passages": report.passages, "added": report.added, "changed": report.changed,
        "unchanged": report.unchanged, "removed": report.removed, "embedded": report.embedded,
    }  # fmt: skip
    if report.problems:
        notice(say("problems", n=len(report.problems)))
        for problem in report.problems:
            notice(f"  - {problem.in_language(language.get())}")
    for a, b in report.same_text:
        notice(say("same_text", a=a, b=b))
    if output in (Format.JSON, Format.JSONL):
        problems = [problem.in_language(language.get()) for problem in report.problems]
        told = to_json({**counts, "index": str(directory), "problems": problems, "seconds": round(seconds, 3)})
    else:
        told = say("indexed", directory=directory, seconds=seconds, **counts)
    sys.stdout.write(told + "\n")
