"""Question sets for tests: written line by line, or as they are shipped."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GOOD = {
    "id": "q-1", "question": "Ai là ai?", "answers": ["Long"], "articles": ["a.md"], "kind": "who", "as_of": None,
    "answerable": True, "notes": "",
}  # fmt: skip


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
