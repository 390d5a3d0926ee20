"""A candidate as it is made of an article, and what speaks against it."""

from collections.abc import Callable

import pytest

from corpus.article import Article, Passage
from corpus.dates import PartialDate
from index.search import Hit
from qa.question.asked import Asked
from qa.question.parse import parse_question
from qa.ranking.candidates import Candidate
from qa.ranking.fact import Fact, Sentence, Sentences
from qa.ranking.signals import SIGNALS, weigh
from qa.ranking.time import time_fit
from qa.reading.spans import Span


@pytest.fixture(scope="session")
def fact_in() -> Callable[..., Fact]:
    """Return what an article says `at` a place of a sentence, or in all of it: `before` and `after` stand around it."""

    def find(sentence: str, at: str = "", *, before: str = "", after: str = "", when: str | None = None) -> Fact:
        text = "\n".join(filter(None, (before, sentence, after)))
        article = Article("a.md", "/a.md", "", text, (), date=PartialDate.parse(when) if when else None)
        start = (len(before) + 1 if before else 0) + sentence.index(at)
        passage = Passage("a.md", 0, len(text), text, "")
        return Sentences(article, passage).fact(start, start + len(at or sentence))

    return find


@pytest.fixture(scope="session")
def fact_of() -> Callable[..., Fact]:
    """Return a stretch of a sentence that is one whatever stands in it."""

    def make(sentence: str, start: int, end: int) -> Fact:
        article = Article("a.md", "/a.md", "", sentence, ())
        whole = Sentences(article, Passage("a.md", 0, len(sentence), sentence, ""))
        return Fact(Sentence(sentence, article), start, end, 0, whole)

    return make


@pytest.fixture(scope="session")
def as_candidate() -> Callable[[Asked, Fact], Candidate]:
    """Return a fact as an answer to a question, of which reader and search say nothing."""

    def make(asked: Asked, fact: Fact) -> Candidate:
        span = Span(fact.start, fact.end, fact.sentence.text[fact.start : fact.end], 0.0)
        return Candidate(span, Hit(0, fact.sentences.passage, 0.0, None, None), fact, time_fit(asked, fact))

    return make


@pytest.fixture(scope="session")
def against(as_candidate: Callable[[Asked, Fact], Candidate]) -> Callable[..., dict[str, float]]:
    """Return what speaks against a fact as the answer to a question, and how much, by the rules of some modules."""

    def ask(question: str, fact: Fact, *modules: str) -> dict[str, float]:
        asked = Asked(parse_question(question))
        rules = [s for s in SIGNALS if s.weight < 0 and s.value.__module__.rpartition(".")[2] in modules]
        return {name: -worth for name, worth in weigh(asked, [as_candidate(asked, fact)], rules)[0].because}

    return ask
