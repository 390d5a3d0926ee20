"""Lists of events: the entry that a question means, and the part of it that answers."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article
from corpus.dates import PartialDate
from qa.question.asked import Asked
from qa.question.parse import parse_question
from qa.reading.lists import entries, pick
from qa.reading.spans import Span

SEMICOLONS = (
    "Năm ấy có Gặp gỡ Hàn Quốc (Thanh Hóa, 24-25/3/2022; Bắc Ninh, 17-18/5/2023); Gặp gỡ Nhật Bản 2023 (Bình Định, "
    "7/7/2023; Bình Dương, 9/9/2023; Hà Nội, 2/11/2023); Gặp gỡ Canada (TP. Hồ Chí Minh, 21/8/2023); "
    "Giới thiệu Cao Bằng (3/10/2023); Giới thiệu Quảng Ngãi (25/10/2023)."
)
COMMAS = "Năm 2023, Gặp gỡ Nhật Bản họp ba lần tại Bình Định (7/7), Bình Dương (9/9) và Hà Nội (2/11)."


def article(text: str) -> Article:
    return Article(
        id="a.md", path="a.md", sha256="0" * 64, text=text, blocks=((0, len(text)),), dropped=(), title="",
        date=PartialDate(2023, 12, 15), date_inferred=False, source=None, url=None, author=None,
    )  # fmt: skip


def spans_of(question: str, text: str, spans: list[Span]) -> list[Span]:
    """The spans given to a reader's, none of which lies in an entry that is not meant."""
    found = pick(Asked(parse_question(question)), article(text), (0, len(text)), spans)
    assert all(is_meant for _, is_meant in found)
    return [span for span, _ in found]


def picked(question: str, text: str, at: str) -> list[str]:
    """The spans given to a reader's span `at` in `text`."""
    start = text.index(at)
    spans = spans_of(question, text, [Span(start, start + len(at), at, 2.0)])
    assert all(text[span.start : span.end] == span.text for span in spans)
    return [span.text for span in spans]


@pytest.mark.parametrize("text", [SEMICOLONS, COMMAS])
def test_a_meeting_held_in_three_places_has_three_answers(text):
    asked = "Gặp gỡ Nhật Bản 2023 được tổ chức ở những địa phương nào?"
    assert picked(asked, text, "Bình Định") == ["Bình Định", "Bình Dương", "Hà Nội"]


@pytest.mark.parametrize("text", [SEMICOLONS, COMMAS])
def test_a_day_tells_the_place(text):
    assert picked("Phiên Gặp gỡ Nhật Bản ngày 2/11/2023 họp ở đâu?", text, "Bình Định") == ["Hà Nội"]


@pytest.mark.parametrize(("text", "day"), [(SEMICOLONS, "9/9/2023"), (COMMAS, "9/9")])
def test_a_place_tells_the_day(text, day):
    assert picked("Gặp gỡ Nhật Bản tại Bình Dương diễn ra ngày nào?", text, "7/7") == [day]


@pytest.mark.parametrize("asked", ["gặp gỡ nhật bản ở bình dương ngày nào", "Gặp gỡ nhật bản tại bình dương khi nào?"])
def test_a_place_typed_without_capitals_is_that_place(asked):
    assert picked(asked, SEMICOLONS, "7/7/2023") == ["9/9/2023"]


def test_days_that_go_on_are_met_by_the_first_of_them():
    assert picked("Gặp gỡ Hàn Quốc ngày 17/5/2023 họp ở đâu?", SEMICOLONS, "Thanh Hóa") == ["Bắc Ninh"]


def test_a_country_tells_which_meeting():
    assert picked("Gặp gỡ Canada diễn ra ở đâu?", SEMICOLONS, "Thanh Hóa") == ["TP. Hồ Chí Minh"]


def test_a_country_or_place_that_is_not_listed_has_no_answer():
    assert picked("Gặp gỡ Pháp diễn ra ở đâu?", SEMICOLONS, "Thanh Hóa") == []
    assert picked("Gặp gỡ Nhật Bản tại Đà Nẵng diễn ra ngày nào?", SEMICOLONS, "7/7/2023") == []


def test_what_is_presented_is_not_where_it_is_presented():
    assert picked("Giới thiệu Cao Bằng diễn ra ngày nào?", SEMICOLONS, "25/10/2023") == ["3/10/2023"]
    assert picked("Giới thiệu Cao Bằng diễn ra ở đâu?", SEMICOLONS, "Cao Bằng (3/10/2023)") == []


def test_a_list_that_the_question_is_not_about_is_left_alone():
    assert picked("Hội thảo họp ở đâu?", SEMICOLONS, "Thanh Hóa") == ["Thanh Hóa"]
    assert picked("Gặp gỡ Nhật Bản họp ở đâu?", "Gặp gỡ Nhật Bản họp ở Huế.", "Huế") == ["Huế"]


