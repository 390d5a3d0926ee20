"""Large files of an index are read whole once, and again when anything about them has changed."""

import json
import os
import shutil

import numpy as np
import pytest

from corpus.errors import StoreError
from index import store
from index.build import build_index
from index.search import Index
from index.store import CHECKED, CURRENT, check_current

LARGE = ["corpus.sqlite", "vectors.f32", "postings.hashes.u64", "postings.passages.u32"]


class Constant:
    """An encoder that costs nothing."""

    name, dimension, fingerprint = "constant", 4, "0" * 64

    def encode(self, texts, *, kind):
        return np.tile(np.array([1, 0, 0, 0], dtype=np.float32), (len(texts), 1))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    place = tmp_path_factory.mktemp("checked")
    (place / "corpus").mkdir()
    (place / "corpus" / "a.txt").write_text("Cục Ngoại vụ họp tại Hà Nội.\n", encoding="utf-8")
    build_index([place / "corpus"], place / "index", Constant())
    return place / "index"


@pytest.fixture
def index(built, tmp_path, monkeypatch):
    """An index whose files all count as large, but the smallest."""
    monkeypatch.setattr(store, "CHECKED_BYTES", 20)
    monkeypatch.setattr(store.check_files, "__kwdefaults__", {"limit": 20})
    return shutil.copytree(built, tmp_path / "index")


@pytest.fixture
def read(monkeypatch):
    """The names of the files that were hashed."""
    names, hashing = [], store._sha256
    monkeypatch.setattr(store, "_sha256", lambda stream: names.append(stream.name) or hashing(stream))
    return names


def generation(directory):
    return directory / (directory / CURRENT).read_text().split()[0]


def settled(directory):
    """Wait for the clock that files have their times from to go on, then open."""
    path = directory / "tick"
    path.touch()
    before = path.stat().st_ctime_ns
    while path.stat().st_ctime_ns == before:
        path.touch()
    path.unlink()
    return Index.open(directory)


def flip(path, *, keep_time):
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    if keep_time:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_large_file_is_read_whole_once(index, read):
    settled(index)
    first = len(read)
    Index.open(index)
    again = len(read) - first
    assert (first, again) == (6, 1)  # the small one each time


def test_whoever_asks_for_every_byte_has_every_byte_read(index, read):
    settled(index)
    read.clear()
    check_current(index)
    assert len(read) == 6


@pytest.mark.parametrize("keep_time", [False, True], ids=["at another time", "with its time put back"])
@pytest.mark.parametrize("name", LARGE)
def test_a_byte_flipped_in_a_large_file_is_found_on_the_next_opening(index, name, keep_time):
    settled(index)
    flip(generation(index) / name, keep_time=keep_time)
    for _ in range(2):
        with pytest.raises(StoreError, match=name):
            Index.open(index)


def test_a_large_file_that_was_replaced_is_found(index):
    settled(index)
    path = generation(index) / "vectors.f32"
    before = path.stat()
    other = path.with_name("other")
    other.write_bytes(bytes(before.st_size))
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)
    with pytest.raises(StoreError, match="vectors"):
        Index.open(index)


@pytest.mark.parametrize("keep_time", [False, True], ids=["at another time", "with its time put back"])
def test_what_came_along_with_a_copied_index_is_not_believed(index, tmp_path, keep_time):
    settled(index)
    copied = shutil.copytree(index, tmp_path / "copied")
    assert (copied / CHECKED).exists()
    flip(generation(copied) / "vectors.f32", keep_time=keep_time)
    with pytest.raises(StoreError, match="vectors"):
        Index.open(copied)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"null", b"[" * 60_000, b'{"gen-000001/vectors.f32": true}', b"\xff", b" " * 10**6]
)
def test_rubbish_where_it_is_remembered_is_done_without(index, content):
    (index / CHECKED).write_bytes(content)
    settled(index)
    assert len(json.loads((index / CHECKED).read_bytes())) == 5


@pytest.mark.parametrize("put", [lambda path: path.mkdir(), lambda path: os.mkfifo(path)], ids=["a folder", "a pipe"])
def test_something_else_where_it_is_remembered_is_done_without(index, put):
    put(index / CHECKED)
    settled(index)
    Index.open(index)


def test_a_folder_that_cannot_be_written_to_opens_each_time_read_anew(index, read, monkeypatch):
    """For whoever may write anywhere, the system's answer is given in its place."""

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(store, "replace_file", refuse)
    settled(index)
    Index.open(index)
    assert len(read) == 12
    assert not (index / CHECKED).exists()


def test_a_file_written_a_moment_ago_is_not_remembered(index, monkeypatch):
    """What is written in the same tick of the clock would not change its time."""
    monkeypatch.setattr(store.time, "clock_gettime_ns", lambda _: 0)
    monkeypatch.setattr(store.time, "time_ns", lambda: 0)
    Index.open(index)
    assert not (index / CHECKED).exists()


def test_a_build_forgets_what_it_was_that_was_checked(index):
    settled(index)
    corpus = index.parent / "corpus"
    corpus.mkdir()
    (corpus / "b.txt").write_text("Sở Ngoại vụ Huế tiếp khách.\n", encoding="utf-8")
    build_index([corpus], index, Constant(), replace=True)
    assert not (index / CHECKED).exists()
