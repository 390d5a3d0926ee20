"""Files on disk: read as UTF-8 text, or said to be what they are."""

import hashlib
import os
import subprocess
import threading
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import CorpusError, FolderError
from corpus.read import (
    MAX_BYTES,
    MAX_CHARACTERS,
    MAX_DROPPED,
    MAX_LINES,
    MAX_MARKS,
    Source,
    decode,
    find_sources,
    read_bytes,
    read_source,
)
from corpus.split import split_article

BODY = "Sở Ngoại vụ hôm qua đã tiếp đoàn khách quốc tế.\nĐoàn gồm mười hai người.\n"


def write(path, content=BODY):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path, content):
    return read_source(Source(path.name, write(path, content)))


def ids(root):
    return [source.id for source in find_sources(root)[0]]


def test_an_article_is_the_text_of_its_file(tmp_path):
    article = read(tmp_path / "a.txt", BODY).article
    assert article.text == BODY
    assert article.sha256 == hashlib.sha256(BODY.encode()).hexdigest()
    assert (article.id, article.path) == ("a.txt", str(tmp_path / "a.txt"))


def test_the_front_matter_says_what_the_article_is(tmp_path):
    article = read(tmp_path / "a.md", f"---\ntitle: Tiếp khách\ndate: 2018-08-12\nsource: Bản tin\n---\n{BODY}").article
    assert (article.title, str(article.date), article.date_inferred, article.source) == (
        "Tiếp khách",
        "2018-08-12",
        False,
        "Bản tin",
    )
    assert [article.text[low:high] for low, high in article.blocks] == BODY.splitlines()


def test_a_date_found_in_the_text_is_said_to_be_inferred(tmp_path):
    article = read(tmp_path / "a.txt", f"Thứ Tư, 29/08/2012\n{BODY}").article
    assert (str(article.date), article.date_inferred) == ("2012-08-29", True)


def test_an_article_without_a_date_has_none_and_none_is_inferred(tmp_path):
    article = read(tmp_path / "a.txt", BODY).article
    assert (article.date, article.date_inferred) == (None, False)


def test_the_first_headline_is_the_title(tmp_path):
    assert read(tmp_path / "a.txt", f"# Tiếp khách quốc tế\n{BODY}").article.title == "Tiếp khách quốc tế"


def test_a_page_header_is_no_title(tmp_path):
    assert read(tmp_path / "a.txt", f"Thứ Tư, 29/08/2012\nTiếp khách\n{BODY}").article.title == "Tiếp khách"


def test_a_text_that_opens_with_a_sentence_has_no_title(tmp_path):
    assert read(tmp_path / "a.txt", BODY).article.title == ""


def test_bad_front_matter_is_a_problem_and_the_article_is_there_all_the_same(tmp_path):
    outcome = read(tmp_path / "a.md", f"---\ntitle: a\ndate: hôm qua\n---\n{BODY}")
    assert f"{tmp_path / 'a.md'}:3:" in outcome.problem.en
    assert [outcome.article.text[low:high] for low, high in outcome.article.blocks] == BODY.splitlines()


def test_an_impossible_date_in_a_page_header_stops_no_reading(tmp_path):
    assert read(tmp_path / "a.txt", f"Thứ Hai, 31/02/2018\n{BODY}").article is not None


@pytest.mark.parametrize(
    "content", [b"", b"  \n\t\n", b"\xef\xbb\xbf", "\u00a0\n".encode()], ids=["empty", "white", "mark", "no-break"]
)
def test_an_empty_file_is_a_problem(tmp_path, content):
    outcome = read(tmp_path / "a.txt", content)
    assert outcome.article is None
    assert "empty" in outcome.problem.en


@pytest.mark.parametrize("order", ["le", "be"])
def test_a_file_that_notepad_saved_as_unicode_is_told_how_to_be_saved(tmp_path, order):
    outcome = read(tmp_path / "a.txt", f"\ufeffBài viết.\n{BODY}".encode(f"utf-16-{order}"))
    assert outcome.article is None
    assert "UTF-16" in outcome.problem.vi
    assert "Save it again as UTF-8" in outcome.problem.en


