"""The shipped span reader, on ONNX Runtime."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.article import Passage
from index.encoder import THREADS, hash_files, open_session, open_tokenizer

if TYPE_CHECKING:
    import onnxruntime as ort
    from tokenizers import Tokenizer
from qa.reading.spans import MAX_QUESTION_TOKENS, MAX_TOKENS, Span, decode

SHIPPED = "shipped"
SHIPPED_FOLDER = Path(__file__).parents[1] / "model"
ONNX_FILE = "onnx/model_int8.onnx"


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
