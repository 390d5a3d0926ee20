"""Accents put back: "cuc truong cuc ngoai vu la ai" is read as "cục trưởng cục ngoại vụ là ai".

A trigram model of syllables, counted in news text, looks for the likeliest spelling by Viterbi with a beam; syllables
that the corpus holds are likelier. What was typed with an accent stays as it was typed, and so does what is quoted, a
document's number, and a name among words that have their accents.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.errors import lost
from corpus.text import canonical_syllable, fold, is_unaccented
from qa.wording.quoted import kept_spans

FILE = Path(__file__).parent / "accents.npz"
BREAK = "#"
TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
BESIDE = re.compile(r"[\d_]")
ACCENTED_ENOUGH = 0.4
MOST_TOKENS = 200
SPELLINGS = 12
BEAM = 40
TRIPLE, PAIR, SINGLE = 0.7, 0.28, 0.02
IN_CORPUS = 1.2
ASKING = frozenset({"ai", "bao", "nhiêu", "nào", "đâu", "gì", "mấy", "sao", "là"})
IN_QUESTIONS = 1.5
AS_TYPED = 2.5
Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often syllables, pairs and triples of neighbours stand in news text.

    `words[0]` is `BREAK`: a number, a mark, an unknown syllable. `pairs` holds `a * v + b` and `triples`
    `(a * v + b) * v + c` ascending, `v = len(words)`.
    """

    words: tuple[str, ...]
    spellings: dict[str, list[int]]
    singles: Floats
    pairs: Numbers
    pair_counts: Floats
    triples: Numbers
    triple_counts: Floats

    def pair(self, first: Numbers, second: Numbers) -> Floats:
        """Return how often each `(first, second)` was counted, 0 if it was too seldom to be kept."""
        return _look_up(self.pairs, self.pair_counts, first * len(self.words) + second)

    def log_probability(self, first: Numbers, second: Numbers, third: Numbers) -> Floats:
        """Return log P(third | first, second), interpolated; arrays of one shape."""
        size = len(self.words)
        triple = _look_up(self.triples, self.triple_counts, (first * size + second) * size + third)
        before = self.pair(first, second)
        share = TRIPLE * np.divide(triple, before, out=np.zeros_like(triple), where=before > 0)
        share += PAIR * self.pair(second, third) / (self.singles[second] + 1.0)
        share += SINGLE * (self.singles[third] + 0.5) / self.singles.sum()
        return np.asarray(np.log(share), dtype=np.float64)


def _look_up(keys: Numbers, values: Floats, wanted: Numbers) -> Floats:
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], 0.0)


def save(
    path: Path, words: list[str], singles: Numbers, pairs: Numbers, pair_counts: Numbers, triples: Numbers,
    triple_counts: Numbers,
) -> None:  # fmt: skip
    """Write the counts; keys as differences, which compress well."""
    np.savez_compressed(
        path,
        words=np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        singles=singles.astype(np.uint32),
        pairs=np.diff(pairs, prepend=0).astype(np.uint32),
        pair_counts=np.minimum(pair_counts, 65535).astype(np.uint16),
        triples=np.diff(triples, prepend=0).astype(np.uint64),
        triple_counts=np.minimum(triple_counts, 65535).astype(np.uint16),
    )


@cache
def shipped_counts() -> Counts:
    """Load the shipped counts, once."""
    return read_counts(FILE)


def read_counts(path: Path) -> Counts:
    """Read what `save` wrote; `ModelError` if the file is missing or damaged."""
    try:
        return _read(path)
    except Exception as error:  # whatever NumPy, zipfile and zlib raise on bytes that are no such file
        raise lost(path) from error


def _read(path: Path) -> Counts:
    with np.load(path, allow_pickle=False) as file:
        words = tuple(file["words"].tobytes().decode().split("\n"))
        spellings: dict[str, list[int]] = {}
        singles = file["singles"].astype(np.float64)
        for number in np.argsort(-singles[1:], kind="stable") + 1:
            spellings.setdefault(fold(words[number]), []).append(int(number))
        return Counts(
            words,
            spellings,
            singles,
            np.cumsum(file["pairs"].astype(np.int64)),
            file["pair_counts"].astype(np.float64),
            np.cumsum(file["triples"].astype(np.int64)),
            file["triple_counts"].astype(np.float64),
        )


