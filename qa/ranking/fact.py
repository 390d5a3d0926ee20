"""What an article says at a place: the sentences of a passage, each analysed once, and a fact in one of them."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from corpus.article import Article, Passage
from corpus.text import Folded, fold_with_offsets, sentence_spans
from qa.ranking.dated import Dated, dated
from qa.vietnamese.offices import Title, titles
from qa.vietnamese.ordinals import ordinals
from qa.vietnamese.places import countries, provinces

CLAUSE_END = re.compile(r"[,;:]\s| và ")
Name = tuple[str, str]


@dataclass(frozen=True)
class Sentence:
    """A sentence of an article on one line, and what it names: each thing is looked for once."""

    text: str
    article: Article

    @cached_property
    def lowered(self) -> str:
        """The sentence without capitals."""
        return self.text.casefold()

    @cached_property
    def folded(self) -> Folded:
        """The sentence without accents and capitals."""
        return fold_with_offsets(self.text)

    @cached_property
    def provinces(self) -> frozenset[str]:
        """The provinces it names."""
        return frozenset(provinces(self.text))

    @cached_property
    def countries(self) -> frozenset[str]:
        """The countries it names."""
        return frozenset(countries(self.text))

    @cached_property
    def ordinals(self) -> frozenset[Name]:
        """Which of a series it names, as `(what is counted, number)`."""
        return ordinals(self.text)

    @cached_property
    def titles(self) -> frozenset[Title]:
        """The offices it names."""
        return titles(self.folded.text)

    @cached_property
    def times(self) -> tuple[Dated, ...]:
        """The times it names, left to right."""
        return tuple(dated(self.text, self.article))


@dataclass(frozen=True)
class Sentences:
    """The sentences of a passage of an article: cut once, each made once, behind the article's title."""

    article: Article
    passage: Passage

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Return the span, in the article's text, of the sentence or sentences that hold that stretch of it."""
        held = [(low, high) for low, high in self._spans if low < end and high > start]
        return (min(held[0][0], start), max(held[-1][1], end)) if held else (start, end)

    def fact(self, start: int, end: int) -> "Fact":
        """Return what the article says at a stretch of its text."""
        low, high = self.around(start, end)
        sentence, first = self._at(low, high), _length(self.article.text[low:start])
        return Fact(sentence, first, first + _length(self.article.text[start:end].strip()), low, self)

    def before(self, low: int) -> Iterator[Sentence]:
        """Yield the sentences before a place in the article's text, the nearest first, the title last."""
        for start, end in reversed(self._spans):
            if end <= low:
                yield self._at(start, end)
        yield self.title

    @cached_property
    def title(self) -> Sentence:
        """The article's title."""
        return Sentence(self.article.title, self.article)

    @cached_property
    def all(self) -> tuple[Sentence, ...]:
        """The title and every sentence, in order."""
        return (self.title, *(self._at(low, high) for low, high in self._spans))

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return list(sentence_spans(self.article.text, self.passage.start, self.passage.end))

    @cached_property
    def _made(self) -> dict[tuple[int, int], Sentence]:
        return {}

    def _at(self, low: int, high: int) -> Sentence:
        if (low, high) not in self._made:
            self._made[low, high] = Sentence(" ".join(self.article.text[low:high].split()), self.article)
        return self._made[low, high]


def _length(text: str) -> int:
    """Return how long a text is on one line, the space kept that it ends in."""
    line = " ".join(text.split())
    return len(line) + (line != "" and text[-1].isspace())


@dataclass(frozen=True)
class Fact:
    """A stretch of an article that may answer: where it stands in its sentence, which begins at `low` in the text."""

    sentence: Sentence
    start: int
    end: int
    low: int
    sentences: Sentences

    @property
    def article(self) -> Article:
        """The article that says it."""
        return self.sentence.article

    @property
    def before(self) -> Iterator[Sentence]:
        """The sentences before its own in its passage, the nearest first, the title last: what tells its time."""
        return self.sentences.before(self.low)

    @property
    def after(self) -> str:
        """What follows it in its sentence."""
        return self.sentence.text[self.end :]

    @cached_property
    def part(self) -> tuple[int, int]:
        """Where its part of a list (`…; …`) begins and ends in its sentence; all of it if it is no list."""
        text = self.sentence.text
        end = text.find(";", self.end)
        return text.rfind(";", 0, self.start) + 1, end if end >= 0 else len(text)

    @property
    def clause(self) -> str:
        """The clause of its sentence that it stands in."""
        return self.sentence.text[slice(*self.clause_span)]

    @cached_property
    def clause_span(self) -> tuple[int, int]:
        """Where in its sentence its clause begins and ends."""
        text = self.sentence.text
        low = max((m.end() for m in CLAUSE_END.finditer(text, 0, self.start)), default=0)
        end = CLAUSE_END.search(text, self.end)
        return low, end.start() if end else len(text)

    @cached_property
    def folded(self) -> tuple[int, int]:
        """Where it begins and ends in its sentence without accents."""
        offsets = self.sentence.folded.offsets
        return bisect_left(offsets, self.start), bisect_left(offsets, self.end)
