"""Where a quote stands in the corpus: verbatim, with other accents or punctuation, or nearly."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from rapidfuzz import fuzz

from corpus.article import Article
from corpus.errors import InputError
from corpus.text import SYLLABLE, Folded, fold, fold_with_offsets, nfc, syllables
from index.search import Index, search
from qa.citing.citation import Citation, cite

MIN_CHARACTERS = 4
MAX_CHARACTERS = 5_000
NEAR_PASSAGES = 30
NEAR_PERCENT = 80.0
MAX_PLACES = 20
NOT_A_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A place where a quote stands: how (`exact`, `folded`, `near`) and how alike, 0 to 100."""

    citation: Citation
    article: Article
    match: str
    similarity: float


def find_quote(index: Index, quote: str) -> list[Place]:
    """Find a quote: its first verbatim places, else folded ones, else the nearest; `InputError` if it is no quote."""
    wanted = nfc(quote).strip().strip("“”\"'")
    if not MIN_CHARACTERS <= len(wanted) <= MAX_CHARACTERS:
        raise InputError(
            f"Câu trích phải dài từ {MIN_CHARACTERS} đến {MAX_CHARACTERS} ký tự (đang có {len(wanted)}).",
            f"A quote has {MIN_CHARACTERS} to {MAX_CHARACTERS} characters (this one has {len(wanted)}).",
        )
    verbatim = ((a, span) for a in _articles(index) for span in _verbatim(a.text, wanted))
    exact = [Place(cite(a, *span), a, "exact", 100.0) for a, span in islice(verbatim, MAX_PLACES)]
    if exact:
        return exact
    squeezed = _squeeze(fold_with_offsets(wanted)).text.strip()
    if not squeezed:
        return []
    alike = ((a, span) for a in _articles(index) for span in _folded(a, squeezed))
    folded = [Place(cite(a, *span), a, "folded", 100.0) for a, span in islice(alike, MAX_PLACES)]
    return folded or sorted(_near(index, wanted), key=lambda place: -place.similarity)[:3]


def _articles(index: Index) -> Iterable[Article]:
    return (stored.article for stored in index.database.articles())


def _verbatim(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    place = text.find(wanted)
    while place >= 0:
        yield place, place + len(wanted)
        place = text.find(wanted, place + 1)


def _squeeze(folded: Folded) -> Folded:
    """Turn every run of non-letters into one space, keeping the way back."""
    characters: list[str] = []
    offsets: list[int] = []
    for character, offset in zip(folded.text, folded.offsets, strict=True):
        letter = character if character.isalnum() else " "
        if letter == " " and characters and characters[-1] == " ":
            continue
        characters.append(letter)
        offsets.append(offset)
    return Folded("".join(characters), tuple(offsets))


def _folded(article: Article, squeezed: str) -> Iterator[tuple[int, int]]:
    if squeezed not in _squeezed_text(article.text):
        return
    copy = _squeeze(fold_with_offsets(article.text))
    for match in re.finditer(rf"(?<!\w){re.escape(squeezed)}(?!\w)", copy.text):
        yield copy.source_span(*match.span())


def _squeezed_text(text: str) -> str:
    return NOT_A_LETTER.sub(" ", fold(text))


def _near(index: Index, wanted: str) -> Iterator[Place]:
    seen: set[tuple[str, int]] = set()
    for hit in search(index, None, wanted, limit=NEAR_PASSAGES, mode="lexical"):
        stored = index.database.article(hit.passage.article)
        copy = fold_with_offsets(hit.passage.text)
        found = fuzz.partial_ratio_alignment(fold(wanted), copy.text, score_cutoff=NEAR_PERCENT)
        if stored is None or found is None or found.dest_end <= found.dest_start:
            continue
        if len(wanted) > len(hit.passage.text) * 1.3:
            continue
        low, high = copy.source_span(found.dest_start, found.dest_end)
        low, high = _trimmed(hit.passage.text, *_whole_words(hit.passage.text, low, high), wanted)
        place = (stored.article.id, hit.passage.start + low)
        if place not in seen:
            seen.add(place)
            citation = cite(stored.article, hit.passage.start + low, hit.passage.start + high, within=hit.passage)
            yield Place(citation, stored.article, "near", round(found.score, 1))


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def _trimmed(text: str, start: int, end: int, wanted: str) -> tuple[int, int]:
    """Leave out words at both ends, and what stands beside them, that the quote doesn't hold."""
    known = set(map(fold, syllables(wanted)))
    words = [match.span() for match in SYLLABLE.finditer(text, start, end)]
    kept = [(a, b) for a, b in words if fold(text[a:b]) in known]
    return (kept[0][0], kept[-1][1]) if kept else (start, end)
