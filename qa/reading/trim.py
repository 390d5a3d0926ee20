"""Where an answer begins and ends: a span cut down to what was asked for, or widened to it."""

import re
from dataclasses import replace

from corpus.dates import mentions
from corpus.text import sentence_spans
from qa.question.asked import Asked
from qa.question.types import Kind
from qa.reading.spans import Span
from qa.vietnamese.amounts import MONEY
from qa.vietnamese.offices import OFFICE
from qa.vietnamese.people import is_name
from qa.vietnamese.places import PLACES, one_of
from qa.vietnamese.times import TIME_WORD

HONORIFIC = re.compile(r"(?:(?i:ông|bà|đồng chí|đ/c|ngài|anh|chị|GS|PGS|TS|ThS)\b[.\s]*)+(?=\S)")
PAPER = re.compile(r"\b(?:Nghị quyết|Nghị định|Quyết định|Chỉ thị|Thông tư|Kết luận|Kế hoạch|Công văn)(?: số)?[ ]+$")
OFFICE_END = re.compile(
    r"[,;:()–”\n]|(?<!TP)(?<!Tp)\.|\s-\s|\s(?:đã|đang|sẽ|cho biết|cho rằng|khẳng định|nhấn mạnh|chia sẻ|nói|phát biểu"
    r"|trình bày|nhận định|đánh giá|chủ trì|(?<!Nam )tại|trong|từ|và(?= [a-zđ])|làm|dự|tham dự)\s"
)
LONGEST_OFFICE = 120
NAME_WORDS = 3
NAME_ON = re.compile(r" [^\W\d_]+")
NUMBER = re.compile(
    r"(?:\b(?:không (?:dưới|quá|dưới mức)|chưa (?:tới|đến|đầy)|(?:ít|nhiều|thấp|cao) hơn|hơn|gần|khoảng|trên|dưới|tới"
    r"|ít nhất|tối đa|ước|xấp xỉ)\s){0,3}(?:(?:US)?\$\s?|USD\s)?(?<![\w./,-])(?P<digits>\d[\d.,]*)(?![\w/-])",
    re.IGNORECASE,
)
# Words before a number without which it would say something else.
TURNS = re.compile(r"\b(?:không|chưa|chẳng|ít|thấp|nhiều|dưới|mức|giảm|tăng|gấp|quá|thêm|bớt)\b", re.IGNORECASE)
PARTS = re.compile(r"[,;]\s|\s(?:và|cùng)\s")
AFTER_COUNTED = re.compile(r"[;:]\s|\s(?:với|nhằm|để|do|cho|tại|ở|khi|mà|trong đó)\s")
DATELINE = re.compile(r"[^-–]{0,40}\d{4}\)?\s[-–]\s(?=[^\W\d_])")
VERB = re.compile(r"(?:có|đã|đang|được|hiện|sẽ|vẫn|là|cũng|tổ chức|đăng cai)\b")
GOES_ON = re.compile(r"^(?:thành phố|thị xã|tỉnh|huyện|các|vùng|tại|nước)\b|\svà\s")
PLACE = re.compile(
    rf"(?:(?i:tỉnh|thành phố|TP\.?)\s*)?(?P<place>{one_of(PLACES)})\b(?P<more>\s*(?:,|;|–|-|và\b)\s*(?:và\s+)?)?"
)


def cut(span: Span, asked: Asked) -> Span:
    """Cut a span to what was asked: a name without its office, a date without its place, places without a clause."""
    if asked.kind is Kind.HOW_MANY:
        return _cut_to(span, _number(span.text, asked))
    if asked.kind in (Kind.WHO, Kind.WHEN, Kind.WHERE):
        span = _cut_to(span, _sentence(span.text))
    if asked.kind is Kind.WHO:
        return _cut_to(span, _name(span.text))
    if asked.kind is Kind.WHEN:
        return _cut_to(span, _dates(span.text))
    if asked.kind is Kind.WHERE or asked.wants_country:
        return _cut_to(span, _places(span.text))
    return span


def widened(span: Span, text: str, asked: Asked) -> Span:
    """Widen a span to what was asked: "lần thứ" before a number, "Nghị quyết" before one, an office to its end.

    `text` is the article's.
    """
    lead = text[max(0, span.start - 16) : span.start]
    before = re.search(r"(?:\blần )?\bthứ\s+$", lead) if asked.wants_ordinal else PAPER.search(lead)
    if before and not (asked.unit and not asked.wants_ordinal) and (asked.wants_ordinal or span.text[:1].isdigit()):
        return replace(span, start=span.start - len(before[0]), text=before[0] + span.text)
    if asked.kind is Kind.WHO and asked.wants_person:
        return _whole_name(span, text)
    return _whole_office(span, text, asked) if asked.wants_office else span


def _whole_name(span: Span, text: str) -> Span:
    """Widen "Hattori" to "Hattori Yohei": the words with a capital that follow a name are of it."""
    more = NAME_ON.match(text, span.end) if span.text[:1].isupper() and len(span.text.split()) < NAME_WORDS else None
    if not more or not more[0].strip()[0].isupper():
        return span
    return replace(span, end=more.end(), text=text[span.start : more.end()])


