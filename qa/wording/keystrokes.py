"""Vietnamese syllables as letters, and as what an input method left as keystrokes: Telex ("Nguyeenx"), VNI ("Ngoai5").

The grammar is compiled where a word first needs it: most questions have none that does.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from corpus.text import TONES, canonical_syllable, fold, nfc

SHORTEST, LONGEST = 3, 12  # letters of a word that may be mended; a syllable has at most 7
ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x)?"
OPEN = (
    "a|ai|ao|au|ay|âu|ây|e|eo|ê|êu|i|ia|iu|iêu|o|oa|oai|oay|oao|oe|oeo|oi|ô|ôi|ơ|ơi|u|ua|uây|uê|ui|uôi|uơ|uy|uya|uyu"
    "|ư|ưa|ưi|ưu|ươi|ươu|y|yêu"
)
CLOSED = "a|ă|â|e|ê|i|o|oo|ô|ơ|u|ư|iê|yê|oa|oă|oe|uâ|uê|uô|uy|uyê|ươ|y"
RHYME = f"(?:{OPEN}|(?:{CLOSED})(?:ch|ng|nh|c|m|n|p|t|k))"
ACUTE, GRAVE, HOOK, TILDE, DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
TELEX = dict(zip("sfrxj", (ACUTE, GRAVE, HOOK, TILDE, DOT), strict=True))
VNI = dict(zip("12345", (ACUTE, GRAVE, HOOK, TILDE, DOT), strict=True))
VNI_MARKS = {"6": {"a": "â", "e": "ê", "o": "ô"}, "7": {"u": "ư", "o": "ơ"}, "8": {"a": "ă"}, "9": {"d": "đ"}}
TELEX_MARKS = (("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("dd", "đ"), ("uow", "ươ"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"))


@cache
def grammar(*, is_plain: bool) -> re.Pattern[str]:
    """Return the pattern of a syllable's letters without its tone, or without any accent."""
    return re.compile(fold(ONSET + RHYME) if is_plain else ONSET + RHYME)


def decode(typed: str) -> str | None:
    """Read a word as Telex or VNI keystrokes; None if they make no syllable, or it is one without being read so."""
    word = typed.casefold()
    if not word.isascii() or not SHORTEST <= len(word) <= LONGEST or not _has_keys(word):
        return None
    if grammar(is_plain=True).fullmatch(word):
        return None
    readings = _vni(word) if not word.isalpha() else _telex(word)
    return next(
        (with_tone(letters, tone) for letters, tone in readings if grammar(is_plain=False).fullmatch(letters)), None
    )


def _has_keys(word: str) -> bool:
    """Tell whether a word has a key of Telex or VNI at all: most have none. The r of "tr" could only give another t."""
    after = word[2:] if word.startswith("tr") else word[1:]
    return not word.isalpha() or any(c in "sfrxjw" for c in after) or any(k in word for k in ("aa", "ee", "oo", "dd"))


def _vni(word: str) -> Iterator[tuple[str, str]]:
    keys = [c for c in word if c.isdigit()]
    tones = [VNI[key] for key in keys if key in VNI]
    letters = "".join(c for c in word if not c.isdigit())
    if len(set(keys)) < len(keys) or len(tones) > 1 or "0" in keys:
        return
    for key in keys:
        for plain, marked in VNI_MARKS.get(key, {}).items():
            letters = letters.replace(plain, marked)
    yield letters, "".join(tones)


def _telex(word: str) -> Iterator[tuple[str, str]]:
    for place, tone in [(-1, ""), *((i, TELEX[c]) for i, c in enumerate(word) if c in TELEX and i)]:
        letters = word if place < 0 else word[:place] + word[place + 1 :]
        for keys, marked in TELEX_MARKS:
            letters = letters.replace(keys, marked)
        if letters.endswith("w"):
            letters = re.sub("uo|u|o|a", lambda m: {"uo": "ươ", "u": "ư", "o": "ơ", "a": "ă"}[m[0]], letters[:-1])
        yield letters, tone


def is_syllable(word: str) -> bool:
    """Tell whether a word could be a Vietnamese syllable, typed with accents or without."""
    letters, tone = parts(word)
    return len(tone) < 2 and bool(grammar(is_plain=word.isascii()).fullmatch(letters))


def parts(word: str) -> tuple[str, str]:
    """Split a word into its letters in lower case and its tone mark."""
    canonical = canonical_syllable(word)
    return nfc("".join(c for c in canonical if c not in TONES)), "".join(c for c in canonical if c in TONES)


def with_tone(letters: str, tone: str) -> str:
    """Put a tone mark where it is written: on the last marked vowel, else before a last open vowel, else on the last.

    >>> with_tone("ngoai", "\u0323"), with_tone("trương", "\u0309"), with_tone("hoa", "\u0300")
    ('ngoại', 'trưởng', 'hòa')
    """
    onset = re.match("(?:qu|gi)(?=[aăâeêioôơuưy])", letters)
    first = onset.end() if onset else 0
    vowels = [i for i, c in enumerate(letters) if i >= first and c in "aăâeêioôơuưy"]
    marked = [i for i in vowels if letters[i] in "ăâêôơư"]
    if not tone or not vowels:
        return letters
    is_open = vowels[-1] == len(letters) - 1
    place = marked[-1] if marked else vowels[-2] if is_open and len(vowels) > 1 else vowels[-1]
    return unicodedata.normalize("NFC", letters[: place + 1] + tone + letters[place + 1 :])