@pytest.mark.parametrize("content", [b"%PDF\x00\x01", "Bài".encode("utf-16-le"), b"\x7fELF\x00" + b"\xff" * 99])
def test_a_binary_file_is_a_problem(tmp_path, content):
    outcome = read(tmp_path / "a.txt", content)
    assert outcome.article is None
    assert "binary" in outcome.problem.en


def test_a_file_that_turns_binary_far_down_is_a_problem(tmp_path):
    outcome = read(tmp_path / "a.txt", BODY.encode() * 200 + b"\0" + BODY.encode())
    assert outcome.article is None


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_file_that_is_not_utf8_is_a_problem_that_names_its_line(tmp_path, ends):
    content = f"Một{ends}Hai{ends}".encode() + "Bài viết cũ".encode("utf-16-le").replace(b"\0", b"") + b"\xe0i\n"
    outcome = read(tmp_path / "a.txt", content)
    assert outcome.article is None
    assert f"{tmp_path / 'a.txt'}:3:" in outcome.problem.en
    assert f"{tmp_path / 'a.txt'}:3:" in outcome.problem.vi


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    assert read(tmp_path / "a.txt", b"\xef\xbb\xbf" + BODY.encode()).article.text == BODY


def test_front_matter_after_a_byte_order_mark_is_read(tmp_path):
    assert read(tmp_path / "a.md", b"\xef\xbb\xbf---\r\ntitle: A\r\n---\r\n" + BODY.encode()).article.title == "A"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends_are_read_as_line_ends(tmp_path, end):
    assert read(tmp_path / "a.txt", BODY.replace("\n", end)).article.text == BODY


def test_decomposed_text_is_composed(tmp_path):
    article = read(tmp_path / "a.txt", unicodedata.normalize("NFD", BODY)).article
    assert article.text == BODY


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), min_size=1).filter(str.strip))
def test_any_text_is_read_composed_and_with_plain_line_ends(text):
    expected = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    assert decode(text.encode(), Path("a.txt")) == expected


def test_a_file_over_the_limit_is_a_problem(tmp_path):
    path = tmp_path / "a.txt"
    with path.open("wb") as stream:
        stream.write(BODY.encode())
        stream.truncate(MAX_BYTES + 1)
    outcome = read_source(Source("a.txt", path))
    assert outcome.article is None
    assert "16 MB" in outcome.problem.en


def test_a_file_that_vanishes_after_it_was_listed_is_a_problem(tmp_path):
    path = write(tmp_path / "a.txt")
    (source,), _ = find_sources(tmp_path)
    path.unlink()
    outcome = read_source(source)
    assert outcome.article is None
    assert str(path) in outcome.problem.en


def test_a_folder_where_a_file_was_is_a_problem(tmp_path):
    (tmp_path / "a.txt").mkdir()
    assert read_source(Source("a.txt", tmp_path / "a.txt")).problem is not None


def test_a_pipe_is_no_article(tmp_path):
    """The writer hangs up after a moment, so that a reader who waits for it is caught and not left hanging."""
    path = tmp_path / "a.txt"
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR)
    os.write(writer, BODY.encode())
    timer = threading.Timer(0.5, os.close, [writer])
    timer.start()
    try:
        assert read_source(Source("a.txt", path)).article is None
    finally:
        timer.join()


needs_permissions = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")


@needs_permissions
def test_a_file_that_may_not_be_read_is_a_problem(tmp_path):
    path = write(tmp_path / "a.txt")
    path.chmod(0)
    assert "permission" in read_source(Source("a.txt", path)).problem.en.lower()


