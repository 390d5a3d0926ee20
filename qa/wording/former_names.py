"""Provinces before and after 1 July 2025: which former names a question about one of today's provinces also means."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import pairwise

from corpus.errors import InputError
from corpus.text import canonical_syllable, fold, is_unaccented, nfc
from qa.question.parse import parse_question
from qa.question.types import Merger, Window
from qa.vietnamese.places import ALIASES, MERGED, UNCHANGED

MERGER_DAY = date(2025, 7, 1)
WORD = re.compile(r"[^\W\d_]+")
SPELLINGS = {
    **ALIASES, "Đăk Lăk": "Đắk Lắk", "Đắc Lắk": "Đắk Lắk", "Đăc Lăc": "Đắk Lắk", "Daklak": "Đắk Lắk",
    "Đắc Nông": "Đắk Nông", "Đăk Nông": "Đắk Nông", "Kontum": "Kon Tum", "Bắc Cạn": "Bắc Kạn",
    "Bà Rịa": "Bà Rịa - Vũng Tàu", "TP HCM": "Hồ Chí Minh",
}  # fmt: skip
# Longer names that begin, end or hold the name of a province and aren't it.
LONGER = (
    "Thái Bình Dương", "Điện Biên Phủ", "Đồng Tháp Mười", "Hà Nam Ninh", "An ninh Bình", "Quốc gia lai", "Con lai",
    "Chủ tịch Hồ Chí Minh", "Tư tưởng Hồ Chí Minh", "Đạo đức Hồ Chí Minh", "Phong cách Hồ Chí Minh",
    "Bác Hồ Chí Minh", "Lăng Hồ Chí Minh", "Đường Hồ Chí Minh", "Đường mòn Hồ Chí Minh", "Cộng sản Hồ Chí Minh",
    "Bảo tàng Hồ Chí Minh", "Huân chương Hồ Chí Minh", "Giải thưởng Hồ Chí Minh", "Quốc gia Hồ Chí Minh",
    "Quảng trường Hồ Chí Minh", "Chủ tịch HCM", "Tư tưởng HCM", "Lăng HCM", "Đường HCM", "Quảng trường Hòa Bình",
)  # fmt: skip
SURNAMES = frozenset((
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
    "Lý", "Đinh", "Mai", "Trịnh", "Thị", "Văn", "Ông", "Bà",
))  # fmt: skip
PLACE_FOLLOWS = frozenset(
    ("tinh", "vu", "ubnd", "hdnd", "uy", "dan", "o", "tai", "cua", "den", "ve", "tu", "va", "pho")
)
BEFORE = r"\b(?:trước|trước khi|trước ngày|chưa|hồi chưa) (?:sáp nhập|hợp nhất)\b|\bcũ\b"
UNACCENTED_BEFORE = (
    r"\b(?:truoc|truoc khi|truoc ngay|chua) (?:sap nhap|hop nhat)\b|\bcu\b(?! (?:doan|ai|can bo|nguoi|tri|the))"
)


def merged_into(name: str) -> str | None:
    """Return the province that a former one became part of; None for one that kept its name, or no province.

    >>> merged_into("vinh phuc"), merged_into("Hoà Bình"), merged_into("Phú Thọ"), merged_into("Paris")
    ('Phú Thọ', 'Phú Thọ', None, None)
    """
    key = tuple(map(fold, WORD.findall(nfc(name))))
    spellings = _spellings().get(key[0], ()) if key else ()
    former = next((meant for spelling, meant in spellings if tuple(map(fold, spelling)) == key), None)
    return next((present for present, old in MERGED.items() if former in old and former != present), None)


def former_names(text: str, *, window: Window | None = None) -> tuple[str, ...]:
    """Return the former names to be searched besides the names of today's provinces in a question.

    `window` is the time asked about where it isn't in the text (`--as-of`). None for a question about a time before
    the merger, or one that names a former province itself: it means the old borders.

    >>> former_names("Chủ tịch UBND tỉnh Phú Thọ là ai?")
    ('Vĩnh Phúc', 'Hòa Bình')
    >>> former_names("Chủ tịch UBND tỉnh Phú Thọ năm 2023 là ai?")
    ()
    """
    return tuple(name for merger in mergers(text, window=window) for name in merger.former)


def mergers(text: str, *, window: Window | None = None) -> tuple[Merger, ...]:
    """Return today's provinces in a question with the former ones it also means, as `former_names` tells them."""
    named = _named(text)
    found = [Merger(name, tuple(old for old in MERGED[name] if old != name)) for name in named if name in MERGED]
    found = [merger for merger in found if set(merger.former).isdisjoint(named)]
    return tuple(found) if found and not _is_about_before(nfc(text), window) else ()


