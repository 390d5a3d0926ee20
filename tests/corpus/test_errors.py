"""Every error speaks two languages and says where it is."""

import pytest

from corpus.errors import CorpusError, InputError, ModelError, QaError, StoreError
from corpus.read import MAX_BYTES, Source, find_sources, read_source

CONTENTS = {
    "empty": b"",
    "binary": b"\0\1\2",
    "not UTF-8": b"B\xe0i vi\xeat",
    "bad YAML": b"---\ntitle: [\n---\nB",
    "bad date": b"---\ndate: x\n---\nB",
    "list as title": b"---\ntitle: [a]\n---\nB",
    "too large": b" " * (MAX_BYTES + 1),
}


def from_content(name, folder):
    path = folder / "bài 1.txt"
    path.write_bytes(CONTENTS[name])
    return path, read_source(Source("bài 1.txt", path)).problem


def missing_file(folder):
    path = folder / "bài 1.txt"
    return path, read_source(Source("bài 1.txt", path)).problem


def missing_folder(folder):
    with pytest.raises(CorpusError) as caught:
        find_sources(folder / "không có")
    return folder / "không có", caught.value


def other_kind(folder):
    path = folder / "bài 1.docx"
    path.touch()
    return path, find_sources(folder)[1][0]


def link_out(folder):
    path = folder / "bài 1.txt"
    path.symlink_to("/etc/hostname")
    return path, find_sources(folder)[1][0]


def folder_as_file(folder):
    path = folder / "bài 1.txt"
    path.mkdir()
    return path, read_source(Source("bài 1.txt", path)).problem


WAYS = {
    **{name: lambda folder, name=name: from_content(name, folder) for name in CONTENTS},
    "missing file": missing_file,
    "missing folder": missing_folder,
    "other kind": other_kind,
    "link out": link_out,
    "folder as file": folder_as_file,
}


@pytest.mark.parametrize("way", WAYS)
def test_a_corpus_error_names_the_path_in_both_languages(way, tmp_path):
    path, error = WAYS[way](tmp_path)
    assert isinstance(error, CorpusError)
    assert str(path) in error.vi
    assert str(path) in error.en


@pytest.mark.parametrize("way", WAYS)
def test_a_corpus_error_says_more_than_the_path_in_each_language(way, tmp_path):
    path, error = WAYS[way](tmp_path)
    vi, en = (text.replace(str(path), "").strip(" :") for text in (error.vi, error.en))
    assert vi != en
    assert len(vi.split()) > 3 < len(en.split())
    assert not vi.isascii()
    assert (error.in_language("vi"), error.in_language("en"), str(error)) == (error.vi, error.en, error.en)


@pytest.mark.parametrize(
    ("kind", "code"),
    [(QaError, 1), (CorpusError, 1), (StoreError, 1), (ModelError, 1), (InputError, 2)],
)
def test_an_error_knows_its_exit_code_and_its_tree(kind, code):
    error = kind("sai", "wrong")
    assert isinstance(error, QaError)
    assert error.exit_code == code
