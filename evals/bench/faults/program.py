"""The real program, killed from outside at any moment, and a real file system that is full."""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from corpus import sample_folder
from evals.bench.faults.trials import Case, Found, Outcome, Trial
from evals.bench.faults.writers import INDEX, Writer, answers, build, one_changed
from index.encoder import load_encoder

NAME = "qa index, the program"
ROOT = sample_folder().parents[1]
TIMEOUT = 300  # seconds
WRITING = 0.1  # seconds after the first file is there


def program() -> Writer:
    """Return the program as a writer: what the shipped encoder makes of an article that has changed."""
    encoder = load_encoder()
    return Writer(
        NAME,
        lambda world: one_changed(world, encoder),
        lambda world: build(world, encoder),
        lambda world: answers(world, encoder),
    )


def kills(trial: Trial, count: int) -> Iterator[tuple[Case, Callable[[], Outcome]]]:
    """Kill the program by a signal: every other time anywhere, else once it has begun to write."""
    trial.reset()
    began = time.monotonic()
    subprocess.run(_command(trial), cwd=ROOT, capture_output=True, check=True, timeout=TIMEOUT)
    whole = time.monotonic() - began
    for number in range(count):
        case = Case(NAME, "killed by a signal", number)
        yield case, partial(_killed, trial, case, whole)


def _killed(trial: Trial, case: Case, whole: float) -> Outcome:
    trial.reset()
    chance, found = random.Random(case.step), Found()
    process = subprocess.Popen(_command(trial), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if case.step % 2:
        _wait(process, trial.world / INDEX)
        time.sleep(chance.uniform(0, WRITING))
    else:
        time.sleep(chance.uniform(0, whole))
    process.kill()
    _, said = process.communicate(timeout=TIMEOUT)
    if b"Traceback" in said:
        found.traceback.append(said.decode(errors="replace"))
    return trial.judge(case, "stopped" if process.returncode else "said done", found)


def _wait(process: "subprocess.Popen[bytes]", index: Path) -> None:
    """Wait until the program writes, or has ended."""
    while process.poll() is None and not any(index.glob("*.part")):
        time.sleep(0.001)


def _command(trial: Trial) -> list[str]:
    return [sys.executable, "-m", "qa.cli", "index", str(trial.world / "articles"), "--index", str(trial.world / INDEX)]


@contextmanager
def small_disk(place: Path) -> Iterator[bool]:
    """Mount a small file system at `place`; False where that is not allowed, or there is no such thing."""
    command = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "none", str(place)]
    try:
        subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
