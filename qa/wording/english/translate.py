"""An English question → the Vietnamese one it stands for, so that the corpus can be searched and read with it."""

from corpus.text import nfc
from qa.question.parse import MAX_CHARACTERS
from qa.wording.english.detect import is_english, set_apart


def translate(text: str) -> str | None:
    """Return the Vietnamese question that an English one stands for; None for another language, or what is too long."""
    if len(nfc(text)) > MAX_CHARACTERS or not is_english(text):
        return None
    from qa.wording.english.gloss import gloss

    return gloss(*set_apart(text))
