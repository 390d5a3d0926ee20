"""Dates as Vietnamese articles give them: whole, by month, by year; and an article's own date, found in its text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date of which the day, or day and month, may be unknown. Its text is an ISO 8601 prefix: `2018-08`."""

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        """Return `2018`, `2018-08` or `2018-08-12`."""
        parts = [f"{self.year:04}", f"{self.month:02}", f"{self.day:02}"]
        return "-".join(parts[: 1 + bool(self.month) + bool(self.day)])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an ISO prefix, `12/8/2018` or `8/2018`; `ValueError` if it is none of them or no such day exists."""
        text = text.strip()
        if match := re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ].*)?", text):
            year, month, day = (int(part or 0) for part in match.groups())
        elif match := re.fullmatch(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})", text):
            day, month, year = (int(part or 0) for part in match.groups())
        else:
            raise ValueError(text)
        return cls.of(year, month, day)

    @classmethod
    def of(cls, year: int, month: int = 0, day: int = 0) -> Self:
        """Build a date that exists; `ValueError` otherwise."""
        if not FIRST_YEAR <= year <= LAST_YEAR or (day and not month):
            raise ValueError((year, month, day))
        date(year, month or 1, day or 1)
        return cls(year, month, day)

    @property
    def first(self) -> date:
        """The first day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day it can mean."""
        if self.day:
            return self.first
        if not self.month:
            return date(self.year, 12, 31)
        return date(self.year + self.month // 12, self.month % 12 + 1, 1) - timedelta(days=1)

    def in_vietnamese(self) -> str:
        """Return `ngày 12/8/2018`, `tháng 8/2018` or `năm 2018`."""
        if self.day:
            return f"ngày {self.day}/{self.month}/{self.year}"
        return f"tháng {self.month}/{self.year}" if self.month else f"năm {self.year}"


@dataclass(frozen=True, slots=True)
class Mention:
    """A date as written: `text[start:end]`. `last` differs from `date` for a range of years; `year` may be missing."""

    start: int
    end: int
    date: PartialDate
    last: PartialDate


_DAY, _MONTH, _YEAR = r"(?P<d>\d{1,2})", r"(?P<m>\d{1,2})", r"(?P<y>(?:19|20)\d{2})"
_SEPARATOR = r"\s?[/.\-–]\s?"
MENTION = re.compile(
    r"(?<![\d/])(?:"
    rf"{_DAY}{_SEPARATOR}{_MONTH}{_SEPARATOR}{_YEAR}"
    r"|(?P<d2>\d{1,2})\s+tháng\s+(?P<m2>\d{1,2})(?:\s+năm\s+|,?\s+)(?P<y2>(?:19|20)\d{2})"
    r"|(?:tháng\s+)?(?P<m3>\d{1,2})(?:\s?[/\-]\s?|\s+năm\s+)(?P<y3>(?:19|20)\d{2})"
    r"|(?P<y4>(?:19|20)\d{2})\s?[-–]\s?(?P<y5>(?:19|20)\d{2})"
    r"|(?P<y6>(?:19|20)\d{2})"
    r")(?![\d%]|[.,]\d)",
    re.IGNORECASE,
)


def mentions(text: str) -> Iterator[Mention]:
    """Yield the dates and years written in `text`, left to right; a number that is no date is passed over."""
    for match in MENTION.finditer(text):
        groups = match.groupdict()
        year = next((groups[k] for k in ("y", "y2", "y3", "y4", "y6") if groups[k]), "")
        month = next((groups[k] for k in ("m", "m2", "m3") if groups[k]), 0)
        day = next((groups[k] for k in ("d", "d2") if groups[k]), 0)
        try:
            found = PartialDate.of(int(year), int(month), int(day))
        except ValueError:
            continue
        last = PartialDate(int(groups["y5"])) if groups["y5"] else found
        yield Mention(*match.span(), found, last)


HEADER = re.compile(
    r"(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy)|chủ\s+nhật)\W+(?P<a>\d{1,2}[/-]\d{1,2}[/-]\d{4})"
    r"|(?P<b>\d{1,2}[/-]\d{1,2}[/-]\d{4})\W{1,4}\d{1,2}[:h]\d{2}"
    r"|\d{1,2}[:h]\d{2}\W{1,4}(?:ngày\s+)?(?P<c>\d{1,2}[/-]\d{1,2}[/-]\d{4})",
    re.IGNORECASE,
)
DATELINE = re.compile(r"^\W*(?:\([^)\n]{1,30}\)\s*[-–.]*\s*)?(?:sáng|chiều|tối)?\s*,?\s*ngày\s", re.IGNORECASE)
PLAN = re.compile(
    r"(?:kế hoạch|phương hướng|nhiệm vụ|mục tiêu|tầm nhìn|chiến lược|nhiệm kỳ|đề án|chương trình|đến năm|dự kiến"
    r"|trong năm tới)[^.;:\n]{0,60}$",
    re.IGNORECASE,
)
TODAY = re.compile(r"hôm nay|sáng nay|chiều nay|tối nay|ngày mai|hôm qua", re.IGNORECASE)
DAY_MONTH = re.compile(r"(?:ngày|sáng|chiều|tối)\s+(\d{1,2})\s?[/-]\s?(\d{1,2})(?!\s?[/\-–.]?\d)", re.IGNORECASE)
HEADER_CHARACTERS = 300


def infer_date(body: str) -> PartialDate | None:
    """Find an article's own date in its text, most certain sign first; None where nothing speaks for one.

    A page header (weekday or clock time by a date), a dateline that opens the text, else the latest year the text looks
    back on (plans count by their first year), made whole when the text says "hôm nay" and names one day and month.
    """
    for region in (body[:HEADER_CHARACTERS], body[-HEADER_CHARACTERS:]):
        if header := HEADER.search(region):
            return PartialDate.parse(next(group for group in header.groups() if group))
    for line in body[:HEADER_CHARACTERS].split("\n"):
        if dateline := DATELINE.match(line):
            first = next(mentions(line[: dateline.end() + 12]), None)
            if first and first.date.day:
                return first.date
    years = [
        mention.date.year if PLAN.search(body[max(0, mention.start - 80) : mention.start]) else mention.last.year
        for mention in mentions(body)
        if mention.last is not mention.date or not PLAN.search(body[max(0, mention.start - 80) : mention.start])
    ]
    if not years:
        return None
    year = max(years)
    days = {(int(day), int(month)) for day, month in DAY_MONTH.findall(body)}
    if TODAY.search(body) and len(days) == 1:
        ((day, month),) = days
        try:
            return PartialDate.of(year, month, day)
        except ValueError:
            return PartialDate(year)
    return PartialDate(year)
