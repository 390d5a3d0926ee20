"""The program as a process of its own: pipes, terminals, the environment, signals, badly encoded input."""

import json
import os
import re
import signal
import subprocess
import time
from functools import partial
from pathlib import Path

import pytest

ASKED = "Ai là Cục trưởng Cục Ngoại vụ năm 2018?"
COLOUR = re.compile(r"\x1b\[[0-9;]*(?:3[0-7]|4[0-7]|9[0-7]|38|48)[0-9;]*m")
SECONDS = 60


@pytest.fixture(scope="module")
def piped(process, sample_index):
    return process("ask", ASKED, "--index", str(sample_index), "--format", "json")


def test_a_piped_answer_is_on_stdout_alone(piped):
    assert (piped.code, piped.err) == (0, "")
    assert json.loads(piped.out)["answers"][0]["text"] == "Nguyễn Hoàng Long"


def test_the_environment_names_the_index_and_the_language(process, tmp_path):
    ran = process("status", QA_INDEX=str(tmp_path / "kho khác"), QA_LANG="en")
    assert (ran.code, ran.out) == (1, "")
    assert "there is no index here" in ran.err
    assert "kho khác" in ran.err


def test_an_index_lies_in_the_working_directory_unless_named(process, tmp_path):
    (tmp_path / "bài.md").write_text("Sở Ngoại vụ đã họp.\n", encoding="utf-8")
    made, told = (process(*arguments, cwd=tmp_path) for arguments in (("index", "."), ("status",)))
    assert (made.code, told.code) == (0, 0)
    assert (tmp_path / ".qa").is_dir()


def test_output_is_utf8_whatever_the_locale_says(process, sample_index):
    ran = process("search", "hội nghị", "--mode", "lexical", "--index", str(sample_index), PYTHONIOENCODING="ascii")
    assert ran.code == 0
    assert "Ngoại vụ" in ran.out


def test_a_reader_that_goes_away_causes_no_traceback(command, sample_index):
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run(
        **command("search", "hội nghị", "-n", "100", "--mode", "lexical", "--index", str(sample_index)),
        stdout=writes, stderr=subprocess.PIPE, timeout=SECONDS,
    )  # fmt: skip
    os.close(writes)
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr


# Badly encoded input


def test_a_question_that_is_not_utf8_causes_no_traceback(process, sample_index):
    ran = process("ask", "Ai là Cục trưởng".encode("cp1258", "replace") + b"\xff", "--index", str(sample_index))
    assert "Traceback" not in ran.err
    assert ran.code in (0, 2, 3)


def test_a_batch_on_stdin_is_asked_in_order(process, sample_index):
    lines = [{"id": n, "question": text} for n, text in enumerate([ASKED, "?", ASKED])]
    stdin = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
    ran = process("ask", "--batch", "-", "--index", str(sample_index), stdin=stdin)
    assert ran.code == 0
    assert [(row["id"], row["status"]) for row in map(json.loads, ran.out.splitlines())] == [
        (0, "answered"), (1, "error"), (2, "answered"),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8:strict", "latin-1"])
def test_a_batch_on_stdin_is_utf8_whatever_the_locale_says(process, sample_index, encoding):
    stdin = json.dumps({"question": ASKED}, ensure_ascii=False).encode()
    ran = process("ask", "--batch", "-", "--index", str(sample_index), stdin=stdin, PYTHONIOENCODING=encoding)
    assert json.loads(ran.out)["question"] == ASKED


def test_a_batch_on_stdin_that_is_not_utf8_causes_no_traceback(process, sample_index):
    ran = process("ask", "--batch", "-", "--index", str(sample_index), stdin=b'{"question": "\xff"}\n',
                  PYTHONIOENCODING="utf-8:strict")  # fmt: skip
    assert "Traceback" not in ran.err
    assert ran.err.strip()


# Terminals


@pytest.fixture(scope="module")
def on_a_terminal(command, sample_index):
    """Run `ask` on a pseudo-terminal and return what the terminal got."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")

    def run(**environment: str) -> str:
        ours, theirs = pty.openpty()
        started = subprocess.Popen(
            **command("ask", ASKED, "--index", str(sample_index), TERM="xterm-256color", **environment),
            stdin=theirs, stdout=theirs, stderr=theirs,
        )  # fmt: skip
        os.close(theirs)
        got = b""
        try:
            while chunk := os.read(ours, 65536):
                got += chunk
        except OSError:  # Linux says so when the other end is closed
            pass
        os.close(ours)
        assert started.wait(SECONDS) == 0
        return got.decode()

    return run


def test_a_terminal_gets_colour(on_a_terminal):
    assert COLOUR.search(on_a_terminal())


def test_no_color_keeps_colour_from_a_terminal(on_a_terminal):
    shown = on_a_terminal(NO_COLOR="1")
    assert "Nguyễn Hoàng Long" in shown
    assert not COLOUR.search(shown)


# Interruption


def holds_lock(process_id: int, directory: Path) -> bool:
    """Tell whether a process has the index's lock file open."""
    try:
        return any(os.readlink(f) == str(directory / "lock") for f in Path(f"/proc/{process_id}/fd").iterdir())
    except OSError:
        return False


@pytest.fixture(scope="module")
def interrupted(command, indexed, tmp_path_factory):
    """An index, and what came of an update with many more articles that was stopped by Ctrl-C half-way."""
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("watching the lock needs /proc")
    folder = tmp_path_factory.mktemp("interrupted")
    directory = indexed(folder, {"cũ.md": "Ông Nguyễn Hoàng Long là Cục trưởng Cục Ngoại vụ năm 2018.\n"}).directory
    for number in range(600):
        text = " ".join(f"Sở Ngoại vụ số {number} họp lần thứ {n} về hội nhập quốc tế." for n in range(12))
        (folder / "articles" / f"{number}.md").write_text(text + "\n", encoding="utf-8")
    started = subprocess.Popen(
        **command("index", str(folder / "articles"), "--index", str(directory)),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    until = time.monotonic() + SECONDS
    while not holds_lock(started.pid, directory) and started.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.5)
    assert started.poll() is None, "the update ended before it could be stopped"
    started.send_signal(signal.SIGINT)
    out, err = (stream.decode() for stream in started.communicate(timeout=SECONDS))
    return directory, started.returncode, out, err


def test_an_interrupted_update_exits_130_with_a_message(interrupted):
    _, code, out, err = interrupted
    assert (code, out) == (130, "")
    assert "Đã dừng theo yêu cầu" in err
    assert "Traceback" not in err


def test_the_old_index_answers_after_an_interrupted_update(qa, interrupted):
    directory, *_ = interrupted
    ran = qa("search", "Cục trưởng Cục Ngoại vụ", "--mode", "lexical", "--index", directory, "--format", "json")
    assert (ran.code, [row["article"] for row in json.loads(ran.out)]) == (0, ["cũ.md"])


def test_an_interrupted_update_leaves_nothing_half_written(interrupted):
    directory, *_ = interrupted
    assert list(directory.glob("*.part")) == []
