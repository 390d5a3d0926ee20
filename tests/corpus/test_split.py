"""Articles into passages: whole sentences, in order, none twice, none too long."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, context_line
from corpus.dates import PartialDate
from corpus.furniture import split_furniture
from corpus.read import find_sources, read_source
from corpus.split import MAX_SYLLABLES, split_article
from corpus.text import nfc, syllables


def article_of(text, **fields):
    lines, dropped = split_furniture(text)
    blocks = tuple((line.start, line.end) for line in lines)
    return Article("bài.txt", "bài.txt", "", text, blocks, tuple(dropped), **fields)


WORDS = st.sampled_from(
    ["hội", "Ngoại", "vụ", "5.800", "TP.", "Hồ", "“Chí", "Minh”", "(Ảnh)", "tác,", "tư;", "tỉnh/thành", "Bộ:", "Cục…"]
)
SENTENCES = st.tuples(
    st.lists(WORDS, min_size=1, max_size=60).map(" ".join), st.sampled_from([". ", "! ", "… ", ".\n", "\n", "\n\n"])
)
FURNITURE = st.sampled_from(["\nChia sẻ\n", "\n***\n", "\nTIN LIÊN QUAN | |\nMột tít khác |\n", " | |\n"])
PAGES = st.lists(st.one_of(SENTENCES.map("".join), FURNITURE), min_size=1, max_size=25).map("".join).map(nfc)
ANY = st.one_of(PAGES, st.text(st.characters(exclude_categories=["Cs"]), max_size=300).map(nfc))


@given(ANY)
def test_a_passage_is_what_stands_in_its_article(text):
    article = article_of(text)
    for passage in split_article(article):
        assert article.text[passage.start : passage.end] == passage.text == passage.text.strip() != ""


@given(ANY)
def test_passages_come_in_order_and_never_overlap(text):
    passages = split_article(article_of(text))
    assert all(a.end <= b.start for a, b in itertools.pairwise(passages))


@given(ANY)
def test_every_visible_character_of_the_article_lies_in_a_passage(text):
    article = article_of(text)
    covered = {place for passage in split_article(article) for place in range(passage.start, passage.end)}
    assert [
        place
        for start, end in article.blocks
        for place in range(start, end)
        if not text[place].isspace() and place not in covered
    ] == []


@given(ANY)
def test_furniture_lies_in_no_passage(text):
    article = article_of(text)
    for passage in split_article(article):
        assert not any(passage.start < entry.end and entry.start < passage.end for entry in article.dropped)


@given(ANY)
def test_no_passage_is_longer_than_allowed(text):
    assert all(len(syllables(passage.text)) <= MAX_SYLLABLES for passage in split_article(article_of(text)))


@pytest.mark.parametrize("word", ["tỉnh/thành", "2014-2015", "a/b/c/d/e/f/g/h", "18-23/12/2023"])
def test_words_of_several_syllables_make_no_passage_too_long(word):
    passages = split_article(article_of(" ".join([word] * 400)))
    assert max(len(syllables(passage.text)) for passage in passages) <= MAX_SYLLABLES


SIMPLE = [f"Câu thứ {number} của bài nói về việc thứ {number} mà tỉnh đã làm trong năm ấy." for number in range(60)]


@given(st.lists(st.sampled_from([" ", "\n", "\n\n"]), min_size=len(SIMPLE), max_size=len(SIMPLE)))
def test_a_passage_begins_and_ends_with_a_sentence(gaps):
    text = "".join(sentence + gap for sentence, gap in zip(SIMPLE, gaps, strict=True))
    passages = split_article(article_of(text))
    assert len(passages) > 1
    assert [sentence for passage in passages for sentence in re.split(r"(?<=\.)\s+", passage.text)] == SIMPLE


def test_a_short_article_is_one_passage():
    (passage,) = split_article(article_of("Một câu. Hai câu. Ba câu."))
    assert passage.text == "Một câu. Hai câu. Ba câu."


def test_a_short_rest_joins_the_passage_before_it():
    text = " ".join([*SIMPLE[:8], "Hết."])
    assert split_article(article_of(text))[-1].text.endswith("Hết.")
    assert len(syllables(split_article(article_of(text))[-1].text)) > 10


def test_a_sentence_of_ten_thousand_words_is_cut_between_words():
    words = [f"từ{chr(97 + number % 26)}" for number in range(10_000)]
    passages = split_article(article_of(" ".join(words)))
    assert [word for passage in passages for word in passage.text.split()] == words
    assert max(len(passage.text.split()) for passage in passages) <= MAX_SYLLABLES


def test_a_long_sentence_is_cut_at_its_clauses():
    text = " ".join(f"việc thứ {number} là đón khách quốc tế đến thăm;" for number in range(60)) + " hết."
    assert all(passage.text.endswith(";") for passage in split_article(article_of(text))[:-1])


def test_a_word_that_never_ends_is_cut_all_the_same():
    passages = split_article(article_of("a" * 10_000))
    assert "".join(passage.text for passage in passages) == "a" * 10_000
    assert len(passages) > 1


def test_a_sentence_that_goes_on_in_the_next_line_is_never_cut_there():
    text = "\n".join(f"{SIMPLE[i].removesuffix('.')}\nvà cả việc khác nữa." for i in range(40))
    assert not any(passage.text.startswith("và") for passage in split_article(article_of(text)))


def test_furniture_between_two_paragraphs_parts_their_passages():
    text = f"{SIMPLE[0]}\nChia sẻ\n{SIMPLE[1]}"
    assert [passage.text for passage in split_article(article_of(text))] == SIMPLE[:2]


@pytest.mark.parametrize(
    ("title", "source", "when", "line"),
    [
        ("Khai mạc", "Bản tin", "2018-08-12", "Khai mạc – Bản tin, ngày 12/8/2018. "),
        ("Khai mạc.", None, "2018", "Khai mạc – năm 2018. "),
        ("Khai mạc", "Bản tin", None, "Khai mạc – Bản tin. "),
        ("", None, "2018-08", "tháng 8/2018. "),
        ("Khai mạc", None, None, "Khai mạc. "),
        ("", None, None, ""),
    ],
)
def test_the_context_line_says_what_is_known(title, source, when, line):
    assert context_line(title, source, PartialDate.parse(when) if when else None) == line


def test_the_context_is_read_in_front_of_a_passage_and_is_no_part_of_it():
    (passage,) = split_article(article_of("Một câu.", title="Khai mạc"))
    assert (passage.text, passage.contextual_text) == ("Một câu.", "Khai mạc. Một câu.")


@pytest.fixture(scope="module")
def sample_articles(sample_corpus):
    sources, _ = find_sources(sample_corpus)
    return [read_source(source).article for source in sources]


def test_the_sample_corpus_makes_passages_of_a_readable_size(sample_articles):
    sizes = [len(syllables(passage.text)) for article in sample_articles for passage in split_article(article)]
    assert len(sizes) >= len(sample_articles)
    assert min(sizes) >= 10
    assert max(sizes) <= MAX_SYLLABLES


def test_every_passage_of_the_sample_corpus_knows_its_title_and_day(sample_articles):
    for article in sample_articles:
        line = f"{article.title.rstrip(' .')} – {article.source}, {article.date.in_vietnamese()}. "
        assert {passage.context for passage in split_article(article)} == {line}


def test_no_word_of_the_sample_corpus_is_taken_for_furniture(sample_articles):
    dropped = [article.text[entry.start : entry.end] for article in sample_articles for entry in article.dropped]
    assert not any(c.isalnum() for text in dropped for c in text)
