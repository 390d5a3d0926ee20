"""When a fact holds, in an officer's words: the nearest date counts, then the passage's, then the article's."""

from datetime import date

import pytest

from corpus.article import Article
from corpus.dates import PartialDate
from qa.question.asked import Asked
from qa.question.parse import parse_question
from qa.question.types import Kind, Window
from qa.ranking.dated import dated
from qa.ranking.time import Fit, fact_times, time_fit

FAIRS = (
    "Các cuộc Gặp gỡ Hàn Quốc (Thanh Hóa, 24-25/3/2022; Bình Định, 13-14/5/2022; Bắc Ninh, 17-18/5/2023) đã góp phần "
    "kết nối."
)
GROWTH = "Năm 2016 cả nước ký 40 thỏa thuận, năm 2017 ký 55 thỏa thuận, năm 2018 ký 70 thỏa thuận."


@pytest.fixture(scope="session")
def fit_of(fact_in):
    """Return how the time of an answer in a sentence sits with the one asked about."""

    def fit(question: str, sentence: str, answer: str, *, year: int | None = None, before: str = "") -> Fit:
        return time_fit(
            Asked(parse_question(question)),
            fact_in(sentence, answer, before=before, when=str(year) if year else None),
        )

    return fit


@pytest.mark.parametrize(
    ("year", "place", "fit"),
    [
        (2022, "Thanh Hóa", Fit.SAME),
        (2023, "Thanh Hóa", Fit.OTHER),
        (2023, "Bắc Ninh", Fit.SAME),
        (2022, "Bắc Ninh", Fit.OTHER),
    ],
)
def test_in_a_list_each_place_has_its_own_date(fit_of, year, place, fit):
    assert fit_of(f"Gặp gỡ Hàn Quốc {year} tổ chức ở đâu?", FAIRS, place, year=2023) is fit


@pytest.mark.parametrize(("year", "number"), [(2016, "40"), (2017, "55"), (2018, "70")])
def test_of_several_years_in_a_sentence_the_one_before_the_number_is_its_own(fit_of, year, number):
    fits = {n: fit_of(f"Năm {year} ký bao nhiêu thỏa thuận?", GROWTH, n) for n in ("40", "55", "70")}
    assert [n for n, fit in fits.items() if fit is Fit.SAME] == [number]


def test_a_half_years_count_is_not_the_years(fit_of):
    text = "Trong 6 tháng đầu năm 2012, thành phố đón 47 đoàn."
    assert fit_of("Năm 2012 đón bao nhiêu đoàn?", text, "47") is Fit.NEAR
    assert fit_of("6 tháng đầu năm 2012 đón bao nhiêu đoàn?", text, "47") is Fit.SAME
    assert fit_of("Giai đoạn 2011-2013 đón bao nhiêu đoàn?", text, "47") is Fit.SAME
    assert (
        fit_of("Năm 2012 hội nghị có bao nhiêu đại biểu?", "Ngày 18/6/2012, hội nghị có 90 đại biểu.", "90") is Fit.SAME
    )


def test_a_date_further_off_in_the_sentence_is_weaker_than_the_nearest_but_not_another_time(fit_of):
    text = "Hội nghị năm 2018, theo nghị quyết năm 2013, có 500 đại biểu."
    assert fit_of("Hội nghị năm 2018 có bao nhiêu đại biểu?", text, "500") is Fit.NEAR


@pytest.mark.parametrize(
    ("words", "year", "fit"),
    [
        ("Năm nay", 2016, Fit.SAME),
        ("Năm nay", 2015, Fit.OTHER),
        ("Năm ngoái", 2015, Fit.SAME),
        ("Năm ngoái", 2016, Fit.OTHER),
        ("Năm qua", 2015, Fit.SAME),
        ("Bước sang năm 2016", 2017, Fit.OTHER),
        ("Hai năm qua", 2014, Fit.SAME),
        ("Hai năm qua", 2013, Fit.OTHER),
        ("Năm tới", 2017, Fit.SAME),
    ],
)
def test_words_of_time_count_from_the_articles_date(fit_of, words, year, fit):
    text = f"{words}, tỉnh đón 12 đoàn."
    assert fit_of(f"Năm {year} tỉnh đón bao nhiêu đoàn?", text, "12", year=2016) is fit


