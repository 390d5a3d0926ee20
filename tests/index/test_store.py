"""The index on disk: whole, or said to be damaged."""

import hashlib
import json
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Dropped, Passage
from corpus.dates import PartialDate
from corpus.errors import StoreError
from index.build import build_index
from index.database import Database, DatabaseWriter, StoredArticle
from index.files import write_file
from index.search import Index, search
from index.store import CURRENT, DATABASE, FORMAT, MANIFEST, current_generation, hash_file

FILES = [
    "manifest.json", "corpus.sqlite", "vectors.f32", "postings.hashes.u64", "postings.starts.u64",
    "postings.passages.u32", "postings.scores.f32",
]  # fmt: skip


@pytest.fixture(scope="module")
def good(tmp_path_factory, encoder):
    """A small index of two articles; copy it to change it."""
    corpus = tmp_path_factory.mktemp("small")
    (corpus / "a.txt").write_text("Cục Ngoại vụ họp tại Hà Nội ngày 12/8/2018.", encoding="utf-8")
    (corpus / "b.txt").write_text("Sở Ngoại vụ Huế tiếp khách Nhật Bản.", encoding="utf-8")
    build_index([corpus], corpus / ".qa", encoder)
    return corpus / ".qa"


@pytest.fixture
def index(good, tmp_path):
    return shutil.copytree(good, tmp_path / "index")


def generation(directory):
    return directory / (directory / CURRENT).read_text().split()[0]


def refused(directory):
    with pytest.raises(StoreError) as caught:
        Index.open(directory)
    return caught.value


def repoint(directory):
    """Give CURRENT the right checksum of a manifest that was changed."""
    folder = generation(directory)
    (directory / CURRENT).write_text(f"{folder.name} {hash_file(folder / MANIFEST)}\n")


def set_format(directory, version):
    path = generation(directory) / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": version}))


def test_a_generation_holds_the_files_that_are_checked_here_and_no_others(good):
    assert sorted(path.name for path in generation(good).iterdir()) == sorted(FILES)


def test_the_pointer_names_the_checksum_of_the_manifest(good):
    name, digest = (good / CURRENT).read_text().split()
    assert digest == hashlib.sha256((good / name / MANIFEST).read_bytes()).hexdigest()


def test_the_manifest_says_what_every_other_file_is(good):
    folder, manifest = current_generation(good)
    assert {name: [size, digest] for name, (size, digest) in manifest.files.items()} == {
        name: [(folder / name).stat().st_size, hashlib.sha256((folder / name).read_bytes()).hexdigest()]
        for name in FILES
        if name != MANIFEST
    }


def test_the_manifest_counts_what_is_in_the_index(good, encoder):
    _, manifest = current_generation(good)
    index = Index.open(good)
    assert manifest.format == FORMAT
    assert manifest.articles == len(list(index.database.articles())) == 2
    assert manifest.passages == index.vectors.size == len(index.database.articles_by_passage())
    assert (manifest.fingerprint, manifest.dimension) == (encoder.fingerprint, encoder.dimension)


@pytest.fixture(scope="module")
def victim(good, tmp_path_factory):
    return shutil.copytree(good, tmp_path_factory.mktemp("victim") / "index")


@pytest.mark.parametrize("name", FILES)
@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_a_byte_flipped_anywhere_is_found_on_opening(victim, name, place, mask):
    path = generation(victim) / name
    data = path.read_bytes()
    wrong = bytearray(data)
    wrong[int(place * len(data))] ^= mask
    path.write_bytes(wrong)
    try:
        assert "--rebuild" in refused(victim).en or name == MANIFEST
    finally:
        path.write_bytes(data)


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80, "NUL"])
def test_a_byte_flipped_in_the_pointer_is_found_on_opening(victim, mask):
    """Every byte but the white space, whose kind says nothing; `NUL` makes each byte zero."""
    path = victim / CURRENT
    data = path.read_bytes()
    try:
        for place, byte in enumerate(data):
            if not chr(byte).isspace():
                path.write_bytes(data[:place] + bytes([0 if mask == "NUL" else byte ^ mask]) + data[place + 1 :])
                refused(victim)
    finally:
        path.write_bytes(data)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_found_on_opening(index, name):
    (generation(index) / name).unlink()
    assert name in refused(index).vi


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_short_is_found_on_opening(index, name):
    path = generation(index) / name
    path.write_bytes(path.read_bytes()[:-1])
    assert name in refused(index).en


@pytest.mark.parametrize("name", FILES)
def test_an_emptied_file_is_found_on_opening(index, name):
    (generation(index) / name).write_bytes(b"")
    assert name in refused(index).en


def test_a_missing_generation_is_found_on_opening(index):
    shutil.rmtree(generation(index))
    assert "--rebuild" in refused(index).en


@pytest.mark.parametrize("where", ["nowhere", "."])
def test_a_folder_without_an_index_is_said_to_have_none(tmp_path, where):
    error = refused(tmp_path / where)
    assert "there is no index" in error.en
    assert f"--index {tmp_path / where}" in error.vi


def test_a_file_where_the_folder_should_be_is_refused(tmp_path):
    (tmp_path / "index").write_text("x")
    assert str(tmp_path / "index") in refused(tmp_path / "index").en


