"""The gloss of an English question: set phrases, then words and their order, then what Vietnamese says otherwise."""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.wording.english.clause import clause
from qa.wording.english.detect import is_vietnamese_syllable
from qa.wording.english.groups import chunks
from qa.wording.english.times import mark_times
from qa.wording.english.words import Item, items

OFFICE = (
    r"(?=(?:\w+ ){0,2}(?:mayor|minister|director|chair\w*|president|head|chief|ambassador|secretary|leader|governor"
    r"|consul|official|person|man|woman|delegate|premier|prince)\b)"
)
REWRITES = tuple(
    (re.compile(pattern, re.IGNORECASE), by)
    for pattern, by in (
        (r"\([^)]*\)", " "),
        (r"^\W*(?:(?:please|kindly|(?:can|could|would|do) you) )*(?:tell me|know|say|explain)\b,?", " "),
        (r"\b(who|what|where|when|how|that|there)'s\b", r"\1 is"),
        (r"n't\b", " not"),
        (rf"\bwhat (?:is|was|are|were) the names? of (?:the |a |an )?{OFFICE}", "who is "),
        (r"^\W*(?:name|give|state) (?:the name of )?(?:the |a )?" + OFFICE, "who is "),
        (r"^\W*(?:name|list|give|state) (?:all )?(?:the )?(?=(?:\w+ )?\w+ (?:that|which|who|where)\b)", "which "),
        (r"^\W*(?:name|list|give|state)\b(?: the)?", "what is "),
        (r"\bhow often\b", "howoften"),
        (r"\b(?:has|have|had) no\b", "lack"),
        (r"\b(?:by )?(?:what|which) (?:percentage|per ?cent|share|proportion)(?: points?)?(?: of)?\b", "howpercent"),
        (r"\bby how (?:much|many percent\w*)\b", "howpercent"),
        (r"\bhow many percent\w*\b", "howpercent"),
        (r"\bhow (many|much|long)(?: of the)?\b", r"how\1"),
        (r"\bwhat (?:number|quantity) of\b", "howmany"),
        (r"\bwhat (?:amount|sum) of\b", "howmuch"),
        (r"\b(?:what|which) (?:person|official) (?=\w)", "who "),
        (r"\b(?:at )?(?:what|which) time\b", "when"),
        (r"\bin (?:what|which) (?:place|venue|location)\b", "where"),
        (r"\b(?:what|which) (?:place|venue|location) (?=was|is|were)", "where "),
        (r"\bwhat for\b|\bfor what (?:reason|purpose)\b|\bhow come\b", "why"),
        (r"(?-i:(?<=[a-z])/(?=[a-z]))", " "),
        (r"\b(?:used to|going to|able to|known as|so-called|supposed to)\b", " "),
    )
)
SMOOTHED = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"\b(Phó )?(?:[Gg]iám đốc|người đứng đầu|[Tt]rưởng) Cục\b", r"\1Cục trưởng Cục"),
        (r"\bPhó trưởng (?=Sở)", "Phó Giám đốc "),
        (r"\bngười đứng đầu (?=Sở)", "Giám đốc "),
        (r"\bngười đứng đầu (?=UBND)", "Chủ tịch "),
        (r"^[Aa]i (?:đứng đầu|lãnh đạo) Cục", "Ai là Cục trưởng Cục"),
        (r"^[Aa]i (?:đứng đầu|lãnh đạo) (?=Sở)", "Ai là Giám đốc "),
        (r"^[Aa]i (?:đứng đầu|lãnh đạo) Bộ\b", "Ai là Bộ trưởng Bộ"),
        (r"^[Aa]i (?:đứng đầu|lãnh đạo|chủ trì) (?=UBND)", "Ai là Chủ tịch "),
        (r"\bGiám đốc Văn phòng\b", "Chánh Văn phòng"),
        (r"\btừ từ\b", "từ"),
        (r"\b(ví .*) đến (?=gì|ai)", r"\1 với "),
        (r"\btổ chức (?=chức vụ)", "giữ "),
        (r"(trưởng|Giám đốc|Chủ tịch) ((?:Bộ|Sở|Cục|UBND) [^,?]*?) nào\b", r"\1 nào của \2"),
        (r"\s(?:ở|vào|với|cho|đến|về|từ|theo|và)\s*$", ""),
        (r"\bcho hỗ trợ với\b", "hỗ trợ"),
        (r"\b(tỉnh|thành phố) (?=TP\.)", ""),
        (r"\bthành phố (?=Hồ Chí Minh)", "TP. "),
        (r"\bvốn vốn\b", "vốn"),
        (r"\bđầu tư vốn\b", "vốn"),
        (r"\s+([,?])", r"\1"),
        (r"\s{2,}", " "),
    )
)
CONTENT, UNKNOWN = frozenset("nagviqxt"), 0.15
TELLING = CONTENT - frozenset("qt")
OTHER_PLACES = frozenset({"Việt Nam", "phía Nam", "phía Bắc"})


def gloss(text: str, kept: Sequence[str] = ()) -> str | None:
    """Return an English question in Vietnamese, what is marked as kept put back; None if too few words are known."""
    for pattern, by in REWRITES:
        text = pattern.sub(by, text)
    marked, times = mark_times(text)
    found = items(marked, times, kept)
    if not _is_known(found):
        return None
    said = " ".join(clause(chunks(_departments(found))).split())
    for pattern, by in SMOOTHED:
        said = pattern.sub(by, said)
    said = said.strip(" ,")
    return f"{said[0].upper()}{said[1:]}?" if said else None


def _is_known(found: Sequence[Item]) -> bool:
    """Tell whether a gloss would still say what is asked: names are no loss, other words that are missing are."""
    unknown = sum(item.part == "z" and not is_vietnamese_syllable(item.english) for item in found)
    known = sum(item.part in CONTENT for item in found)
    tells = any(item.part in TELLING for item in found)
    return tells and unknown <= 1 and unknown <= UNKNOWN * (known + unknown)


def _departments(found: Sequence[Item]) -> list[Item]:
    """Take "the Department of Foreign Affairs" for the ministry's own where no province is named."""
    places = any(item.part == "g" and item.text not in OTHER_PLACES for item in found)
    made: list[Item] = []
    for item in found:
        last = made[-1] if made else None
        is_singular = item.text == "Sở Ngoại vụ" and not item.english.startswith(("departments", "provincial", "so "))
        if is_singular and not places and last and (last.english == "the" or last.part in "sf"):
            item = replace(item, text="Cục Ngoại vụ")
        made.append(item)
    return made
