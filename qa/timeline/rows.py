"""What a timeline is made of: sources, rows, and the days they speak of."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from corpus.dates import PartialDate
from qa.citing.citation import Citation
from qa.question.types import Question, Window


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence that says a value: the days it speaks of (both ends included), how sure that is, where it stands.

    `confidence` is the calibrated probability that it answers; `date_inferred`: no date that is written told the days.
    """

    when: Window
    date_inferred: bool
    confidence: float
    citation: Citation

    @property
    def date(self) -> str:
        """The days as `2018`, `2018-08`, `2018-08-12`, or two of them with `/` between."""
        first, last = ends(self.when)
        return str(first) if first == last else f"{first}/{last}"

    def to_json(self) -> dict[str, Any]:
        """Return the fields of a source in JSON."""
        return {
            "date": self.date,
            "date_inferred": self.date_inferred,
            "confidence": round(self.confidence, 4),
            "citation": self.citation.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Row:
    """A value and its sources by time, between which no source says another value; `key` is equal for equal values."""

    key: str
    sources: tuple[Source, ...]

    @property
    def surest(self) -> Source:
        """The source with the highest confidence."""
        return max(self.sources, key=lambda source: source.confidence)

    @property
    def value(self) -> str:
        """The value as it stands in its surest source, on one line."""
        return " ".join(self.surest.citation.quote.split())

    @property
    def window(self) -> Window:
        """From the first day that a source speaks of to the last."""
        return Window(min(s.when.first for s in self.sources), max(s.when.last for s in self.sources))

    @property
    def first(self) -> PartialDate:
        """The earliest time at which it is stated."""
        return ends(self.sources[0].when)[0]

    @property
    def last(self) -> PartialDate:
        """The latest time at which it is stated."""
        return ends(max((source.when for source in self.sources), key=lambda when: when.last))[1]

    @property
    def date_inferred(self) -> bool:
        """Whether the first or the last time is inferred."""
        outermost = (self.sources[0], max(self.sources, key=lambda source: source.when.last))
        return any(source.date_inferred for source in outermost)

    def to_json(self) -> dict[str, Any]:
        """Return the fields of a row in JSON."""
        return {
            "value": self.value,
            "first": str(self.first),
            "last": str(self.last),
            "date_inferred": self.date_inferred,
            "confidence": round(self.surest.confidence, 4),
            "sources": [source.to_json() for source in self.sources],
        }


@dataclass(frozen=True, slots=True)
class Timeline:
    """What a subject had, by time; `left_out` counts the less sure rows, `undated` what has no date or is only planned.

    `unverified` are the citations that no longer match their files; nothing of theirs is in the rows.
    """

    subject: str
    question: Question
    rows: tuple[Row, ...]
    unverified: tuple[Citation, ...]
    undated: int
    left_out: int
    timings_ms: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        """Return the timeline as one JSON object."""
        return {
            "subject": self.subject,
            "question": self.question.typed,
            "read_as": self.question.read_as,
            "kind": str(self.question.kind),
            "rows": [row.to_json() for row in self.rows],
            "unverified": [citation.to_json() for citation in self.unverified],
            "undated": self.undated,
            "left_out": self.left_out,
            "timings_ms": self.timings_ms,
        }


def ends(window: Window) -> tuple[PartialDate, PartialDate]:
    """Return the first and last time of a window: years if it is of whole years, months if of months, else days."""
    first, last = window.first, window.last
    is_of_months = first.day == 1 and (last + timedelta(days=1)).day == 1
    parts = 1 if is_of_months and (first.month, last.month) == (1, 12) else 2 if is_of_months else 3
    both = [PartialDate(*(day.year, day.month, day.day)[:parts]) for day in (first, last)]
    return both[0], both[1]
