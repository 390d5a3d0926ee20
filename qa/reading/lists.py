"""Lists of events in running text: which entry a question means, and which part of it answers.

News lists meetings as "Gặp gỡ Nhật Bản (Bình Định, 7/7/2023; Hà Nội, 2/11/2023); Giới thiệu Cao Bằng (3/10/2023)", or
"ba lần họp tại Bình Định (7/7), Bình Dương (9/9)". A span reader finds the sentence and takes the entry next to the
right one. The question's event, place and day say which entry is meant; where and when then have their answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.article import Article
from corpus.text import fold, syllables
from qa.question.asked import Asked
from qa.question.types import Kind, Window
from qa.reading.spans import Span
from qa.vietnamese.places import PLACES, countries, one_of, provinces

ENTRIES = 2
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


def pick(asked: Asked, article: Article, sentence: tuple[int, int], spans: Sequence[Span]) -> list[tuple[Span, bool]]:
    """Return a sentence's spans, those of a list that the question asks about set right, each with whether it is meant.

    For where and when, the spans in the list give way to the places or the days of the entries meant, with the score of
    the first, the reader's best; for other questions, a span of an entry that isn't meant is marked.
    """
    listed = entries(article, *sentence)
    wanted = meant(asked, listed)
    if wanted is None:
        return [(span, True) for span in spans]
    inside = [span for span in spans if any(entry.holds(span) for entry in listed)]
    if asked.kind not in (Kind.WHERE, Kind.WHEN):
        return [(span, span not in inside or any(entry.holds(span) for entry in wanted)) for span in spans]
    told = _told(asked.kind, article, listed, wanted, inside[0]) if inside else []
    return [(span, True) for span in (*told, *(span for span in spans if span not in inside))]


def _told(kind: Kind, article: Article, listed: Sequence[Entry], wanted: Sequence[Entry], span: Span) -> list[Span]:
    """Return the places or the days of the entries meant; the reader's span if they have none and it names no event."""
    parts = [entry.place if kind is Kind.WHERE else entry.when for entry in wanted]
    told = [replace(span, start=part[0], end=part[1], text=article.text[slice(*part)]) for part in parts if part]
    is_named = any(" ".join(span.text.split()[:2]) in entry.event for entry in listed)
    return told or ([span] if wanted and not is_named else [])


def meant(asked: Asked, listed: Sequence[Entry]) -> list[Entry] | None:
    """Return the entries that a question can mean, perhaps none of them; None if it doesn't ask about the list."""
    shared = [len(asked.folded_words & {fold(word) for word in syllables(entry.event)}) for entry in listed]
    most = max(shared, default=0)
    if most < SHARED_SYLLABLES:
        return None
    best = [entry for entry, count in zip(listed, shared, strict=True) if count == most]
    events = " ".join(entry.event for entry in best)
    if asked.abroad and countries(events):
        best = [entry for entry in best if asked.abroad & countries(entry.event)]
    elsewhere = asked.provinces - provinces(events)
    return [entry for entry in best if _fits(entry, elsewhere, asked.window)]


def _fits(entry: Entry, provinces: frozenset[str], window: Window | None) -> bool:
    is_elsewhere = bool(provinces and entry.provinces) and not provinces & entry.provinces
    return not is_elsewhere and not (window and entry.days and not window.meets(entry.days))
