"""Every reader of the program that takes text or bytes from outside, each as a function from bytes to nothing.

`READERS` is the table. Another reader joins with a line: its name, the function, and the kind of seeds it is fed
mutations of (`evals/bench/seeds.py`). The function returns where the input was taken and raises `QaError` where it was
refused with a message; whatever else it raises is a fault. It also asserts what must hold of what it read.
"""

import contextlib
import hashlib
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import sample_folder
from corpus.article import Article, Passage
from corpus.dates import PartialDate, infer_date, mentions, times
from corpus.errors import QaError
from corpus.front_matter import parse_front_matter
from corpus.furniture import split_furniture
from corpus.read import Source, decode, read_source
from corpus.split import split_article
from corpus.text import fold_with_offsets, sentence_spans, syllables
from evals.baseline import read_baseline, read_tolerances
from evals.bench.seeds import NASTY, QUESTIONS
from evals.run import HEADER, RECORDS, SCORES, TIMINGS, Run
from evals.sets import read_set
from index.build import build_index
from index.postings import Postings
from index.search import Hit, Index
from index.training.pairs import own_topics
from qa.answer import Answerer
from qa.citing.citation import parse_citation_id
from qa.citing.lookup import Lookup, look_up
from qa.commands.batch import ask_lines, read_lines
from qa.commands.opening import read_filters
from qa.question.asked import Asked
from qa.question.parse import parse_question
from qa.ranking.candidates import make_candidates
from qa.ranking.confidence import Calibration
from qa.ranking.ranker import group
from qa.ranking.signals import weigh
from qa.reading.spans import Span
from qa.show.export import write
from qa.show.forms import Export
from qa.show.lookup import show_lookups
from qa.show.markdown import result_to_markdown
from qa.show.terminal import show_result
from qa.show.timeline import show
from qa.timeline.build import build_timeline
from qa.timeline.subject import as_question
from qa.wording.understand import understand

FORMATS = ("text", "json", "jsonl", "md")
POINTED_AT = re.compile(r"[^\W_]+(?:[ /.,–-][^\W_]+){0,3}")


def text_of(data: bytes) -> str:
    """Return bytes as the command line gives them: what is not UTF-8 comes as lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def picked(data: bytes, among: Sequence[str]) -> str:
    """Choose one by the bytes, always the same."""
    return among[hashlib.blake2b(data, digest_size=2).digest()[0] % len(among)]


@contextlib.contextmanager
def file_of(data: bytes, name: str) -> Iterator[Path]:
    """Write a file that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        path = Path(folder).resolve() / name
        path.write_bytes(data)
        yield path


def unseen() -> contextlib.AbstractContextManager[object]:
    """Keep what is printed from the terminal; it must be text that a terminal can be sent."""
    return contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace"))


# The corpus


def article(data: bytes) -> None:
    """A file, read and split: passages lie in order in the text, and outside of furniture."""
    with file_of(data, "a.md") as path:
        outcome = read_source(Source("a.md", path, path.parent))
    if outcome.article is None:
        raise outcome.problems[0]
    found, end = outcome.article, 0
    for passage in split_article(found):
        assert passage.start >= end
        assert found.text[passage.start : passage.end] == passage.text
        end = passage.end


def front_matter(data: bytes) -> None:
    """The head of a file."""
    _, problems = parse_front_matter(f"---\n{text_of(data)}\n---\nBài.", where="a.md")
    if problems:
        raise problems[0]


def pieces(data: bytes) -> None:
    """The rules for furniture, sentences, syllables and folding, whatever the text."""
    text = text_of(data)
    lines, dropped = split_furniture(text)
    assert all(text[line.start : line.end] == line.text for line in lines)
    assert all(0 <= piece.start < piece.end <= len(text) for piece in dropped)
    spans = list(sentence_spans(text))
    assert all(low < high for low, high in spans)
    assert spans == sorted(spans)
    assert len(fold_with_offsets(text).offsets) == len(fold_with_offsets(text).text)
    syllables(text)


