"""Answer metrics: exact match and token F1 after a stated normalisation of Vietnamese text."""

import string
from collections import Counter
from collections.abc import Iterable, Sequence

from corpus.text import canonical_syllable, nfc

PUNCTUATION = frozenset(string.punctuation + "“”‘’–—…«»")


def normalise(text: str) -> list[str]:
    """Return the tokens compared: NFC, lower case, tone marks in one place, punctuation as white space."""
    spaced = "".join(" " if c in PUNCTUATION else c for c in nfc(text))
    return [canonical_syllable(token) for token in spaced.split()]


def exact_match(answer: str, golds: Iterable[str]) -> float:
    """Return 1 if the answer equals a gold answer after normalisation, else 0."""
    return float(any(normalise(answer) == normalise(gold) for gold in golds))


def f1(answer: str, golds: Sequence[str]) -> float:
    """Return the best token F1 of the answer with a gold answer, 0 to 1; two empty strings agree."""
    return max((_f1(normalise(answer), normalise(gold)) for gold in golds), default=0.0)


def _f1(answer: list[str], gold: list[str]) -> float:
    if not answer or not gold:
        return float(answer == gold)
    shared = sum((Counter(answer) & Counter(gold)).values())
    return 2 * shared / (len(answer) + len(gold))
