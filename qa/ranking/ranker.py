"""Candidates that say the same → one answer, the best first."""

from collections.abc import Sequence

from qa.ranking.candidates import Candidate, Group
from qa.ranking.confidence import Calibration

SHORT_OF_BEST = 8.0
AGREEING = 16.0
MAX_ANSWERS = 5


def group(candidates: Sequence[Candidate], calibration: Calibration) -> list[Group]:
    """Join candidates (best first) that say the same, those far behind their best left out."""
    grouped: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        same = grouped.setdefault(candidate.key, [])
        is_far = bool(same) and candidate.score < same[0].score - AGREEING
        if not is_far and not any(_is_one_place(candidate, other) for other in same):
            same.append(candidate)
    return [Group(tuple(same), calibration.confidence(same[0].score)) for key, same in grouped.items() if key]


def _is_one_place(a: Candidate, b: Candidate) -> bool:
    return a.article.id == b.article.id and abs(a.span.start - b.span.start) < len(a.span.text)