@pytest.mark.parametrize("words", ["5 năm trước", "Hai năm trước", "Những năm qua", "Nhiều năm qua"])
def test_years_counted_from_now_are_not_last_year(words):
    text = f"{words}, tỉnh đón 12 đoàn."
    article = Article("a.md", "/a.md", "", text, (), date=PartialDate(2016))
    assert dated(text, article) == []


def test_the_date_a_list_begins_with_holds_weakly_for_all_its_parts(fit_of):
    text = "Năm 2016, tỉnh A đón 5 đoàn; tỉnh B đón 7 đoàn theo nghị quyết năm 2013."
    assert fit_of("Năm 2016 tỉnh B đón bao nhiêu đoàn?", text, "7") is Fit.NEAR


def test_what_an_officer_plans_for_a_later_year_says_nothing_of_who_it_is_then(fit_of):
    text = "Cục trưởng Nguyễn Hoàng Long trình bày kế hoạch đến năm 2025."
    assert fit_of("Ai là Cục trưởng năm 2025?", text, "Nguyễn Hoàng Long", year=2018) is Fit.OTHER


@pytest.mark.parametrize(
    ("asked", "said", "fit"),
    [
        ("Quý 3/2013", "Trong quý 3/2013", Fit.SAME),
        ("Cuối năm 2013", "Đầu năm 2013", Fit.OTHER),
        ("9 tháng đầu năm 2013", "Tính đến 30/9/2013", Fit.SAME),
    ],
)
def test_a_part_of_a_year_means_the_same_in_a_question_and_in_an_article(fit_of, asked, said, fit):
    assert fit_of(f"{asked} tỉnh đón bao nhiêu đoàn?", f"{said}, tỉnh đón 12 đoàn.", "12") is fit


def test_words_of_time_in_an_undated_article_say_nothing(fit_of):
    assert fit_of("Năm 2016 tỉnh đón bao nhiêu đoàn?", "Năm nay, tỉnh đón 12 đoàn.", "12") is Fit.UNKNOWN


def test_from_one_year_to_another_is_all_that_lies_between(fit_of):
    text = "Từ năm 2014 đến hết năm 2016 đã vận động gần 558 triệu USD."
    assert fit_of("Năm 2015 vận động được bao nhiêu?", text, "gần 558 triệu USD") is Fit.SAME
    assert fit_of("Năm 2017 vận động được bao nhiêu?", text, "gần 558 triệu USD") is Fit.OTHER


def test_an_office_is_held_when_the_article_speaks_and_not_in_the_years_it_looks_back_on(fit_of):
    text = "Cục trưởng Nguyễn Hoàng Long báo cáo về giai đoạn 2013-2016."
    assert fit_of("Ai là Cục trưởng năm 2014?", text, "Nguyễn Hoàng Long", year=2018) is Fit.OTHER
    assert fit_of("Ai là Cục trưởng năm 2018?", text, "Nguyễn Hoàng Long", year=2018) is Fit.SAME


def test_an_article_of_a_day_also_reports_on_the_days_before_it(fact_in):
    nearest, _ = fact_times(Kind.WHERE, fact_in("Đoàn đã tới Huế.", "Huế", when="2018-08-12"))
    assert nearest == [Window(date(2018, 8, 5), date(2018, 8, 12))]


def test_a_day_without_a_year_is_of_the_articles_year():
    article = Article("a.md", "/a.md", "", "", (), date=PartialDate(2018))
    assert [d.window.first for d in dated("Sáng 12/8, hội nghị khai mạc; ngày 31/2 thì không.", article)] == [
        date(2018, 8, 12)
    ]


