"""Vectors of a build under way, kept beside the index, so that one cut off goes on where it was.

A record is a passage's key, its vector and a checksum of both. What is cut short or damaged is embedded again. A file
that cannot be read or written is done without: an index is as good, only later, after a build that was cut off.
"""

import os
import re
import stat
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from corpus.files import write_whole
from index.encoder import Encoder
from index.files import forget

KEY_BYTES = 16
OWN = re.compile(r"embedded-[0-9a-f]{16}\.part")
FINGERPRINT_CHARACTERS = 16
OWNER = np.dtype([("device", "<u8"), ("inode", "<u8")])
LARGEST = 2**64 - 1
# Never through a link, and never waiting for a pipe.
FLAGS = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Unfinished:
    """The vectors by key that one encoder has made for the next generation in `directory`."""

    def __init__(self, directory: Path, encoder: Encoder) -> None:
        """Read what an earlier build of the same encoder left, if it left anything."""
        self._path = directory / f"embedded-{encoder.fingerprint[:FINGERPRINT_CHARACTERS]}.part"
        self._type = np.dtype([("key", f"V{KEY_BYTES}"), ("vector", "<f4", encoder.dimension), ("sum", "<u4")])
        self.vectors: dict[bytes, NDArray[np.float32]] = {}
        with suppress(OSError), os.fdopen(self._open(), "rb") as stream:
            is_own = stream.read(OWNER.itemsize) == _owner(stream.fileno())
            records = list(self._records(stream)) if is_own else []
            self.vectors = dict(records)
            size = is_own * (OWNER.itemsize + len(records) * self._type.itemsize)
            if os.fstat(stream.fileno()).st_size != size:
                os.ftruncate(stream.fileno(), size)

    def add(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Keep the `(n, d)` vectors of a batch, whole or not at all."""
        records = np.zeros(len(keys), dtype=self._type)
        records["key"], records["vector"] = np.array(keys, dtype=f"V{KEY_BYTES}"), vectors
        records["sum"] = [_checksum(record) for record in records]
        with suppress(OSError):
            descriptor = self._open(os.O_CREAT)
            try:
                self._add(descriptor, records.tobytes())
            finally:
                os.close(descriptor)

    def _add(self, descriptor: int, data: bytes) -> None:
        end = os.lseek(descriptor, 0, os.SEEK_END)
        try:
            write_whole(descriptor, data if end else _owner(descriptor) + data)
        except OSError:
            os.ftruncate(descriptor, end)
            raise

    def clear(self) -> None:
        """Remove what builds of any encoder left."""
        with suppress(OSError):
            for path in self._path.parent.iterdir():
                if OWN.fullmatch(path.name):
                    forget(path)

    def _open(self, how: int = 0) -> int:
        """Open the file; `OSError` if it isn't there, is anything but a file, or has another name, too."""
        descriptor = os.open(self._path, FLAGS | how, 0o600)
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            os.close(descriptor)
            raise OSError(f"{self._path}: not a file")
        return descriptor

    def _records(self, stream: BinaryIO) -> Iterator[tuple[bytes, NDArray[np.float32]]]:
        """Yield the records up to the first that is damaged."""
        while len(data := stream.read(self._type.itemsize)) == self._type.itemsize:
            (record,) = np.frombuffer(data, dtype=self._type)
            if _checksum(record) != record["sum"]:
                return
            yield bytes(record["key"]), record["vector"]


def _owner(descriptor: int) -> bytes:
    """Return where a file lies, which nobody can put into one that goes along with an index to another place."""
    found = os.fstat(descriptor)
    return np.array([(found.st_dev & LARGEST, found.st_ino & LARGEST)], dtype=OWNER).tobytes()


def _checksum(record: np.void) -> int:
    return zlib.crc32(bytes(record["key"]) + record["vector"].tobytes())
