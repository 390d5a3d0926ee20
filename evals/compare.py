"""Two runs of one set, question by question: what changed, how sure that is, and whether it is a regression."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.errors import InputError
from evals.baseline import Baseline, Check, check_scores
from evals.outcome import Record
from evals.run import Header, Run
from evals.score import by_question

RESAMPLES = 10_000
BATCH = 256
SEED = 1
LEVEL = 0.95
MUST_AGREE = ("set_sha256", "corpus", "metrics", "mode")


@dataclass(frozen=True, slots=True)
class Paired:
    """One metric over the same questions: the mean difference B − A, its 95 % interval, p, and who did better."""

    metric: str
    before: float
    after: float
    low: float
    high: float
    p: float
    wins: int
    ties: int
    losses: int


@dataclass(frozen=True, slots=True)
class Change:
    """A question that was right and is wrong, or the other way round, or is wrong in another way."""

    id: str
    question: str
    golds: tuple[str, ...]
    before: str
    after: str
    miss_before: str
    miss_after: str
    passage: str

    @property
    def is_loss(self) -> bool:
        """Whether a right answer was lost."""
        return not self.miss_before and bool(self.miss_after)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run held against another, or against a baseline (which knows no single answers: no pairs, fewer changes)."""

    before: Header
    after: Header
    checks: tuple[Check, ...]
    pairs: tuple[Paired, ...]
    changes: tuple[Change, ...]

    @property
    def regressions(self) -> list[Check]:
        """The metrics that are worse by more than their tolerance."""
        return [check for check in self.checks if check.is_regression]


def compare(before: Run, after: Run, tolerances: Mapping[str, float]) -> Comparison:
    """Compare two runs question by question; `InputError` if they are not of the same set, corpus and metrics."""
    _refuse_unlike(before.header, after.header)
    return Comparison(
        before.header,
        after.header,
        check_scores(before.scores.all, after.scores.all, tolerances),
        tuple(_pairs(before.records, after.records)),
        tuple(_changes(before.records, after.records)),
    )


def compare_with_baseline(baseline: Baseline, run: Run, tolerances: Mapping[str, float]) -> Comparison:
    """Hold a run against a baseline; `InputError` if they are not of the same set, corpus and metrics."""
    _refuse_unlike(baseline.header, run.header)
    changes = [
        _change(record, before="", miss_before="wrong" if record.id in baseline.wrong else "")
        for record in run.records
        if record.is_right == (record.id in baseline.wrong)
    ]
    return Comparison(
        baseline.header, run.header, check_scores(baseline.scores, run.scores.all, tolerances), (), tuple(changes)
    )


def _refuse_unlike(before: Header, after: Header) -> None:
    for key in MUST_AGREE:
        one, other = getattr(before, key), getattr(after, key)
        if one != other:
            raise InputError(
                f"Không so sánh được: hai lần chạy khác nhau ở {key} ({one} và {other}).",
                f"These cannot be compared: the two runs differ in {key} ({one} and {other}).",
            )


def _pairs(before: Sequence[Record], after: Sequence[Record]) -> list[Paired]:
    one, other = by_question(before), by_question(after)
    return [
        _paired(metric, np.array(list(one[metric].values())), np.array([other[metric][key] for key in one[metric]]))
        for metric in one
    ]


def _paired(metric: str, before: NDArray[np.float64], after: NDArray[np.float64]) -> Paired:
    """Compare values of the same questions: bootstrap of the mean difference, randomisation of its sign for p."""
    from scipy.stats import bootstrap, permutation_test

    difference = after - before
    low = high = float(difference.mean())
    p = 1.0
    if difference.any() and len(difference) > 1:
        interval = bootstrap(
            (difference,), np.mean, confidence_level=LEVEL, n_resamples=RESAMPLES, batch=BATCH, method="percentile",
            rng=np.random.default_rng(SEED),
        ).confidence_interval  # fmt: skip
        low, high = float(interval.low), float(interval.high)
        p = permutation_test(
            (difference,), np.mean, permutation_type="samples", n_resamples=RESAMPLES, batch=BATCH, vectorized=True,
            rng=np.random.default_rng(SEED),
        ).pvalue  # fmt: skip
    return Paired(
        metric, float(before.mean()), float(after.mean()), low, high, float(p),
        wins=int((difference > 0).sum()), ties=int((difference == 0).sum()), losses=int((difference < 0).sum()),
    )  # fmt: skip


def _changes(before: Sequence[Record], after: Sequence[Record]) -> list[Change]:
    earlier = {record.id: record for record in before}
    return [
        _change(record, before=earlier[record.id].top, miss_before=earlier[record.id].miss.value)
        for record in after
        if record.miss is not earlier[record.id].miss
    ]


def _change(record: Record, *, before: str, miss_before: str) -> Change:
    cited = [citation.sentence for given in record.answers[:1] for citation in given.citations[:1]]
    return Change(
        record.id, record.question, record.golds, before, record.top, miss_before, record.miss.value, "".join(cited)
    )
