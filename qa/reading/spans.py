"""Logits → spans: whole words, whole numbers, nothing over a line break."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.article import Passage
from corpus.text import trim

MAX_TOKENS = 512
MAX_QUESTION_TOKENS = 160
MAX_SPAN_TOKENS = 48
SPANS_PER_PASSAGE = 3
STARTS = 12
EDGES = " \t\n,;:.…–-*|"
NUMBER = 12
ENUMERATOR = 2
NUMBER_BEFORE = re.compile(r"(?:\d+[/.,])*\d*$")
NUMBER_AFTER = re.compile(r"\d*(?:[/.,]\d+)*%?")
PAIRS = {"(": ")", "[": "]", "“": "”", "‘": "’", '"': '"'}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of `article.text` that may answer; `score` is its logits less those of "no answer here"."""

    start: int
    end: int
    text: str
    score: float


class SpanReader(Protocol):
    """Points at the stretches of passages that may answer; `fingerprint` changes whenever the spans would."""

    @property
    def name(self) -> str:
        """What the user called it: `shipped`, a path, or a hub name."""
        ...

    @property
    def fingerprint(self) -> str:
        """A hash of everything that decides the spans."""
        ...

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[Span]]:
        """Return for each passage its best spans, best first; offsets are of the article's text."""
        ...


def decode(
    logits: NDArray[np.float32], offsets: NDArray[np.int64], body: NDArray[np.int64], passage: Passage
) -> list[Span]:
    """Turn `(n, 2)` start and end logits into spans; `body` lists the passage's tokens.

    Spans of a passage neither overlap nor run over a line break.
    """
    if not len(body):
        return []
    nothing = float(logits[0].sum())
    starts, ends = logits[body, 0], logits[body, 1]
    breaks = [place for place, character in enumerate(passage.text) if character == "\n"]
    line = np.searchsorted(breaks, offsets[body, 1] - 1)
    spans: list[Span] = []
    candidates = []
    for i in np.argsort(-starts, kind="stable")[:STARTS].tolist():
        reach = ends[i : min(i + MAX_SPAN_TOKENS, int(np.searchsorted(line, line[i], side="right")))]
        for j in np.argsort(-reach, kind="stable")[:SPANS_PER_PASSAGE].tolist():
            candidates.append((float(starts[i] + reach[j]) - nothing, i, i + j))
    for score, i, j in sorted(candidates, key=lambda c: (-c[0], c[1], c[2])):
        low, high = whole_words(passage.text, max(0, int(offsets[body[i], 0])), int(offsets[body[j], 1]))
        start, end = passage.start + low, passage.start + high
        if low >= high or "\n" in passage.text[low:high]:
            continue
        if not any(start < span.end and span.start < end for span in spans):
            spans.append(Span(start, end, passage.text[low:high], score))
            if len(spans) == SPANS_PER_PASSAGE:
                break
    return spans


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Tidy a span, then widen it to whole words and numbers: a token may begin or end inside a name, or a date."""
    start, end = tidy(text, start, end)
    while 0 < start < end and text[start].isalpha() and text[start - 1].isalpha():
        start -= 1
    while start < end < len(text) and text[end - 1].isalpha() and text[end].isalpha():
        end += 1
    if start < end and text[start].isdigit() and (before := NUMBER_BEFORE.search(text, max(0, start - NUMBER), start)):
        start = before.start()
    if start < end and text[end - 1].isdigit() and (after := NUMBER_AFTER.match(text, end, end + NUMBER)):
        end = after.end()
    return start, end


def tidy(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop white space and stray punctuation at a span's ends, and a bracket or quote that lost its partner."""
    while True:
        before = (start, end)
        start, end = trim(text, start, end)
        while end > start and text[end - 1] in EDGES:
            end -= 1
        while end > start and text[start] in EDGES:
            start += 1
        span = text[start:end]
        for opening, closing in PAIRS.items():
            closed, opened = span.find(closing), span.find(opening)
            if (
                opening != closing and ENUMERATOR < closed < opened
            ):  # the end of one quotation and the beginning of the next
                end = start + closed
                break
            is_odd = span.count(opening) % 2 == 1 if opening == closing else span.count(opening) != span.count(closing)
            is_crossed = opening != closing and (span.startswith(closing) or span.endswith(opening))
            if (is_odd or is_crossed) and span.startswith(closing if is_crossed else (opening, closing)):
                start += 1
            elif (is_odd or is_crossed) and span.endswith((opening, closing)):
                end -= 1
            if (start, end) != before:
                break
        if (start, end) == before or start >= end:
            return start, max(start, end)
