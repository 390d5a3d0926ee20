"""What each signal is worth: `python -m evals.ablate [SET…]` asks every question again with each signal left out.

A question is searched and read once; it is asked again only without those signals that spoke of one of its candidates,
since leaving out another changes nothing. The table says for each set how many outcomes are won (`+`) and lost (`-`)
where a signal is missing. Exit code 4 if there is one whose absence changes no outcome on any set: it may go.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from corpus.errors import QaError
from evals.outcome import judge
from evals.questions import EvalQuestion
from evals.sets import QuestionSet, no_articles, read_set
from index.build import build_index
from index.encoder import load_encoder
from index.search import Filters, Hit, Index, Mode
from qa.answer import Answerer
from qa.question.asked import Asked
from qa.question.types import Question
from qa.ranking.candidates import Candidate
from qa.ranking.signals import SIGNALS, best_first
from qa.reading.load import load_reader
from qa.reading.onnx import SHIPPED
from qa.result import Result

IDLE = 4
OURS = ("sample", "english_sample")
OVER_THE_REAL = ("real", "real_more", "english", "unseen", "unseen_more")


@dataclass(slots=True)
class Change:
    """How many outcomes a set wins and loses where a signal is left out."""

    won: int = 0
    lost: int = 0


class Remembering(Answerer):
    """An answerer that searches and reads for a question once, then answers it anew with a signal left out."""

    def __init__(self, *arguments: Any, **rest: Any) -> None:  # noqa: ANN401 - whatever an answerer takes
        """Open it as an `Answerer`."""
        super().__init__(*arguments, **rest)
        self._left_out = ""
        self._remembered: dict[object, Any] = {}

    def ask_without(self, question: EvalQuestion) -> Iterator[tuple[str, Result]]:
        """Yield the result with every signal (named ""), then that without each one that spoke."""
        self._remembered.clear()
        whole = self._answer(question, "")
        yield "", whole
        for name in dict.fromkeys(name for c in whole.candidates for name, _ in c.because):
            yield name, self._answer(question, name)

    def _answer(self, question: EvalQuestion, left_out: str) -> Result:
        self._left_out = left_out
        return self.ask(question.question, as_of=question.as_of)

    def find(self, question: Question, mode: Mode, filters: Filters, *, limit: int | None = None) -> list[Hit]:
        """Search as an answerer does, once."""
        key = (question, mode, filters, limit)
        if key not in self._remembered:
            self._remembered[key] = super().find(question, mode, filters, limit=limit)
        return list(self._remembered[key])

    def read(self, asked: Asked, hits: Sequence[Hit]) -> list[Candidate]:
        """Read as an answerer does, once; what the signal left out has added is taken off."""
        key = tuple(hit.number for hit in hits)
        if key not in self._remembered:
            self._remembered[key] = super().read(asked, hits)
        return best_first(candidate.without(self._left_out) for candidate in self._remembered[key])


def ablate(questions: Sequence[EvalQuestion], answerer: Remembering) -> dict[str, Change]:
    """Return what leaving out each signal changes on a set; a question that cannot be asked is passed over."""
    changes: dict[str, Change] = defaultdict(Change)
    for question in questions:
        try:
            (_, whole), *others = answerer.ask_without(question)
        except QaError:
            continue
        was_right = _is_right(question, whole)
        for name, result in others:
            is_right = _is_right(question, result)
            changes[name].won += is_right and not was_right
            changes[name].lost += was_right and not is_right
    return dict(changes)


def _is_right(question: EvalQuestion, result: Result) -> bool:
    return judge(question, result, hits=(), relevant=()).is_right


@dataclass(frozen=True, slots=True)
class Table:
    """The changes by set and signal."""

    changes: dict[str, dict[str, Change]] = field(default_factory=dict)

    @property
    def idle(self) -> list[str]:
        """The signals whose absence changes nothing on any set."""
        busy = {name for by_signal in self.changes.values() for name, c in by_signal.items() if c.won or c.lost}
        return [signal.name for signal in SIGNALS if signal.name not in busy]

    def __str__(self) -> str:
        """Return a line a signal, `+won -lost` a set."""
        widths = {name: max(len(name), 8) + 2 for name in self.changes}
        first = max(len(signal.name) for signal in SIGNALS)
        lines = [" " * first + "".join(f"{name:>{width}}" for name, width in widths.items())]
        for signal in SIGNALS:
            cells = (_cell(by_signal.get(signal.name)) for by_signal in self.changes.values())
            lines.append(
                f"{signal.name:{first}}"
                + "".join(f"{cell:>{w}}" for cell, w in zip(cells, widths.values(), strict=True))
            )
        return "\n".join(lines)


def _cell(change: Change | None) -> str:
    """Return `+won -lost`; a point where the signal spoke and changed nothing, nothing where it never spoke."""
    if change is None:
        return ""
    return f"+{change.won} -{change.lost}" if change.won or change.lost else "."


def open_remembering(question_set: QuestionSet, corpus: Path, folder: Path, reader: str) -> Remembering:
    """Index the articles that a set brings, or else those of `corpus`, and open an answerer over them."""
    articles = question_set.corpus(folder / "articles") or (corpus if corpus.is_dir() else None)
    if articles is None:
        raise no_articles(question_set.name)
    encoder = load_encoder()
    build_index([articles], folder / "index", encoder)
    index = Index.open(folder / "index")
    question_set.check(index)
    return Remembering(index, encoder, load_reader(reader))


def main(
    sets: Annotated[
        list[str] | None, typer.Argument(help="Names or files; all that can be asked here if none.")
    ] = None,
    corpus: Annotated[Path, typer.Option(help="The articles of sets that bring none.")] = Path("../shared/corpus"),
    reader: Annotated[str, typer.Option(help="Another reader's folder.")] = SHIPPED,
) -> None:
    """Leave each signal out on every set and say what that wins and loses."""
    table = Table()
    for name in sets or (*OURS, *(OVER_THE_REAL if corpus.is_dir() else ())):
        question_set = read_set(name)
        with tempfile.TemporaryDirectory() as folder:
            answerer = open_remembering(question_set, corpus, Path(folder), reader)
            table.changes[question_set.name] = ablate(question_set.questions, answerer)
    typer.echo(str(table))
    if table.idle:
        typer.echo(f"idle: {', '.join(table.idle)}")
        raise typer.Exit(IDLE)


if __name__ == "__main__":
    typer.run(main)
