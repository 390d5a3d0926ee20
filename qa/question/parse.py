"""A question as typed → what it asks for: kind of answer, and the time it speaks of."""

import re
import unicodedata
from datetime import date, timedelta

from corpus.dates import FIRST_YEAR, LAST_YEAR, PartialDate, times
from corpus.errors import InputError
from corpus.text import fold, is_unaccented, nfc, syllables
from qa.question.types import Kind, Question, Window

MAX_CHARACTERS = 1_000
UNREADABLE = frozenset({"Cc", "Cs"})
# First match wins. A question with accents is matched with its accents ("máy" is not "mấy"), one without them folded.
VIETNAMESE: tuple[tuple[Kind, str], ...] = (
    (
        Kind.WHEN,
        r"\b(?:khi nào|bao giờ|lúc nào|hồi nào|hôm nào|(?:ngày|tháng|năm|thời gian|thời điểm) (?:nào|mấy|bao nhiêu)"
        r"|vào thời gian nào)\b",
    ),
    (Kind.HOW_MANY, r"\b(?:bao nhiêu|mấy)\b"),
    (
        Kind.WHO,
        r"\b(?:ai|người nào|(?<!đơn )vị nào|ông nào|bà nào|tên là gì|tên gì"
        r"|(?:(?<!tăng )trưởng|chủ tịch|giám đốc|bí thư|đại sứ|thủ tướng|tổng thống) nào)\b",
    ),
    (
        Kind.WHERE,
        r"\b(?:ở đâu|tại đâu|nơi nào|nơi đâu|đến đâu|về đâu|địa điểm nào"
        r"|(?:tỉnh|thành phố|địa phương|nước|quốc gia) nào)\b",
    ),
)
ENGLISH: tuple[tuple[Kind, str], ...] = (
    (Kind.HOW_MANY, r"\bhow (?:many|much)\b"),
    (Kind.WHEN, r"\b(?:when|what (?:date|day|month|year|time)|which (?:date|day|month|year))\b"),
    (Kind.WHO, r"\b(?:who|whom|whose)\b"),
    (Kind.WHERE, r"\bwhere\b"),
    (Kind.OTHER, r"\b(?:what|which|why|how)\b"),
)
NOW = (
    r"(?:(?<!thực )(?<!phát )(?<!xuất )(?<!biểu )(?<!thể )\b(?:hiện nay|hiện tại|hiện giờ)|\b(?:bây giờ|lúc này"
    r"|đương nhiệm|mới nhất|gần đây nhất|now|current(?:ly)?))\b"
)
RANGE = re.compile(r"\b(?:đến|tới|den|toi)\b|\d{4}\s?[-–]", re.IGNORECASE)
EARLIEST, LATEST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
BEFORE, AFTER, SINCE = (rf"\b{word}(?: (?:ngày|tháng|năm))? ?#" for word in ("trước", "sau", "(?:từ|kể từ)"))


def parse_question(text: str, as_of: str | None = None) -> Question:
    """Read a question; `InputError` if it is empty, holds no word, or is longer than `MAX_CHARACTERS`."""
    clean = " ".join("".join(" " if unicodedata.category(c) in UNREADABLE else c for c in nfc(text)).split())
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
    asked_at = _window_of(as_of) if as_of is not None else None
    window = _named_window(clean) or asked_at
    label = str(PartialDate.parse(as_of)) if as_of is not None else _label(window) if window else None
    wants_latest = window is None and _matches(NOW, clean)
    return Question(clean, kind_of(clean), window, label, wants_latest, typed=clean)


def has_english_question_word(text: str) -> bool:
    """Tell whether a text without a single accent asks in English ("who", "how many")."""
    return is_unaccented(text) and any(re.search(pattern, fold(text)) for _, pattern in ENGLISH)


def kind_of(text: str) -> Kind:
    """Return the kind of answer that the question words ask for."""
    english = next((kind for kind, pattern in ENGLISH if re.search(pattern, fold(text))), None)
    return english or next((kind for kind, pattern in VIETNAMESE if _matches(pattern, text)), Kind.OTHER)


def _matches(pattern: str, text: str) -> bool:
    """Match a question typed with accents with its accents, one without them folded."""
    return bool(re.search(fold(pattern) if is_unaccented(text) else pattern, text.casefold()))


def _named_window(text: str) -> Window | None:
    """Return the span from the first to the last day that the question's own dates can mean."""
    found = times(text)
    if not found:
        return None
    window = Window(min(m.date.first for m in found), max(m.last.last for m in found))
    if len(found) == 1 and not RANGE.search(text, found[0].start, found[0].end):
        before = text[: found[0].start]
        if _matches(BEFORE, before + "#"):
            return Window(EARLIEST, window.first - timedelta(days=1))
        if _matches(AFTER, before + "#"):
            return Window(window.last + timedelta(days=1), LATEST)
        if _matches(SINCE, before + "#"):
            return Window(window.first, LATEST)
    return window


def _window_of(as_of: str) -> Window:
    """Return the year up to and including the date: what was so then is what an article of that year last said."""
    try:
        when = PartialDate.parse(as_of)
    except ValueError:
        raise InputError(
            f"--as-of {as_of}: không phải năm hay ngày. Hãy viết 2018, 2018-08 hoặc 2018-08-12.",
            f"--as-of {as_of}: neither a year nor a date. Write 2018, 2018-08 or 2018-08-12.",
        ) from None
    return Window(date(when.year, 1, 1), when.last)


def _label(window: Window) -> str:
    if window.first == window.last:
        return window.first.isoformat()
    if window.first == EARLIEST:
        return f"../{window.last.year}"
    if window.last == LATEST:
        return f"{window.first.year}/.."
    first, last = window.first.year, window.last.year
    if first != last:
        return f"{first}/{last}"
    if window.first.month == window.last.month:
        return f"{first:04}-{window.first.month:02}"
    return f"{first:04}"
