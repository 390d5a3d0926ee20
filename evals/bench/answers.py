"""How good the answers are: `python -m evals.bench.answers real --corpus ../shared/corpus`.

right: the top answer has F1 ≥ 0.6 with a gold answer and a citation to a gold article; refused: an unanswerable
question got no answer; verbatim: every quote stands at its offsets in the source file.
"""

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from math import nan
from pathlib import Path
from statistics import mean
from typing import Annotated

import typer

from corpus.read import decode, read_bytes
from evals.metrics import exact_match, f1
from evals.questions import FOLDER, EvalQuestion, read_questions
from index.build import build_index
from index.encoder import load_encoder
from index.search import Index
from qa.answer import PASSAGES_READ, Answerer, Result
from qa.reader import Reader
from qa.select import Calibration, shipped_calibration

RIGHT_F1 = 0.6


@dataclass(frozen=True, slots=True)
class Record:
    """One question's outcome."""

    id: str
    kind: str
    answerable: bool
    status: str
    answer: str
    confidence: float
    right: bool
    exact: float
    f1: float
    right_at_3: bool
    verbatim: bool
    milliseconds: float


def open_corpus(corpus: Path, folder: Path) -> Index:
    """Index a corpus in a folder of its own."""
    build_index([corpus], folder, load_encoder())
    return Index.open(folder)


def run(answerer: Answerer, questions: Sequence[EvalQuestion]) -> list[Record]:
    """Ask every question and score its answer."""
    return [score(question, answerer.ask(question.question, as_of=question.as_of)) for question in questions]


def score(question: EvalQuestion, result: Result) -> Record:
    """Compare a result with the gold."""
    goods = [
        f1(answer.text, question.answers) >= RIGHT_F1
        and any(citation.article in question.articles for citation in answer.citations)
        for answer in result.answers
    ]
    top = result.answers[0] if result.answers else None
    citations = [citation for answer in (*result.answers, *result.evidence) for citation in answer.citations]
    return Record(
        id=question.id,
        kind=question.kind,
        answerable=question.answerable,
        status=str(result.status),
        answer=top.text if top else "",
        confidence=top.confidence if top else 0.0,
        right=goods[0] if goods and question.answerable else not question.answerable and not result.answers,
        exact=exact_match(top.text, question.answers) if top else 0.0,
        f1=f1(top.text, question.answers) if top else 0.0,
        right_at_3=any(goods[:3]),
        verbatim=all(_stands(c.path, c.start, c.end, c.quote) for c in citations),
        milliseconds=result.timings_ms["total"],
    )


def _stands(path: str, start: int, end: int, quote: str) -> bool:
    return decode(read_bytes(Path(path)), Path(path))[start:end] == quote


def summary(records: Sequence[Record]) -> dict[str, float]:
    """Return the figures of a run; shares are of 1, and `nan` where no question is of the sort they are about."""
    asked = [r for r in records if r.answerable]
    refusable = [r for r in records if not r.answerable]
    times = sorted(r.milliseconds for r in records)
    return {
        "answerable": len(asked),
        "unanswerable": len(refusable),
        "right": _share(r.right for r in asked),
        "right_at_3": _share(r.right_at_3 for r in asked),
        "exact": _share(r.exact for r in asked),
        "f1": _share(r.f1 for r in asked),
        "refused": _share(r.right for r in refusable),
        "verbatim": _share(r.verbatim for r in records),
        "ms_p50": times[len(times) // 2] if times else nan,
        "ms_p95": times[int(len(times) * 0.95)] if times else nan,
    }


def _share(values: Iterable[float]) -> float:
    found = list(values)
    return mean(found) if found else nan


def main(
    name: Annotated[str, typer.Argument(help="Question set: real or sample.")],
    corpus: Annotated[Path, typer.Option(help="The articles that the questions are about.")],
    reader: Annotated[Path | None, typer.Option(help="Another reader directory.")] = None,
    threshold: Annotated[float | None, typer.Option(help="Another confidence threshold.")] = None,
    passages: Annotated[int, typer.Option(help="Passages read.")] = PASSAGES_READ,
    out: Annotated[Path | None, typer.Option(help="Write one record a line.")] = None,
    wrong: Annotated[bool, typer.Option("--wrong", help="List what went wrong.")] = False,
) -> None:
    """Score a question set end to end."""
    questions = read_questions(FOLDER / f"{name}.jsonl")
    shipped = shipped_calibration()
    calibration = Calibration(shipped.slope, shipped.intercept, shipped.threshold if threshold is None else threshold)
    with tempfile.TemporaryDirectory() as folder:
        index = open_corpus(corpus, Path(folder))
        answerer = Answerer(
            index,
            load_encoder(),
            Reader(reader) if reader else Reader(),
            calibration=calibration,
            passages_read=passages,
        )
        records = run(answerer, questions)
    for key, value in summary(records).items():
        print(f"{key:14} {value:.3f}" if isinstance(value, float) else f"{key:14} {value}")
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for record in records:
        by_kind[record.kind if record.answerable else "unanswerable"].append(record.right)
    print(" · ".join(f"{kind} {mean(rights):.2f} ({len(rights)})" for kind, rights in sorted(by_kind.items())))
    if wrong:
        for question, record in zip(questions, records, strict=True):
            if not record.right:
                gold = question.answers[0] if question.answers else "-"
                outcome = f"[{record.status} {record.confidence:.2f}]"
                print(f"{record.id} {outcome} {question.question} | {record.answer} | {gold}")
    if out:
        out.write_text("".join(json.dumps(asdict(r), ensure_ascii=False) + "\n" for r in records), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
