"""What a question names and its answer's sentence must not gainsay: which meeting, which office, which province."""

import re

from corpus.text import fold
from qa.places import ALIASES, PROVINCES

GAINSAID = 8.0
ORDINAL = re.compile(r"\b(?:lan )?thu (\d{1,3})\b")
OFFICE = re.compile(
    r"\b((?:pho|nguyen|cuu|thu) )?(cuc truong|vu truong|bo truong|truong ban|thu tuong|chu tich|giam doc|bi thu"
    r"|tong thu ky|tong thong|dai su|chanh van phong|thi truong)\b"
)
IDENTITY = re.compile(r"\bai la\b|\bla ai\b|\bten (?:la )?gi\b")
PLACE = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(PROVINCES, key=len, reverse=True)))


def cost(question: str, sentence: str, around: str) -> float:
    """Return what a span's score loses if its sentence speaks of another meeting, office or province.

    `around` is the article's title and the passage: a name may stand there and not in the sentence.
    """
    asked, said, near = fold(question), fold(sentence), fold(around)
    gainsaid = (
        _is_other_meeting(asked, said, near)
        or _is_other_office(asked, said)
        or _is_other_province(question, sentence, around)
    )
    return GAINSAID * gainsaid


def _is_other_meeting(asked: str, said: str, near: str) -> bool:
    """Tell whether none of the numbers asked for ("lần thứ 20") is named, in the sentence or else around it."""
    numbers = set(ORDINAL.findall(asked))
    named = set(ORDINAL.findall(said)) or set(ORDINAL.findall(near))
    return bool(numbers) and not numbers & named


def _is_other_office(asked: str, said: str) -> bool:
    """Tell whether a deputy is asked for and only the head named, the head and only the deputy, or another office."""
    offices = OFFICE.findall(said)
    for prefix, office in OFFICE.findall(asked):
        prefixes = {found for found, same in offices if same == office}
        if prefixes and prefix not in prefixes:
            return True
        if offices and not prefixes and IDENTITY.search(asked):
            return True
    return False


def _is_other_province(question: str, sentence: str, around: str) -> bool:
    """Tell whether the sentence, or else what stands around it, names provinces but not the one asked about."""
    asked, said = _provinces(question), _provinces(sentence) or _provinces(around)
    return bool(asked and said) and not asked & said


def _provinces(text: str) -> set[str]:
    return {ALIASES.get(name, name) for name in PLACE.findall(text)}
