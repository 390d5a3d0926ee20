"""Scores against a second implementation, and small examples worked by hand."""

import math
import subprocess
import sys
from dataclasses import replace
from statistics import fmean

import pytest
from hypothesis import given as having
from hypothesis import strategies as st

from evals.metrics import calibration_error, calibration_floor, risk_coverage
from evals.outcome import Miss
from evals.score import LOWER_IS_BETTER, RANKED, UNANSWERABLE, by_question, latency, measure, score

NAMES = [f"a.md#{n}" for n in range(30)]
rankings = st.lists(st.sampled_from(NAMES), unique=True, max_size=25).map(tuple)
golds = st.lists(st.sampled_from([*NAMES, "b.md#0"]), unique=True, max_size=6).map(tuple)
pairs = st.lists(st.tuples(st.integers(0, 100).map(lambda n: n / 100), st.booleans()), max_size=30)


def recall(ranking, relevant, k):
    return len(set(ranking[:k]) & set(relevant)) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking, relevant, k):
    return next((1 / place for place, name in enumerate(ranking[:k], start=1) if name in relevant), 0.0)


def ndcg(ranking, relevant, k):
    found = sum(1 / math.log2(place + 1) for place, name in enumerate(ranking[:k], start=1) if name in relevant)
    ideal = sum(1 / math.log2(place + 1) for place in range(1, min(k, len(relevant)) + 1))
    return found / ideal if relevant else 0.0


def plain(ranking, relevant):
    return {
        **{f"recall@{k}": recall(ranking, relevant, k) for k in (1, 5, 10, 20)},
        "mrr@10": reciprocal_rank(ranking, relevant, 10),
        "ndcg@10": ndcg(ranking, relevant, 10),
    }


def refused(record, **changed):
    return record(**{"answers": (), "status": "not_stated", "exact": 0.0, "f1": 0.0, **changed})


# Retrieval


@having(st.lists(st.tuples(rankings, golds), min_size=1, max_size=4))
def test_ranked_metrics_are_those_of_a_second_implementation(record, asked):
    rows = [record(id=f"q-{n}", ranking=ranking, relevant=relevant) for n, (ranking, relevant) in enumerate(asked)]
    values = by_question(rows)
    assert values.keys() >= RANKED.keys()
    for row in rows:
        expected = plain(row.ranking, row.relevant)
        assert {metric: values[metric][row.id] for metric in RANKED} == pytest.approx(expected)


def test_a_question_without_a_ranking_counts_as_0(record):
    found = measure([record(), record(id="q-2", ranking=())])
    assert {metric: found[metric] for metric in RANKED} == dict.fromkeys(RANKED, 0.5)


def test_a_question_whose_gold_stands_in_no_passage_counts_as_0(record):
    assert measure([record(), record(id="q-2", relevant=())])["recall@20"] == 0.5


@pytest.mark.parametrize("names", [("q\0a", "q\0b"), ("q\ud800",)], ids=["zero byte", "surrogate"])
def test_an_id_may_hold_any_character(names):
    """In a process of its own, since this one would end."""
    values = {name: ["a.md#0"] for name in names}
    code = f"from evals.score import rank_by_question as f\nprint(f({values!a}, {values!a})['recall@1'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, str(dict.fromkeys(names, 1.0)))


def test_a_run_that_found_nothing_at_all_has_scores_of_0(record):
    found = measure([record(ranking=()), record(id="q-2", ranking=(), relevant=())])
    assert {found[metric] for metric in RANKED} == {0.0}


def test_unanswerable_questions_do_not_count_in_retrieval(record):
    alone = measure([record()])
    both = measure([record(), refused(record, id="q-2", answerable=False, ranking=("a.md#0",), relevant=())])
    assert {metric: both[metric] for metric in RANKED} == {metric: alone[metric] for metric in RANKED}


def test_more_passages_than_ten_do_not_upset_the_order_of_a_ranking(record):
    row = record(ranking=tuple(NAMES[:20]), relevant=(NAMES[11],))
    values = by_question([row])
    assert (values["recall@10"][row.id], values["recall@20"][row.id]) == (0.0, 1.0)


# Answers


def test_shares_are_of_the_questions_they_are_about(record):
    found = measure(
        [record(), refused(record, id="q-2", miss=Miss.READING), refused(record, id="q-3", answerable=False)]
    )
    assert (found["right@1"], found["em"], found["f1"], found["refusal_recall"]) == (0.5, 0.5, 0.5, 1.0)


