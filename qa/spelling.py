"""Typing errors of a question, mended where the index knows exactly one word that was meant.

The index holds hashes and no list of words: what may have been meant is made up by single edits and asked for. A word
that some passage has is never touched, nor is one that has no neighbour to vouch for what would replace it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from corpus.text import TONES, canonical_syllable, fold, is_unaccented, nfc
from qa.abbreviations import kept_spans
from qa.question import ENGLISH

Knows = Callable[[str], int]

WORD = re.compile(r"\d+(?:[.,]\d+)*(?![^\W\d_])|[^\W_]+")
ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x)?"
OPEN = (
    "a|ai|ao|au|ay|âu|ây|e|eo|ê|êu|i|ia|iu|iêu|o|oa|oai|oay|oao|oe|oeo|oi|ô|ôi|ơ|ơi|u|ua|uây|uê|ui|uôi|uơ|uy|uya|uyu"
    "|ư|ưa|ưi|ưu|ươi|ươu|y|yêu"
)
CLOSED = "a|ă|â|e|ê|i|o|oo|ô|ơ|u|ư|iê|yê|oa|oă|oe|uâ|uê|uô|uy|uyê|ươ|y"
RHYME = f"(?:{OPEN}|(?:{CLOSED})(?:ch|ng|nh|c|m|n|p|t|k))"
SYLLABLE, PLAIN_SYLLABLE = re.compile(ONSET + RHYME), re.compile(fold(ONSET + RHYME))
PLAIN_LETTERS = "abcdeghiklmnopqrstuvxy"
LETTERS = PLAIN_LETTERS + "ăâđêôơư"
MARKED = {"a": "aăâ", "d": "dđ", "e": "eê", "o": "oôơ", "u": "uư"}
LATIN = "abcdefghijklmnopqrstuvwxyz"
SHORTEST, SHORTEST_FOREIGN = 3, 6
MOST_UNKNOWN = 4  # more than that is another subject, or another language
NEVER = 4
CLEARLY = 3  # times as many passages as any other candidate

ACUTE, GRAVE, HOOK, TILDE, DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
TELEX = dict(zip("sfrxj", (ACUTE, GRAVE, HOOK, TILDE, DOT), strict=True))
TONES_AND_NONE = TONES | {""}
VNI = dict(zip("12345", (ACUTE, GRAVE, HOOK, TILDE, DOT), strict=True))
VNI_MARKS = {"6": {"a": "â", "e": "ê", "o": "ô"}, "7": {"u": "ư", "o": "ơ"}, "8": {"a": "ă"}, "9": {"d": "đ"}}
TELEX_MARKS = (("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("dd", "đ"), ("uow", "ươ"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"))
# Words of every question, though not of every corpus ("ở đâu" is no "ở đầu").
ASKING = frozenset((
    "ai", "bao", "bay", "bi", "boi", "cac", "cai", "cho", "co", "con", "cua", "cung", "dau", "day", "den", "di",
    "dieu", "do", "duoc", "gi", "gio", "hay", "hien", "hoi", "hom", "khi", "khong", "la", "lam", "luc", "may", "moi",
    "nam", "nao", "nay", "neu", "ngay", "nhieu", "nhu", "nhung", "noi", "o", "phai", "ra", "sao", "tai", "ten",
    "thang", "the", "theo", "thi", "thu", "trong", "tu", "va", "vao", "ve", "vi", "voi",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a word may have been meant to be: its new spelling, lower is likelier, and who vouches for it.

    `pairs`: with how many neighbours it stands in some passage; `passages`: in how many, with neighbours and by itself.
    """

    text: str
    cost: int
    pairs: int
    passages: tuple[int, int]

    @property
    def rank(self) -> tuple[int, int]:
        """The better, the lower."""
        return -self.pairs, self.cost


def correct(text: str, knows: Knows) -> str:
    """Mend the typing errors of a question; one that has none comes back as it was, byte for byte.

    `knows(term)` is the number of passages that have a term of the index: a canonical syllable, a folded pair "a b".
    A word is mended if no passage has it, one candidate only is the best, and a passage has that beside a neighbour.

    >>> known = {"cục", "trưởng", "ngoại", "vụ", "cuc truong", "cuc ngoai", "ngoai vu"}
    >>> terms = {canonical_syllable(term) if " " not in term else term for term in known}
    >>> correct("Cục trưởnng Cục Ngaoị vụ", lambda term: int(term in terms))
    'Cục trưởng Cục Ngoại vụ'
    """
    clean = nfc(text)
    if is_unaccented(clean) and any(re.search(pattern, fold(clean)) for _, pattern in ENGLISH):
        return text
    words = list(WORD.finditer(clean))
    typed = [match[0] for match in words]
    mendable = _mendable(clean, words)
    ask = cache(knows)
    meant = _decode(typed, mendable, ask, is_plain=is_unaccented(clean))
    meant = _mend(meant, mendable, ask)
    if meant == typed:
        return text
    parts, place = [], 0
    for match, word in zip(words, meant, strict=True):
        parts += [clean[place : match.start()], word]
        place = match.end()
    return "".join([*parts, clean[place:]])


