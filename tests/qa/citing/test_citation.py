"""Citations: ids that can be read back, and standing up to the file again."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article, Passage
from corpus.errors import InputError
from corpus.read import Source, read_source
from corpus.text import trim
from qa.citing.citation import Citation, cite, parse_citation_id, stands

QUICK = settings(max_examples=150)
TEXT = (
    "Hội nghị Ngoại vụ toàn quốc\n\n"
    "Ông Nguyễn Hoàng Long, Cục trưởng Cục Ngoại vụ, trình bày báo cáo. Hội nghị họp ở TP. Hồ Chí Minh.\n"
    "Có 48 Sở Ngoại vụ… Ai cũng mừng! “Gặp gỡ Israel” là tên của cuộc gặp.\n\n"
    "Đoạn cuối, không có dấu chấm\n"
)
FILE_NAME = st.text(
    st.one_of(st.sampled_from("#@ -0123456789abc"), st.characters(exclude_categories=["C", "Z"])), min_size=1
)
DIGEST = st.text("0123456789abcdef", min_size=64, max_size=64)


def made(article: str, start: int, end: int, sha256: str) -> Citation:
    return Citation(article, f"/{article}", "", None, None, False, start, end, "", "", 0, sha256, True)


def article_at(path) -> Article:
    article = read_source(Source(path.name, path)).article
    assert article is not None
    return article


@pytest.fixture(scope="module")
def article(tmp_path_factory) -> Article:
    path = tmp_path_factory.mktemp("cited") / "bài #1 @ Huế.md"
    path.write_text(TEXT, encoding="utf-8")
    return article_at(path)


@pytest.fixture
def cited(tmp_path):
    """Return a citation of a name in a file of its own, which the test may spoil."""
    path = tmp_path / "a.md"
    path.write_text(TEXT, encoding="utf-8")
    found = article_at(path)
    start = TEXT.index("Nguyễn Hoàng Long")
    return path, cite(found, start, start + len("Nguyễn Hoàng Long"))


def still_stands(citation: Citation) -> bool:
    return stands(citation.path, citation.start, citation.end, citation.quote, citation.sha256)


def same_place(one: Citation, text: str) -> bool:
    read = parse_citation_id(text)
    return (read.article, read.start, read.end) == (one.article, one.start, one.end) and one.sha256.startswith(
        read.digest
    )


@QUICK
@given(FILE_NAME.filter(lambda name: name == name.strip()), st.integers(0, 10**8), st.integers(1, 10**6), DIGEST)
def test_an_id_reads_back_as_the_place_it_was_made_of(name, start, length, sha256):
    citation = made(name, start, start + length, sha256)
    assert same_place(citation, citation.id)


@pytest.mark.parametrize("name", [" a.md", "a\nb.md", "a.md#1-2@0123abcd", "thư mục/bài số 1.md"])
def test_an_id_reads_back_whatever_the_file_is_called(name):
    citation = made(name, 3, 9, "0123456789abcdef" * 4)
    assert same_place(citation, citation.id)


def test_an_id_may_be_pasted_with_white_space_around_it():
    citation = made("a.md", 3, 9, "0123456789abcdef" * 4)
    assert same_place(citation, f"  {citation.id}\n")


@pytest.mark.parametrize(
    "text",
    ["", "a.md", "a.md#1-2", "a.md#1@0123abcd", "#1-2@0123abcd", "a.md#2-1@0123abcd", "a.md#2-2@0123abcd",
     "a.md#1-2@0123", "a.md#1-2@0123ABCD", "a.md#-1-2@0123abcd", "a.md#1-2@0123abcd!", "a.md#1-" + "9" * 5000],
)  # fmt: skip
def test_what_is_no_id_is_refused(text):
    with pytest.raises(InputError, match="not a citation id"):
        parse_citation_id(text)


@st.composite
def spans(draw):
    start = draw(st.integers(0, len(TEXT) - 1))
    return start, draw(st.integers(start + 1, len(TEXT)))


@QUICK
@given(spans())
def test_a_quote_is_the_files_text_at_its_offsets(article, span):
    citation = cite(article, *span)
    assert (citation.quote, citation.verified) == (TEXT[slice(*span)], True)


@QUICK
@given(spans())
def test_a_sentence_holds_its_quote_where_it_says(article, span):
    citation = cite(article, *span)
    low = citation.start - citation.sentence_start
    assert citation.sentence[low : low + len(citation.quote)] == citation.quote
    assert TEXT[citation.sentence_start :].startswith(citation.sentence)


@QUICK
@given(spans())
def test_a_quote_within_one_sentence_is_cited_with_that_sentence_alone(article, span):
    sentences = [
        "Hội nghị họp ở TP. Hồ Chí Minh.",
        "Có 48 Sở Ngoại vụ…",
        "Ai cũng mừng!",
        "Đoạn cuối, không có dấu chấm",
    ]
    places = [(TEXT.index(sentence), sentence) for sentence in sentences]
    start, end = trim(TEXT, *span)
    inside = [s for low, s in places if low <= start < end <= low + len(s)]
    assert not inside or cite(article, start, end).sentence == inside[0]


def test_a_sentence_ends_with_the_passage_that_was_read(article):
    start = TEXT.index("Cục trưởng")
    passage = Passage(article.id, start, start + 30, TEXT[start : start + 30], "")
    citation = cite(article, start, start + 10, within=passage)
    assert (citation.sentence_start, citation.sentence) == (start, TEXT[start : start + 30].strip())


def test_a_citation_of_an_untouched_file_stands(cited):
    _, citation = cited
    assert citation.verified
    assert still_stands(citation)


def test_a_citation_of_a_file_changed_elsewhere_stands_no_more(cited):
    path, citation = cited
    path.write_text(TEXT.replace("không có dấu chấm", "có dấu chấm."), encoding="utf-8")
    assert not still_stands(citation)


def test_a_citation_of_a_truncated_file_stands_no_more(cited):
    path, citation = cited
    path.write_bytes(path.read_bytes()[:40])
    assert not still_stands(citation)


def test_a_citation_of_an_emptied_file_stands_no_more(cited):
    path, citation = cited
    path.write_bytes(b"")
    assert not still_stands(citation)


def test_a_citation_of_a_missing_file_stands_no_more(cited):
    path, citation = cited
    path.unlink()
    assert not still_stands(citation)


def test_a_citation_of_a_file_that_became_a_folder_stands_no_more(cited):
    path, citation = cited
    path.unlink()
    path.mkdir()
    assert not still_stands(citation)


def test_a_citation_of_a_file_that_is_no_text_any_more_stands_no_more(cited):
    path, citation = cited
    path.write_bytes(b"\xff\xfe" + path.read_bytes())
    assert not still_stands(citation)


def test_a_file_put_back_as_it_was_makes_its_citation_stand_again(cited):
    path, citation = cited
    data = path.read_bytes()
    path.write_bytes(data[:40])
    path.write_bytes(data)
    assert still_stands(citation)


def test_an_invented_quote_does_not_stand_in_the_right_file(cited):
    _, citation = cited
    assert not stands(citation.path, citation.start, citation.end, "Nguyễn Hoàng Lân", citation.sha256)


def test_a_quote_at_other_offsets_does_not_stand(cited):
    _, citation = cited
    assert not stands(citation.path, citation.start + 1, citation.end + 1, citation.quote, citation.sha256)


@pytest.mark.parametrize(
    "saved",
    [
        unicodedata.normalize("NFD", TEXT).encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
    ],
    ids=["decomposed", "byte order mark", "Windows line ends"],
)
def test_a_citation_stands_however_the_same_text_is_saved(tmp_path, saved):
    path = tmp_path / "a.md"
    path.write_bytes(saved)
    found = article_at(path)
    start = found.text.index("Nguyễn Hoàng Long")
    citation = cite(found, start, start + 17)
    assert (citation.quote, citation.verified) == ("Nguyễn Hoàng Long", True)
