"""English words → Vietnamese ones, each with its part in the sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from corpus.errors import lost
from corpus.text import fold
from qa.vietnamese.places import ALIASES, PROVINCES
from qa.wording.english.detect import KEPT, is_vietnamese_syllable
from qa.wording.english.times import MONTHS, PLACEHOLDER

GLOSSARY = Path(__file__).parent / "english.tsv"
TOKEN = re.compile(
    r"\x01\d+\x02|\x03\d+\x04|[^\W\d_]+\d[^\W_]*|\d+[gkGK]\b|\d+(?:st|nd|rd|th)\b|\d[\d.,]*%|\d+(?:[./-][\w.]+)+|\d+(?:[.,]\d+)*|'s|s'(?!\w)|[^\W\d_]\.[^\W\d_]\."
    r"|[^\W\d_]+|[,;:()\"/]"
)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")
ORDINALS = {
    "first": "nhất", "second": "hai", "third": "ba", "fourth": "tư", "fifth": "năm", "sixth": "sáu", "seventh": "bảy",
    "eighth": "tám", "ninth": "chín", "tenth": "mười",
}  # fmt: skip
GRAMMAR = {
    **dict.fromkeys(("is", "are", "was", "were", "be", "been", "being", "am"), "b"),
    **dict.fromkeys(("has", "have", "had", "having"), "h"),
    **dict.fromkeys(("do", "does", "did"), "o"),
    **dict.fromkeys(("will", "shall", "would", "can", "could", "should", "must", "may", "might"), "m"),
    **dict.fromkeys(("who", "whom", "whose", "what", "which", "when", "where", "why", "how", "howmany", "howmuch",
                    "howlong", "howoften", "howpercent"), "w"),
    "there": "e", "of": "f", "'s": "s", "that": "k",
}  # fmt: skip
NOMINAL = frozenset("nagxqtsuz")


@dataclass(frozen=True, slots=True)
class Item:
    """A word or phrase: its Vietnamese text, its part (`english.tsv` and `GRAMMAR`), and the English it came from.

    More parts: x a name, q a quantity, u an ordinal, t a time, y punctuation, z a word that is not in the glossary.
    """

    text: str
    part: str
    english: str


Entry = tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def glossary() -> dict[tuple[str, ...], Entry]:
    """Return what each English phrase may mean: pairs of Vietnamese text and part."""
    return read_glossary(GLOSSARY)


def read_glossary(path: Path) -> dict[tuple[str, ...], Entry]:
    """Read a glossary, the provinces added; `ModelError` if the file is missing or damaged."""
    try:
        return _read(path)
    except (OSError, ValueError) as error:
        raise lost(path) from error


def _read(path: Path) -> dict[tuple[str, ...], Entry]:
    found: dict[tuple[str, ...], Entry] = {}
    for name in PROVINCES:
        found[tuple(fold(name).replace("-", " ").replace("–", " ").split())] = ((ALIASES.get(name, name), "g"),)
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    if not lines:
        raise ValueError("no entries")
    for line in lines:
        english, vietnamese, part = line.split("\t")
        for phrase in english.split("|"):
            key = tuple(phrase.replace("-", " ").split())
            found[key] = (*found.get(key, ()), (vietnamese, part))
    return found


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[tuple[str, ...]]:
    return frozenset(key[:length] for key in glossary() for length in range(1, len(key) + 1))


@lru_cache(maxsize=4096)
def forms(word: str) -> tuple[str, ...]:
    """Return a word and what it may be an inflected form of, itself first."""
    found = [word]
    for ending, stems in (
        ("ies", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ied", ("y",)), ("ed", ("", "e")), ("ing", ("", "e")),
    ):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) >= 2 and not word.endswith("ss"):
            root = word[: -len(ending)]
            found += [root + stem for stem in stems]
            if len(root) > 3 and root[-1] == root[-2]:
                found.append(root[:-1])
    return tuple(dict.fromkeys(found))


def items(text: str, times: Sequence[str], kept: Sequence[str] = ()) -> list[Item]:
    """Read a text whose times, and what is kept as it was typed, are marked."""
    tokens = TOKEN.findall(text.replace("-", " ") if not re.search(r"\d-", text) else re.sub(r"(?<!\d)-", " ", text))
    tokens = ["'s" if token == "s'" else token for token in tokens]
    found: list[Item] = []
    place = 0
    while place < len(tokens):
        if match := KEPT.fullmatch(tokens[place]):
            item, length = Item(kept[int(match[1])], "x", "name"), 1
        else:
            item, length = _item(tokens, place, found, times)
        found.append(item)
        place += length
    return _as_events(found)


def _item(tokens: Sequence[str], place: int, before: Sequence[Item], times: Sequence[str]) -> tuple[Item, int]:
    token = tokens[place]
    word = token.casefold()
    if match := PLACEHOLDER.fullmatch(token):
        return _time(times[int(match[1])], before), 1
    entry, length = _longest(tokens, place)
    if word in ("do", "done", "doing") and any(item.part in "om" for item in before):
        return Item("làm", "v", "do"), 1
    if length <= 1 and word in GRAMMAR:
        return _grammar(tokens, place), 1
    name = _name_length(tokens, place)
    if name > length and not (length > 1):
        return Item(" ".join(tokens[place : place + name]), "x", "name"), name
    if entry:
        english = " ".join(tokens[place : place + length]).casefold()
        vietnamese, part = _choose(entry, english, before, tokens[place + length : place + length + 1])
        return Item(vietnamese, part, english), length
    return _other(token), 1


def _grammar(tokens: Sequence[str], place: int) -> Item:
    """Read a word of grammar, or the name that it is in "Theresa May", or the month."""
    token, word = tokens[place], tokens[place].casefold()
    if place and token[0].isupper() and any(other in GRAMMAR for other in tokens):  # not Every Word In Capitals
        if (place > 1 and _is_foreign_name(tokens, place - 1)) or _is_foreign_name(tokens, place + 1):
            return Item(token, "x", "name")
        following = _longest(tokens, place + 1)[0]
        if token == "May" and any(part == "n" for _, part in following) and tokens[place + 1].islower():
            return Item(f"tháng {MONTHS.index(word) + 1}", "a", word)
    return Item("", GRAMMAR[word], word)


def _is_foreign_name(tokens: Sequence[str], place: int) -> bool:
    token = tokens[place] if place < len(tokens) else ""
    is_word = token.isalpha() and token[:1].isupper() and token.casefold() not in GRAMMAR
    return is_word and not _longest(tokens, place)[1]


def _time(said: str, before: Sequence[Item]) -> Item:
    """Read a year without a preposition as part of the name that it follows ("Meet Japan 2023"), else as a time."""
    is_of_name = bool(before) and before[-1].part in "gx"
    return Item(f"năm {said}" if said.isdigit() and not is_of_name else said, "t", "")


def _other(token: str) -> Item:
    word = token.casefold()
    if match := re.fullmatch(r"(\d+)(?:st|nd|rd|th)", word):
        return Item(match[1], "u", word)
    if word in ORDINALS:
        return Item(ORDINALS[word], "u", word)
    if NUMBER.fullmatch(token):
        return Item(token.translate(str.maketrans(",.", ".,")), "q", word)
    if not token[0].isalnum():
        return Item(token if token in ',"' else "", "y", token)
    return Item(token, "z" if token.isalpha() and token.islower() else "x", word)


def _longest(tokens: Sequence[str], place: int) -> tuple[Entry, int]:
    """Find the longest phrase of the glossary that begins at a token."""
    keys: list[tuple[str, ...]] = [()]
    best: Entry = ()
    length = 0
    for offset, token in enumerate(tokens[place : place + 9], start=1):
        keys = [(*key, form) for key in keys for form in forms(token.casefold()) if (*key, form) in _beginnings()]
        if not keys:
            break
        found = next((glossary()[key] for key in keys if key in glossary()), ())
        best, length = (found, offset) if found else (best, length)
    return best, length


def _name_length(tokens: Sequence[str], place: int) -> int:
    """Count the capitalised words from a token on that could be a Vietnamese name; 0 for less than two."""
    length = 0
    for token in tokens[place:]:
        if not (token[:1].isupper() and token.isalpha() and is_vietnamese_syllable(token)):
            break
        if length and _longest(tokens, place + length)[1] > 1:
            break
        length += 1
    return length if length > 1 else 0


def _choose(entry: Entry, english: str, before: Sequence[Item], following: Sequence[str]) -> tuple[str, str]:
    """Choose between noun and verb, adjective and noun."""
    parts = {part for _, part in entry}
    if len(parts) == 1:
        return entry[0]
    if "p" in parts:
        is_amount = bool(following) and following[0][0].isdigit()
        return next((meaning for meaning in entry if (meaning[1] == "p") is not is_amount), entry[0])
    wanted = "n" if _is_noun_place(english, before, following) else "vi"
    return next((meaning for meaning in entry if meaning[1] in wanted), entry[0])


def _is_noun_place(english: str, before: Sequence[Item], following: Sequence[str]) -> bool:
    last = before[-1] if before else None
    follows = following[0].casefold() if following else ""
    if follows == "of" and not english.endswith(("ed", "ing")):
        return True
    if last is None or last.english == "to" or last.part in "whmrk":
        return False
    if last.part in "dasqufo" or last.part in "pvi":
        return True
    if english.endswith("ed") or follows in ("the", "a", "an", "to"):
        return False
    asked = next((i for i in reversed(before) if i.part in "ovi"), None)
    return not (asked and asked.part == "o") and last.part in "ngbx" and not _counts(before)


def _counts(before: Sequence[Item]) -> bool:
    return any(item.english == "howmany" for item in before) and not any(item.part in "vibho" for item in before)


def _as_events(found: Sequence[Item]) -> list[Item]:
    """Read "Meet Japan" as the event of that name, and "the Department" of a place as a province's."""
    made: list[Item] = []
    for item in found:
        last = made[-1] if made else None
        if last and last.english == "meet" and item.part in "gx" and not _has_subject(made[:-1]):
            made[-1] = Item(f"Gặp gỡ {item.text}", "n", "meet event")
        elif last and last.english == "meet event" and item.part == "t" and item.text.isdigit():
            made[-1] = replace(last, text=f"{last.text} {item.text}")
        else:
            made.append(item)
    return made


def _has_subject(before: Sequence[Item]) -> bool:
    place = next((n for n, item in enumerate(reversed(before)) if item.part in "oh"), None)
    return place is not None and any(item.part in "ngx" for item in before[len(before) - place :])
