"""BM25 over two kinds of term at once: syllables with their accents, and pairs of syllables without.

Typed accents count (`đường` is not `Dương`); a question typed without any still finds its passages through the folded
pairs. Terms are kept as 64-bit hashes in a sorted array, so that loading costs nothing and a lookup is a bisection.
Scores are precomputed at build time ("eager" BM25, Lù 2024, arXiv:2407.03618): a query adds up rows.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.errors import StoreError
from corpus.text import canonical_syllable, fold, syllables
from index.files import map_array
from index.store import POSTINGS

K1 = 1.2
B = 0.75
ALSO = 0.5
ELEMENTS: dict[str, str] = {
    "hashes": "<u8",
    "starts": "<u8",
    "passages": "<u4",
    "scores": "<f4",
}


def terms(text: str) -> list[str]:
    """Return the terms of a text: canonical syllables, then folded pairs of neighbours (which hold a space)."""
    words = syllables(text)
    plain = [fold(word) for word in words]
    return [canonical_syllable(word) for word in words] + [f"{a} {b}" for a, b in pairwise(plain)]


def term_hash(term: str) -> int:
    """Return the first 64 bits of a term's BLAKE2b hash."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class Postings:
    """An inverted index: row `i` of term `hashes[i]` is `passages[starts[i]:starts[i + 1]]` with its BM25 scores.

    Shapes: `hashes` (t,) uint64 ascending, `starts` (t + 1,) uint64, `passages` (p,) uint32, `scores` (p,) float32.
    """

    hashes: NDArray[np.uint64]
    starts: NDArray[np.uint64]
    passages: NDArray[np.uint32]
    scores: NDArray[np.float32]
    size: int

    @classmethod
    def build(cls, texts: Iterable[str], *, k1: float = K1, b: float = B) -> Self:
        """Index `texts` in order; passage `i` is the `i`-th of them."""
        counts = [Counter(map(term_hash, terms(text))) for text in texts]
        lengths = np.array([sum(count.values()) for count in counts], dtype=np.float32)
        total = sum(map(len, counts))
        hashes = np.fromiter((h for count in counts for h in count), np.uint64, total)
        frequency = np.fromiter((f for count in counts for f in count.values()), np.float32, total)
        passages = np.repeat(np.arange(len(counts), dtype=np.uint32), [len(count) for count in counts])
        order = np.argsort(hashes, kind="stable")
        hashes, frequency, passages = hashes[order], frequency[order], passages[order]
        unique, first, document_frequency = np.unique(hashes, return_index=True, return_counts=True)
        idf = _idf(len(counts), document_frequency)
        mean = float(lengths.mean()) if len(counts) else 0.0
        norm = k1 * (1 - b + b * lengths[passages] / max(mean, 1e-9))
        scores = np.repeat(idf, document_frequency) * frequency * (k1 + 1) / (frequency + norm)
        starts = np.append(first, total).astype(np.uint64)
        return cls(unique, starts, passages, scores.astype(np.float32), len(counts))

    def score(self, query: str, also: Sequence[str] = ()) -> NDArray[np.float32]:
        """Return the BM25 score of every passage for `query`, `(n,)` float32, higher is better; 0 shares no term.

        `also` are other names for what it asks about; a term that only they have is worth `ALSO` of one of the query's.
        `StoreError` if postings name a passage that there is none of, or a score that is no number.
        """
        own = Counter[str](terms(query))
        wanted: dict[str, float] = dict(own)
        wanted.update({term: ALSO for form in also for term in terms(form) if term not in own})
        total = np.zeros(self.size, dtype=np.float32)
        try:
            with np.errstate(over="ignore", invalid="ignore"):  # looked at below
                for term, weight in wanted.items():
                    low, high = self._row(term)
                    total[self.passages[low:high]] += np.float32(weight) * self.scores[low:high]
        except IndexError as error:
            raise _no_postings() from error
        if not np.isfinite(total).all():
            raise _no_postings()
        return total

    def bound(self, query: str) -> float:
        """Return a score that no passage can pass: every term of `query`, the unknown ones too, at its idf's worth."""
        total = 0.0
        for term, weight in Counter(terms(query)).items():
            low, high = self._row(term)
            total += weight * float(_idf(self.size, np.array(high - low))) * (K1 + 1)
        return total

    def _row(self, term: str) -> tuple[int, int]:
        """Return where a term's postings begin and end; the same place twice if no passage has it."""
        key = np.uint64(term_hash(term))
        row = int(np.searchsorted(self.hashes, key))
        if row < len(self.hashes) and self.hashes[row] == key:
            low, high = int(self.starts[row]), int(self.starts[row + 1])
            if not low <= high <= min(len(self.passages), low + self.size):
                raise _no_postings()
            return low, high
        return 0, 0

    def count(self, term: str) -> int:
        """Return the number of passages that hold a term, as `terms` makes them."""
        low, high = self._row(term)
        return high - low

    def search(
        self, query: str, limit: int, allowed: NDArray[np.bool_] | None = None, *, also: Sequence[str] = ()
    ) -> list[tuple[int, float]]:
        """Return up to `limit` `(passage, score)` pairs that share a term with `query`, best first.

        `also` are other names for what it asks about, as `score` takes them.
        """
        total = self.score(query, also)
        if allowed is not None:
            total = np.where(allowed, total, np.float32(0))
        return top(total, limit)

    def files(self) -> Iterator[tuple[str, list[memoryview]]]:
        """Yield the name and the content of each file of a generation: an array's elements and nothing else."""
        for field, name in POSTINGS.items():
            array = np.ascontiguousarray(getattr(self, field), dtype=ELEMENTS[field])
            yield name, [array.data.cast("B")] if array.size else []

    @classmethod
    def open(cls, folder: Path, *, size: int, root: Path) -> Self:
        """Map the arrays of a generation into memory; `size` is the number of passages, `ValueError` if they disagree.

        What they say is looked at where it is used: see `score`.
        """
        arrays = {field: map_array(folder / name, ELEMENTS[field], root=root) for field, name in POSTINGS.items()}
        if len(arrays["starts"]) != len(arrays["hashes"]) + 1 or len(arrays["passages"]) != len(arrays["scores"]):
            raise ValueError(folder)
        return cls(**arrays, size=size)  # type: ignore[arg-type]  # `ELEMENTS` gives each its type


def _no_postings() -> StoreError:
    return StoreError(
        "Bảng từ của chỉ mục sai: chỉ mục bị hỏng hoặc bị sửa. Hãy lập lại: `qa index THƯ_MỤC_BÀI_VIẾT --rebuild`.",
        "The postings of the index are wrong: it is damaged or was tampered with. Build it again: "
        "`qa index YOUR_ARTICLES --rebuild`.",
    )


def _idf(size: int, document_frequency: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.asarray(np.log1p((size - document_frequency + 0.5) / (document_frequency + 0.5)), dtype=np.float32)


def top(scores: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
    """Return the `limit` best positive scores as `(row, score)`; equal scores keep the order of rows."""
    positive = np.flatnonzero(scores > 0)
    if len(positive) > limit:
        cut = np.partition(scores[positive], -limit)[-limit]
        positive = positive[scores[positive] >= cut]
    best: Sequence[int] = positive[np.argsort(-scores[positive], kind="stable")][:limit].tolist()
    return [(row, float(scores[row])) for row in best]
