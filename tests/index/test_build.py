"""Building and updating an index: only what changed is read and embedded; what fails leaves the old index as it was."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import CorpusError, StoreError
from corpus.read import Source, read_source
from corpus.split import split_article
from index.build import LOCK, build_index
from index.encoder import SHIPPED_FOLDER, OnnxEncoder
from index.search import Filters, Index, search
from index.store import CURRENT, MANIFEST

ONE = "Cục Ngoại vụ họp tại Hà Nội.\n"
TWO = "Sở Ngoại vụ Huế tiếp khách Nhật Bản.\n"
THREE = "Tỉnh Quảng Trị ký thỏa thuận với bạn Lào.\n"


class Counting:
    """The shipped encoder, which notes what it was given and remembers what it gave."""

    def __init__(self, inner):
        self.inner, self.name, self.dimension, self.fingerprint = inner, inner.name, inner.dimension, inner.fingerprint
        self.given, self.known = [], {}

    def encode(self, texts, *, kind):
        self.given += texts
        new = [text for text in dict.fromkeys(texts) if (kind, text) not in self.known]
        self.known.update(zip([(kind, text) for text in new], self.inner.encode(new, kind=kind), strict=True))
        return np.stack([self.known[kind, text] for text in texts])


@pytest.fixture(scope="module")
def memory(encoder):
    return Counting(encoder)


@pytest.fixture
def counting(memory):
    memory.given = []
    return memory


@pytest.fixture
def corpus(tmp_path):
    """Three articles."""
    for name, text in (("a.txt", ONE), ("b.txt", TWO), ("c/c.md", THREE)):
        write(tmp_path / "corpus" / name, text)
    return tmp_path / "corpus"


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "index"


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def articles(directory):
    return {stored.article.id: stored.article for stored in Index.open(directory).database.articles()}


def passages(directory):
    index = Index.open(directory)
    return index.database.passages(range(index.manifest.passages))


def test_every_article_is_indexed_with_its_passages(corpus, directory, counting):
    report = build_index([corpus], directory, counting)
    assert (report.added, report.changed, report.unchanged, report.removed) == (3, 0, 0, 0)
    assert report.passages == report.embedded == len(counting.given) == len(passages(directory)) == 3
    assert sorted(articles(directory)) == ["a.txt", "b.txt", "c/c.md"]


def test_a_passage_in_the_index_is_a_passage_of_its_file(corpus, directory, counting):
    build_index([corpus], directory, counting)
    expected = [
        passage
        for name in ("a.txt", "b.txt", "c/c.md")
        for passage in split_article(read_source(Source(name, corpus / name)).article)
    ]
    assert passages(directory) == expected


def test_a_row_of_the_vectors_is_its_passage_encoded(corpus, directory, encoder):
    build_index([corpus], directory, encoder)
    expected = encoder.encode([passage.contextual_text for passage in passages(directory)], kind="passage")
    np.testing.assert_array_equal(Index.open(directory).vectors.rows(), expected)


def test_when_nothing_changed_nothing_is_embedded_and_the_vectors_are_the_same_bits(corpus, directory, counting):
    build_index([corpus], directory, counting)
    before, counting.given = Index.open(directory).vectors.rows(), []
    report = build_index([corpus], directory, counting)
    assert (report.added, report.changed, report.unchanged, report.removed, report.embedded) == (0, 0, 3, 0, 0)
    assert counting.given == []
    np.testing.assert_array_equal(Index.open(directory).vectors.rows(), before)


def test_when_one_file_changed_only_its_passages_are_embedded(corpus, directory, counting):
    build_index([corpus], directory, counting)
    counting.given = []
    write(corpus / "b.txt", TWO + "Khách đến từ Osaka.\n")
    report = build_index([corpus], directory, counting)
    assert (report.added, report.changed, report.unchanged, report.embedded) == (0, 1, 2, 1)
    assert counting.given == [TWO + "Khách đến từ Osaka."]


def test_a_file_touched_but_not_changed_is_unchanged(corpus, directory, counting):
    build_index([corpus], directory, counting)
    os.utime(corpus / "a.txt", (1, 1))
    report = build_index([corpus], directory, counting)
    assert (report.changed, report.unchanged, report.embedded) == (0, 3, 0)


def test_a_file_moved_is_not_embedded_again(corpus, directory, counting):
    build_index([corpus], directory, counting)
    (corpus / "a.txt").rename(corpus / "z.txt")
    report = build_index([corpus], directory, counting)
    assert (report.added, report.removed, report.embedded) == (1, 1, 0)
    assert sorted(articles(directory)) == ["b.txt", "c/c.md", "z.txt"]


def test_a_file_removed_is_forgotten(corpus, directory, counting):
    build_index([corpus], directory, counting)
    (corpus / "a.txt").unlink()
    report = build_index([corpus], directory, counting)
    assert (report.removed, report.unchanged, report.embedded) == (1, 2, 0)
    assert sorted(articles(directory)) == ["b.txt", "c/c.md"]


@pytest.mark.parametrize("content", [b"", b"\0\1", b"B\xe0i", b" \n"], ids=["empty", "binary", "not UTF-8", "white"])
def test_a_file_that_can_no_longer_be_read_keeps_its_old_version(corpus, directory, counting, content):
    build_index([corpus], directory, counting)
    (corpus / "a.txt").write_bytes(content)
    report = build_index([corpus], directory, counting)
    assert [str(corpus / "a.txt") in problem.en for problem in report.problems] == [True]
    assert articles(directory)["a.txt"].text == ONE


def test_a_file_that_can_be_read_again_is_read(corpus, directory, counting):
    build_index([corpus], directory, counting)
    (corpus / "a.txt").write_bytes(b"\0")
    build_index([corpus], directory, counting)
    write(corpus / "a.txt", THREE)
    assert build_index([corpus], directory, counting).problems == []
    assert articles(directory)["a.txt"].text == THREE


def test_a_file_with_bad_front_matter_is_indexed_and_its_problem_reported(corpus, directory, counting):
    write(corpus / "a.txt", f"---\ndate: hôm qua\n---\n{ONE}")
    report = build_index([corpus], directory, counting)
    assert [f"{corpus / 'a.txt'}:2:" in problem.en for problem in report.problems] == [True]
    assert "a.txt" in articles(directory)


def test_a_second_folder_is_added_to_the_first(corpus, directory, counting, tmp_path):
    other = write(tmp_path / "other" / "d.txt", "Tỉnh An Giang đón đoàn Campuchia.").parent
    build_index([corpus], directory, counting)
    report = build_index([other], directory, counting)
    assert (report.added, report.unchanged, report.embedded) == (1, 3, 1)
    assert sorted(articles(directory)) == ["a.txt", "b.txt", "c/c.md", "d.txt"]
    assert Index.open(directory).manifest.roots == tuple(sorted(map(str, (corpus, other))))


def test_replacing_forgets_the_folders_not_named(corpus, directory, counting, tmp_path):
    other = write(tmp_path / "other" / "d.txt", "Tỉnh An Giang đón đoàn Campuchia.").parent
    build_index([corpus], directory, counting)
    report = build_index([other], directory, counting, replace=True)
    assert (report.added, report.removed) == (1, 3)
    assert sorted(articles(directory)) == ["d.txt"]


def test_a_folder_inside_one_already_indexed_adds_nothing(corpus, directory, counting):
    build_index([corpus], directory, counting)
    report = build_index([corpus / "c"], directory, counting)
    assert (report.added, report.unchanged, report.removed) == (0, 3, 0)
    assert Index.open(directory).manifest.roots == (str(corpus),)


def test_a_folder_around_one_already_indexed_takes_its_place(corpus, directory, counting):
    build_index([corpus / "c"], directory, counting)
    report = build_index([corpus], directory, counting)
    assert report.embedded == 2
    assert sorted(articles(directory)) == ["a.txt", "b.txt", "c/c.md"]
    assert Index.open(directory).manifest.roots == (str(corpus),)


def test_a_folder_that_went_away_is_forgotten(corpus, directory, counting, tmp_path):
    other = write(tmp_path / "other" / "d.txt", "Tỉnh An Giang đón đoàn Campuchia.").parent
    build_index([corpus], directory, counting)
    shutil.rmtree(corpus)
    assert build_index([other], directory, counting).removed == 3
    assert sorted(articles(directory)) == ["d.txt"]


def test_a_folder_renamed_is_embedded_no_second_time(corpus, directory, counting, tmp_path):
    build_index([corpus], directory, counting)
    report = build_index([corpus.rename(tmp_path / "renamed")], directory, counting)
    assert (report.added, report.removed, report.embedded, report.problems) == (3, 3, 0, [])


def test_what_lies_below_a_folder_that_cannot_be_listed_stays(corpus, directory, counting, monkeypatch):
    build_index([corpus], directory, counting)
    scandir = os.scandir

    def refusing(path):
        if str(path) == str(corpus / "c"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    report = build_index([corpus], directory, counting)
    assert (report.removed, len(report.problems), sorted(articles(directory))) == (0, 1, ["a.txt", "b.txt", "c/c.md"])


def test_another_text_of_the_same_size_and_time_is_read(corpus, directory, counting):
    build_index([corpus], directory, counting)
    before = (corpus / "a.txt").stat()
    write(corpus / "a.txt", ONE.replace("họp", "gặp"))
    os.utime(corpus / "a.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert build_index([corpus], directory, counting).changed == 1


def test_other_rules_read_everything_anew_and_embed_nothing(corpus, directory, counting, monkeypatch):
    build_index([corpus], directory, counting)
    read = []
    monkeypatch.setattr("index.collect.RULES", 99)
    monkeypatch.setattr("index.generation.RULES", 99)
    monkeypatch.setattr("index.collect.read_source", lambda source: read.append(source.id) or read_source(source))
    report = build_index([corpus], directory, counting)
    assert (sorted(read), report.unchanged, report.embedded) == (["a.txt", "b.txt", "c/c.md"], 3, 0)


def test_what_is_not_the_index_s_own_is_left_alone(corpus, directory, counting):
    for name in ("film.part", "gen-x", "gen-1.part", "gen-0000001"):
        write(directory / name / "x", "mine")
    for _ in range(2):
        build_index([corpus], directory, counting)
    assert {"film.part", "gen-x", "gen-1.part", "gen-0000001"} < {path.name for path in directory.iterdir()}


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), sqlite3.OperationalError("full")], ids=repr)
def test_a_disk_that_is_full_is_said_so(corpus, directory, counting, monkeypatch, error):
    def full(*_):
        raise error

    monkeypatch.setattr("index.generation._write_files", full)
    with pytest.raises(StoreError, match="cannot be written"):
        build_index([corpus], directory, counting)


def test_building_anew_keeps_the_folders_not_named(corpus, directory, counting, tmp_path):
    other = write(tmp_path / "other" / "d.txt", "Tỉnh An Giang đón đoàn Campuchia.").parent
    build_index([corpus], directory, counting)
    build_index([other], directory, counting)
    build_index([corpus], directory, counting, rebuild=True)
    assert sorted(articles(directory)) == ["a.txt", "b.txt", "c/c.md", "d.txt"]


@pytest.mark.parametrize("order", ["first then second", "second then first", "together", "together again"])
def test_one_id_in_two_folders_is_one_article_and_a_problem(tmp_path, directory, counting, order):
    first = write(tmp_path / "first" / "x.txt", ONE).parent
    second = write(tmp_path / "second" / "x.txt", TWO).parent
    build_index({"f": [first], "s": [second], "t": [first, second]}[order[0]], directory, counting)
    report = build_index({"f": [second], "s": [first], "t": [first, second]}[order[0]], directory, counting)
    assert len(articles(directory)) == 1
    assert ["x.txt" in problem.en and "same article id" in problem.en for problem in report.problems] == [True]
    assert report.added == 0


def test_two_files_of_the_same_text_are_reported(corpus, directory, counting):
    shutil.copy(corpus / "a.txt", corpus / "d.txt")
    assert build_index([corpus], directory, counting).same_text == [("a.txt", "d.txt")]


def test_a_single_file_can_be_indexed(corpus, directory, counting):
    build_index([corpus / "a.txt"], directory, counting)
    assert sorted(articles(directory)) == ["a.txt"]


def test_a_folder_named_by_a_relative_path_is_the_same_folder(corpus, directory, counting, monkeypatch):
    build_index([corpus], directory, counting)
    monkeypatch.chdir(corpus.parent)
    assert build_index([Path("corpus")], directory, counting).unchanged == 3


def test_progress_counts_up_to_the_whole_in_each_stage(corpus, directory, counting):
    calls = []
    build_index([corpus], directory, counting, progress=lambda *call: calls.append(call))
    for stage in ("read", "embed"):
        done = [(number, total) for name, number, total in calls if name == stage]
        assert done == sorted(done)
        assert done[-1] == (3, 3)


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt, RuntimeError, StoreError("vi", "en")], ids=["interrupt", "exception", "own"]
)
@pytest.mark.parametrize("stage", ["read", "embed"])
def test_a_build_that_is_stopped_leaves_the_old_index_answering(corpus, directory, counting, stage, error):
    build_index([corpus], directory, counting)
    before = passages(directory)
    write(corpus / "a.txt", THREE)

    def stop(name, _done, _total):
        if name == stage:
            raise error

    with pytest.raises(error if isinstance(error, type) else type(error)):
        build_index([corpus], directory, counting, progress=stop)
    assert passages(directory) == before
    assert search(Index.open(directory), counting, "Cục Ngoại vụ", limit=1)[0].passage.text == ONE.strip()
    assert list(directory.rglob("*.part")) == []


@pytest.mark.parametrize("stage", ["read", "embed"])
def test_a_first_build_that_is_stopped_leaves_no_index_and_the_next_one_works(corpus, directory, counting, stage):
    def stop(name, _done, _total):
        if name == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index([corpus], directory, counting, progress=stop)
    with pytest.raises(StoreError, match="there is no index"):
        Index.open(directory)
    assert build_index([corpus], directory, counting).added == 3


def test_an_encoder_that_fails_leaves_the_old_index_answering(corpus, directory, counting, tmp_path):
    build_index([corpus], directory, counting)
    before = passages(directory)
    write(corpus / "a.txt", THREE)
    broken = another_encoder(tmp_path)
    (broken.folder / "tokenizer.json").unlink()
    with pytest.raises(Exception, match=r"tokenizer\.json"):
        build_index([corpus], directory, broken)
    assert passages(directory) == before


def test_what_a_killed_build_left_behind_is_cleared_away(corpus, directory, counting):
    build_index([corpus], directory, counting)
    write(directory / "gen-000002.part" / "corpus.sqlite", "half")
    write(directory / "gen-000007" / "manifest.json", "never current")
    write(directory / f"{CURRENT}.part", "gen-0000")
    build_index([corpus], directory, counting)
    assert sorted(path.name for path in directory.iterdir() if path.name != LOCK) == [
        CURRENT,
        generation(directory).name,
    ]


def generation(directory):
    return directory / (directory / CURRENT).read_text().split()[0]


def test_an_open_index_goes_on_answering_while_a_new_one_takes_its_place(corpus, directory, counting):
    build_index([corpus], directory, counting)
    opened = Index.open(directory)
    for name in ("a.txt", "b.txt", "c/c.md"):
        write(corpus / name, THREE + name)
    build_index([corpus], directory, counting)
    assert search(opened, counting, "Cục Ngoại vụ", limit=1)[0].passage.text == ONE.strip()
    assert opened.database.article("b.txt").article.text == TWO


def test_while_another_build_holds_the_lock_a_build_is_refused(corpus, directory, counting):
    build_index([corpus], directory, counting)
    with FileLock(directory / LOCK), pytest.raises(StoreError, match="another `qa index` is running"):
        build_index([corpus], directory, counting)
    assert build_index([corpus], directory, counting).unchanged == 3


def test_the_lock_of_a_process_that_was_killed_holds_nobody_up(corpus, directory, counting, root):
    directory.mkdir()
    code = f"import os; from filelock import FileLock; FileLock({str(directory / LOCK)!r}).acquire(); os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 9
    assert build_index([corpus], directory, counting).added == 3


@pytest.mark.parametrize("name", [MANIFEST, "corpus.sqlite", "vectors.f32", "postings.scores.f32"])
def test_a_damaged_old_index_is_refused_and_building_anew_mends_it(corpus, directory, counting, name):
    build_index([corpus], directory, counting)
    path = generation(directory) / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(StoreError, match="--rebuild"):
        build_index([corpus], directory, counting)
    assert build_index([corpus], directory, counting, rebuild=True).added == 3
    assert len(passages(directory)) == 3


@pytest.mark.parametrize("content", [b"", b"rubbish", b"\xff\xfe", b"../x y"])
def test_a_damaged_pointer_is_refused_and_building_anew_mends_it(corpus, directory, counting, content):
    build_index([corpus], directory, counting)
    (directory / CURRENT).write_bytes(content)
    with pytest.raises(StoreError, match="--rebuild"):
        build_index([corpus], directory, counting)
    build_index([corpus], directory, counting, rebuild=True)
    assert len(passages(directory)) == 3


def test_building_anew_embeds_everything(corpus, directory, counting):
    build_index([corpus], directory, counting)
    assert build_index([corpus], directory, counting, rebuild=True).embedded == 3


def another_encoder(folder, query="hỏi: "):
    """The shipped encoder with other prompts, which is another encoder."""
    folder = folder / "encoder"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json", "onnx"):
        (folder / name).symlink_to(SHIPPED_FOLDER / name)
    prompts = f'{{"prompts": {{"query": "{query}", "passage": "bài: ", "document": "bài: "}}}}'
    (folder / "config_sentence_transformers.json").write_text(prompts, encoding="utf-8")
    return OnnxEncoder(folder, name="other")


def test_another_encoder_embeds_everything_anew(corpus, directory, counting, tmp_path):
    build_index([corpus], directory, counting)
    other = another_encoder(tmp_path)
    report = build_index([corpus], directory, other)
    assert (report.unchanged, report.embedded) == (3, 3)
    index = Index.open(directory)
    assert (index.manifest.encoder, index.manifest.fingerprint) == ("other", other.fingerprint)
    np.testing.assert_array_equal(
        index.vectors.rows(), other.encode([ONE.strip(), TWO.strip(), THREE.strip()], kind="passage")
    )


@pytest.mark.parametrize("name", [".qa", "index"])
def test_an_index_inside_the_corpus_folder_is_no_part_of_the_corpus(corpus, counting, name):
    for expected in ((3, 0), (0, 3)):
        report = build_index([corpus], corpus / name, counting)
        assert (report.added, report.unchanged) == expected
        assert report.problems == []


def test_a_folder_that_is_not_there_is_an_error_and_makes_no_index(tmp_path, directory, counting):
    with pytest.raises(CorpusError, match="no such file or folder"):
        build_index([tmp_path / "nowhere"], directory, counting)
    assert not directory.exists()


@pytest.mark.parametrize(
    "files", [{}, {"a.txt": b""}, {"a.txt": b"\0", "b.docx": b"x"}], ids=["empty", "unreadable", "other kinds"]
)
def test_a_folder_in_which_nothing_can_be_read_is_an_error_that_says_why(tmp_path, directory, counting, files):
    (tmp_path / "corpus").mkdir()
    for name, content in files.items():
        (tmp_path / "corpus" / name).write_bytes(content)
    with pytest.raises(CorpusError) as caught:
        build_index([tmp_path / "corpus"], directory, counting)
    assert all(str(tmp_path / "corpus" / name) in caught.value.vi for name in files)
    assert str(tmp_path / "corpus") in caught.value.en


def test_when_every_article_is_gone_the_old_index_stands(corpus, directory, counting):
    build_index([corpus], directory, counting)
    shutil.rmtree(corpus)
    corpus.mkdir()
    with pytest.raises(CorpusError):
        build_index([corpus], directory, counting)
    assert len(articles(directory)) == 3


def test_a_file_where_the_index_folder_should_be_is_an_error(corpus, directory, counting):
    directory.write_text("x")
    with pytest.raises(StoreError, match="--index"):
        build_index([corpus], directory, counting)


def test_a_folder_of_front_matter_alone_is_an_error_that_says_so(tmp_path, directory, counting):
    write(tmp_path / "corpus" / "a.md", "---\ntitle: Chỉ có tiêu đề\n---\n")
    with pytest.raises(CorpusError, match="after the front matter"):
        build_index([tmp_path / "corpus"], directory, counting)


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_an_index_without_a_single_passage_finds_nothing(tmp_path, directory, counting, mode, monkeypatch):
    monkeypatch.setattr("index.collect.split_article", lambda article: [])  # all of it is furniture
    write(tmp_path / "corpus" / "a.md", "---\ntitle: Chỉ có tiêu đề\n---\nTin liên quan\n")
    for _ in range(2):
        assert build_index([tmp_path / "corpus"], directory, counting).passages == 0
    assert search(Index.open(directory), counting, "tiêu đề", limit=3, mode=mode) == []


@pytest.mark.parametrize(
    "head",
    [
        "date: 1850-01-01",
        "date: 0018-08-12",
        'title: "\\ud83d\\ude00 Vui"',
        'title: "\\ud83d"',
        'source: "a\\0b"',
        "title: 😀",
    ],
    ids=ascii,
)
def test_whatever_the_front_matter_says_the_article_is_indexed_and_found_again(tmp_path, directory, counting, head):
    write(tmp_path / "corpus" / "a.md", f"---\n{head}\n---\n{ONE}")
    for _ in range(2):
        build_index([tmp_path / "corpus"], directory, counting)
    index = Index.open(directory)
    (hit,) = search(index, counting, "Cục Ngoại vụ", limit=1, filters=Filters(source=None))
    assert index.database.article(hit.passage.article).article.text.endswith(ONE)


def test_an_impossible_date_in_a_page_header_stops_no_build(corpus, directory, counting):
    write(corpus / "a.txt", f"Thứ Hai, 31/02/2018\n{ONE}")
    assert build_index([corpus], directory, counting).added == 3


def test_a_zero_byte_far_down_in_a_file_shifts_no_passage(corpus, directory, counting):
    write(corpus / "a.txt", ONE * 400 + "\0\n" + TWO * 20)
    build_index([corpus], directory, counting)
    assert [passage for passage in passages(directory) if len(passage.text) != passage.end - passage.start] == []


@pytest.mark.parametrize(
    "name", ["b\xe0i.txt".encode("latin-1"), "hai\ndòng.txt".encode(), "đối ngoại “x”.txt".encode()], ids=ascii
)
def test_an_odd_file_name_stops_no_build(corpus, directory, counting, name):
    Path(os.fsdecode(os.fsencode(corpus) + b"/" + name)).write_text(ONE, encoding="utf-8")
    report = build_index([corpus], directory, counting)
    assert report.added + len(report.problems) == 4
    assert len(articles(directory)) >= 3


EDITS = st.lists(
    st.tuples(st.sampled_from(["a.txt", "b.txt", "c/c.md", "d.txt"]), st.sampled_from([None, ONE, TWO, THREE])),
    max_size=4,
)


@settings(max_examples=12)
@given(st.lists(EDITS, min_size=1, max_size=3))
def test_an_index_updated_step_by_step_is_the_index_built_at_once(tmp_path_factory, memory, steps):
    folder = tmp_path_factory.mktemp("steps")
    write(folder / "corpus" / "always.txt", "Báo cáo của Ban.")
    for edits in steps:
        for name, text in edits:
            if text is None:
                (folder / "corpus" / name).unlink(missing_ok=True)
            else:
                write(folder / "corpus" / name, text)
        build_index([folder / "corpus"], folder / "updated", memory)
    build_index([folder / "corpus"], folder / "at-once", memory)
    updated, at_once = Index.open(folder / "updated"), Index.open(folder / "at-once")
    np.testing.assert_array_equal(updated.vectors.rows(), at_once.vectors.rows())
    np.testing.assert_array_equal(updated.postings.scores, at_once.postings.scores)
    assert passages(folder / "updated") == passages(folder / "at-once")
    assert list(updated.database.articles()) == list(at_once.database.articles())
