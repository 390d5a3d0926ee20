"""Counts syllables, pairs and triples for `qa/wording/accents.py`: `python -m qa.training.accents`."""

import json
import lzma
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from corpus.text import canonical_syllable, nfc
from index.training.examples import read_examples
from index.training.pairs import VIQUAD, is_held_out_news
from qa.wording.accents import BREAK, FILE, TOKEN, save

VOCABULARY = 9000
LEAST_PAIRS, LEAST_TRIPLES = 4, 6
QUESTION_WORTH = 8
EVERY = {"vietnews": 2, "news-2024": 1, "baomoi-2017": 2, "dantri-2020": 1, "vntc": 3}


def texts(folder: Path) -> Iterator[str]:
    """Yield title and body of every news article that is taken and not held out."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        every = EVERY[path.name.split(".")[0]]
        with lzma.open(path, "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream):
                if number % every:
                    continue
                row = json.loads(line)
                if not is_held_out_news(row["id"]):
                    yield nfc(f"{row['title'] or ''}. {row['body'] or ''}")


def questions(root: Path) -> Iterator[str]:
    """Yield the questions of ViQuAD 1.0 train and Zalo train, each as often as makes up for the news asking none."""
    for name, member in ((VIQUAD[0], VIQUAD[1]), ("zalo-squad/train-v2.0.json.gz", None)):
        for example in read_examples(root / name, member):
            yield from [example.question] * QUESTION_WORTH


def count(root: Path) -> tuple[list[str], NDArray[np.int64]]:
    """Return the vocabulary, most frequent spelling of each syllable, and all text as a stream of its numbers."""
    forms: dict[str, int] = {BREAK: 0}
    streams: list[NDArray[np.int32]] = []
    for text in chain(texts(root / "news"), questions(root)):
        found = (m[0].lower() for m in TOKEN.finditer(text))
        streams.append(np.array([0, *(forms.setdefault(t, len(forms)) if t.isalpha() else 0 for t in found)], np.int32))
    stream = np.concatenate(streams)
    times = np.bincount(stream, minlength=len(forms))
    spelled: dict[str, Counter[str]] = {}
    for form, number in forms.items():
        if number:
            spelled.setdefault(canonical_syllable(form), Counter())[form] += int(times[number])
    best = sorted(spelled, key=lambda key: (-sum(spelled[key].values()), key))[: VOCABULARY - 1]
    words = [BREAK, *sorted(spelled[key].most_common(1)[0][0] for key in best)]
    place = {canonical_syllable(word): i for i, word in enumerate(words) if i}
    renumbered = np.array([place.get(canonical_syllable(form), 0) for form in forms], dtype=np.int64)
    return words, renumbered[stream]


def main(
    data: Annotated[Path, typer.Option(help="Folder of the data sets.")] = Path("../shared/data"),
    out: Annotated[Path, typer.Option(help="Where the counts go.")] = FILE,
) -> None:
    """Count and write."""
    words, stream = count(data)
    size = len(words)
    singles = np.bincount(stream, minlength=size)
    pairs, pair_counts = np.unique(stream[:-1] * size + stream[1:], return_counts=True)
    triples, triple_counts = np.unique((stream[:-2] * size + stream[1:-1]) * size + stream[2:], return_counts=True)
    often, very = pair_counts >= LEAST_PAIRS, triple_counts >= LEAST_TRIPLES
    save(out, words, singles, pairs[often], pair_counts[often], triples[very], triple_counts[very])
    typer.echo(
        f"{len(stream)} syllables, {size} kinds, {often.sum()} pairs, {very.sum()} triples, "
        f"{out.stat().st_size / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    typer.run(main)
