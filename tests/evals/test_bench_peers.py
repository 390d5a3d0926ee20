"""Measuring peers: figures and tables are right, and what is not installed is named and never scored."""

import json
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evals.bench.peers import one
from evals.bench.peers.__main__ import PhaseError, Runner, environment, measure
from evals.bench.peers.frameworks import Haystack
from evals.bench.peers.installed import closure, megabytes
from evals.bench.peers.ours import Ours
from evals.bench.peers.picture import PANELS, draw
from evals.bench.peers.prepare import passages, viquad_corpus
from evals.bench.peers.report import COST, READING, RETRIEVAL, explain, markdown, table
from evals.bench.peers.score import Outcome, answers, figures, is_right, percentiles, retrieval
from evals.bench.peers.task import PEERS, VIQUAD, Asked, Corpus, Peer, Task

ROOT = Path(one.__file__).resolve().parents[3]
BM25S, OURS = PEERS[0], PEERS[-1]
ABSENT = Peer("absent", "Absent", "systems:Bm25s", ("no-such-distribution",), (), reads=False)
LONG = Asked("Ai là Cục trưởng?", "ai la cuc truong?", ("Nguyễn Hoàng Long",), ("a.md",))
NOBODY = Asked("Ai là Tổng thống?", "ai la tong thong?", (), ())
TEXTS = (
    ("a.md", "Ông Nguyễn Hoàng Long là Cục trưởng Cục Ngoại vụ."),
    ("b.md", "Hội nghị bàn về đường sắt và cảng biển."),
    ("c.md", "Đoàn khách thăm vườn chè ở Thái Nguyên."),
)


@pytest.fixture
def task(tmp_path):
    """A task of three passages and one question."""
    corpus = Corpus(VIQUAD, tmp_path, TEXTS, (LONG,), 1, is_searched=True)
    made = Task(tmp_path, {"e5": tmp_path / "e5", "reader": tmp_path / "reader"}, (corpus,))
    made.save(tmp_path / "task.json")
    return made


def outcome(peer=OURS, **values):
    return Outcome(peer, {"accented_mrr": 0.5, **values})


# Figures


def test_a_task_comes_back_as_it_was_saved(task):
    assert Task.load(task.work / "task.json") == task


def test_ranks_count_the_first_passage_of_a_gold_article():
    found = retrieval([["b.md", "a.md", "a.md"], ["b.md", "c.md"]], [LONG, LONG], "accented")
    assert found == {"accented_mrr": 0.25, "accented_r1": 0.0, "accented_r5": 0.5}


def test_a_passage_after_the_tenth_is_not_found():
    assert retrieval([["b.md"] * 10 + ["a.md"]], [LONG], "x")["x_mrr"] == 0.0


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ({"text": "ông Nguyễn Hoàng Long", "articles": ["a.md"]}, True),
        ({"text": "Nguyễn Hoàng Long", "articles": ["b.md"]}, False),
        ({"text": "Cục trưởng", "articles": ["a.md"]}, False),
        (None, False),
    ],
)
def test_right_is_a_gold_answer_from_a_gold_article(given, right):
    assert is_right(given, LONG) is right


def test_a_refusal_is_wrong_where_there_is_an_answer_and_right_where_there_is_none():
    found = answers([None, None], [LONG, NOBODY], "real")
    assert (found["real_right"], found["real_f1"], found["real_given"], found["real_refused"]) == (0.0, 0.0, 0.0, 1.0)


def test_nothing_is_said_of_refusals_where_every_question_has_an_answer():
    assert "real_refused" not in answers([None], [LONG], "real")


def test_percentiles_are_of_the_times_in_order():
    assert percentiles([float(n) for n in range(100, 0, -1)]) == {"p50": 51.0, "p95": 96.0}


def test_the_phases_of_a_system_make_one_row(task):
    phases = {
        "probe": {"install_mb": 10.0},
        "index": {"seconds": {VIQUAD: 1.5}, "peak_mb": 70.0},
        "ask": {
            "search": {VIQUAD: {"accented": [["a.md"]], "unaccented": [["b.md"]], "ms": [2.0], "peak_mb": 50.0}},
            "answer": {},
        },
        "cold": {"search": 0.4},
    }
    row = figures(phases, task.corpora)
    assert (row["accented_mrr"], row["unaccented_mrr"], row["passages_s"], row["cold_search_s"]) == (1.0, 0.0, 2.0, 0.4)
    assert not [key for key in row if key.startswith("answer_") or key.endswith("_right")]


