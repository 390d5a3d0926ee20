"""Vectors of a build under way, kept beside the index, so that one cut off goes on where it was.

A record is a passage's key, its vector and a checksum of both. What is cut short or damaged is embedded again.
"""

import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder

KEY_BYTES = 16
NAME = "embedded-*.part"
FINGERPRINT_CHARACTERS = 16


class Unfinished:
    """The vectors by key that one encoder has made for the next generation in `directory`."""

    def __init__(self, directory: Path, encoder: Encoder) -> None:
        """Read what an earlier build of the same encoder left."""
        self._path = directory / NAME.replace("*", encoder.fingerprint[:FINGERPRINT_CHARACTERS])
        self._type = np.dtype([("key", f"V{KEY_BYTES}"), ("vector", "<f4", encoder.dimension), ("sum", "<u4")])
        self._size = self._type.itemsize
        self.vectors = dict(self._read())

    def add(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Keep the `(n, d)` vectors of a batch; a disk that refuses is met again when the index is written."""
        records = np.zeros(len(keys), dtype=self._type)
        records["key"], records["vector"] = np.array(keys, dtype=f"V{KEY_BYTES}"), vectors
        records["sum"] = [_checksum(record) for record in records]
        with suppress(OSError), self._path.open("ab") as stream:
            stream.write(records.tobytes())

    @staticmethod
    def clear(directory: Path) -> None:
        """Remove what any build left."""
        for path in directory.glob(NAME):
            with suppress(OSError):
                path.unlink()

    def _read(self) -> list[tuple[bytes, NDArray[np.float32]]]:
        """Return the whole records up to the first damaged one, and cut the file there."""
        try:
            data = self._path.read_bytes()
        except OSError:
            return []
        records = np.frombuffer(data[: len(data) // self._size * self._size], dtype=self._type)
        good = next((i for i, record in enumerate(records) if _checksum(record) != record["sum"]), len(records))
        with suppress(OSError):
            self._path.write_bytes(data[: good * self._size])
        return [(bytes(record["key"]), record["vector"]) for record in records[:good]]


def _checksum(record: np.void) -> int:
    return zlib.crc32(bytes(record["key"]) + record["vector"].tobytes())
