"""An article's own date, found in its text: one made-up text for each sign."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.dates import infer_date

FILLER = "Các địa phương phối hợp với Bộ Ngoại giao để triển khai công tác đối ngoại. " * 6


def inferred(text):
    found = infer_date(text)
    return str(found) if found else None


@pytest.mark.parametrize(
    "header",
    [
        "Ngoại giao Thứ Tư, 29/08/2012-9:05 AM",
        "Chủ nhật, 29/08/2012",
        "THỨ BẢY 29-8-2012",
        "29/08/2012 09:05",
        "Cập nhật 29/08/2012 - 9h05",
        "09:05 | 29/08/2012",
        "9h05 ngày 29/8/2012",
    ],
)
def test_a_page_header_gives_the_date(header):
    assert inferred(f"{header}\nTiêu đề\n{FILLER}Năm 2015 sẽ khác.") == "2012-08-29"


def test_a_page_footer_gives_the_date():
    assert inferred(f"Tiêu đề\n{FILLER}\nThứ Năm, 30/08/2012") == "2012-08-30"


@pytest.mark.parametrize(
    "opening",
    [
        "(CT)- Ngày 19-3-2013, Thứ trưởng chủ trì hội nghị.",
        "Ngày 19/3/2013, Thứ trưởng chủ trì hội nghị.",
        "Sáng ngày 19/3/2013, Thứ trưởng chủ trì hội nghị.",
        "(TG&VN) – Chiều, ngày 19/3/2013 Thứ trưởng chủ trì hội nghị.",
        "Ngày 19 tháng 3 năm 2013, Thứ trưởng chủ trì hội nghị.",
    ],
)
def test_a_dateline_gives_the_date(opening):
    assert inferred(f"{opening}\n{FILLER}Năm 2012 đã khác. Kế hoạch đến năm 2015 cũng vậy.") == "2013-03-19"


@pytest.mark.parametrize(
    "opening",
    ["(Báo Hà Giang, 29/8/2012) - Hôm nay", "Huế, ngày 29 tháng 8 năm 2012 - Hôm nay", "TTXVN, 29/8/2012: Hôm nay"],
)
def test_a_place_or_a_paper_with_a_date_opens_an_article_too(opening):
    assert inferred(f"Tiêu đề\n\n{opening} tỉnh họp. {FILLER}Trao 30 học bổng năm học 2012 - 2013.") == "2012-08-29"


def test_a_date_further_on_in_the_opening_is_no_dateline():
    assert inferred(f"Tiêu đề\n\nTheo kế hoạch, ngày 29 tháng 8 năm 2012 - sau lễ - đoàn về. {FILLER}") is None


def test_a_dateline_older_than_what_the_text_looks_back_on_is_history():
    opening = "Ngày 28/8/1945, Bộ Ngoại giao được thành lập."
    assert inferred(f"{opening}\n{FILLER}Năm 2015, Bộ kỷ niệm 70 năm.") == "2015"


def test_years_to_come_say_nothing():
    assert inferred("Năm 2021, Việt Nam cam kết phát thải ròng bằng không vào năm 2050.") == "2021"
    assert inferred("Giai đoạn 2021-2090, tỉnh đón 40 đoàn.") == "2021"


@pytest.mark.parametrize("text", [" " * 20_000, "." * 20_000, "(a)" + " " * 290 + "x", "-" * 290 + "x"], ids=len)
def test_a_long_run_of_one_sign_holds_nobody_up(text):
    started = time.perf_counter()
    assert infer_date(text) is None
    assert time.perf_counter() - started < 0.5


def test_a_dateline_may_stand_under_the_headline():
    assert inferred(f"Hội nghị trực tuyến\nNgày 19/3/2013, Thứ trưởng chủ trì.\n{FILLER}") == "2013-03-19"


def test_a_page_header_is_believed_before_a_dateline():
    assert inferred(f"Thứ Tư, 20/3/2013\nNgày 19/3/2013, Thứ trưởng chủ trì.\n{FILLER}") == "2013-03-20"


def test_else_the_latest_year_looked_back_on_gives_the_year():
    assert inferred("Từ năm 2011, tỉnh đón nhiều đoàn. Năm 2013, tỉnh đón 40 đoàn, hơn năm 2012.") == "2013"


@pytest.mark.parametrize(
    "plan",
    ["theo kế hoạch năm 2020", "phương hướng, nhiệm vụ đến năm 2020", "tầm nhìn 2030", "dự kiến vào tháng 5/2014"],
)
def test_a_year_planned_for_is_not_the_year_of_the_article(plan):
    assert inferred(f"Năm 2013, tỉnh đón 40 đoàn. Tỉnh làm việc {plan}.") == "2013"


def test_a_plan_that_spans_years_counts_by_its_first():
    assert inferred("Năm 2019, tỉnh đón 40 đoàn. Tỉnh bàn chiến lược 2021-2030.") == "2021"


def test_a_span_looked_back_on_counts_by_its_last_year():
    assert inferred("Giai đoạn 2014-2016, tỉnh đón 40 đoàn.") == "2016"


def test_today_and_the_only_day_named_make_the_date_whole():
    assert (
        inferred("Hôm nay, hội nghị khai mạc. Trong cả ngày 12/8 có ba phiên. Năm 2018 có 450 đại biểu.")
        == "2018-08-12"
    )


def test_today_and_two_days_named_leave_the_year():
    assert inferred("Hôm nay, hội nghị khai mạc. Ngày 12/8 và ngày 13/8 đều họp. Năm 2018 có 450 đại biểu.") == "2018"


def test_a_day_named_without_today_leaves_the_year():
    assert inferred("Hội nghị khai mạc ngày 12/8. Năm 2018 có 450 đại biểu.") == "2018"


def test_today_and_a_day_that_never_was_leave_the_year():
    assert inferred("Hôm nay, ngày 31/2, hội nghị khai mạc. Năm 2018 có 450 đại biểu.") == "2018"


@pytest.mark.parametrize("text", ["", "Sở Ngoại vụ tiếp khách.", "Đón 5.800 đoàn, tăng 20%."])
def test_a_text_that_says_nothing_of_time_has_no_date(text):
    assert inferred(text) is None


PIECES = [
    "Thứ Hai, ", "Chủ nhật ", "31", "2", "12", "0", "99", "/", "-", "2018", "1899", " 9:05 ", " 10h30", "\n", "Ngày ",
    "(CT)- ", "hôm nay ", "năm ", "kế hoạch ", "tháng ", ".",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("Thứ Hai, 31/02/2018\nBài viết")
@example("Thứ Hai, 12/8/0018\nBài viết")
@example("45/13/2018 10:30\nBài viết")
def test_no_text_makes_the_search_for_a_date_fail(text):
    found = infer_date(text)
    assert found is None or 1900 <= found.year <= 2100
