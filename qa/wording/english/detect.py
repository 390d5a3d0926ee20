"""Whether a question is English. Telling that is all a Vietnamese one pays for."""

import re

from corpus.text import fold, is_unaccented, nfc
from qa.wording.quoted import kept_spans

WORD = re.compile(r"[^\W\d_]+")
ASKING = frozenset(
    {"who", "whom", "whose", "what", "when", "where", "which", "why", "how", "did", "does", "is", "are", "was", "were",
     "has", "have", "had", "name", "list", "tell"}
)  # fmt: skip
COMMON = ASKING | {"of", "for", "from", "with", "and", "by", "on", "at", "between", "will", "the"}
VIETNAMESE = frozenset(
    {"la", "ai", "gi", "nao", "dau", "bao", "nhieu", "khi", "co", "khong", "duoc", "cua", "nam", "ngay", "thang", "va",
     "cac", "nhung", "o", "tai", "vi", "sao"}
)  # fmt: skip
OPENS_VIETNAMESE = re.compile(
    r"\W*(?!AI\b.*[a-z])(?i:ai|co|bao (?:nhieu|gio|lau)|khi nao|luc nao|(?:vi|tai|lam) sao|o dau|the nao|cai gi|dau la"
    r"|(?:ngay|thang|nam|nguoi|noi|tinh|nuoc|o|ong|ba) nao)(?![\w-])"
)
SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:[aeiouy]|ai|ao|au|ay|eo|eu|ia|ie|ieu|iu|oa|oai|oao|oay|oe|oeo|oi|oo|ua|uay|ue|ui|uo|uoi|uou|uu|uy|uya|uye|uyu|ya"
    r"|ye|yeu|uoa|uau)(?:ch|ng|nh|[cmnpt])?"
)
QUOTES = str.maketrans({**dict.fromkeys("’‘ʼ", "'"), **dict.fromkeys('“”"«»', " "), **dict.fromkeys("–—", "-")})
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
KEPT = re.compile(r"\x03(\d+)\x04")
EVENT = re.compile(r"\W*meet\b", re.IGNORECASE)  # "Meet Japan": quoted or not, articles name it in Vietnamese


def is_english(text: str) -> bool:
    """Tell whether a text is English; names in it may be Vietnamese, and carry their accents if they are capitalised.

    Vietnamese typed without accents has words that English has too (the, do, in), but few that couldn't be Vietnamese.
    What is quoted in it may be in any language.
    """
    clean = KEPT.sub(" ", set_apart(text)[0]).replace("'s", "")
    if OPENS_VIETNAMESE.match(clean):
        return False
    words = WORD.findall(clean)
    plain = [word for word in words if is_unaccented(word)]
    if any(not is_unaccented(word) and word.islower() for word in words) or not plain:
        return False
    lower = [fold(word) for word in plain if not (word[0].isupper() and fold(word) not in COMMON)]
    known = sum(word in COMMON for word in lower)
    asks = any(word in ASKING for word in lower)
    foreign = sum(not is_vietnamese_syllable(word) or word in COMMON for word in lower)
    native = sum(word in VIETNAMESE for word in lower)
    if asks:
        return known > native and (known > 1 or 2 * foreign >= len(lower))
    return known > 0 and not native and len(lower) > 1 and 3 * foreign >= 2 * len(lower)


def set_apart(text: str) -> tuple[str, list[str]]:
    """Return a cleaned text with a marker (see `KEPT`) for each quotation and document number, and those as typed."""
    clean = CONTROL.sub(" ", nfc(text))
    marked, kept, end = "", list[str](), 0
    for start, stop in kept_spans(clean):
        said = clean[start:stop].rstrip("?!.,;:)")
        if _is_kept(said):
            marked += f"{clean[end:start]} \x03{len(kept)}\x04 "
            kept.append("".join(c if c.isprintable() else " " for c in said))
            end = start + len(said)
    marked += clean[end:]
    if not WORD.search(marked):  # the whole question is quoted
        marked, kept = clean, []
    return marked.translate(QUOTES), kept


def _is_kept(said: str) -> bool:
    """Tell a quotation and a document's number from a "3-day" visit."""
    if said[:1].isdigit():
        return "/" in said or said.isupper()
    return any(c.isalnum() for c in said) and not EVENT.match(said)


def is_vietnamese_syllable(word: str) -> bool:
    """Tell whether a word could be a syllable of Vietnamese typed without accents."""
    return bool(SYLLABLE.fullmatch(fold(word)))
