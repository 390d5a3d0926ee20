"""A fault planted in the real code is caught by the gate of this repository, by the metric that should catch it.

The shipped models answer half of the sample questions, honestly and with each fault in turn. The networks' arithmetic
is remembered from one run to the next; everything else runs each time.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from evals.baseline import read_tolerances
from evals.compare import Comparison, compare
from evals.outcome import Asker, Miss
from evals.questions import FOLDER, read_questions
from evals.run import Run
from index.search import Index, fuse
from qa.answer import Answerer, weigh
from qa.citing.citation import cite
from qa.reading.onnx import Reader
from qa.reading.spans import decode

STRIDE = 2
RETRIEVAL = {"recall@5", "mrr@10", "ndcg@10"}
CITATION = {"citation_verbatim", "citation_recall"}


class Remembering:
    """A network that computes nothing twice."""

    def __init__(self, session):
        self._session = session
        self._known = {}

    def run(self, names, feeds):
        key = feeds["input_ids"].tobytes()
        if key not in self._known:
            self._known[key] = self._session.run(names, feeds)
        return self._known[key]


@pytest.fixture(scope="module")
def asker(sample_index, encoder) -> Asker:
    reader, index = Reader(), Index.open(sample_index)
    reader._session = Remembering(reader._session)
    return Asker(index, encoder, Answerer(index, encoder, reader))


@pytest.fixture(scope="module")
def run(asker, run_of) -> Callable[[], Run]:
    questions = read_questions(FOLDER / "sample.jsonl")[::STRIDE]
    return lambda: run_of(*(asker.ask(question)[0] for question in questions))


@pytest.fixture(scope="module")
def honest(run) -> Run:
    return run()


@pytest.fixture(scope="module")
def tolerances(root):
    return read_tolerances(root / "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Caught:
    """What the gate says of a run with a fault in it, and how many more questions are lost in each way."""

    comparison: Comparison
    lost: dict[str, int]

    @property
    def regressions(self) -> set[str]:
        return {check.metric for check in self.comparison.regressions}

    def moved(self, *metrics: str) -> set[str]:
        return {c.metric for c in self.comparison.checks if c.metric in metrics and c.before != c.after}


@pytest.fixture
def plant(monkeypatch, run, honest, tolerances):
    """Put something in the place of a piece of the code, ask everything again, and return what the gate says."""

    def planted(where: str, fault: object) -> Caught:
        monkeypatch.setattr(where, fault)
        faulty = run()
        lost = {str(m): faulty.scores.misses.get(m, 0) - honest.scores.misses.get(m, 0) for m in Miss}
        return Caught(compare(honest, faulty, tolerances), lost)

    return planted


def test_the_same_code_asked_twice_is_no_regression(run, honest, tolerances):
    again = run()
    assert again == honest
    assert compare(honest, again, tolerances).regressions == []


def test_every_way_of_losing_an_answer_but_errors_can_be_seen_in_the_gate(tolerances):
    assert tolerances.keys() >= RETRIEVAL | CITATION | {"em", "f1", "right@1", "refusal_recall", "ece"}


# Retrieval


@pytest.mark.parametrize(
    "fault",
    [lambda *a, **k: fuse(*a, **k)[::-1], lambda *a, **k: fuse(*a, **k)[3:]],
    ids=["worst first", "best dropped"],
)
def test_a_fault_in_retrieval_is_caught_by_recall_and_mrr(plant, fault):
    caught = plant("index.search.fuse", fault)
    assert caught.regressions >= RETRIEVAL
    assert caught.lost["retrieval"] > max(caught.lost["reading"], caught.lost["selection"], 0)


# Reading


def swapped(logits, offsets, body, passage):
    return decode(logits[:, ::-1], offsets, body, passage)


def a_token_late(logits, offsets, body, passage):
    late = offsets.copy()
    late[body[:-1]] = offsets[body[1:]]
    return decode(logits, late, body, passage)


def a_word_short(*arguments):
    return [replace(s, end=s.start + len(s.text[:-2]), text=s.text[:-2]) for s in decode(*arguments) if len(s.text) > 2]


@pytest.mark.parametrize("fault", [swapped, a_token_late, a_word_short])
def test_a_fault_in_reading_is_caught_by_exact_match_and_not_by_recall(plant, fault):
    caught = plant("qa.reading.onnx.decode", fault)
    assert "em" in caught.regressions
    assert caught.moved(*RETRIEVAL) == set()


def test_a_network_that_says_nothing_loses_its_answers_in_reading(plant):
    caught = plant("qa.reading.onnx.decode", lambda logits, *rest: decode(np.zeros_like(logits), *rest))
    assert caught.lost["reading"] > max(caught.lost["retrieval"], caught.lost["selection"], 0)


# Selection


def negated(*arguments):
    worst = [replace(c, because=(("negated", -c.score),)) for c in weigh(*arguments)]
    return sorted(worst, key=lambda c: -c.score)


def test_a_fault_in_selection_is_caught_by_right_at_1(plant):
    caught = plant("qa.answer.weigh", negated)
    assert caught.regressions >= {"right@1", "aurc"}
    assert caught.moved(*RETRIEVAL) == set()
    # a wrong choice made in place of a refusal also spares the second search, which may cost a question its passage
    assert caught.lost["selection"] > max(caught.lost["retrieval"], caught.lost["reading"], 0)


def test_refusing_everything_is_caught_by_right_at_1_and_is_lost_in_selection(plant):
    caught = plant("qa.answer.Answerer._supported", lambda self, question, groups: [])
    assert "right@1" in caught.regressions
    assert caught.lost["selection"] > 0
    assert (caught.lost["retrieval"], caught.lost["reading"]) == (0, 0)


def test_refusing_nothing_is_caught_by_the_refusals_and_not_by_recall(plant):
    caught = plant("qa.answer.Answerer._supported", lambda self, question, groups: list(groups[:1]))
    assert "refusal_recall" in caught.regressions
    assert caught.moved(*RETRIEVAL) == set()
    # whoever never refuses never makes the second search either: some answers are lost, more are invented
    assert caught.lost["invented"] > max(caught.lost["retrieval"], caught.lost["reading"], caught.lost["selection"], 0)


def test_false_confidence_is_caught_by_the_calibration_error(plant):
    caught = plant("qa.ranking.confidence.Calibration.confidence", lambda self, score: 1.0)
    assert "ece" in caught.regressions


# Citation


def one_off(article, start, end, **rest):
    return cite(article, start + 1, end + 1, **rest)


def claiming(article, start, end, **rest):
    return replace(cite(article, start, end, **rest), start=start + 1, end=end + 1, verified=True)


def altered(*arguments, **rest):
    citation = cite(*arguments, **rest)
    return replace(citation, quote=citation.quote[:-1] + "?", verified=True)


def wrong_file(article, *span, **rest):
    return cite(replace(article, path=article.path + ".md"), *span, **rest)


@pytest.mark.parametrize("fault", [one_off, claiming, altered, wrong_file])
def test_a_fault_in_citation_is_caught_by_the_citations_and_not_by_recall(plant, fault):
    caught = plant("qa.answer.cite", fault)
    assert caught.regressions & CITATION
    assert caught.moved(*RETRIEVAL, "ece", "aurc") == set(), "the best answer before it was cited is what it was"
    assert (caught.lost["retrieval"], caught.lost["reading"]) == (0, 0)


@pytest.mark.parametrize("fault", [claiming, altered])
def test_a_citation_that_claims_to_be_verified_and_is_not_is_caught_by_citation_verbatim(plant, fault):
    caught = plant("qa.answer.cite", fault)
    assert "citation_verbatim" in caught.regressions
    assert "right@1" not in caught.regressions or fault is altered
