"""When a fact holds: the times that its sentence, passage and article give it, held against the time asked about.

A fact takes its time from the words nearest to it: its own part of a list, else the last date before it in its
sentence or the first one after it, else the last one named before the sentence, else the article's date. Words such as
"năm nay" count from that.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from corpus.article import Article
from corpus.dates import DAY_MONTH, PartialDate, times
from qa.question.types import Kind, Question, Window
from qa.ranking.fact import Fact

REPORTED_DAYS = 7
YEAR = 366
LONGER_THAN_A_MONTH = 32
LEADING = 12
OPENING, OPENED = 40, re.compile(r"(?: năm \d{4}| ?/\d{4})?\)?\s[-–]\s")
_NOT_COUNTED = "".join(f"(?<!{word} )" for word in (r"\d", "hai", "ba", "bốn", "mấy", "vài", "nhiều", "những", "các"))
RELATIVE = re.compile(
    r"\b(?:(?P<now>năm nay)|(?P<two>(?:hai|2) năm (?:vừa )?qua)|(?P<three>(?:ba|3) năm (?:vừa )?qua)"
    rf"|{_NOT_COUNTED}(?:(?P<last>năm (?:ngoái|trước))|(?P<past>năm (?:vừa )?qua))"
    r"|(?P<next>năm tới|(?<!bước )sang năm(?!\s\d)))\b",
    re.IGNORECASE,
)
YEARS_FROM_NOW = {"now": (0, 0), "two": (-2, 0), "three": (-3, 0), "last": (-1, -1), "past": (-1, 0), "next": (1, 1)}


class Fit(StrEnum):
    """How a fact's time sits with the question's; `near`: another date stands nearer to it in its sentence."""

    SAME = "same"
    NEAR = "near"
    UNKNOWN = "unknown"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Dated:
    """A time named in a text, and where."""

    start: int
    end: int
    window: Window


def is_dateline(fact: Fact) -> bool:
    """Tell whether a date is the one that an article opens with ("Huế, ngày 10 tháng 5 năm 2018 - …")."""
    return fact.start < OPENING and bool(OPENED.match(fact.sentence, fact.end))


def time_fit(question: Question, fact: Fact) -> Fit:
    """Hold the fact's times against the time asked about; a question that names none fits any."""
    if question.window is None:
        return Fit.SAME
    nearest, others = fact_times(question.kind, fact)
    if met := [time for time in nearest if question.window.meets(time)]:
        is_part = question.kind is Kind.HOW_MANY and all(_is_season(time, question.window) for time in met)
        return Fit.NEAR if is_part else Fit.SAME
    if any(question.window.meets(time) for time in others):
        return Fit.NEAR
    return Fit.OTHER if nearest else Fit.UNKNOWN


def _is_season(time: Window, asked: Window) -> bool:
    """Tell whether a time is some months of the year asked about: a half year's count is not the year's.

    A day or a single month tells when something was, and not how long was counted.
    """
    days, whole = (time.last - time.first).days, (asked.last - asked.first).days
    return days >= LONGER_THAN_A_MONTH and days * 4 < whole * 3 and whole <= YEAR


def fact_times(kind: Kind, fact: Fact) -> tuple[list[Window], list[Window]]:
    """Return the times that a fact holds at, and those that its sentence names further away from it.

    An office is held when the article speaks, and at a date that its sentence begins with or names after the name: one
    in between ("two years after the meeting of December 2021, Director X said") is of something else, and one still to
    come is a plan. A question for a date is about an event, whose sentence and article may both name its time.
    """
    stated, spoken = dated(fact.sentence, fact.article), article_window(fact.article)
    if kind is Kind.WHO and spoken:
        named = [d.window for d in stated if d.start <= LEADING or d.start > fact.start]
        held = [time for time in named if (time.last - time.first).days <= YEAR and time.first <= spoken[0].last]
        return held + spoken, []
    if kind is Kind.WHEN:
        return [d.window for d in stated] + spoken, []
    if not stated:
        last = [d.window for d in dated(fact.before, fact.article)[-1:]]
        return last or spoken, spoken
    own = _of_own_part(fact, stated)
    if own:
        return [d.window for d in own], [d.window for d in stated if d.start <= LEADING and d not in own]
    before = [d for d in stated if d.start < fact.end]
    nearest = before[-1] if before else stated[0]
    return [nearest.window], [d.window for d in stated if d is not nearest]


def _of_own_part(fact: Fact, stated: Sequence[Dated]) -> list[Dated]:
    """Return the dates of the fact's part of a list (`…; …; …`) in which other parts have dates of their own."""
    low, high = fact.part
    own = [d for d in stated if low <= d.start < high]
    return own if own and len(own) < len(stated) else []


def dated(text: str, article: Article) -> list[Dated]:
    """Return the times a text names, left to right; without a year they are of the article's, if it has one."""
    found = [Dated(m.start, m.end, Window(m.date.first, m.last.last)) for m in times(text)]
    if article.date:
        found += [*_days(text, article.date.year), *_relative(text, article.date.year)]
    return sorted(found, key=lambda d: (d.start, d.end))


def _days(text: str, year: int) -> Iterator[Dated]:
    for match in DAY_MONTH.finditer(text):
        try:
            when = PartialDate.of(year, int(match[2]), int(match[1]))
        except ValueError:
            continue
        yield Dated(match.start(), match.end(), Window(when.first, when.last))


def _relative(text: str, year: int) -> Iterator[Dated]:
    for match in RELATIVE.finditer(text):
        first, last = YEARS_FROM_NOW[str(match.lastgroup)]
        yield Dated(match.start(), match.end(), Window(date(year + first, 1, 1), date(year + last, 12, 31)))


def article_window(article: Article) -> list[Window]:
    """Return the days an article speaks of: an article of a day also reports on the days before it."""
    if not article.date:
        return []
    before = timedelta(days=REPORTED_DAYS if article.date.day else 0)
    return [Window(article.date.first - before, article.date.last)]
