"""Answer metrics after a stated normalisation of Vietnamese text; calibration and risk–coverage."""

import math
import random
import re
import string
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import fmean

from corpus.text import canonical_syllable, nfc

NUMBER = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)
UNIT = re.compile(r"\s?%|\s[^\W\d_]+(?:\s[^\W\d_]+){0,3}")
MAGNITUDE = re.compile(r"\s(?:trăm|chục|nghìn|ngàn|vạn|triệu|tỷ|tỉ)\b", re.IGNORECASE)
PUNCTUATION = frozenset(string.punctuation + "“”‘’–—…«»")


def normalise(text: str) -> list[str]:
    """Return the tokens compared: NFC, lower case, tone marks in one place, punctuation as white space."""
    spaced = "".join(" " if c in PUNCTUATION else c for c in nfc(text))
    return [canonical_syllable(token) for token in spaced.split()]


def counts_the_same(answer: str, gold: str) -> bool:
    """Tell whether one of the two is a bare number and the other is that number with the unit that it counts.

    "184 lượt người" is "184", and so the other way round. A word that makes it another number is no unit: "5 tỷ" is
    not "5", nor is "8/2018" "2018", nor "-5" "5", nor "gần 184" "184".
    """
    bare, counted = sorted((nfc(answer).strip(), nfc(gold).strip()), key=len)
    unit = counted[len(bare) :]
    return (
        NUMBER.fullmatch(bare) is not None
        and counted.startswith(bare)
        and UNIT.fullmatch(unit) is not None
        and not MAGNITUDE.match(unit)
    )


def exact_match(answer: str, golds: Iterable[str]) -> float:
    """Return 1 if the answer equals a gold answer after normalisation, or counts the same, else 0."""
    return float(any(normalise(answer) == normalise(gold) or counts_the_same(answer, gold) for gold in golds))


def f1(answer: str, golds: Sequence[str]) -> float:
    """Return the best token F1 of the answer with a gold answer, 0 to 1; two empty strings agree."""
    return max((_agreement(answer, gold) for gold in golds), default=0.0)


def _agreement(answer: str, gold: str) -> float:
    return 1.0 if counts_the_same(answer, gold) else _f1(normalise(answer), normalise(gold))


def _f1(answer: list[str], gold: list[str]) -> float:
    if not answer or not gold:
        return float(answer == gold)
    shared = sum((Counter(answer) & Counter(gold)).values())
    return 2 * shared / (len(answer) + len(gold))


def holds(text: str, answer: str) -> bool:
    """Tell whether the answer's tokens stand in the text one after the other: "4" is not in "48", nor "an" in "lan"."""
    tokens, sought = normalise(text), normalise(answer)
    return bool(sought) and any(tokens[i : i + len(sought)] == sought for i in range(len(tokens) - len(sought) + 1))


def calibration_error(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Return ECE: the mean gap between confidence and accuracy over equal-width bins, weighted by their size."""
    binned: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for pair in pairs:
        binned[min(int(pair[0] * bins), bins - 1)].append(pair)
    gaps = (abs(sum(confidence - right for confidence, right in held)) for held in binned.values())
    return sum(gaps) / len(pairs) if pairs else math.nan


def calibration_floor(confidences: Sequence[float], draws: int = 200) -> float:
    """Return the mean ECE of outcomes drawn at these very confidences: what chance leaves with so few questions."""
    rng = random.Random(0)
    drawn = ([(confidence, rng.random() < confidence) for confidence in confidences] for _ in range(draws))
    return fmean(map(calibration_error, drawn)) if confidences else math.nan


def risk_coverage(pairs: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Return `(coverage, risk)` as ever less confident answers are given: the share given, and of those the wrong."""
    ordered = sorted(pairs, key=lambda pair: (-pair[0], pair[1]))
    wrong = 0
    curve = []
    for given, (_, right) in enumerate(ordered, start=1):
        wrong += not right
        curve.append((given / len(ordered), wrong / given))
    return curve
