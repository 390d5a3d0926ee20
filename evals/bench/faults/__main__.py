"""Whether anything is lost when writing fails: `python -m evals.bench.faults [--most N]`, some minutes.

Counts by fault and by writer; exit code 1 if anything is lost, wrong, or a traceback, each with how to repeat it.
"""

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from evals.bench.faults.trials import Case, Outcome, Trial
from evals.bench.faults.writers import WRITERS

COLUMNS = ("injected", "told", "said done", "stopped", "old stands", "new stands", "lost", "wrong", "traceback")
SHOWN = 20
EVERY = 500

Run = tuple[Case, Callable[[], Outcome]]


def main(
    most: Annotated[int | None, typer.Option(help="At most so many cases, by chance.")] = None,
    seed: Annotated[int, typer.Option(help="Which, if not all.")] = 0,
    only: Annotated[str | None, typer.Option(help="One case by its name, or all that begin so.")] = None,
) -> None:
    """Break every writer at every step; print what stood then."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        trials = [Trial(writer, Path(folder) / str(number)) for number, writer in enumerate(WRITERS)]
        runs = [run for trial in trials for run in trial.cases() if only is None or str(run[0]).startswith(only)]
        if most is not None and most < len(runs):
            runs = random.Random(seed).sample(runs, most)
        outcomes = list(_told(runs))
    show(outcomes)
    print(f"{len(outcomes)} kills and faults, {time.perf_counter() - began:.0f} s")
    bad = [outcome for outcome in outcomes if not outcome.is_good]
    for outcome in bad[:SHOWN]:
        print(f"\n{outcome.ended}, {outcome.stands}: python -m evals.bench.faults --only '{outcome.case}'")
        print("\n".join(f"  {what}" for what in (*outcome.lost, *outcome.wrong, *outcome.traceback)))
    raise typer.Exit(bool(bad))


def _told(runs: list[Run]) -> Iterator[Outcome]:
    for number, (_, run) in enumerate(runs, start=1):
        yield run()
        if not number % EVERY:
            print(f"{number} of {len(runs)}", file=sys.stderr)


def count(outcomes: list[Outcome]) -> Counter[str]:
    """Return how many outcomes go into each column."""
    counts = Counter({"injected": len(outcomes)})
    for outcome in outcomes:
        counts.update([outcome.ended, f"{outcome.stands} stands"])
        counts.update(what for what in ("lost", "wrong", "traceback") if getattr(outcome, what))
    return counts


def show(outcomes: list[Outcome]) -> None:
    """Print the counts by fault and by writer."""
    for what, name in (("fault", lambda o: o.case.fault), ("writer", lambda o: o.case.writer)):
        rows = {name(outcome): [] for outcome in outcomes}
        for outcome in outcomes:
            rows[name(outcome)].append(outcome)
        print(f"| {what} | " + " | ".join(COLUMNS) + " |\n" + "| --- " * (len(COLUMNS) + 1) + "|")
        for row, among in (*rows.items(), ("all", outcomes)):
            counts = count(among)
            print(f"| {row} | " + " | ".join(str(counts[column]) for column in COLUMNS) + " |")
        print()


if __name__ == "__main__":
    typer.run(main)
