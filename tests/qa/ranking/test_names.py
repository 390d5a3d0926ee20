"""What a question names and a sentence must not gainsay: the meeting, the office, the province."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.vietnamese.places import COUNTRIES

QUICK = settings(max_examples=100)
UNSURE = {"unnamed", "named later"}
# Words that the rules look for, and some that they do not.
WORDS = (
    "Bắc Giang", "Huế", "Nhật Bản", "Mỹ", "lần thứ 19", "lần thứ hai", "Hội nghị Ngoại vụ", "Cục trưởng", "Phó Bí thư",
    "ông Bùi Văn An", "bà Đỗ Thị Bình", "khai giảng", "bế mạc", "FDI", "trong nước", "đón", "đoàn ra", "5.800 đoàn",
    "và", "lớn nhất", ", ", "; ", ". ", "\n", "ß", "",
)  # fmt: skip


@pytest.fixture(scope="session")
def speaks(fact_in, against):
    """Return what speaks against `at` (or all) of a sentence by its names; `before` and `around` stand about it."""

    def ask(question: str, sentence: str, around: str = "", *, before: str = "", at: str = "") -> dict[str, float]:
        return against(question, fact_in(sentence, at, before=before, after=around), "names", "office")

    return ask


@pytest.fixture(scope="session")
def is_gainsaid(speaks):
    """Tell whether the sentence speaks of something else."""
    return lambda *arguments, **rest: bool(speaks(*arguments, **rest).keys() - UNSURE)


@pytest.fixture(scope="session")
def is_unsure(speaks):
    """Tell whether the sentence may speak of something else."""
    return lambda *arguments, **rest: bool(speaks(*arguments, **rest)) and speaks(*arguments, **rest).keys() <= UNSURE


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Diễn đàn lần thứ tư họp ở đâu?", "Diễn đàn lần thứ ba họp ở Đà Nẵng."),
        ("Diễn đàn lần thứ 4 họp ở đâu?", "Diễn đàn lần thứ ba họp ở Đà Nẵng."),
        ("Ai chủ trì Hội nghị Ngoại vụ lần thứ 20?", "Ông Minh chủ trì Hội nghị Ngoại vụ lần thứ 19."),
        ("ai chu tri hoi nghi lan thu 20", "Ông Minh chủ trì Hội nghị Ngoại vụ lần thứ 19."),
        ("Phó Cục trưởng Cục Ngoại vụ là ai?", "Cục trưởng Cục Ngoại vụ Nguyễn Hoàng Long cho biết."),
        ("Bí thư Tỉnh ủy là ai?", "Ông Lê Duy Thành, Phó Bí thư Tỉnh ủy, phát biểu."),
        ("Bộ trưởng Ngoại giao là ai?", "Nguyên Bộ trưởng Ngoại giao Nguyễn Dy Niên có mặt."),
        ("Chủ tịch UBND thành phố là ai?", "Thứ trưởng Hồ Xuân Sơn chủ trì; Cục trưởng cũng dự."),
        ("Bắc Giang thu hút bao nhiêu vốn?", "Vĩnh Phúc thu hút 558 triệu USD."),
        ("Vốn ODA là bao nhiêu?", "Viện trợ phi chính phủ đạt 300 triệu USD."),
        ("Bao nhiêu đoàn từ nước ngoài vào làm việc?", "Có 5.800 đoàn ra nước ngoài."),
    ],
)
def test_a_sentence_of_something_else_is_gainsaid(is_gainsaid, question, sentence):
    assert is_gainsaid(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence", "around"),
    [
        ("Ai chủ trì Hội nghị lần thứ 19?", "Ông Minh chủ trì.", "Hội nghị Ngoại vụ lần thứ 19"),
        ("Ai chủ trì Hội nghị lần thứ 19?", "Hội nghị lần thứ 19 trong khuôn khổ Hội nghị lần thứ 30.", ""),
        ("Phó Cục trưởng là ai?", "Phó Cục trưởng Trần Văn A và Cục trưởng cùng dự.", ""),
        ("Cục trưởng là ai?", "Người đứng đầu là ông Nguyễn Hoàng Long.", ""),
        ("Ai tháp tùng Bộ trưởng?", "Chủ tịch tỉnh cùng đi.", ""),
        ("TP.HCM đón bao nhiêu đoàn?", "Sở Ngoại vụ TPHCM đón 47 đoàn.", ""),
        ("Khánh Hoà có bao nhiêu dự án?", "Khánh Hòa có 9 dự án.", ""),
        ("Bắc Giang thu hút bao nhiêu vốn?", "Tỉnh thu hút 558 triệu USD.", "Bắc Giang gọi vốn"),
        ("Hội nghị họp ở đâu?", "Hội nghị họp tại Hà Nội.", ""),
    ],
)
def test_a_sentence_that_may_speak_of_it_is_not(speaks, question, sentence, around):
    assert speaks(question, sentence, around) == {}


TWO_OFFICES = "Ông Trịnh Văn Bình, Phó Chủ tịch UBND tỉnh, chủ trì; bà Lương Thị Hạnh, Giám đốc Sở Ngoại vụ, báo cáo."
RECEIVED = "Chủ tịch UBND tỉnh Nguyễn Văn Cao tiếp Đại sứ Bỉ Jehanne Roccas."
NAMED = "Chủ tịch nước bổ nhiệm ông Trịnh Văn Bình làm Đại sứ tại Lào."


@pytest.mark.parametrize(
    ("question", "sentence", "at", "is_own"),
    [
        ("Giám đốc Sở Ngoại vụ là ai?", TWO_OFFICES, "Lương Thị Hạnh", True),
        ("Giám đốc Sở Ngoại vụ là ai?", TWO_OFFICES, "Trịnh Văn Bình", False),
        ("Ai là Đại sứ Bỉ?", RECEIVED, "Jehanne Roccas", True),
        ("Ai là Đại sứ Bỉ?", RECEIVED, "Nguyễn Văn Cao", False),
        ("Ai là Đại sứ tại Lào?", NAMED, "Trịnh Văn Bình", True),
    ],
)
def test_an_office_is_held_by_the_name_beside_it(is_gainsaid, question, sentence, at, is_own):
    assert is_gainsaid(question, sentence, at=at) is not is_own


@pytest.mark.parametrize(
    ("question", "sentence", "at", "is_swapped"),
    [
        ("Savannakhet tặng Quảng Trị bao nhiêu máy thở?", "Quảng Trị tặng Savannakhet 20 máy thở.", "20 máy", True),
        ("Quảng Trị tặng Savannakhet bao nhiêu máy thở?", "Quảng Trị tặng Savannakhet 20 máy thở.", "20 máy", False),
        ("Quảng Trị tặng Savannakhet bao nhiêu máy thở?", "Tỉnh đã tặng Savannakhet 20 máy thở.", "20 máy", False),
        ("Lào tặng Huế bao nhiêu máy thở?", "Huế được Lào tặng 20 máy thở.", "20 máy", False),
        ("Hyogo cử mấy đoàn sang Đồng Nai?", "Năm 2024, Đồng Nai đón 96 đoàn và cử 43 đoàn.", "43 đoàn", True),
        ("Bộ Ngoại giao hỗ trợ Bắc Giang bao nhiêu?", "Tại Bắc Giang, Bộ hỗ trợ 5 tỷ đồng.", "5 tỷ đồng", False),
    ],
)
def test_who_does_it_is_not_whom_it_is_done_to(is_gainsaid, question, sentence, at, is_swapped):
    assert is_gainsaid(question, sentence, at=at) is is_swapped


def test_a_provinces_own_number_comes_after_the_regions(speaks, is_unsure):
    sentence = "Hàn Quốc có 1.160 dự án ở cả vùng, riêng Cần Thơ có 9 dự án."
    question = "Hàn Quốc có mấy dự án ở Cần Thơ?"
    assert is_unsure(question, sentence, at="1.160 dự án")
    assert speaks(question, sentence, at="9 dự án") == {}


def test_exports_and_imports_together_are_neither(speaks, is_gainsaid):
    sentence = "Kim ngạch xuất nhập khẩu đạt 312 triệu USD, trong đó nhập khẩu 107 triệu USD."
    assert is_gainsaid("Kim ngạch nhập khẩu là bao nhiêu?", sentence, at="312 triệu USD")
    assert speaks("Kim ngạch nhập khẩu là bao nhiêu?", sentence, at="107 triệu USD") == {}


@pytest.mark.parametrize(
    ("question", "sentence", "at"),
    [
        (
            "Vải thiều Bắc Giang xuất khẩu qua cửa khẩu nào?",
            "Vải thiều Bắc Giang qua cửa khẩu Lào Cai.",
            "cửa khẩu Lào Cai",
        ),
        ("Đơn vị nào phối hợp với Bắc Giang?", "Sở Ngoại vụ Bắc Ninh phối hợp với Bắc Giang.", "Sở Ngoại vụ Bắc Ninh"),
        ("Ai dẫn đầu đoàn thăm Bắc Giang?", "Chủ tịch tỉnh Lạng Sơn thăm Bắc Giang.", "Chủ tịch tỉnh Lạng Sơn"),
        ("Lào cử bao nhiêu người?", "Đoàn đại biểu CHDCND Lào có 12 người.", "12 người"),
        (
            "Vốn ODA đạt bao nhiêu?",
            "Hỗ trợ phát triển chính thức đạt 3 triệu USD, viện trợ phi chính phủ ít.",
            "3 triệu",
        ),
        ("Bao nhiêu lượt đi nước ngoài?", "Cục cử 120 lượt cán bộ ra nước ngoài vào năm 2012.", "120 lượt"),
    ],
)
def test_what_an_officer_may_well_ask_is_not_gainsaid(speaks, question, sentence, at):
    assert speaks(question, sentence, at=at) == {}


def test_a_delegations_province_is_that_province(speaks, is_gainsaid):
    assert speaks("Bắc Giang cử bao nhiêu người?", "Đoàn Bắc Giang có 12 người.", before="Họp tại Vĩnh Phúc.") == {}
    assert is_gainsaid("Đoàn Bắc Giang có bao nhiêu người?", "Đoàn Vĩnh Phúc có 12 người.")


def test_a_short_answer_that_names_another_province_is_that_ones(speaks, is_gainsaid):
    sentence = "Khách được mời vải thiều Hải Dương, nhãn lồng của Hưng Yên."
    question = "Đặc sản nào của Hưng Yên được mời khách?"
    assert is_gainsaid(question, sentence, at="vải thiều Hải Dương")
    assert speaks(question, sentence, at="nhãn lồng") == {}
    assert speaks("Khách nếm vải thiều ở tỉnh nào?", sentence, at="Hải Dương") == {}


def test_a_name_with_a_capital_that_latin_letters_lack_joins_a_place(is_unsure):
    assert is_unsure("Hà Giang có bao nhiêu đoàn?", "Đoàn của ông Đỗ Hà Giang có 5 người.")


def test_a_country_that_nothing_near_names_costs_something(speaks, is_unsure):
    question = "Buổi kết nối với Hoa Kỳ có chủ đề gì?"
    assert is_unsure(question, "Chủ đề là hợp tác.")
    assert speaks(question, "Chủ đề là hợp tác.", before="Buổi kết nối với Hoa Kỳ họp tại Huế.") == {}


def test_a_province_named_only_around_the_sentence_counts_where_the_sentence_names_none(is_gainsaid):
    assert is_gainsaid("Bắc Giang thu hút bao nhiêu vốn?", "Tỉnh thu hút 558 triệu USD.", "Vĩnh Phúc gọi vốn")


def test_a_province_that_nothing_near_names_costs_something(is_unsure):
    assert is_unsure("Sở Ngoại vụ Cần Thơ có bao nhiêu biên chế?", "Cả nước có 48 Sở Ngoại vụ.")


def test_the_last_province_named_before_is_meant(speaks, is_unsure):
    asked, said = "Bắc Giang thu hút bao nhiêu vốn?", "Tỉnh thu hút 558 triệu USD."
    assert speaks(asked, said, before="Vĩnh Phúc gọi vốn. Bắc Giang cũng vậy.") == {}
    assert is_unsure(asked, said, before="Bắc Giang gọi vốn. Vĩnh Phúc cũng vậy.")


def test_conferences_are_counted_each_in_its_own_series(speaks, is_gainsaid):
    asked = "Ai chủ trì Hội nghị Ngoại vụ toàn quốc lần thứ 19?"
    assert speaks(asked, "Ông Minh chủ trì.", before="Hội nghị Ngoại vụ lần thứ 19 khai mạc.") == {}
    assert is_gainsaid(asked, "Ông Minh chủ trì.", before="Sau đó là Hội nghị Ngoại vụ lần thứ 20.")
    both = "Sau Hội nghị Ngoại vụ lần thứ 19. Hội nghị Ngoại giao lần thứ 30 khai mạc hôm sau."
    assert speaks(asked, "Ông Minh chủ trì.", before=both) == {}
    asked = "Ai chủ trì Hội nghị Ngoại giao lần thứ 30?"
    assert speaks(asked, "Ông Minh chủ trì.", before=both) == {}
    both = "Sau Hội nghị Ngoại vụ lần thứ 30. Hội nghị Ngoại giao lần thứ 29 khai mạc hôm sau."
    assert is_gainsaid(asked, "Ông Minh chủ trì.", before=both)


def test_the_number_of_another_series_gainsays_nothing(is_gainsaid, is_unsure):
    asked, said = "Ai chủ trì Hội nghị Ngoại vụ lần thứ 19?", "Ông Minh chủ trì."
    assert is_unsure(asked, said, before="Diễn đàn lần thứ 30. Liên hoan lần thứ 20.")
    assert is_unsure(asked, "Sau Đại hội Đảng lần thứ XIII, ông Minh chủ trì.")
    assert is_gainsaid(asked, said, before="Hội nghị lần thứ 20 đã họp.")


def test_a_sentence_in_between_that_names_nothing_changes_nothing(speaks, is_gainsaid):
    said, between = "Tỉnh thu hút 558 triệu USD.", "Đó là kết quả tốt. Năm sau còn hơn."
    assert speaks("Bắc Giang thu hút bao nhiêu?", said, before=f"Bắc Giang gọi vốn. {between}") == {}
    assert is_gainsaid("Bắc Giang thu hút bao nhiêu?", said, before=f"Vĩnh Phúc gọi vốn. {between}")


def test_where_something_is_held_may_be_any_province(speaks, is_gainsaid):
    said = "Lễ hội diễn ra tại Huế."
    assert speaks("Tỉnh nào tổ chức lễ hội của Bắc Giang?", said) == {}
    assert is_gainsaid("Bắc Giang tổ chức lễ hội ngày nào?", said)


@pytest.mark.parametrize(
    ("question", "sentence", "at"),
    [
        ("Khóa bồi dưỡng khai giảng ngày nào?", "Lễ bế giảng khóa bồi dưỡng diễn ra ngày 29/7.", "ngày 29/7"),
        ("Tỉnh thu hút bao nhiêu vốn FDI?", "Vốn DDI đạt 21 nghìn tỷ đồng.", "21 nghìn tỷ đồng"),
        ("Lễ bế giảng diễn ra ngày nào?", "Lễ khai giảng diễn ra ngày 2/6.", "ngày 2/6"),
        ("Vốn đầu tư trong nước đạt bao nhiêu?", "Vốn đầu tư nước ngoài đạt 558 triệu USD.", "558 triệu USD"),
        ("Vốn DDI đạt bao nhiêu?", "Tỉnh có 12 dự án FDI.", "12"),
        ("Các tỉnh đón bao nhiêu đoàn?", "Các tỉnh cử 5.800 đoàn ra nước ngoài, đón 8.700 đoàn.", "5.800"),
        ("Có bao nhiêu đoàn ra?", "Trong năm, tỉnh đón đoàn của 12 nước.", "12"),
        ("Có bao nhiêu đoàn vào?", "Trong năm, tỉnh có 12 đoàn ra.", "12"),
        ("Ông An được bổ nhiệm ngày nào?", "Ông An bị miễn nhiệm ngày 3/4.", "ngày 3/4"),
    ],
)
def test_the_opposite_of_what_was_asked_is_gainsaid(is_gainsaid, question, sentence, at):
    assert is_gainsaid(question, sentence, at=at)


@pytest.mark.parametrize(
    ("question", "sentence", "at"),
    [
        ("Các tỉnh đón bao nhiêu đoàn?", "Các tỉnh cử 5.800 đoàn ra nước ngoài, đón 8.700 đoàn.", "8.700"),
        ("Các tỉnh cử bao nhiêu đoàn ra nước ngoài?", "Các tỉnh cử 5.800 đoàn ra nước ngoài, đón 8.700.", "5.800"),
        ("Khai mạc và bế mạc ngày nào?", "Hội nghị bế mạc ngày 13/8.", "13/8"),
        ("Vốn FDI đạt bao nhiêu?", "Vốn FDI đạt 558 triệu USD, vốn DDI đạt 21 nghìn tỷ đồng.", "558 triệu USD"),
        ("Lễ khai giảng diễn ra ngày nào?", "Lễ khai giảng ngày 2/6 và bế giảng ngày 29/7.", "2/6"),
        ("Tỉnh đón bao nhiêu đoàn?", "Vốn đầu tư trực tiếp nước ngoài tăng, tỉnh đón 9 đoàn.", "9"),
    ],
)
def test_each_clause_speaks_for_itself(speaks, question, sentence, at):
    assert speaks(question, sentence, at=at) == {}


def test_a_list_tells_of_each_person_in_a_part_of_its_own(speaks, is_gainsaid):
    said = "Ông Bùi Văn An nói về tổ chức; ông Đỗ Văn Bình nói về đối ngoại nhân dân."
    assert is_gainsaid("Ông Bùi Văn An nói về gì?", said, at="đối ngoại nhân dân")
    assert speaks("Ông Bùi Văn An nói về gì?", said, at="tổ chức") == {}
    assert speaks("Ông Đỗ Văn Bình nói về gì?", said, at="đối ngoại nhân dân") == {}
    assert speaks("Ông Lê Văn Cường nói về gì?", said, at="tổ chức") == {}
    assert speaks("Ông Bùi Văn An nói về gì?", said.replace(";", ","), at="đối ngoại nhân dân") == {}


def test_another_country_costs_something_and_no_more_since_cities_stand_for_countries(speaks, is_unsure):
    assert is_unsure("Gặp gỡ Nhật Bản họp ngày nào?", "Gặp gỡ Hàn Quốc họp ngày 17/5.")
    assert speaks("Gặp gỡ Nhật họp ngày nào?", "Gặp gỡ Nhật Bản họp ngày 7/7.") == {}
    assert speaks("Việt Nam ký với nước nào?", "Hai bên ký với Lào.") == {}


@QUICK
@given(asked=st.sampled_from(COUNTRIES), said=st.sampled_from(COUNTRIES), before=st.sampled_from(COUNTRIES))
def test_no_country_costs_more_than_a_name_that_is_not_there(speaks, asked, said, before):
    found = speaks(f"Gặp gỡ {asked} họp ngày nào?", f"Gặp gỡ {said} họp ngày 17/5.", before=f"Gặp gỡ {before}.")
    assert found.keys() <= {"unnamed"}
    assert not found or asked != said


said = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join))


@QUICK
@given(
    question=st.sampled_from(["Vì sao hội nghị được tổ chức?", "Có gì mới?"]), sentence=said, before=said, around=said
)
def test_a_question_that_names_nothing_gainsays_nothing(speaks, question, sentence, before, around):
    assert speaks(question, sentence, around, before=before) == {}
