"""The program run as a process of its own, and the indexes that tests read."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from index.build import build_index
from index.encoder import Encoder
from index.search import Index
from qa.answer import Answerer
from qa.ranking.confidence import Calibration
from qa.reading.onnx import Reader

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120


@pytest.fixture(scope="session")
def command(own_variables: tuple[str, ...]) -> Callable[..., dict[str, Any]]:
    """Return the keyword arguments for `subprocess` that start the program: argument list, environment, folder."""

    def build(*arguments: str | bytes, cwd: Path = ROOT, **environment: str) -> dict[str, Any]:
        inherited = {key: value for key, value in os.environ.items() if key not in own_variables}
        env = {**inherited, "PYTHONPATH": str(ROOT), **environment}
        return {"args": [sys.executable, "-m", "qa.cli", *arguments], "cwd": cwd, "env": env}

    return build


@pytest.fixture(scope="session")
def process(command: Callable[..., dict[str, Any]], ran: Callable[..., Any]) -> Callable[..., Any]:
    """Run the program as a process of its own, its output piped."""

    def run(*arguments: str | bytes, stdin: bytes = b"", **rest: Any) -> Any:
        done = subprocess.run(**command(*arguments, **rest), input=stdin, capture_output=True, timeout=SECONDS)
        return ran(done.returncode, done.stdout.decode(), done.stderr.decode())

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


@pytest.fixture(scope="session")
def citation_id(qa, sample_index) -> str:
    """A citation of the sample corpus that holds."""
    quote = "Cục trưởng Cục Ngoại vụ Nguyễn Hoàng Long"
    found = qa("cite", "--quote", quote, "--index", sample_index, "--format", "json")
    return str(json.loads(found.out)[0]["id"])
