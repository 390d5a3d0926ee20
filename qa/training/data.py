"""The reader's training set: native questions, unanswerable ones, and near passages that hold no answer.

Every epoch is drawn anew: which negatives, which context line stands in front of a passage, which questions lose their
accents or capitals.
"""

import csv
import gzip
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.article import context_line
from corpus.dates import PartialDate
from corpus.text import fold, nfc, unaccent
from index.postings import Postings
from index.training.examples import Example, Span, mend, news_contexts, read_examples, unique_contexts
from index.training.pairs import SOURCES

HELD_OUT_SHARE = 3
NEAREST = 6
TRAIN_ZIP_MEMBER = "ViQuAD1.0/train_ViQuAD.json"
NEWS_EVERY = 25


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares and probabilities of the training set."""

    negatives: float = 0.22
    titled: float = 0.6
    dated: float = 0.4
    sourced: float = 0.25
    unaccented: float = 0.12
    lowered: float = 0.08


def read_viquad2(path: Path) -> list[Example]:
    """Read the CSV of the ViQuAD 2.0 part."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        return [
            Example(
                row["id"],
                nfc(row["question"]),
                nfc(row["context"]),
                () if row["is_impossible"] == "True" else tuple(filter(None, [_span(row)])),
                nfc(row["title"]),
            )
            for row in csv.DictReader(stream)
        ]


def _span(row: dict[str, str]) -> Span | None:
    return mend(nfc(row["context"]), row["answer_text"], int(float(row["answer_start"] or 0)))


def is_held_out(example: Example) -> bool:
    """Tell whether an example of the ViQuAD 2.0 part is kept for measuring: a third of the titles."""
    return sum(map(ord, example.title)) % HELD_OUT_SHARE == 0


def vietnamese_examples(root: Path) -> tuple[list[Example], list[Example], list[Example]]:
    """Return answerable questions, unanswerable ones, and the pool that negatives are mined from."""
    viquad = read_examples(root / "viquad-1.0/ViQuAD1.0.zip", TRAIN_ZIP_MEMBER)
    second = [e for e in read_viquad2(root / "viquad-2.0-part/val.csv.gz") if not is_held_out(e)]
    zalo = [replace(e, title="") for e in read_examples(root / "zalo-squad/train-v2.0.json.gz")]
    extra = [e for e in (*second, *zalo) if not e.answers]
    answerable = viquad + [e for e in zalo if e.answers]
    pool = unique_contexts([*viquad, *news_contexts(root / "news", every=NEWS_EVERY)])
    return answerable, extra, pool


def mine(questions: list[Example], pool: list[Example]) -> dict[str, list[Example]]:
    """Return for each question id the passages that BM25 ranks highest but that don't hold its answer."""
    postings = Postings.build(example.context for example in pool)
    near: dict[str, list[Example]] = {}
    for question in questions:
        answers = [fold(answer.text) for answer in question.answers]
        near[question.id] = [
            replace(question, id=f"{question.id}-n{row}", context=pool[row].context, title=pool[row].title, answers=())
            for row, _ in postings.search(question.question, NEAREST + 4)
            if pool[row].context != question.context and not any(a in fold(pool[row].context) for a in answers)
        ][:NEAREST]
    return near


def epoch(
    answerable: list[Example], unanswerable: list[Example], near: dict[str, list[Example]], *, rng: random.Random,
    mix: Mix,
) -> Iterator[tuple[Example, str]]:  # fmt: skip
    """Yield an epoch's `(example, context line)` pairs."""
    for example in (*answerable, *unanswerable):
        yield dress(example, rng=rng, mix=mix)
    for example in answerable:
        if rng.random() < mix.negatives and near.get(example.id):
            yield dress(rng.choice(near[example.id]), rng=rng, mix=mix)


def dress(example: Example, *, rng: random.Random, mix: Mix) -> tuple[Example, str]:
    """Give an example a context line, and its question the look of one typed in haste."""
    title = example.title if rng.random() < mix.titled else ""
    date = _some_date(rng) if rng.random() < mix.dated else None
    source = rng.choice(SOURCES) if rng.random() < mix.sourced else None
    draw = rng.random()
    question = example.question
    if draw < mix.unaccented:
        question = fold(question) if draw < mix.unaccented / 2 else unaccent(question)
    elif draw < mix.unaccented + mix.lowered:
        question = question.lower().rstrip(" ?")
    return replace(example, question=question), context_line(title, source, date)


def _some_date(rng: random.Random) -> PartialDate:
    year, month, day = rng.randint(2005, 2025), rng.randint(1, 12), rng.randint(1, 28)
    return rng.choice([PartialDate(year, month, day), PartialDate(year, month), PartialDate(year)])
