"""Signals of names: the meeting, province or person that a question names, and what its answer's sentence names.

Where the sentence names none, the last one named before it is meant; its passage tells what is named after it, too.
"""

import re
from collections.abc import Callable, Iterable, Set
from enum import StrEnum

from qa.question.asked import HOME, Asked
from qa.ranking.candidates import Candidate
from qa.ranking.fact import Fact, Name, Sentence
from qa.vietnamese.people import people
from qa.vietnamese.places import provinces

SHORT = 6
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
HAS = re.compile(r"\b(?:cua|o|tai|ve) (?:tinh |thanh pho |tp\.? ?)?\w")
MAY_BE_ELSEWHERE = re.compile(r"\b(?:ai|dau|(?:don vi|co quan|doan|khach) nao|cang|cua khau|san bay|voi|qua|tu|den)\b")
WHERE_ELSE = re.compile(r"\b(?:o dau|tai dau|den dau|ve dau|noi nao|(?:tinh(?: thanh)?|dia phuong|thanh pho) nao)\b")
Names = Callable[[Sentence], Set[Name]]


def is_opposite(asked: Asked, candidate: Candidate) -> bool:
    """The span's clause, or else its sentence, says the opposite of a word asked about."""
    sentence, near = candidate.fact.sentence.lowered, candidate.fact.clause.casefold()
    for one, other in (*OPPOSITES, *(pair[::-1] for pair in OPPOSITES)):
        if re.search(one, asked.lowered) and not re.search(other, asked.lowered):
            place = near if re.search(rf"{one}|{other}", near) else sentence
            if re.search(other, place) and not re.search(one, place):
                return True
    return False


def is_of_other_person(asked: Asked, candidate: Candidate) -> bool:
    """A list (`…; …`) tells of the person asked about in another part than the span's."""
    own = candidate.sentence[slice(*candidate.fact.part)]
    is_elsewhere = any(name in candidate.sentence for name in asked.people)
    return is_elsewhere and not any(name in own for name in asked.people) and bool(people(own))


def is_elsewhere(asked: Asked, candidate: Candidate) -> bool:
    """A short answer to what a province has or holds names another province itself.

    "Vải thiều Hải Dương" is no speciality of Hưng Yên's; a port that its goods pass or a guest may well be elsewhere.
    """
    fact, wanted = candidate.fact, {value for _, value in _provinces_asked(asked)}
    is_own = bool(HAS.search(asked.folded)) and not MAY_BE_ELSEWHERE.search(asked.folded)
    said = fact.sentence.text[fact.start : fact.end]
    if not wanted or not is_own or len(said.split()) > SHORT:
        return False
    return wanted.isdisjoint(provinces(said) or wanted)


def is_of_other_ordinal(asked: Asked, candidate: Candidate) -> bool:
    """Another one of a series is named than the one asked about."""
    return _ordinal(asked, candidate.fact) is Named.OTHER


def is_of_other_province(asked: Asked, candidate: Candidate) -> bool:
    """Another province is named than the one asked about."""
    return _province(asked, candidate.fact) is Named.OTHER


def is_unnamed(asked: Asked, candidate: Candidate) -> bool:
    """What is asked about is named further off than something else of the sort, or nowhere near.

    Another country than the one asked about is no more than that, since cities stand for countries.
    """
    fact, unsure = candidate.fact, (Named.NEAR, Named.NOWHERE)
    return (
        _ordinal(asked, fact) in unsure or _province(asked, fact) in unsure or _country(asked, fact) is not Named.SAME
    )


def is_named_later(asked: Asked, candidate: Candidate) -> bool:
    """A number stands before a province's own: "cả vùng có 1.160 dự án, riêng Cần Thơ có 9 dự án"."""
    fact = candidate.fact
    end = fact.clause_span[1]
    later, wanted = fact.sentence.text[end:], {value for _, value in _provinces_asked(asked)}
    is_later = bool(wanted & provinces(later)) and wanted.isdisjoint(provinces(fact.sentence.text[:end]))
    return is_later and bool(re.search(r"\b(?:bao nhieu|may)\b", asked.folded)) and any(c.isdigit() for c in later)


class Named(StrEnum):
    """How what is asked about is named; `near`: in the passage, but something else of the sort is nearer."""

    SAME = "same"
    NEAR = "near"
    NOWHERE = "nowhere"
    OTHER = "other"


def _ordinal(asked: Asked, fact: Fact) -> Named:
    return _named(asked.ordinals, fact, lambda sentence: sentence.ordinals)


def _province(asked: Asked, fact: Fact) -> Named:
    return _named(_provinces_asked(asked), fact, lambda sentence: _of_no_series(sentence.provinces))


def _country(asked: Asked, fact: Fact) -> Named:
    wanted = frozenset() if WHICH_COUNTRY.search(asked.folded) else asked.abroad
    return _named(_of_no_series(wanted), fact, lambda sentence: _of_no_series(sentence.countries - {HOME}))


def _provinces_asked(asked: Asked) -> Set[Name]:
    return frozenset() if WHERE_ELSE.search(asked.folded) else _of_no_series(asked.provinces)


def _of_no_series(names: Iterable[str]) -> Set[Name]:
    return {("", name) for name in names}


def _named(asked: Set[Name], fact: Fact, names: Names) -> Named:
    """Compare what is asked about with what the sentence names, or the last one before it that names any."""
    if not asked:
        return Named.SAME
    wanted = {value for _, value in asked}
    said = _alike(asked, names(fact.sentence)) or _alike(asked, _last_named(asked, fact, names))
    near = _alike(asked, {name for sentence in fact.sentences.all for name in names(sentence)})
    if not said and not near:
        return Named.NOWHERE
    return Named.SAME if wanted & (said or near) else Named.NEAR if wanted & near else Named.OTHER


def _alike(asked: Set[Name], found: Set[Name]) -> set[str]:
    """Return the values of those names that are of the same series as those asked about, or of all if none is."""
    series = {of for of, _ in asked}
    alike = {value for of, value in found if of in series}
    is_general = not series.isdisjoint(GENERAL)
    return alike or {value for of, value in found if is_general or of in GENERAL}


def _last_named(asked: Set[Name], fact: Fact, names: Names) -> Set[Name]:
    """Return what the last sentence names that names anything, one of the series asked about if there is one."""
    series = {of for of, _ in asked}
    last: Set[Name] = frozenset()
    for sentence in fact.before:
        found = names(sentence)
        if any(of in series for of, _ in found):
            return found
        last = last or found
    return last
