"""The gate: what a baseline keeps, what a tolerance forgives, and what neither may be."""

import json
import math
import os
from dataclasses import replace

import pytest
from hypothesis import given as having
from hypothesis import strategies as st

from corpus.errors import InputError
from evals.baseline import Baseline, Check, check_scores, find_baseline, keep, read_baseline, read_tolerances
from evals.outcome import Miss
from evals.run import Run
from evals.score import LOWER_IS_BETTER, measure

HEAD = "[tool.qa-evals.tolerances]\n"
shares = st.integers(0, 1000).map(lambda n: n / 1000)
metrics = st.sampled_from(["em", "f1", "ece", "aurc", "recall@5"])


@pytest.fixture
def run(record, run_of):
    """A run of three questions, one of them wrong."""
    return run_of(record(), record(id="q-2", miss=Miss.READING, exact=0.0), record(id="q-3"))


@pytest.fixture
def toml(tmp_path):
    def write(text: str):
        path = tmp_path / "pyproject.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refusal(function, *arguments) -> str:
    with pytest.raises(InputError) as refused:
        function(*arguments)
    assert refused.value.vi != refused.value.en
    return str(refused.value)


# Tolerances


def test_the_repository_has_tolerances_for_metrics_that_are_scored(root, record):
    tolerances = read_tolerances(root / "pyproject.toml")
    rows = [record(), record(id="q-2", answers=(), answerable=False)]
    assert tolerances.keys() <= measure(rows).keys()
    assert tolerances["citation_verbatim"] == 0.0


def test_tolerances_are_read_as_they_are_written(toml):
    path = toml(HEAD + '"recall@5" = 0.03\nem = 0\nf1 = 1\n')
    assert read_tolerances(path) == {"recall@5": 0.03, "em": 0.0, "f1": 1.0}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[tool]\n",
        "[tool.qa-evals]\n",
        "[tool.qa-evals]\ntolerances = 5\n",
        "[tool.qa-evals]\ntolerances = [0.1]\n",
        "tool = 5\n",
        HEAD + "em = \n",
        HEAD + 'em = "little"\n',
        HEAD + "em = [0.1]\n",
        HEAD + "recall@5 = 0.1\n",
    ],
    ids=ascii,
)
def test_a_file_without_such_a_table_is_refused_by_its_name(toml, text):
    path = toml(text)
    told = refusal(read_tolerances, path)
    assert str(path) in told
    assert "tool.qa-evals.tolerances" in told


def test_an_empty_table_is_refused_by_its_name(toml):
    path = toml(HEAD)
    assert str(path) in refusal(read_tolerances, path)


def test_a_file_that_is_not_there_is_refused_by_its_name(tmp_path):
    assert "none.toml" in refusal(read_tolerances, tmp_path / "none.toml")


def test_a_file_that_is_no_text_is_refused_by_its_name(tmp_path):
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe")
    assert "a.toml" in refusal(read_tolerances, tmp_path / "a.toml")


@pytest.mark.parametrize("value", ["-0.01", "1.01", "5", "nan", "inf", "-inf"])
def test_a_tolerance_is_a_share_of_one(toml, value):
    path = toml(HEAD + f"f1 = 0.1\nem = {value}\n")
    told = refusal(read_tolerances, path)
    assert str(path) in told
    assert "em" in told


# Checks


@pytest.mark.parametrize(
    ("metric", "before", "after", "is_regression"),
    [
        ("em", 0.50, 0.45, False),
        ("em", 0.50, 0.449, True),
        ("em", 0.50, 0.60, False),
        ("em", 1.0, 0.95, False),
        ("ece", 0.10, 0.15, False),
        ("ece", 0.10, 0.151, True),
        ("ece", 0.10, 0.0, False),
        ("aurc", 0.20, 0.30, True),
    ],
)
def test_a_metric_is_worse_if_it_moves_the_wrong_way_by_more_than_its_tolerance(metric, before, after, is_regression):
    assert Check(metric, before, after, 0.05).is_regression is is_regression


@having(metrics, shares, shares)
def test_a_tolerance_exactly_met_is_no_regression(metric, before, after):
    """Whatever the rounding of binary fractions: 0.8 - 0.75 is more than 0.05."""
    worsening = round((before - after) * (-1 if metric in LOWER_IS_BETTER else 1), 3)
    assert not Check(metric, before, after, max(0.0, worsening)).is_regression
    assert worsening <= 0 or Check(metric, before, after, worsening - 0.001).is_regression


