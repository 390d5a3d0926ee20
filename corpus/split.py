"""`Article` → `Passage`s of about 200 tokens that begin and end with a sentence."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice

from corpus.article import Article, Passage, context_line
from corpus.text import SYLLABLE, sentence_spans, syllables, trim

TARGET_SYLLABLES = 150
MAX_SYLLABLES = 200
MIN_SYLLABLES = 40
MAX_CHARACTERS = 8 * MAX_SYLLABLES
NEAR_BY = 2_000
CLAUSE_END = re.compile(r"[;:]\s|,\s")


def split_article(article: Article) -> list[Passage]:
    """Cut an article into passages, in order; they never overlap, and furniture lies in none of them."""
    context = context_line(article.title, article.source, article.date)
    return [
        Passage(article.id, start, end, article.text[start:end], context)
        for run in _runs(article)
        for start, end in _pack(article.text, [s for span in run for s in _sentences(article.text, *span)])
    ]


def _runs(article: Article) -> Iterator[list[tuple[int, int]]]:
    """Yield the article's stretches between two pieces of furniture, each as the spans of its paragraphs."""
    walls = [dropped.start for dropped in article.dropped]
    run: list[tuple[int, int]] = []
    for start, end in article.blocks:
        if run and bisect_left(walls, run[-1][1]) < bisect_left(walls, start):
            yield run
            run = []
        if run and _goes_on(article.text, run[-1], start):
            run[-1] = (run[-1][0], end)
        else:
            run.append((start, end))
    if run:
        yield run


def _goes_on(text: str, before: tuple[int, int], start: int) -> bool:
    """Tell whether a line continues the sentence of the line above it: no full stop there, lower case here."""
    return text[before[1] : start] == "\n" and text[start].islower() and text[before[1] - 1] not in ".!?…:;"


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for low, high in sentence_spans(text, start, end):
        yield from _cut_long(text, low, high)


def _cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a sentence that no passage can hold, at a clause if there is one, else between words, else anywhere."""
    while end - start > MAX_CHARACTERS or len(syllables(text[start:end])) > MAX_SYLLABLES:
        window = text[start : min(end, start + MAX_CHARACTERS)]
        ends = [match.end() for match in islice(SYLLABLE.finditer(window), MAX_SYLLABLES)]
        window = window[: ends[-1]] if ends else window
        clauses = [match.end() for match in CLAUSE_END.finditer(window, len(window) // 2)]
        cut = start + (clauses[-1] if clauses else len(window))
        if cut >= end:
            break
        yield trim(text, start, cut)
        start = trim(text, cut, end)[0]
    if start < end:
        yield start, end


def _pack(text: str, sentences: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join sentences into passages near the target size; a short rest joins the passage before it."""
    packed: list[tuple[int, int, int]] = []
    for start, end in sentences:
        size = len(syllables(text[start:end]))
        if packed:
            first, _, before = packed[-1]
            limit = MAX_SYLLABLES if before < MIN_SYLLABLES else TARGET_SYLLABLES
            if before + size <= limit and end - first <= MAX_CHARACTERS:
                packed[-1] = (first, end, before + size)
                continue
        packed.append((start, end, size))
    if len(packed) > 1:
        (first, _, before), (_, end, size) = packed[-2:]
        if size < MIN_SYLLABLES and before + size <= MAX_SYLLABLES and end - first <= MAX_CHARACTERS:
            packed[-2:] = [(first, end, before + size)]
    return ((start, end) for start, end, _ in packed)


def sentence_around(text: str, start: int, end: int, within: Passage | None = None) -> tuple[int, int]:
    """Return the span of the sentence or sentences that hold `text[start:end]`, looked for in a passage or near by."""
    low, high = (within.start, within.end) if within else (max(0, start - NEAR_BY), min(len(text), end + NEAR_BY))
    sentences = [(a, b) for a, b in sentence_spans(text, low, high) if a < end and b > start]
    return (min(sentences[0][0], start), max(sentences[-1][1], end)) if sentences else (start, end)
