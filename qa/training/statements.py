"""Questions made out of statements in news: a question word takes the answer's place, as Vietnamese allows.

"Sở đã đón 47 đoàn khách" becomes "Sở đã đón bao nhiêu đoàn khách?": Vietnamese asks where the answer stands, so that a
statement with its answer taken out is a good question. Each comes with its passage, or with no answer: the passage
without the sentences that say it, or a question about another office, place or year than the passage speaks of.
"""

import json
import lzma
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from corpus.text import nfc, sentence_spans, syllables
from index.training.examples import Example, Span
from index.training.pairs import is_held_out_news
from qa.vietnamese.places import COUNTRIES, PROVINCES

PASSAGE_SYLLABLES = 130
SENTENCE_SYLLABLES = (9, 45)
MIN_QUESTION_SYLLABLES = 6
EACH_ARTICLE = 2
KEPT_WORDS = 0.97

_CAPITAL = r"[A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ][^\W\d_]*"
_SURNAME = (
    r"(?:Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đào|Đoàn|Trịnh|Trương|Đinh|Lâm|Mai|Tô"
    r"|Hà|Tạ|Cao|Lương|Lưu|Tòng|Nông|Phùng|Uông|Vương)"
)
NAME = rf"{_SURNAME}(?:\s{_CAPITAL}){{1,3}}"
HEAD = (
    r"(?:Phó |phó |quyền |Quyền |Nguyên |nguyên )?(?:[Tt]hủ tướng|[Bb]ộ trưởng|[Tt]hứ trưởng|[Cc]hủ tịch|[Gg]iám đốc"
    r"|[Cc]ục trưởng|[Vv]ụ trưởng|[Tt]ổng cục trưởng|[Đđ]ại sứ|[Tt]ổng lãnh sự|[Bb]í thư"
    r"|[Tt]rưởng (?:[Bb]an|phòng|đoàn)|[Nn]gười phát ngôn|[Tt]ổng giám đốc|[Hh]iệu trưởng"
    r"|[Cc]hánh [Vv]ăn phòng|[Vv]iện trưởng|[Tt]ổng thư ký)"
)
HELD = re.compile(rf"(?P<office>{HEAD}(?:\s(?!{_SURNAME}\s)[^\W\d_]+){{0,9}}?)\s(?P<name>{NAME})(?=[\s,.;:])")
HOLDER = re.compile(
    rf"(?P<name>{NAME})\s?(?:,|–|-)\s(?P<office>{HEAD}(?:\s[^\W\d_]+){{1,10}}?)(?=[,.;]|\s(?:cho|nói|phát|đã|khẳng|nhấn)\b)"
)
_UNIT = (
    r"(?:triệu|tỷ|tỉ|nghìn|ngàn|USD|đồng|người|đoàn|tỉnh|dự án|thỏa thuận|văn bản|cuộc|đại biểu|doanh nghiệp|nước"
    r"|quốc gia|hội nghị|lượt|ha|km|tấn|học viên|cán bộ|hộ|xã|huyện|địa phương|hoạt động|đơn vị|trường|ca|vụ)"
)
COUNT = re.compile(
    r"(?P<answer>(?:(?:gần|hơn|khoảng|trên|tổng cộng)\s)?(?<![\d/.,:-])(?<![-–] )(?<!tháng )(?<!quận )(?<!điều )"
    rf"(?<!hôm )(?<!năm )(?<!ngày )(?<!thứ )\d{{1,3}}(?:[.,]\d+)*(?P<unit>\s?%|(?:\s(?:{_UNIT}))+))(?=[\s,.;])"
)
DAY = re.compile(r"(?P<before>[Nn]gày |[Ss]áng |[Cc]hiều )(?P<answer>\d{1,2}[/-]\d{1,2}(?:[/-]\d{4})?)(?![\d/-])")
YEAR = re.compile(r"(?P<answer>(?:tháng \d{1,2}[/-])?năm \d{4}|tháng \d{1,2}[/-]\d{4})(?!\d)")
PLACES = "|".join(sorted(map(re.escape, (*PROVINCES, *COUNTRIES)), key=len, reverse=True))
PLACE = re.compile(
    rf"\b(?P<before>tại|ở)\s(?P<answer>(?:(?:tỉnh|thành phố|TP\.?|Thủ đô)\s)?(?:{PLACES})"
    rf"(?:(?:,| và)\s(?:{PLACES}))*)(?=[\s,.;)])"
)
REASON = re.compile(r"^(?P<main>.{30,160}?),?\s(?P<word>vì|nhằm)\s(?P<answer>[^,;]{15,120})(?=[.,;](?:\s|$))")
SAID = re.compile(
    r"^(?P<main>[^,;:]{8,90}?\b(?:cho biết|khẳng định|nhấn mạnh|cho rằng|đề nghị|đánh giá|yêu cầu|tuyên bố|cam kết"
    r"|đề xuất|mong muốn|thống nhất))(?: rằng|:)?\s(?P<answer>[^;:]{30,170})(?=[.;](?:\s|$))"
)
SWAPPED = re.compile(rf"\b(?:{PLACES})\b|\b(?:19|20)\d{{2}}\b|lần thứ \d+|\b(?:Phó |phó )")
OPENING = re.compile(
    r"^(?:Theo đó|Tuy nhiên|Bên cạnh đó|Ngoài ra|Đặc biệt|Cụ thể|Trong đó|Đồng thời|Do đó|Được biết),\s"
)
ODD = re.compile(r"[a-zà-ỹ][.!?][A-ZĐ]|[\"“”?…(]")
TOPIC = re.compile(
    r"ngoại giao|đối ngoại|ngoại vụ|hợp tác|hội nghị|hữu nghị|quan hệ|đầu tư|Đại sứ|UBND|Bộ trưởng|phái đoàn|lãnh sự"
)
TOPIC_WORDS = 4
WHO = re.compile(r"\b(?:[Aa]i|chức vụ gì)\b")
LONG = re.compile(r"^Vì sao|(?:gì|vì sao)\?$")
WHO_FIRST = 0.5
LONG_FIRST = 0.5


