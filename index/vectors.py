"""Vectors in FAISS: an exact inner-product index, searched within the passages that a filter allows."""

from pathlib import Path
from typing import Self

import faiss
import numpy as np
from numpy.typing import NDArray

FILE = "vectors.faiss"


class VectorIndex:
    """An exact index over unit rows; row `i` belongs to passage `i`."""

    def __init__(self, index: "faiss.Index") -> None:
        """Wrap a FAISS index whose metric is the inner product."""
        self._index = index

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> Self:
        """Index `(n, d)` float32 unit rows."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @property
    def size(self) -> int:
        """Number of vectors."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def search(
        self, query: NDArray[np.float32], limit: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Return up to `limit` `(passage, cosine)` pairs for a `(1, d)` query, nearest first."""
        parameters = None
        if allowed is not None:
            bitmap = np.packbits(allowed, bitorder="little")
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bitmap))  # type: ignore[call-arg,arg-type]
        limit = min(limit, self.size)
        if not limit:
            return []
        scores, rows = self._index.search(query, limit, params=parameters)
        return [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]

    def rows(self) -> NDArray[np.float32]:
        """Return all vectors, `(n, d)` float32."""
        return np.asarray(self._index.reconstruct_n(0, self.size), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write the index into `folder`."""
        faiss.write_index(self._index, str(folder / FILE))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; FAISS's own `RuntimeError` if the file is no index."""
        return cls(faiss.read_index(str(folder / FILE)))
