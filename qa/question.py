"""A question as typed → what it asks for: kind of answer, and the time it speaks of."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from corpus.dates import PartialDate, mentions
from corpus.errors import InputError
from corpus.text import fold, nfc, syllables

MAX_CHARACTERS = 1_000


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
class Question:
    """A question: its text in NFC without control characters, its kind, its time if it names one."""

    text: str
    kind: Kind
    window: Window | None
    as_of: str | None


# Folded patterns, first match wins. English ones let an English question over Vietnamese text keep its kind.
KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.HOW_MANY, re.compile(r"\b(?:bao nhieu(?! tuoi)|may (?!gio|nam|ngay|thang)|how (?:many|much))\b")),
    (
        Kind.WHEN,
        re.compile(r"\b(?:khi nao|bao gio|luc nao|hoi nao|(?:ngay|thang|nam|thoi gian|thoi diem) (?:nao|may|bao nhieu)"
                   r"|nam may|ngay may|when)\b"),
    ),
    (Kind.WHO, re.compile(r"\b(?:ai|nguoi nao|vi nao|ong nao|ba nao|ten la gi|ten gi|who|whom|whose)\b")),
    (
        Kind.WHERE,
        re.compile(r"\b(?:o dau|tai dau|noi nao|noi dau|den dau|ve dau|dia diem nao|where"
                   r"|(?:tinh|thanh pho|dia phuong|nuoc|quoc gia) nao)\b"),
    ),
)  # fmt: skip


def parse_question(text: str, as_of: str | None = None) -> Question:
    """Read a question; `InputError` if it is empty, holds no word, or is longer than `MAX_CHARACTERS`."""
    clean = " ".join("".join(c if unicodedata.category(c) != "Cc" else " " for c in nfc(text)).split())
    if not clean:
        raise InputError("Câu hỏi trống. Hãy gõ một câu hỏi.", "The question is empty. Type a question.")
    if len(clean) > MAX_CHARACTERS:
        raise InputError(
            f"Câu hỏi dài {len(clean)} ký tự; tối đa là {MAX_CHARACTERS}. Hãy hỏi ngắn lại.",
            f"The question has {len(clean)} characters; {MAX_CHARACTERS} is the most. Ask a shorter one.",
        )
    if not syllables(clean):
        raise InputError(
            "Câu hỏi không có chữ nào. Hãy gõ một câu hỏi bằng chữ.",
            "There is no word in the question. Type a question in words.",
        )
    window = _window_of(as_of) if as_of else _named_window(clean)
    kind = kind_of(clean)
    return Question(clean, kind, window, as_of or (_year_label(window) if window else None))


def kind_of(text: str) -> Kind:
    """Return the kind of answer that the question words ask for."""
    folded = fold(text)
    return next((kind for kind, pattern in KINDS if pattern.search(folded)), Kind.OTHER)


def _named_window(text: str) -> Window | None:
    """Return the span from the first to the last day that the question's own dates can mean."""
    found = list(mentions(text))
    if not found:
        return None
    return Window(min(m.date.first for m in found), max(m.last.last for m in found))


def _window_of(as_of: str) -> Window:
    try:
        when = PartialDate.parse(as_of)
    except ValueError:
        raise InputError(
            f"--as-of {as_of}: không phải năm hay ngày. Hãy viết 2018, 2018-08 hoặc 2018-08-12.",
            f"--as-of {as_of}: neither a year nor a date. Write 2018, 2018-08 or 2018-08-12.",
        ) from None
    return Window(when.first, when.last)


def _year_label(window: Window) -> str:
    if window.first == window.last:
        return window.first.isoformat()
    first, last = window.first.year, window.last.year
    if first != last:
        return f"{first}/{last}"
    if window.first.month == window.last.month:
        return f"{first:04}-{window.first.month:02}"
    return f"{first:04}"
