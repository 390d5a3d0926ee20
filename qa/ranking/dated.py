"""The times that a text names, each with where it is named.

A day without a year is of the article's year, and words such as "năm nay" count from that.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from corpus.article import Article
from corpus.dates import DAY_MONTH, PartialDate, times
from qa.question.types import Window

_NOT_COUNTED = "".join(f"(?<!{word} )" for word in (r"\d", "hai", "ba", "bốn", "mấy", "vài", "nhiều", "những", "các"))
RELATIVE = re.compile(
    r"\b(?:(?P<now>năm nay)|(?P<two>(?:hai|2) năm (?:vừa )?qua)|(?P<three>(?:ba|3) năm (?:vừa )?qua)"
    rf"|{_NOT_COUNTED}(?:(?P<last>năm (?:ngoái|trước))|(?P<past>năm (?:vừa )?qua))"
    r"|(?P<next>năm tới|(?<!bước )sang năm(?!\s\d)))\b",
    re.IGNORECASE,
)
YEARS_FROM_NOW = {"now": (0, 0), "two": (-2, 0), "three": (-3, 0), "last": (-1, -1), "past": (-1, 0), "next": (1, 1)}


@dataclass(frozen=True, slots=True)
class Dated:
    """A time named in a text, and where; `is_written`: its year is written, not taken from the article."""

    start: int
    end: int
    window: Window
    is_written: bool = False


def dated(text: str, article: Article) -> list[Dated]:
    """Return the times a text names, left to right; without a year they are of the article's, if it has one."""
    found = [Dated(m.start, m.end, Window(m.date.first, m.last.last), is_written=True) for m in times(text)]
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
