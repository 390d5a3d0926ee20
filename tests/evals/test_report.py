"""A run as tables, Markdown, JSON and JUnit XML: complete, well formed, and text is never obeyed."""

import io
import json
import re
import sys
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from evals.compare import compare
from evals.outcome import Miss
from evals.report import show, tables, to_json, to_junit, to_markdown, verdict
from qa.show.messages import language

TOLERANCES = {"em": 0.05, "recall@5": 0.05, "ece": 1.0}
EVIL = "a\x1b[31mđỏ\x9b1m\x07\x00\u202e\u2028|x|\n## `h`\r<script>alert(1)</script>]]>&amp;\ufffe"
EVIL += "\u200b\U000e0041\u3164e\u0301\u0301\u0301\u0301\u0301"
TORN = f"{EVIL}\ud800"


@pytest.fixture
def english():
    token = language.set("en")
    yield
    language.reset(token)


@pytest.fixture
def before(record, run_of):
    return run_of(record(), record(id="q-2"), record(id="q-3", kind="why"), milliseconds=(5.0, 7.0), cold=1.25)


@pytest.fixture
def after(record, run_of, given):
    """The first question is lost, the second as it was, the third wrong in another way than being lost."""
    lost = record(exact=0.0, f1=0.0, miss=Miss.SELECTION, answers=(given(text="Lam", is_right=False),))
    return run_of(lost, record(id="q-2"), record(id="q-3", kind="why"), milliseconds=(5.0, 7.0, 9.0))


@pytest.fixture
def hostile(record, run_of, given, cited):
    """Two runs between which every text of a record that is shown is hostile, and one more that is torn."""

    def runs(text):
        shown = given(text=text, is_right=False, citations=(cited(sentence=text, quote=text),))
        wrong = {"question": text, "golds": (text,), "answers": (shown,), "miss": Miss.READING, "exact": 0.0}
        ids = [f"q{EVIL}", f"p{EVIL}"]
        header = {"set": text, "model": text, "mode": text}
        later = run_of(*(record(id=i, kind=text, **wrong) for i in ids), **header)
        return run_of(*(record(id=i) for i in ids), mode=text), later

    return runs


def cells(line: str) -> list[str]:
    return re.split(r"(?<!\\)\|", line.strip())[1:-1]


# Markdown


@pytest.mark.parametrize("with_comparison", [False, True])
def test_markdown_has_every_table(before, after, with_comparison):
    comparison = compare(before, after, TOLERANCES) if with_comparison else None
    text = to_markdown(after, comparison)
    assert text.count("\n## ") + text.startswith("## ") == len(tables(after, comparison)) == (6 if comparison else 3)


def test_every_line_of_a_markdown_table_has_as_many_cells_as_its_head(before, after):
    for block in re.findall(r"(?:^\|.*\n)+", to_markdown(after, compare(before, after, TOLERANCES)), re.MULTILINE):
        assert len({len(cells(line)) for line in block.splitlines()}) == 1


def test_hostile_text_stays_in_its_cell_of_the_markdown(hostile, unseen):
    one, other = hostile(EVIL)
    text = to_markdown(other, compare(one, other, TOLERANCES))
    assert unseen(text) == []
    assert "<script>" not in text.replace("\\<", "")
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({len(cells(line)) for line in block.splitlines()}) == 1
    assert [line for line in text.splitlines() if line and line[:1] not in "|#*"] == []


def test_hostile_text_leaves_the_structure_of_the_markdown_as_it_is(hostile):
    reader = MarkdownIt("gfm-like", {"linkify": False})
    one, other = (
        [part.type for token in reader.parse(to_markdown(runs[1], compare(*runs, TOLERANCES)))
         for part in (token, *(token.children or ()))]
        for runs in (hostile("- một\n---\n===\nwww.a.vn $x$ [a](b)"), hostile("1. một"))
    )  # fmt: skip
    assert one == other
    assert set(one) & {"link_open", "code_inline", "html_inline", "em_open", "hr", "fence"} == set()


def test_markdown_says_every_metric_and_the_verdict(before, after):
    text = to_markdown(after, compare(before, after, TOLERANCES)).replace("\\", "")
    assert all(f"| {metric} |" in text for metric in after.scores.all)
    assert "q-1" in text
    assert "em" in text.splitlines()[-1]


# Terminal


@pytest.mark.parametrize("text", ["Long", EVIL], ids=["honest", "hostile"])
def test_the_terminal_is_shown_everything_and_obeys_nothing(monkeypatch, hostile, unseen, text):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    one, other = hostile(text)
    show(other, compare(one, other, TOLERANCES))
    assert unseen(out.getvalue()) == []
    assert all(metric in out.getvalue() for metric in other.scores.all)


# Verdict


def test_tables_fit_a_screen_in_a_pipe_too(monkeypatch, record, run_of):
    long = "Hội nghị Ngoại vụ toàn quốc lần thứ 19 " * 20
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    show(run_of(record(question=long, golds=(long,), miss=Miss.READING, exact=0.0)), None)
    assert max(map(len, out.getvalue().splitlines())) <= 100
    assert "lần thứ 19" in " ".join(out.getvalue().split())


