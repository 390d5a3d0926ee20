"""Reading-comprehension examples: SQuAD JSON (1.1 and 2.0) or one JSON a line, with offsets mended."""

import gzip
import json
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """An answer: `context[start:start + len(text)] == text`."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Offset just past the answer."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Example:
    """A question about a context; no answers means that the context does not answer it."""

    id: str
    question: str
    context: str
    answers: tuple[Span, ...]
    title: str = ""


def read_examples(path: Path, member: str | None = None) -> list[Example]:
    """Read a question set: `.json`, `.jsonl`, either gzipped, or one `member` of a `.zip`.

    Questions whose gold answers stand nowhere in their context are left out; text is NFC.
    """
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            text = archive.read(member or archive.namelist()[0]).decode()
    elif path.suffix == ".gz":
        text = gzip.decompress(path.read_bytes()).decode()
    else:
        text = path.read_text(encoding="utf-8")
    is_lines = ".jsonl" in path.suffixes
    rows = _from_lines(text) if is_lines else _from_squad(json.loads(text))
    return list(rows)


def _from_lines(text: str) -> Iterator[Example]:
    for line in text.splitlines():
        row = json.loads(line)
        yield from _example(row["id"], row["question"], row["context"], row["answers"], title="")


def _from_squad(document: dict[str, Any]) -> Iterator[Example]:
    for article in document["data"]:
        title = unicodedata.normalize("NFC", article.get("title") or "").replace("_", " ")
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                answers = [] if qa.get("is_impossible") else qa["answers"]
                yield from _example(qa["id"], qa["question"], paragraph["context"], answers, title=title)


def _example(
    example_id: str, question: str, context: str, answers: Iterable[dict[str, Any]], *, title: str
) -> Iterator[Example]:
    context = unicodedata.normalize("NFC", context)
    gold = list(answers)
    spans = [span for answer in gold if (span := mend(context, answer["text"], answer["answer_start"]))]
    if spans or not gold:
        yield Example(str(example_id), unicodedata.normalize("NFC", question).strip(), context, tuple(spans), title)


def mend(context: str, answer: str, start: int) -> Span | None:
    """Find the occurrence of `answer` in `context` nearest to the offset a data set claims; None if there is none."""
    answer = unicodedata.normalize("NFC", answer).strip()
    if not answer:
        return None
    places = []
    place = context.find(answer)
    while place >= 0:
        places.append(place)
        place = context.find(answer, place + 1)
    return Span(min(places, key=lambda p: abs(p - start)), answer) if places else None
