"""What a question asks for, closer than its kind, and what a span costs that is of another kind."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from corpus.dates import DAY_MONTH, mentions
from corpus.text import fold, is_unaccented
from qa import counts
from qa.places import COUNTRY, PLACES, PROVINCE, PROVINCES, countries, provinces
from qa.question import Kind
from qa.reader import Span

WRONG = 15.0
UNLIKELY = 2.5
LONGEST_NAME = 8
SURNAMES = frozenset(
    name.casefold()
    for name in (
        "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
        "Lý", "Đào", "Đoàn", "Vương", "Trịnh", "Trương", "Đinh", "Lâm", "Phùng", "Mai", "Tô", "Hà", "Tạ", "Cao", "Đôn",
        "Lương", "Lưu", "Châu", "Thái", "Quách", "Chu", "Kiều", "Triệu", "Nghiêm", "Đàm", "Tôn", "Thạch", "Giàng",
    )
)  # fmt: skip
OFFICE = re.compile(
    r"\b(?:(?:phó|nguyên|quyền|cựu|thứ|tổng|đại|bộ|cục|vụ|trưởng|chánh)\s+)*"
    r"(?:thứ trưởng|bộ trưởng|cục trưởng|vụ trưởng|trưởng (?:ban|phòng|đoàn)|thủ tướng|chủ tịch|giám đốc|bí thư"
    r"|tổng thống|tổng lãnh sự|đại sứ|thư ký|trợ lý|ủy viên|uỷ viên|văn phòng|thị trưởng|thống đốc)\b",
    re.IGNORECASE,
)
HOLDER = re.compile(
    r"\b(?:(?:phó|nguyên|thứ|tổng|đại|bộ|cục|vụ)\s+)*(?:(?:thứ|bộ|cục|vụ|thị) trưởng|thủ tướng|tổng thống"
    r"|chủ tịch|giám đốc|bí thư|thống đốc)\b",
    re.IGNORECASE,
)
BODY = re.compile(r"(?:Cục|Bộ|Sở|UBND|HĐND|SNV|Vụ|Ủy ban|Uỷ ban|Liên hiệp|Hội|Chính phủ|Trung ương)\b")
NOT_A_PLACE = re.compile(r"(?:Nghị quyết|Nghị định|Hội nghị|Đề án|Hiệp định|Chương trình|Kế hoạch|Tuyên bố)\b")
COUNT_WORD = re.compile(
    r"\d|\b(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|trăm|nghìn|ngàn|triệu|tỷ|nửa|hàng|nhiều|vài|chục|mấy)\b",
    re.IGNORECASE,
)
TIME_WORD = re.compile(
    r"(?<!\d)(?:1\d|20)\d{2}(?!\d)|\d\s?[/\-–]\s?\d|\b\d{1,2}[.:]\d{1,2}(?!\d)|\d\s?(?:h|g|giờ)\b|\bthập (?:niên|kỷ)\b"
    r"|\b(?:năm|tháng|ngày|hôm|tuần|quý|sáng|trưa|chiều|tối|đêm|đầu|cuối|giữa|nay|qua|thế kỷ|mùng|mồng|rằm|tết|mùa|dịp"
    r"|chủ nhật|thứ (?:hai|ba|tư|năm|sáu|bảy))\b",
    re.IGNORECASE,
)
ORDINAL = re.compile(r"\blần thứ\s+\w+", re.IGNORECASE)
NTH = r"(?:thứ|lần|hạng|vị trí|kỳ|khóa|khoá|top)\s+(?:thứ\s+)?"
THE_NTH = re.compile(
    rf"\b{NTH}(?:\d|nhất|nhì|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười|[IVX]+\b)"
    r"|\b(?:đầu tiên|cuối cùng|đứng đầu|dẫn đầu|chủ nhật)\b",
    re.IGNORECASE,
)
PERCENT = re.compile(r"%|phần trăm", re.IGNORECASE)
MONEY = re.compile(r"\$|\b(?:USD|đồng|VND|VNĐ|euro|EUR|đô[ -]la|yên|won|nhân dân tệ|bảng|tỷ|tỉ|triệu)\b", re.IGNORECASE)
COUNTED = r"(?<!\bsố )(?<!\bthứ )\b(?:bao nhiêu|mấy)\s+(?!so với)([^\W\d_]+)"
DAY = re.compile(r"\d{1,2}\s?[/.\-–]\s?\d{1,2}(?!\d)|(?:ngày|mùng|mồng)\s+\w|\d{1,2}\s+tháng\b", re.IGNORECASE)
DATE_ONLY = re.compile(r"(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?:/\d{4})?")
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
PARTICLES = frozenset(
    {"ve", "la", "o", "trong", "cua", "cho", "tai", "do", "khi", "va", "voi", "tu", "nguoi", "thi", "vao"}
)
TIME_UNITS = frozenset({"nam", "thang", "ngay", "tuan", "gio", "phut", "lan"})
MONEY_UNITS = frozenset({"tien", "von", "usd", "dong", "ty", "trieu", "kinh"})
JOINED = re.compile(r",\s+|\s+và\s+")
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Asked:
    """What a question asks for, closer than its kind; patterns are matched on the question without accents."""

    kind: Kind
    question: str

    @cached_property
    def folded(self) -> str:
        """The question without accents and capitals."""
        return fold(self.question)

    @cached_property
    def unit(self) -> str:
        """The word after "bao nhiêu" or "mấy", folded: what is counted; empty if there is none."""
        pattern = COUNTED if self.has_accents else fold(COUNTED)
        found = re.findall(pattern, self.question.casefold() if self.has_accents else self.folded)
        return "" if not found or fold(found[-1]) in PARTICLES else fold(found[-1])

    @cached_property
    def counted(self) -> str:
        """The question from "bao nhiêu" or "mấy" on; empty if it asks for no count."""
        return "".join(counts.HOW_MANY.split(self.question.casefold())[1:])

    @cached_property
    def has_accents(self) -> bool:
        """Whether the question was typed with accents, so that "máy" is not "mấy"."""
        return not is_unaccented(self.question)

    @cached_property
    def wants_ordinal(self) -> bool:
        """Whether the how-manieth is asked for."""
        if self.has_accents:
            return bool(re.search(r"\bthứ (?:mấy|bao nhiêu)\b", self.question.casefold()))
        return bool(
            re.search(
                r"(?<!doanh )(?<!nguon )(?<!tong )\bthu (?:may|bao nhieu)\b(?! (?:tien|ty|trieu|dong))", self.folded
            )
        )

    @cached_property
    def wants_percent(self) -> bool:
        """Whether a share is asked for."""
        return bool(re.search(r"bao nhieu\s*(?:phan tram|%)", self.folded))

    @cached_property
    def wants_money(self) -> bool:
        """Whether a sum is asked for."""
        is_sum = re.search(r"\b(?:kinh phi|ngan sach|so tien|tri gia)\b", self.folded) and not self.unit
        is_other = re.search(r"bao nhiêu (?:tiến|đồng (?:chí|bào)|kinh nghiệm)", self.question.casefold())
        return (self.unit in MONEY_UNITS or bool(is_sum)) and not self.wants_percent and not is_other

    @cached_property
    def wants_day(self) -> bool:
        """Whether the very day is asked for."""
        return bool(re.search(r"\b(?:ngay|hom) (?:nao|may|bao nhieu)\b", self.folded))

    @cached_property
    def wants_person(self) -> bool:
        """Whether only a person can be meant: "ai là", "là ai", an office; who holds a meeting may be a ministry."""
        return bool(re.search(r"\bai la\b|\bla ai\b|\bten\b|\b(?:truong|chu tich|giam doc|bi thu) nao\b", self.folded))

    def is_echo(self, text: str) -> bool:
        """Tell whether a text only repeats the question, which doesn't give it to choose ("Hà Nội hay Đà Nẵng?")."""
        own = counts.words(text, like=self.question)
        is_choice = re.search(r"\s(?:hay|hoặc)\s", self.question.casefold())
        if not own or is_choice:
            return False
        return own <= counts.words(self.question, like=self.question) or self._is_list_of_asked(text)

    def _is_list_of_asked(self, text: str) -> bool:
        """Tell whether a text lists places, one of them asked about: it neither tells where something is nor a name."""
        parts = JOINED.split(text)
        named = provinces(self.question) | countries(self.question)
        return (
            self.kind in (Kind.WHERE, Kind.WHO)
            and not self.wants_places
            and len(parts) > 1
            and all(part in PLACES for part in parts)
            and not named.isdisjoint(provinces(text) | countries(text))
        )

    @cached_property
    def wants_office(self) -> bool:
        """Whether the office that somebody holds is asked for."""
        return bool(re.search(r"\b(?:chuc vu|chuc danh|cuong vi|giu chuc) (?:gi|nao)\b", self.folded))

    @cached_property
    def wants_province(self) -> bool:
        """Whether a province or city of Vietnam is asked for."""
        abroad = COUNTRY.search(self.question) and re.search(r"\bcua\b", self.folded)
        return bool(re.search(r"\b(?:tinh|dia phuong)(?: thanh)?(?: pho)? nao\b", self.folded)) and not abroad

    @cached_property
    def wants_places(self) -> bool:
        """Whether provinces or countries are asked for, not where something is."""
        return self.wants_province or self.wants_country or bool(re.search(r"\bnhung\b|\bcac\b", self.folded))

    @cached_property
    def wants_country(self) -> bool:
        """Whether a country is asked for."""
        return bool(re.search(r"\b(?:nuoc(?: lang gieng)?|quoc gia) nao\b", self.folded))


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


def is_name(text: str) -> bool:
    """Tell whether a text is a Vietnamese person's name and nothing else."""
    words = text.split()
    return (
        2 <= len(words) <= 5
        and words[0].casefold() in SURNAMES
        and all(word[:1].isupper() and word.isalpha() for word in words)
        and not any(place in text for place in PROVINCES)
        and text not in PLACES
    )


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
    if counts.is_of_other(asked.question, text, after):
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
