"""A question as it flows: what it asks for, the time it speaks of, how it was typed."""

from dataclasses import KW_ONLY, dataclass
from datetime import date
from enum import StrEnum

from qa.vietnamese.places import with_capitals


class Kind(StrEnum):
    """What a question asks for; it steers which spans are believed."""

    WHO = "who"
    HOW_MANY = "how_many"
    WHEN = "when"
    WHERE = "where"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Window:
    """Days a question speaks of, both ends included."""

    first: date
    last: date

    def meets(self, other: "Window") -> bool:
        """Whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Merger:
    """A province of today and the former ones that became part of it."""

    present: str
    former: tuple[str, ...]

    @property
    def notice(self) -> tuple[str, str]:
        """What to tell whoever asked, in Vietnamese and English."""
        names = ", ".join(self.former)
        return (
            f"{self.present} từ 1/7/2025 gồm cả {names} cũ: đã tìm cả dưới tên cũ.",
            f"Since 1 July 2025 {self.present} includes the former {names}: those names were searched too.",
        )


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its text in NFC without control characters, its kind, its time if it names one.

    `wants_latest`: it asks how things are now, and no time is named. If it was reworded (`qa/wording`), `text` is
    what is searched and read and `typed` what the officer wrote; `also` are other names to be searched, `mergers` the
    provinces whose former names are among them.
    """

    text: str
    kind: Kind
    window: Window | None
    as_of: str | None
    wants_latest: bool = False
    _: KW_ONLY
    typed: str
    also: tuple[str, ...] = ()
    mergers: tuple[Merger, ...] = ()

    @property
    def about(self) -> str:
        """The question with the former names of the provinces it asks about; places have their capitals."""
        return " ".join((with_capitals(self.text), *(name for merger in self.mergers for name in merger.former)))

    @property
    def read_as(self) -> str | None:
        """How the question was understood, if that isn't how it was typed."""
        return self.text if self.text != self.typed else None