@needs_permissions
def test_a_folder_that_may_not_be_read_is_a_problem(tmp_path):
    write(tmp_path / "b" / "a.txt").parent.chmod(0)
    try:
        assert str(tmp_path / "b") in find_sources(tmp_path)[1][0].en
    finally:
        (tmp_path / "b").chmod(0o700)


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(CorpusError, match="no such file or folder"):
        find_sources(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["a" * 5000, "a\0b"], ids=["too long", "with a zero byte"])
def test_a_path_that_cannot_be_is_an_error(tmp_path, name):
    with pytest.raises(CorpusError):
        find_sources(tmp_path / name)


def test_front_matter_without_a_body_is_a_problem(tmp_path):
    (tmp_path / "a.md").write_text("---\ntitle: Chỉ có đầu\n---\n\n", encoding="utf-8")
    outcome = read_source(Source("a.md", tmp_path / "a.md"))
    assert outcome.article is None
    assert "after the front matter" in outcome.problem.en


def test_an_empty_folder_has_no_articles(tmp_path):
    assert find_sources(tmp_path) == ([], [])


def test_a_single_file_is_a_corpus(tmp_path):
    assert [source.id for source in find_sources(write(tmp_path / "a.txt"))[0]] == ["a.txt"]


def test_a_single_file_of_another_kind_is_an_error(tmp_path):
    with pytest.raises(CorpusError, match=r"neither \.txt nor \.md"):
        find_sources(write(tmp_path / "a.docx"))


def test_articles_are_listed_by_id_from_every_folder(tmp_path):
    for name in ("b.txt", "a/z.md", "a/b/c.TXT", "Đ.md"):
        write(tmp_path / name)
    assert ids(tmp_path) == sorted(["b.txt", "a/z.md", "a/b/c.TXT", "Đ.md"])


def test_hidden_files_and_folders_are_left_alone(tmp_path):
    for name in (".a.txt", ".git/a.txt", "b/.c/a.txt", "b/a.txt"):
        write(tmp_path / name)
    assert find_sources(tmp_path)[1] == []
    assert ids(tmp_path) == ["b/a.txt"]


def test_a_hidden_folder_may_be_named_as_the_corpus(tmp_path):
    write(tmp_path / ".bài" / "a.txt")
    assert ids(tmp_path / ".bài") == ["a.txt"]


@pytest.mark.parametrize("name", ["a.docx", "a", "a.txt.bak", "a.pdf"])
def test_a_file_of_another_kind_is_passed_over_and_said_so(tmp_path, name):
    write(tmp_path / name)
    write(tmp_path / "b.txt")
    sources, (problem,) = find_sources(tmp_path)
    assert [source.id for source in sources] == ["b.txt"]
    assert str(tmp_path / name) in problem.en


@pytest.mark.parametrize(
    "name",
    [
        "Bài viết số 1.txt",
        "hai\ndòng.txt",
        " .txt",
        unicodedata.normalize("NFD", "đối ngoại.md"),
        "-rf.txt",
        "“x”*?.md",
        "a#b:1.txt",
    ],
)
def test_an_odd_file_name_is_read_like_any_other(tmp_path, name):
    write(tmp_path / name)
    (source,), problems = find_sources(tmp_path)
    assert problems == []
    assert source.id == name
    assert read_source(source).article.text == BODY


def test_a_folder_named_like_a_file_is_walked(tmp_path):
    write(tmp_path / "b.txt" / "a.txt")
    assert find_sources(tmp_path)[1] == []
    assert ids(tmp_path) == ["b.txt/a.txt"]


def test_a_link_within_the_corpus_is_read(tmp_path):
    write(tmp_path / "b" / "a.txt")
    (tmp_path / "c.txt").symlink_to("b/a.txt")
    assert ids(tmp_path) == ["b/a.txt", "c.txt"]


@pytest.mark.parametrize("name", ["link.txt", "link"])
def test_a_link_that_leads_out_of_the_corpus_is_not_followed(tmp_path, name):
    write(tmp_path / "secret" / "a.txt")
    write(tmp_path / "corpus" / "b.txt")
    target = tmp_path / "secret" / "a.txt" if name.endswith("txt") else tmp_path / "secret"
    (tmp_path / "corpus" / name).symlink_to(target)
    sources, (problem,) = find_sources(tmp_path / "corpus")
    assert [source.id for source in sources] == ["b.txt"]
    assert str(tmp_path / "corpus" / name) in problem.en