def dates(data: bytes) -> None:
    """Dates and times in a text, and its own date."""
    text = text_of(data)
    for mention in (*mentions(text), *times(text)):
        assert mention.date.first <= mention.last.last
        assert 0 <= mention.start < mention.end <= len(text)
    infer_date(text)
    with contextlib.suppress(ValueError):
        PartialDate.parse(text)


def encoded(data: bytes) -> None:
    """Bytes as text."""
    assert decode(data, Path("a.txt")).strip()


# Questions


@cache
def postings() -> Postings:
    """The terms of the sample corpus."""
    return Postings.build(path.read_text(encoding="utf-8") for path in sorted(sample_folder().glob("*.md")))


def question(data: bytes) -> None:
    """A question as typed, reworded, and understood once more as a subject."""
    text = text_of(data)
    parse_question(text)
    understood = understand(text, None, postings().count)
    postings().score(understood.text, understood.also)
    as_question(text)


def option(data: bytes) -> None:
    """Dates and sources given as options."""
    text = text_of(data)
    read_filters(text, None, text)
    parse_question("Ai?", text)


# Answers


def by_hand(passage: Passage) -> list[Span]:
    """Point at stretches of a passage without a model: its first words, its last, one in the middle, and all of it."""
    found = [match.span() for match in POINTED_AT.finditer(passage.text)]
    chosen = {*found[:3], *found[len(found) // 2 :][:2], *found[-2:], (0, len(passage.text))}
    return [
        Span(passage.start + low, passage.start + high, passage.text[low:high], 9.0 - place % 3)
        for place, (low, high) in enumerate(sorted(chosen))
        if passage.text[low:high].strip()
    ]


def answer(data: bytes) -> None:
    """The rules for answers over the sentences of a text."""
    text = decode(data, Path("a.txt"))[:4_000]
    lines, dropped = split_furniture(text)
    blocks = tuple((line.start, line.end) for line in lines)
    when = PartialDate(2018, 8, 12)
    said = Article("a.md", "a.md", "0" * 64, text, blocks, tuple(dropped), title=text[:80], date=when)
    hits = [Hit(number, passage, 1.0, None, None) for number, passage in enumerate(split_article(said)[:3])]
    asked = Asked(understand(picked(data, QUESTIONS), None, postings().count))
    spans = [by_hand(hit.passage) for hit in hits]
    found = weigh(asked, make_candidates(asked, hits, spans, {said.id: said}))
    for candidate in found:
        assert text[candidate.span.start : candidate.span.end] == candidate.span.text
    group(found, Calibration(0.5, 0.0, 0.0))


@dataclass(frozen=True)
class Hashed:
    """An encoder without a model: a text's vector is made of its hash."""

    name: str = "hashed"
    fingerprint: str = "hashed"
    dimension: int = 16

    def encode(self, texts: Sequence[str], *, kind: str) -> NDArray[np.float32]:
        """Return unit rows."""
        digests = [hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest() for text in texts]
        rows = np.array([list(digest) for digest in digests], dtype=np.float32) - 127.5
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True)
class ByHand:
    """A reader without a model."""

    name: str = "by hand"
    fingerprint: str = "by hand"

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[Span]]:
        """Point at stretches of each passage."""
        return [by_hand(passage) for passage in passages]


@cache
def _kept() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="mutations-index-")


@cache
def answerer() -> Answerer:
    """The program without models over an index of the sample corpus and of an article full of traps."""
    folder = Path(_kept().name).resolve()
    traps = "\n".join(
        f"Ông Vũ Hồng Nam {trap} dự Gặp gỡ Nhật Bản {trap} tại Huế." for trap in NASTY if "\0" not in trap
    )
    (folder / "traps").mkdir()
    (folder / "traps" / "traps.md").write_text(traps, encoding="utf-8", errors="ignore")
    build_index([sample_folder(), folder / "traps"], folder / "index", Hashed())
    return Answerer(Index.open(folder / "index"), Hashed(), ByHand(), calibration=Calibration(0.5, 0.0, 0.0))


