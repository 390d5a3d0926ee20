"""Vietnamese text as it is compared: folding with a way back, syllables, sentences.

Normalise to match, never to quote: every function here either leaves the text alone or returns a copy together with
the offsets of the original.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
SYLLABLE = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+", re.UNICODE)
SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"”’')\]»]*+(?=\s|$)|\n+")
NOT_AN_END = re.compile(
    r"(?:^|[\s(“\"/.])(?:TP|Tp|tp|TX|Tx|TT|PGS|GS|TS|ThS|Ths|BS|KS|LS|NSƯT|NSND|St|Mr|Mrs|Ms|Dr|Jr|No|Co|Ltd|[A-ZĐ])\.$"
)


def nfc(text: str) -> str:
    """Return `text` in Unicode normal form C."""
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    lowered = unicodedata.normalize("NFKD", character).casefold().replace("đ", "d").replace("ı", "i")
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def fold(text: str) -> str:
    """Return `text` without case, diacritics or đ: what a hurried officer types."""
    return "".join(map(_fold_character, text))


def unaccent(text: str) -> str:
    """Return `text` without diacritics or đ, its capitals kept."""
    return "".join(fold(c).upper() if c.isupper() else fold(c) for c in text)


def is_unaccented(text: str) -> bool:
    """Tell whether a text was typed without a single accent, so that "dau" may be "đâu", "đầu" or "dầu"."""
    return text.casefold() == fold(text)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded copy of a text; `offsets[i]` is where character `i` of the copy came from."""

    text: str
    offsets: tuple[int, ...]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Map a half-open span of the copy to the span of the original that it came from."""
        if start >= end:
            place = self.offsets[start] if start < len(self.offsets) else (self.offsets[-1] + 1 if self.offsets else 0)
            return place, place
        return self.offsets[start], self.offsets[end - 1] + 1


def fold_with_offsets(text: str) -> Folded:
    """Fold `text`, keeping where each character came from."""
    characters: list[str] = []
    offsets: list[int] = []
    for place, character in enumerate(text):
        folded = _fold_character(character)
        characters.append(folded)
        offsets.extend([place] * len(folded))
    return Folded("".join(characters), tuple(offsets))


@lru_cache(maxsize=65536)
def canonical_syllable(syllable: str) -> str:
    """Return a syllable lower-cased with its tone mark last, so that `hoà` and `hòa` are one term."""
    decomposed = unicodedata.normalize("NFD", syllable.casefold())
    tone = "".join(c for c in decomposed if c in TONES)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES)) + tone


def syllables(text: str) -> list[str]:
    """Split into syllables and numbers (`5.800` stays one); punctuation is left out."""
    return SYLLABLE.findall(nfc(text))


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield the half-open spans of the sentences of `text[start:end]`, trimmed of white space, in order.

    A sentence ends at `.`, `!`, `?` or `…` with its closing quotation marks when something that can open a sentence
    follows, and at a line break unless the next line goes on in lower case. `TP.`, titles and initials end nothing.
    """
    stop = len(text) if end is None else end
    low = start
    for match in SENTENCE_END.finditer(text, start, stop):
        is_break = match.group().startswith("\n")
        if is_break:
            if _goes_on(text, match):
                continue
        else:
            before = text[max(low, match.start() - 8) : match.start() + 1]
            if NOT_AN_END.search(before) or not _opens_sentence(text[match.end() : min(stop, match.end() + 24)]):
                continue
        span = trim(text, low, match.start() if is_break else match.end())
        if span[0] < span[1]:
            yield span
        low = match.end()
    span = trim(text, low, stop)
    if span[0] < span[1]:
        yield span


def _opens_sentence(following: str) -> bool:
    first = next((c for c in following if c.isalnum()), "")
    return not first.islower()


def _goes_on(text: str, line_break: re.Match[str]) -> bool:
    following = text[line_break.end() : line_break.end() + 1]
    return line_break.group() == "\n" and following.islower()


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Shrink a span past the white space at both its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