def test_the_corpus_folder_itself_may_be_a_link(tmp_path):
    write(tmp_path / "real" / "a.txt")
    (tmp_path / "corpus").symlink_to("real")
    assert ids(tmp_path / "corpus") == ["a.txt"]


def test_a_link_to_nothing_is_a_problem(tmp_path):
    (tmp_path / "a.txt").symlink_to("nowhere.txt")
    sources, problems = find_sources(tmp_path)
    assert len(problems) + sum(read_source(source).problem is not None for source in sources) == 1


@pytest.mark.parametrize("name", ["a.txt", "a"])
def test_a_link_that_leads_to_itself_is_a_problem(tmp_path, name):
    write(tmp_path / "b.txt")
    (tmp_path / name).symlink_to(name)
    sources, problems = find_sources(tmp_path)
    assert len(problems) + sum(read_source(source).problem is not None for source in sources) == 1


def test_a_folder_that_links_back_to_its_parent_is_walked_once(tmp_path):
    write(tmp_path / "b" / "a.txt")
    (tmp_path / "b" / "up").symlink_to("..")
    assert ids(tmp_path) == ["b/a.txt"]


def test_two_files_of_the_same_text_are_two_articles_of_one_hash(tmp_path):
    write(tmp_path / "a.txt")
    write(tmp_path / "b.txt")
    one, other = [read_source(source).article for source in find_sources(tmp_path)[0]]
    assert one.sha256 == other.sha256
    assert one.id != other.id


# What is read is what was listed


@pytest.mark.parametrize("kind", ["file", "folder", "the only file"])
def test_a_link_that_was_put_in_place_of_what_was_listed_is_not_read(tmp_path, kind):
    write(tmp_path / "out" / "a.txt", "Bí mật.\n" * 3)
    path = write(tmp_path / "in" / "sub" / "a.txt")
    (source,), _ = find_sources(path if kind == "the only file" else tmp_path / "in")
    swapped, target = (path.parent, "") if kind == "folder" else (path, "a.txt")
    swapped.rename(tmp_path / "moved")
    swapped.symlink_to(tmp_path / "out" / target)
    outcome = read_source(source)
    assert outcome.article is None
    assert "link leads out" in outcome.problem.en


def test_the_state_is_that_of_the_bytes_that_were_read(tmp_path):
    path = write(tmp_path / "a.txt")
    os.utime(path, ns=(1, 10**18))
    outcome = read(path, BODY)
    assert (outcome.state.st_size, outcome.state.st_mtime_ns) == (len(BODY.encode()), path.stat().st_mtime_ns)


