"""Numbers of what: a number answers if it counts what was asked, in the clause that is about it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article
from qa.ranking.count import CLAUSE_WORTH, USUAL_SHARE, cost_of_clause, is_difference, is_of_other
from qa.ranking.fact import Fact, clause

FULL = "Cả nước đón 8.700 đoàn, ký 119 thỏa thuận với nước ngoài và mở 12 lớp bồi dưỡng."


def fact(sentence: str, at: str) -> Fact:
    start = sentence.index(at)
    return Fact(sentence, start, start + len(at), "", Article("a.md", "/a.md", "", sentence, ()))


@pytest.mark.parametrize(
    ("question", "text", "after"),
    [
        ("Có bao nhiêu Đại sứ dự hội nghị?", "hơn 450", " đại biểu đại diện lãnh đạo Bộ Ngoại giao"),
        ("Cả nước có bao nhiêu Sở Ngoại vụ?", "63", " tỉnh/thành phố, lãnh đạo các cơ quan"),
        ("Cả nước có mấy đoàn?", "119", " thỏa thuận"),
        ("Vốn đầu tư là bao nhiêu tỷ USD?", "hơn 21 nghìn tỷ đồng", ", tăng gấp đôi"),
        ("Giải ngân bao nhiêu tỷ đồng?", "300 triệu USD", " mỗi năm"),
    ],
)
def test_a_number_of_something_else_is_no_answer(question, text, after):
    assert is_of_other(question, text, after)


@pytest.mark.parametrize(
    ("question", "text", "after"),
    [
        ("Có bao nhiêu Sở Ngoại vụ?", "43", " tỉnh thành thành lập Sở Ngoại vụ"),
        ("Cấp phép cho bao nhiêu phóng viên?", "hơn 1.100", " đoàn phóng viên nước ngoài"),
        ("Có bao nhiêu địa phương dự?", "63", " tỉnh, thành phố"),
        ("Có bao nhiêu người dự?", "hơn 450", " đại biểu"),
        ("Có bao nhiêu đại biểu dự?", "450", " vị khách"),
        ("Vốn đầu tư là bao nhiêu USD?", "558 triệu USD", ""),
        ("Vốn đầu tư là bao nhiêu?", "558 triệu USD", ""),
        ("Ai dự hội nghị?", "450 đại biểu", ""),
    ],
)
def test_a_number_that_may_count_it_is_not_put_aside(question, text, after):
    assert not is_of_other(question, text, after)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Cả nước đón bao nhiêu đoàn?", "8.700"),
        ("Ký bao nhiêu thỏa thuận với nước ngoài?", "119"),
        ("Mở mấy lớp bồi dưỡng?", "12"),
        ("mo may lop boi duong", "12"),
    ],
)
def test_of_the_numbers_of_a_sentence_the_one_whose_clause_speaks_of_it_is_cheapest(question, number):
    costs = {at: cost_of_clause(question, fact(FULL, at)) for at in ("8.700", "119", "12")}
    assert min(costs, key=costs.__getitem__) == number


@settings(max_examples=150)
@given(question=st.text(max_size=60), before=st.text(max_size=40), after=st.text(max_size=40))
def test_a_clause_holds_its_number_and_costs_no_more_than_it_is_worth(question, before, after):
    sentence = f"{before}119{after}"
    found = Fact(sentence, len(before), len(before) + 3, "", Article("a.md", "/a.md", "", sentence, ()))
    assert "119" in clause(found)
    assert clause(found) in sentence
    assert CLAUSE_WORTH * (USUAL_SHARE - 1) <= cost_of_clause(question, found) <= CLAUSE_WORTH * USUAL_SHARE


@pytest.mark.parametrize(
    ("question", "sentence", "at", "is_one"),
    [
        ("Năm 2018 cử bao nhiêu đoàn?", "So với năm 2018, số đoàn ra giảm 12 đoàn.", "12 đoàn", True),
        ("Năm 2018 cử bao nhiêu đoàn?", "So với năm 2018, số đoàn ra tăng thêm 12 đoàn.", "12 đoàn", True),
        ("Số đoàn ra giảm bao nhiêu?", "So với năm 2018, số đoàn ra giảm 12 đoàn.", "12 đoàn", False),
        ("Năm 2019 cử bao nhiêu đoàn?", "Năm 2019, số đoàn ra giảm còn 12 đoàn.", "12 đoàn", False),
        ("Năm 2019 cử bao nhiêu đoàn?", "Năm 2019, số đoàn ra tăng lên 12 đoàn.", "12 đoàn", False),
    ],
)
def test_a_difference_is_no_count_unless_it_is_asked_for(question, sentence, at, is_one):
    assert is_difference(question, fact(sentence, at)) is is_one
