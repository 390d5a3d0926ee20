"""A run is the same bytes every time, goes on where it was cut off, and touches no folder but its own."""

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from corpus.errors import InputError, QaError
from corpus.files import aside
from evals import run as running
from evals.outcome import Asker, Miss
from evals.run import (
    HEADER,
    RECORDS,
    SCORES,
    TIMINGS,
    Header,
    Run,
    finish,
    keep_records,
    note_cold_start,
    run_set,
)
from evals.score import METRICS_VERSION, score
from evals.sets import read_set

COMPARED = (RECORDS, SCORES)


@pytest.fixture(scope="module", autouse=True)
def same_code():
    """The code is what it was, whoever edits it while the tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "code_hash", lambda: "c0de")
        yield


@pytest.fixture(scope="module")
def question_set(six):
    return read_set(str(six))


@pytest.fixture(scope="module")
def finished(same_code, question_set, sample_index, tmp_path_factory) -> Path:
    """A finished run; read it, copy it to change it."""
    out = tmp_path_factory.mktemp("runs") / "run"
    run_set(question_set, sample_index, out)
    finish(out)
    return out


@pytest.fixture
def own(finished, tmp_path) -> Path:
    """A copy of the finished run, which the test may spoil."""
    shutil.copytree(finished, tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture
def cut(own) -> Path:
    """A run that was stopped before its scores were written."""
    (own / SCORES).unlink()
    return own


@pytest.fixture
def again(monkeypatch, asker, finished, question_set, sample_index):
    """Run the set into a folder and return the ids that were asked; answers are those of the first run, or real."""
    known = {record.id: record for record in Run.read(finished).records}

    def go(out: Path, *, really: bool = False, **changed) -> list[str]:
        asked: list[str] = []
        ask = Asker.ask if really else lambda self, question: (known[question.id], 7.0)
        with monkeypatch.context() as patch:
            patch.setattr(running, "open_asker", lambda folder, *, mode, model, reader: replace(asker, mode=mode))
            patch.setattr(Asker, "ask", lambda self, question: asked.append(question.id) or ask(self, question))
            chosen = changed.pop("question_set", question_set)
            run_set(chosen, sample_index, out, **changed)
        return asked

    return go


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in COMPARED}


def ids(question_set) -> list[str]:
    return [question.id for question in question_set.questions]


# The same bytes


def test_a_run_has_a_record_a_question_in_the_sets_order(finished, question_set):
    done = Run.read(finished)
    assert [record.id for record in done.records] == ids(question_set)
    assert len(done.milliseconds) == len(done.records) == done.header.questions
    assert all(milliseconds > 0 for milliseconds in done.milliseconds)


def test_a_run_of_the_shipped_models_answers_and_refuses(finished):
    done = Run.read(finished)
    assert {record.status for record in done.records} >= {"answered"}
    assert Miss.ERROR not in {record.miss for record in done.records}


def test_the_scores_are_those_of_the_records(finished):
    done = Run.read(finished)
    assert done.scores == score(done.records)


def test_two_runs_are_the_same_bytes(finished, again, tmp_path):
    again(tmp_path / "run", really=True)
    finish(tmp_path / "run")
    assert bytes_of(tmp_path / "run") == bytes_of(finished)
    assert (tmp_path / "run" / HEADER).read_bytes() == (finished / HEADER).read_bytes()


def test_two_processes_give_the_bytes_of_one(finished, question_set, sample_index, tmp_path):
    run_set(question_set, sample_index, tmp_path / "run", jobs=2)
    finish(tmp_path / "run")
    assert bytes_of(tmp_path / "run") == bytes_of(finished)


def test_progress_is_told_from_none_to_all(again, tmp_path):
    told: list[tuple[int, int]] = []
    again(tmp_path / "run", progress=lambda done, total: told.append((done, total)))
    assert told == [(n, 6) for n in range(7)]


# Cut off


def test_a_run_cut_off_within_a_line_goes_on_and_is_the_same_bytes(finished, cut, again, question_set):
    lines = (cut / RECORDS).read_bytes().splitlines(keepends=True)
    (cut / RECORDS).write_bytes(b"".join(lines[:2]) + lines[2][:100])
    assert again(cut, really=True) == ids(question_set)[2:]
    finish(cut)
    assert bytes_of(cut) == bytes_of(finished)
    assert len(Run.read(cut).milliseconds) == 6


@pytest.mark.parametrize("name", [RECORDS])
def test_a_run_cut_off_within_a_letter_goes_on_and_is_the_same_bytes(finished, cut, again, question_set, name):
    data = (cut / name).read_bytes()
    places = [place for place, byte in enumerate(data) if byte & 0xC0 == 0x80]
    (cut / name).write_bytes(data[: places[-1]])
    assert again(cut) == ids(question_set)[-1:]
    finish(cut)
    assert bytes_of(cut) == bytes_of(finished)


@pytest.mark.parametrize("name", [RECORDS, TIMINGS])
def test_a_question_written_to_one_file_only_is_asked_again(finished, cut, again, question_set, name):
    lines = (cut / name).read_bytes().splitlines(keepends=True)
    (cut / name).write_bytes(b"".join(lines[:-1]))
    assert again(cut) == ids(question_set)[-1:]
    finish(cut)
    assert bytes_of(cut) == bytes_of(finished)
    assert len(Run.read(cut).milliseconds) == 6


@pytest.mark.parametrize("name", [RECORDS, TIMINGS])
def test_a_run_without_one_of_its_files_is_asked_from_the_start(finished, cut, again, question_set, name):
    (cut / name).unlink()
    assert again(cut) == ids(question_set)
    finish(cut)
    assert bytes_of(cut) == bytes_of(finished)


def test_a_run_cut_off_before_its_scores_asks_nothing_twice(finished, cut, again):
    assert again(cut) == []
    finish(cut)
    assert bytes_of(cut) == bytes_of(finished)


def test_a_run_that_was_stopped_is_no_finished_run(cut):
    with pytest.raises(InputError, match="not a finished run"):
        Run.read(cut)


def test_what_was_done_before_the_stop_is_kept(finished, tmp_path, again, question_set):
    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        again(tmp_path / "run", progress=stop)
    assert again(tmp_path / "run") == ids(question_set)[3:]
    finish(tmp_path / "run")
    assert bytes_of(tmp_path / "run") == bytes_of(finished)


# Begun anew


def test_a_finished_run_is_asked_anew(finished, own, again, question_set):
    note_cold_start(own, 1.5)
    assert again(own) == ids(question_set)
    assert not (own / SCORES).exists()
    finish(own)
    assert bytes_of(own) == bytes_of(finished)
    assert Run.read(own).cold_start is None


@pytest.mark.parametrize("key", ["code", "set_sha256", "corpus", "model", "metrics", "mode"])
def test_a_run_of_something_else_is_begun_anew(finished, cut, again, question_set, key):
    header = json.loads((cut / HEADER).read_text(encoding="utf-8"))
    (cut / HEADER).write_text(json.dumps({**header, key: "other"}, indent=1) + "\n", encoding="utf-8")
    assert again(cut) == ids(question_set)
    assert json.loads((cut / HEADER).read_text(encoding="utf-8")) == header


def test_another_set_in_the_same_folder_is_begun_anew(cut, again, question_set):
    shorter = replace(question_set, questions=question_set.questions[:1], sha256="0" * 64)
    assert again(cut, question_set=shorter) == ids(shorter)
    assert [record.id for record in finish(cut).records] == ids(shorter)


def test_another_mode_finds_other_passages_and_is_another_run(finished, own, again):
    again(own, really=True, mode="lexical")
    done = finish(own)
    assert done.header.mode == "lexical"
    assert [r.ranking for r in done.records] != [r.ranking for r in Run.read(finished).records]


# Folders of others


@pytest.mark.parametrize("name", ["letter.txt", RECORDS, SCORES])
def test_a_folder_that_is_no_run_is_refused_and_left_alone(again, tmp_path, name):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_text("dear\n", encoding="utf-8")
    with pytest.raises(InputError, match="something else"):
        again(tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == [name]
    assert (tmp_path / "mine" / name).read_text(encoding="utf-8") == "dear\n"


def test_an_empty_folder_becomes_a_run(again, tmp_path, question_set):
    (tmp_path / "run").mkdir()
    assert again(tmp_path / "run") == ids(question_set)


def test_what_else_lies_in_a_runs_folder_is_left_alone(own, again):
    (own / "notes.txt").write_text("dear\n", encoding="utf-8")
    again(own)
    assert (own / "notes.txt").read_text(encoding="utf-8") == "dear\n"


def test_an_index_without_the_articles_leaves_no_folder(question_set, asker, tmp_path, encoder):
    from index.build import build_index

    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").write_text("Sở Ngoại vụ đã họp.\n", encoding="utf-8")
    build_index([tmp_path / "articles"], tmp_path / "index", encoder)
    with pytest.raises(InputError, match="none of the articles"):
        run_set(question_set, tmp_path / "index", tmp_path / "run")
    assert not (tmp_path / "run").exists()


# Reading


def test_a_run_is_read_as_it_was_written(finished, run_of):
    done = Run.read(finished)
    assert json.loads((finished / HEADER).read_text(encoding="utf-8")) == asdict(done.header)
    assert Run.read(finished) == done


def test_a_cold_start_is_noted_beside_the_times(own):
    note_cold_start(own, 1.23456)
    done = Run.read(own)
    assert (done.cold_start, len(done.milliseconds)) == (1.235, 6)


DAMAGE = (None, b"\xff\xfe\n", b"{\n", b"[]\n", b'"text"\n', b"{}\n")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        *((name, data) for name in (HEADER, RECORDS, SCORES) for data in DAMAGE),
        *((TIMINGS, data) for data in DAMAGE[:3]),
    ],
)
def test_a_damaged_run_is_an_input_error_that_names_it(own, name, data):
    (own / name).unlink()
    if data is not None:
        (own / name).write_bytes(data)
    with pytest.raises(InputError) as refused:
        Run.read(own)
    assert str(own) in refused.value.vi
    assert str(own) in refused.value.en


@pytest.mark.parametrize("name", ["none", "file"])
def test_what_is_no_folder_is_no_run(tmp_path, name):
    (tmp_path / "file").touch()
    with pytest.raises(InputError):
        Run.read(tmp_path / name)


@pytest.mark.parametrize(
    "line",
    [
        '{"ms": 1',
        pytest.param("5"),
        pytest.param('{"ms": "soon"}'),
    ],
)
def test_times_that_are_none_are_an_input_error(own, line):
    with (own / TIMINGS).open("a", encoding="utf-8") as timings:
        timings.write(line + "\n")
    with pytest.raises(InputError):
        Run.read(own)


@pytest.mark.parametrize(
    "line",
    ["5", "[]", pytest.param("\0" * 40), pytest.param('{"ms"}')],
    ids=["number", "list", "zeros", "no JSON"],
)
def test_a_run_whose_records_are_damaged_is_a_told_error_or_begun_anew(cut, again, line):
    with (cut / RECORDS).open("a", encoding="utf-8") as records:
        records.write(line + "\n")
    try:
        again(cut)
    except QaError:
        return
    assert len(finish(cut).records) == 6


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        pytest.param(
            b"\xff\xfe",
        ),
    ],
    ids=str,
)
def test_a_damaged_header_is_a_told_error_or_begun_anew(own, again, data):
    (own / HEADER).write_bytes(data)
    try:
        again(own)
    except QaError:
        return
    assert len(finish(own).records) == 6


def test_a_run_killed_before_it_had_a_header_can_be_begun_in_its_folder(tmp_path):
    out = tmp_path / "run"
    out.mkdir()
    aside(out / HEADER).write_text('{"set":', encoding="utf-8")
    keep_records(out, Header("set", "", "", METRICS_VERSION, "", "", "hybrid", 0), lambda done: iter(()))
    assert (out / HEADER).is_file()
