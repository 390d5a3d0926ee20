"""How well passages are found: `python -m evals.bench.retrieval --data ../shared/data --news 50000`.

Questions of the public sets over the contexts of all of them and news passages as distractors. A passage is right when
it comes from the gold context and holds a gold answer token for token. By set, mode, and accents typed or not.
"""

import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import Annotated, get_args

import typer

from corpus.text import fold, syllables
from evals.bench.reader import sets
from evals.metrics import holds
from evals.outcome import name_of
from evals.score import rank_by_question
from evals.viquad import write_contexts
from index.build import build_index
from index.encoder import Encoder, load_encoder
from index.search import Index, Mode, search
from index.training.examples import Example, news_contexts

DEPTH = 20
SHOWN = ("mrr@10", "recall@1", "recall@5", "recall@20", "ndcg@10")
SHINGLE = 8
SHARED = 0.2


def distractors(news: Path, count: int, contexts: Sequence[str]) -> list[Example]:
    """Return news passages, those left out that repeat an evaluation context (some articles stand in both)."""
    known = {shingle for context in contexts for shingle in _shingles(context)}
    taken: list[Example] = []
    for example in news_contexts(news, every=1) if count else ():
        own = set(_shingles(example.context))
        if len(own & known) <= SHARED * len(own):
            taken.append(example)
        if len(taken) == count:
            break
    return taken


def _shingles(text: str) -> Iterator[int]:
    words = [fold(word) for word in syllables(text)]
    return (hash(tuple(words[i : i + SHINGLE])) for i in range(len(words) - SHINGLE + 1))


def scores(
    index: Index, encoder: Encoder, examples: Sequence[Example], articles: dict[str, str], *, mode: Mode,
    unaccented: bool = False,
) -> dict[str, float]:  # fmt: skip
    """Return the means of the ranked metrics over the questions."""
    relevant: dict[str, list[str]] = {}
    rankings: dict[str, list[str]] = {}
    for number, example in enumerate(examples):
        golds = [answer.text for answer in example.answers]
        passages = [passage for passage, _ in index.database.passages_of(articles[example.context])]
        relevant[str(number)] = [name_of(p) for p in passages if any(holds(p.text, gold) for gold in golds)]
        question = fold(example.question) if unaccented else example.question
        hits = search(index, encoder, question, limit=DEPTH, mode=mode)
        rankings[str(number)] = [name_of(hit.passage) for hit in hits]
    return {metric: fmean(by_id.values()) for metric, by_id in rank_by_question(relevant, rankings).items()}


def main(
    data: Annotated[Path, typer.Option(help="Folder of the data sets.")] = Path("../shared/data"),
    only: Annotated[str, typer.Option(help="Sets whose name holds this.")] = "",
    news: Annotated[int, typer.Option(help="News passages as distractors.")] = 0,
    count: Annotated[int, typer.Option(help="Questions a set.")] = 500,
    encoder_name: Annotated[str, typer.Option("--model", help="Another encoder.")] = "shipped",
    keep: Annotated[Path | None, typer.Option(help="Keep the index here, or use the one that is here.")] = None,
) -> None:
    """Print a line a set, mode and way of typing."""
    wanted = {name: examples for name, examples in sets(data).items() if only.lower() in name.lower()}
    examples = [example for found in wanted.values() for example in found]
    encoder = load_encoder(encoder_name)
    with tempfile.TemporaryDirectory() as name:
        folder = keep or Path(name)
        added = distractors(data / "news", news, [example.context for example in examples])
        corpus = write_contexts([*examples, *added], folder / "corpus")
        began = time.perf_counter()
        report = build_index([corpus.folder], folder / "index", encoder)
        took = time.perf_counter() - began
        print(f"{report.passages} passages, {report.embedded} embedded in {took:.0f} s")
        index = Index.open(folder / "index")
        for label, found in wanted.items():
            asked = [example for example in found if example.answers]
            asked = random.Random(1).sample(asked, min(count, len(asked)))
            for unaccented in (False, True):
                for mode in get_args(Mode):
                    got = scores(index, encoder, asked, corpus.articles, mode=mode, unaccented=unaccented)
                    typed = "unaccented" if unaccented else "accented"
                    figures = "  ".join(f"{metric} {got[metric]:.3f}" for metric in SHOWN)
                    print(f"{label:26} {typed:10} {mode:8} {figures}  n={len(asked)}", flush=True)


if __name__ == "__main__":
    typer.run(main)