def news_questions(folder: Path, *, count: int, seed: int, unanswerable: float = 0.35) -> list[Example]:
    """Return about `count` questions made from news articles that are not held out, drawn in a fixed order."""
    rng = random.Random(seed)
    made: list[Example] = []
    for passage in _passages(folder, rng=rng):
        found = list(_of_passage(passage))
        rng.shuffle(found)
        found.sort(key=lambda e: _rank(e.question, rng=rng))
        for example in found[:EACH_ARTICLE]:
            made.append(without_answer(example, rng=rng) if rng.random() < unanswerable else example)
        if len(made) >= count:
            break
    rng.shuffle(made)
    return made


def _rank(question: str, *, rng: random.Random) -> int:
    """Return 0 for a question of a kind that news has too few of: who, why, what was said; 1 for the others."""
    share = WHO_FIRST if WHO.search(question) else LONG_FIRST if LONG.search(question) else 0.0
    return int(rng.random() >= share)


def without_answer(example: Example, *, rng: random.Random) -> Example:
    """Make a question unanswerable: its passage loses what answers it, or it asks for another office, place or year."""
    if rng.random() < 0.35 and (other := _asked_otherwise(example.question, example.context, rng=rng)):
        return replace(example, id=f"{example.id}-other", question=other, answers=())
    return without_sentences(example)


def without_sentences(example: Example) -> Example:
    """Cut the sentences that hold an answer's text out of the passage, so that nothing in it answers the question."""
    gold = [answer.text.casefold() for answer in example.answers]
    kept = [
        example.context[low:high]
        for low, high in sentence_spans(example.context)
        if not any(text in example.context[low:high].casefold() for text in gold)
    ]
    return replace(example, id=f"{example.id}-cut", context=" ".join(kept), answers=())


def _asked_otherwise(question: str, context: str, *, rng: random.Random) -> str | None:
    found = list(SWAPPED.finditer(question))
    if not found:
        return None
    match = rng.choice(found)
    old = match[0]
    if old.lower() == "phó ":
        new = ""
    elif old.startswith("lần thứ"):
        new = f"lần thứ {int(old.split()[-1]) + rng.choice((-1, 1, 2))}"
    elif old.isdigit():
        new = str(int(old) + rng.choice((-3, -2, -1, 1, 2, 3)))
    else:
        new = rng.choice(COUNTRIES if old in COUNTRIES else PROVINCES)
    return question[: match.start()] + new + question[match.end() :] if new == "" or new not in context else None


