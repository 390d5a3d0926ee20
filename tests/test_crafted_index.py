"""An index that somebody made to do harm harms nobody: every command says what is wrong, and touches nothing.

Each of `tests/index/crafted.py` with each command, in processes of their own, since some would hang one or kill it.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest

from index.build import build_index
from tests.index.crafted import CASES
from tests.index.crafted_worker import QUESTION, building, reading

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 10  # for a command; none needs three
LOADING = 60  # for a process to begin
LINES = 4
LARGE = {"database has a value of 300 MB"}  # takes as long as it takes to read, and to make
OPENING = {
    "ask", "ask as of", "ask batch", "search", "search lexical", "search dense", "search filtered", "cite", "quote",
    "export", "verify", "timeline", "status", "status as JSON", "doctor", "eval run",
}  # fmt: skip
QUICK = ("search filtered", "verify", "index", "search", "status", "rebuild another", "cite")
ARTICLES = {
    "a.md": "---\ntitle: Hội nghị Ngoại vụ\ndate: 2018-08-12\nsource: Báo Một\n---\n\n"
    "Phát biểu tại hội nghị có ông Nguyễn Hoàng Long, Cục trưởng Cục Ngoại vụ. Đại biểu của 63 tỉnh đã dự.\n",
    "b.md": "---\ntitle: Sở Ngoại vụ\ndate: 2016-05\nsource: Báo Hai\n---\n\nSở Ngoại vụ Huế tiếp khách Nhật Bản.\n",
    "below/c.txt": "Tỉnh Quảng Trị ký thỏa thuận với bạn Lào năm 2020.\n",
}

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="crafted with pipes, links and sockets")


@dataclass(frozen=True)
class Workshop:
    """A good index of a few articles, where to make crafted ones of it, and a citation that it holds."""

    place: Path
    good: Path
    citation: str


@pytest.fixture(scope="module")
def workshop(qa, encoder, tmp_path_factory) -> Workshop:
    place = tmp_path_factory.mktemp("crafted")
    for name, text in ARTICLES.items():
        path = place / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (place / "other").mkdir()
    (place / "other" / "d.txt").write_text("Sở Ngoại vụ An Giang đón đoàn Campuchia.\n", encoding="utf-8")
    (place / "batch.jsonl").write_text(json.dumps({"question": QUESTION}) + "\n", encoding="utf-8")
    row = {"id": "q1", "question": QUESTION, "answers": ["Nguyễn Hoàng Long"], "articles": ["a.md"], "kind": "who",
           "as_of": None, "answerable": True, "notes": ""}  # fmt: skip
    (place / "set.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    build_index([place / "corpus"], place / "good", encoder)
    (place / "good" / "lock").unlink()
    found = qa("cite", "--quote", "Nguyễn Hoàng Long", "--index", place / "good", "--format", "json")
    return Workshop(place, place / "good", json.loads(found.out)[0]["id"])


def examined(workshop: Workshop, wanted: dict[str, list[str]]) -> list[dict]:
    """Return what came of the commands wanted of each crafted index; hanging or dying is one of the outcomes."""
    rows: list[dict] = []
    while wanted:
        came, last = attempted(workshop, wanted)
        rows += came
        names = list(wanted)
        wanted = {name: wanted[name] for name in (names[names.index(last) + 1 :] if last else [])}
    return rows


def attempted(workshop: Workshop, wanted: dict[str, list[str]]) -> tuple[list[dict], str | None]:
    """Run one process as far as it goes; the case in which it ended before its time, if it did."""
    process, complaints = begun(workshop, wanted), []
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=lambda: [lines.put(line) for line in chain(process.stdout, [""])], daemon=True).start()
    threading.Thread(target=lambda: complaints.extend(process.stderr), daemon=True).start()
    rows, now = [], {"case": next(iter(wanted)), "command": "start"}
    try:
        while line := lines.get(timeout=patience(now)):
            if line.startswith("{"):  # FAISS, which some are made with, says things of its own
                now = json.loads(line)
                rows += [now] if now.get("done") else []
        if not process.wait():
            return rows, None
        rows.append({**now, "ended": f"with {process.returncode}: {''.join(complaints)[-1500:]}"})
    except queue.Empty:
        process.send_signal(signal.SIGKILL)
        process.wait()
        rows.append({**now, "ended": "by us, as it hung"})
    return rows, now["case"]


def patience(row: dict) -> int:
    """Seconds to wait for what comes after a row."""
    return LOADING if row["command"] in ("start", "make") or loads(row["case"]) or row["case"] in LARGE else SECONDS


def loads(case: str) -> bool:
    """Tell whether an index names a model that takes long to load, to be refused."""
    return case.startswith("encoder is")


def begun(workshop: Workshop, wanted: dict[str, list[str]]) -> subprocess.Popen:
    """Start a process that does what is wanted; its input is a pipe that nothing comes through."""
    asked = {"place": str(workshop.place), "good": str(workshop.good), "citation": workshop.citation, "cases": wanted}
    task = workshop.place / "task.json"
    task.write_text(json.dumps(asked))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.index.crafted_worker", str(task)], cwd=ROOT, env=environment,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def faults(row: dict) -> list[str]:
    """What is wrong with an outcome."""
    if "ended" in row:
        return [f"the process ended {row['ended']}"]
    code, err = row["code"], row["err"]
    is_build = row["command"] in building(Path())
    found = [row["broken"][-1500:]] if row["broken"] else []
    found += ["a traceback is shown"] * ("Traceback" in err + row["out"] or "Warning" in err)
    found += [f"exit code {code}"] * (code not in range(5))
    found += ["not refused"] * (CASES[row["case"]].refused and not is_build and code not in (1, 2))
    found += ["no reason is given"] * (code in (1, 2) and not (err.strip() or row["command"] == "doctor"))
    found += [f"{row['lines']} lines"] * (row["lines"] > LINES and row["command"] != "replace")
    found += ["Reinstall: it is not the installation"] * (row["command"] == "doctor" and "Error:" in row["out"])
    touched = [path for path in row["touched"] if not (loads(row["case"]) and "torchinductor" in path)]
    found += [f"touched: {touched}"] * bool(touched)
    return found


def told(rows: list[dict]) -> list[str]:
    return [f"{r['case']} · {r['command']}: {fault}" for r in rows for fault in faults(r)]


def test_there_are_more_than_ninety_five_kinds_of_them():
    assert len(list(CASES)[::5]) > 95
    assert set(reading(Path(), "")) == OPENING


def test_the_good_index_is_refused_by_none(workshop, qa):
    commands = reading(workshop.place, workshop.citation).items()
    codes = {name: qa(*arguments, "--index", workshop.good).code for name, arguments in commands}
    assert set(codes.values()) <= {0, 3}, codes


def test_no_crafted_index_harms_a_command(workshop):
    """A quick look: of each one command, in turn of those that read every row, search, and build."""
    wanted = {name: [QUICK[number % len(QUICK)]] for number, name in enumerate(CASES) if name not in LARGE}
    assert told(examined(workshop, wanted)) == []


@pytest.mark.slow
def test_no_crafted_index_harms_any_command(workshop):
    """Every command on every fifth of them, a hundred of all families; with `[::1]` it takes a quarter of an hour."""
    every = [*OPENING, *building(Path())]
    assert told(examined(workshop, dict.fromkeys(list(CASES)[::5], every))) == []
