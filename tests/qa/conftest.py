"""The program run two ways (in this process and as a process of its own), and the indexes that tests read."""

import contextvars
import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from index.build import build_index
from index.encoder import Encoder
from index.search import Index
from qa.answer import Answerer
from qa.reader import Reader
from qa.select import Calibration

ROOT = Path(__file__).resolve().parents[2]
OURS = ("QA_INDEX", "QA_LANG", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "TTY_COMPATIBLE")
SECONDS = 120


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of the program left: its exit code and what it wrote."""

    code: int
    out: str
    err: str


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if key not in OURS}
    return {**inherited, "PYTHONPATH": str(ROOT), **extra}


@pytest.fixture(scope="session")
def qa() -> Callable[..., Ran]:
    """Run `qa.cli.main` in this process: `qa("status", "--index", path, QA_LANG="en")`."""

    def run(*arguments: object, **environment: str) -> Ran:
        from qa import cli

        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
        with pytest.MonkeyPatch.context() as patch:
            for name in OURS:
                patch.delenv(name, raising=False)
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["qa", *map(str, arguments)])
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            try:
                contextvars.copy_context().run(cli.main)
                code = 0
            except SystemExit as stop:
                code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        texts = []
        for stream in (out, err):
            stream.flush()
            texts.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
        return Ran(code, *texts)

    return run


@pytest.fixture(scope="session")
def command() -> Callable[..., dict[str, Any]]:
    """Return the keyword arguments for `subprocess` that start the program: argument list, environment, folder."""

    def build(*arguments: str | bytes, cwd: Path = ROOT, **environment: str) -> dict[str, Any]:
        return {"args": [sys.executable, "-m", "qa.cli", *arguments], "cwd": cwd, "env": _environment(environment)}

    return build


@pytest.fixture(scope="session")
def process(command: Callable[..., dict[str, Any]]) -> Callable[..., Ran]:
    """Run the program as a process of its own, its output piped."""

    def run(*arguments: str | bytes, stdin: bytes = b"", **rest: Any) -> Ran:
        done = subprocess.run(**command(*arguments, **rest), input=stdin, capture_output=True, timeout=SECONDS)
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="session")
def indexed(encoder: Encoder) -> Callable[..., Index]:
    """Write files below a folder, in `articles/`, and index them: `indexed(tmp_path, {"a.md": "text"})`."""

    def build(folder: Path, files: Mapping[str, str]) -> Index:
        for name, text in files.items():
            path = folder / "articles" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        build_index([folder / "articles"], folder / "index", encoder)
        return Index.open(folder / "index")

    return build


@pytest.fixture(scope="session")
def answering(encoder: Encoder, reader: Reader) -> Callable[..., Answerer]:
    """Return an answerer over an index whose threshold lets any span through, so that no test hangs on the weights."""

    def build(index: Index, *, threshold: float = 0.0) -> Answerer:
        return Answerer(index, encoder, reader, calibration=Calibration(0.5, 0.0, threshold))

    return build