def _whole_office(span: Span, text: str, asked: Asked) -> Span:
    """Widen "Phó Chủ tịch" to "Phó Chủ tịch kiêm Tổng Thư ký Liên hiệp …", not into the name of who holds it."""
    if not OFFICE.match(span.text):
        return span
    limit = min(len(text), span.start + LONGEST_OFFICE)
    end = OFFICE_END.search(text, span.end, limit)
    high = end.start() if end else span.end
    spaces = [m.start() for m in re.compile(r"\s(?=\w)").finditer(text, span.end, high)]
    high = next((space for space in spaces if _name_begins(text[space:high])), high)
    whole = text[span.start : high].rstrip()
    return replace(span, end=span.start + len(whole), text=whole)


def _name_begins(text: str) -> bool:
    words = text.split()
    names = [" ".join(words[:count]) for count in (2, 3, 4)]
    return any(map(is_name, names))


def _sentence(text: str) -> tuple[int, int] | None:
    """Find the first of several sentences, without its full stop."""
    low, high = next(sentence_spans(text), (0, len(text)))
    return (low, low + len(text[low:high].rstrip("."))) if high < len(text) else None


def _cut_to(span: Span, found: tuple[int, int] | None) -> Span:
    if found is None or found == (0, len(span.text)):
        return span
    low, high = found
    return replace(span, start=span.start + low, end=span.start + high, text=span.text[low:high])


def _name(text: str) -> tuple[int, int] | None:
    """Find the name at the end of "Thứ trưởng Bộ Ngoại giao Hồ Xuân Sơn", or after "ông"."""
    head = HONORIFIC.match(text)
    if head and text[head.end()].isupper():
        return head.end(), len(text)
    if not OFFICE.search(text):
        return None
    starts = [match.start() for match in re.finditer(r"\b[^\W\d_]", text)]
    return next(((start, len(text)) for start in starts if start and is_name(text[start:])), None)


def _number(text: str, asked: Asked) -> tuple[int, int] | None:
    """Find the number of "ký kết 9 Thỏa thuận với các Hiệp hội", with what it counts, if there is only one to be meant.

    Of two sentences, the one with the number; where money is asked for, the one with money.
    """
    sentences = [(low, high) for low, high in sentence_spans(text) if NUMBER.search(text, low, high)]
    if asked.wants_money and len(sentences) > 1:
        sentences = [(low, high) for low, high in sentences if MONEY.search(text, low, high)]
    if len(sentences) != 1 or asked.wants_ordinal or asked.wants_percent:
        return None
    low, high = _part(text, *sentences[0], asked)
    found = list(NUMBER.finditer(text, low, high))
    if len(found) != 1 or TURNS.search(text, low, found[0].start()) or PAPER.search(text[: found[0].start("digits")]):
        return None
    end = AFTER_COUNTED.search(text, found[0].end(), high)
    return found[0].start(), end.start() if end else high


def _part(text: str, low: int, high: int, asked: Asked) -> tuple[int, int]:
    """Return the part of a stretch with numbers that is meant: the one that shares most words with what is counted.

    Where none does, the first, if another begins with a name or a verb of its own; else all of it. All of it, too, if
    a bare number ends it: what that counts comes after.
    """
    cuts = [low, *(place for m in PARTS.finditer(text, low, high) for place in m.span()), high]
    parts = [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True) if NUMBER.search(text, a, b)]
    if parts and not any(c.isalpha() for c in text[slice(*parts[-1])]):
        return low, high
    shared = [len(asked.counted_words & asked.words(text[a:b])) for a, b in parts]
    if len(parts) > 1 and shared.count(max(shared)) == 1:
        return parts[shared.index(max(shared))]
    has_own = any(not NUMBER.match(text, a) for a, b in parts[1:])
    return parts[0] if has_own and not any(shared) else (low, high)


def _dates(text: str) -> tuple[int, int] | None:
    """Find the dates of "Đà Nẵng, 17/3/2023" or "(3/10/2023)"."""
    if (dateline := DATELINE.match(text)) and (own := next(mentions(text[dateline.end() :]), None)):
        start = dateline.end() + own.start
        return start - len("ngày ") * text[:start].endswith("ngày "), len(text)
    found = list(mentions(text))
    if not found or any(c.isalpha() for c in text[found[-1].end :]):
        return None
    before = text[: found[0].start]
    is_short = len(before.replace(",", " ").split()) <= 4
    is_place = before.rstrip().endswith(",") and is_short and before.lstrip("( ")[:1].isupper()
    is_place = is_place and not TIME_WORD.search(before)
    return (found[0].start, found[-1].end) if is_place or not any(c.isalnum() for c in before) else None


def _places(text: str) -> tuple[int, int] | None:
    """Find the list of places that a span begins with: "Bắc Giang và Phú Thọ" of "Bắc Giang và Phú Thọ có di sản"."""
    end = place = 0
    while match := PLACE.match(text, end):
        place, end = match.end("place"), match.end()
        if not match["more"]:
            break
    rest = text[end:].lstrip()
    is_clause = bool(VERB.match(rest)) and not text[place:end].strip().endswith(",")
    is_clause |= text[place:end].strip() == "," and rest[:1].islower() and not GOES_ON.search(rest)
    is_date = bool(rest) and not any(c.isalpha() for c in rest) and any(c.isdigit() for c in rest)
    return (0, place) if place and (is_clause or is_date) else None