# Tables and picture


def test_a_system_that_is_not_installed_is_named_with_the_reason_and_no_figure():
    line = table([Outcome(ABSENT, {}, missing="not installed: no | such thing")], RETRIEVAL).splitlines()[-1]
    assert line == "| Absent | not installed: no / such thing | – | – | – | – | – |"


@pytest.mark.parametrize("columns", [RETRIEVAL, READING, COST])
def test_every_line_of_a_table_has_as_many_cells(columns):
    lines = table([outcome(), Outcome(ABSENT, {}, missing="not installed: x")], columns).splitlines()
    assert {line.count("|") for line in lines} == {len(columns) + 2}


def test_figures_that_a_system_does_not_have_are_dashes_and_never_zeros():
    assert table([outcome(search_p50=3.0)], COST).splitlines()[-1].startswith("| **ours** | – | – | 3.0 / – | – |")


def test_the_whole_report_says_what_was_asked_of_whom(task):
    report = markdown([Outcome(OURS, {}, notes="ngoai-vu-qa 0.1.0")], task.corpora)
    assert "3 articles, 3 passages, 1 questions" in report
    assert "ngoai-vu-qa 0.1.0" in explain([Outcome(OURS, {}, notes="ngoai-vu-qa 0.1.0")], task.corpora)


