"""Questions as typed: their kind, the time they speak of, and what is no question."""

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import InputError
from qa.question.parse import MAX_CHARACTERS, parse_question
from qa.question.types import Kind, Window

QUICK = settings(max_examples=100)

ASKED = [
    ("Ai là Cục trưởng Cục Ngoại vụ?", Kind.WHO),
    ("Cục trưởng Cục Ngoại vụ là người nào?", Kind.WHO),
    ("Giám đốc Sở Ngoại vụ tên là gì?", Kind.WHO),
    ("Cả nước có bao nhiêu Sở Ngoại vụ?", Kind.HOW_MANY),
    ("Có mấy tỉnh lập Sở Ngoại vụ?", Kind.HOW_MANY),
    ("Hội nghị Ngoại vụ toàn quốc họp khi nào?", Kind.WHEN),
    ("Cục Ngoại vụ được lập năm nào?", Kind.WHEN),
    ("Hội nghị diễn ra vào thời gian nào?", Kind.WHEN),
    ("Hội nghị lần thứ 19 họp ở đâu?", Kind.WHERE),
    ("Hai di sản thuộc tỉnh nào?", Kind.WHERE),
    ("Chủ đề của hội nghị là gì?", Kind.OTHER),
    ("Vì sao phải đổi mới công tác ngoại vụ?", Kind.OTHER),
]


