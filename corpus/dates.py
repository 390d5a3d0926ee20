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
