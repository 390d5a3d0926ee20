"""How well passages are found: `python -m evals.bench.retrieval --data ../shared/data`.

ViQuAD questions over all contexts of their part; a passage is right when it comes from the gold context and holds a
gold answer. MRR@10, recall@1 and recall@5 by mode, with accents and without.
"""

import random
import tempfile
from pathlib import Path
from typing import Annotated, get_args

import typer

from corpus.text import fold
from evals.viquad import read_viquad, write_contexts
from index.build import build_index
from index.encoder import Encoder, load_encoder
from index.search import Index, Mode, search
from qa.training.examples import Example

DEPTH = 10


def ranks(
    index: Index, encoder: Encoder, examples: list[Example], articles: dict[str, str], *, mode: Mode, unaccented: bool
) -> list[int | None]:
    """Return for each question the rank of the first right passage, from 0; None if it is not among the first ten."""
    found = []
    for example in examples:
        question = fold(example.question) if unaccented else example.question
        hits = search(index, encoder, question, limit=DEPTH, mode=mode)
        right = (
            rank
            for rank, hit in enumerate(hits)
            if hit.passage.article == articles[example.context]
            and any(answer.text in hit.passage.text for answer in example.answers)
        )
        found.append(next(right, None))
    return found


def main(
    data: Annotated[Path, typer.Option(help="Folder of the data sets.")] = Path("../shared/data"),
    part: Annotated[str, typer.Option(help="dev or test.")] = "dev",
    count: Annotated[int, typer.Option(help="Questions asked.")] = 500,
    encoder_name: Annotated[str, typer.Option("--model", help="Another encoder.")] = "shipped",
) -> None:
    """Print a line a mode."""
    examples = read_viquad(data, part)
    asked = random.Random(1).sample(examples, min(count, len(examples)))
    encoder = load_encoder(encoder_name)
    with tempfile.TemporaryDirectory() as folder:
        corpus = write_contexts(examples, Path(folder) / "corpus")
        build_index([corpus.folder], Path(folder) / "index", encoder)
        index = Index.open(Path(folder) / "index")
        for unaccented in (False, True):
            for mode in get_args(Mode):
                got = ranks(index, encoder, asked, corpus.articles, mode=mode, unaccented=unaccented)
                mrr = sum(1 / (rank + 1) for rank in got if rank is not None) / len(got)
                first, five = (sum(r is not None and r < k for r in got) / len(got) for k in (1, 5))
                label = "unaccented" if unaccented else "accented"
                print(f"{label:10} {mode:8} MRR@10 {mrr:.3f}  recall@1 {first:.3f}  recall@5 {five:.3f}  n={len(got)}")


if __name__ == "__main__":
    typer.run(main)