def test_a_path_that_became_a_pipe_is_read_by_nobody(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    for path in (tmp_path / "a.txt", Path("/dev/zero")):
        with pytest.raises(CorpusError, match="not a plain file"):
            read_bytes(path)


# Folders and names


def test_a_thousand_folders_in_one_another_are_walked_and_what_lies_too_deep_is_said_so(tmp_path):
    """The names are short at first, so that only the number of folders counts, then long: no path may be that long."""
    here = os.open(tmp_path, os.O_RDONLY)
    names = ["a"] * 1_100 + ["b" * 200] * 20
    for number, name in enumerate(names):
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
        if number in (0, 1_099, len(names) - 1):
            file = os.open(f"{number}.txt", os.O_WRONLY | os.O_CREAT, dir_fd=here)
            os.write(file, BODY.encode())
            os.close(file)
    os.close(here)
    sources, problems = find_sources(tmp_path)
    try:
        assert [source.path.name for source in sources] == ["0.txt", "1099.txt"]
        assert all(read_source(source).article.text == BODY for source in sources)
        assert [isinstance(problem, FolderError) for problem in problems] == [True]
        assert "longer than the system allows" in problems[0].en
    finally:
        subprocess.run(["rm", "-rf", tmp_path / "a"], check=True)  # deeper than `shutil.rmtree` can go


def test_a_folder_that_vanishes_while_it_is_listed_is_a_problem(tmp_path, monkeypatch):
    write(tmp_path / "b" / "a.txt")
    write(tmp_path / "a.txt")

    def vanished(path, real=os.scandir):
        if Path(path).name == "b":
            raise FileNotFoundError(2, "No such file or directory", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", vanished)
    sources, (problem,) = find_sources(tmp_path)
    assert [source.id for source in sources] == ["a.txt"]
    assert isinstance(problem, FolderError)
    assert str(tmp_path / "b") in problem.en


def test_names_that_are_not_utf8_are_said_with_their_bytes_and_the_rest_is_read(tmp_path):
    write(tmp_path / "a.txt")
    for name in (b"b\xff.txt", b"c\xff/d.txt", b"c\xff/e.txt"):
        write(tmp_path / os.fsdecode(name))
    sources, problems = find_sources(tmp_path)
    assert [source.id for source in sources] == ["a.txt"]
    assert sorted(problem.en.split(":")[0] for problem in problems) == [f"{tmp_path}/b\\xff.txt", f"{tmp_path}/c\\xff"]
    with pytest.raises(CorpusError, match=r"c\\xff: the name is not UTF-8"):
        find_sources(tmp_path / os.fsdecode(b"c\xff"))


# Bounds


def test_a_million_blank_lines_between_two_sentences_cost_nothing(tmp_path):
    for blank, times in (("\n", 1_000_000), (" \t\r\n", 100_000)):
        outcome = read(tmp_path / "a.txt", f"Ông A dự họp.\n{blank * times}Bà B dự họp.\n")
        article = outcome.article
        assert [article.text[low:high] for low, high in article.blocks] == ["Ông A dự họp.", "Bà B dự họp."]
        assert [passage.text for passage in split_article(article)] == ["Ông A dự họp.", "Bà B dự họp."]


@pytest.mark.parametrize(
    ("content", "bound"),
    [("Câu một.\nCâu hai.\n" * (MAX_LINES // 2), MAX_LINES), ("Câu văn. " * (MAX_CHARACTERS // 9), MAX_CHARACTERS),
     ("Tin A.\nTin B.\n***\n" * MAX_DROPPED, MAX_DROPPED)],
    ids=["lines", "characters", "furniture"],
)  # fmt: skip
def test_a_file_of_just_so_much_is_read_and_one_of_more_is_not(tmp_path, content, bound):
    assert read(tmp_path / "a.txt", content).article is not None
    outcome = read(tmp_path / "a.txt", content + "Tin C.\n***\nTin D, hơn nữa.\n")
    assert outcome.article is None
    assert all(str(bound) in said for said in (outcome.problem.vi, outcome.problem.en))
    assert "Split it" in outcome.problem.en


def test_marks_piled_on_a_letter_are_a_problem_that_names_its_line(tmp_path):
    few, many = "\u0301\u0323" * (MAX_MARKS // 2), "\u0301\u0323" * 100_000
    assert read(tmp_path / "a.txt", f"Ông a{few} dự họp.\n{'═' * 300}\nHết.").article is not None
    assert f"{tmp_path / 'a.txt'}:2:" in read(tmp_path / "a.txt", f"Câu.\nÔng a{many}").problem.en


def test_a_text_that_composing_makes_longer_keeps_its_offsets(tmp_path):
    article = read(tmp_path / "a.txt", "\ufb2c\u0958 Ông A dự họp.\nBà B dự họp. \ufb2c" * 30).article
    assert len(article.text) > len("\ufb2c\u0958 Ông A dự họp.\nBà B dự họp. \ufb2c" * 30)
    passages = split_article(article)
    assert all(article.text[passage.start : passage.end] == passage.text for passage in passages)
