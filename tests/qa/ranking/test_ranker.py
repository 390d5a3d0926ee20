"""Spans to answers: kind, time, agreement between sources, and how sure."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article, Passage
from corpus.dates import PartialDate
from index.search import Hit
from qa.question.asked import Asked
from qa.question.parse import parse_question
from qa.question.types import Kind
from qa.ranking.candidates import Candidate, make_candidates
from qa.ranking.confidence import Calibration, shipped_calibration
from qa.ranking.fact import Sentences
from qa.ranking.ranker import AGREEING, group
from qa.ranking.signals import weigh
from qa.ranking.time import Fit
from qa.reading.spans import Span

QUICK = settings(max_examples=150)
LINEAR = Calibration(slope=0.5, intercept=0.0, threshold=0.5)
ASKING = {
    Kind.WHO: "Ai là Cục trưởng Cục Ngoại vụ",
    Kind.HOW_MANY: "Cả nước có bao nhiêu Sở Ngoại vụ",
    Kind.WHERE: "Hội nghị họp ở đâu",
    Kind.WHEN: "Hội nghị họp khi nào",
    Kind.OTHER: "Chủ đề của hội nghị là gì",
}
NAMES = ["Nguyễn Hoàng Long", "Đỗ Thị Ánh", "Ông Ích Khiêm", "Y Vinh"]
years = st.integers(2010, 2020)
maybe_years = st.one_of(st.none(), years)
scores = st.floats(-200, 200)


def article(text: str, *, year: int | None = None, name: str = "a.md") -> Article:
    return Article(name, f"/{name}", "0" * 64, text, ((0, len(text)),), date=PartialDate(year) if year else None)


def span(text: str, quote: str, *, score: float = 1.0) -> Span:
    start = text.index(quote)
    return Span(start, start + len(quote), quote, score)


def question(kind: Kind, year: int | None = None):
    return parse_question(ASKING[kind] + (f" năm {year}?" if year else "?"))


def hit(source: Article, number: int = 0) -> Hit:
    return Hit(number, Passage(source.id, 0, len(source.text), source.text, ""), 1.0, 0.9, 1.0)


def candidate(text: str, quote: str, *, score: float = 1.0, name: str = "a.md") -> Candidate:
    source = article(text, name=name)
    found, place = span(text, quote, score=score), hit(source)
    fact = Sentences(source, place.passage).fact(found.start, found.end)
    return Candidate(found, place, fact, Fit.SAME, because=(("reader", score),))


def candidates_of(asked, *sources: tuple[Article, Span]) -> list[Candidate]:
    """Make candidates of one span an article, the articles in order of rank."""
    hits = [hit(source, number) for number, (source, _) in enumerate(sources)]
    analysed = Asked(asked)
    spans, articles = [[found] for _, found in sources], {a.id: a for a, _ in sources}
    return weigh(analysed, make_candidates(analysed, hits, spans, articles))


def fit_of(asked, source: Article, found: Span) -> Fit:
    return candidates_of(asked, (source, found))[0].fit


# Time


@QUICK
@given(
    asked=years, stated=maybe_years, dated=maybe_years, kind=st.sampled_from([Kind.HOW_MANY, Kind.OTHER, Kind.WHERE])
)
def test_a_sentence_is_judged_by_its_own_year_and_only_without_one_by_its_articles(asked, stated, dated, kind):
    text = f"Cả nước có 43 Sở Ngoại vụ{f' vào năm {stated}' if stated else ''}."
    fit = fit_of(question(kind, asked), article(text, year=dated), span(text, "43"))
    speaks_of = stated or dated
    assert fit is (Fit.UNKNOWN if speaks_of is None else Fit.SAME if speaks_of == asked else Fit.OTHER)


@QUICK
@given(asked=years, stated=maybe_years, dated=maybe_years)
def test_an_office_is_held_when_the_article_speaks_and_in_a_year_gone_by_that_its_sentence_names(asked, stated, dated):
    text = f"Ông Nguyễn Hoàng Long{f' nói về năm {stated}' if stated else ''}."
    fit = fit_of(question(Kind.WHO, asked), article(text, year=dated), span(text, "Nguyễn Hoàng Long"))
    is_plan = stated and dated and stated > dated
    times = {dated if is_plan else stated, dated} - {None}
    assert fit is (Fit.UNKNOWN if not times else Fit.SAME if asked in times else Fit.OTHER)


@QUICK
@given(asked=years, stated=years, dated=maybe_years)
def test_a_when_question_fits_the_year_that_its_answer_or_its_article_gives(asked, stated, dated):
    text = f"Hội nghị họp vào năm {stated}."
    fit = fit_of(question(Kind.WHEN, asked), article(text, year=dated), span(text, f"năm {stated}"))
    assert fit is (Fit.SAME if asked in (stated, dated) else Fit.OTHER)


@QUICK
@given(kind=st.sampled_from(list(ASKING)), stated=maybe_years, dated=maybe_years)
def test_a_question_without_a_time_fits_any_time(kind, stated, dated):
    text = f"Có 43 Sở{f' vào năm {stated}' if stated else ''}."
    assert fit_of(question(kind), article(text, year=dated), span(text, "43")) is Fit.SAME


def test_a_year_in_the_next_sentence_says_nothing_of_this_one():
    text = "Nay có 48 Sở Ngoại vụ. Năm 2013 mới có 43."
    assert fit_of(question(Kind.HOW_MANY, 2013), article(text, year=2016), span(text, "48")) is Fit.OTHER


def test_a_sentence_without_a_year_may_speak_of_the_one_named_before_it():
    text = "Hãy nhìn lại năm 2012. Có 43 đoàn."
    assert fit_of(question(Kind.HOW_MANY, 2012), article(text, year=2013), span(text, "43")) is Fit.SAME


def test_a_year_inside_a_stated_range_fits():
    text = "Giai đoạn 2014-2016 có 43 đoàn."
    assert fit_of(question(Kind.HOW_MANY, 2015), article(text, year=2020), span(text, "43")) is Fit.SAME


def test_a_fact_of_the_asked_time_comes_before_a_better_read_fact_of_another_time():
    then, now = "Năm 2013 có 43 Sở.", "Năm 2018 có 48 Sở."
    found = candidates_of(
        question(Kind.HOW_MANY, 2018),
        (article(then, name="2013.md"), span(then, "43", score=4.0)),
        (article(now, name="2018.md"), span(now, "48", score=3.0)),
    )
    assert [c.span.text for c in found] == ["48", "43"]


def test_a_fact_of_another_time_loses_score_by_it():
    text = "Năm 2013 có 43 Sở."
    source = (article(text), span(text, "43"))
    (untimely,), (any_time,) = (candidates_of(question(Kind.HOW_MANY, year), source) for year in (2018, None))
    assert untimely.score < any_time.score


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("Hai năm sau cuộc họp tháng 12/2021, Cục trưởng Nguyễn Như Hiếu nhận xét.", Fit.OTHER),
        ("Tháng 12/2021, Cục trưởng Nguyễn Như Hiếu nhận xét.", Fit.SAME),
        ("Cục trưởng Nguyễn Như Hiếu phát biểu, ngày 3/12/2021.", Fit.SAME),
    ],
)
def test_who_held_an_office_is_not_dated_by_another_event_in_the_sentence(text, fits):
    source = article(text, year=2023)
    assert fit_of(question(Kind.WHO, 2021), source, span(text, "Nguyễn Như Hiếu")) is fits


# Kind


def test_a_span_of_the_wrong_kind_loses_score_by_it():
    text = "Chủ đề do các đơn vị chọn."
    source = (article(text), span(text, "đơn vị"))
    (wrong,), (right,) = (candidates_of(question(kind), source) for kind in (Kind.HOW_MANY, Kind.OTHER))
    assert wrong.score < right.score


@QUICK
@given(st.lists(st.floats(-20, 20), min_size=1, max_size=6))
def test_candidates_come_best_first(spread):
    text = "Chủ đề là hợp tác."
    sources = [(article(text, name=f"{n}.md"), span(text, "hợp tác", score=s)) for n, s in enumerate(spread)]
    found = [c.score for c in candidates_of(question(Kind.OTHER), *sources)]
    assert found == sorted(found, reverse=True)


def test_of_two_equal_spans_that_of_the_better_ranked_passage_comes_first():
    text = "Chủ đề là hợp tác."
    found = candidates_of(question(Kind.OTHER), *[(article(text, name=n), span(text, "hợp tác")) for n in "ba"])
    assert [c.article.id for c in found] == ["b", "a"]


# Names


def test_a_who_question_gets_the_bare_name():
    text = "Báo cáo do ông Nguyễn Hoàng Long trình bày."
    (found,) = candidates_of(question(Kind.WHO), (article(text), span(text, "ông Nguyễn Hoàng Long")))
    assert text[found.span.start : found.span.end] == found.span.text == "Nguyễn Hoàng Long"


# Agreement


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Khánh Hoà", "Khánh Hòa"),
        ("thuỷ sản", "thủy sản"),
        ("Nguyễn Hoàng Long", "NGUYỄN HOÀNG LONG"),
        ("Gặp gỡ Israel", "“Gặp gỡ Israel”"),
        ("Gặp gỡ  Israel", "Gặp gỡ\u00a0Israel"),
    ],
)
def test_answers_that_differ_in_spelling_only_are_one(one, other):
    found = group([candidate(f"Đó là {one}.", one), candidate(f"Vẫn là {other}.", other, name="b.md")], LINEAR)
    assert [len(g.candidates) for g in found] == [2]


@pytest.mark.parametrize(("one", "other"), [("Hoa", "Hòa"), ("48 Sở", "43 Sở"), ("Đa", "Da"), ("5.800", "5.8")])
def test_answers_that_differ_in_a_letter_a_tone_or_a_number_are_two(one, other):
    found = group([candidate(f"Đó là {one}.", one), candidate(f"Vẫn là {other}.", other, name="b.md")], LINEAR)
    assert len(found) == 2


def test_two_sentences_that_say_the_same_are_both_kept():
    (found,) = group([candidate("Ông Long nói.", "Long"), candidate("Báo cáo của Long.", "Long", name="b.md")], LINEAR)
    assert [c.article.id for c in found.candidates] == ["a.md", "b.md"]


def test_two_readings_of_one_place_count_once():
    text = "Báo cáo do ông Long trình bày."
    (found,) = group([candidate(text, "Long"), candidate(text, "Long", score=0.5)], LINEAR)
    assert len(found.candidates) == 1


def test_a_reading_far_behind_the_best_adds_no_source():
    far = candidate("Có lẽ là Long.", "Long", score=1.0 - AGREEING - 0.1, name="b.md")
    (found,) = group([candidate("Ông Long nói.", "Long"), far], LINEAR)
    assert len(found.candidates) == 1


def test_a_span_without_a_word_is_no_answer():
    assert group([candidate("Thế là … hết.", "…")], LINEAR) == []


@QUICK
@given(st.lists(st.tuples(st.sampled_from(NAMES), scores), min_size=1, max_size=8))
def test_a_group_is_as_sure_as_its_best_candidate(found):
    made = [candidate(f"{n}. Đó là {name}.", name, score=s, name=f"{n}.md") for n, (name, s) in enumerate(found)]
    made.sort(key=lambda c: -c.score)
    best = {name: max(s for other, s in found if other == name) for name, _ in found}
    assert {g.best.span.text: g.confidence for g in group(made, LINEAR)} == {
        name: LINEAR.confidence(score) for name, score in best.items()
    }


# Confidence


@QUICK
@given(st.floats(0.01, 5), st.floats(-5, 5), scores, scores)
def test_a_better_score_is_never_less_sure(slope, intercept, one, other):
    calibration = Calibration(slope, intercept, 0.5)
    low, high = sorted((one, other))
    assert calibration.confidence(low) <= calibration.confidence(high)


@QUICK
@given(st.floats(0.01, 5), st.floats(-5, 5), st.floats(allow_nan=False))
def test_confidence_lies_strictly_between_never_and_always(slope, intercept, score):
    assert 0.0 < Calibration(slope, intercept, 0.5).confidence(score) < 1.0


@QUICK
@given(st.floats(0.1, 2), st.floats(-2, 2), st.floats(-8, 8))
def test_confidence_is_the_logistic_of_the_score(slope, intercept, score):
    odds = math.exp(slope * score + intercept)
    assert Calibration(slope, intercept, 0.5).confidence(score) == pytest.approx(odds / (1 + odds))


def test_the_shipped_calibration_rises_and_has_a_threshold_that_some_score_reaches():
    shipped = shipped_calibration()
    assert shipped.slope > 0
    assert shipped.confidence(-1000) < shipped.threshold < shipped.confidence(1000)
