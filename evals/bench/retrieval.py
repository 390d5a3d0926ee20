"""How well passages are found: `python -m evals.bench.retrieval --data ../shared/data --news 50000`.

Questions of the public sets over the contexts of all of them and news passages as distractors. A passage is right when
it comes from the gold context and holds a gold answer token for token; where a set names no answer (a news title and
its body, a question of law and its article), when it comes from there. By set, mode, and accents typed or not;
questions are reworded as the program does it.
"""

import gzip
import json
import lzma
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Annotated, get_args

import typer

from corpus.text import fold, nfc, syllables
from evals.bench.reader import sets
from evals.metrics import holds
from evals.outcome import name_of
from evals.score import rank_by_question
from evals.viquad import write_contexts
from index.build import build_index
from index.encoder import Encoder, load_encoder
from index.search import Index, Mode, search
from index.training.examples import Example, news_contexts
from index.training.pairs import LONGEST_QUERY, NEWS, is_held_out_news
from qa.wording.reword import reword

DEPTH = 20
SHOWN = ("mrr@10", "recall@1", "recall@5", "recall@20", "ndcg@10")
SHINGLE = 8
SHARED = 0.2
TITLED_CHARACTERS = 2_000
TRAINED_ON = ("ViQuAD 2.0 part, held out",)  # its contexts are of ViQuAD 1.0 train, which the retriever learns from


def distractors(news: Path, count: int, contexts: Sequence[str], *, every: int = 1, size: int = 150) -> list[Example]:
    """Return `size` syllables of each `every`-th news article, but none that repeats an evaluation context."""
    known = {shingle for context in contexts for shingle in _shingles(context)}
    taken: list[Example] = []
    for example in news_contexts(news, every=every, size=size) if count else ():
        own = set(_shingles(example.context))
        if len(own & known) <= SHARED * len(own):
            taken.append(example)
        if len(taken) == count:
            break
    return taken


def _shingles(text: str) -> Iterator[int]:
    words = [fold(word) for word in syllables(text)]
    return (hash(tuple(words[i : i + SHINGLE])) for i in range(len(words) - SHINGLE + 1))


def news_titles(root: Path, count: int) -> list[Example]:
    """Return news titles that training hasn't seen, each with the first passages of its body, the title left out."""
    found: list[Example] = []
    for name in sorted(NEWS):
        with lzma.open(root / f"news/{name}.jsonl.xz", "rt", encoding="utf-8") as stream:
            rows = [row for row in map(json.loads, stream) if is_held_out_news(row["id"])]
        for row in random.Random(1).sample(rows, min(len(rows), count // len(NEWS))):
            title, body = nfc(row["title"] or ""), nfc(row["body"] or "")[:TITLED_CHARACTERS]
            if title and len(syllables(title)) <= LONGEST_QUERY and body:
                found.append(Example(row["id"], title, body, ()))
    return found


def law_questions(root: Path) -> list[Example]:
    """Return the questions of ALQAC 2022, each with the article of law that answers it."""
    laws = json.loads(gzip.decompress((root / "alqac-2022/law.json.gz").read_bytes()))
    texts = {(law["id"], article["id"]): nfc(article["text"]) for law in laws for article in law["articles"]}
    asked = json.loads(gzip.decompress((root / "alqac-2022/question.json.gz").read_bytes()))
    examples = [Example("law", "", text, ()) for text in texts.values()]
    for row in asked:
        named = row["relevant_articles"][0]
        text = texts.get((named["law_id"], named["article_id"]))
        if text:
            examples.append(Example(row["id"], nfc(row["text"]), text, ()))
    return examples


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
        relevant[str(number)] = [name_of(p) for p in passages if not golds or any(holds(p.text, g) for g in golds)]
        question = fold(example.question) if unaccented else example.question
        worded = reword(question, index.postings.count)
        hits = search(index, encoder, worded, limit=DEPTH, mode=mode)
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
    known = {
        **{
            name: [e if e.answers else replace(e, question="") for e in found]
            for name, found in sets(data).items()
            if name not in TRAINED_ON
        },
        "news titles, held out": news_titles(data, count),
        "ALQAC 2022": law_questions(data),
    }
    wanted = {name: examples for name, examples in known.items() if only.lower() in name.lower()}
    examples = [example for found in wanted.values() for example in found]
    encoder = load_encoder(encoder_name, hub=True)
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
            asked = [example for example in found if example.question]
            asked = random.Random(1).sample(asked, min(count, len(asked)))
            for unaccented in (False, True):
                for mode in get_args(Mode):
                    got = scores(index, encoder, asked, corpus.articles, mode=mode, unaccented=unaccented)
                    typed = "unaccented" if unaccented else "accented"
                    figures = "  ".join(f"{metric} {got[metric]:.3f}" for metric in SHOWN)
                    print(f"{label:26} {typed:10} {mode:8} {figures}  n={len(asked)}", flush=True)


if __name__ == "__main__":
    typer.run(main)
