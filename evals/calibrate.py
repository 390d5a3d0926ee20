"""Fits confidence: `python -m evals.calibrate --real ../shared/corpus` writes `qa/ranking/calibration.json`.

The dev questions over the sample corpus and, where they are, the five real articles are asked with nothing refused. A
logistic regression from the best answer's score to "it was right" (an unanswerable question's never is) is the
confidence. The error of calibration is measured across two halves, each judged by the fit on the other, and on the
unseen questions; beside it stands what chance alone would leave of it.
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from corpus import sample_folder
from evals.metrics import calibration_error, calibration_floor
from evals.outcome import judge
from evals.questions import FOLDER, read_questions
from evals.run import write_file
from index.build import build_index
from index.encoder import load_encoder
from index.search import Index
from qa.answer import Answerer
from qa.ranking.confidence import CALIBRATION, Calibration
from qa.reading.load import load_reader
from qa.reading.onnx import SHIPPED
from qa.reading.spans import SpanReader

LOWEST = -15.0
THRESHOLD = 0.45

Row = tuple[float, bool, bool]


def score_questions(name: str, corpus: Path, reader: SpanReader) -> list[Row]:
    """Return `(score of the best answer, whether it was right, whether there is an answer)` for each question."""
    with tempfile.TemporaryDirectory() as folder:
        encoder = load_encoder()
        build_index([corpus], Path(folder), encoder)
        index = Index.open(Path(folder))
        answerer = Answerer(index, encoder, reader)
        rows = []
        for question in read_questions(FOLDER / f"{name}.jsonl"):
            result = answerer.ask(question.question, as_of=question.as_of)
            record = judge(question, result, hits=(), relevant=())
            best = max(LOWEST, result.ranked[0].best.score) if result.ranked else LOWEST
            rows.append((best, record.is_best_right, question.answerable))
        return rows


def fit(rows: Sequence[Row]) -> Calibration:
    """Fit slope and intercept by maximum likelihood."""
    from sklearn.linear_model import LogisticRegression

    scores = np.array([[best] for best, _, _ in rows])
    model = LogisticRegression(C=1e6).fit(scores, [right for _, right, _ in rows])
    return Calibration(round(float(model.coef_[0, 0]), 4), round(float(model.intercept_[0]), 4), THRESHOLD)


def main(
    real: Annotated[Path, typer.Option(help="Folder of the five real articles.")] = Path("../shared/corpus"),
    reader: Annotated[str, typer.Option(help="Another reader: folder or hub's OWNER/NAME.")] = SHIPPED,
    out: Annotated[Path, typer.Option(help="Where the calibration goes.")] = CALIBRATION,
) -> None:
    """Fit on all dev questions, report the error across halves and what each threshold gives, write the fit."""
    read_by = load_reader(reader, hub=True)
    rows = score_questions("sample", sample_folder(), read_by)
    if real.is_dir():
        rows += [row for name in ("real", "real_more", "english") for row in score_questions(name, real, read_by)]
    fitted = fit(rows)
    for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
        given = [(right, there) for best, right, there in rows if fitted.confidence(best) >= threshold]
        right = sum(r for r, _ in given) / sum(there for _, _, there in rows)
        refused = 1 - sum(not there for _, there in given) / sum(not there for _, _, there in rows)
        typer.echo(f"threshold {threshold}: right {right:.3f} of the answerable, refused {refused:.3f} of the others")
    halves = rows[::2], rows[1::2]
    pairs = [(fit(one).confidence(best), right) for one, other in (halves, halves[::-1]) for best, right, _ in other]
    typer.echo(_error_line("across halves", pairs))
    if real.is_dir():
        unseen = score_questions("unseen", real, read_by) + score_questions("unseen_more", real, read_by)
        typer.echo(_error_line("unseen", [(fitted.confidence(best), right) for best, right, _ in unseen]))
    write_file(
        out, json.dumps({"slope": fitted.slope, "intercept": fitted.intercept, "threshold": fitted.threshold}) + "\n"
    )
    typer.echo(f"{out}: {fitted}")


def _error_line(what: str, pairs: Sequence[tuple[float, bool]]) -> str:
    floor = calibration_floor([confidence for confidence, _ in pairs])
    return (
        f"calibration error {what} {calibration_error(pairs):.3f} on {len(pairs)} questions (chance alone: {floor:.3f})"
    )


if __name__ == "__main__":
    typer.run(main)
