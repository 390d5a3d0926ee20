"""What the retriever learns from: passages, each with the questions it answers, grouped by topic.

ViQuAD 1.0 train and the true pairs of Zalo; news, whose title or lead asks for its body; English questions, so that
they are not forgotten. Passages are cut as the index cuts them. Or pairs of one's own (`own_topics`).
"""

import csv
import gzip
import json
import lzma
import random
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Article, Passage, context_line
from corpus.dates import PartialDate
from corpus.errors import InputError
from corpus.split import split_article
from corpus.text import fold, nfc, syllables, unaccent
from index.training.examples import Example, read_examples

VIQUAD = ("viquad-1.0/ViQuAD1.0.zip", "ViQuAD1.0/train_ViQuAD.json")
NEWS = {"news-2024": 3, "vntc": 9, "dantri-2020": 2}
ENGLISH = {"transfer/squad1-en-A.jsonl.gz": 6000, "transfer/squadshifts-en.jsonl.gz": 8000}
SOURCES = ("Báo Thế giới và Việt Nam", "TTXVN", "Báo Nhân Dân", "Bản tin Ngoại vụ", "VnExpress", "Báo Quốc tế")
HELD_OUT_SHARE = 5
LONGEST_QUERY = 60
COLUMNS = ("question", "passage", "title")


@dataclass(frozen=True, slots=True)
class Item:
    """A passage, the title of its article, and the questions that it answers."""

    text: str
    title: str
    questions: tuple[str, ...]


Topics = dict[str, list[Item]]


def is_held_out_news(news_id: str) -> bool:
    """Tell whether a news article is kept for measuring: a fifth of them, by a checksum of the id."""
    return zlib.crc32(news_id.encode()) % HELD_OUT_SHARE == 0


def question_topics(root: Path) -> Topics:
    """Return the passages of ViQuAD 1.0 train by Wikipedia article, and those of Zalo's true pairs as one topic."""
    topics: Topics = defaultdict(list)
    by_context: dict[str, list[Example]] = defaultdict(list)
    for example in read_examples(root / VIQUAD[0], VIQUAD[1]):
        by_context[example.context].append(example)
    for found in by_context.values():
        topics[found[0].title] += _items(found)
    by_text: dict[str, set[str]] = defaultdict(set)
    for question, text in _zalo_pairs(root):
        by_text[text].add(question)
    topics["zalo"] = [Item(text, "", tuple(sorted(asked))) for text, asked in by_text.items()]
    return topics


def english_topics(root: Path, *, seed: int) -> Topics:
    """Return English passages as one topic a set."""
    topics: Topics = {}
    for name, limit in ENGLISH.items():
        by_context: dict[str, list[Example]] = defaultdict(list)
        for example in read_examples(root / name)[:limit]:
            by_context[example.context].append(example)
        items = [item for found in by_context.values() for item in _items(found)]
        random.Random(seed).shuffle(items)
        topics[name] = items
    return topics


def news_topics(root: Path, *, seed: int) -> Topics:
    """Return one passage an article of a share of the news, by source and topic; its title and lead are the questions.

    The title is not in front of the passage, as it is in the index: it would be found by its words alone.
    """
    topics: Topics = defaultdict(list)
    rng = random.Random(seed)
    for name, every in NEWS.items():
        with lzma.open(root / f"news/{name}.jsonl.xz", "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream):
                row = json.loads(line)
                if number % every or is_held_out_news(row["id"]):
                    continue
                passages = _cut(nfc(row["body"] or ""))[:3]
                asked = [nfc(row[key]) for key in ("title", "lead") if row[key]]
                asked = [text for text in asked if 3 <= len(syllables(text)) <= LONGEST_QUERY]
                if passages and asked:
                    topics[f"{name} {row['topic']}"].append(Item(rng.choice(passages).text, "", tuple(asked)))
    return topics


def own_topics(path: Path) -> Topics:
    """Return the passages of a file of one's own by title, each with the questions that it answers.

    `.json` and `.json.gz` are SQuAD. A line of a `.jsonl` file has `question`, `passage` and, if there is one, `title`;
    a line of any other file has them in this order between tabs. `InputError` names a line that has no pair,
    or a file that is not UTF-8 or not SQuAD.
    """
    topics: Topics = defaultdict(list)
    if ".json" in path.suffixes:
        by_context: dict[str, list[Example]] = defaultdict(list)
        try:
            examples = read_examples(path)
        except (
            OSError,
            EOFError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            RecursionError,
            zlib.error,
        ) as error:
            raise _unreadable(path, error, "SQuAD (JSON, UTF-8)") from error
        for example in examples:
            by_context[example.context].append(example)
        for found in by_context.values():
            topics[found[0].title] += _items(found)
        return {title: items for title, items in topics.items() if items}
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error, "UTF-8") from error
    asked: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            question, text, title = _pair(line, f"{path}:{number}", is_json=path.suffix == ".jsonl")
            asked[title, text].append(question)
    for (title, text), questions in asked.items():
        topics[title].append(Item(text, title, tuple(dict.fromkeys(questions))))
    return topics


