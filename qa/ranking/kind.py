"""Signals of kind: a span that is no name, number, time or place where one is asked for, or not about what is asked."""

import re

from qa.question.asked import JOINED, Asked
from qa.question.types import Kind
from qa.ranking.candidates import Candidate
from qa.vietnamese.offices import BODY, HOLDER, OFFICE
from qa.vietnamese.people import is_name
from qa.vietnamese.places import COUNTRY, PLACES, PROVINCE
from qa.vietnamese.times import DAY, ORDINAL_TIME, TIME_WORD

LONGEST_NAME = 8
NOT_A_PLACE = re.compile(r"(?:Nghị quyết|Nghị định|Hội nghị|Đề án|Hiệp định|Chương trình|Kế hoạch|Tuyên bố)\b")
# What a question can ask of something, and the words of which its answer's sentence must have one.
_ASKED = r"\b[^,?]{0,60}?\b(?:gì|nào|bao nhiêu|thế nào)\b"
SAID_AS = (
    (rf"\bchủ đề{_ASKED}", r"\bchủ đề\b"),
    (r"\bbế mạc\b", r"\b(?:bế mạc|kết thúc|khép lại)\b"),
    (
        r"(?<!hàng )\b(?:chưa|không) (?:có|được|phải|tham gia|tham dự|lập|thành lập|ký|dự|tổ chức|đạt|cử|mở|nằm)\b",
        r"\b(?:không|chưa|chẳng|thiếu|vắng|trống|hoãn|hủy|huỷ|dừng|ngừng|từ chối|trừ|ngoài)\b",
    ),
    (r"\boda\b", r"\b(?:oda|hỗ trợ phát triển|viện trợ)\b"),
    (rf"\bphương châm{_ASKED}", r"\bphương châm\b"),
    (rf"\bkhẩu hiệu{_ASKED}", r"\bkhẩu hiệu\b"),
    (
        r"\b(?:kinh phí|chi phí|ngân sách)\b[^,?]{0,60}?\bbao nhiêu\b",
        r"\b(?:kinh phí|chi phí|ngân sách|tiền|vốn|chi|mức|trị giá|tài trợ|hỗ trợ|đồng|usd)\b",
    ),
    (
        r"\bbổ nhiệm\b.{0,60}?\b(?:ngày|tháng|năm|hôm) (?:nào|mấy)\b|\bbổ nhiệm\b.{0,60}?\bkhi nào\b",
        r"\b(?:bổ nhiệm|nhậm chức|giữ chức|trao quyết định|giao nhiệm vụ|nhận chức|điều động|phân công|được bầu)\b",
    ),
    (
        r"\bdiện tích\b[^,?]{0,60}?\bbao nhiêu\b",
        r"\b(?:diện tích|rộng|ha|héc ta|km2|km²|m2|m²|mét vuông)\b",
    ),
    (r"\b(?:bao nhiêu|mấy) tuổi\b", r"\b(?:tuổi|sinh)\b"),
    (r"\b(?:sinh năm|sinh ngày) (?:nào|bao nhiêu|mấy)\b|\bquê ở đâu\b", r"\b(?:sinh|quê)\b"),
)
WHY = re.compile(r"\b(?:vì|tại) sao\b|\blý do (?:gì|nào)\b|\bnguyên nhân (?:gì|nào)\b")
REASON = re.compile(
    r"\b(?:vì|nhờ|bởi|nên|nhằm|để|xuất phát|bắt nguồn|nguyên nhân|lý do|mục đích|mong muốn|hướng tới|nhu cầu|giúp"
    r"|góp phần|phục vụ|khiến|làm (?:cho|tăng|giảm|chậm|mất)|dẫn (?:đến|tới)|trong bối cảnh|căn cứ"
    r"|trước (?:yêu cầu|tình hình|thực tế|đòi hỏi))\b",
    re.IGNORECASE,
)
DO = re.compile(r"\bdo\s+", re.IGNORECASE)


