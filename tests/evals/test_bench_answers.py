"""What counts as a right answer, a refusal and a verbatim quote in the end-to-end benchmark."""

from dataclasses import replace

import pytest

from evals.bench.answers import Record, score, summary
from evals.questions import EvalQuestion
from qa.answer import Answer, Result, Status
from qa.citation import Citation
from qa.question import parse_question

ASKED = EvalQuestion("q-1", "Ai là Cục trưởng?", ("Nguyễn Hoàng Long",), ("a.md",), "who", None, True, "")
UNANSWERABLE = replace(ASKED, answers=(), articles=(), answerable=False)


@pytest.fixture
def answer(tmp_path):
    """Return a function that makes an answer with one citation of a real file."""

    def make(text="Nguyễn Hoàng Long", article="a.md", start=4):
        path = tmp_path / article
        path.write_text("Ông Nguyễn Hoàng Long nói.", encoding="utf-8")
        citation = Citation(
            article, str(path), "", None, None, False, start, start + len(text), text, "", 0, "0" * 64, True
        )
        return Answer(text, 0.9, None, (citation,))

    return make


def result(*answers: Answer) -> Result:
    status = Status.ANSWERED if answers else Status.NOT_STATED
    return Result(parse_question(ASKED.question), status, answers, (), (), (), {"total": 5.0})


def test_a_gold_answer_from_a_gold_article_is_right(answer):
    assert score(ASKED, result(answer())).right


def test_a_gold_answer_from_another_article_is_wrong(answer):
    assert not score(ASKED, result(answer(article="b.md"))).right


def test_another_answer_from_a_gold_article_is_wrong(answer):
    assert not score(ASKED, result(answer(text="Ông"))).right


def test_a_question_that_got_no_answer_is_wrong():
    assert not score(ASKED, result()).right


def test_a_second_answer_that_is_right_is_right_at_three_only(answer):
    record = score(ASKED, result(answer(text="Ông"), answer()))
    assert (record.right, record.right_at_3) == (False, True)


def test_saying_no_to_an_unanswerable_question_is_right():
    assert score(UNANSWERABLE, result()).right


def test_answering_an_unanswerable_question_is_wrong(answer):
    assert not score(UNANSWERABLE, result(answer())).right


@pytest.mark.parametrize(("start", "verbatim"), [(4, True), (5, False)])
def test_a_quote_is_verbatim_where_it_stands_and_nowhere_else(answer, start, verbatim):
    assert score(ASKED, result(answer(start=start))).verbatim is verbatim


def record(*, right: bool, answerable: bool = True, milliseconds: float = 1.0) -> Record:
    return Record("q", "who", answerable, "", "", 0.0, right, 0.0, 0.0, right, True, milliseconds)


def test_shares_are_of_the_questions_they_are_about():
    figures = summary([record(right=True), record(right=False), record(right=True, answerable=False)])
    assert (figures["right"], figures["refused"]) == (0.5, 1.0)


@pytest.mark.parametrize("answerable", [True, False])
def test_a_set_of_one_sort_of_questions_only_has_a_summary_too(answerable):
    assert summary([record(right=True, answerable=answerable)])["verbatim"] == 1.0
