"""Fits confidence: `python -m evals.calibrate --data ../shared/data` writes `qa/calibration.json`.

ViQuAD dev is asked end to end, over an index that lacks the contexts of half of the titles: some questions can be
answered and some cannot. A logistic regression from the best answer's score to "it was right" is the confidence;
answers begin at the threshold where answering wrongly and refusing wrongly cost the same.
"""

import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from evals.metrics import f1
from evals.viquad import read_viquad, write_contexts
from index.build import build_index
from index.encoder import load_encoder
from index.search import Index
from qa.answer import Answerer
from qa.reader import Reader
from qa.select import CALIBRATION, Calibration
from qa.training.examples import Example

RIGHT_F1 = 0.6
ASK_ALL = Calibration(slope=1.0, intercept=0.0, threshold=0.0)


def score_questions(root: Path, *, part: str, count: int, seed: int, reader: Reader) -> list[tuple[float, bool, bool]]:
    """Return `(score of the best answer, whether it was right, whether the index held the gold context)` a question."""
    examples = read_viquad(root, part)
    titles = sorted({example.title for example in examples})
    random.Random(seed).shuffle(titles)
    kept = set(titles[: len(titles) // 2])
    asked = random.Random(seed).sample(examples, min(count, len(examples)))
    with tempfile.TemporaryDirectory() as folder:
        corpus = write_contexts([e for e in examples if e.title in kept], Path(folder) / "corpus")
        encoder = load_encoder()
        build_index([corpus.folder], Path(folder) / "index", encoder)
        answerer = Answerer(Index.open(Path(folder) / "index"), encoder, reader, calibration=ASK_ALL)
        return [(*_ask(answerer, example), example.title in kept) for example in asked]


def _ask(answerer: Answerer, example: Example) -> tuple[float, bool]:
    result = answerer.ask(example.question)
    if not result.answers:
        return -30.0, False
    top = result.answers[0]
    score = float(np.log(top.confidence / max(1e-12, 1 - top.confidence)))
    return score, f1(top.text, [answer.text for answer in example.answers]) >= RIGHT_F1


def fit(rows: Sequence[tuple[float, bool, bool]]) -> Calibration:
    """Fit slope and intercept by maximum likelihood; the threshold is where half of the answers are right."""
    from sklearn.linear_model import LogisticRegression

    scores = np.array([[max(score, -15.0)] for score, _, _ in rows])
    model = LogisticRegression(C=1e6).fit(scores, [right for _, right, _ in rows])
    return Calibration(round(float(model.coef_[0, 0]), 4), round(float(model.intercept_[0]), 4), 0.5)


def expected_calibration_error(
    calibration: Calibration, rows: Sequence[tuple[float, bool, bool]], bins: int = 10
) -> float:
    """Return the mean gap between confidence and accuracy over equal-width bins, weighted by their size."""
    confidence = np.array([calibration.confidence(score) for score, _, _ in rows])
    right = np.array([right for _, right, _ in rows], dtype=float)
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(confidence[which == b].mean() - right[which == b].mean()) * (which == b).sum() for b in set(which)]
    return float(sum(gaps) / len(rows))


def main(
    data: Annotated[Path, typer.Option(help="Folder of the data sets.")] = Path("../shared/data"),
    count: Annotated[int, typer.Option(help="Questions asked.")] = 600,
    reader: Annotated[Path | None, typer.Option(help="Another reader directory.")] = None,
    out: Annotated[Path, typer.Option(help="Where the calibration goes.")] = CALIBRATION,
    seed: int = 1,
) -> None:
    """Fit on one half of the questions, report on the other, write the fit."""
    rows = score_questions(data, part="dev", count=count, seed=seed, reader=Reader(reader) if reader else Reader())
    fitted = fit(rows[::2])
    held = rows[1::2]
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        given = [(right, there) for score, right, there in held if fitted.confidence(score) >= threshold]
        right = sum(r for r, _ in given) / max(1, sum(there for _, _, there in held))
        refused = 1 - sum(not there for _, there in given) / max(1, sum(not there for _, _, there in held))
        typer.echo(f"threshold {threshold}: right {right:.3f} of the answerable, refused {refused:.3f} of the others")
    typer.echo(f"ECE {expected_calibration_error(fitted, held):.3f} on {len(held)} questions not fitted on")
    out.write_text(
        json.dumps({"slope": fitted.slope, "intercept": fitted.intercept, "threshold": fitted.threshold}) + "\n",
        encoding="utf-8",
    )
    typer.echo(f"{out}: {fitted}")


if __name__ == "__main__":
    typer.run(main)
