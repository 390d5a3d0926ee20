"""Signals of count: whether a span is a number, counts what was asked, in the currency asked for, in its clause.

A sentence full of numbers is where a reader errs most.
"""

import re

from corpus.dates import DAY_MONTH, mentions
from corpus.text import fold, syllables
from qa.question.asked import HOW_MANY, Asked
from qa.question.types import Kind
from qa.ranking.candidates import Candidate
from qa.vietnamese.amounts import COUNT_WORD, MONEY, PERCENT
from qa.vietnamese.times import DATE_ONLY, ORDINAL_TIME, TIME_UNITS

USUAL_SHARE = 0.4
# Nouns of one line may be counted for one another; a number of one line's is none of another's.
NOUNS = (
    ("đoàn",),
    ("tỉnh", "thành phố", "địa phương"),
    ("huyện",),
    ("xã",),
    (r"sở(?! hữu)",),
    ("đại biểu",),
    (r"đại sứ(?! quán)", "tổng lãnh sự(?! quán)"),
    ("phóng viên", "nhà báo"),
    ("nước(?! ngoài)", "quốc gia"),
    ("di sản",),
    ("thỏa thuận", "thoả thuận", "hiệp định", "văn bản", "văn kiện", "biên bản"),
    ("dự án",),
    ("hội nghị", "hội thảo", "phiên"),
    ("học bổng",),
)
CURRENCIES = (
    ("usd", "đô la", "đô-la", "mỹ kim"),
    ("đồng(?! (?:chí|bào))", "vnd", "vnđ"),
    ("euro", "eur"),
    ("yên", "jpy"),
    ("nhân dân tệ",),
)
MAGNITUDES = re.compile(r"(?:\s*(?:trăm|nghìn|ngàn|triệu|tỷ|tỉ)\b)*\s*")
DIGITS = re.compile(r"\d(?:[\d.,]*\d)?")
CHANGE = re.compile(
    r"\b(?:giảm|tăng)(?: thêm| tới| khoảng| hơn| gần| trên)?\s$|\b(?:ít|nhiều|thêm) (?:hơn )?$", re.IGNORECASE
)
ASKS_CHANGE = re.compile(r"\b(?:giảm|tăng|thêm|hơn|chênh|giam|tang|them)\b", re.IGNORECASE)
NTH = r"(?:thứ|lần|hạng|vị trí|kỳ|khóa|khoá|top)\s+(?:thứ\s+)?"
THE_NTH = re.compile(
    rf"\b{NTH}(?:\d|nhất|nhì|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười|[IVX]+\b)"
    r"|\b(?:đầu tiên|cuối cùng|đứng đầu|dẫn đầu|chủ nhật)\b",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W_]+")
NEAR = 7
# How far behind a number its currency may stand, in characters.
CURRENCY_REACH = 12
Line = tuple[str, ...]


def share_of_clause(asked: Asked, candidate: Candidate) -> float:
    """The share of the question's words that a number's clause has, less what it usually has."""
    if asked.kind is not Kind.HOW_MANY or not asked.content_words:
        return 0.0
    said = asked.words(candidate.fact.clause)
    return len(asked.content_words & said) / len(asked.content_words) - USUAL_SHARE


def is_difference(asked: Asked, candidate: Candidate) -> bool:
    """A number says how many more or fewer ("giảm 12 đoàn") where it is asked how many."""
    fact = candidate.fact
    number = DIGITS.search(candidate.sentence, fact.start, fact.end)
    head = candidate.sentence[: number.start() if number else fact.start]
    return asked.kind is Kind.HOW_MANY and bool(CHANGE.search(head)) and not ASKS_CHANGE.search(asked.text)


# The how-manieth


def is_no_rank(asked: Asked, candidate: Candidate) -> bool:
    """The how-manieth is asked for, and the span is a number and no rank."""
    return _lacks_rank(asked, candidate) and any(c.isdigit() for c in candidate.span.text)


def is_without_rank(asked: Asked, candidate: Candidate) -> bool:
    """The how-manieth is asked for, and the span has neither a rank nor a number."""
    return _lacks_rank(asked, candidate) and not any(c.isdigit() for c in candidate.span.text)


