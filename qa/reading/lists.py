"""Lists of events in running text: which entry a question means, and which part of it answers.

News lists meetings as "Gặp gỡ Nhật Bản (Bình Định, 7/7/2023; Hà Nội, 2/11/2023); Giới thiệu Cao Bằng (3/10/2023)", or
"ba lần họp tại Bình Định (7/7), Bình Dương (9/9)". A span reader finds the sentence and takes the entry next to the
right one. The question's event, place and day say which entry is meant; where and when then have their answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.article import Article, Passage
from corpus.split import sentence_around
from corpus.text import fold, syllables
from qa.question.types import Kind, Question, Window
from qa.reading.spans import Span
from qa.vietnamese.places import PLACES, countries, one_of, provinces

ENTRIES = 2
NOT_MEANT = 20.0  # logits
SHARED_SYLLABLES = 2
_PLACE = rf"(?:(?:tỉnh|thành phố|TP\.?|Tp\.?)\s*)?{one_of(PLACES)}"
_DATE = (
    r"(?:ngày\s)?(?:(?P<d1>\d{1,2})(?:/(?P<m1>\d{1,2}))?\s?[-–]\s?)?(?<!\d)(?P<d2>\d{1,2})/(?P<m>\d{1,2})(?:/(?P<y>\d{4}))?"
    r"(?![\d/])"
)
ENTRY = re.compile(rf"(?:(?:^|(?<=[;,])|(?<= và))\s*(?P<place>{_PLACE})\s*,\s*)?(?P<date>{_DATE})")
BRACKETS = re.compile(r"(?P<head>[^();,:]{2,80})\((?P<body>[^()]{3,300})\)")
LOCATED = re.compile(rf"(?:\b(?:tại|ở)\s+|^\s*(?:và\s+)?)(?P<place>{_PLACE})$")
SHARE = re.compile(r"(?:chiếm|tổng số|tỷ lệ)\s*$")
YEAR = re.compile(r"(?<![\d/–-])(?:19|20)\d{2}\b(?!\s?[-–])")


@dataclass(frozen=True, slots=True)
class Entry:
    """One happening of a list: the words that name it, and the stretches of the article that tell where and when."""

    event: str
    start: int
    end: int
    place: tuple[int, int] | None
    when: tuple[int, int]
    days: Window | None
    provinces: frozenset[str]

    def holds(self, span: Span) -> bool:
        """Whether a span touches this entry."""
        return span.start < self.end and self.start < span.end


def entries(article: Article, low: int, high: int) -> list[Entry]:
    """Return the entries listed in a stretch of an article; none if there are fewer than `ENTRIES`."""
    text = article.text[low:high]
    found: list[Entry] = []
    event = ""
    for match in BRACKETS.finditer(text):
        years = YEAR.findall(text[: match.start("body")])
        year = int(years[-1]) if years else article.date.year if article.date else None
        whole = match["head"].rstrip()
        head = whole[next((i for i, c in enumerate(whole) if c.isupper()), 0) :]
        at_end = None if _tells_place(match["body"]) else LOCATED.search(whole)
        own = head[: max(0, len(head) - len(at_end[0]))] if at_end else head
        event = own if len(syllables(own)) >= SHARED_SYLLABLES else event
        start = low + match.start("head")
        for inner in ENTRY.finditer(match["body"]):
            if SHARE.search(match["body"], 0, inner.start("date")):
                continue
            place = _span(inner, "place", low + match.start("body"))
            if not place and at_end:
                place = _span(at_end, "place", low + match.start("head"))
            when = (low + match.start("body") + inner.start("date"), low + match.start("body") + inner.end("date"))
            where = frozenset(provinces(article.text[slice(*place)])) if place else frozenset()
            found.append(Entry(event, start, when[1], place, when, _days(inner, year), where))
            start = when[1]
    return found if len(found) >= ENTRIES else []


def _tells_place(body: str) -> bool:
    return any(inner["place"] for inner in ENTRY.finditer(body))


def _span(match: re.Match[str], name: str, shift: int) -> tuple[int, int] | None:
    return (shift + match.start(name), shift + match.end(name)) if match[name] else None


def _days(match: re.Match[str], year: int | None) -> Window | None:
    year = int(match["y"]) if match["y"] else year
    if year is None:
        return None
    try:
        last = date(year, int(match["m"]), int(match["d2"]))
        first = last.replace(month=int(match["m1"] or match["m"]), day=int(match["d1"] or match["d2"]))
        return Window(min(first, last), last)
    except ValueError:
        return None


def pick(question: Question, article: Article, passage: Passage, spans: Sequence[Span]) -> list[Span]:
    """Return a passage's spans, those of a list that the question asks about set right.

    For where and when, the spans in the list give way to the places or the days of the entries meant, with the score of
    the first, the reader's best; for other questions, a span of an entry that isn't meant loses `NOT_MEANT`.
    """
    picked: list[Span] = []
    given: set[int] = set()
    read: dict[tuple[int, int], tuple[list[Entry], list[Entry] | None]] = {}
    for span in spans:
        low, high = sentence = sentence_around(article.text, span.start, span.end, passage)
        if sentence not in read:
            found = entries(article, low, high)
            read[sentence] = found, meant(question, found)
        listed, wanted = read[sentence]
        if wanted is None or not any(entry.holds(span) for entry in listed):
            picked.append(span)
        elif question.kind not in (Kind.WHERE, Kind.WHEN):
            is_meant = any(entry.holds(span) for entry in wanted)
            picked.append(span if is_meant else replace(span, score=span.score - NOT_MEANT))
        elif low not in given:
            given.add(low)
            parts = [entry.place if question.kind is Kind.WHERE else entry.when for entry in wanted]
            told = [Span(*part, article.text[slice(*part)], span.score) for part in parts if part]
            is_named = any(" ".join(span.text.split()[:2]) in entry.event for entry in listed)
            picked += told or ([span] if wanted and not is_named else [])
    return picked


def meant(question: Question, listed: Sequence[Entry]) -> list[Entry] | None:
    """Return the entries that a question can mean, perhaps none of them; None if it doesn't ask about the list."""
    asked = {fold(word) for word in syllables(question.text)}
    shared = [len(asked & {fold(word) for word in syllables(entry.event)}) for entry in listed]
    most = max(shared, default=0)
    if most < SHARED_SYLLABLES:
        return None
    best = [entry for entry, count in zip(listed, shared, strict=True) if count == most]
    events = " ".join(entry.event for entry in best)
    abroad = countries(question.about) - {"Việt Nam"}
    if abroad and countries(events):
        best = [entry for entry in best if abroad & countries(entry.event)]
    elsewhere = provinces(question.about) - provinces(events)
    return [entry for entry in best if _fits(entry, elsewhere, question.window)]


def _fits(entry: Entry, asked: set[str], window: Window | None) -> bool:
    is_elsewhere = bool(asked and entry.provinces) and not asked & entry.provinces
    return not is_elsewhere and not (window and entry.days and not window.meets(entry.days))
