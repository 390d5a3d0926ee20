"""Spans from many passages → answers: kind, time, what several sources say alike, and saying no.

Every span becomes a `Candidate` with a score on the reader's scale. What the question asks for and when it speaks of
move the score; spans that say the same are one answer; calibration turns the best score into a probability.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from corpus.article import Article
from corpus.dates import DAY_MONTH, PartialDate, mentions
from corpus.text import canonical_syllable, syllables
from index.search import Hit
from qa import kinds, named
from qa.citation import sentence_around
from qa.kinds import Asked, cut, widened
from qa.question import Kind, Question, Window
from qa.reader import Span

CALIBRATION = Path(__file__).parent / "calibration.json"
OTHER_TIME = 4.0
HIT_WORTH = 1.5
SHORT_OF_BEST = 6.0
AGREEING = 10.0
MAX_ANSWERS = 5
REPORTED_DAYS = 7
YEAR = 366
LEADING = 12


class Fit(StrEnum):
    """How a candidate's own time sits with the question's."""

    SAME = "same"
    UNKNOWN = "unknown"
    OTHER = "other"


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
        for span in found:
            trimmed = widened(cut(span, asked), article.text, asked)
            low, high = sentence_around(article.text, trimmed.start, trimmed.end, hit.passage)
            sentence = " ".join(article.text[low:high].split())
            before = f"{article.title}\n{article.text[hit.passage.start : low]}"
            fit = time_fit(question, sentence, article, before=before, answer=trimmed.text)
            score = trimmed.score + HIT_WORTH * hit.score
            score -= kinds.cost(trimmed, article.text[trimmed.end : high], asked)
            score -= named.cost(question.text, sentence, f"{article.title}\n{hit.passage.text}")
            score -= OTHER_TIME * (fit is Fit.OTHER)
            made.append(Candidate(trimmed, hit, article, sentence, score, fit))
    return sorted(made, key=lambda c: (-c.score, c.hit.number, c.span.start))


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


def time_fit(question: Question, sentence: str, article: Article, *, before: str, answer: str) -> Fit:
    """Compare the question's time with the time of the fact: the sentence's own dates, else the article's date.

    A sentence without dates may also speak of the last one named `before` it, in its passage or the article's title.

    An office is held when the article speaks, and at a date that its sentence begins with or names after the name: one
    in between ("two years after the meeting of December 2021, Director X said") is of something else. A question for
    a date is about an event, whose sentence and article may both name its time.
    """
    if question.window is None:
        return Fit.SAME
    stated, spoken = _dates_in(sentence, article), _article_window(article)
    if question.kind is Kind.WHO and spoken:
        own = _dates_of_name(sentence, answer)
        times = [time for time in own if (time.last - time.first).days <= YEAR] + spoken
    elif question.kind is Kind.WHEN:
        times = stated + spoken
    else:
        times = stated or _dates_in(before, article)[-1:] + spoken
    if not times:
        return Fit.UNKNOWN
    return Fit.SAME if any(question.window.meets(time) for time in times) else Fit.OTHER


def _dates_of_name(sentence: str, name: str) -> list[Window]:
    """Return the dates that a sentence begins with, or names after the name."""
    place = max(0, sentence.find(" ".join(name.split())))
    found = [m for m in mentions(sentence) if m.start <= LEADING or m.start > place]
    return [Window(mention.date.first, mention.last.last) for mention in found]


def _dates_in(sentence: str, article: Article) -> list[Window]:
    """Return the times a sentence names; a day and month without a year are of the article's year."""
    found = [Window(mention.date.first, mention.last.last) for mention in mentions(sentence)]
    if not article.date:
        return found
    for day, month in DAY_MONTH.findall(sentence):
        try:
            when = PartialDate.of(article.date.year, int(month), int(day))
        except ValueError:
            continue
        found.append(Window(when.first, when.last))
    return found


def _article_window(article: Article) -> list[Window]:
    """Return the days an article speaks of: an article of a day also reports on the days before it."""
    if not article.date:
        return []
    before = timedelta(days=REPORTED_DAYS if article.date.day else 0)
    return [Window(article.date.first - before, article.date.last)]