def _lacks_rank(asked: Asked, candidate: Candidate) -> bool:
    """Tell whether a rank is asked for, and a span neither holds "lần thứ …" or another, nor stands after that."""
    text = candidate.span.text
    if asked.kind is not Kind.HOW_MANY or not asked.wants_ordinal or THE_NTH.search(text):
        return False
    return not re.search(rf"\b{NTH}{re.escape(text)}(?!\w)", candidate.sentence, re.IGNORECASE)


# How many


def is_no_number(asked: Asked, candidate: Candidate) -> bool:
    """A number is asked for, and the span has no word of number."""
    return _wants_number(asked) and not COUNT_WORD.search(ORDINAL_TIME.sub("", candidate.span.text))


def is_no_share(asked: Asked, candidate: Candidate) -> bool:
    """A share is asked for, and the span is none."""
    is_share = PERCENT.search(candidate.span.text) or candidate.fact.after.lstrip().startswith("%")
    return _wants_number(asked) and asked.wants_percent and not is_share


def is_date(asked: Asked, candidate: Candidate) -> bool:
    """Something else than time is counted, and every number of the span is part of a date."""
    text = candidate.span.text
    return _wants_amount(asked) and asked.unit not in TIME_UNITS and bool(_is_date(text) or DATE_ONLY.fullmatch(text))


def is_no_money(asked: Asked, candidate: Candidate) -> bool:
    """A sum is asked for, and the span is none, nor by what share it rose."""
    text = candidate.span.text
    is_share = PERCENT.search(text) and re.search(r"\b(?:tang|giam)\b", asked.folded)
    is_sum = is_share or MONEY.search(text + candidate.fact.after[:CURRENCY_REACH])
    return _wants_amount(asked) and asked.wants_money and not is_sum


def lacks_unit(asked: Asked, candidate: Candidate) -> bool:
    """What is counted stands neither in the span nor right behind it."""
    if not _wants_amount(asked) or asked.wants_money or not asked.unit:
        return False
    follows = " ".join(WORD.findall(candidate.fact.after)[:2])
    return asked.unit not in WORD.findall(fold(f"{candidate.span.text} {follows}"))


def counts_other(asked: Asked, candidate: Candidate) -> bool:
    """The number counts another noun than the question, or another currency.

    The noun asked for may also stand a few words on ("43 tỉnh thành lập Sở Ngoại vụ" tells how many Sở there are), and
    the other one in the question.
    """
    text, number = candidate.span.text, DIGITS.search(candidate.span.text)
    wanted = HOW_MANY.split(asked.lowered)
    if not _wants_amount(asked) or len(wanted) == 1 or not number:
        return False
    said = f"{text[number.end() :]} {candidate.fact.after}".casefold().lstrip()
    near = " ".join(syllables(said)[:NEAR])
    own, theirs = _begins(NOUNS, wanted[-1]), _begins(NOUNS, near)
    if own and theirs and own != theirs and not _stands(own, near) and not _stands(theirs, asked.lowered):
        return True
    currency, given = (_begins(CURRENCIES, MAGNITUDES.sub("", part, count=1)) for part in (wanted[-1], said))
    return bool(currency and given) and currency != given


def _wants_number(asked: Asked) -> bool:
    return asked.kind is Kind.HOW_MANY and not asked.wants_ordinal


def _wants_amount(asked: Asked) -> bool:
    return _wants_number(asked) and not asked.wants_percent


def _is_date(text: str) -> bool:
    """Tell whether every number of a text is part of a date."""
    rest = text
    for mention in reversed(list(mentions(text))):
        rest = rest[: mention.start] + rest[mention.end :]
    rest = DAY_MONTH.sub("", rest)
    return rest != text and not any(c.isdigit() for c in rest)


def _begins(lines: tuple[Line, ...], text: str) -> Line:
    """Return the line of which a text begins with a word."""
    return next((line for line in lines if re.match(rf"(?:{'|'.join(line)})\b", text)), ())


def _stands(line: Line, text: str) -> bool:
    return bool(re.search(rf"\b(?:{'|'.join(line)})\b", text))