def test_right_at_three_looks_at_three_answers_and_no_more(record, given):
    wrong = given(is_right=False)
    third = record(answers=(wrong, wrong, given()), miss=Miss.SELECTION)
    fourth = record(id="q-2", answers=(wrong, wrong, wrong, given()), miss=Miss.SELECTION)
    assert by_question([third, fourth])["right@3"] == {"q-1": 1.0, "q-2": 0.0}


@pytest.mark.parametrize("answerable", [True, False])
def test_a_set_of_one_sort_of_questions_only_has_scores_too(record, answerable):
    row = record() if answerable else refused(record, answerable=False)
    found = measure([row])
    assert ("em" in found, "refusal_recall" in found) == (answerable, not answerable)
    assert all(math.isfinite(value) for value in found.values())


def test_nothing_asked_is_nothing_scored():
    assert (score([]).questions, score([]).all) == (0, {})


def test_every_metric_is_a_share_of_one(record, given):
    rows = [record(), refused(record, id="q-2", miss=Miss.RETRIEVAL), refused(record, id="q-3", answerable=False)]
    assert all(0 <= value <= 1 for value in measure(rows).values())


def test_the_metrics_that_are_means_over_questions_are_their_means(record):
    rows = [record(), refused(record, id="q-2", miss=Miss.READING), refused(record, id="q-3", answerable=False)]
    found = measure(rows)
    assert {name: fmean(by_id.values()) for name, by_id in by_question(rows).items()} == pytest.approx(
        {name: found[name] for name in by_question(rows)}
    )


# By kind


def test_scores_by_kind_are_those_of_its_questions_alone(record):
    rows = [record(), refused(record, id="q-2", kind="why", miss=Miss.READING)]
    found = score([*rows, refused(record, id="q-3", answerable=False)])
    assert found.by_kind == {
        "who": measure(rows[:1]),
        "why": measure(rows[1:]),
        UNANSWERABLE: measure([refused(record, id="q-3", answerable=False)]),
    }


def test_misses_are_counted_by_what_they_are(record):
    rows = [record(id=f"q-{n}", miss=miss) for n, miss in enumerate([*Miss, Miss.READING])]
    assert score(rows).misses == {"error": 1, "invented": 1, "reading": 2, "retrieval": 1, "selection": 1}


# Citations


def test_citation_precision_is_the_share_of_the_citations_shown_that_are_good_in_all_three_ways(record, given, cited):
    shown = (
        cited(),
        cited(is_gold_article=False),
        cited(is_verbatim=False),
        cited(is_supported=False, is_gold_article=False),
    )
    found = measure([record(answers=(given(citations=shown[:2]), given(citations=shown[2:])))])
    assert {name: value for name, value in found.items() if name.startswith("citation")} == {
        "citation_precision": 0.25,
        "citation_article": 0.5,
        "citation_verbatim": 0.75,
        "citation_supported": 0.75,
        "citation_recall": 1.0,
    }


def test_citation_recall_wants_a_right_answer_with_a_good_citation(record, given, cited):
    well = record()
    badly = record(id="q-2", answers=(given(citations=(cited(is_verbatim=False),)),))
    wrong = record(id="q-3", answers=(given(is_right=False),))
    second = record(id="q-4", answers=(given(is_right=False), given()))
    assert by_question([well, badly, wrong, second])["citation_recall"] == {
        "q-1": 1.0, "q-2": 0.0, "q-3": 0.0, "q-4": 1.0,
    }  # fmt: skip


def test_no_citation_shown_is_no_precision(record):
    assert "citation_precision" not in measure([refused(record, miss=Miss.READING)])


# Refusals


def test_refusals_worked_by_hand(record):
    rows = [
        refused(record, id="rightly", answerable=False),
        record(id="invented", answerable=False, miss=Miss.INVENTED),
        record(id="invented too", answerable=False, miss=Miss.INVENTED),
        refused(record, id="wrongly", miss=Miss.SELECTION),
        record(id="answered"),
    ]
    found = measure(rows)
    assert found["refusal_precision"] == pytest.approx(1 / 2)
    assert found["refusal_recall"] == pytest.approx(1 / 3, abs=1e-6)
    assert found["refusal_f1"] == pytest.approx(2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3))


def test_never_refusing_is_a_refusal_f1_of_0(record):
    found = measure([record(), record(id="q-2", answerable=False, miss=Miss.INVENTED)])
    assert (found["refusal_precision"], found["refusal_recall"], found["refusal_f1"]) == (0.0, 0.0, 0.0)


