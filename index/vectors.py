"""Vectors in FAISS: an exact inner-product index, searched within the passages that a filter allows.

On disk they are rows and nothing else, so that there is nothing in the file for FAISS, or anybody, to obey.
"""

from collections.abc import Iterator
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from corpus.errors import StoreError
from index.files import map_array
from index.store import VECTORS

ELEMENT = np.dtype("<f4")
ROUNDING = 1e-3
FARTHEST = 1.01  # a cosine and what rounding adds; anything beyond is no unit row's


def read_rows(folder: Path, *, passages: int, dimension: int, root: Path) -> NDArray[np.float32]:
    """Return the `(passages, dimension)` rows of a generation; `ValueError` if the file holds another number."""
    rows = map_array(folder / VECTORS, ELEMENT, root=root)
    return np.asarray(rows, dtype=np.float32).reshape(passages, dimension)


def pieces(vectors: NDArray[np.float32]) -> Iterator[memoryview]:
    """Yield the content of the file for `(n, d)` rows."""
    if vectors.size:
        yield np.ascontiguousarray(vectors, dtype=ELEMENT).data.cast("B")


def is_unit(row: NDArray[np.float32]) -> bool:
    """Tell whether a row is what an encoder makes: finite, and of length 1."""
    return bool(abs(float(np.linalg.norm(row)) - 1) < ROUNDING)


class VectorIndex:
    """An exact index over unit rows; row `i` belongs to passage `i`."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        """Index `(n, d)` float32 unit rows."""
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

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
        found = [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]
        possible = limit if allowed is None else min(limit, int(allowed.sum()))
        if len(found) < possible or not all(abs(score) <= FARTHEST for _, score in found):
            raise _no_cosines()
        return found

    def rows(self) -> NDArray[np.float32]:
        """Return all vectors, `(n, d)` float32."""
        return np.asarray(self._index.reconstruct_n(0, self.size), dtype=np.float32)


def _no_cosines() -> StoreError:
    return StoreError(
        "Vectơ trong chỉ mục không phải vectơ đơn vị: chỉ mục bị hỏng hoặc bị sửa. Hãy lập lại: "
        "`qa index THƯ_MỤC_BÀI_VIẾT --rebuild`.",
        "The vectors of the index are no unit vectors: it is damaged or was tampered with. Build it again: "
        "`qa index YOUR_ARTICLES --rebuild`.",
    )
