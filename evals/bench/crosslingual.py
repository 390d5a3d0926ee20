"""English questions over Vietnamese passages: `python -m evals.bench.crosslingual`, 60 of ViQuAD test's in our words.

Dense MRR@10 over the contexts of ViQuAD test, the questions as they are typed, not put into Vietnamese; `--float32`
names the same weights before int8 (`python -m index.training.restore index/model DIR`).
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer

from evals.bench.int8 import float_encoder
from evals.metrics import holds
from evals.outcome import name_of
from evals.score import rank_by_question
from evals.viquad import read_viquad, write_contexts
from index.build import build_index
from index.encoder import Encoder, load_encoder
from index.search import Index
from index.training.examples import Example

QUESTIONS = Path(__file__).parent / "english_viquad.jsonl"
DEPTH = 20


def mrr(index: Index, encoder: Encoder, asked: Sequence[tuple[str, Example]], articles: dict[str, str]) -> float:
    """Return the mean reciprocal rank of the first passage that holds the answer, among ten."""
    relevant: dict[str, list[str]] = {}
    rankings: dict[str, list[str]] = {}
    for question, example in asked:
        passages = [passage for passage, _ in index.database.passages_of(articles[example.context])]
        golds = [answer.text for answer in example.answers]
        relevant[example.id] = [name_of(p) for p in passages if any(holds(p.text, gold) for gold in golds)]
        found = index.vectors.search(encoder.encode([question], kind="query"), DEPTH)
        rankings[example.id] = [name_of(p) for p in index.database.passages([number for number, _ in found])]
    return fmean(rank_by_question(relevant, rankings)["mrr@10"].values())


def main(
    data: Annotated[Path, typer.Option(help="Folder of the data sets.")] = Path("../shared/data"),
    model: Annotated[str, typer.Option(help="Another encoder.")] = "shipped",
    float32: Annotated[Path | None, typer.Option(help="Float32 weights to compare with.")] = None,
) -> None:
    """Print English and Vietnamese, for each encoder."""
    examples = read_viquad(data, "test")
    by_id = {example.id: example for example in examples}
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    english = [(row["question"], by_id[row["id"]]) for row in rows]
    vietnamese = [(example.question, example) for _, example in english]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = write_contexts(examples, folder / "corpus")
        encoders = {model: load_encoder(model, hub=True)}
        if float32:
            encoders["float32"] = float_encoder(float32, folder / "float32")
        for number, (label, encoder) in enumerate(encoders.items()):
            build_index([corpus.folder], folder / str(number), encoder)
            index = Index.open(folder / str(number))
            for language, asked in (("English", english), ("Vietnamese", vietnamese)):
                typer.echo(
                    f"{label} {language}: MRR@10 {mrr(index, encoder, asked, corpus.articles):.3f} n={len(asked)}"
                )


if __name__ == "__main__":
    typer.run(main)