def test_the_picture_is_xml_with_every_system_in_every_panel():
    drawn = ElementTree.fromstring(draw([outcome(BM25S), outcome(), Outcome(ABSENT, {}, missing="not installed: x")]))
    texts = ["".join(e.itertext()) for e in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert texts.count("Absent") == texts.count("not installed") == texts.count("ours") == len(PANELS)


def test_the_longest_bar_of_a_panel_belongs_to_the_largest_figure():
    drawn = ElementTree.fromstring(draw([outcome(BM25S, accented_mrr=0.4), outcome(accented_mrr=0.8)]))
    widths = [float(e.get("width")) for e in drawn.iter("{http://www.w3.org/2000/svg}rect")]
    assert widths[0] == pytest.approx(widths[1] / 2)


def test_the_picture_knows_dark_pages():
    assert "prefers-color-scheme: dark" in draw([outcome()])


# Processes


def test_a_missing_distribution_is_found_missing(task, monkeypatch):
    monkeypatch.setattr(one, "load_system", lambda _peer, _task: None)
    assert "no-such-distribution" in one.probe(ABSENT, task)["missing"]


def test_a_system_that_is_not_installed_is_not_measured_further(task, monkeypatch):
    asked = []
    monkeypatch.setattr(Runner, "run", lambda _self, phase, _peer: asked.append(phase) or {"missing": "ImportError: x"})
    measured, _ = measure(Runner(task, Path(sys.executable), 9), ABSENT, runs=1)
    assert (asked, measured.figures, measured.missing) == (["probe"], {}, "not installed: ImportError: x")


def test_a_system_that_fails_is_named_with_the_reason(task, monkeypatch):
    def fail(_self, phase, _peer):
        raise PhaseError(f"{phase}: out of memory")

    monkeypatch.setattr(Runner, "run", fail)
    assert measure(Runner(task, Path(sys.executable), 9), BM25S, runs=1)[0].missing == (
        "not measured: probe: out of memory"
    )


def test_without_an_environment_for_the_peers_they_are_named(task):
    measured, _ = measure(Runner(task, task.work / "nowhere" / "python", 9), BM25S, runs=1)
    assert measured.missing.startswith("not installed: there is no environment of the peers")
    assert measured.figures == {}


def test_a_process_that_fails_hands_back_its_last_line(task):
    with pytest.raises(PhaseError, match="KeyError: 'no such phase'"):
        Runner(task, Path(sys.executable), 60).run("no such phase", BM25S)


def test_every_process_is_offline_and_has_two_threads():
    env = environment(BM25S)
    assert (env["HF_HUB_OFFLINE"], env["OMP_NUM_THREADS"]) == ("1", "2")


def test_measuring_a_peer_imports_nothing_of_this_project_that_a_peer_lacks():
    code = "import evals.bench.peers.one, evals.bench.peers.frameworks, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"numpy", "typer", "yaml", "index", "qa"} & loaded == set()
    ours = {name for name in loaded if name.split(".")[0] == "corpus"}
    assert ours == {
        "corpus",
        "corpus.errors",
        "corpus.offline",
    }  # of the standard library alone: a peer is offline, too


def test_peak_memory_is_of_this_process():
    assert 5 < one.peak_megabytes() < 64_000


# Sizes


def test_an_install_is_a_distribution_with_all_that_it_requires():
    assert {"pytest", "pluggy"} <= closure(["pytest"])
    assert "typer" not in closure(["pytest"])


def test_a_closure_is_larger_than_its_root():
    assert 0 < megabytes(["pytest"]) < megabytes(closure(["pytest"]))


def test_what_is_not_installed_has_no_closure():
    assert closure(["no-such-distribution"]) == set()


# The real thing


def test_the_sample_of_questions_is_the_same_every_time(tmp_path, monkeypatch):
    from index.training.examples import Example, Span

    examples = [Example(str(n), f"Hỏi {n}?", f"Bối cảnh số {n} nói.", (Span(0, "Bối"),), "Tên") for n in range(40)]
    monkeypatch.setattr("evals.bench.peers.prepare.read_viquad", lambda _data, _part: examples)
    first, again = (viquad_corpus(tmp_path, tmp_path / "c", count=7, read=3) for _ in range(2))
    assert first == again
    assert (len(first.asked), len(first.to_answer), len({article for article, _ in first.passages})) == (7, 3, 40)


def test_the_peers_get_the_passages_that_our_index_holds(sample_corpus, sample_index):
    from index.search import Index

    index = Index.open(sample_index)
    stored = index.database.passages(range(index.manifest.passages))
    assert sorted(passages(sample_corpus)) == sorted((p.article, p.contextual_text) for p in stored)


def test_ours_answers_from_a_stored_index(sample_index):
    system = Ours({})
    system.open(sample_index)
    system.load_reader()
    given = system.answer("Ai là Cục trưởng Cục Ngoại vụ năm 2018?", None)
    assert given is not None
    assert "Nguyễn Hoàng Long" in given.text
    assert set(given.articles) & set(system.search("Ai là Cục trưởng Cục Ngoại vụ năm 2018?", 5))


def test_ours_refuses_to_index_other_passages_than_the_peers_are_given(tmp_path):
    (tmp_path / "a.md").write_text(TEXTS[0][1], encoding="utf-8")
    corpus = Corpus("one", tmp_path, passages(tmp_path), (), 0, is_searched=False)
    Ours({}).build(corpus, tmp_path / "index")
    with pytest.raises(RuntimeError, match="1 passages, the peers were given 3"):
        Ours({}).build(replace(corpus, passages=TEXTS), tmp_path / "other")


class Bound:
    """A component that may be in one pipeline only."""

    def __getattr__(self, name):
        return lambda *_args, **_kwargs: Bound()


def test_haystack_opens_a_second_index_with_components_of_their_own(tmp_path):
    """Haystack refuses a component that is already in another pipeline."""
    system = Haystack.__new__(Haystack)
    system._models = {"e5": tmp_path}
    system._embedders = Bound()
    assert system._text_embedder() is not system._text_embedder()


@pytest.mark.skipif(find_spec("bm25s") is None, reason="bm25s is not installed: it is a peer, not a dependency")
def test_bm25s_is_really_measured(task):
    for phase in ("index", "ask", "search"):
        one.main(phase, "bm25s", str(task.work / "task.json"), str(task.work / f"{phase}.json"))
    asked = json.loads((task.work / "ask.json").read_text(encoding="utf-8"))
    assert asked["search"][VIQUAD]["accented"][0][0] == "a.md"
    assert asked["answer"] == {}