def to_tell(mergers: Sequence[Merger], sentences: Sequence[str]) -> tuple[Merger, ...]:
    """Return the mergers to tell about: those that an answer's sentence goes by, all of them without an answer."""
    return tuple(m for m in mergers if not sentences or any(is_of_former(m, sentence) for sentence in sentences))


def is_of_former(merger: Merger, sentence: str) -> bool:
    """Tell whether an answer's sentence speaks of a former province only: it has its name, not the present one.

    >>> is_of_former(Merger("Phú Thọ", ("Vĩnh Phúc", "Hòa Bình")), "Vĩnh Phúc thu hút 558 triệu USD.")
    True
    >>> is_of_former(Merger("Phú Thọ", ("Vĩnh Phúc", "Hòa Bình")), "Phú Thọ và Vĩnh Phúc cùng dự.")
    False
    """
    named = set(_named(sentence, is_article=True))
    return merger.present not in named and not named.isdisjoint(merger.former)


def _is_about_before(text: str, window: Window | None) -> bool:
    if re.search(UNACCENTED_BEFORE if is_unaccented(text) else BEFORE, text, re.IGNORECASE):
        return True
    try:
        asked = parse_question(text).window or window
    except InputError:
        asked = window
    return asked is not None and asked.last < MERGER_DAY


@cache
def _spellings() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Return by folded first syllable every spelling and the name it means, longest first; "" for no province."""
    meant = {name: name for name in (*(old for names in MERGED.values() for old in names), *UNCHANGED)}
    known = {**meant, **SPELLINGS, **dict.fromkeys(LONGER, "")}
    split = {tuple(WORD.findall(spelling)): name for spelling, name in known.items()}
    by_first: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {}
    for words, name in sorted(split.items(), key=lambda item: -len(item[0])):
        first = fold(words[0])
        by_first[first] = (*by_first.get(first, ()), (words, name))
    return by_first


def _named(text: str, *, is_article: bool = False) -> tuple[str, ...]:
    """Return the provinces named in a text, each once, in order.

    In an article a name has its capitals and accents; in a question it is taken however it is typed.
    """
    clean = nfc(text)
    words = list(WORD.finditer(clean))
    is_free = is_unaccented(clean) and not is_article
    names: list[str] = []
    place = 0
    while place < len(words):
        follows = not is_article and bool(place) and fold(words[place - 1][0]) in PLACE_FOLLOWS
        spelling, name = _at(clean, words[place:], is_free=is_free or follows, is_article=is_article)
        if name and not _is_a_person(words, place) and name not in names:
            names.append(name)
        place += max(1, len(spelling))
    return tuple(names)


def _at(
    text: str, words: Sequence[re.Match[str]], *, is_free: bool, is_article: bool
) -> tuple[tuple[str, ...], str]:  # fmt: skip
    """Return the longest spelling that stands where `words` begin, and the province it means."""
    for spelling, name in _spellings().get(fold(words[0][0]), ()):
        here = words[: len(spelling)]
        if len(here) == len(spelling) and _are_joined(text, here):
            typed = [match[0] for match in here]
            if _is_spelt(typed, spelling, is_free=is_free) and (not is_article or not name or _has_capitals(typed)):
                return spelling, name
    return (), ""


def _are_joined(text: str, words: Sequence[re.Match[str]]) -> bool:
    gaps = (text[a.end() : b.start()] for a, b in pairwise(words))
    return all(gap == "." or gap.strip() in {"", "-", "–"} for gap in gaps)


def _is_spelt(typed: Sequence[str], spelling: Sequence[str], *, is_free: bool) -> bool:
    """Tell whether the words typed are a name's; without any accent only with capitals or if `is_free`."""
    pairs = list(zip(typed, spelling, strict=True))
    if not all(fold(a) == fold(b) for a, b in pairs):
        return False
    if all(a.isascii() for a in typed):
        return is_free or _has_capitals(typed)
    return all(a.isascii() or canonical_syllable(a) == canonical_syllable(b) for a, b in pairs)


def _has_capitals(words: Iterable[str]) -> bool:
    return all(word[0].isupper() for word in words)


def _is_a_person(words: Sequence[re.Match[str]], place: int) -> bool:
    """Tell whether a surname or title of a person stands right before: "Nguyễn Hà Giang"."""
    before = words[place - 1] if place else None
    return bool(before and before[0] in SURNAMES and before.end() + 1 == words[place].start())
