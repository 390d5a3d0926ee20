"""`qa eval`: exit codes, files written, and messages of one line in two languages; never a traceback."""

import json
import shutil
import subprocess
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from evals import run as running
from evals.baseline import read_baseline
from evals.outcome import Asker
from evals.run import HEADER, RECORDS, SCORES, Run
from index.search import Index
from qa.answer import Answerer
from qa.reading.onnx import Reader

FORMATS = ["text", "json", "md"]
COMMANDS = ["run", "diff", "baseline", "check"]


@pytest.fixture(scope="module", autouse=True)
def open_models(encoder):
    """The models are loaded once and asked nothing twice; the code is what it was, whoever edits it meanwhile."""
    reader = Reader()

    @cache
    def open_index(folder, mode) -> Asker:
        index = Index.open(folder)
        return Asker(index, encoder, Answerer(index, encoder, reader), mode)

    @cache
    def ask(folder, mode, question):
        return open_index(folder, mode).ask(question)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            running,
            "open_asker",
            lambda folder, *, mode, model, reader: SimpleNamespace(ask=partial(ask, folder, mode)),
        )
        patch.setattr(running, "code_hash", lambda: "c0de")
        yield


@pytest.fixture(scope="module")
def two(six, tmp_path_factory) -> Path:
    """A question with an answer and one without."""
    path = tmp_path_factory.mktemp("cli") / "two.jsonl"
    path.write_text("".join(six.read_text(encoding="utf-8").splitlines(keepends=True)[:2]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def first(qa, two, sample_index, open_models, tmp_path_factory):
    """A run by the command line: what it said, and its folder."""
    out = tmp_path_factory.mktemp("runs")
    ran = qa("eval", "run", two, "--index", sample_index, "--out", out, "--lang", "en")
    return ran, out / "two" / "run"


@pytest.fixture
def finished(first, tmp_path) -> Path:
    """A copy of the finished run, which the test may spoil."""
    shutil.copytree(first[1], tmp_path / "finished")
    return tmp_path / "finished"


@pytest.fixture
def better(finished, tmp_path) -> Path:
    """A run of the same that was better than it is now."""
    shutil.copytree(finished, tmp_path / "better")
    path = tmp_path / "better" / SCORES
    scores = json.loads(path.read_text(encoding="utf-8"))
    scores["all"] = {**scores["all"], "f1": 1.5}
    path.write_text(json.dumps(scores), encoding="utf-8")
    return tmp_path / "better"


@pytest.fixture
def evaluate(qa, root, tmp_path):
    """Run `qa eval …` with the tolerances of the repository where the command takes them."""

    def go(command: str, *arguments: object, **environment: str):
        tolerances = ("--tolerances", root / "pyproject.toml") if command in ("run", "diff") else ()
        return qa("eval", command, *arguments, *tolerances, **environment)

    return go


def is_one_line(text: str) -> bool:
    return text.endswith("\n") and text.count("\n") == 1 and "Traceback" not in text


# Running


def test_a_run_exits_0_and_says_its_scores(first):
    ran, folder = first
    assert (ran.code, ran.err) == (0, "")
    assert all(metric in ran.out for metric in Run.read(folder).scores.all)
    assert "Set two: 2 questions" in ran.out
    assert ran.out.endswith(f"The run is kept in {folder}\n")


@pytest.mark.parametrize("output", FORMATS)
def test_a_run_is_printed_in_every_format(evaluate, two, sample_index, tmp_path, output):
    ran = evaluate("run", two, "--index", sample_index, "--out", tmp_path, "--format", output)
    assert (ran.code, ran.err) == (0, "")
    assert "\x1b" not in ran.out
    assert "recall@5" in ran.out
    assert output != "json" or json.loads(ran.out)["run"]["questions"] == 2


def test_html_and_junit_are_written_where_asked(evaluate, two, sample_index, tmp_path):
    page, junit = tmp_path / "new" / "page.html", tmp_path / "new" / "junit.xml"
    ran = evaluate("run", two, "--index", sample_index, "--out", tmp_path / "o", "--html", page, "--junit", junit)
    assert ran.code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert ElementTree.parse(junit).getroot().tag == "testsuites"


def test_a_set_with_articles_of_its_own_is_indexed_beside_its_run(evaluate, row, question_file, tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").write_text("Ông Long là Giám đốc Sở Ngoại vụ.\n", encoding="utf-8")
    path = question_file(row(question="Ai là Giám đốc Sở Ngoại vụ?"))
    ran = evaluate("run", path, "--corpus", tmp_path / "articles", "--out", tmp_path / "out")
    assert (ran.code, ran.err) == (0, "")
    assert (tmp_path / "out" / "set" / "run" / SCORES).is_file()
    assert (tmp_path / "out" / "set" / "index").is_dir()


def test_squad_brings_its_articles(evaluate, tmp_path):
    context = "Ông Long là Giám đốc Sở Ngoại vụ."
    asked = {"id": "a", "question": "Ai là Giám đốc?", "answers": [{"text": "Long", "answer_start": 4}]}
    document = {"data": [{"title": 'Bản "tin"', "paragraphs": [{"context": context, "qas": [asked]}]}]}
    (tmp_path / "dev.json").write_text(json.dumps(document), encoding="utf-8")
    ran = evaluate("run", tmp_path / "dev.json", "--out", tmp_path / "out", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["scores"]["all"]["recall@1"] == 1.0


def test_squad_questions_whose_gold_stands_nowhere_are_told(evaluate, tmp_path):
    def ask(name: str, gold: list[str], **more: bool) -> dict[str, object]:
        return {"id": name, "question": "Ai?", "answers": [{"text": g, "answer_start": 0} for g in gold], **more}

    asked = [ask("good", ["Long"]), ask("elsewhere", ["Hải"]), ask("none", [], is_impossible=False)]
    paragraph = {"context": "Ông Long là Giám đốc.", "qas": [*asked, ask("no", [], is_impossible=True)]}
    (tmp_path / "dev.json").write_text(json.dumps({"data": [{"paragraphs": [paragraph]}]}), encoding="utf-8")
    ran = evaluate("check", tmp_path / "dev.json", "--lang", "en")
    assert (ran.code, ran.out) == (0, "dev: 2 questions, no error.\n")
    assert "2 question(s) left out" in ran.err
    assert "elsewhere, none" in ran.err


def test_several_sets_are_printed_as_json_lines(evaluate, two, sample_index, tmp_path):
    other = tmp_path / "other.jsonl"
    other.write_bytes(two.read_bytes())
    ran = evaluate("run", two, other, "--index", sample_index, "--out", tmp_path, "--format", "json")
    assert [json.loads(line)["run"]["set"] for line in ran.out.splitlines()] == ["two", "other"]


@pytest.mark.parametrize("option", ["--html", "--junit", "--baseline", "--tolerances"])
def test_a_file_that_cannot_be_used_is_named_before_a_question_is_asked(qa, two, sample_index, root, tmp_path, option):
    own = {"--baseline": ("--tolerances", root / "pyproject.toml"), "--tolerances": ("--gate",)}.get(option, ())
    ran = qa("eval", "run", two, "--index", sample_index, "--out", tmp_path / "out", option, tmp_path, *own)
    assert ran.code in (1, 2)
    assert is_one_line(ran.err)
    assert str(tmp_path) in ran.err
    assert not (tmp_path / "out").exists()


def test_a_page_that_stands_is_kept_until_there_is_a_new_one(evaluate, row, question_file, sample_index, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("earlier", encoding="utf-8")
    unknown = question_file(row(articles=["nowhere.md"]))
    assert evaluate("run", unknown, "--index", sample_index, "--out", tmp_path / "o", "--html", page).code
    assert page.read_text(encoding="utf-8") == "earlier"


@pytest.fixture
def cold(monkeypatch, evaluate, two, sample_index, tmp_path):
    """Run with `--cold`, every process it starts ending with an exit code at once."""

    def go(code: int):
        ended = subprocess.CompletedProcess([], code, b"", b"")
        monkeypatch.setattr("evals.cli.subprocess.run", lambda *_, **__: ended)
        return evaluate("run", two, "--index", sample_index, "--out", tmp_path, "--cold", "--format", "json")

    return go


@pytest.mark.parametrize("code", [0, 3])
def test_a_cold_start_is_timed_when_asked_for(cold, code):
    ran = cold(code)
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["latency"]["cold_start_s"] >= 0


def test_a_cold_start_that_failed_is_no_time(cold):
    ran = cold(1)
    assert ran.code == 1 or json.loads(ran.out)["latency"]["cold_start_s"] is None


def test_two_sets_of_one_name_do_not_overwrite_each_other(evaluate, two, sample_index, tmp_path):
    (tmp_path / "a").mkdir()
    other = tmp_path / "a" / two.name
    other.write_text("".join(two.read_text(encoding="utf-8").splitlines(keepends=True)[:1]), encoding="utf-8")
    ran = evaluate("run", two, other, "--index", sample_index, "--out", tmp_path / "out")
    assert ran.code == 2 or len(list((tmp_path / "out").rglob(SCORES))) == 2


# The gate


def test_a_run_as_good_as_its_baseline_exits_0(evaluate, two, sample_index, finished, tmp_path):
    kept = Path(evaluate("baseline", finished, "--out", tmp_path / "kept").out.strip())
    ran = evaluate("run", two, "--index", sample_index, "--out", tmp_path, "--baseline", kept, "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    assert "No metric is worse" in ran.out


def test_a_run_worse_than_its_baseline_exits_4_and_names_the_metric(evaluate, two, sample_index, better, tmp_path):
    kept = Path(evaluate("baseline", better, "--out", tmp_path / "kept").out.strip())
    junit, page = tmp_path / "junit.xml", tmp_path / "page.html"
    files = ("--junit", junit, "--html", page)
    ran = evaluate("run", two, "--index", sample_index, "--out", tmp_path, "--baseline", kept, *files)
    assert (ran.code, ran.err) == (4, "")
    assert "Kém đi quá dung sai: f1." in ran.out
    assert [case.attrib["name"] for case in ElementTree.parse(junit).iter("testcase") if len(case)] == ["f1"]
    assert "Kém đi quá dung sai: f1." in page.read_text(encoding="utf-8")


def test_a_gate_without_a_baseline_exits_2_before_a_question_is_asked(evaluate, two, sample_index, tmp_path):
    ran = evaluate("run", two, "--index", sample_index, "--out", tmp_path, "--gate", "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert is_one_line(ran.err)
    assert "no baseline for the set two" in ran.err
    assert not (tmp_path / "two" / "run").exists()


def test_a_gate_finds_the_baseline_of_set_and_models(evaluate, two, sample_index, finished, tmp_path, monkeypatch):
    evaluate("baseline", finished, "--out", tmp_path / "kept")
    from evals import baseline

    monkeypatch.setattr(baseline.find_baseline, "__defaults__", (tmp_path / "kept",))
    assert evaluate("run", two, "--index", sample_index, "--out", tmp_path, "--gate").code == 0


# Comparing


def test_a_run_does_not_differ_from_itself(evaluate, finished):
    ran = evaluate("diff", finished, finished, "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    assert "No metric is worse" in ran.out


@pytest.mark.parametrize("output", FORMATS)
def test_a_regression_exits_4_in_every_format(evaluate, finished, better, output):
    ran = evaluate("diff", better, finished, "--format", output)
    assert (ran.code, ran.err) == (4, "")
    assert "f1" in ran.out
    assert output != "json" or json.loads(ran.out)["comparison"]["regressions"] == ["f1"]


def test_getting_better_exits_0(evaluate, finished, better):
    assert evaluate("diff", finished, better).code == 0


def test_a_baseline_may_stand_for_the_earlier_run(evaluate, finished, better, tmp_path):
    kept = Path(evaluate("baseline", better, "--out", tmp_path / "kept").out.strip())
    assert evaluate("diff", kept, finished).code == 4
    assert read_baseline(kept).header == Run.read(finished).header


def test_a_difference_is_written_as_html_and_junit(evaluate, finished, better, tmp_path):
    ran = evaluate("diff", better, finished, "--html", tmp_path / "a.html", "--junit", tmp_path / "a.xml")
    assert ran.code == 4
    assert "<svg" in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert [suite.attrib["failures"] for suite in ElementTree.parse(tmp_path / "a.xml").getroot()] == ["1", "0"]


def test_runs_of_other_corpora_exit_2(evaluate, finished, better):
    header = json.loads((better / HEADER).read_text(encoding="utf-8"))
    (better / HEADER).write_text(json.dumps({**header, "corpus": "other"}), encoding="utf-8")
    ran = evaluate("diff", better, finished, "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert is_one_line(ran.err)
    assert "corpus" in ran.err


# Checking


def test_the_sample_set_is_in_order(evaluate):
    ran = evaluate("check", "sample", "--lang", "en")
    assert (ran.code, ran.out, ran.err) == (0, "sample: 56 questions, no error.\n", "")


def test_a_set_is_checked_against_an_index(evaluate, two, sample_index):
    assert evaluate("check", two, "--index", sample_index).code == 0
    assert evaluate("check", two, QA_INDEX=str(sample_index)).code == 0


def test_a_wrong_line_is_named_by_file_and_line(evaluate, row, question_file, tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").write_text("Ông Long nói.\n", encoding="utf-8")
    path = question_file(row(), "", row(id="q-2", answers=["Lam"]))
    ran = evaluate("check", path, "--corpus", tmp_path / "articles", "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert is_one_line(ran.err)
    assert ran.err.startswith(f"{path}:3: ")


# What cannot be used


@pytest.fixture
def wrong(finished, two, six, sample_index, tmp_path, root):
    """Every way of using it wrongly, and its exit code."""
    letter = tmp_path / "letter.txt"
    letter.write_text("dear\n", encoding="utf-8")
    (tmp_path / "taken" / "two" / "run").mkdir(parents=True)
    (tmp_path / "taken" / "two" / "run" / "letter.txt").touch()
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").write_text("Sở Ngoại vụ đã họp.\n", encoding="utf-8")
    none, out = tmp_path / "none", ("--out", tmp_path / "out")
    here = ("--index", sample_index, *out)
    return {
        "unknown set": (2, ("run", "nonsense", *out)),
        "set that is a folder": (2, ("run", tmp_path, *out)),
        "set that is no set": (2, ("run", letter, *here)),
        "no such index": (1, ("run", two, "--index", none, *out)),
        "no such corpus": (1, ("run", two, "--corpus", none, *out)),
        "corpus and index": (2, ("run", two, "--corpus", none, *here)),
        "corpus of others": (2, ("run", two, "--corpus", tmp_path / "articles", *out)),
        "set without articles": (2, ("run", two, *out)),
        "one page for two sets": (2, ("run", two, six, *here, "--html", tmp_path / "a.html")),
        "folder of others": (2, ("run", two, "--index", sample_index, "--out", tmp_path / "taken")),
        "page onto a folder": (2, ("run", two, *here, "--html", tmp_path)),
        "junit below a file": (2, ("run", two, *here, "--junit", letter / "a.xml")),
        "no such baseline": (2, ("run", two, *here, "--baseline", none)),
        "baseline that is none": (2, ("run", two, *here, "--baseline", letter)),
        "no such run": (2, ("diff", none, finished)),
        "no such later run": (2, ("diff", finished, none)),
        "run that is none": (2, ("diff", tmp_path, finished)),
        "nothing to keep": (2, ("baseline", none)),
        "nothing to check": (2, ("check", "nonsense")),
        "check against no index": (1, ("check", two, "--index", none)),
        "check against no corpus": (1, ("check", two, "--corpus", none)),
    }


WRONG = [
    "unknown set", "set that is a folder", "set that is no set", "no such index", "no such corpus", "corpus and index",
    "corpus of others", "set without articles", "one page for two sets", "folder of others", "page onto a folder",
    "junit below a file", "no such baseline", "baseline that is none", "no such run", "no such later run",
    "run that is none", "nothing to keep", "nothing to check", "check against no index", "check against no corpus",
]  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_used_is_told_in_one_line_in_two_languages(evaluate, wrong, name):
    code, arguments = wrong[name]
    for spoken in ("vi", "en"):
        ran = evaluate(*arguments, QA_LANG=spoken)
        assert ran.code == code
        assert is_one_line(ran.err)
        assert ran.err.isascii() is (spoken == "en")
    assert not (Path("a.html")).exists()


def test_every_wrong_way_is_tried(wrong):
    assert list(wrong) == WRONG


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("run", "sample", "--jobs", "0"),
        ("run", "sample", "--format", "jsonl"),
        ("run", "sample", "--mode", "magic"),
        ("run", "sample", "--nonsense"),
        ("diff",),
        ("diff", "one"),
        ("baseline",),
        ("check",),
        ("check", "sample", "--lang", "fr"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_understood_exits_2(qa, arguments):
    ran = qa("eval", *arguments)
    assert ran.code == 2
    assert "Traceback" not in ran.out + ran.err


@pytest.mark.parametrize("text", [None, "", "[tool]\n", "[tool.qa-evals.tolerances]\nem = 2\n"], ids=ascii)
def test_tolerances_that_are_none_exit_2(qa, finished, tmp_path, text):
    path = tmp_path / "tolerances.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    ran = qa("eval", "diff", finished, finished, "--tolerances", path)
    assert (ran.code, ran.out) == (2, "")
    assert is_one_line(ran.err)
    assert str(path) in ran.err


@pytest.mark.parametrize("command", [pytest.param(c) for c in ("run", "baseline")])
def test_a_folder_that_cannot_be_made_is_told(evaluate, two, sample_index, finished, tmp_path, command):
    (tmp_path / "file").touch()
    arguments = (two, "--index", sample_index) if command == "run" else (finished,)
    ran = evaluate(command, *arguments, "--out", tmp_path / "file")
    assert ran.code in (1, 2)
    assert is_one_line(ran.err)


def test_a_set_in_broken_text_is_told(evaluate, two, sample_index, tmp_path):
    row = {**json.loads(two.read_text(encoding="utf-8").splitlines()[0]), "as_of": "\ud800"}
    (tmp_path / "torn.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    ran = evaluate("run", tmp_path / "torn.jsonl", "--index", sample_index, "--out", tmp_path / "out")
    assert ran.code in (0, 2)


def test_a_damaged_run_is_told(evaluate, finished):
    (finished / RECORDS).write_bytes(b"\xff\xfe\n")
    ran = evaluate("diff", finished, finished)
    assert (ran.code, ran.out) == (2, "")
    assert is_one_line(ran.err)


# Stopping


def test_a_run_that_is_stopped_says_how_to_go_on(evaluate, two, sample_index, tmp_path, monkeypatch):
    def stopped(question):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(running, "open_asker", lambda folder, *, mode, model, reader: SimpleNamespace(ask=stopped))
        ran = evaluate("run", two, "--index", sample_index, "--out", tmp_path, "--lang", "en")
    assert (ran.code, ran.out, ran.err) == (130, "", "Stopped as asked; run the command again to go on.\n")
    assert evaluate("run", two, "--index", sample_index, "--out", tmp_path).code == 0


# Help


def test_help_names_every_command(qa):
    ran = qa("eval", "--help")
    assert (ran.code, ran.err) == (0, "")
    assert all(command in ran.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_in_both_languages(qa, command):
    ran = qa("eval", command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert "--lang" in ran.out
    assert not ran.out.isascii()


def test_the_programs_help_names_eval(qa):
    assert "eval" in qa("--help").out
