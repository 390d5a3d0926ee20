"""Question and passages → spans. The shipped reader runs on ONNX Runtime; any other comes through transformers."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.article import Passage
from corpus.text import trim
from index.encoder import THREADS, hash_files, open_session, open_tokenizer

if TYPE_CHECKING:
    import onnxruntime as ort
    from tokenizers import Tokenizer

SHIPPED = "shipped"
SHIPPED_FOLDER = Path(__file__).parent / "model"
ONNX_FILE = "onnx/model_int8.onnx"
MAX_TOKENS = 512
MAX_QUESTION_TOKENS = 160
MAX_SPAN_TOKENS = 48
SPANS_PER_PASSAGE = 3
STARTS = 12
EDGES = " \t\n,;:.…–-*|"
NUMBER = 12
ENUMERATOR = 2
NUMBER_BEFORE = re.compile(r"(?:\d+[/.,])*\d*$")
NUMBER_AFTER = re.compile(r"\d*(?:[/.,]\d+)*%?")
PAIRS = {"(": ")", "[": "]", "“": "”", "‘": "’", '"': '"'}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of `article.text` that may answer; `score` is its logits less those of "no answer here"."""

    start: int
    end: int
    text: str
    score: float


class SpanReader(Protocol):
    """Points at the stretches of passages that may answer; `fingerprint` changes whenever the spans would."""

    @property
    def name(self) -> str:
        """What the user called it: `shipped`, a path, or a hub name."""
        ...

    @property
    def fingerprint(self) -> str:
        """A hash of everything that decides the spans."""
        ...

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[Span]]:
        """Return for each passage its best spans, best first; offsets are of the article's text."""
        ...


def load_reader(name: str = SHIPPED, *, hub: bool = False) -> SpanReader:
    """Load the shipped reader, a directory of its layout, or any reader that transformers loads.

    `hub` says that the name was typed on this command line and may be one of the hub's; any other leads to a directory
    or nowhere. `ModelError` if there is none of that name. The shipped one and its like are opened on first use.
    """
    folder = SHIPPED_FOLDER if name == SHIPPED else Path(name)
    if name == SHIPPED or ((folder / ONNX_FILE).is_file() and (folder / "tokenizer.json").is_file()):
        return Reader(folder)
    from qa.transformers_reader import open_reader

    return open_reader(str(folder.resolve()) if folder.is_dir() else name, hub=hub)


class Reader:
    """The shipped span reader, or another directory of the same layout."""

    def __init__(self, folder: Path = SHIPPED_FOLDER) -> None:
        """Name the directory; files are opened on first use or by `warm`."""
        self.folder = folder
        self.name = SHIPPED if folder == SHIPPED_FOLDER else str(folder)

    @cached_property
    def _session(self) -> "ort.InferenceSession":
        return open_session(self.folder / ONNX_FILE)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        tokenizer = open_tokenizer(self.folder)
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the network and the tokenizer."""
        return hash_files([self.folder / ONNX_FILE, self.folder / "tokenizer.json"])

    def warm(self) -> None:
        """Load the files now: called from a thread, so that the cold start overlaps with other work."""
        _ = self._session, self._tokenizer

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[Span]]:
        """Return for each passage its best spans, best first; offsets are of the article's text."""
        asked = self._shorten(question)
        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(lambda passage: self._read_one(asked, passage), passages))

    def _shorten(self, question: str) -> str:
        """Cut a question that would leave no room for a passage."""
        offsets = self._tokenizer.encode(question, add_special_tokens=False).offsets
        return question[: offsets[MAX_QUESTION_TOKENS - 1][1]] if len(offsets) > MAX_QUESTION_TOKENS else question

    def _read_one(self, question: str, passage: Passage) -> list[Span]:
        encoding = self._tokenizer.encode(question, passage.contextual_text)
        encoding.truncate(MAX_TOKENS)
        ids = np.array([encoding.ids], dtype=np.int64)
        (logits,) = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        prefix = len(passage.context)
        offsets = np.array(encoding.offsets, dtype=np.int64) - prefix
        body = np.flatnonzero((np.array([s == 1 for s in encoding.sequence_ids])) & (offsets[:, 1] > 0))
        return decode(np.asarray(logits, dtype=np.float32)[0], offsets, body, passage)


def decode(
    logits: NDArray[np.float32], offsets: NDArray[np.int64], body: NDArray[np.int64], passage: Passage
) -> list[Span]:
    """Turn `(n, 2)` start and end logits into spans; `body` lists the passage's tokens.

    Spans of a passage neither overlap nor run over a line break.
    """
    if not len(body):
        return []
    nothing = float(logits[0].sum())
    starts, ends = logits[body, 0], logits[body, 1]
    breaks = [place for place, character in enumerate(passage.text) if character == "\n"]
    line = np.searchsorted(breaks, offsets[body, 1] - 1)
    spans: list[Span] = []
    candidates = []
    for i in np.argsort(-starts, kind="stable")[:STARTS].tolist():
        reach = ends[i : min(i + MAX_SPAN_TOKENS, int(np.searchsorted(line, line[i], side="right")))]
        for j in np.argsort(-reach, kind="stable")[:SPANS_PER_PASSAGE].tolist():
            candidates.append((float(starts[i] + reach[j]) - nothing, i, i + j))
    for score, i, j in sorted(candidates, key=lambda c: (-c[0], c[1], c[2])):
        low, high = whole_words(passage.text, max(0, int(offsets[body[i], 0])), int(offsets[body[j], 1]))
        start, end = passage.start + low, passage.start + high
        if low >= high or "\n" in passage.text[low:high]:
            continue
        if not any(start < span.end and span.start < end for span in spans):
            spans.append(Span(start, end, passage.text[low:high], score))
            if len(spans) == SPANS_PER_PASSAGE:
                break
    return spans


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Tidy a span, then widen it to whole words and numbers: a token may begin or end inside a name, or a date."""
    start, end = tidy(text, start, end)
    while 0 < start < end and text[start].isalpha() and text[start - 1].isalpha():
        start -= 1
    while start < end < len(text) and text[end - 1].isalpha() and text[end].isalpha():
        end += 1
    if start < end and text[start].isdigit() and (before := NUMBER_BEFORE.search(text, max(0, start - NUMBER), start)):
        start = before.start()
    if start < end and text[end - 1].isdigit() and (after := NUMBER_AFTER.match(text, end, end + NUMBER)):
        end = after.end()
    return start, end


def tidy(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop white space and stray punctuation at a span's ends, and a bracket or quote that lost its partner."""
    while True:
        before = (start, end)
        start, end = trim(text, start, end)
        while end > start and text[end - 1] in EDGES:
            end -= 1
        while end > start and text[start] in EDGES:
            start += 1
        span = text[start:end]
        for opening, closing in PAIRS.items():
            closed, opened = span.find(closing), span.find(opening)
            if (
                opening != closing and ENUMERATOR < closed < opened
            ):  # the end of one quotation and the beginning of the next
                end = start + closed
                break
            is_odd = span.count(opening) % 2 == 1 if opening == closing else span.count(opening) != span.count(closing)
            is_crossed = opening != closing and (span.startswith(closing) or span.endswith(opening))
            if (is_odd or is_crossed) and span.startswith(closing if is_crossed else (opening, closing)):
                start += 1
            elif (is_odd or is_crossed) and span.endswith((opening, closing)):
                end -= 1
            if (start, end) != before:
                break
        if (start, end) == before or start >= end:
            return start, max(start, end)
