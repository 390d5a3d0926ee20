"""Spans → candidates: each cut to what was asked, with what the article says there and when that holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.article import Article
from corpus.text import canonical_syllable, syllables
from index.search import Hit
from qa.question.asked import Asked
from qa.ranking.fact import Fact, Sentences
from qa.ranking.time import Fit, time_fit
from qa.reading import lists
from qa.reading.spans import Span
from qa.reading.trim import cut, widened


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span as an answer; `because` holds what each signal adds to its score (logits), if that is anything.

    `is_meant`: the question does not mean another entry of the list that it stands in.
    """

    span: Span
    hit: Hit
    fact: Fact
    fit: Fit
    is_meant: bool = True
    because: tuple[tuple[str, float], ...] = ()

    @property
    def score(self) -> float:
        """The sum of what the signals add; higher is better."""
        return sum(worth for _, worth in self.because)

    @property
    def article(self) -> Article:
        """The article it stands in."""
        return self.fact.article

    @property
    def sentence(self) -> str:
        """The sentence it stands in, on one line."""
        return self.fact.sentence.text

    @property
    def key(self) -> str:
        """What makes two answers the same: their syllables, tone marks in one place, case left out."""
        return " ".join(map(canonical_syllable, syllables(self.span.text)))

    def without(self, *signals: str) -> "Candidate":
        """Return it as it is where those signals are not asked."""
        return replace(self, because=tuple((name, worth) for name, worth in self.because if name not in signals))


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
    asked: Asked, hits: Sequence[Hit], spans: Sequence[Sequence[Span]], articles: dict[str, Article]
) -> list[Candidate]:
    """Make candidates of what a reader sees in passages, without a score yet."""
    return [
        candidate
        for hit, found in zip(hits, spans, strict=True)
        for candidate in _of_passage(asked, hit, found, articles[hit.passage.article])
    ]


def _of_passage(asked: Asked, hit: Hit, spans: Sequence[Span], article: Article) -> Iterator[Candidate]:
    sentences = Sentences(article, hit.passage)
    by_sentence: dict[tuple[int, int], list[Span]] = {}
    for span in spans:
        by_sentence.setdefault(sentences.around(span.start, span.end), []).append(span)
    for place, found in by_sentence.items():
        for span, is_meant in lists.pick(asked, article, place, found):
            trimmed = widened(cut(span, asked), article.text, asked)
            fact = sentences.fact(trimmed.start, trimmed.end)
            yield Candidate(trimmed, hit, fact, time_fit(asked, fact), is_meant)