def lacks_word(asked: Asked, candidate: Candidate) -> bool:
    """Something is asked of a thing (its theme, its area), and the sentence has no word for that."""
    said = candidate.fact.sentence.lowered
    return any(re.search(word, asked.lowered) and not re.search(other, said) for word, other in SAID_AS)


def lacks_reason(asked: Asked, candidate: Candidate) -> bool:
    """It is asked why, and the sentence has no word of reason; "do" is "because", but "by" before a name."""
    sentence = candidate.sentence
    is_reason = REASON.search(sentence) or any(sentence[m.end() :][:1].islower() for m in DO.finditer(sentence))
    return bool(WHY.search(asked.lowered)) and not is_reason


def is_echo(asked: Asked, candidate: Candidate) -> bool:
    """The span only repeats the question."""
    return _echoes(asked, candidate.span.text) and candidate.span.text not in PLACES


def is_echoed_place(asked: Asked, candidate: Candidate) -> bool:
    """The span is a place that the question names, which may well be what it asks for."""
    return candidate.span.text in PLACES and _echoes(asked, candidate.span.text)


def _echoes(asked: Asked, text: str) -> bool:
    return (asked.kind is not Kind.HOW_MANY or asked.wants_ordinal) and asked.is_echo(text)


# Who


def is_no_name(asked: Asked, candidate: Candidate) -> bool:
    """A person is asked for, and the span is no name."""
    text = candidate.span.text
    if asked.kind is not Kind.WHO or not asked.wants_person:
        return False
    longest = max(len(part.split()) for part in JOINED.split(text))
    is_long = longest > LONGEST_NAME and HOLDER.search(asked.text) and not OFFICE.match(text)
    return not _has_capital(text) or text in PLACES or bool(is_long)


def is_office_or_body(asked: Asked, candidate: Candidate) -> bool:
    """A person is asked for, and the span is an office or a body, which may stand for one."""
    text = candidate.span.text
    is_other = OFFICE.match(text) or BODY.match(text)
    return asked.kind is Kind.WHO and asked.wants_person and bool(is_other) and not is_name(text)


def is_nobody(asked: Asked, candidate: Candidate) -> bool:
    """It is asked who, a person or not, and the span has no capital."""
    return asked.kind is Kind.WHO and not asked.wants_person and not _has_capital(candidate.span.text)


# When


def is_no_time(asked: Asked, candidate: Candidate) -> bool:
    """It is asked when, and the span has no word of time."""
    return asked.kind is Kind.WHEN and not TIME_WORD.search(ORDINAL_TIME.sub("", candidate.span.text))


def is_no_day(asked: Asked, candidate: Candidate) -> bool:
    """The day is asked for, and the span gives a month or a year."""
    return asked.kind is Kind.WHEN and asked.wants_day and not DAY.search(candidate.span.text)


# Where


def is_no_place(asked: Asked, candidate: Candidate) -> bool:
    """It is asked where, and the span has no capital, or is somebody or a paper."""
    text = candidate.span.text
    is_person = HOLDER.match(text) or (is_name(text) and len(text.split()) > 2)
    return asked.kind is Kind.WHERE and (not _has_capital(text) or bool(is_person or NOT_A_PLACE.match(text)))


def is_holder(asked: Asked, candidate: Candidate) -> bool:
    """A province or country is asked for, and the span is an officer of one."""
    return _wants_listed(asked) and bool(HOLDER.search(candidate.span.text))


def is_other_place(asked: Asked, candidate: Candidate) -> bool:
    """A country is given for a province, or the other way round, or a body of one."""
    text = candidate.span.text
    if not _wants_listed(asked):
        return False
    has_province, has_country = bool(PROVINCE.search(text)), bool(COUNTRY.search(text))
    is_abroad, is_home = has_country and not has_province, has_province and not has_country
    return (asked.wants_province and is_abroad) or (asked.wants_country and is_home) or bool(BODY.match(text))


def _wants_listed(asked: Asked) -> bool:
    return asked.kind in (Kind.WHERE, Kind.OTHER) and (asked.wants_province or asked.wants_country)


def _has_capital(text: str) -> bool:
    return any(character.isupper() for character in text)
