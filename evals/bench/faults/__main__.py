"""Whether anything is lost when writing fails: `python -m evals.bench.faults [--most N]`, some minutes.

Counts by fault and by writer; exit code 1 if anything is lost, wrong, or a traceback, each with how to repeat it. It
kills by `fork` and limits file sizes where the system can (not on Windows), and fills a file system where it may mount
one (root on Linux).
"""

import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from evals.bench.faults.program import kills, program, small_disk
from evals.bench.faults.trials import Case, Outcome, Trial, quick_folder
from evals.bench.faults.writers import WRITERS

COLUMNS = ("injected", "told", "said done", "stopped", "old stands", "new stands", "lost", "wrong", "traceback")
SHOWN = 20
PROGRAM = len(WRITERS)

Run = tuple[Case, Callable[[], Outcome]]


def main(
    most: Annotated[int | None, typer.Option(help="At most so many cases of each writer, by chance.")] = None,
    seed: Annotated[int, typer.Option(help="Which, if not all.")] = 0,
    only: Annotated[str, typer.Option(help="One case by its name, or all that begin so.")] = "",
    signals: Annotated[int, typer.Option(help="Times that the real program is killed.")] = 40,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = os.cpu_count() or 1,
) -> None:
    """Break every writer at every step; print what stood then."""
    began, outcomes = time.perf_counter(), []
    run = partial(run_writer, most=most, seed=seed, only=only, signals=signals)
    with ProcessPoolExecutor(jobs) as pool:
        for done in pool.map(run, [PROGRAM, *range(len(WRITERS))]):
            outcomes += done
            print(f"{len(outcomes)} …", file=sys.stderr)
    show(outcomes)
    print(f"{len(outcomes)} kills and faults, {time.perf_counter() - began:.0f} s")
    bad = [outcome for outcome in outcomes if not outcome.is_good]
    for outcome in bad[:SHOWN]:
        print(f"\n{outcome.ended}, {outcome.stands}: python -m evals.bench.faults --only '{outcome.case}'")
        print("\n".join(f"  {what}" for what in (*outcome.lost, *outcome.wrong, *outcome.traceback)))
    raise typer.Exit(bool(bad))


def run_writer(number: int, *, most: int | None, seed: int, only: str, signals: int) -> list[Outcome]:
    """Run the cases of one of the table's writers, or of the program."""
    writer = WRITERS[number] if number < PROGRAM else None
    if not signals and not writer:
        return []
    with tempfile.TemporaryDirectory(dir=quick_folder()) as folder:
        trial = Trial(writer or program(), Path(folder))
        chosen = [run for run in (trial.cases() if writer else kills(trial, signals)) if str(run[0]).startswith(only)]
        if most is not None and most < len(chosen):
            chosen = random.Random(seed).sample(chosen, most)
        outcomes = [run() for _, run in chosen]
        if writer:
            outcomes += _on_a_full_disk(trial, only)
    return outcomes


def _on_a_full_disk(trial: Trial, only: str) -> list[Outcome]:
    chosen = [run for case, run in trial.full_disk() if str(case).startswith(only)]
    if not chosen:
        return []
    trial.reset()
    with small_disk(trial.place) as is_there:
        return [run() for run in chosen] if is_there else []


def count(outcomes: list[Outcome]) -> Counter[str]:
    """Return how many outcomes go into each column."""
    counts = Counter({"injected": len(outcomes)})
    for outcome in outcomes:
        counts.update([outcome.ended, f"{outcome.stands} stands"])
        counts.update(what for what in ("lost", "wrong", "traceback") if getattr(outcome, what))
    return counts


def show(outcomes: list[Outcome]) -> None:
    """Print the counts by fault and by writer."""
    for what in ("fault", "writer"):
        names = list(dict.fromkeys(getattr(outcome.case, what) for outcome in outcomes))
        print("\n".join(_rows(what, names, outcomes)) + "\n")


def _rows(what: str, names: list[str], outcomes: list[Outcome]) -> Iterator[str]:
    yield f"| {what} | {' | '.join(COLUMNS)} |"
    yield "| --- " * (len(COLUMNS) + 1) + "|"
    for name in (*names, "all"):
        counts = count([outcome for outcome in outcomes if name in ("all", getattr(outcome.case, what))])
        yield f"| {name} | {' | '.join(str(counts[column]) for column in COLUMNS)} |"


if __name__ == "__main__":
    typer.run(main)
