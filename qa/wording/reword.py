"""A question's words as they are searched and read: Vietnamese, in full, with its accents."""

from collections.abc import Callable

from qa.question.parse import MAX_CHARACTERS
from qa.wording import abbreviations, accents, spelling
from qa.wording.english.detect import is_english
from qa.wording.english.translate import translate

SHOUTED = 3  # words in capitals beyond this are no abbreviation


def reword(text: str, knows: Callable[[str], int]) -> str:
    """Return the Vietnamese question in full words and with its accents; the text itself if nothing needs doing."""
    if text.isupper() and len(text.split()) > SHOUTED:
        text = text.capitalize()
    worded = translate(text)
    if worded is None and is_english(text):
        return text
    if worded is None:
        worded = accents.restore(abbreviations.expand(text, knows), knows)
    worded = spelling.correct(worded, knows)
    return worded if len(worded) <= MAX_CHARACTERS else text