@having(metrics, shares, shares)
def test_without_tolerance_any_worsening_is_a_regression_and_its_reverse_is_none(metric, before, after):
    there, back = Check(metric, before, after, 0.0), Check(metric, after, before, 0.0)
    assert there.worsening == -back.worsening
    assert [there.is_regression, back.is_regression].count(True) == (before != after)


def test_only_metrics_with_a_tolerance_are_checked():
    assert [c.metric for c in check_scores({"em": 1.0, "f1": 1.0}, {"em": 0.0, "f1": 0.0}, {"f1": 0.1})] == ["f1"]


@pytest.mark.parametrize(("metric", "worst"), [("em", 0.0), ("ece", 1.0)])
def test_a_metric_that_vanished_counts_as_the_worst_it_can_be(metric, worst):
    (check,) = check_scores({metric: 0.5}, {}, {metric: 0.05})
    assert (check.after, check.is_regression) == (worst, True)


def test_a_metric_that_is_new_is_held_against_nothing():
    assert check_scores({}, {"em": 0.1}, {"em": 0.05}) == ()


def test_a_tolerance_for_a_metric_that_neither_run_has_is_refused():
    assert "exact" in refusal(check_scores, {"em": 1.0}, {"em": 1.0}, {"em": 0.1, "exact": 0.1})


# Keeping


def test_a_baseline_is_read_as_it_was_kept(run, tmp_path):
    kept = read_baseline(keep(run, tmp_path / "baselines"))
    assert kept == Baseline(run.header, run.scores.all, ("q-2",))


def test_a_baseline_bears_the_name_of_its_set_and_models(run, tmp_path):
    assert keep(run, tmp_path).name == f"{run.header.set}-{run.header.model}.json"


def test_keeping_a_run_twice_is_the_same_bytes(run, tmp_path):
    one = keep(run, tmp_path).read_bytes()
    assert keep(run, tmp_path).read_bytes() == one
    assert [path.name for path in tmp_path.iterdir()] == [keep(run, tmp_path).name]


def test_a_runs_baseline_is_found_by_its_header(run, tmp_path):
    path = keep(run, tmp_path)
    assert find_baseline(run.header, tmp_path) == path
    assert find_baseline(replace(run.header, code="other"), tmp_path) == path


@pytest.mark.parametrize("changed", [{"model": "other"}, {"set": "other"}], ids=str)
def test_a_run_of_another_set_or_other_models_has_no_baseline_here(run, tmp_path, changed):
    keep(run, tmp_path)
    told = refusal(find_baseline, replace(run.header, **changed), tmp_path)
    assert "other" in told
    assert "qa eval baseline" in told


@pytest.mark.parametrize(
    "data", [None, b"", b"\xff\xfe", b"{", b"[]", b"5", b'"text"', b"{}", b'{"format": 1}'], ids=str
)
def test_what_is_no_baseline_is_refused_by_its_name(tmp_path, data):
    path = tmp_path / "six-0.json"
    if data is not None:
        path.write_bytes(data)
    assert str(path) in refusal(read_baseline, path)


def test_a_folder_is_no_baseline(tmp_path):
    assert str(tmp_path) in refusal(read_baseline, tmp_path)


@pytest.mark.parametrize(
    "changed",
    [
        {"format": 2},
        {"header": {}},
        {"header": None},
        {"scores": 5},
        {"wrong": 5},
        pytest.param({"scores": {"em": "much"}}),
        pytest.param({"scores": {"em": None}}),
        pytest.param({"scores": {"em": math.nan}}),
    ],
    ids=str,
)
def test_a_damaged_baseline_is_refused_by_its_name(run, tmp_path, changed):
    path = keep(run, tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changed}), encoding="utf-8")
    assert str(path) in refusal(read_baseline, path)


def test_the_baselines_in_the_repository_can_be_read():
    from evals.baseline import FOLDER

    for path in FOLDER.glob("*.json"):
        assert read_baseline(path).file_name == path.name


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_where_a_baseline_or_a_run_should_be_is_not_waited_for(tmp_path):
    for name in ("pipe.json", "run.json"):
        os.mkfifo(tmp_path / name)
    with pytest.raises(InputError):
        read_baseline(tmp_path / "pipe.json")
    with pytest.raises(InputError):
        Run.read(tmp_path)
