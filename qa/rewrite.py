"""A question however it was typed → the question that is searched and read.

English is put into Vietnamese, abbreviations are written out, accents put back, typing errors mended; today's provinces
are searched under their former names too. What was typed is kept, and the officer is told how it was understood.
"""

from collections.abc import Callable
from dataclasses import replace

from qa import abbreviations, accents, english, provinces, spelling
from qa.question import MAX_CHARACTERS, Kind, Question, parse_question

SHOUTED = 3  # words in capitals beyond this are no abbreviation


def understand(text: str, as_of: str | None, knows: Callable[[str], int]) -> Question:
    """Read a question as `parse_question` does, after rewording it; `InputError` if it cannot be one.

    `knows(term)` is the number of passages of the index that hold a term (`Postings.count`).
    """
    typed = parse_question(text, as_of)
    worded = reword(typed.text, knows)
    question = typed if worded == typed.text else parse_question(worded, as_of)
    if question.kind is Kind.OTHER:
        question = replace(question, kind=typed.kind)
    mergers = provinces.mergers(worded, window=question.window)
    former = (name for merger in mergers for name in merger.former)
    also = (*abbreviations.also(typed.text), *former)
    return replace(question, typed=typed.text, also=also, mergers=mergers)


def reword(text: str, knows: Callable[[str], int]) -> str:
    """Return the Vietnamese question in full words and with its accents; the text itself if nothing needs doing."""
    if text.isupper() and len(text.split()) > SHOUTED:
        text = text.capitalize()
    worded = english.translate(text)
    if worded is None and english.is_english(text):
        return text
    if worded is None:
        worded = accents.restore(abbreviations.expand(text, knows), knows)
    worded = spelling.correct(worded, knows)
    return worded if len(worded) <= MAX_CHARACTERS else text
