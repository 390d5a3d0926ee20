"""Numbers of what: a number answers if it counts what was asked, in the clause that is about it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.question.asked import Asked
from qa.question.parse import parse_question
from qa.question.types import Kind
from qa.ranking.count import USUAL_SHARE, share_of_clause

FULL = "Cả nước đón 8.700 đoàn, ký 119 thỏa thuận với nước ngoài và mở 12 lớp bồi dưỡng."


@pytest.fixture(scope="session")
def share_of(as_candidate, fact_of):
    """Return the share of the words of a question for a number that the clause of one has."""

    def share(question: str, sentence: str, start: int, end: int) -> float:
        asked = Asked(replace(parse_question(question), kind=Kind.HOW_MANY))
        return share_of_clause(asked, as_candidate(asked, fact_of(sentence, start, end)))

    return share


@pytest.fixture(scope="session")
def counts_other(against, fact_of):
    """Tell whether a number counts something else than is asked; `after` follows it in its sentence."""
    return lambda question, text, after: (
        "counts other" in against(question, fact_of(text + after, 0, len(text)), "count")
    )


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
def test_a_number_of_something_else_is_no_answer(counts_other, question, text, after):
    assert counts_other(question, text, after)


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
def test_a_number_that_may_count_it_is_not_put_aside(counts_other, question, text, after):
    assert not counts_other(question, text, after)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Cả nước đón bao nhiêu đoàn?", "8.700"),
        ("Ký bao nhiêu thỏa thuận với nước ngoài?", "119"),
        ("Mở mấy lớp bồi dưỡng?", "12"),
        ("mo may lop boi duong", "12"),
    ],
)
def test_of_the_numbers_of_a_sentence_the_one_whose_clause_speaks_of_it_shares_most(share_of, question, number):
    shares = {at: share_of(question, FULL, FULL.index(at), FULL.index(at) + len(at)) for at in ("8.700", "119", "12")}
    assert max(shares, key=shares.__getitem__) == number


@settings(max_examples=150)
@given(question=st.text(max_size=60).map("đoàn {}".format), before=st.text(max_size=40), after=st.text(max_size=40))
def test_a_clause_holds_its_number_and_has_no_more_words_than_there_are(share_of, fact_of, question, before, after):
    sentence, place = f"{before}119{after}", (len(before), len(before) + 3)
    clause = fact_of(sentence, *place).clause
    assert "119" in clause
    assert clause in sentence
    assert -USUAL_SHARE <= share_of(question, sentence, *place) <= 1 - USUAL_SHARE


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
def test_a_difference_is_no_count_unless_it_is_asked_for(fact_of, against, question, sentence, at, is_one):
    fact = fact_of(sentence, sentence.index(at), sentence.index(at) + len(at))
    assert ("difference" in against(question, fact, "count")) is is_one
