"""A subject as an officer names it ("Cục trưởng Cục Ngoại vụ") → the question whose answers are its timeline."""

import re

from corpus.text import fold, is_unaccented
from qa.question.parse import kind_of, parse_question
from qa.question.types import Kind
from qa.reading import trim
from qa.vietnamese import offices
from qa.vietnamese.people import is_name

ASKING = re.compile(r"\?\s*$|\b(?:gì|nào|thế nào|ra sao|vì sao|tại sao)\b", re.IGNORECASE)
OFFICE = re.compile(rf"(?!(?:van phong|tro ly|thu ky)\b)(?:nguoi dung dau\b|{fold(offices.OFFICE.pattern)})")
COUNT = re.compile(
    r"(?:tổng )?số (?:lượng )?(?!(?:điện thoại|liệu|hiệu|nhà|báo|tài khoản|quyết định)\b)", re.IGNORECASE
)
UNACCENTED_COUNT = re.compile(fold(COUNT.pattern), re.IGNORECASE)


def as_question(subject: str) -> str:
    """Return the question that asks for a subject; a question stays as it is. `InputError` if there is no word in it.

    An office becomes "Ai là …?", a person "… giữ chức vụ gì?", "số …" becomes "Có bao nhiêu …?"; anything else is read
    as it is typed.
    """
    text = parse_question(subject).text
    if kind_of(text) is not Kind.OTHER or ASKING.search(text):
        return text
    if OFFICE.match(fold(text)):
        return f"ai la {text}?" if is_unaccented(text) else f"Ai là {text}?"
    name = trim.HONORIFIC.sub("", text, count=1)
    if is_name(name):
        return f"{name} giữ chức vụ gì?"
    if is_unaccented(text):
        return UNACCENTED_COUNT.sub("co bao nhieu ", text, count=1) if UNACCENTED_COUNT.match(text) else text
    return COUNT.sub("Có bao nhiêu ", text, count=1) + "?" if COUNT.match(text) else text
