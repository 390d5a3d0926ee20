"""An English question → the Vietnamese one it stands for, so that the corpus can be searched and read with it.

Telling the language is all that a Vietnamese question pays for: rules and glossary are loaded for an English one.
"""

import re

from corpus.text import fold, is_unaccented, nfc
from qa.question import MAX_CHARACTERS

WORD = re.compile(r"[^\W\d_]+")
ASKING = frozenset(
    {"who", "whom", "whose", "what", "when", "where", "which", "why", "how", "did", "does", "is", "are", "was", "were",
     "has", "have", "had", "name", "list", "tell"}
)  # fmt: skip
COMMON = ASKING | {"of", "for", "from", "with", "and", "by", "on", "at", "between", "will", "the"}
VIETNAMESE = frozenset(
    {"la", "ai", "gi", "nao", "dau", "bao", "nhieu", "khi", "may", "co", "khong", "duoc", "cua", "nam", "ngay", "thang",
     "va", "cac", "nhung", "o", "tai", "vi", "sao"}
) - {"may"}  # fmt: skip
SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:[aeiouy]|ai|ao|au|ay|eo|eu|ia|ie|ieu|iu|oa|oai|oao|oay|oe|oeo|oi|oo|ua|uay|ue|ui|uo|uoi|uou|uu|uy|uya|uye|uyu|ya"
    r"|ye|yeu|uoa|uau)(?:ch|ng|nh|[cmnpt])?"
)
QUOTES = str.maketrans({**dict.fromkeys("’‘ʼ", "'"), **dict.fromkeys('“”"«»', " "), **dict.fromkeys("–—", "-")})
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def translate(text: str) -> str | None:
    """Return the Vietnamese question that an English one stands for; None for another language, or what is too long."""
    clean = CONTROL.sub(" ", nfc(text).translate(QUOTES))
    if len(clean) > MAX_CHARACTERS or not is_english(clean):
        return None
    from qa.english_gloss import gloss

    return gloss(clean)


def is_english(text: str) -> bool:
    """Tell whether a text is English; names in it may be Vietnamese, and carry their accents if they are capitalised.

    Vietnamese typed without accents has words that English has too (the, do, in), but few that couldn't be Vietnamese.
    """
    words = WORD.findall(text.replace("'s", ""))
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


def is_vietnamese_syllable(word: str) -> bool:
    """Tell whether a word could be a syllable of Vietnamese typed without accents."""
    return bool(SYLLABLE.fullmatch(fold(word)))