def lacks_accents(text: str) -> bool:
    """Tell whether so few syllables carry an accent that the text was typed without, or half without."""
    words = [token[0] for token in _syllables(text)]
    accented = sum(not is_unaccented(word) for word in words)
    return len(words) > 1 and accented < ACCENTED_ENOUGH * len(words)


def _syllables(text: str) -> list[re.Match[str]]:
    """Return the words of a text that may be syllables typed without their accents, or with them.

    None that is quoted, part of a document's number, beside a digit, or has capitals within.
    """
    kept = kept_spans(text)
    return [
        token
        for token in TOKEN.finditer(text)
        if token[0].isalpha()
        and (token[0].islower() or token[0].isupper() or token[0].istitle())
        and not BESIDE.search(text[max(0, token.start() - 1) : token.start()] + text[token.end() : token.end() + 1])
        and not any(low < token.end() and token.start() < high for low, high in kept)
    ]


def restore(text: str, knows: Callable[[str], int], *, counts: Counts | None = None) -> str:
    """Return `text` (NFC) with its accents put back, its capitals and everything that isn't a syllable kept.

    `knows(term)` is the number of passages with a canonical syllable. A text with its accents comes back as it was.
    """
    tokens = list(TOKEN.finditer(text))
    if len(tokens) > MOST_TOKENS or not lacks_accents(text):
        return text
    model = counts or shipped_counts()
    syllables = _syllables(text)
    places = {token.start() for token in syllables}
    is_bare = all(is_unaccented(token[0]) for token in syllables)
    lattice = [_choices(t[0] if t.start() in places else "", knows, model, is_bare=is_bare) for t in tokens]
    pieces, place = [], 0
    for token, number in zip(tokens, _best_path(lattice, model), strict=True):
        is_kept = not number or not is_unaccented(token[0]) or (not is_bare and token[0].istitle() and token.start())
        pieces += [text[place : token.start()], token[0] if is_kept else _like(token[0], model.words[number])]
        place = token.end()
    return "".join([*pieces, text[place:]])


def _choices(
    token: str, knows: Callable[[str], int], model: Counts, *, is_bare: bool
) -> tuple[Numbers, Floats]:  # fmt: skip
    """Return the numbers of a token's possible spellings, and what each is worth beforehand."""
    lowered = token.lower()
    numbers = model.spellings.get(fold(lowered), []) if token.isalpha() else []
    if not is_unaccented(lowered):
        own = canonical_syllable(lowered)
        numbers = [n for n in numbers if canonical_syllable(model.words[n]) == own]
    numbers = numbers[:SPELLINGS]
    if not numbers:
        return np.zeros(1, dtype=np.int64), np.zeros(1)
    worth = [
        (IN_CORPUS if knows(canonical_syllable(model.words[n])) else 0.0)
        + (IN_QUESTIONS if model.words[n] in ASKING else 0.0)
        + (AS_TYPED if not is_bare and model.words[n] == lowered else 0.0)
        for n in numbers
    ]
    return np.array(numbers, dtype=np.int64), np.array(worth)


def _best_path(lattice: list[tuple[Numbers, Floats]], model: Counts) -> list[int]:
    """Return the likeliest way through the lattice, keeping `BEAM` ways at a time."""
    ways = np.zeros((1, 2), dtype=np.int64)
    scores = np.zeros(1)
    backs: list[tuple[Numbers, Numbers]] = []
    for numbers, worth in lattice:
        first, second = ways[:, 0, None], ways[:, 1, None]
        steps = model.log_probability(*np.broadcast_arrays(first, second, numbers[None, :])) + worth
        totals = (scores[:, None] + steps).ravel()
        kept = np.argsort(-totals, kind="stable")[:BEAM]
        came, took = np.divmod(kept, len(numbers))
        backs.append((came, numbers[took]))
        ways = np.stack([ways[came, 1], numbers[took]], axis=1)
        scores = totals[kept]
    chosen, place = [], int(np.argmax(scores))
    for came, took in reversed(backs):
        chosen.append(int(took[place]))
        place = int(came[place])
    return chosen[::-1]


def _like(typed: str, word: str) -> str:
    """Give `word` the capitals of what was typed."""
    if typed.isupper() and len(typed) > 1:
        return word.upper()
    return word.capitalize() if typed[:1].isupper() else word