def _mendable(text: str, words: Sequence[re.Match[str]]) -> frozenset[int]:
    """Return which words may be touched: none that is quoted, a number, an abbreviation, or has capitals within."""
    kept = kept_spans(text)
    return frozenset(
        i
        for i, match in enumerate(words)
        if match[0][0].isalpha()
        and (text.isupper() or not any(c.isupper() for c in match[0][1:]))
        and re.search("[aeiouy]", fold(match[0]))
        and not any(match.start() < end and start < match.end() for start, end in kept)
    )


def _decode(typed: Sequence[str], mendable: frozenset[int], ask: Knows, *, is_plain: bool) -> list[str]:
    """Turn what an input method left as keystrokes into letters: "Nguyeenx", "Ngoai5".

    One that no neighbour vouches for may be a name ("Hans"), unless others were typed that way too. A single one in a
    question without accents gives a word without: the rest of the question is understood as typed.
    """
    decoded = {i: word for i in mendable if (word := _keystrokes(typed[i])) and ask(canonical_syllable(word))}
    decoded = {
        i: word for i, word in decoded.items() if not typed[i].isalpha() or not ask(canonical_syllable(typed[i]))
    }
    whole = [decoded.get(i, word) for i, word in enumerate(typed)]
    vouched = {i for i in decoded if _pairs(whole, i, decoded[i], ask)[0]}
    if len(vouched) > 1:
        vouched = set(decoded)
    keeps_accents = not is_plain or len(vouched) * 3 >= len(typed)
    return [
        (_in_case_of(word, decoded[i]) if keeps_accents else _in_case_of(word, fold(decoded[i])))
        if i in vouched
        else word
        for i, word in enumerate(typed)
    ]


def _keystrokes(typed: str) -> str | None:
    """Read a word as Telex or VNI keystrokes; None if they make no syllable, or it is one without being read so."""
    word = typed.casefold()
    if not word.isascii() or len(word) < SHORTEST or PLAIN_SYLLABLE.fullmatch(word):
        return None
    readings = _vni(word) if not word.isalpha() else _telex(word)
    return next((_with_tone(letters, tone) for letters, tone in readings if SYLLABLE.fullmatch(letters)), None)


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


def _mend(typed: Sequence[str], mendable: frozenset[int], ask: Knows) -> list[str]:
    """Replace unknown words by what was meant, once more as long as a mended word vouches for its neighbour."""
    words = list(typed)
    for _ in range(MOST_UNKNOWN):
        unknown = [i for i in sorted(mendable) if _is_unknown(words, i, ask)]
        if len(unknown) > MOST_UNKNOWN:
            break
        before = list(words)
        for i in unknown:
            words[i] = _meant(words, i, ask) or (_foreign(words[i], ask) if len(unknown) == 1 else None) or words[i]
        if words == before:
            break
    return words


def _is_unknown(words: Sequence[str], place: int, ask: Knows) -> bool:
    """Tell whether no passage has a word, and it isn't one that may well be right.

    A syllable without accents stays, as its accents are not known; other words without do beside a neighbour they have
    in some passage.
    """
    word = words[place]
    if " " in word or not word.isalpha() or len(word) < SHORTEST or ask(canonical_syllable(word)):
        return False
    if _is_syllable(word) and (word.isascii() or fold(word) in ASKING):
        return False
    return not (word.isascii() and _pairs(words, place, word, ask)[0])


def _meant(words: Sequence[str], place: int, ask: Knows) -> str | None:
    """Return the one best candidate for a word, in its case; None if there is none, or several are as good."""
    typed = words[place]
    best: list[Candidate] = []
    for text, cost in _edits(typed.casefold()):
        pairs, passages = _pairs(words, place, text, ask)
        if not pairs or pairs < _vouching(words, place, text, cost):
            continue
        if alone := min((ask(canonical_syllable(word)) for word in text.split()), default=0) or typed.isascii():
            best.append(Candidate(text, cost, pairs, (passages, int(alone))))
    chosen = _only_best(best)
    return _in_case_of(typed, chosen) if chosen else None


def _vouching(words: Sequence[str], place: int, text: str, cost: int) -> int:
    """Return how many neighbours have to vouch for a candidate.

    What could be a word that the corpus just doesn't have is replaced for a likely slip or other accents only, and
    where both sides speak for it. One without accents may be foreign ("taxi") unless a name stands before it.
    """
    typed, before = words[place], words[place - 1] if place else ""
    if _is_syllable(typed):
        return 2 if cost == 1 or fold(typed) == fold(text) else NEVER
    is_in_name = typed[0].isupper() and before[:1].isupper()
    return 2 if typed.isascii() and not is_in_name and (cost > 1 or " " in text) else 1


