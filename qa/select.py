"""Spans from many passages → answers: kind, time, what several sources say alike, and saying no.

Every span becomes a `Candidate` with a score on the reader's scale. What the question asks for and when it speaks of
move the score; spans that say the same are one answer; calibration turns the best score into a probability.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.article import Article, Passage
from corpus.text import canonical_syllable, syllables
from index.search import Hit
from qa import counts, kinds, listed, named
from qa.bounds import cut, widened
from corpus.split import sentence_around
from qa.kinds import Asked
from qa.question import Kind, Question
from qa.reader import Span
from qa.when import Fact, Fit, is_dateline, time_fit

CALIBRATION = Path(__file__).parent / "calibration.json"
OTHER_TIME = 4.0
HIT_WORTH = 8.0
SHORT_OF_BEST = 8.0
AGREEING = 16.0
MAX_ANSWERS = 5
FAR_DATE = 1.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span as an answer: its text, its score (logits, higher is better) and its time."""

    span: Span
    hit: Hit
    article: Article
    sentence: str
    score: float
    fit: Fit

    @property
    def key(self) -> str:
        """What makes two answers the same: their syllables, tone marks in one place, case left out."""
        return " ".join(map(canonical_syllable, syllables(self.span.text)))


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates that say the same, best first."""

    candidates: tuple[Candidate, ...]
    confidence: float

    @property
    def best(self) -> Candidate:
        """The candidate with the highest score."""
        return self.candidates[0]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Score → probability of being right, `1 / (1 + exp(-(slope * score + intercept)))`, and where an answer begins."""

    slope: float
    intercept: float
    threshold: float

    def confidence(self, score: float) -> float:
        """Return the probability that an answer of this score is right."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.slope * score + self.intercept))))


@cache
def shipped_calibration() -> Calibration:
    """The calibration fitted for the shipped reader (`python -m evals.calibrate`)."""
    return Calibration(**json.loads(CALIBRATION.read_text(encoding="utf-8")))


def make_candidates(
    question: Question, hits: Sequence[Hit], spans: Sequence[Sequence[Span]], articles: dict[str, Article]
) -> list[Candidate]:
    """Score every span: the reader's logits and its passage's search score, less what its kind and its time cost."""
    asked, made = Asked(question.kind, question.text), []
    for hit, found in zip(hits, spans, strict=True):
        article = articles[hit.passage.article]
        for span in listed.pick(question, article, hit.passage, found):
            trimmed = widened(cut(span, asked), article.text, asked)
            _, high = sentence_around(article.text, trimmed.start, trimmed.end, hit.passage)
            fact = fact_of(trimmed, hit.passage, article)
            fit = time_fit(question, fact)
            score = trimmed.score + HIT_WORTH * hit.score
            score -= kinds.cost(trimmed, article.text[trimmed.end : high], fact.sentence, asked)
            if question.kind is Kind.HOW_MANY:
                score -= counts.cost_of_clause(question.text, fact)
                score -= kinds.WRONG * counts.is_difference(question.text, fact)
            if question.kind is Kind.WHEN:
                score -= kinds.UNLIKELY * is_dateline(fact)
            score -= named.cost(question.about, fact, hit.passage.text)
            score -= OTHER_TIME * (fit is Fit.OTHER) + FAR_DATE * (fit is Fit.NEAR)
            made.append(Candidate(trimmed, hit, article, fact.sentence, score, fit))
    return sorted(made, key=lambda c: (-c.score, c.hit.number, c.span.start))


def fact_of(span: Span, passage: Passage, article: Article) -> Fact:
    """Return a span with its sentence and what stands before that in its passage and title: what tells its time."""
    low, high = sentence_around(article.text, span.start, span.end, passage)
    sentence = " ".join(article.text[low:high].split())
    before = f"{article.title}\n{article.text[passage.start : low]}"
    return Fact(sentence, *_on_one_line(article.text, low, span), before, article)


def _on_one_line(text: str, low: int, span: Span) -> tuple[int, int]:
    """Return where a span stands in its sentence, which begins at `low`, once that is on one line."""
    ahead = text[low : span.start]
    start = len(" ".join(ahead.split())) + (ahead.strip() != "" and ahead[-1].isspace())
    return start, start + len(" ".join(span.text.split()))


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
