"""A question → the passages most likely to answer it: dense and lexical ranks, fused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from corpus.article import Passage
from corpus.dates import PartialDate
from corpus.errors import StoreError
from corpus.text import fold
from index.database import Database
from index.encoder import Encoder
from index.postings import Postings
from index.problems import damaged, unusable
from index.store import CURRENT, Manifest, check_files, with_current
from index.vectors import VectorIndex, read_rows

Mode = Literal["hybrid", "dense", "lexical"]
DEPTH = 100
DENSE_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: its fused score (higher is better), and its cosine and BM25 score where it has them."""

    number: int
    passage: Passage
    score: float
    cosine: float | None
    bm25: float | None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may answer: dated within `[since, until]`, from a source whose name holds `source`."""

    since: date | None = None
    until: date | None = None
    source: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether every article passes."""
        return self.since is None and self.until is None and self.source is None

    def allows(self, article_date: str | None, source: str | None) -> bool:
        """Tell whether an article passes; an undated one passes no date filter, an unnamed source no source filter."""
        if self.source is not None and fold(self.source) not in fold(source or ""):
            return False
        if self.since is None and self.until is None:
            return True
        if article_date is None:
            return False
        when = PartialDate.parse(article_date)
        return max(when.first, self.since or when.first) <= min(when.last, self.until or when.last)


@dataclass(frozen=True, slots=True)
class Index:
    """An open generation: its manifest, articles, vectors and postings."""

    directory: Path
    manifest: Manifest
    database: Database
    vectors: VectorIndex
    postings: Postings

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open the current generation; `StoreError` if it is missing, damaged, or of another format."""
        return with_current(directory, lambda folder, manifest: cls._open(directory, folder, manifest))

    @classmethod
    def _open(cls, directory: Path, folder: Path, manifest: Manifest) -> Self:
        check_files(folder, manifest)
        try:
            rows = read_rows(folder, passages=manifest.passages, dimension=manifest.dimension, root=directory)
            postings = Postings.open(folder, size=manifest.passages, root=directory)
            vectors = VectorIndex(rows)
        except (OSError, ValueError, RuntimeError, MemoryError) as error:
            raise unusable(folder, error) from error
        return cls(directory, manifest, Database.open(folder, root=directory), vectors, postings)

    def check_encoder(self, encoder: Encoder) -> None:
        """Raise `StoreError` if the vectors were made by another encoder, or cannot have been made by this one."""
        if encoder.fingerprint != self.manifest.fingerprint:
            raise StoreError(
                f"{self.directory}: chỉ mục được tạo bởi mô hình khác ({self.manifest.encoder}). Hãy chạy lại "
                "`qa index THƯ_MỤC_BÀI_VIẾT` để tính lại vectơ.",
                f"{self.directory}: the index was made by another model ({self.manifest.encoder}). Run "
                "`qa index YOUR_ARTICLES` again to embed the passages anew.",
            )
        if encoder.dimension != self.manifest.dimension:
            raise damaged(self.directory / CURRENT)


def search(
    index: Index, encoder: Encoder | None, question: str, *, limit: int, mode: Mode = "hybrid",
    filters: Filters = Filters(), also: Sequence[str] = (),
) -> list[Hit]:  # fmt: skip
    """Return up to `limit` passages, best first; `encoder` may be None for the lexical mode.

    `also` are other names for what the question asks about, which the lexical search looks for too.
    """
    allowed = _allowed(index, filters)
    depth = max(DEPTH, limit)
    lexical = index.postings.search(question, depth, allowed, also=also) if mode != "dense" else []
    dense: list[tuple[int, float]] = []
    if mode != "lexical" and encoder is not None:
        dense = index.vectors.search(encoder.encode([question], kind="query"), depth, allowed)
    cosine, bm25 = dict(dense), dict(lexical)
    fused = fuse(dense, lexical)[:limit]
    passages = index.database.passages([row for row, _ in fused])
    return [
        Hit(row, passage, score, cosine.get(row), bm25.get(row))
        for (row, score), passage in zip(fused, passages, strict=True)
    ]


def fuse(
    dense: Sequence[tuple[int, float]], lexical: Sequence[tuple[int, float]], *, weight: float = DENSE_WEIGHT
) -> list[tuple[int, float]]:
    """Add up both scores, each brought to [0, 1] over its own ranking; best first, equal ones by row.

    BM25 is divided by its best score (0 means "no word shared"), cosines are stretched from the worst to the best of
    the ranking. A passage that a ranking lacks has 0 there. Scores and not ranks, since a question typed without
    accents leaves the dense ranking flat and wrong, which ranks hide (docs/adr/005).
    """
    best = max((score for _, score in lexical), default=1.0)
    scores = {row: score / best for row, score in lexical}
    low = min((score for _, score in dense), default=0.0)
    width = max((score for _, score in dense), default=0.0) - low
    for row, score in dense:
        scores[row] = scores.get(row, 0.0) + weight * ((score - low) / width if width > 0 else 1.0)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _allowed(index: Index, filters: Filters) -> NDArray[np.bool_] | None:
    if filters.is_empty:
        return None
    rows = index.database.articles_by_passage()
    if len(rows) != index.manifest.passages:
        raise damaged(index.directory / CURRENT)
    return np.fromiter((filters.allows(when, source) for _, when, source in rows), np.bool_, len(rows))
