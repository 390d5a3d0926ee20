"""Question sets, records and runs for tests, made by hand."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.outcome import Asker, Cited, Given, Miss, Record
from evals.questions import FOLDER
from evals.run import Header, Run, open_asker
from evals.score import METRICS_VERSION, score

GOOD = {
    "id": "q-1", "question": "Ai là ai?", "answers": ["Long"], "articles": ["a.md"], "kind": "who", "as_of": None,
    "answerable": True, "notes": "",
}  # fmt: skip
CITED = Cited("a.md", 4, 8, "Long", "Ông Long nói.", is_gold_article=True, is_verbatim=True, is_supported=True)
GIVEN = Given("Long", 0.9, is_right=True, citations=(CITED,))
RECORD = Record(
    "q-1", "Ai là ai?", "who", True, ("Long",), "answered", (GIVEN,), ("a.md#0",), ("a.md#0",), 1.0, 1.0, 0.9, True,
    Miss.NONE,
)  # fmt: skip
HEADER = Header("six", "5e7" * 8, "c09" * 8, METRICS_VERSION, "0123456789ab", "c0de" * 8, "hybrid", 1)
STRIDE = 10


@pytest.fixture(scope="session")
def row() -> Callable[..., dict[str, Any]]:
    """Return a good row of a question set, with some of its values changed."""
    return lambda **changed: {**GOOD, **changed}


@pytest.fixture
def question_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a question set: each line a dictionary, or text as it is."""

    def write(*lines: dict[str, Any] | str) -> Path:
        path = tmp_path / "set.jsonl"
        texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
        path.write_text("\n".join(texts) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def cited() -> Callable[..., Cited]:
    """Return a good citation as a record holds it, with some of its values changed."""
    return lambda **changed: replace(CITED, **changed)


@pytest.fixture(scope="session")
def given() -> Callable[..., Given]:
    """Return a right answer as a record holds it, with some of its values changed."""
    return lambda **changed: replace(GIVEN, **changed)


@pytest.fixture(scope="session")
def record() -> Callable[..., Record]:
    """Return the record of a question rightly answered, with some of its values changed."""
    return lambda **changed: replace(RECORD, **changed)


@pytest.fixture(scope="session")
def run_of() -> Callable[..., Run]:
    """Return a finished run of the records, with some values of its header changed."""

    def build(*records: Record, milliseconds: tuple[float, ...] = (), cold: float | None = None, **header: Any) -> Run:
        described = replace(HEADER, **{"questions": len(records), **header})
        return Run(described, records, score(records), milliseconds, cold)

    return build


@pytest.fixture(scope="session")
def six(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A question set of six of the sample questions, three of them unanswerable."""
    lines = (FOLDER / "sample.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path_factory.mktemp("sets") / "six.jsonl"
    path.write_text("".join(lines[::STRIDE]), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def asker(sample_index: Path) -> Asker:
    """The sample index with the shipped models."""
    return open_asker(sample_index, mode="hybrid")
