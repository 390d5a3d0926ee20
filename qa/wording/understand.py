"""A question however it was typed → the question that is searched and read.

English is put into Vietnamese, abbreviations are written out, accents put back, typing errors mended; today's provinces
are searched under their former names too. What was typed is kept, and the officer is told how it was understood.
"""

from collections.abc import Callable
from dataclasses import replace

from qa.question.parse import parse_question
from qa.question.types import Kind, Question
from qa.wording import abbreviations, former_names
from qa.wording.reword import reword


def understand(text: str, as_of: str | None, knows: Callable[[str], int]) -> Question:
    """Read a question as `parse_question` does, after rewording it; `InputError` if it cannot be one.

    `knows(term)` is the number of passages of the index that hold a term (`Postings.count`).
    """
    typed = parse_question(text, as_of)
    worded = reword(typed.text, knows)
    question = typed if worded == typed.text else parse_question(worded, as_of)
    if question.kind is Kind.OTHER:
        question = replace(question, kind=typed.kind)
    mergers = former_names.mergers(worded, window=question.window)
    former = (name for merger in mergers for name in merger.former)
    also = (*abbreviations.also(typed.text), *former)
    return replace(question, typed=typed.text, also=also, mergers=mergers)
