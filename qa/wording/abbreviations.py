"""Abbreviations that officers type: written out for whoever reads the question, other forms of them for the search.

What can mean two things (CT, BT, ĐN, GĐ, HN) is written out only where a neighbouring word decides; TT never is.
"""

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from corpus.text import SYLLABLE, canonical_syllable, fold, is_unaccented, nfc, syllables, unaccent
from qa.question.parse import has_english_question_word
from qa.vietnamese.places import PROVINCES
from qa.wording.keystrokes import is_syllable
from qa.wording.quoted import kept_pattern, kept_spans, may_be_kept

WORD_BEFORE, WORD_AFTER = r"\w{2,}\s*$", r"\s*\w{2,}"
HYPHENED_BEFORE, HYPHENED_AFTER, NEXT = r"(\w+)-$", r"-(\w+)", r"\s+(\w+)"
# Every word that an abbreviation ends with, folded: a question that has none needs no rule compiled.
SHORT = frozenset((
    "bch", "bchtu", "bchtw", "bng", "bt", "cnv", "cp", "cqdd", "ct", "dn", "dsq", "fdi", "gd", "hcm", "hdnd", "hn",
    "lhq", "lsq", "ng", "ngo", "ngos", "nvdp", "nvnonn", "oda", "pcpnn", "pct", "pgd", "phodn", "phohcm", "phohn",
    "pttg", "snv", "tgd", "tlsq", "tp", "tpdn", "tphcm", "tphn", "ttg", "tw", "ubnd", "vn", "vpcp",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One abbreviation: `typed` is its pattern, in any case unless it says otherwise; `full` is what it stands for.

    `before` has to end, `after` to begin what stands around it (both are matched without accents, in lower case);
    `unless` must not end what stands before it. `quiet`: beside another word in capitals it is a word like that;
    `alone`: before a foreign word in capitals it is part of a name ("VN Express").
    """

    typed: str
    full: str
    before: str = ""
    after: str = ""
    unless: str = ""
    quiet: bool = False
    alone: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """The abbreviation as a word of its own, or written against the next ("TP.Huế")."""
        return re.compile(rf"(?<![\w&@])(?:{self.typed})(?:(?<=[\s.])|(?![\w&@]))", re.IGNORECASE)

    def fits(self, text: str, start: int, end: int) -> bool:
        """Tell whether what stands around `text[start:end]` lets it mean `full`."""
        before = fold(text[max(0, start - 60) : start]).rstrip(" ")
        if self.unless and re.search(rf"\b(?:{self.unless})$", before):
            return False
        if self.before and not re.search(rf"\b(?:{self.before})$", before):
            return False
        if _is_in_a_name(text, start, end, is_alone=self.alone):
            return False
        return not self.after or bool(re.match(rf"[ .]*(?:{self.after})(?!\w)", fold(text[end : end + 60])))


_CITY = r"(?:TP|thành phố|thanh pho)\s?\.?\s?"
_COUNCIL = r"ubnd|hdnd|uy ban nhan dan|hoi dong nhan dan"
_OFFICE = r"snv|so|cong an|trung tam|hoc vien|cong ty|van phong|vien|ngan hang|benh vien|quy|ban|ubnd|tinh"
_PERSON = (
    r"chu tich|bac|tu tuong|dao duc|phong cach|tam guong|lang|duong|duong mon|di chuc|giai thuong|huan chuong"
    r"|quang truong|quoc gia|tncs|cong san|bao tang|thoi dai"
)
_PLACES = "|".join(sorted({re.escape(fold(name)) for name in PROVINCES}, key=len, reverse=True))
_STAFF = r"can bo,?|cb,?|doi ngu|toan the|lao dong|nguoi|cong ty|nha may|doanh nghiep|so|luong|luong cua"
_YEAR = r"(?:19|20)\d\d"
_CAPITAL = r"(?-i:[A-ZĐÀ-ÖØ-ÝĂƠƯẠ-Ỹ])(?-i:[a-zà-öø-ýăđơưạ-ỹ])"
NON_STATE = "phi chính phủ nước ngoài"
CITY = "Thành phố Hồ Chí Minh"
NOT_SEARCHED = frozenset({CITY, "Thành phố", "thành phố"})  # on top of "TP. Hồ Chí Minh" only common words
RULES: tuple[Rule, ...] = (
    Rule(rf"{_CITY}HCM|TPHCM", CITY),
    Rule(r"TP(?:\.\s?|\s)(?=H[ồo] Ch[íi] Minh)", "Thành phố"),
    Rule("HCM", "Hồ Chí Minh", before=_PERSON),
    Rule("HCM", CITY, alone=True),
    Rule(rf"{_CITY}HN|TPHN", "Thành phố Hà Nội"),
    Rule(rf"{_CITY}ĐN|TPĐN", "Thành phố Đà Nẵng"),
    Rule("HN", "Hà Nội", before=rf"thu do|tai|o|snv|so ngoai vu|{_COUNCIL}", unless=r"hang o"),
    Rule("HN", "Hội nghị", after="ngoai vu|lan thu|trung uong|tw|toan quoc|ngoai giao|tong ket|thuong dinh"),
    Rule(rf"TP(?:\.\s?|\s)(?={_CAPITAL})", "thành phố"),
    Rule(r"TP\.?", "thành phố", after=_PLACES),
    Rule("TP", "thành phố", before=_COUNCIL),
    Rule("SNV", "Sở Ngoại vụ"),
    Rule("BNG|Bộ NG|Bo NG", "Bộ Ngoại giao"),
    Rule("CNV", "Cục Ngoại vụ", before=r"cuc truong|lanh dao|tru so|tru so cua|nhiem vu cua|chuc nang cua|thanh lap"),
    Rule("CNV", "Cục Ngoại vụ", after=r"bo ngoai giao|bo ng|bng"),
    Rule("CNV", "Cục Ngoại vụ", after=r"la|[?!. ]*$", unless=_STAFF),
    Rule("UBND", "Ủy ban nhân dân"),
    Rule("HĐND|HDND", "Hội đồng nhân dân"),
    Rule("BCH ?(?:TW|TƯ)", "Ban Chấp hành Trung ương"),
    Rule(r"TW|T\.Ư", "Trung ương"),
    Rule("ĐSQ|DSQ", "Đại sứ quán"),
    Rule("TLSQ", "Tổng Lãnh sự quán"),
    Rule("LSQ", "Lãnh sự quán"),
    Rule("CQĐD|CQDD", "cơ quan đại diện"),
    Rule("LHQ", "Liên hợp quốc"),
    Rule("NVNONN", "người Việt Nam ở nước ngoài"),
    Rule("NVĐP", "ngoại vụ địa phương"),
    Rule("VN", "Việt Nam", alone=True),
    Rule("FDI", "đầu tư trực tiếp nước ngoài", alone=True),
    Rule("ODA", "hỗ trợ phát triển chính thức", alone=True),
    Rule("PCPNN", NON_STATE),
    Rule("NGO|NGOs", "phi chính phủ", before="to chuc|vien tro|von|nguon"),
    Rule("PTTg", "Phó Thủ tướng"),
    Rule("TTg", "Thủ tướng"),
    Rule("CP", "Chính phủ", before="ttg|thu tuong"),
    Rule("VPCP", "Văn phòng Chính phủ"),
    Rule("TGĐ", "Tổng Giám đốc"),
    Rule("PGĐ", "Phó Giám đốc"),
    Rule("PGD", "Phó Giám đốc", after=r"snv|so ngoai vu"),
    Rule("GĐ", "giai đoạn", after=rf"{_YEAR} ?[-–] ?(?:{_YEAR}|\d\d)|{_YEAR} (?:den|toi) (?:nam )?{_YEAR}"),
    Rule("GĐ", "Giám đốc", after=_OFFICE),
    Rule("GD", "Giám đốc", after=r"snv|so ngoai vu"),
    Rule("PCT", "Phó Chủ tịch", after=rf"{_COUNCIL}|nuoc|quoc hoi|tinh|thanh pho|tp"),
    Rule("CT", "Chủ tịch", after=rf"{_COUNCIL}|nuoc|quoc hoi"),
    Rule("BT", "Bộ trưởng", after="bng|bo|ngoai giao|quoc phong|cong an"),
    Rule("BT", "Bí thư", after="tinh uy|thanh uy|trung uong|tw|huyen uy|quan uy"),
    Rule("ĐN", "đối ngoại", before=r"cong tac|hoat dong|nganh|su kien"),
    Rule("ĐN", "đối ngoại", after=r"nhan dan|dia phuong"),
    Rule("(?-i:TƯ)", "Trung ương", quiet=True),
    Rule("(?-i:NGOs?)", "tổ chức phi chính phủ", quiet=True),
)
# Forms that articles use for one thing. Left out: what is another word too ("TƯ", "tư"), or stands in the numbers of
# documents ("TW"), or is rare beside the long form ("VN").
FORMS: tuple[tuple[str, ...], ...] = (
    ("TP.HCM", "TPHCM", "TP. Hồ Chí Minh", CITY),
    ("Sở Ngoại vụ", "SNV"),
    ("Bộ Ngoại giao", "BNG"),
    ("Cục Ngoại vụ", "CNV"),
    ("Ủy ban nhân dân", "UBND"),
    ("Hội đồng nhân dân", "HĐND"),
    ("Đại sứ quán", "ĐSQ"),
    ("Tổng Lãnh sự quán", "TLSQ"),
    ("cơ quan đại diện", "CQĐD"),
    ("Liên hợp quốc", "Liên hiệp quốc", "LHQ"),
    ("người Việt Nam ở nước ngoài", "NVNONN"),
    ("ngoại vụ địa phương", "NVĐP"),
    ("đầu tư trực tiếp nước ngoài", "FDI"),
    ("hỗ trợ phát triển chính thức", "ODA"),
    (NON_STATE, "PCPNN", "NGO"),
    ("tổ chức phi chính phủ", "NGO"),
)


def expand(text: str, knows: Callable[[str], int] = lambda term: 0) -> str:
    """Write out the abbreviations of a question; a text that has none comes back as it was, byte for byte.

    One whose syllables stand in passages (`knows(syllable)` counts them) is left as the articles write it.
    A question typed without accents stays without: "o dau" is understood only where nothing else has accents.

    >>> expand("GĐ SNV TP.HCM là ai?")
    'Giám đốc Sở Ngoại vụ Thành phố Hồ Chí Minh là ai?'
    >>> expand("chu tich ubnd tinh la ai")
    'chu tich Uy ban nhan dan tinh la ai'
    >>> expand("Nghị quyết 16-NQ/TW nói gì về TT?")
    'Nghị quyết 16-NQ/TW nói gì về TT?'
    """
    written = _written_out(nfc(text), knows)
    if written is None:
        return text
    while (more := _written_out(written, knows)) is not None:  # what was written out may decide what stands before it
        written = more
    return written


def also(text: str) -> tuple[str, ...]:
    """Return other forms of what a question names, to be searched besides it: none that adds no new syllable.

    What a form begins or ends with is left out where the question has it in the same pair: it would count twice.

    >>> also("Giám đốc SNV Tp.HCM là ai?")
    ('TPHCM', 'TP. Hồ Chí Minh', 'Sở Ngoại vụ')
    >>> also("Sở Ngoại vụ Long An ở đâu?")
    ('SNV',)
    >>> also("Vì sao có hội nghị?")
    ()
    """
    clean = nfc(text)
    if has_english_question_word(clean):
        return ()
    open_text = kept_pattern().sub(" | ", clean) if may_be_kept(clean) else clean
    written_out = [full for _, _, full in _found(clean)]
    forms = [form for group in FORMS if _names(group, open_text, written_out) for form in group]
    asked = list(map(canonical_syllable, syllables(clean)))
    known = set(asked)
    extra: list[str] = []
    for form in [*forms, *written_out]:
        new = {canonical_syllable(word) for word in syllables(form)} - known
        if new and form not in NOT_SEARCHED:
            extra.append(_without(form, set(pairwise(asked))))
            known |= new
    return tuple(extra)


@cache
def _patterns() -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    return tuple((rule, rule.pattern) for rule in RULES)


def _may_have_any(text: str) -> bool:
    """Tell whether a text may hold an abbreviation. "TƯ" counts in capitals only, as "từ" is in every other text."""
    return "TƯ" in text or "t.ư" in text.casefold() or any(word in SHORT for word in map(fold, syllables(text)))


def _without(form: str, asked: Set[tuple[str, str]]) -> str:
    """Leave out the first and last syllables of a form whose pair with the next one inwards a question has."""
    words = list(SYLLABLE.finditer(form))
    new = [pair not in asked for pair in pairwise(canonical_syllable(match[0]) for match in words)]
    if True not in new:
        return form
    first, last = new.index(True), len(new) - new[::-1].index(True)
    return form[words[first].start() : words[last].end()]


def _is_in_a_name(text: str, start: int, end: int, *, is_alone: bool) -> bool:
    """Tell whether a span is part of a name: "VN-Index" (but "VN-Lào" are two), and if `is_alone` "VN Express"."""
    hyphened = re.search(HYPHENED_BEFORE, text[:start]), re.match(HYPHENED_AFTER, text[end:])
    if any(m and not is_syllable(m[1]) and fold(m[1]) not in SHORT for m in hyphened):
        return True
    follows = re.match(NEXT, text[end:]) if is_alone else None
    word = follows[1] if follows else ""
    is_foreign = word.isascii() and word.isalpha() and word[0].isupper() and not is_syllable(word)
    return is_foreign and fold(word) not in SHORT


def _written_out(clean: str, knows: Callable[[str], int]) -> str | None:
    """Write out what can be told at once; None if there is nothing."""
    found = [f for f in _found(clean) if not all(knows(canonical_syllable(s)) for s in syllables(clean[f[0] : f[1]]))]
    if not found:
        return None
    kept = [clean[a:b] for a, b in zip([0, *(e for _, e, _ in found)], [*(s for s, _, _ in found), None], strict=True)]
    is_plain = is_unaccented(clean) and any(word.isalpha() for part in kept for word in syllables(part))
    written = kept[0]
    for (start, _, full), rest in zip(found, kept[1:], strict=True):
        words = _unsaid(clean[:start], full)
        written += (unaccent(words) if is_plain else words) + " " * rest[:1].isalnum() + rest
    return written


def _found(text: str) -> list[tuple[int, int, str]]:
    """Return `(start, end, what it stands for)` of every abbreviation, left to right; the first rule that fits wins."""
    if not _may_have_any(text) or has_english_question_word(text):
        return []
    taken = kept_spans(text)
    found = []
    for rule, start, end in _fitting(text):
        if any(start < b and a < end for a, b in taken) or (rule.quiet and _is_loud(text, start, end, taken)):
            continue
        taken.append((start, end))
        if not _is_explained(text, start, end, rule.full):
            found.append((start, end, rule.full))
    return sorted(found)


def _fitting(text: str) -> Iterator[tuple[Rule, int, int]]:
    for rule, pattern in _patterns():
        for match in pattern.finditer(text):
            if rule.fits(text, *match.span()):
                yield rule, *match.span()


def _is_loud(text: str, start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a word beside a span is in capitals and no abbreviation: "THỨ TƯ", "ĐẦU TƯ"."""
    around = re.compile(WORD_BEFORE).search(text, 0, start), re.compile(WORD_AFTER).match(text, end)
    beside = [(m.start(), m.end()) for m in around if m]
    return any(text[a:b].isupper() and not any(a < d and c < b for c, d in taken) for a, b in beside)


def _is_explained(text: str, start: int, end: int, full: str) -> bool:
    """Tell whether it stands in brackets after what it stands for: "Sở Ngoại vụ (SNV)"."""
    opening = text[:start].rstrip()
    return opening.endswith("(") and fold(opening[:-1].rstrip()).endswith(fold(full)) and text[end : end + 1] == ")"


def _unsaid(before: str, full: str) -> str:
    """Leave out of `full` what was just said: "vốn đầu tư FDI" needs no second "đầu tư".

    One word alone is no repetition: "trụ sở SNV" is the seat of the "Sở Ngoại vụ".
    """
    said, words = [fold(word) for word in before.split()], full.split()
    for count in range(len(words) - 1, 1, -1):
        if said[-count:] == [fold(word) for word in words[:count]]:
            return " ".join(words[count:])
    return full


def _names(group: Sequence[str], text: str, written_out: Sequence[str]) -> bool:
    return any(form in written_out or _stands_in(form, text) for form in group)


def _stands_in(form: str, text: str) -> bool:
    """Tell whether a form of several syllables stands in a text; a syllable typed without accents may be any."""
    wanted, words = syllables(form), syllables(text)
    return len(wanted) > 1 and any(
        all(map(_is_typed_for, words[i : i + len(wanted)], wanted)) for i in range(len(words) - len(wanted) + 1)
    )


def _is_typed_for(typed: str, meant: str) -> bool:
    return canonical_syllable(typed) == canonical_syllable(meant) or typed.casefold() == fold(meant)
