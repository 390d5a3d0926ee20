"""A build that was cut off goes on where it was, and trusts nothing that is damaged."""

import os
import shutil

import numpy as np
import pytest

from index import build
from index.build import build_index
from index.search import Index
from index.unfinished import OWN, OWNER, Unfinished

TEXTS = [f"Sở Ngoại vụ tiếp đoàn số {number}.\n" for number in range(6)]


class Stopping:
    """The shipped encoder, which notes what it was given and is stopped after so many texts."""

    def __init__(self, inner, limit=None):
        self.inner, self.limit, self.given = inner, limit, []
        self.name, self.dimension, self.fingerprint = inner.name, inner.dimension, inner.fingerprint

    def encode(self, texts, *, kind):
        if self.limit is not None and len(self.given) >= self.limit:
            raise KeyboardInterrupt
        self.given += texts
        return self.inner.encode(texts, kind=kind)


@pytest.fixture
def cut_off(tmp_path, encoder, monkeypatch):
    """A corpus and the index whose building was stopped after four of six passages."""
    monkeypatch.setattr(build, "BATCH", 2)
    for number, text in enumerate(TEXTS):
        (tmp_path / "corpus").mkdir(exist_ok=True)
        (tmp_path / "corpus" / f"{number}.txt").write_text(text, encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        build_index([tmp_path / "corpus"], tmp_path / "index", Stopping(encoder, limit=4))
    return tmp_path / "corpus", tmp_path / "index"


def left_in(directory):
    return [path for path in directory.iterdir() if OWN.fullmatch(path.name)]


def build_again(corpus, directory, encoder, **how):
    stopping = Stopping(encoder)
    report = build_index([corpus], directory, stopping, **how)
    index = Index.open(directory)
    texts = [passage.contextual_text for passage in index.database.passages(range(report.passages))]
    assert np.array_equal(index.vectors.rows(), encoder.encode(texts, kind="passage"))
    assert not left_in(directory)
    return len(stopping.given)


def test_only_what_was_not_embedded_yet_is(cut_off, encoder):
    assert build_again(*cut_off, encoder) == 2


def test_a_rebuild_that_was_cut_off_goes_on_too(cut_off, encoder):
    assert build_again(*cut_off, encoder, rebuild=True) == 2
    assert build_again(*cut_off, encoder, rebuild=True) == 6


@pytest.mark.parametrize(("damage", "left"), [("cut", 3), ("flip", 5), ("empty", 6)])
def test_a_damaged_record_and_those_after_it_are_embedded_again(cut_off, encoder, damage, left):
    (path,) = left_in(cut_off[1])
    data = bytearray(path.read_bytes())
    size = (len(data) - OWNER.itemsize) // 4
    if damage == "cut":
        data = data[:-1]
    elif damage == "flip":
        data[OWNER.itemsize + size + 40] ^= 1
    else:
        data.clear()
    path.write_bytes(data)
    assert build_again(*cut_off, encoder) == left


def test_a_damaged_tail_is_cut_before_anything_is_added(cut_off, encoder):
    corpus, directory = cut_off
    (path,) = left_in(directory)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(KeyboardInterrupt):
        build_index([corpus], directory, Stopping(encoder, limit=2))
    assert len(Unfinished(directory, encoder).vectors) == 5


def test_vectors_of_another_encoder_are_not_taken(cut_off, encoder):
    other = Stopping(encoder)
    other.fingerprint = "0" * 64
    assert not Unfinished(cut_off[1], other).vectors


def test_vectors_that_came_along_with_an_index_are_not_taken(cut_off, encoder, tmp_path):
    """A copy says where the original lay, and lies elsewhere."""
    shutil.copytree(cut_off[1], tmp_path / "elsewhere")
    assert len(Unfinished(cut_off[1], encoder).vectors) == 4
    assert not Unfinished(tmp_path / "elsewhere", encoder).vectors


def test_a_vector_that_is_none_is_made_again(cut_off, encoder):
    corpus, directory = cut_off
    left = Unfinished(directory, encoder)
    keys = list(left.vectors)
    left.clear()
    Unfinished(directory, encoder).add(keys, np.full((4, encoder.dimension), np.nan, dtype=np.float32))
    assert build_again(corpus, directory, encoder) == 6


def test_a_link_of_that_name_is_not_followed(cut_off, encoder, tmp_path):
    corpus, directory = cut_off
    (path,) = left_in(directory)
    precious = tmp_path / "precious.txt"
    precious.write_bytes(b"x" * 9000)
    path.unlink()
    path.symlink_to(precious)
    assert build_again(corpus, directory, encoder) == 6
    assert precious.read_bytes() == b"x" * 9000


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_of_that_name_is_not_waited_for(cut_off, encoder):
    corpus, directory = cut_off
    (path,) = left_in(directory)
    path.unlink()
    os.mkfifo(path)
    assert build_again(corpus, directory, encoder) == 6


def test_a_file_of_another_name_stays(cut_off, encoder):
    corpus, directory = cut_off
    note = directory / "embedded-ghi-chep.part"
    note.write_text("của tôi", encoding="utf-8")
    build_again(corpus, directory, encoder)
    assert note.read_text(encoding="utf-8") == "của tôi"


def test_two_passages_that_say_the_same_are_two_records(tmp_path, encoder):
    unfinished = Unfinished(tmp_path, Stopping(encoder))
    vectors = np.ones((3, encoder.dimension), dtype=np.float32)
    unfinished.add([b"a" * 16, b"a" * 16, b"b" * 16], vectors)
    assert set(Unfinished(tmp_path, Stopping(encoder)).vectors) == {b"a" * 16, b"b" * 16}
