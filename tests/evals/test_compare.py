"""Two runs held against each other, question by question."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given as having
from hypothesis import settings
from hypothesis import strategies as st

from corpus.errors import InputError
from evals.baseline import Baseline
from evals.compare import MUST_AGREE, compare, compare_with_baseline
from evals.outcome import Miss
from evals.score import by_question

TOLERANCES = {"em": 0.05, "ece": 0.5}
f1s = st.lists(st.tuples(*[st.integers(0, 4).map(lambda n: n / 4)] * 2), min_size=1, max_size=12)


@pytest.fixture(scope="session")
def runs(record, run_of):
    """Two runs whose F1 are those given, question by question."""

    def build(rows):
        sides = zip(*rows, strict=True)
        return [run_of(*(record(id=f"q-{n}", f1=value) for n, value in enumerate(side))) for side in sides]

    return build


def pair(comparison, metric="f1"):
    (found,) = [pair for pair in comparison.pairs if pair.metric == metric]
    return found


# What cannot be compared


@pytest.mark.parametrize("key", ["set_sha256", "corpus", "metrics", "mode"])
def test_runs_of_another_set_corpus_metric_or_mode_are_refused(record, run_of, key):
    one, other = run_of(record()), run_of(record(), **{key: "other"})
    baseline = Baseline(one.header, one.scores.all, ())
    for function, before in ((compare, one), (compare_with_baseline, baseline)):
        with pytest.raises(InputError, match=key) as refused:
            function(before, other, TOLERANCES)
        assert refused.value.vi != refused.value.en
        assert "other" in str(refused.value)


def test_these_four_are_all_that_must_agree():
    assert set(MUST_AGREE) == {"set_sha256", "corpus", "metrics", "mode"}


def test_runs_of_other_models_and_other_code_are_what_comparing_is_for(record, run_of):
    comparison = compare(run_of(record()), run_of(record(), model="other", code="other"), TOLERANCES)
    assert (comparison.before.model, comparison.after.model) == ("0123456789ab", "other")


def test_a_tolerance_for_an_unknown_metric_is_refused(record, run_of):
    with pytest.raises(InputError, match="exactness"):
        compare(run_of(record()), run_of(record()), {"exactness": 0.1})


# Pairs


def test_wins_ties_and_losses_are_counted_by_question(runs):
    found = pair(compare(*runs([(0.0, 1.0), (0.5, 0.5), (1.0, 0.0), (0.0, 0.25)]), TOLERANCES))
    assert (found.wins, found.ties, found.losses) == (2, 1, 1)
    assert (found.before, found.after) == (0.375, 0.4375)


@settings(max_examples=12)
@having(f1s)
def test_the_interval_holds_the_mean_difference_and_p_is_a_probability(runs, rows):
    found = pair(compare(*runs(rows), TOLERANCES))
    mean = found.after - found.before
    assert found.low - 1e-9 <= mean <= found.high + 1e-9
    assert 0 < found.p <= 1
    assert found.wins + found.ties + found.losses == len(rows)


@settings(max_examples=6)
@having(f1s)
def test_the_same_two_runs_are_told_apart_the_same_way_every_time(runs, rows):
    one, other = runs(rows)
    assert compare(one, other, TOLERANCES) == compare(one, other, TOLERANCES)


@settings(max_examples=6)
@having(f1s)
def test_the_other_way_round_wins_are_losses(runs, rows):
    one, other = runs(rows)
    there, back = pair(compare(one, other, TOLERANCES)), pair(compare(other, one, TOLERANCES))
    assert (there.wins, there.ties, there.losses) == (back.losses, back.ties, back.wins)
    assert there.p == pytest.approx(back.p, abs=0.03)


@settings(max_examples=6)
@having(f1s)
def test_the_pairs_have_the_means_of_the_metrics(runs, rows):
    one, other = runs(rows)
    comparison = compare(one, other, TOLERANCES)
    assert {p.metric: p.before for p in comparison.pairs} == pytest.approx(
        {metric: np.mean(list(by_id.values())) for metric, by_id in by_question(one.records).items()}
    )
    assert {p.metric for p in comparison.pairs} == set(by_question(other.records))


def test_no_difference_is_a_p_of_one_and_no_interval(runs):
    found = pair(compare(*runs([(0.5, 0.5)] * 5), TOLERANCES))
    assert (found.p, found.low, found.high, found.ties) == (1.0, 0.0, 0.0, 5)


def test_one_question_alone_proves_nothing(runs):
    found = pair(compare(*runs([(0.0, 1.0)]), TOLERANCES))
    assert (found.p, found.low, found.high) == (1.0, 1.0, 1.0)


def test_a_difference_that_all_questions_share_is_sure(runs):
    found = pair(compare(*runs([(0.0, 1.0)] * 20), TOLERANCES))
    assert found.p < 0.001
    assert found.low == found.high == 1.0


def test_a_few_questions_that_share_it_are_an_exact_test(runs):
    """All signs alike: of the 2⁴ ways to choose signs, two are as far from 0."""
    assert pair(compare(*runs([(0.0, 1.0)] * 4), TOLERANCES)).p == pytest.approx(2 / 16)


def test_differences_that_cancel_out_are_none(runs):
    found = pair(compare(*runs([(0.0, 1.0), (1.0, 0.0)] * 8), TOLERANCES))
    assert found.p > 0.5
    assert found.low < 0 < found.high


def test_questions_are_paired_by_their_ids_and_not_by_their_places(record, run_of):
    one, other = record(id="q-1", f1=0.25), record(id="q-2", f1=0.75)
    found = pair(compare(run_of(one, other), run_of(other, one), TOLERANCES))
    assert (found.ties, found.p) == (2, 1.0)


# Regressions


def test_a_metric_worse_by_more_than_its_tolerance_is_a_regression(record, run_of):
    one = run_of(*(record(id=f"q-{n}") for n in range(10)))
    other = run_of(*(record(id=f"q-{n}", exact=float(n > 0)) for n in range(10)))
    assert [check.metric for check in compare(one, other, {"em": 0.09, "f1": 0.0}).regressions] == ["em"]
    assert compare(one, other, {"em": 0.1, "f1": 0.0}).regressions == []
    assert compare(other, one, {"em": 0.0}).regressions == []


def test_more_error_of_calibration_is_a_regression(record, run_of):
    one, other = run_of(record(confidence=0.9)), run_of(record(confidence=0.4))
    assert [check.metric for check in compare(one, other, {"ece": 0.4}).regressions] == ["ece"]
    assert compare(other, one, {"ece": 0.0}).regressions == []


def test_a_metric_that_the_later_run_lacks_is_a_regression(record, run_of):
    one, other = run_of(record()), run_of(record(answers=(), miss=Miss.SELECTION))
    assert "citation_precision" in {c.metric for c in compare(one, other, {"citation_precision": 0.5}).regressions}


# Changes


def test_a_question_whose_outcome_changed_is_told_with_both_answers_and_its_passage(record, run_of, given):
    lost = record(answers=(given(text="Lam", is_right=False),), miss=Miss.SELECTION)
    (change,) = compare(run_of(record()), run_of(lost), TOLERANCES).changes
    assert (change.id, change.before, change.after) == ("q-1", "Long", "Lam")
    assert (change.miss_before, change.miss_after, change.is_loss) == ("", "selection", True)
    assert (change.golds, change.passage) == (("Long",), "Ông Long nói.")


@pytest.mark.parametrize(
    ("before", "after", "changes", "losses"),
    [
        (Miss.NONE, Miss.NONE, 0, 0),
        (Miss.READING, Miss.READING, 0, 0),
        (Miss.NONE, Miss.RETRIEVAL, 1, 1),
        (Miss.RETRIEVAL, Miss.NONE, 1, 0),
        (Miss.RETRIEVAL, Miss.READING, 1, 0),
    ],
)
def test_a_loss_is_a_right_answer_that_is_wrong_now(record, run_of, before, after, changes, losses):
    found = compare(run_of(record(miss=before)), run_of(record(miss=after)), TOLERANCES).changes
    assert (len(found), sum(change.is_loss for change in found)) == (changes, losses)


def test_another_right_answer_is_no_change(record, run_of, given):
    other = record(answers=(given(text="ông Long"),))
    assert compare(run_of(record()), run_of(other), TOLERANCES).changes == ()


# Against a baseline


def test_a_baseline_knows_which_questions_were_wrong(record, run_of):
    before = run_of(record(), record(id="q-2", miss=Miss.READING), record(id="q-3", miss=Miss.READING))
    after = run_of(record(miss=Miss.RETRIEVAL), record(id="q-2"), record(id="q-3", miss=Miss.RETRIEVAL))
    comparison = compare_with_baseline(Baseline(before.header, before.scores.all, ("q-2", "q-3")), after, TOLERANCES)
    assert {change.id: change.is_loss for change in comparison.changes} == {"q-1": True, "q-2": False}
    assert comparison.pairs == ()


def test_a_baseline_and_its_run_give_the_same_verdict(record, run_of):
    before = run_of(*(record(id=f"q-{n}") for n in range(4)))
    after = run_of(*(record(id=f"q-{n}", exact=n / 3) for n in range(4)))
    baseline = Baseline(before.header, before.scores.all, ())
    assert compare_with_baseline(baseline, after, TOLERANCES).checks == compare(before, after, TOLERANCES).checks


def test_a_run_held_against_itself_is_no_regression(record, run_of):
    run = run_of(record(), record(id="q-2", miss=Miss.READING))
    baseline = Baseline(run.header, run.scores.all, ("q-2",))
    comparison = compare_with_baseline(baseline, run, dict.fromkeys(run.scores.all, 0.0))
    assert (comparison.regressions, comparison.changes) == ([], ())
    assert compare(run, replace(run), dict.fromkeys(run.scores.all, 0.0)).regressions == []