def _only_best(candidates: Sequence[Candidate]) -> str | None:
    """Return the best candidate if no other is as good: more neighbours, a likelier slip, or far more passages."""
    if not candidates:
        return None
    rank = min(candidate.rank for candidate in candidates)
    first, *others = sorted((c for c in candidates if c.rank == rank), key=lambda c: c.passages, reverse=True)
    is_clear = all(_is_clear(first, other) for other in others)
    return first.text if is_clear else None


def _is_clear(first: Candidate, other: Candidate) -> bool:
    by_pairs, by_itself = (a >= CLEARLY * b for a, b in zip(first.passages, other.passages, strict=True))
    return by_itself if fold(first.text) == fold(other.text) else by_pairs


def _edits(word: str) -> Iterator[tuple[str, int]]:
    """Yield what is one slip away and could be a syllable, or two that were run together, each once with its cost.

    1 for letters swapped or doubled, for marks and hỏi with ngã; 2 for other tones, and for other letters, which are
    not tried for what could be a syllable itself.
    """
    letters, tone = _parts(word)
    is_plain = word.isascii()
    pattern = PLAIN_SYLLABLE if is_plain else SYLLABLE
    costs = dict.fromkeys(_likely(letters), 1)
    if is_syllable := bool(pattern.fullmatch(letters)):
        for other in TONES_AND_NONE - {tone}:
            yield _with_tone(letters, other), 1 if {tone, other} == {HOOK, TILDE} else 2
    else:
        costs = dict.fromkeys(_other(letters, PLAIN_LETTERS if is_plain else LETTERS), 2) | costs
    yield from ((_with_tone(edited, tone), cost) for edited, cost in costs.items() if pattern.fullmatch(edited))
    for place in range(2, len(word) - 1) if not is_syllable else ():
        if _is_syllable(word[:place]) and _is_syllable(word[place:]):
            yield f"{word[:place]} {word[place:]}", 1


def _likely(letters: str) -> Iterator[str]:
    for i, letter in enumerate(letters):
        before, after = letters[:i], letters[i + 1 :]
        if after and after[0] != letter:
            yield before + after[0] + letter + after[1:]
        if before.endswith(letter):
            yield before + after
        yield from (before + c + after for c in MARKED.get(fold(letter), "") if c != letter)


def _other(letters: str, alphabet: str) -> Iterator[str]:
    for i in range(len(letters) + 1):
        before, after = letters[:i], letters[i:]
        yield from (before + c + after for c in alphabet)
        if after:
            yield before + after[1:]
            yield from (before + c + after[1:] for c in alphabet if c != after[0])


def _foreign(typed: str, ask: Knows) -> str | None:
    """Return the one long word without accents that some passage has, a letter away: "Philipines"."""
    word = typed.casefold()
    if not word.isascii() or len(word) < SHORTEST_FOREIGN or _is_syllable(word):
        return None
    fewer = {word[:i] + word[i + 1 :] for i in range(len(word))}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    more = {word[:i] + c + word[i:] for i in range(1, len(word) + 1) for c in LATIN}
    other = {word[:i] + c + word[i + 1 :] for i, letter in enumerate(word) if letter in "aeiouy" for c in "aeiouy"}
    known = {text for text in (fewer | swapped | more | other) - {word} if ask(text)}
    return _in_case_of(typed, known.pop()) if len(known) == 1 else None


def _pairs(words: Sequence[str], place: int, text: str, ask: Knows) -> tuple[int, int]:
    """Return with how many neighbours a word stands in some passage, and in how many passages together.

    Two words that were run together have to stand together, and vouch for each other.
    """
    here = fold(text).split()
    inner = ask(" ".join(here)) if len(here) > 1 else 0
    if len(here) > 1 and not inner:
        return 0, 0
    before = ask(f"{fold(words[place - 1]).split()[-1]} {here[0]}") if place else 0
    after = ask(f"{here[-1]} {fold(words[place + 1]).split()[0]}") if place + 1 < len(words) else 0
    return (before > 0) + (after > 0) + (inner > 0), before + after + inner


def _is_syllable(word: str) -> bool:
    """Tell whether a word could be a Vietnamese syllable, typed with accents or without."""
    letters, tone = _parts(word)
    pattern = PLAIN_SYLLABLE if word.isascii() else SYLLABLE
    return len(tone) < 2 and bool(pattern.fullmatch(letters))


def _parts(word: str) -> tuple[str, str]:
    """Split a word into its letters in lower case and its tone mark."""
    canonical = canonical_syllable(word)
    return nfc("".join(c for c in canonical if c not in TONES)), "".join(c for c in canonical if c in TONES)


def _with_tone(letters: str, tone: str) -> str:
    """Put a tone mark where it is written: on the last marked vowel, else before a last open vowel, else on the last.

    >>> _with_tone("ngoai", "\u0323"), _with_tone("trương", "\u0309"), _with_tone("hoa", "\u0300")
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


def _in_case_of(typed: str, word: str) -> str:
    """Give a word the capitals that were typed."""
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word