DIGEST = "0" * 64


@pytest.mark.parametrize(
    "content",
    ["", "\n", "rubbish", "a b c", "gen-000001", f"../x {DIGEST}", f"/etc {DIGEST}", f". {DIGEST}", f".. {DIGEST}",
     f"gen-000001/../.. {DIGEST}", f"gen-000001 {DIGEST}", f"gen-999999 {DIGEST}", f"gen-000001/sub {DIGEST}",
     f"gen\0 {DIGEST}", f"{'x' * 300} {DIGEST}"],
    ids=ascii,
)  # fmt: skip
def test_a_pointer_to_nowhere_is_refused(index, content):
    (index / CURRENT).write_text(content)
    assert str(index) in refused(index).en


def test_a_pointer_that_is_no_text_is_refused(index):
    (index / CURRENT).write_bytes(b"\xff\xfe\xfd")
    assert str(index) in refused(index).en


def test_a_pointer_never_leads_out_of_the_index(index):
    """Even to a generation that is whole: what stands outside is not this index."""
    outside = index.parent / "x"
    shutil.copytree(generation(index), outside)
    digest = hash_file(outside / MANIFEST)
    for name in ("../x", str(outside), "gen-000001/../../x"):
        (index / CURRENT).write_text(f"{name} {digest}\n")
        refused(index)


@pytest.mark.parametrize("known", [True, False], ids=["with its checksum", "without its checksum"])
def test_an_index_of_a_newer_format_asks_for_an_upgrade(index, known):
    set_format(index, FORMAT + 98)
    if known:
        repoint(index)
    error = refused(index)
    assert f"format {FORMAT + 98}, newer" in error.en
    assert str(FORMAT + 98) in error.vi


@pytest.mark.parametrize("version", [FORMAT - 1, "cũ", None])
def test_an_index_of_an_old_format_asks_to_be_built_again(index, version):
    set_format(index, version)
    repoint(index)
    error = refused(index)
    assert "old format" in error.en
    assert "qa index" in error.vi


@pytest.mark.parametrize(
    "content", ["[]", "{}", "null", "7", '"x"', "{", ""], ids=lambda content: content[:8] or "empty"
)
def test_a_manifest_that_is_none_is_refused_whatever_its_checksum_says(index, content):
    (generation(index) / MANIFEST).write_text(content)
    repoint(index)
    assert MANIFEST in refused(index).en


@pytest.mark.parametrize("change", [{"dimension": None}, {"more": 1}], ids=["a field less", "a field more"])
def test_a_manifest_with_other_fields_than_its_format_has_is_refused(index, change):
    path = generation(index) / MANIFEST
    fields = json.loads(path.read_text()) | change
    path.write_text(json.dumps({name: value for name, value in fields.items() if value is not None}))
    repoint(index)
    assert MANIFEST in refused(index).en


def test_an_index_moved_to_another_folder_still_opens(index, encoder):
    assert search(Index.open(index), encoder, "Cục Ngoại vụ", limit=1)[0].passage.article == "a.txt"


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)
DATES = st.none() | st.builds(PartialDate, st.integers(1900, 2100), st.integers(1, 12), st.integers(0, 28))


@st.composite
def stored_articles(draw):
    text = draw(TEXT)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    article = Article(
        id=draw(TEXT), path=draw(TEXT), sha256=hashlib.sha256(text.encode()).hexdigest(), text=text, blocks=(),
        dropped=tuple(draw(st.lists(st.builds(Dropped, st.integers(0, 9), st.integers(0, 9), TEXT), max_size=2))),
        title=draw(TEXT), date=draw(DATES), date_inferred=draw(st.booleans()), source=draw(st.none() | TEXT),
        url=draw(st.none() | TEXT), author=draw(st.none() | TEXT),
    )  # fmt: skip
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    passages = [Passage(article.id, low, high, text[low:high], draw(TEXT)) for low, high in spans]
    return StoredArticle(article, draw(TEXT), draw(st.integers(0, 2**40)), draw(st.integers(0, 2**62))), passages


@given(st.lists(stored_articles(), max_size=3, unique_by=lambda entry: entry[0].article.id))
def test_the_database_gives_back_what_it_was_given(tmp_path_factory, entries):
    folder = tmp_path_factory.mktemp("database")
    database, number = DatabaseWriter(), 0
    for stored, passages in entries:
        database.add(stored, passages, [bytes([number + i]) for i in range(len(passages))], first=number)
        number += len(passages)
    write_file(folder / DATABASE, [database.content()])
    database = Database.open(folder, root=folder)
    assert sorted(database.articles(), key=lambda s: s.article.id) == sorted(
        (s for s, _ in entries), key=lambda s: s.article.id
    )
    assert database.passages(range(number)) == [passage for _, passages in entries for passage in passages]
    assert database.keys() == {bytes([i]): i for i in range(number)}
    for stored, passages in entries:
        assert database.article(stored.article.id) == stored
        assert [passage for passage, _ in database.passages_of(stored.article.id)] == passages
    database.close()


def test_an_article_that_is_not_there_is_none(good):
    assert Index.open(good).database.article("không có.txt") is None
