"""Records → scores: retrieval, answers, citations, refusals, calibration; of all questions and by kind.

A question that failed or got no answer counts as 0. Retrieval is scored by ir_measures over passages: relevant are
those of a gold article that hold a gold answer token for token.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from evals.metrics import calibration_error, risk_coverage
from evals.outcome import DIGITS, Miss, Record

METRICS_VERSION = 2  # 2: a number with its unit is the number
RANKED = {"recall@1": "R@1", "recall@5": "R@5", "recall@10": "R@10", "recall@20": "R@20", "mrr@10": "RR@10",
          "ndcg@10": "nDCG@10"}  # fmt: skip
METRICS = (
    *RANKED, "em", "f1", "right@1", "right@3", "citation_recall", "refusal_recall", "citation_precision",
    "citation_article", "citation_verbatim", "citation_supported", "refusal_precision", "refusal_f1", "ece", "aurc",
)  # fmt: skip
LOWER_IS_BETTER = frozenset({"ece", "aurc"})
UNANSWERABLE = "unanswerable"


@dataclass(frozen=True, slots=True)
class Scores:
    """`all` and `by_kind[kind]` map metrics to shares of 1; a metric that no question bears on is left out."""

    questions: int
    all: dict[str, float]
    by_kind: dict[str, dict[str, float]]
    misses: dict[str, int]
    risk_coverage: list[list[float]]


def score(records: Sequence[Record]) -> Scores:
    """Score a run."""
    kinds: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        kinds[record.kind if record.answerable else UNANSWERABLE].append(record)
    misses = [record.miss.value for record in records if record.miss is not Miss.NONE]
    pairs = [(record.confidence, record.is_best_right) for record in records]
    return Scores(
        questions=len(records),
        all=measure(records),
        by_kind={kind: measure(rows) for kind, rows in sorted(kinds.items())},
        misses={miss: misses.count(miss) for miss in sorted(set(misses))},
        risk_coverage=[[round(value, DIGITS) for value in point] for point in risk_coverage(pairs)],
    )


def measure(records: Sequence[Record]) -> dict[str, float]:
    """Return every metric that the records bear on."""
    found = {
        **{name: _mean(by_id.values()) for name, by_id in by_question(records).items()},
        **_citations(records),
        **_refusals(records),
        **_confidence(records),
    }
    return {name: round(value, DIGITS) for name, value in found.items() if not math.isnan(value)}


def by_question(records: Sequence[Record]) -> dict[str, dict[str, float]]:
    """Return the metrics that are means over questions, question by question: `values[metric][id]`."""
    asked = [record for record in records if record.answerable]
    values = {
        **rank_by_question({r.id: r.relevant for r in asked}, {r.id: r.ranking for r in asked}),
        "em": {record.id: record.exact for record in asked},
        "f1": {record.id: record.f1 for record in asked},
        "right@1": {record.id: float(record.is_right) for record in asked},
        "right@3": {record.id: float(any(given.is_right for given in record.answers[:3])) for record in asked},
        "citation_recall": {record.id: float(_is_well_cited(record)) for record in asked},
        "refusal_recall": {r.id: float(not r.answers and not r.error) for r in records if not r.answerable},
    }
    return {name: by_id for name, by_id in values.items() if by_id}


def rank_by_question(
    relevant: Mapping[str, Sequence[str]], rankings: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Return recall, MRR and nDCG of each ranking, best first, by question id; without relevant ones found it is 0."""
    import ir_measures

    measures = {ir_measures.parse_measure(name): metric for metric, name in RANKED.items()}
    values = {metric: dict.fromkeys(relevant, 0.0) for metric in RANKED}
    keys = list(relevant)
    numbers: dict[str, str] = defaultdict(lambda: f"d{len(numbers)}")  # trec_eval takes names for C strings
    qrels = {f"q{n}": {numbers[name]: 1 for name in relevant[key]} for n, key in enumerate(keys) if relevant[key]}
    ranked = {
        f"q{n}": {numbers[name]: float(-place) for place, name in enumerate(rankings[key])}
        for n, key in enumerate(keys)
        if rankings.get(key)
    }
    if qrels and ranked:
        for found in ir_measures.iter_calc(list(measures), qrels, ranked):
            values[measures[found.measure]][keys[int(found.query_id[1:])]] = found.value
    return values


def _citations(records: Sequence[Record]) -> dict[str, float]:
    """Return what share of the citations shown is good, and of its three parts."""
    shown = [cited for record in records for given in record.answers for cited in given.citations]
    return {
        "citation_precision": _mean(cited.is_good for cited in shown),
        "citation_article": _mean(cited.is_gold_article for cited in shown),
        "citation_verbatim": _mean(cited.is_verbatim for cited in shown),
        "citation_supported": _mean(cited.is_supported for cited in shown),
    }


def _is_well_cited(record: Record) -> bool:
    return any(given.is_right and any(cited.is_good for cited in given.citations) for given in record.answers)


def _refusals(records: Sequence[Record]) -> dict[str, float]:
    refused = [record for record in records if not record.answers and not record.error]
    rightly = sum(not record.answerable for record in refused)
    unanswerable = sum(not record.answerable for record in records)
    if not unanswerable:
        return {}
    precision = rightly / len(refused) if refused else 0.0
    recall = rightly / unanswerable
    both = precision + recall
    return {"refusal_precision": precision, "refusal_f1": 2 * precision * recall / both if both else 0.0}


def _confidence(records: Sequence[Record]) -> dict[str, float]:
    pairs = [(record.confidence, record.is_best_right) for record in records]
    curve = risk_coverage(pairs)
    return {"ece": calibration_error(pairs), "aurc": _mean(risk for _, risk in curve)}


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return fmean(found) if found else math.nan


def latency(milliseconds: Sequence[float]) -> Mapping[str, float]:
    """Return p50 and p95 of the answers' times, in milliseconds; empty if nothing was timed."""
    times = sorted(milliseconds)
    if not times:
        return {}
    return {"p50_ms": times[len(times) // 2], "p95_ms": times[min(len(times) - 1, int(len(times) * 0.95))]}
