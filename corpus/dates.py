"""Dates as Vietnamese articles give them: whole, by month, by year; and an article's own date, found in its text."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from corpus.text import fold, is_unaccented, unaccent

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
        """Read an ISO prefix, `12/8/2018` or `8/2018`; `ValueError` if it is none of them or no such day exists.

        A time of day after a whole ISO date (`T10:00`, ` 10:00:00+07:00`) is left out.
        """
        text = text.strip()
        if match := re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?)?)?", text):
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
_UNTIL = r"\s+(?:đến|tới|den|toi)\s+(?:h[ếe]t\s+)?(?:n[ăa]m\s+)?"
_COUNTED = (
    r"(?:đại biểu|người|đoàn|doanh nghiệp|lượt|cán bộ|tỷ|tỉ|triệu|nghìn|USD|km|dự án"
    r"|dai bieu|nguoi|doanh nghiep|luot|can bo|trieu|đồng(?!\s+(?:chí|chủ|thời|bào|hành|loạt)))\b"
)
MENTION = re.compile(
    r"(?<![\d/])(?:"
    rf"{_DAY}{_SEPARATOR}{_MONTH}{_SEPARATOR}{_YEAR}"
    r"|(?P<d2>\d{1,2})\s+th[áa]ng\s+(?P<m2>\d{1,2})(?:\s+n[ăa]m\s+|,?\s+)(?P<y2>(?:19|20)\d{2})"
    r"|(?:th[áa]ng\s+)?(?P<m3>\d{1,2})\s?[/\-]\s?(?P<y3>(?:19|20)\d{2})"
    r"|th[áa]ng\s+(?P<m4>\d{1,2})\s+n[ăa]m\s+(?P<y7>(?:19|20)\d{2})"
    rf"|(?P<y4>(?:19|20)\d{{2}})(?:\s?[-–]\s?|{_UNTIL})(?P<y5>(?:19|20)\d{{2}})"
    rf"|(?P<y6>(?:19|20)\d{{2}})(?:(?<=n[ăa]m\s\d{{4}})|(?!\s+{_COUNTED}))"
    r")(?![\d%]|[.,]\d)",
    re.IGNORECASE,
)


def mentions(text: str) -> Iterator[Mention]:
    """Yield the dates and years written in `text`, left to right; a number that is no date is passed over.

    `tháng` and `năm` may stand without their accents. A range of years written backwards is turned round.
    """
    for match in MENTION.finditer(text):
        groups = match.groupdict()
        year = next((groups[k] for k in ("y", "y2", "y3", "y4", "y6", "y7") if groups[k]), "")
        month = next((groups[k] for k in ("m", "m2", "m3", "m4") if groups[k]), 0)
        day = next((groups[k] for k in ("d", "d2") if groups[k]), 0)
        try:
            found = PartialDate.of(int(year), int(month), int(day))
        except ValueError:
            continue
        if groups["y5"]:
            yield Mention(*match.span(), *sorted((found, PartialDate(int(groups["y5"])))))
        else:
            yield Mention(*match.span(), found, found)


_NUMBERS = {
    "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10, "muoi mot": 11,
}  # fmt: skip
_NUMBER = r"\d{1,2}|mười một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười"
_QUARTER = r"(?:IV|I{1,3}|[1-4])"
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_PART = (
    rf"\b(?:(?P<months>{_NUMBER}) tháng (?P<end>đầu|cuối) năm|(?P<quarters>{_NUMBER}) quý (?P<side>đầu|cuối) năm"
    rf"|nửa (?P<half>đầu|cuối) năm"
    rf"|quý (?:(?P<from>{_QUARTER}) (?:và|đến|-|–) (?:quý )?)?(?P<quarter>{_QUARTER})(?:/| năm)"
    r"|(?<!bắt )(?<!lần )(?<!ban )(?<!tháng )(?<!quý )(?<!nửa )NOT_WHERE(?P<third>đầu|giữa|cuối) năm)"
    r"\s?(?P<year>(?:19|20)\d{2})\b(?![.,]\d)"
)
PART_OF_YEAR = re.compile(_PART.replace("NOT_WHERE", ""), re.IGNORECASE)
UNACCENTED_PART = re.compile(
    unaccent(_PART).replace("NOT_WHERE", r"(?<!\bo )(?<!\btai )(?<!\bden )(?<!\bve )"), re.IGNORECASE
)
JOINED = re.compile(r"\s*(?:-|–|đến|tới|den|toi)\s+(?:h[ếe]t\s+)?(?:ng[àa]y|th[áa]ng|n[ăa]m)?\s*", re.IGNORECASE)


def times(text: str) -> list[Mention]:
    """Return the times written in `text`, left to right: dates, parts of a year, and from one of them to another.

    "6 tháng đầu năm 2013" is January to June, "cuối năm 2013" a third of the year, "quý II/2013" three months.
    """
    found = list(mentions(text))
    parts = [p for p in _parts(text) if not any(_overlap(p, m) and m.last != m.date for m in found)]
    found = [m for m in found if not any(_overlap(p, m) for p in parts)]
    joined: list[Mention] = []
    for mention in sorted([*found, *parts], key=lambda m: m.start):
        before = joined[-1] if joined else None
        if before and before.date <= mention.last and JOINED.fullmatch(text, before.end, mention.start):
            joined[-1] = Mention(before.start, mention.end, before.date, mention.last)
        else:
            joined.append(mention)
    return joined


def _overlap(a: Mention, b: Mention) -> bool:
    return a.start < b.end and b.start < a.end


def _parts(text: str) -> Iterator[Mention]:
    pattern = UNACCENTED_PART if is_unaccented(text) else PART_OF_YEAR
    for match in pattern.finditer(text):
        first, last = _months(match)
        if 1 <= first <= last <= 12:
            year = int(match["year"])
            yield Mention(*match.span(), PartialDate(year, first), PartialDate(year, last))


def _months(match: re.Match[str]) -> tuple[int, int]:
    """Return the first and the last month that a part of a year means; no months at all for "0 tháng đầu năm".

    What a pattern matches in any case is looked up folded: to it `İ` and `ı` are an i, and `ſ` is an s.
    """
    said = {name: fold(value or "") for name, value in match.groupdict().items()}
    if said["months"] or said["quarters"] or said["half"]:
        count = _count(said["months"]) or 3 * _count(said["quarters"]) or (6 if said["half"] else 0)
        is_first = (said["end"] or said["side"] or said["half"]) == "dau"
        return (1, count) if is_first else (13 - count, 12)
    if said["quarter"]:
        last = _QUARTERS[said["quarter"]]
        return 3 * _QUARTERS.get(said["from"], last) - 2, 3 * last
    first = {"dau": 1, "giua": 5, "cuoi": 9}[said["third"]]
    return first, first + 3


def _count(said: str) -> int:
    return int(said) if said.isdecimal() else _NUMBERS.get(said, 0)


HEADER = re.compile(
    r"(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy)|chủ\s+nhật)\W+(?P<a>\d{1,2}[/-]\d{1,2}[/-]\d{4})"
    r"|(?P<b>\d{1,2}[/-]\d{1,2}[/-]\d{4})\W{1,4}\d{1,2}[:h]\d{2}"
    r"|\d{1,2}[:h]\d{2}\W{1,4}(?:ngày\s+)?(?P<c>\d{1,2}[/-]\d{1,2}[/-]\d{4})",
    re.IGNORECASE,
)
DATELINE = re.compile(r"[^\w(]*+(?:\([^)\n]{1,30}\)\W*+)?(?:sáng|chiều|tối)?[\s,]*+ngày\s", re.IGNORECASE)
# "(Báo Hà Giang, 5/8/2016) - …", "Huế, ngày 10 tháng 5 năm 2018 - …"
PLACED, DASH = re.compile(r"\W*[^\W\d][^()\n,.]{0,40},\s*(?:ngày\s+)?"), re.compile(r"\s?\)?\s*[-–:]\s")
PLAN = re.compile(
    r"(?:kế hoạch|phương hướng|nhiệm vụ|mục tiêu|tầm nhìn|chiến lược|nhiệm kỳ|đề án|chương trình|đến năm|dự kiến"
    r"|trong năm tới|năm học|niên (?:khóa|khoá))",
    re.IGNORECASE,
)
PLANNED, BREAK = 60, re.compile(r"[.;:\n]")  # how far a word of planning reaches, and what it doesn't reach across
TODAY = re.compile(r"hôm nay|sáng nay|chiều nay|tối nay|ngày mai|hôm qua", re.IGNORECASE)
DAY_MONTH = re.compile(r"(?:ngày|sáng|chiều|tối)\s+(\d{1,2})\s?[/-]\s?(\d{1,2})(?!\s?[/\-–.]?\d)", re.IGNORECASE)
HEADER_CHARACTERS = 300


def _parsed(text: str) -> PartialDate | None:
    try:
        return PartialDate.parse(text)
    except ValueError:
        return None


def infer_date(body: str) -> PartialDate | None:
    """Find an article's own date in its text, most certain sign first; None where nothing speaks for one.

    A page header (weekday or clock time by a date), a dateline that opens the text unless the text looks back on a
    later year, else the latest year the text looks back on (a range that is planned or not over counts by its first),
    made whole when the text says "hôm nay" and names one day and month. Years still to come say nothing.
    """
    this_year = date.today().year
    for region in (body[:HEADER_CHARACTERS], body[-HEADER_CHARACTERS:]):
        header = HEADER.search(region)
        found = _parsed(next(g for g in header.groups() if g)) if header else None
        if found and found.year <= this_year:
            return found
    past, planned = _years(body, this_year)
    dateline = _dateline(body[:HEADER_CHARACTERS])
    if dateline and max(past, default=0) <= dateline.year <= this_year:
        return dateline
    year = max(past | planned, default=None)
    if year is None:
        return None
    days = {(int(day), int(month)) for day, month in DAY_MONTH.findall(body)}
    if TODAY.search(body) and len(days) == 1:
        ((day, month),) = days
        try:
            return PartialDate.of(year, month, day)
        except ValueError:
            return PartialDate(year)
    return PartialDate(year)


def _dateline(opening: str) -> PartialDate | None:
    for line in opening.split("\n"):
        first = next(mentions(line), None)
        if not first or not first.date.day:
            continue
        if (dateline := DATELINE.match(line)) and first.start == dateline.end():
            return first.date
        dash = DASH.match(line, first.end) if PLACED.fullmatch(line, 0, first.start) else None
        if dash and line[dash.end() :][:1].isupper():
            return first.date
    return None


def _years(body: str, this_year: int) -> tuple[set[int], set[int]]:
    """Return the years that `body` looks back on, and the first years of its plans that have begun."""
    past, planned = set(), set()
    plans = [match.end() for match in PLAN.finditer(body)]
    for mention in mentions(body):
        first, last = mention.date.year, mention.last.year
        if first > this_year:
            continue
        if _is_planned(body, plans, mention.start):
            if mention.last is not mention.date:
                planned.add(first)
        else:
            is_in_words = any(c.isalpha() for c in body[mention.start : mention.end])  # "2016 đến năm 2020" looks ahead
            past.add(last if last <= this_year and not is_in_words else first)
    return past, planned


def _is_planned(body: str, plans: Sequence[int], start: int) -> bool:
    """Tell whether the last word of planning before a place, whose ends are `plans`, reaches it."""
    before = bisect_right(plans, start)
    end = plans[before - 1] if before else -PLANNED - 1
    return start - end <= PLANNED and not BREAK.search(body, end, start)
