"""Typing errors of a question, mended where the index knows exactly one word that was meant.

The index holds hashes and no list of words: what may have been meant is made up by single edits and asked for. A word
that some passage has is never touched, nor is one that has no neighbour to vouch for what would replace it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from corpus.text import canonical_syllable, fold, is_unaccented, nfc
from qa.question.parse import has_english_question_word
from qa.wording.keystrokes import HOOK, LONGEST, SHORTEST, TILDE, grammar, is_syllable, parts, with_tone
from qa.wording.keystrokes import decode as decode_keystrokes
from qa.wording.quoted import kept_spans

Knows = Callable[[str], int]
WORD = re.compile(r"\d+(?:[.,]\d+)*(?![^\W\d_])|[^\W_]+")
PLAIN_LETTERS = "abcdeghiklmnopqrstuvxy"
LETTERS = PLAIN_LETTERS + "ăâđêôơư"
MARKED = {"a": "aăâ", "d": "dđ", "e": "eê", "o": "oôơ", "u": "uư"}
LATIN = "abcdefghijklmnopqrstuvwxyz"
SHORTEST_FOREIGN, LONGEST_FOREIGN = 6, 20
MOST_UNKNOWN = 4  # more than that is another subject, or another language
CLEARLY = 3  # times as many passages as any other candidate
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
    if has_english_question_word(clean):
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
        and len(match[0]) <= LONGEST_FOREIGN
        and (text.isupper() or not any(c.isupper() for c in match[0][1:]))
        and re.search("[aeiouy]", fold(match[0]))
        and not any(match.start() < end and start < match.end() for start, end in kept)
    )


def _decode(typed: Sequence[str], mendable: frozenset[int], ask: Knows, *, is_plain: bool) -> list[str]:
    """Turn what an input method left as keystrokes into letters: "Nguyeenx", "Ngoai5".

    One that no neighbour vouches for may be a name ("Hans"), unless others were typed that way too. A single one in a
    question without accents gives a word without: the rest of the question is understood as typed.
    """
    decoded = {i: word for i in mendable if (word := decode_keystrokes(typed[i])) and ask(canonical_syllable(word))}
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


def _mend(typed: Sequence[str], mendable: frozenset[int], ask: Knows) -> list[str]:
    """Replace unknown words by what was meant, once more as long as a mended word vouches for its neighbour."""
    words = list(typed)
    for _ in range(MOST_UNKNOWN):
        unknown = [i for i in sorted(mendable) if _is_unknown(words, i, ask)]
        if len(unknown) > MOST_UNKNOWN:
            break
        before = list(words)
        for i in unknown:
            words[i] = _meant(words, i, ask) or (_foreign(words, i, ask) if len(unknown) == 1 else None) or words[i]
        if words == before:
            break
    return words


def _is_unknown(words: Sequence[str], place: int, ask: Knows) -> bool:
    """Tell whether no passage has a word, and it isn't one that may well be right.

    A syllable without accents stays, as its accents are not known, and so does a name's; other words without do beside
    a neighbour they have in some passage.
    """
    word = words[place]
    if " " in word or not word.isalpha() or len(word) < SHORTEST or ask(canonical_syllable(word)):
        return False
    if is_syllable(word) and (word.isascii() or not word.islower() or fold(word) in ASKING):
        return False
    return not (word.isascii() and _pairs(words, place, word, ask)[0])


def _meant(words: Sequence[str], place: int, ask: Knows) -> str | None:
    """Return the one best candidate for a word, in its case; None if there is none, or several are as good."""
    typed = words[place]
    if len(typed) > LONGEST:
        return None
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

    What could be a word that the corpus just doesn't have is replaced only where both sides speak for it. One without
    accents may be foreign ("taxi") unless a name stands before it.
    """
    typed, before = words[place], words[place - 1] if place else ""
    if is_syllable(typed):
        return 2
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

    1 for letters swapped or doubled and for marks, 2 for other letters. Of what is a syllable itself only hỏi and ngã
    may be mistaken: pairs are folded, so that no neighbour vouches for another tone or mark.
    """
    letters, tone = parts(word)
    if is_syllable(word):
        if other := {HOOK: TILDE, TILDE: HOOK}.get(tone):
            yield with_tone(letters, other), 1
        return
    is_plain = word.isascii()
    pattern = grammar(is_plain=is_plain)
    costs = dict.fromkeys(_other(letters, PLAIN_LETTERS if is_plain else LETTERS), 2) | dict.fromkeys(
        _likely(letters), 1
    )
    yield from ((with_tone(edited, tone), cost) for edited, cost in costs.items() if pattern.fullmatch(edited))
    for place in range(2, len(word) - 1):
        if is_syllable(word[:place]) and is_syllable(word[place:]):
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


def _foreign(words: Sequence[str], place: int, ask: Knows) -> str | None:
    """Return the one long word without accents that some passage has, a letter away: "Philipines".

    One with a capital may be another name ("Dominica"), unless a neighbour vouches for what would replace it.
    """
    typed = words[place]
    word = typed.casefold()
    if not word.isascii() or len(word) < SHORTEST_FOREIGN or is_syllable(word):
        return None
    fewer = {word[:i] + word[i + 1 :] for i in range(len(word))}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    more = {word[:i] + c + word[i:] for i in range(1, len(word) + 1) for c in LATIN}
    other = {word[:i] + c + word[i + 1 :] for i, letter in enumerate(word) if letter in "aeiouy" for c in "aeiouy"}
    known = {text for text in (fewer | swapped | more | other) - {word} if ask(text)}
    if len(known) != 1:
        return None
    meant = known.pop()
    return _in_case_of(typed, meant) if typed.islower() or _pairs(words, place, meant, ask)[0] else None


def _pairs(words: Sequence[str], place: int, text: str, ask: Knows) -> tuple[int, int]:
    """Return with how many neighbours a word stands in some passage, and in how many passages together.

    Two words that were run together have to stand together, and vouch for each other.
    """
    here = fold(text).split()
    inner = ask(" ".join(here)) if len(here) > 1 else 0
    if len(here) > 1 and not inner:
        return 0, 0
    if not here:
        return 0, 0
    last, first = (_folded(words, place - 1)[-1:], _folded(words, place + 1)[:1])
    before = ask(f"{last[0]} {here[0]}") if last else 0
    after = ask(f"{here[-1]} {first[0]}") if first else 0
    return (before > 0) + (after > 0) + (inner > 0), before + after + inner


def _folded(words: Sequence[str], place: int) -> list[str]:
    """Return the syllables of a word, folded; none beyond both ends, and of a letter that is but a mark ("ﾞ")."""
    return fold(words[place]).split() if 0 <= place < len(words) else []


def _in_case_of(typed: str, word: str) -> str:
    """Give a word the capitals that were typed."""
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word