def without_accents(text: str) -> str:
    """Strip every diacritic and đ, by Unicode's own tables."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("Đ", "D")


@pytest.mark.parametrize(("text", "kind"), ASKED)
def test_a_question_word_gives_the_kind(text, kind):
    assert parse_question(text).kind is kind


@pytest.mark.parametrize(("text", "kind"), ASKED)
def test_a_question_typed_without_accents_keeps_its_kind(text, kind):
    assert parse_question(without_accents(text)).kind is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who heads the department?", Kind.WHO),
        ("Whose report was it?", Kind.WHO),
        ("How many provinces have one?", Kind.HOW_MANY),
        ("How much was invested?", Kind.HOW_MANY),
        ("When did it open?", Kind.WHEN),
        ("Where was it held?", Kind.WHERE),
        ("What was the theme?", Kind.OTHER),
    ],
)
def test_an_english_question_has_a_kind_too(text, kind):
    assert parse_question(text).kind is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Nhà máy điện đặt ở đâu?", Kind.WHERE),
        ("Máy bay hạ cánh khi nào?", Kind.WHEN),
        ("Cửa khẩu Ải Nam Quan ở đâu?", Kind.WHERE),
        ("Who was the director in May 2018?", Kind.WHO),
        ("Đơn vị nào tổ chức hội nghị?", Kind.OTHER),
    ],
)
def test_a_word_that_only_looks_like_a_question_word_gives_no_kind(text, kind):
    assert parse_question(text).kind is kind


WINDOWS = [
    ("Ai là Cục trưởng năm 2018?", date(2018, 1, 1), date(2018, 12, 31)),
    ("Hội nghị tháng 12/2021 bàn gì?", date(2021, 12, 1), date(2021, 12, 31)),
    ("Hội nghị tháng 2 năm 2020 bàn gì?", date(2020, 2, 1), date(2020, 2, 29)),
    ("Giai đoạn 2014-2016 có bao nhiêu đoàn?", date(2014, 1, 1), date(2016, 12, 31)),
    ("Từ năm 2014 đến năm 2016 có bao nhiêu đoàn?", date(2014, 1, 1), date(2016, 12, 31)),
    ("Ngày 12/8/2018 ai khai mạc hội nghị?", date(2018, 8, 12), date(2018, 8, 12)),
    ("Ngày 12 tháng 8 năm 2018 ai khai mạc hội nghị?", date(2018, 8, 12), date(2018, 8, 12)),
]


@pytest.mark.parametrize(("text", "first", "last"), WINDOWS)
def test_a_time_in_the_question_opens_the_window_of_its_days(text, first, last):
    assert parse_question(text).window == Window(first, last)


@pytest.mark.parametrize(("text", "first", "last"), WINDOWS)
def test_a_time_typed_without_accents_means_the_same_days(text, first, last):
    assert parse_question(without_accents(text)).window == Window(first, last)


@pytest.mark.parametrize("text", ["Ai là Cục trưởng?", "Có 5.800 đoàn phải không?", "Nghị quyết 16 nói gì?"])
def test_a_question_that_names_no_time_has_no_window(text):
    question = parse_question(text)
    assert (question.window, question.as_of) == (None, None)


@QUICK
@given(st.integers(1950, 2090), st.integers(1950, 2090))
def test_a_window_never_ends_before_it_begins(one, other):
    window = parse_question(f"Ai phụ trách giai đoạn {one}-{other}?").window
    assert window is not None
    assert window.first <= window.last


@QUICK
@given(st.lists(st.dates(date(2018, 1, 1), date(2018, 3, 31)), min_size=4, max_size=4))
def test_two_windows_meet_when_a_day_lies_in_both(days):
    one, other = Window(*sorted(days[:2])), Window(*sorted(days[2:]))
    shorter = min(one, other, key=lambda w: w.last - w.first)
    longer = other if shorter is one else one
    days_of_shorter = (shorter.first + timedelta(n) for n in range((shorter.last - shorter.first).days + 1))
    assert one.meets(other) == any(longer.first <= day <= longer.last for day in days_of_shorter)


@pytest.mark.parametrize(
    ("as_of", "first", "last"),
    [
        ("2018", date(2018, 1, 1), date(2018, 12, 31)),
        ("2018-02", date(2018, 1, 1), date(2018, 2, 28)),
        ("2018-08-12", date(2018, 1, 1), date(2018, 8, 12)),
        ("12/8/2018", date(2018, 1, 1), date(2018, 8, 12)),
        ("12/2018", date(2018, 1, 1), date(2018, 12, 31)),
    ],
)
def test_as_of_means_its_year_up_to_that_day(as_of, first, last):
    assert parse_question("Ai là Cục trưởng?", as_of).window == Window(first, last)


def test_a_time_in_the_question_outranks_as_of():
    assert parse_question("Ai là Cục trưởng năm 2018?", "2023").window == Window(date(2018, 1, 1), date(2018, 12, 31))


def test_as_of_is_told_back():
    assert parse_question("Ai là Cục trưởng?", "2018").as_of == "2018"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ai phụ trách năm 2018?", "2018"),
        ("Ai phụ trách tháng 8/2018?", "2018-08"),
        ("Ai phụ trách ngày 12/8/2018?", "2018-08-12"),
    ],
)
def test_a_time_named_in_the_question_is_told_back_as_an_iso_prefix(text, told):
    assert parse_question(text).as_of == told


@pytest.mark.parametrize(
    "as_of",
    ["", " ", "hôm nay", "18", "2018-13", "2018-02-30", "31/2/2018", "2018-", "20188", "1066", "2018 hay sao đó"],
)
def test_an_as_of_that_is_no_date_is_refused(as_of):
    with pytest.raises(InputError, match="as-of"):
        parse_question("Ai là Cục trưởng?", as_of)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x1b", "?!…", "!" * 900, "—", "🙂"])
def test_a_text_without_a_word_is_no_question(text):
    with pytest.raises(InputError):
        parse_question(text)


def test_a_question_of_ten_thousand_characters_is_refused_with_its_length():
    with pytest.raises(InputError, match="10000"):
        parse_question("a" * 10_000)


def test_a_question_of_the_greatest_length_is_taken():
    assert len(parse_question("a" * MAX_CHARACTERS).text) == MAX_CHARACTERS


def test_a_terminal_escape_in_a_question_is_disarmed():
    assert "\x1b" not in parse_question("Ai là \x1b[31mCục trưởng\x1b[0m?").text


def test_a_decomposed_question_is_composed():
    text = "Ai là Cục trưởng Cục Ngoại vụ?"
    assert parse_question(unicodedata.normalize("NFD", text)).text == text


@QUICK
@given(st.text(max_size=60))
def test_a_question_that_is_taken_is_one_line_of_composed_text_without_controls(text):
    try:
        taken = parse_question(text).text
    except InputError:
        return
    assert taken == unicodedata.normalize("NFC", " ".join(taken.split()))
    assert not any(unicodedata.category(c) == "Cc" for c in taken)


def test_a_question_that_is_taken_can_be_written_as_utf8():
    """Half a surrogate pair comes from a badly encoded command line or a JSON escape; no tokenizer takes it."""
    try:
        taken = parse_question("Ai là Cục tr\udcc6ởng?").text
    except InputError:
        return
    assert taken.encode()
