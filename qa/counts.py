"""Numbers of what: whether a number counts what was asked, in the currency asked for, in a clause that is about it.

A sentence full of numbers is where a reader errs most.
"""

import re

from corpus.text import canonical_syllable, fold, is_unaccented, syllables
from qa.when import Fact

CLAUSE_WORTH = 5.0
USUAL_SHARE = 0.4
CLAUSE_END = re.compile(r"[,;:]\s| và ")
# Words that say nothing of what is counted.
FUNCTION_WORDS = frozenset((
    "ai", "là", "gì", "nào", "bao", "nhiêu", "mấy", "khi", "ở", "đâu", "tại", "sao", "vì", "thế", "có", "được", "đã",
    "của", "và", "các", "những", "trong", "về", "cho", "với", "do", "vào", "năm", "tháng", "ngày", "ra", "tên", "bị",
    "sẽ", "đang", "thì", "mà", "này", "đó", "người", "việc", "theo", "từ", "đến", "ông", "bà", "hay", "không",
))  # fmt: skip
# Nouns of one line may be counted for one another; a number of one line's is none of another's.
COUNTED = (
    ("doan",),
    ("tinh", "thanh pho", "dia phuong"),
    ("huyen",),
    ("xa",),
    ("so", "co quan"),
    ("dai bieu",),
    ("dai su", "tong lanh su"),
    ("phong vien", "nha bao"),
    ("nuoc", "quoc gia"),
    ("di san",),
    ("thoa thuan", "hiep dinh", "van ban", "van kien", "bien ban"),
    ("du an",),
    ("hoi nghi", "hoi thao", "phien"),
    ("hoc bong",),
)
CURRENCIES = (("usd", "do la", "my kim"), ("dong", "vnd"), ("euro", "eur"), ("yen",), ("nhan dan te",))
HOW_MANY = re.compile(r"\b(?:bao nhieu|may)\s+")
NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
NEAR = 7


def cost_of_clause(question: str, fact: Fact) -> float:
    """Return what a number loses (logits) for a clause that shares few of the question's words; a gain is negative."""
    form = fold if is_unaccented(question) else canonical_syllable
    left_out = set(map(form, FUNCTION_WORDS))
    asked = {form(word) for word in syllables(question) if not word.isdigit()} - left_out
    said = set(map(form, syllables(clause(fact))))
    return CLAUSE_WORTH * (USUAL_SHARE - len(asked & said) / len(asked)) if asked else 0.0


def clause(fact: Fact) -> str:
    """Return the clause of its sentence that a fact stands in."""
    low = max((m.end() for m in CLAUSE_END.finditer(fact.sentence, 0, fact.start)), default=0)
    end = CLAUSE_END.search(fact.sentence, fact.end)
    return fact.sentence[low : end.start() if end else len(fact.sentence)]


def is_of_other(question: str, text: str, after: str) -> bool:
    """Tell whether a number counts another noun than the question, or another currency.

    `text` holds the number and `after` follows it in its sentence. The noun asked for may also stand a few words on:
    "43 tỉnh thành lập Sở Ngoại vụ" tells how many Sở there are.
    """
    wanted = HOW_MANY.split(fold(question))
    if len(wanted) < 2:
        return False
    said = f"{text} {after}"
    number = NUMBER.search(said)
    words = " ".join(syllables(fold(said[number.end() if number else 0 :]))[:NEAR])
    own, theirs = _first(COUNTED, wanted[-1]), _first(COUNTED, words)
    if own and theirs and own != theirs and not _stands(own, words):
        return True
    asked, given = (_named(CURRENCIES, part) for part in (fold(question), fold(f"{text} {after[:24]}")))
    return bool(asked and given) and asked.isdisjoint(given)


def _first(lines: tuple[tuple[str, ...], ...], text: str) -> tuple[str, ...]:
    """Return the line whose noun a text begins with."""
    return next((line for line in lines if re.match(rf"(?:{'|'.join(line)})\b", text)), ())


def _stands(line: tuple[str, ...], text: str) -> bool:
    return bool(re.search(rf"\b(?:{'|'.join(line)})\b", text))


def _named(lines: tuple[tuple[str, ...], ...], text: str) -> set[tuple[str, ...]]:
    return {line for line in lines if _stands(line, text)}
