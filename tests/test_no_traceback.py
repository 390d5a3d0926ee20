"""Whatever is given to the program, and wherever its output goes: a result or one message, never a traceback."""

import contextlib
import errno
import os
import signal
import subprocess
import sys
import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import infer_date, mentions, times
from corpus.errors import InputError
from evals.bench.mutations import SLOW, Count, mutated, packed, tried
from evals.bench.readers import READERS, answerer
from evals.bench.seeds import NASTY, seeds
from qa.citing.citation import parse_citation_id
from qa.commands import ending
from qa.question.parse import parse_question
from qa.wording.english.times import mark_times
from qa.wording.spelling import correct

SECONDS = 120
ASKED = "Ai là Cục trưởng Cục Ngoại vụ năm 2018?"


# What is typed, and what articles hold


@pytest.mark.parametrize("name", READERS)
def test_no_mutated_input_makes_a_reader_fail(name):
    count, failed = Count(), []
    for number in range(4 if name in SLOW else 60):
        data = mutated(name, 0, number)
        if said := tried(name, data, count):
            failed.append(f"{said} --replay '{name}:{packed(data)}'")
    assert [said for said in failed if " s for " not in said] == []  # how long it takes is the bench's to tell
    assert count.inputs > count.refused or name in ("citation", "run", "baseline", "tolerances", "option")


def test_every_reader_takes_what_it_should():
    for name, (reader, kind) in READERS.items():
        if name not in ("run", "batch", "pairs", "option"):  # made of several files, or of one of several kinds
            reader(seeds(kind)[0])


def test_the_same_number_is_the_same_input():
    assert [mutated("question", 3, n) for n in range(20)] == [mutated("question", 3, n) for n in range(20)]
    assert len({mutated("question", 3, n) for n in range(20)}) > 15


@given(st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=8)), max_size=8).map(" ".join))
def test_dates_and_questions_stand_whatever_is_written(text):
    for mention in (*mentions(text), *times(text)):
        assert mention.date.first <= mention.last.last
    infer_date(text)
    mark_times(text)
    correct(text, lambda term: Random(term).randrange(3))
    with contextlib.suppress(InputError):
        parse_question(text, text)


def test_letters_of_another_case_are_read_as_the_letters_they_stand_for():
    for written, meant in (
        ("quý İ/2013", "quý I/2013"), ("quý ı năm 2013", "quý I năm 2013"), ("cuốı năm 2018", "cuối năm 2018"),
        ("haı tháng đầu năm 2018", "hai tháng đầu năm 2018"), ("ſáu tháng cuốİ năm 2018", "sáu tháng cuối năm 2018"),
    ):  # fmt: skip
        assert [(m.date, m.last) for m in times(written)] == [(m.date, m.last) for m in times(meant)] != []
    for written, meant in (("in Aprıl 2018", "in April 2018"), ("in mıd-2018", "in mid-2018")):
        assert mark_times(written)[1] == mark_times(meant)[1] != []


def test_a_part_of_a_year_that_never_was_is_the_year_alone():
    for part in ("0 tháng đầu năm", "00 quý cuối năm", "13 tháng đầu năm", "5 quý đầu năm"):
        (found,) = times(f"Thu hút FDI {part} 2018")
        assert str(found.date) == str(found.last) == "2018"


def test_a_citation_id_of_half_characters_or_other_digits_is_refused():
    for text in ("b\udcff.txt#0-4@00000000", "a.txt#٠-٤@00000000"):
        with pytest.raises(InputError):
            parse_citation_id(text)


# Where the output goes


@pytest.fixture(scope="module")
def index():
    """An index made without a model."""
    return answerer().index.directory


@pytest.fixture(scope="module")
def shell(root):
    """Run the program in a shell that sends its output somewhere."""

    def run(line, **environment):
        env = {**os.environ, "PYTHONPATH": str(root), "QA": f"{sys.executable} -m evals.cli", **environment}
        done = subprocess.run(
            ["bash", "-c", line], env=env, cwd=root, capture_output=True, text=True, timeout=SECONDS, errors="replace"
        )
        assert "Traceback" not in done.stderr
        assert "Exception ignored" not in done.stderr
        return done

    return run


if not os.path.exists("/dev/full"):
    pytest.skip("this system has no full device to write to", allow_module_level=True)

COMMANDS = (
    "status --format json", "search 'hội nghị' --mode lexical",
    "cite --quote 'Cục trưởng Cục Ngoại vụ' --export bibtex",
)  # fmt: skip


@pytest.mark.parametrize("where", [">/dev/full", ">&-"])
def test_output_that_cannot_be_written_is_one_message_and_exit_1(shell, index, where):
    for command in COMMANDS:
        done = shell(f"$QA {command} --index '{index}' {where}")
        assert (done.returncode, done.stderr.count("\n"), "Không ghi được" in done.stderr) == (1, 1, True), command
    assert shell(f"$QA --help {where}").returncode == 1


