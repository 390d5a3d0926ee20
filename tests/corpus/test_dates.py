"""Dates as Vietnamese articles write them."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import FIRST_YEAR, LAST_YEAR, PartialDate, mentions

DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR - 1, 12, 31))


@st.composite
def partial_dates(draw):
    day = draw(DAYS)
    known = draw(st.sampled_from([1, 2, 3]))
    return PartialDate(*(day.year, day.month, day.day)[:known])


@given(partial_dates())
def test_a_date_reads_back_as_it_was_written(when):
    assert PartialDate.parse(str(when)) == when


@given(DAYS)
def test_a_day_reads_as_vietnamese_write_it(day):
    expected = PartialDate(day.year, day.month, day.day)
    for sign in "/.-":
        assert PartialDate.parse(f" {day.day}{sign}{day.month}{sign}{day.year} ") == expected


@given(DAYS)
def test_a_month_reads_as_vietnamese_write_it(day):
    assert PartialDate.parse(f"{day.month}/{day.year}") == PartialDate(day.year, day.month)


@given(DAYS)
def test_a_time_of_day_after_the_date_is_left_out(day):
    assert PartialDate.parse(f"{day.isoformat()}T09:05:00+07:00") == PartialDate(day.year, day.month, day.day)


@given(partial_dates())
def test_the_days_a_date_can_mean_are_those_of_the_calendar(when):
    month, last_month = when.month or 1, when.month or 12
    last_day = when.day or calendar.monthrange(when.year, last_month)[1]
    assert (when.first, when.last) == (date(when.year, month, when.day or 1), date(when.year, last_month, last_day))


@given(partial_dates(), partial_dates())
def test_dates_sort_by_the_first_day_they_can_mean(one, other):
    if one.first < other.first:
        assert one < other


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hôm nay",
        "31/2/2018",
        "29/2/2019",
        "2018-02-30",
        "13/2018",
        "2018-13",
        "1/1/1899",
        "2101",
        "20180812",
        "12/8/18",
        "2018 xyz",
        "2018-08 10:00",
        "2018-08-12 xyz",
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the text itself
        PartialDate.parse(text)


def test_a_day_without_a_month_is_no_date():
    with pytest.raises(ValueError, match="2018"):
        PartialDate.of(2018, 0, 12)


@pytest.mark.parametrize(
    ("when", "text"), [("2018-08-12", "ngày 12/8/2018"), ("2018-08", "tháng 8/2018"), ("2018", "năm 2018")]
)
def test_a_date_is_said_in_vietnamese(when, text):
    assert PartialDate.parse(when).in_vietnamese() == text


SHAPES = [
    ("{d}/{m}/{y}", 3), ("{d:02}/{m:02}/{y}", 3), ("{d}-{m}-{y}", 3), ("{d}.{m}.{y}", 3), ("{d} / {m} / {y}", 3),
    ("{d} tháng {m} năm {y}", 3), ("{d} tháng {m}, {y}", 3), ("{d} Tháng {m} {y}", 3), ("tháng {m}/{y}", 2),
    ("tháng {m} năm {y}", 2), ("{m}/{y}", 2), ("{y}", 1),
]  # fmt: skip


@given(
    DAYS,
    st.sampled_from(SHAPES),
    st.sampled_from(["", "Ngày ", "năm ", "(", "hội nghị họp "]),
    st.sampled_from(["", ".", ", ", ") "]),
)
def test_a_date_in_running_text_is_found_where_it_stands(day, shape, before, after):
    written = shape[0].format(d=day.day, m=day.month, y=day.year)
    (mention,) = mentions(before + written + after)
    assert (mention.start, mention.end) == (len(before), len(before) + len(written))
    assert mention.date == mention.last == PartialDate(*(day.year, day.month, day.day)[: shape[1]])


@pytest.mark.parametrize("dash", ["-", "–", " - ", " – ", " đến ", " đến năm ", " tới hết năm ", " den nam "])
def test_a_range_of_years_is_one_mention(dash):
    (mention,) = mentions(f"giai đoạn 2016{dash}2020, cả nước")
    assert (mention.date, mention.last) == (PartialDate(2016), PartialDate(2020))


def test_a_range_written_backwards_is_turned_round():
    (mention,) = mentions("giai đoạn 2016-2014")
    assert (mention.date, mention.last) == (PartialDate(2014), PartialDate(2016))


@pytest.mark.parametrize(
    "text",
    [
        "5.800 đoàn",
        "2.018 đoàn",
        "tăng 2018%",
        "số 20189",
        "12018",
        "2018,5 tỷ",
        "2018.25",
        "45/13/2018",
        "30/2/2018",
        "1850",
        "2018 đại biểu",
        "2018 doanh nghiệp",
        "2018 đồng",
    ],
)
def test_a_number_that_is_no_date_is_passed_over(text):
    assert list(mentions(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thanh Hóa, 24-25/3/2022; Bình Định, 13-14/5/2022", ["2022-03-25", "2022-05-14"]),
        ("thang 2 nam 2020, ngay 12 thang 8 nam 2018", ["2020-02", "2018-08-12"]),
        ("năm 2018 đoàn Nhật Bản đến; tháng 5/2018 đoàn Lào; 2018 đồng chí", ["2018", "2018-05", "2018"]),
        ("họp năm 2016, rồi năm 2018", ["2016", "2018"]),
        ("(tháng 5/2016) và tháng 11/2015.", ["2016-05", "2015-11"]),
    ],
)
def test_dates_are_found_left_to_right(text, expected):
    assert [str(mention.date) for mention in mentions(text)] == expected


@given(st.text(st.sampled_from("0129/.-– năthg%,"), max_size=40))
def test_any_mention_is_a_date_that_exists_and_lies_in_the_text(text):
    for mention in mentions(text):
        assert 0 <= mention.start < mention.end <= len(text)
        assert PartialDate.parse(str(mention.date)) == mention.date
