"""Text made safe to show: what is not seen stands by its code."""

import re
import unicodedata
from collections.abc import Callable, Iterator

# Letters and marks of Latin prose pass at the speed of a pattern; Unicode is asked about every other character.
_RARE = re.compile("[^ -~\u00a1-\u00ac\u00ae-\u02ff\u1e00-\u1eff\u2010-\u2027]+")
# Letters, symbols and marks by category, yet nothing is seen of them: fillers, blanks, joiners, variation selectors.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffc"
    "\U00013441\U00013442\U00016fe4\U0001d159\U000e0100-\U000e01ef]"
)
_LAYOUT = "\n\t"
_MARKS = 3  # Vietnamese taken apart has two on a letter, pointed Arabic three


def visible(text: str, *, inline: bool = False) -> str:
    r"""Return `text` with what is not seen shown as `\x1b`, not obeyed, and every kind of space as a space.

    Not seen are controls, format and direction characters, separators of lines, halves of characters, characters that
    are private or none, blanks, and marks piled up or on no letter. Line feeds and tabs stay, unless the text is
    `inline`: a name or title that may not begin a line of its own.
    """
    return encoded(text, _code, keep="" if inline else _LAYOUT)


def encoded(text: str, code: Callable[[str], str], *, keep: str) -> str:
    """Return `text` with every character that is not seen as it is, but those to `keep`, written as `code` writes it.

    `code` gives a space or a letter or digit last.
    """
    return _RARE.sub(lambda run: "".join(_each(run, code, keep)), text)


def _each(run: re.Match[str], code: Callable[[str], str], keep: str) -> Iterator[str]:
    room = _room(run.string[run.start() - 1]) if run.start() else 0
    for character in run.group():
        is_mark = unicodedata.category(character) in ("Mn", "Me")
        if character in keep or (character.isprintable() and not _BLANK.match(character) and (room or not is_mark)):
            yield character
            room = room - 1 if is_mark else _room(character)
        else:
            yield code(character)
            room = 0


def _room(character: str) -> int:
    """Return how many marks may follow: none where they would stand on a space or on quotation marks of ours."""
    return _MARKS if unicodedata.category(character)[0] in "LNSM" else 0


def _code(character: str) -> str:
    is_space = unicodedata.category(character) == "Zs"
    return " " if is_space else character.encode("unicode_escape").decode()