def test_a_reader_of_the_output_that_went_away_is_no_error_to_talk_of(shell, index):
    for command in COMMANDS:
        done = shell(f"$QA {command} --index '{index}' | head -c0; exit ${{PIPESTATUS[0]}}")
        assert (done.returncode, done.stderr) == (141, ""), command


@pytest.mark.parametrize("where", ["2>/dev/full", "2>&-"])
def test_notices_that_cannot_be_written_stop_nothing(shell, index, where, tmp_path):
    assert shell(f"$QA status --index '{tmp_path}' {where}").returncode == 1
    done = shell(f"$QA search 'cuc truong cuc ngoai vu' --mode lexical --index '{index}' {where}")
    assert (done.returncode, "Cục trưởng" in done.stdout) == (0, True)


def test_all_streams_may_be_closed(shell, index):
    assert shell(f"$QA status --index '{index}' <&- >&- 2>&-").returncode == 1
    assert "không có câu hỏi nào" in shell(f"$QA ask --batch - --index '{index}' <&-").stderr


# What stops the program


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [(KeyboardInterrupt(), 130, "Stopped as asked"), (MemoryError(), 1, "not enough memory"),
     (BrokenPipeError(errno.EPIPE, "Broken pipe"), 141, ""), (OSError(errno.ENOSPC, "No space"), 1, "No space"),
     (PermissionError(errno.EACCES, "Permission denied", b"b\xff"), 1, "b\\xff: cannot be used"),
     (RecursionError("too deep"), 1, "A fault of the program"), (ValueError("x\ny"), 1, "A fault of the program")],
    ids=repr,
)  # fmt: skip
def test_whatever_stops_a_command_is_one_line_and_an_exit_code(qa, monkeypatch, error, code, said):
    def stopped(*_):
        raise error

    monkeypatch.setattr("qa.commands.status.describe", stopped)
    monkeypatch.setattr("qa.cli.open_index", lambda _: None)
    ran = qa("--lang", "en", "status")
    assert (ran.code, ran.out, said in ran.err, ran.err.count("\n")) == (code, "", True, int(bool(said)))


def test_an_interruption_that_the_command_line_hides_is_still_one():
    for hidden in (KeyboardInterrupt(), BrokenPipeError()):
        try:
            try:
                raise hidden
            except BaseException as error:
                raise SystemExit(1) from error
        except SystemExit as stop:
            with pytest.raises(type(hidden)):
                ending.code_of(stop)
    assert [ending.code_of(SystemExit(code)) for code in (None, 0, 4, "words")] == [0, 0, 4, 1]


def test_ctrl_c_is_one_line_and_exit_130(root, tmp_path):
    """The question never ends: a pipe that nobody writes to. It is interrupted until the program has come that far."""
    env = {**os.environ, "PYTHONPATH": str(root)}
    started = subprocess.Popen(
        [sys.executable, "-m", "evals.cli", "ask", "--batch", "-"], env=env, cwd=tmp_path, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    time.sleep(4)
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=SECONDS)
    assert (started.returncode, out, err) == (130, "", "Đã dừng theo yêu cầu.\n")


# What may not be looked at


@pytest.mark.skipif(os.name == "nt", reason="permissions of another user cannot be had here")
def test_a_folder_that_may_not_be_entered_is_told_as_that(tmp_path, root):
    """The superuser may enter any folder, so it is nobody who looks."""
    corpus = tmp_path / "in" / "closed"
    corpus.mkdir(parents=True)
    (corpus / "a.txt").write_text("Ông A là Cục trưởng.\n", encoding="utf-8")
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom corpus.errors import CorpusError\n"
        "from corpus.read import find_sources\nfrom evals.bench.readers import Hashed\n"
        "from index.build import build_index\nfrom index.search import Index\n"
        "from qa.citing.verify import verify_sources\n"
        "folder = Path(sys.argv[1])\nbuild_index([folder / 'in'], folder / 'index', Hashed())\n"
        "index = Index.open(folder / 'index')\n(folder / 'in' / 'closed').chmod(0)\n"
        "if os.geteuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "print(*((f.what, f.problem.vi) for f in verify_sources(index)))\n"
        "print(*(p.en for p in find_sources(folder / 'in')[1]))\n"
        "try: find_sources(folder / 'in' / 'closed' / 'a.txt')\nexcept CorpusError as error: print(error.en)\n"
    )
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    try:
        done = subprocess.run([sys.executable, "-c", code, tmp_path], cwd=root, capture_output=True, text=True)
    finally:
        corpus.chmod(0o755)
    assert (done.returncode, done.stderr) == (0, "")
    verified, listed, named = done.stdout.splitlines()
    assert verified.startswith("('unreadable', ")
    assert all("permission" in line for line in (listed, named))
    assert "không có quyền đọc" in verified
