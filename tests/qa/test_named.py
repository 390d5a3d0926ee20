"""What a question names and a sentence must not gainsay: the meeting, the office, the province."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.named import GAINSAID, cost

QUICK = settings(max_examples=100)


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
    ],
)
def test_a_sentence_of_something_else_is_gainsaid(question, sentence):
    assert cost(question, sentence, sentence) == GAINSAID


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
def test_a_sentence_that_may_speak_of_it_is_not(question, sentence, around):
    assert cost(question, sentence, around) == 0


def test_a_province_named_only_around_the_sentence_counts_where_the_sentence_names_none():
    assert cost("Bắc Giang thu hút bao nhiêu vốn?", "Tỉnh thu hút 558 triệu USD.", "Vĩnh Phúc gọi vốn") == GAINSAID


@QUICK
@given(sentence=st.text(max_size=80), around=st.text(max_size=40))
def test_a_question_that_names_nothing_gainsays_nothing(sentence, around):
    assert cost("Vì sao hội nghị được tổ chức?", sentence, around) == 0