def _unreadable(path: Path, error: Exception, wanted: str) -> InputError:
    what = f"{type(error).__name__}: {error}"[:160]
    return InputError(
        f"{path}: không đọc được ({what}). Hãy lưu lại tệp dưới dạng {wanted}.",
        f"{path}: cannot be read ({what}). Save the file as {wanted}.",
    )


def _pair(line: str, where: str, *, is_json: bool) -> tuple[str, str, str]:
    """Return question, passage and title of a line."""
    try:
        row = json.loads(line) if is_json else dict(zip(COLUMNS, line.split("\t"), strict=False))
        question, text, title = (nfc(row.get(name) or "").strip() for name in COLUMNS)
    except (ValueError, TypeError, AttributeError, RecursionError):
        question = text = title = ""
    if not (question and text):
        raise InputError(
            f"{where}: dòng này không có câu hỏi và đoạn văn. Hãy ghi câu hỏi, dấu tab, đoạn văn; hoặc (trong tệp "
            '.jsonl) {"question": "…", "passage": "…"}.',
            f"{where}: this line has no question and passage. Write the question, a tab, the passage; or (in a .jsonl "
            'file) {"question": "…", "passage": "…"}.',
        )
    return question, text, title


def _items(found: list[Example]) -> Iterator[Item]:
    """Yield the passages of a context that hold answers, each with the questions they answer."""
    for passage in _cut(found[0].context):
        asked = tuple(
            example.question
            for example in found
            if any(passage.start <= answer.start and answer.end <= passage.end for answer in example.answers)
        )
        if asked:
            yield Item(passage.text, found[0].title, asked)


def _cut(text: str) -> list[Passage]:
    return split_article(Article("-", "-", "", text, ((0, len(text)),)))


def _zalo_pairs(root: Path) -> Iterator[tuple[str, str]]:
    for example in read_examples(root / "zalo-squad/train-v2.0.json.gz"):
        if example.answers:
            yield example.question, example.context
    with gzip.open(root / "zalo-pairs/pairs-2k.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        for question, text, label in csv.reader(stream, delimiter="\t"):
            if label.strip().lower() == "true":
                yield nfc(question), nfc(text)


def draw_batches(topics: Topics, *, size: int, mixed: int, rng: random.Random) -> Iterator[list[Item]]:
    """Yield batches of `size` passages, most of them from `mixed` topics, no passage twice; what is left over is left.

    The other passages of the same topic are what a question has to tell its own from.
    """
    chunks = []
    share = -(-size // mixed)
    for items in topics.values():
        shuffled = rng.sample(items, len(items))
        chunks += [shuffled[i : i + share] for i in range(0, len(shuffled), share)]
    rng.shuffle(chunks)
    batch: list[Item] = []
    is_first = True
    for chunk in chunks:
        batch += chunk
        if len(batch) >= size:
            yield batch[:size]
            batch, is_first = batch[size:], False
    if batch and is_first:  # fewer passages than a batch
        yield batch


def dress_passage(item: Item, *, rng: random.Random) -> str:
    """Put a context line in front of a passage, as the index does: title, source and a date drawn, or none."""
    title = item.title if rng.random() < 0.6 else ""
    source = rng.choice(SOURCES) if rng.random() < 0.3 else None
    when = PartialDate(rng.randint(2005, 2025), rng.randint(1, 12), rng.randint(1, 28)) if rng.random() < 0.4 else None
    return context_line(title, source, when) + item.text


def dress_question(question: str, *, rng: random.Random) -> str:
    """Give a question the look of one typed in haste: without accents, with some of them, in lower case, mistyped."""
    draw = rng.random()
    if draw < 0.18:
        return fold(question) if draw < 0.09 else unaccent(question)
    if draw < 0.25:
        return " ".join(unaccent(word) if rng.random() < 0.5 else word for word in question.split())
    if draw < 0.33:
        return question.lower().rstrip(" ?")
    return _mistyped(question, rng) if draw < 0.38 else question


def _mistyped(text: str, rng: random.Random) -> str:
    """Swap two neighbouring letters, or leave one out."""
    if len(text) < 8:
        return text
    place = rng.randrange(1, len(text) - 2)
    if rng.random() < 0.5:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + text[place + 1 :]