def asked(data: bytes) -> None:
    """A question, answered and shown."""
    result = answerer().ask(text_of(data))
    with unseen():
        show_result(result)
    json.dumps(result.to_json())
    result_to_markdown(result)


def timeline(data: bytes) -> None:
    """A subject, its timeline shown."""
    found = build_timeline(answerer(), text_of(data))
    with unseen(), contextlib.redirect_stderr(io.StringIO()):
        show(found, picked(data, FORMATS), threshold=0.0)


def batch(data: bytes) -> None:
    """A file of questions, each asked."""
    with file_of(data, "batch.jsonl") as path, contextlib.redirect_stderr(io.StringIO()):
        lines = read_lines(path)
        filters = read_filters(None, None, None)
        for row in ask_lines(answerer(), lines, str(path), as_of=None, mode="lexical", filters=filters):
            json.dumps(row)


def citation(data: bytes) -> None:
    """A citation id, looked up."""
    parse_citation_id(text_of(data))
    _shown(look_up(answerer().index, citation=text_of(data), quote=None), data)


def quote(data: bytes) -> None:
    """A quote, looked up and written for other tools."""
    _shown(look_up(answerer().index, citation=None, quote=text_of(data)), data)


def _shown(found: list[Lookup], data: bytes) -> None:
    with unseen():
        show_lookups(found, picked(data, FORMATS))
    write(found, Export(picked(data, [str(form) for form in Export])))


# Files of questions, of scores, of pairs


def question_set(data: bytes) -> None:
    """A question set of our own schema."""
    with file_of(data, "set.jsonl") as path:
        read_set(str(path))


def squad(data: bytes) -> None:
    """A question set in SQuAD format, its contexts made articles."""
    with file_of(data, "squad.json") as path:
        read_set(str(path)).corpus(path.parent / "articles")


def pairs(data: bytes) -> None:
    """Pairs to train with."""
    with file_of(data, picked(data, ("pairs.tsv", "pairs.jsonl", "pairs.json"))) as path:
        own_topics(path)


def tolerances(data: bytes) -> None:
    """What a gate tolerates."""
    with file_of(data, "pyproject.toml") as path:
        read_tolerances(path)


def baseline(data: bytes) -> None:
    """What a gate remembers."""
    with file_of(data, "baseline.json") as path:
        read_baseline(path)


def run(data: bytes) -> None:
    """The folder of a run, one of its files mutated."""
    with file_of(data, HEADER) as path:
        for name in (RECORDS, SCORES, TIMINGS):
            (path.parent / name).write_bytes(data)
        Run.read(path.parent)


Reader = Callable[[bytes], None]
READERS: dict[str, tuple[Reader, str]] = {
    "encoded": (encoded, "article"),
    "article": (article, "article"),
    "front matter": (front_matter, "head"),
    "pieces": (pieces, "article"),
    "dates": (dates, "sentence"),
    "question": (question, "question"),
    "option": (option, "date"),
    "answer": (answer, "sentence"),
    "asked": (asked, "question"),
    "timeline": (timeline, "question"),
    "batch": (batch, "batch"),
    "citation": (citation, "citation"),
    "quote": (quote, "sentence"),
    "question set": (question_set, "lines"),
    "squad": (squad, "squad"),
    "pairs": (pairs, "pairs"),
    "tolerances": (tolerances, "toml"),
    "baseline": (baseline, "json"),
    "run": (run, "json"),
}


def refused(reader: Reader, data: bytes) -> bool:
    """Give a reader its input and tell whether it was refused with a message; anything else it raises goes on."""
    try:
        reader(data)
    except QaError as error:
        if not (error.vi and error.en):
            raise ValueError("a refusal without words") from error
        return True
    return False
