"""Spans → candidates, each with its score: what the reader and the search say, less what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.article import Article
from corpus.split import sentence_around
from corpus.text import canonical_syllable, syllables
from index.search import Hit
from qa.question.asked import Asked
from qa.question.types import Kind, Question
from qa.ranking import count, kind, names
from qa.ranking.fact import fact_of
from qa.ranking.time import Fit, is_dateline, time_fit
from qa.reading import lists
from qa.reading.spans import Span
from qa.reading.trim import cut, widened

OTHER_TIME = 4.0
HIT_WORTH = 8.0
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


def make_candidates(
    question: Question, hits: Sequence[Hit], spans: Sequence[Sequence[Span]], articles: dict[str, Article]
) -> list[Candidate]:
    """Score every span: the reader's logits and its passage's search score, less what its kind and its time cost."""
    asked, made = Asked(question.kind, question.text), []
    for hit, found in zip(hits, spans, strict=True):
        article = articles[hit.passage.article]
        for span in lists.pick(question, article, hit.passage, found):
            trimmed = widened(cut(span, asked), article.text, asked)
            _, high = sentence_around(article.text, trimmed.start, trimmed.end, hit.passage)
            fact = fact_of(trimmed, hit.passage, article)
            fit = time_fit(question, fact)
            score = trimmed.score + HIT_WORTH * hit.score
            score -= kind.cost(trimmed, article.text[trimmed.end : high], fact.sentence, asked)
            if question.kind is Kind.HOW_MANY:
                score -= count.cost_of_clause(question.text, fact)
                score -= kind.WRONG * count.is_difference(question.text, fact)
            if question.kind is Kind.WHEN:
                score -= kind.UNLIKELY * is_dateline(fact)
            score -= names.cost(question.about, fact, hit.passage.text)
            score -= OTHER_TIME * (fit is Fit.OTHER) + FAR_DATE * (fit is Fit.NEAR)
            made.append(Candidate(trimmed, hit, article, fact.sentence, score, fit))
    return sorted(made, key=lambda c: (-c.score, c.hit.number, c.span.start))
