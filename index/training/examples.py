"""Reading-comprehension examples: SQuAD JSON (1.1 and 2.0) or one JSON a line, with offsets mended."""

import gzip
import json
import lzma
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.text import nfc, sentence_spans, syllables


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


def read_examples(
    path: Path, member: str | None = None, *, on_left_out: Callable[[str], None] = lambda question: None
) -> list[Example]:
    """Read a question set: `.json`, `.jsonl`, either gzipped, or one `member` of a `.zip`; text is NFC.

    A question is left out, its id given to `on_left_out`, if its gold answers stand nowhere in their context, or if it
    says that it has some and gives none.
    """
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            text = archive.read(member or archive.namelist()[0]).decode()
    elif path.suffix == ".gz":
        text = gzip.decompress(path.read_bytes()).decode("utf-8-sig")
    else:
        text = path.read_text(encoding="utf-8-sig")
    is_lines = ".jsonl" in path.suffixes
    examples: list[Example] = []
    for example, is_stated in _from_lines(text) if is_lines else _from_squad(json.loads(text)):
        if is_stated:
            examples.append(example)
        else:
            on_left_out(example.id)
    return examples


def _from_lines(text: str) -> Iterator[tuple[Example, bool]]:
    for line in text.splitlines():
        row = json.loads(line)
        yield _example(row["id"], row["question"], row["context"], row["answers"], title="")


def _from_squad(document: dict[str, Any]) -> Iterator[tuple[Example, bool]]:
    for article in document["data"]:
        title = unicodedata.normalize("NFC", article.get("title") or "").replace("_", " ")
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                answers = [] if qa.get("is_impossible") else qa["answers"]
                example, is_stated = _example(qa["id"], qa["question"], paragraph["context"], answers, title=title)
                yield example, is_stated and bool(example.answers or qa.get("is_impossible", True))


def _example(
    example_id: str, question: str, context: str, answers: Iterable[dict[str, Any]], *, title: str
) -> tuple[Example, bool]:
    """Return an example, and whether a gold answer, if there is any, stands in its context."""
    context = unicodedata.normalize("NFC", context)
    gold = list(answers)
    spans = tuple(span for answer in gold if (span := mend(context, answer["text"], answer["answer_start"])))
    example = Example(str(example_id), unicodedata.normalize("NFC", question).strip(), context, spans, title)
    return example, bool(spans) or not gold


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


def news_contexts(folder: Path, *, every: int, size: int = 150) -> Iterator[Example]:
    """Yield one passage of about `size` syllables from every `every`-th news article, as an unasked example."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream):
                if number % every:
                    continue
                row = json.loads(line)
                body = nfc(row["body"] or "")
                end = 0
                for _, end in sentence_spans(body):
                    if len(syllables(body[:end])) > size:
                        break
                if end > 200:
                    yield Example(f"news-{number}", "", body[:end], (), nfc(row["title"] or ""))


def unique_contexts(examples: Iterable[Example]) -> list[Example]:
    """Return one example a distinct context, in order."""
    return list({example.context: example for example in examples}.values())
