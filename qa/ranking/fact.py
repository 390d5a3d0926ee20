"""A stretch of an article that may answer, with what stands around it."""

import re
from dataclasses import dataclass

from corpus.article import Article, Passage
from corpus.split import sentence_around
from qa.reading.spans import Span

CLAUSE_END = re.compile(r"[,;:]\s| và ")


@dataclass(frozen=True, slots=True)
class Fact:
    """A stretch of an article that may answer: its sentence (on one line), where in it, and what stands before it."""

    sentence: str
    start: int
    end: int
    before: str
    article: Article

    @property
    def part(self) -> tuple[int, int]:
        """Where the fact's part of a list (`…; …`) begins and ends in its sentence; all of it if it is no list."""
        end = self.sentence.find(";", self.end)
        return self.sentence.rfind(";", 0, self.start) + 1, end if end >= 0 else len(self.sentence)


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


def clause(fact: Fact) -> str:
    """Return the clause of its sentence that a fact stands in."""
    return fact.sentence[slice(*clause_span(fact))]


def clause_span(fact: Fact) -> tuple[int, int]:
    """Return where in its sentence the clause of a fact begins and ends."""
    low = max((m.end() for m in CLAUSE_END.finditer(fact.sentence, 0, fact.start)), default=0)
    end = CLAUSE_END.search(fact.sentence, fact.end)
    return low, end.start() if end else len(fact.sentence)
