"""What a question names and its answer's sentence must not gainsay: which meeting, which office, which province."""

import re
from collections.abc import Callable
from itertools import takewhile

from corpus.text import fold, sentence_spans, syllables
from qa.ranking.fact import Fact, clause, clause_span
from qa.ranking.office import is_other_office, is_swapped
from qa.vietnamese.places import countries, provinces

Name = tuple[str, str]
GAINSAID = 20.0
UNNAMED = 4.0
SHORT = 6
ORDINAL = re.compile(
    r"\b[Ll](?:ần|an) th(?:ứ|u) (\d{1,3}|[IVXL]+|nhất|nhì|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười"
    r"|nhat|nhi|tu|bon|nam|sau|bay|tam|chin|muoi)\b(?! (?:mươi|mười|mốt|một|hai|ba|bốn|lăm|sáu|bảy|tám|chín|muoi)\b)"
)
WORDS = ("nhat", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi")
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
AT_LARGE = frozenset({"toan", "quoc", "nay", "ky"})
OPPOSITES = (
    (r"\bkhai mạc\b", r"\bbế mạc\b"),
    (r"\bkhai giảng\b", r"\bbế giảng\b"),
    (r"\bxuất khẩu\b", r"(?<!xuất )\bnhập khẩu\b"),
    (r"\bxuất khẩu\b|(?<!xuất )\bnhập khẩu\b", r"\bxuất nhập khẩu\b"),
    (r"\bfdi\b|\bđầu tư (?:trực tiếp )?(?:từ |của )?nước ngoài\b", r"\bddi\b|\b(?:đầu tư|vốn) trong nước\b"),
    (
        r"\bđoàn ra\b|\b(?:ra|đi)(?: [^\W\d]+){0,2} nước ngoài\b",
        r"\bđoàn vào\b"
        r"|\b(?:đón|tiếp)(?: (?:khoảng|hơn|gần|trên|bao nhiêu|các|[\d.]+)){0,2} (?:phái )?(?:đoàn|khách|lượt)\b"
        r"|\bđón tiếp\b|\bđón (?:khoảng |hơn )?[\d.]+"
        r"|\bnước ngoài (?:vào|đến|sang)\b(?! (?:năm|tháng|ngày|dịp|hết|nay|cuối|đầu))",
    ),
    (r"\boda\b|\b(?:hỗ trợ|viện trợ) phát triển\b", r"\bphi chính phủ\b|\bngos?\b"),
    (r"\bbổ nhiệm\b", r"\b(?:miễn|bãi) nhiệm\b"),
    (r"\bthành lập\b", r"\bgiải thể\b"),
    (r"\b(?:cao|lớn) nhất\b", r"\b(?:thấp|nhỏ) nhất\b"),
    (r"\b(?:phía|miền) bắc\b", r"\b(?:phía|miền) nam\b"),
)
WHICH_COUNTRY = re.compile(r"\b(?:nuoc|quoc gia|dau|noi|thi truong|doi tac)(?: \w+)? (?:nao|nhung nao)\b|\bo dau\b")
GENERAL = frozenset({"", "hoi nghi"})
PERSON = re.compile(r"\b(?:[Ôô]ng|[Bb]à|[Đđ]ồng chí)\s+(.*)")
HAS = re.compile(r"\b(?:cua|o|tai|ve) (?:tinh |thanh pho |tp\.? ?)?\w")
MAY_BE_ELSEWHERE = re.compile(r"\b(?:ai|dau|(?:don vi|co quan|doan|khach) nao|cang|cua khau|san bay|voi|qua|tu|den)\b")
WHERE_ELSE = re.compile(r"\b(?:o dau|tai dau|den dau|ve dau|noi nao|(?:tinh(?: thanh)?|dia phuong|thanh pho) nao)\b")


def cost(about: str, fact: Fact, passage: str) -> float:
    """Return what a fact's score loses if it speaks of another meeting, office or province, or of the opposite.

    `about` is the question with the other names of what it asks about. Where the sentence names no meeting or province,
    the last one named before it is meant; `passage` holds what is named after it too.
    """
    question, sentence = fold(about), fact.sentence
    if is_other_office(question, fact) or is_swapped(about, fact):
        return GAINSAID
    if _is_opposite(about.casefold(), fact) or _is_of_other(about, fact):
        return GAINSAID
    around = f"{fact.article.title}\n{passage}"
    asked = set() if WHERE_ELSE.search(question) else _named_provinces(about)
    abroad = set() if WHICH_COUNTRY.search(question) else _named_countries(about)
    if asked and _is_elsewhere(question, asked, fact):
        return GAINSAID
    return max(
        UNNAMED * _is_named_later(question, asked, fact),
        _cost_of_other(_ordinals(about), _ordinals, sentence, fact.before, around, unnamed=UNNAMED),
        _cost_of_other(asked, _named_provinces, sentence, fact.before, around, unnamed=UNNAMED),
        min(UNNAMED, _cost_of_other(abroad, _named_countries, sentence, fact.before, around, unnamed=UNNAMED)),
    )


def _is_named_later(question: str, asked: set[Name], fact: Fact) -> bool:
    """Tell whether a number stands before a province's own: "cả vùng có 1.160 dự án, riêng Cần Thơ có 9 dự án"."""
    end = clause_span(fact)[1]
    later = fact.sentence[end:]
    is_later = bool(asked & _named_provinces(later)) and asked.isdisjoint(_named_provinces(fact.sentence[:end]))
    return is_later and bool(re.search(r"\b(?:bao nhieu|may)\b", question)) and any(c.isdigit() for c in later)


def _is_elsewhere(question: str, asked: set[Name], fact: Fact) -> bool:
    """Tell whether a short answer to what a province has or holds names another province itself.

    "Vải thiều Hải Dương" is no speciality of Hưng Yên's; a port that its goods pass or a guest may well be elsewhere.
    """
    said = fact.sentence[fact.start : fact.end]
    is_own = bool(HAS.search(question)) and not MAY_BE_ELSEWHERE.search(question)
    return is_own and len(said.split()) <= SHORT and asked.isdisjoint(_named_provinces(said) or asked)


def _cost_of_other(
    asked: set[Name], names: Callable[[str], set[Name]], sentence: str, before: str, around: str, *, unnamed: float
) -> float:
    """Compare what is asked about with what the sentence names, or the last one before it that names any.

    `unnamed` is the cost where nothing of the sort is named anywhere.
    """
    if not asked:
        return 0.0
    said = _alike(asked, names(sentence)) or _alike(asked, _last_named(asked, names, before))
    near = _alike(asked, names(around))
    if said or near:
        wanted = {value for _, value in asked}
        return 0.0 if wanted & (said or near) else UNNAMED if wanted & near else GAINSAID
    return unnamed


def _alike(asked: set[Name], found: set[Name]) -> set[str]:
    """Return the values of those names that are of the same series as those asked about, or of all if none is."""
    series = {of for of, _ in asked}
    alike = {value for of, value in found if of in series}
    is_general = not series.isdisjoint(GENERAL)
    return alike or {value for of, value in found if is_general or of in GENERAL}


def _last_named(asked: set[Name], names: Callable[[str], set[Name]], before: str) -> set[Name]:
    """Return what the last sentence names that names anything, one of the series asked about if there is one."""
    series = {of for of, _ in asked}
    last: set[Name] = set()
    for low, high in reversed(list(sentence_spans(before))):
        found = names(before[low:high])
        if any(of in series for of, _ in found):
            return found
        last = last or found
    return last


def _is_opposite(asked: str, fact: Fact) -> bool:
    """Tell whether the fact's clause, or else its sentence, says the opposite of a word asked about."""
    sentence, near = fact.sentence.casefold(), clause(fact).casefold()
    for one, other in (*OPPOSITES, *(pair[::-1] for pair in OPPOSITES)):
        if re.search(one, asked) and not re.search(other, asked):
            place = near if re.search(rf"{one}|{other}", near) else sentence
            if re.search(other, place) and not re.search(one, place):
                return True
    return False


def _ordinals(text: str) -> set[Name]:
    """Return `(what is counted, number)` for each "lần thứ …": `("ngoai vu", "19")` for the 19th Hội nghị Ngoại vụ."""
    return {
        (" ".join([w for w in map(fold, syllables(text[: m.start()][-60:])) if w not in AT_LARGE][-2:]), _number(m[1]))
        for m in ORDINAL.finditer(text)
    }


def _is_of_other(asked: str, fact: Fact) -> bool:
    """Tell whether a list (`…; …`) tells of the person asked about in another part than the fact's."""
    own = fact.sentence[slice(*fact.part)]
    return bool(_people(own)) and any(name in fact.sentence and name not in own for name in _people(asked))


def _people(text: str) -> list[str]:
    """Return the names after "ông", "bà" or "đồng chí"."""
    named = (takewhile(str.istitle, match[1].split()) for match in PERSON.finditer(text))
    return [" ".join(words).strip("?,.") for words in map(list, named) if len(words) > 1]


def _named_countries(text: str) -> set[Name]:
    return {("", name) for name in countries(text)} - {("", "Việt Nam")}


def _named_provinces(text: str) -> set[Name]:
    return {("", name) for name in provinces(text)}


def _number(said: str) -> str:
    word = {"nhi": "hai", "bon": "tu"}.get(fold(said), fold(said))
    return str(int(said) if said.isdigit() else WORDS.index(word) + 1 if word in WORDS else _roman(said))


def _roman(letters: str) -> int:
    values = [ROMAN[letter] for letter in letters]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
