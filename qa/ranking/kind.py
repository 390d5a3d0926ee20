"""What a span costs that is of another kind than what is asked for, or not about it."""

import re
from collections.abc import Callable

from corpus.dates import DAY_MONTH, mentions
from corpus.text import fold
from qa.question.asked import JOINED, Asked
from qa.question.types import Kind
from qa.ranking import count
from qa.reading.spans import Span
from qa.vietnamese.amounts import COUNT_WORD, MONEY, PERCENT
from qa.vietnamese.offices import BODY, HOLDER, OFFICE
from qa.vietnamese.people import is_name
from qa.vietnamese.places import COUNTRY, PLACES, PROVINCE
from qa.vietnamese.times import DATE_ONLY, DAY, TIME_UNITS, TIME_WORD

WRONG = 15.0
UNLIKELY = 2.5
LONGEST_NAME = 8
NOT_A_PLACE = re.compile(r"(?:Nghị quyết|Nghị định|Hội nghị|Đề án|Hiệp định|Chương trình|Kế hoạch|Tuyên bố)\b")
ORDINAL = re.compile(r"\blần thứ\s+\w+", re.IGNORECASE)
NTH = r"(?:thứ|lần|hạng|vị trí|kỳ|khóa|khoá|top)\s+(?:thứ\s+)?"
THE_NTH = re.compile(
    rf"\b{NTH}(?:\d|nhất|nhì|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười|[IVX]+\b)"
    r"|\b(?:đầu tiên|cuối cùng|đứng đầu|dẫn đầu|chủ nhật)\b",
    re.IGNORECASE,
)
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
WORD = re.compile(r"[^\W_]+")


def cost(span: Span, after: str, sentence: str, asked: Asked) -> float:
    """Return what a span's score (logits) loses for not being of the kind asked for, or not about what is asked.

    `after` is the text that follows it in its `sentence`.
    """
    said, question = sentence.casefold(), asked.question.casefold()
    if any(re.search(word, question) and not re.search(other, said) for word, other in SAID_AS):
        return WRONG
    if WHY.search(question) and not _tells_reason(sentence):
        return WRONG
    if (asked.kind is not Kind.HOW_MANY or asked.wants_ordinal) and asked.is_echo(span.text):
        return UNLIKELY if span.text in PLACES else WRONG
    if asked.kind is Kind.HOW_MANY and asked.wants_ordinal:
        is_number = any(c.isdigit() for c in span.text)
        return 0.0 if _is_ordinal(span.text, sentence) else WRONG if is_number else UNLIKELY
    return COSTS[asked.kind](span.text, after, asked) if asked.kind in COSTS else _cost_of_place(span.text, asked)


def _tells_reason(sentence: str) -> bool:
    """Tell whether a sentence has a word of reason; "do" is "because", but "by" before a name."""
    return bool(REASON.search(sentence)) or any(sentence[m.end() :][:1].islower() for m in DO.finditer(sentence))


def _cost_of_name(text: str, after: str, asked: Asked) -> float:
    is_body = BODY.match(text) or text in PLACES
    if not asked.wants_person:
        return UNLIKELY if not any(c.isupper() for c in text) else 0.0
    longest = max(len(part.split()) for part in JOINED.split(text))
    is_long = longest > LONGEST_NAME and HOLDER.search(asked.question) and not OFFICE.match(text)
    if not any(c.isupper() for c in text) or text in PLACES or is_long:
        return WRONG
    return UNLIKELY if not is_name(text) and (OFFICE.match(text) or is_body) else 0.0


def _cost_of_count(text: str, after: str, asked: Asked) -> float:
    if not COUNT_WORD.search(ORDINAL.sub("", text)):
        return WRONG
    if asked.wants_percent:
        return 0.0 if PERCENT.search(text) or after.lstrip().startswith("%") else WRONG
    if asked.unit not in TIME_UNITS and (_is_date(text) or DATE_ONLY.fullmatch(text)):
        return WRONG
    if count.is_of_other(asked.question, text, after):
        return WRONG
    if asked.wants_money:
        is_share = PERCENT.search(text) and re.search(r"\b(?:tang|giam)\b", asked.folded)
        return 0.0 if is_share or MONEY.search(text + after[:12]) else WRONG
    follows = " ".join(WORD.findall(after)[:2])
    return 0.0 if not asked.unit or asked.unit in WORD.findall(fold(f"{text} {follows}")) else UNLIKELY


def _is_ordinal(text: str, sentence: str) -> bool:
    """Tell whether a text holds "lần thứ …" or another rank, or is what stands after that."""
    return bool(THE_NTH.search(text) or re.search(rf"\b{NTH}{re.escape(text)}(?!\w)", sentence, re.IGNORECASE))


def _is_date(text: str) -> bool:
    """Tell whether every number of a text is part of a date."""
    rest = text
    for mention in reversed(list(mentions(text))):
        rest = rest[: mention.start] + rest[mention.end :]
    rest = DAY_MONTH.sub("", rest)
    return rest != text and not any(c.isdigit() for c in rest)


def _cost_of_time(text: str, after: str, asked: Asked) -> float:
    if not TIME_WORD.search(ORDINAL.sub("", text)):
        return WRONG
    return UNLIKELY if asked.wants_day and not DAY.search(text) else 0.0


def _cost_of_where(text: str, after: str, asked: Asked) -> float:
    is_person = HOLDER.match(text) or (is_name(text) and len(text.split()) > 2)
    if not any(c.isupper() for c in text) or is_person or NOT_A_PLACE.match(text):
        return WRONG
    return _cost_of_place(text, asked)


def _cost_of_place(text: str, asked: Asked) -> float:
    has_province, has_country = bool(PROVINCE.search(text)), bool(COUNTRY.search(text))
    is_other = (asked.wants_province and has_country and not has_province) or (
        asked.wants_country and has_province and not has_country
    )
    is_listed = asked.wants_province or asked.wants_country
    if is_listed and HOLDER.search(text):
        return WRONG
    return UNLIKELY if is_other or (is_listed and BODY.match(text)) else 0.0


COSTS: dict[Kind, Callable[[str, str, Asked], float]] = {
    Kind.WHO: _cost_of_name,
    Kind.HOW_MANY: _cost_of_count,
    Kind.WHEN: _cost_of_time,
    Kind.WHERE: _cost_of_where,
}