def test_an_error_is_no_refusal(record):
    found = measure([record(), refused(record, id="q-2", answerable=False, miss=Miss.ERROR, error="?")])
    assert (found["refusal_precision"], found["refusal_recall"]) == (0.0, 0.0)


# Confidence


def test_calibration_error_worked_by_hand():
    """In bin .2 a mean of .25 and a half right: a gap of .25; in bin .9 a mean of .95 and all right: a gap of .05."""
    asked = [(0.2, True), (0.3 - 1e-9, False), (0.9, True), (1.0, True)]
    assert calibration_error(asked) == pytest.approx((2 * 0.25 + 2 * 0.05) / 4)


def test_risk_and_coverage_worked_by_hand():
    asked = [(0.9, True), (0.5, True), (0.8, False), (0.1, False)]
    assert risk_coverage(asked) == [(0.25, 0.0), (0.5, 1 / 2), (0.75, 1 / 3), (1.0, 1 / 2)]


def test_of_two_as_sure_as_each_other_the_wrong_one_is_given_first():
    assert risk_coverage([(0.5, True), (0.5, False)]) == [(0.5, 1.0), (1.0, 0.5)]


@pytest.mark.parametrize("count", [25, 100, 400])
def test_chance_alone_leaves_an_error_that_falls_with_the_root_of_the_questions(count):
    expected = 0.5 * math.sqrt(2 / (math.pi * count))  # the mean distance of a fair coin's share from a half
    assert calibration_floor([0.5] * count) == pytest.approx(expected, rel=0.15)


def test_chance_leaves_nothing_to_the_all_knowing():
    assert calibration_floor([0.0, 1.0, 1.0]) == 0.0
    assert math.isnan(calibration_floor([]))


@having(pairs)
def test_calibration_error_is_a_share_and_0_for_the_all_knowing(asked):
    assert math.isnan(calibration_error([])) and (not asked or 0 <= calibration_error(asked) <= 1)  # noqa: PT018
    assert not asked or calibration_error([(float(right), right) for _, right in asked]) == 0.0


@having(pairs.filter(bool), st.integers(1, 20))
def test_calibration_error_is_at_least_the_gap_of_all_in_one_bin(asked, bins):
    one_bin = abs(fmean(confidence for confidence, _ in asked) - fmean(right for _, right in asked))
    assert calibration_error(asked, bins=1) == pytest.approx(one_bin)
    assert calibration_error(asked, bins=bins) >= one_bin - 1e-12


@having(pairs)
def test_coverage_rises_to_all_and_risk_ends_at_the_share_of_the_wrong(asked):
    curve = risk_coverage(asked)
    assert [coverage for coverage, _ in curve] == [n / len(asked) for n in range(1, len(asked) + 1)]
    assert not asked or curve[-1][1] == pytest.approx(fmean(not right for _, right in asked))


@having(pairs)
def test_the_order_of_the_questions_does_not_move_the_curve(asked):
    assert risk_coverage(asked[::-1]) == risk_coverage(asked)


@having(pairs.filter(bool))
def test_no_order_of_confidence_has_less_area_than_the_all_knowing(asked):
    best = risk_coverage([(float(right), right) for _, right in asked])
    assert fmean(risk for _, risk in best) <= fmean(risk for _, risk in risk_coverage(asked)) + 1e-12


def test_confidence_is_scored_over_all_questions_refused_and_unanswerable_ones_too(record):
    rows = [record(confidence=0.75), refused(record, id="q-2", answerable=False, confidence=0.25, is_best_right=False)]
    found = measure(rows)
    assert (found["ece"], found["aurc"]) == (0.25, 0.25)


def test_scores_do_not_hang_on_the_order_of_the_records(record):
    rows = [
        replace(record(), id=f"q-{n}", f1=n / 7, confidence=n / 9, kind="who why"[n % 2 * 4 :][:3]) for n in range(8)
    ]
    assert score(rows[::-1]) == score(rows)


def test_the_metrics_where_less_is_better_are_those_of_error(record):
    assert measure([record()]).keys() >= LOWER_IS_BETTER == {"ece", "aurc"}


# Latency


def test_latency_is_the_median_and_the_95th_of_a_hundred():
    assert latency([float(n) for n in range(100)]) == {"p50_ms": 50.0, "p95_ms": 95.0}


def test_nothing_timed_is_no_latency():
    assert latency([]) == {}


@having(st.lists(st.floats(0, 1e6), min_size=1, max_size=50))
def test_latency_is_times_that_were_taken(times):
    found = latency(times)
    assert found["p50_ms"] in times
    assert found["p50_ms"] <= found["p95_ms"] <= max(times)
