"""Quotes found again: verbatim, in other spelling, nearly, or nowhere."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import InputError
from qa.citing.quotes import MAX_CHARACTERS, MAX_PLACES, MIN_CHARACTERS, find_quote

QUICK = settings(max_examples=40)
ARTICLE = (
    "Sự kiện “Gặp gỡ Israel” diễn ra ở Hà Nội ngày 5/11/2015 – đúng kế hoạch đã định. Thứ trưởng Ngoại giao Lê Hoài "
    "Trung đọc lời khai mạc trước đông đảo đại biểu của các tỉnh, thành phố trực thuộc Trung ương.\n\n"
    "Cuộc gặp xoay quanh chủ đề hợp tác nông nghiệp công nghệ cao; mỗi nước một chủ đề, rồi căn cứ vào đó để mời những "
    "địa phương có nhu cầu phù hợp. Cách tổ chức ấy tốn công hơn, nhưng Khánh Hòa và Đắk Lắk đều khen.\n"
)
OTHER = "Báo cáo của Bộ Ngoại giao cho thấy năm 2012 có khoảng 5.800 đoàn ra và 8.700 đoàn vào.\n"
WORDS = [match.span() for match in re.finditer(r"\w+", ARTICLE)]


@pytest.fixture(scope="module")
def index(indexed, tmp_path_factory):
    return indexed(tmp_path_factory.mktemp("quotes"), {"a.md": ARTICLE, "b.md": OTHER})


@st.composite
def stretches(draw, least=5, most=25):
    """Draw a span of the article that begins and ends with a word."""
    first = draw(st.integers(0, len(WORDS) - least))
    last = draw(st.integers(first + least, min(first + most, len(WORDS)))) - 1
    return WORDS[first][0], WORDS[last][1]


def without_accents(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("Đ", "D")


def places(found) -> list[tuple[str, int, int]]:
    return [(place.citation.article, place.citation.start, place.citation.end) for place in found]


@QUICK
@given(stretches())
def test_a_verbatim_quote_is_found_where_it_stands(index, span):
    found = find_quote(index, ARTICLE[slice(*span)])
    assert ("a.md", *span) in places(found)
    assert {place.match for place in found} == {"exact"}


@QUICK
@given(stretches())
def test_a_quote_in_decomposed_unicode_is_verbatim(index, span):
    found = find_quote(index, unicodedata.normalize("NFD", ARTICLE[slice(*span)]))
    assert ("a.md", *span) in places(found)


RESPELLINGS = {
    "no accents": without_accents,
    "upper case": str.upper,
    "lower case": str.lower,
    "straight quotation marks": lambda text: text.replace("“", '"').replace("”", '"'),
    "hyphens": lambda text: text.replace("–", "-"),
    "em dashes": lambda text: text.replace("–", "—"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "doubled spaces": lambda text: text.replace(" ", "  "),
    "one line": lambda text: " ".join(text.split()),
    "broken lines": lambda text: text.replace(" ", "\n"),
    "tone marks elsewhere": lambda text: text.replace("òa", "oà").replace("ủy", "uỷ"),
}


@pytest.mark.parametrize("respell", RESPELLINGS.values(), ids=RESPELLINGS.keys())
@QUICK
@given(stretches())
def test_a_respelt_quote_is_found_where_its_words_stand(index, respell, span):
    found = find_quote(index, respell(ARTICLE[slice(*span)]))
    assert ("a.md", *span) in places(found)
    assert {place.match for place in found} <= {"exact", "folded"}


@QUICK
@given(stretches(least=14), st.integers(3, 10), st.sampled_from(["kia", "Long", "sáu"]))
def test_a_quote_with_one_wrong_word_is_found_nearly(index, span, place, wrong):
    words = ARTICLE[slice(*span)].split(" ")
    words[place] = wrong
    found = find_quote(index, " ".join(words))
    assert {p.match for p in found} == {"near"}
    assert any(p.citation.article == "a.md" and p.citation.start < span[1] and span[0] < p.citation.end for p in found)


@QUICK
@given(stretches(least=14), st.integers(3, 10))
def test_a_near_place_begins_and_ends_between_words(index, span, place):
    words = ARTICLE[slice(*span)].split(" ")
    words[place] = "kia"
    for found in find_quote(index, " ".join(words)):
        assert not re.match(r"\w\w", ARTICLE[max(0, found.citation.start - 1) : found.citation.start + 1])
        assert not re.match(r"\w\w", ARTICLE[found.citation.end - 1 : found.citation.end + 1])


@QUICK
@given(stretches(), st.sampled_from([str, str.upper, without_accents, lambda text: text.replace(" ", " kia ", 1)]))
def test_every_place_found_is_a_slice_of_the_source_file(index, span, spoil):
    for place in find_quote(index, spoil(ARTICLE[slice(*span)])):
        text = Path(place.citation.path).read_text(encoding="utf-8")
        assert text[place.citation.start : place.citation.end] == place.citation.quote
        assert place.citation.verified


@pytest.mark.parametrize(
    "quote",
    [
        "zzzz qqqq xxxx wwww",
        "Giá vàng trong nước sáng nay tăng mạnh theo đà của thế giới",
        "Thứ trưởng đọc diễn văn bế mạc vào chiều hôm sau tại Đà Nẵng",
        "!!!! ????",
    ],
)
def test_a_quote_that_nobody_wrote_stands_nowhere(index, quote):
    assert find_quote(index, quote) == []


def test_a_part_of_a_word_without_its_accents_is_no_place(index):
    assert all(place.match != "folded" for place in find_quote(index, "en ra o Ha Noi nga"))


def test_quotation_marks_around_the_quote_are_the_askers(index):
    start = ARTICLE.index("Gặp gỡ Israel")
    assert places(find_quote(index, '"Gặp gỡ Israel"')) == [("a.md", start, start + len("Gặp gỡ Israel"))]


def test_every_verbatim_place_is_found(index):
    wanted = "chủ đề"
    assert len(find_quote(index, wanted)) == ARTICLE.count(wanted) == 2


def test_no_more_than_the_greatest_number_of_places_is_shown(indexed, tmp_path):
    index = indexed(tmp_path, {"a.md": "Gặp gỡ nhau. " * (MAX_PLACES + 5)})
    assert len(find_quote(index, "Gặp gỡ nhau")) == MAX_PLACES


@pytest.mark.parametrize("quote", ["", "  ", "“”", "a" * (MIN_CHARACTERS - 1), "a" * (MAX_CHARACTERS + 1)])
def test_what_is_too_short_or_too_long_for_a_quote_is_refused(index, quote):
    with pytest.raises(InputError):
        find_quote(index, quote)
