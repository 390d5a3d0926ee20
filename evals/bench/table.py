"""The baselines' scores as a table in Markdown: `python -m evals.bench.table`; `--all` for every metric."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from evals.baseline import FOLDER, Baseline, read_baseline
from evals.score import METRICS
from evals.sets import known_sets, read_set

FIRST = ("unseen", "unseen_more", "real", "real_more", "english", "english_sample", "sample")  # the others follow
SHORT = (
    "right@1", "right@3", "f1", "refusal_recall", "refusal_precision", "citation_verbatim", "citation_precision",
    "recall@5", "ece",
)  # fmt: skip


def main(
    every: Annotated[bool, typer.Option("--all", help="Every metric, not only the README's.")] = False,
    folder: Annotated[Path, typer.Option(help="The baselines.")] = FOLDER,
) -> None:
    """Print a row a metric, a column a question set."""
    print("\n".join(table(read_all(folder), METRICS if every else SHORT)))


def read_all(folder: Path) -> list[Baseline]:
    """Read the baselines of a folder: the question sets of `FIRST` in that order, then the others by name."""
    rank = {name: number for number, name in enumerate(FIRST)}
    found = [read_baseline(path) for path in sorted(folder.glob("*.json"))]
    return sorted(found, key=lambda baseline: rank.get(baseline.header.set, len(rank)))


def table(baselines: Sequence[Baseline], metrics: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the table; a metric that no question of a set bears on has a dash there."""
    yield _line(["", *(baseline.header.set for baseline in baselines)])
    yield "|---" * (len(baselines) + 1) + "|"
    yield _line(["questions", *(_count(baseline) for baseline in baselines)])
    for metric in metrics:
        scores = [baseline.scores.get(metric) for baseline in baselines]
        yield _line([metric, *("–" if score is None else f"{score:.3f}" for score in scores)])


def _count(baseline: Baseline) -> str:
    """Return how many questions have an answer and how many have none, where the set is here; else how many."""
    if baseline.header.set not in known_sets():
        return f"{baseline.header.questions:,}"
    answerable = sum(question.answerable for question in read_set(baseline.header.set).questions)
    return f"{answerable} + {baseline.header.questions - answerable}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    typer.run(main)
