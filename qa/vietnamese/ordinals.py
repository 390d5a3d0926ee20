"""Which of a series: "Hội nghị Ngoại vụ lần thứ 19", its number in digits, in words or Roman."""

import re

from corpus.text import fold, syllables

ORDINAL = re.compile(
    r"\b[Ll](?:ần|an) th(?:ứ|u) (\d{1,3}|[IVXL]+|nhất|nhì|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười"
    r"|nhat|nhi|tu|bon|nam|sau|bay|tam|chin|muoi)\b(?! (?:mươi|mười|mốt|một|hai|ba|bốn|lăm|sáu|bảy|tám|chín|muoi)\b)"
)
WORDS = ("nhat", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi")
OTHER_WORDS = {"nhi": "hai", "bon": "tu"}
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
# Words that say nothing of what is counted: "Hội nghị Ngoại vụ toàn quốc" is of one series with "Hội nghị Ngoại vụ".
AT_LARGE = frozenset({"toan", "quoc", "nay", "ky"})
SERIES_REACH = 60


def ordinals(text: str) -> frozenset[tuple[str, str]]:
    """Return `(what is counted, number)` for each "lần thứ …": `("ngoai vu", "19")` for the 19th Hội nghị Ngoại vụ."""
    return frozenset((_series(text[: match.start()]), _number(match[1])) for match in ORDINAL.finditer(text))


def _series(before: str) -> str:
    """Return the last two words before an ordinal, folded: what it counts."""
    return " ".join([word for word in map(fold, syllables(before[-SERIES_REACH:])) if word not in AT_LARGE][-2:])


def _number(said: str) -> str:
    word = OTHER_WORDS.get(fold(said), fold(said))
    return str(int(said) if said.isdigit() else WORDS.index(word) + 1 if word in WORDS else _roman(said))


def _roman(letters: str) -> int:
    values = [ROMAN[letter] for letter in letters]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