def _passages(folder: Path, *, rng: random.Random) -> Iterator[Example]:
    rows: list[tuple[str, str, str]] = []
    for path in sorted(folder.glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                text = nfc(" ".join((row["body"] or "").split()))
                if len(text) < 400 or is_held_out_news(row["id"]):
                    continue
                if len(TOPIC.findall(text[:3000])) >= TOPIC_WORDS:
                    rows.append((row["id"], nfc(row["title"] or ""), text))
    rng.shuffle(rows)
    for identifier, title, body in rows:
        ends = [high for _, high in sentence_spans(body[:3000])]
        starts = [0, *ends[:-1]]
        low = rng.randrange(max(1, len(starts) // 2))
        for high in ends[low:]:
            if len(syllables(body[starts[low] : high])) > PASSAGE_SYLLABLES:
                break
        yield Example(identifier, "", body[starts[low] : high].strip(), (), title if len(title) < 160 else "")


def _of_passage(passage: Example) -> Iterator[Example]:
    """Yield every question that can be made of a passage's sentences."""
    for low, high in sentence_spans(passage.context):
        sentence = passage.context[low:high]
        if not SENTENCE_SYLLABLES[0] <= len(syllables(sentence)) <= SENTENCE_SYLLABLES[1] or ODD.search(sentence):
            continue
        for start, end, question in (*_who(sentence), *_in_place(sentence), *_why(sentence), *_what(sentence)):
            question = " ".join(question.replace(" ,", ",").split()).strip(" ,;.–-")
            answer = Span(low + start, sentence[start:end])
            if len(syllables(question)) >= MIN_QUESTION_SYLLABLES:
                asked = f"{question[0].upper()}{question[1:]}?"
                yield replace(passage, id=f"{passage.id}-{low + start}", question=asked, answers=(answer,))


def _who(sentence: str) -> Iterator[tuple[int, int, str]]:
    for match in (*HELD.finditer(sentence), *HOLDER.finditer(sentence)):
        office, name = match["office"].strip(), match["name"]
        choice = (match.start() + len(sentence)) % 5
        if choice == 0:
            yield *match.span("office"), f"Ông {name} giữ chức vụ gì"
        elif choice == 1:
            yield *match.span("name"), f"{office} là ai"
        elif choice == 2:
            yield *match.span("name"), _clauses(sentence, match.start(), match.end(), "ai")
        else:
            yield *match.span("name"), f"Ai là {office}"


def _in_place(sentence: str) -> Iterator[tuple[int, int, str]]:
    """Put a question word in the place of a number, a date or a place."""
    for match in COUNT.finditer(sentence):
        unit = (match["unit"] or "").strip()
        counted = "phần trăm" if unit == "%" else re.sub(r"^(?:(?:triệu|tỷ|tỉ|nghìn|ngàn)\s?)+", "", unit)
        yield *match.span("answer"), _clauses(sentence, *match.span("answer"), f"bao nhiêu {counted}")
    for match in DAY.finditer(sentence):
        yield *match.span("answer"), _clauses(sentence, *match.span(), "ngày nào")
    for match in YEAR.finditer(sentence):
        yield *match.span("answer"), _clauses(sentence, *match.span(), "khi nào")
    for match in PLACE.finditer(sentence):
        many = "những đâu" if " và " in match["answer"] else "đâu"
        yield *match.span("answer"), _clauses(sentence, *match.span(), f"{match['before']} {many}")


def _why(sentence: str) -> Iterator[tuple[int, int, str]]:
    if match := REASON.match(sentence):
        main = OPENING.sub("", match["main"])
        asked_first = len(sentence) % 2 == 0
        if match["word"] == "nhằm":
            yield *match.span("answer"), f"{main} {'để làm gì' if asked_first else 'nhằm mục đích gì'}"
        else:
            yield *match.span("answer"), f"Vì sao {main}" if asked_first else f"{main} vì sao"


def _what(sentence: str) -> Iterator[tuple[int, int, str]]:
    if match := SAID.match(OPENING.sub("", sentence)):
        shift = len(sentence) - len(match.string)
        start, end = match.span("answer")
        yield start + shift, end + shift, f"{match['main']} {'điều gì' if len(sentence) % 2 else 'gì'}"


def _clauses(sentence: str, start: int, end: int, word: str) -> str:
    """Return the sentence with `word` for `[start, end)`, its far clauses and some of its words left out."""
    rng = random.Random(len(sentence) * 1009 + start)
    parts, place = [], 0
    for part in re.split(r"(?<=[,;]) ", sentence):
        parts.append((place, place + len(part), part))
        place += len(part) + 1
    kept = []
    for low, high, part in parts:
        if low <= start < high:
            asked = part[: start - low] + word + part[max(0, end - low) :]
            kept.append(asked)
        elif not (low < end and start < high) and rng.random() < 0.5 and abs(low - start) < 90:
            kept.append(part)
    words = OPENING.sub("", " ".join(kept)).split()
    return " ".join(w for w in words if w in word or rng.random() < KEPT_WORDS)
