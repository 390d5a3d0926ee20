"""Signals of office: who holds which one in a sentence, and who does what to whom."""

import re
from itertools import groupby

from qa.question.asked import Asked
from qa.ranking.candidates import Candidate
from qa.ranking.fact import Fact
from qa.vietnamese.offices import TITLE, Title, titles

WHO_IS = re.compile(rf"\bai la {TITLE}|\b{TITLE}[^,?]{{0,80}} la ai\b")
YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
BEFORE_NAME, AFTER_NAME = 100, 40
HOLDS = re.compile(r"\s*(?:[,(–-]|la|lam|giu|duoc bau|duoc bo nhiem|tro thanh)\s.*|[,(].*")
DOES = re.compile(
    r"\b(?:tặng|cử|đón|tiếp|đưa|mời|hỗ trợ|viện trợ|tài trợ|trao|gửi|thăm|giúp|cho vay|đầu tư|bán|xuất khẩu)\b"
)
PASSIVE = re.compile(r"\b(?:được|do|bị|nhận)\b")
OPENERS = frozenset((
    "Năm", "Ai", "Có", "Từ", "Ngày", "Tháng", "Trong", "Tại", "Theo", "Vì", "Khi", "Đến", "Tính", "Bao", "Đoàn",
))  # fmt: skip


def is_other_office(asked: Asked, candidate: Candidate) -> bool:
    """Who holds an office is asked, and another is met: the head where it is "Phó Cục trưởng", or the deputy.

    An office that stands before the name, or after it in apposition, is the person's own; else any of the sentence
    may be. A former holder answers a question that names a year.
    """
    match = WHO_IS.search(asked.folded)
    if not match or not (said := candidate.fact.sentence.titles):
        return False
    wanted = titles(match[0])
    if YEAR.search(asked.folded):
        wanted |= {(former, office) for _, office in wanted for former in ("nguyen", "cuu")}
    return not wanted & (_own_titles(candidate.fact) or said)


def _own_titles(fact: Fact) -> frozenset[Title]:
    """Return the offices beside a name: right before it in its part of the sentence, or after it in apposition."""
    folded, (start, end) = fact.sentence.folded.text, fact.folded
    before = re.split(r"[;.] ", folded[max(0, start - BEFORE_NAME) : start])[-1]
    after = HOLDS.match(folded[end : end + AFTER_NAME])
    return titles(before) | titles(after[0] if after else "")


def is_swapped(asked: Asked, candidate: Candidate) -> bool:
    """The one that something is done to in the question does it in the sentence ("Huế tặng Lào …")."""
    text, sentence = asked.text, candidate.sentence
    verb = DOES.search(asked.lowered)
    doer, done_to = (_names(text[: verb.start()]), _names(text[verb.end() :])) if verb else ([], [])
    end = candidate.fact.end
    said = [m for m in DOES.finditer(sentence.casefold()) if verb and m[0] == verb[0] and m.start() < end]
    if not (doer and done_to and said):
        return False
    subject = re.split(r"[,;:] ", sentence[: said[-1].start()])[-1]
    is_passive = PASSIVE.search(subject.casefold())
    begins = re.sub(r"^(?:riêng |cả |tỉnh |thành phố |nước |UBND )+", "", subject)
    return not is_passive and begins.startswith(tuple(done_to)) and not any(name in subject for name in doer)


def _names(text: str) -> list[str]:
    """Return the words with a capital, those that stand together as one, without the first of a question."""
    runs = groupby(re.findall(r"[^\W\d_]+|[^\w\s]", text), key=lambda word: word[0].isupper())
    found = [[word for word in run if word not in OPENERS] for is_name, run in runs if is_name]
    return [" ".join(name) for name in found if name]