def test_the_verdict_names_what_is_worse(english, before, after):
    assert verdict(compare(before, after, TOLERANCES)) == "Worse by more than the tolerance: em."
    assert verdict(compare(before, before, TOLERANCES)) == "No metric is worse by more than its tolerance."


def test_the_verdict_is_vietnamese_otherwise(before, after):
    assert verdict(compare(before, after, TOLERANCES)) == "Kém đi quá dung sai: em."


# JSON


def test_json_holds_the_run_alone(before):
    found = json.loads(to_json(before, None))
    assert found.keys() == {"run", "scores", "latency"}
    assert found["scores"]["all"] == before.scores.all
    assert found["latency"] == {"p50_ms": 7.0, "p95_ms": 7.0, "cold_start_s": 1.25}


def test_json_holds_the_comparison(before, after):
    found = json.loads(to_json(after, compare(before, after, TOLERANCES)))["comparison"]
    assert found["regressions"] == ["em"]
    assert {check["metric"] for check in found["checks"]} == TOLERANCES.keys()
    assert {pair["metric"] for pair in found["paired"]} >= {"em", "f1"}
    assert [(change["id"], change["before"], change["after"]) for change in found["changes"]] == [
        ("q-1", "Long", "Lam")
    ]


@pytest.mark.parametrize("text", [EVIL, TORN], ids=["hostile", "torn"])
def test_hostile_text_survives_json(hostile, unseen, text):
    one, other = hostile(text)
    written = to_json(other, compare(one, other, TOLERANCES))
    assert unseen(written) == []
    assert json.loads(written)["comparison"]["changes"][0]["after"] == text


# JUnit


def suites(text: str) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(text.encode("utf-8"))
    assert root.tag == "testsuites"
    return {suite.attrib["name"].rpartition(".")[2]: suite for suite in root}


def failed(suite: ElementTree.Element) -> list[str]:
    return [case.attrib["name"] for case in suite if case.find("failure") is not None]


def test_junit_has_a_test_a_question_and_fails_those_that_are_wrong(after):
    found = suites(to_junit(after, None))
    assert found.keys() == {"questions"}
    assert [case.attrib["name"] for case in found["questions"]] == ["q-1", "q-2", "q-3"]
    assert failed(found["questions"]) == ["q-1"]


def test_junit_has_a_test_a_metric_and_fails_the_regressions(before, after):
    found = suites(to_junit(after, compare(before, after, TOLERANCES)))
    assert {case.attrib["name"] for case in found["gate"]} == TOLERANCES.keys()
    assert failed(found["gate"]) == ["em"]


def test_junit_of_a_comparison_fails_questions_that_were_lost_and_no_others(record, before, run_of):
    wrong = {"miss": Miss.READING, "exact": 0.0}
    one = run_of(record(), record(id="q-2", **wrong), record(id="q-3", **wrong))
    other = run_of(record(**wrong), record(id="q-2", **wrong), record(id="q-3"))
    assert failed(suites(to_junit(other, compare(one, other, TOLERANCES)))["questions"]) == ["q-1"]


def test_junit_counts_are_those_of_its_cases(before, after):
    for suite in suites(to_junit(after, compare(before, after, TOLERANCES))).values():
        assert int(suite.attrib["tests"]) == len(suite)
        assert int(suite.attrib["failures"]) == len(failed(suite))


def test_hostile_questions_leave_junit_well_formed(record, run_of, given, unseen):
    wrong = {"question": TORN, "golds": (TORN,), "answers": (given(text=TORN),), "miss": Miss.READING}
    one, other = run_of(record(id=EVIL)), run_of(record(id=EVIL, **wrong))
    for comparison in (None, compare(one, other, TOLERANCES)):
        written = to_junit(other, comparison)
        (case,) = suites(written)["questions"]
        assert unseen(written) == []
        assert "<script>" in case.attrib["name"]
        assert "<script>" in case.find("failure").attrib["message"]


def test_a_set_whose_file_has_a_hostile_name_leaves_junit_well_formed(record, run_of):
    assert suites(to_junit(run_of(record(), set="six\x1b"), None)).keys() == {"questions"}


# Tables


def test_misses_are_listed_by_where_they_were_lost(record, run_of):
    run = run_of(*(record(id=f"q-{n}", miss=miss) for n, miss in enumerate(reversed(Miss))))
    (table,) = [rows for _, head, rows in tables(run, None) if head[0] == "id"]
    assert [row[0] for row in table] == ["q-4", "q-3", "q-2", "q-1", "q-0"]


def test_a_run_without_a_wrong_answer_has_no_table_of_them(record, run_of):
    assert [head for _, head, _ in tables(run_of(record()), None) if head[0] == "id"] == []


def test_every_row_has_as_many_cells_as_its_head(before, after):
    for _, head, rows in tables(after, compare(before, after, TOLERANCES)):
        assert {len(row) for row in rows} == {len(head)}
