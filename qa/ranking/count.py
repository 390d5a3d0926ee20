"""Numbers of what: whether a number counts what was asked, in the currency asked for, in a clause that is about it.

A sentence full of numbers is where a reader errs most.
"""

import re

from corpus.text import syllables
from qa.question.asked import HOW_MANY
from qa.ranking.fact import Fact, clause
from qa.vietnamese.words import content_words, words

CLAUSE_WORTH = 5.0
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
NEAR = 7
Line = tuple[str, ...]


def cost_of_clause(question: str, fact: Fact) -> float:
    """Return what a number loses (logits) for a clause that shares few of the question's words; a gain is negative."""
    asked = content_words(question)
    said = words(clause(fact), like=question)
    return CLAUSE_WORTH * (USUAL_SHARE - len(asked & said) / len(asked)) if asked else 0.0


def is_difference(question: str, fact: Fact) -> bool:
    """Tell whether a number says how many more or fewer ("giảm 12 đoàn") where a question asks how many."""
    number = DIGITS.search(fact.sentence, fact.start, fact.end)
    head = fact.sentence[: number.start()] if number else fact.sentence[: fact.start]
    return bool(CHANGE.search(head)) and not ASKS_CHANGE.search(question)


def is_of_other(question: str, text: str, after: str) -> bool:
    """Tell whether a number counts another noun than the question, or another currency.

    `text` holds the number and `after` follows it in its sentence. The noun asked for may also stand a few words on
    ("43 tỉnh thành lập Sở Ngoại vụ" tells how many Sở there are), and the other one in the question.
    """
    whole, number = question.casefold(), DIGITS.search(text)
    wanted = HOW_MANY.split(whole)
    if len(wanted) == 1 or not number:
        return False
    said = f"{text[number.end() :]} {after}".casefold().lstrip()
    near = " ".join(syllables(said)[:NEAR])
    own, theirs = _begins(NOUNS, wanted[-1]), _begins(NOUNS, near)
    if own and theirs and own != theirs and not _stands(own, near) and not _stands(theirs, whole):
        return True
    asked, given = (_begins(CURRENCIES, MAGNITUDES.sub("", part, count=1)) for part in (wanted[-1], said))
    return bool(asked and given) and asked != given


def _begins(lines: tuple[Line, ...], text: str) -> Line:
    """Return the line of which a text begins with a word."""
    return next((line for line in lines if re.match(rf"(?:{'|'.join(line)})\b", text)), ())


def _stands(line: Line, text: str) -> bool:
    return bool(re.search(rf"\b(?:{'|'.join(line)})\b", text))
