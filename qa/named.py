"""What a question names and its answer's sentence must not gainsay: which meeting, which office, which province."""

import re
from typing import TypeVar

from corpus.text import fold
from qa.places import ALIASES, PROVINCES

T = TypeVar("T")
GAINSAID = 6.0
UNNAMED = 2.0
ORDINAL = re.compile(
    r"\b[Ll](?:ần|an) th(?:ứ|u) (\d{1,3}|[IVXL]+|nhất|nhì|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười"
    r"|nhat|nhi|tu|bon|nam|sau|bay|tam|chin|muoi)\b"
)
WORDS = ("nhat", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi")
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
TITLE = (
    r"(?:(pho|nguyen|cuu) )?(cuc truong|vu truong|thu truong|bo truong|truong ban|thu tuong|chu tich|giam doc|bi thu"
    r"|tong thu ky|tong thong|dai su|chanh van phong|thi truong)\b"
)
OFFICE = re.compile(rf"\b{TITLE}")
WHO_IS = re.compile(rf"\bai la {TITLE}|\b{TITLE}[^,?]{{0,80}} la ai\b")
YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
PLACE = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(PROVINCES, key=len, reverse=True)))
BEFORE_PLACE = re.compile(r"(?:Tỉnh|TP|TP\.|Tp|Tp\.|UBND|HĐND|SNV|Sở|Thành phố|phố)\s*$")
JOINED_BEFORE = re.compile(r"[^\W\d_a-zà-ỹ][^\W\d_]*\s$")
JOINED_AFTER = re.compile(r"\s[^\W\d_a-zà-ỹ]")
WHERE_ELSE = re.compile(r"\b(?:o dau|tai dau|den dau|ve dau|noi nao|(?:tinh|dia phuong|thanh pho) nao)\b")


def cost(question: str, sentence: str, around: str) -> float:
    """Return what a span's score loses if its sentence speaks of another meeting, office or province.

    `around` is the article's title and the passage: what is named there may be meant by the sentence.
    """
    if _is_other_office(fold(question), fold(sentence)):
        return GAINSAID
    provinces = set() if WHERE_ELSE.search(fold(question)) else _provinces(question)
    return max(
        _cost_of_other(_ordinals(question), _ordinals(sentence), _ordinals(around), unnamed=UNNAMED),
        _cost_of_other(provinces, _provinces(sentence), _provinces(around), unnamed=0.0),
    )


def _cost_of_other(asked: set[T], said: set[T], near: set[T], *, unnamed: float) -> float:
    """Compare what is asked about with what the sentence names, and with what title and passage name.

    `unnamed` is the cost where nothing of the sort is named anywhere.
    """
    if not asked or asked & said:
        return 0.0
    if asked & near:
        return UNNAMED if said else 0.0
    return GAINSAID if said or near else unnamed


def _ordinals(text: str) -> set[int]:
    return set(map(_number, ORDINAL.findall(text)))


def _number(said: str) -> int:
    if said.isdigit():
        return int(said)
    word = {"nhi": "hai", "bon": "tu"}.get(fold(said), fold(said))
    return WORDS.index(word) + 1 if word in WORDS else _roman(said)


def _roman(letters: str) -> int:
    values = [ROMAN[letter] for letter in letters]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _is_other_office(asked: str, said: str) -> bool:
    """Tell whether "Ai là Phó Cục trưởng?" meets only the head, "Ai là Cục trưởng?" only the deputy or another office.

    A former holder answers a question that names a year.
    """
    match = WHO_IS.search(asked)
    offices = OFFICE.findall(said)
    if not match or not offices:
        return False
    wanted = {(prefix, office) for prefix, office in OFFICE.findall(match[0])}
    if YEAR.search(asked):
        wanted |= {("nguyen", office) for _, office in wanted} | {("cuu", office) for _, office in wanted}
    return not wanted & set(offices)


def _provinces(text: str) -> set[str]:
    """Return the provinces named, but not those that are part of a longer name (Nguyễn Hà Giang, Điện Biên Phủ)."""
    return {
        ALIASES.get(match[0], match[0])
        for match in PLACE.finditer(text)
        if not _is_part(text, match.start(), match.end())
    }


def _is_part(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 24) : start]
    is_joined = bool(JOINED_BEFORE.search(before)) and not BEFORE_PLACE.search(before)
    return is_joined or bool(JOINED_AFTER.match(text, end))