# What a question asks


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("đầu năm 2013 có mấy đoàn?", date(2013, 1, 1), date(2013, 4, 30)),
        ("giữa năm 2013 có mấy đoàn?", date(2013, 5, 1), date(2013, 8, 31)),
        ("cuối năm 2013 có mấy đoàn?", date(2013, 9, 1), date(2013, 12, 31)),
        ("6 tháng đầu năm 2013 có mấy đoàn?", date(2013, 1, 1), date(2013, 6, 30)),
        ("sáu tháng cuối năm 2013 có mấy đoàn?", date(2013, 7, 1), date(2013, 12, 31)),
        ("quý II/2013 có mấy đoàn?", date(2013, 4, 1), date(2013, 6, 30)),
        ("quý 4 năm 2013 có mấy đoàn?", date(2013, 10, 1), date(2013, 12, 31)),
        ("dau nam 2013 co may doan?", date(2013, 1, 1), date(2013, 4, 30)),
        ("10 tháng đầu năm 2023 có mấy đoàn?", date(2023, 1, 1), date(2023, 10, 31)),
        ("chín tháng đầu năm 2023 có mấy đoàn?", date(2023, 1, 1), date(2023, 9, 30)),
        ("nửa đầu năm 2012 có mấy đoàn?", date(2012, 1, 1), date(2012, 6, 30)),
        ("2 quý đầu năm 2012 có mấy đoàn?", date(2012, 1, 1), date(2012, 6, 30)),
        ("quý I và quý II/2013 có mấy đoàn?", date(2013, 1, 1), date(2013, 6, 30)),
        ("từ đầu năm 2014 đến hết năm 2016 có mấy đoàn?", date(2014, 1, 1), date(2016, 12, 31)),
        ("từ tháng 5/2014 đến tháng 8/2016 có mấy đoàn?", date(2014, 5, 1), date(2016, 8, 31)),
        ("hội nghị họp ở đâu năm 2013?", date(2013, 1, 1), date(2013, 12, 31)),
        ("hoi nghi hop o dau nam 2013?", date(2013, 1, 1), date(2013, 12, 31)),
        ("giá dầu năm 2013 là mấy?", date(2013, 1, 1), date(2013, 12, 31)),
        ("dự án bắt đầu năm 2013 là gì?", date(2013, 1, 1), date(2013, 12, 31)),
        ("từ năm 2014 đến năm 2016 có mấy đoàn?", date(2014, 1, 1), date(2016, 12, 31)),
    ],
)
def test_a_part_of_a_year_is_those_months(text, first, last):
    assert parse_question(text).window == Window(first, last)


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("Ai là Cục trưởng hiện nay?", True),
        ("ai la cuc truong hien nay", True),
        ("Who is the director now?", True),
        ("Ai là Cục trưởng?", False),
        ("Hiện nay so với năm 2018, ai là Cục trưởng?", False),
        ("Biểu hiện này có từ đâu?", False),
        ("Dự án nào được thực hiện tại Đà Nẵng?", False),
        ("Ai xuất hiện tại lễ khai mạc?", False),
        ("Tỉnh nào thu hút hiền tài?", False),
    ],
)
def test_how_things_are_now_is_asked_only_in_so_many_words(text, is_asked):
    assert parse_question(text).wants_latest is is_asked


@pytest.mark.parametrize(
    ("text", "first", "last", "label"),
    [
        ("Sau năm 2018 ai là Cục trưởng?", date(2019, 1, 1), date(2100, 12, 31), "2019/.."),
        ("Trước năm 2016 ai là Cục trưởng?", date(1900, 1, 1), date(2015, 12, 31), "../2015"),
        ("Từ năm 2016 ai là Cục trưởng?", date(2016, 1, 1), date(2100, 12, 31), "2016/.."),
        ("sau nam 2018 ai la cuc truong", date(2019, 1, 1), date(2100, 12, 31), "2019/.."),
        ("Trước ngày 12/8/2018 ai là Cục trưởng?", date(1900, 1, 1), date(2018, 8, 11), "../2018"),
        ("Năm 2018, trước hội nghị, ai là Cục trưởng?", date(2018, 1, 1), date(2018, 12, 31), "2018"),
    ],
)
def test_before_and_after_leave_a_side_open(text, first, last, label):
    question = parse_question(text)
    assert (question.window, question.as_of) == (Window(first, last), label)