def test_another_question_is_told_which_entry_is_not_meant():
    text, asked = SEMICOLONS, Asked(parse_question("Gặp gỡ Canada có gì mới?"))
    spans = [Span(text.index(at), text.index(at) + len(at), at, 2.0) for at in ("Bình Định", "TP. Hồ Chí Minh")]
    found = pick(asked, article(text), (0, len(text)), spans)
    assert found == [(spans[0], False), (spans[1], True)]


def test_an_entry_has_its_place_and_days():
    first, second, *_ = entries(article(SEMICOLONS), 0, len(SEMICOLONS))
    assert (first.provinces, second.provinces) == ({"Thanh Hóa"}, {"Bắc Ninh"})
    assert second.days is not None
    assert (second.days.first, second.days.last) == (date(2023, 5, 17), date(2023, 5, 18))


def test_a_day_that_does_not_exist_is_no_day():
    (first, _) = entries(article(text := "Gặp gỡ Lào (Huế, 31/2/2023); Gặp gỡ Nga (Huế, 1/3/2023)."), 0, len(text))
    assert first.days is None


def test_a_list_that_several_spans_lie_in_is_given_once_with_the_best_score():
    text = SEMICOLONS
    found_at = (("Hà Nội", 3.0), ("Bình Định", 2.0), ("Thanh Hóa", 1.0))
    spans = [Span(text.index(at), text.index(at) + len(at), at, score) for at, score in found_at]
    found = spans_of("Gặp gỡ Nhật Bản 2023 họp ở đâu?", text, spans)
    assert [(span.text, span.score) for span in found] == [("Bình Định", 3.0), ("Bình Dương", 3.0), ("Hà Nội", 3.0)]


def test_one_meeting_alone_is_no_list():
    text = "Gặp gỡ Nhật Bản (Bình Định, 7/7/2023) thành công."
    assert entries(article(text), 0, len(text)) == []
    assert picked("Gặp gỡ Nhật Bản diễn ra ngày nào?", text, "Bình Định") == ["Bình Định"]


def test_another_year_has_no_answer_in_the_list():
    assert picked("Gặp gỡ Nhật Bản năm 2019 họp ở đâu?", SEMICOLONS, "Bình Định") == []


@st.composite
def lists(draw):
    """Draw a list of meetings, each with its places and days, behind a sentence that is no part of it."""
    places, years = st.sampled_from(["Huế, ", "Bắc Ninh, ", "TP. Hồ Chí Minh, ", ""]), st.sampled_from(["", "/2023"])
    days = st.builds(
        "{}{}{}/{}{}".format, places, st.sampled_from(["", "7-"]), st.integers(1, 32), st.integers(0, 13), years
    )
    names = st.lists(
        st.sampled_from(["Gặp gỡ Nhật Bản", "Gặp gỡ Pháp 2023", "Giới thiệu Cao Bằng"]), min_size=1, max_size=3
    )
    meetings = [f"{name} ({'; '.join(draw(st.lists(days, min_size=1, max_size=3)))})" for name in draw(names)]
    return draw(st.sampled_from(["", "Tỉnh đã mở rộng đối ngoại. ", "Tin ngoại vụ\n\n"])) + "; ".join(meetings) + "."


ASKED = st.sampled_from([
    "Gặp gỡ Nhật Bản họp ở đâu?", "Gặp gỡ Nhật Bản tại Huế diễn ra ngày nào?", "Gặp gỡ Pháp ngày 8/7/2023 họp ở đâu?",
    "Giới thiệu Cao Bằng diễn ra khi nào?", "Gặp gỡ Nhật Bản có gì mới?", "Ai dự Gặp gỡ Pháp 2023?",
])  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(text=lists(), question=ASKED, data=st.data())
def test_what_is_picked_stands_in_the_article_at_its_offsets(text, question, data):
    low = data.draw(st.integers(0, len(text) - 1))
    spans = [
        Span(low, high := data.draw(st.integers(low + 1, len(text))), text[low:high], 2.0),
        Span(0, 1, text[:1], 1.0),
    ]
    found = pick(Asked(parse_question(question)), article(text), (0, len(text)), spans)
    assert all(text[span.start : span.end] == span.text != "" for span, _ in found)
    assert all(span.score <= 2.0 for span, _ in found)


@settings(max_examples=100, deadline=None)
@given(text=lists(), data=st.data())
def test_a_question_about_something_else_changes_no_span(text, data):
    low = data.draw(st.integers(0, len(text) - 1))
    spans = [Span(low, len(text), text[low:], 2.0)]
    assert spans_of("Hội thảo được tổ chức tại đâu?", text, spans) == spans


@settings(max_examples=100, deadline=None)
@given(st.one_of(lists(), st.text(alphabet="Gặp gỡ Nhật(Huế),;/0123456789 ", max_size=80)))
def test_entries_lie_in_the_text_in_order(text):
    found = entries(article(text), 0, len(text))
    assert all(0 <= entry.start < entry.end <= len(text) for entry in found)
    assert [entry.end for entry in found] == sorted(entry.end for entry in found)
