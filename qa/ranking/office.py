"""Who holds which office in a sentence, and who does what to whom."""

import re
from itertools import groupby

from corpus.text import fold
from qa.ranking.fact import Fact

TITLE = (
    r"(?:(pho|nguyen|cuu) )?(cuc truong|vu truong|thu truong|bo truong|truong ban|thu tuong|chu tich|giam doc|bi thu"
    r"|tong thu ky|tong thong|dai su|tong lanh su|thong doc|chanh van phong|thi truong)\b"
)
OFFICE = re.compile(rf"\b{TITLE}")
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


def is_other_office(asked: str, fact: Fact) -> bool:
    """Tell whether "Ai là Phó Cục trưởng?" meets only the head, "Ai là Cục trưởng?" only the deputy or another office.

    An office that stands before the name, or after it in apposition, is the person's own; else any of the sentence
    may be. A former holder answers a question that names a year.
    """
    match = WHO_IS.search(asked)
    offices = set(OFFICE.findall(fold(fact.sentence)))
    if not match or not offices:
        return False
    wanted = {(prefix, office) for prefix, office in OFFICE.findall(match[0])}
    if YEAR.search(asked):
        wanted |= {("nguyen", office) for _, office in wanted} | {("cuu", office) for _, office in wanted}
    before = re.split(r"[;.] ", fold(fact.sentence[: fact.start])[-BEFORE_NAME:])[-1]
    after = HOLDS.match(fold(fact.sentence[fact.end : fact.end + AFTER_NAME]))
    own = {*OFFICE.findall(before), *OFFICE.findall(after[0] if after else "")}
    return not wanted & (own or offices)


def is_swapped(asked: str, fact: Fact) -> bool:
    """Tell whether the one that something is done to in the question does it in the sentence ("Huế tặng Lào …")."""
    verb = DOES.search(asked.casefold())
    doer, done_to = (_names(asked[: verb.start()]), _names(asked[verb.end() :])) if verb else ([], [])
    said = [m for m in DOES.finditer(fact.sentence.casefold()) if verb and m[0] == verb[0] and m.start() < fact.end]
    if not (doer and done_to and said):
        return False
    subject = re.split(r"[,;:] ", fact.sentence[: said[-1].start()])[-1]
    is_passive = PASSIVE.search(subject.casefold())
    begins = re.sub(r"^(?:riêng |cả |tỉnh |thành phố |nước |UBND )+", "", subject)
    return not is_passive and begins.startswith(tuple(done_to)) and not any(name in subject for name in doer)


def _names(text: str) -> list[str]:
    """Return the words with a capital, those that stand together as one, without the first of a question."""
    runs = groupby(re.findall(r"[^\W\d_]+|[^\w\s]", text), key=lambda word: word[0].isupper())
    found = [[word for word in run if word not in OPENERS] for is_name, run in runs if is_name]
    return [" ".join(name) for name in found if name]
