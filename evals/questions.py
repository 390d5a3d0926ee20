"""Question sets: one JSON object a line, checked against the articles they are about."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import InputError

FOLDER = Path(__file__).parent / "questions"
KEYS = ("id", "question", "answers", "articles", "kind", "as_of", "answerable", "notes")
LISTS = ("answers", "articles")
KINDS = frozenset({"who", "how_many", "when", "where", "what", "which", "why", "list"})


@dataclass(frozen=True, slots=True)
class EvalQuestion:
    """A question with its gold: answers that stand verbatim in one of `articles`; none if it is unanswerable."""

    id: str
    question: str
    answers: tuple[str, ...]
    articles: tuple[str, ...]
    kind: str
    as_of: str | None
    answerable: bool
    notes: str


def read_questions(path: Path) -> list[EvalQuestion]:
    """Read a question set; `InputError` names the file, and the line of the first row that is no question."""
    questions: list[EvalQuestion] = []
    seen: set[str] = set()
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: không đọc được ({error}).", f"{path}: cannot be read ({error}).") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise _wrong(path, number, f"{type(error).__name__}: {error}") from error
        for problem in _problems(question, seen):
            raise _wrong(path, number, problem)
        seen.add(question.id)
        questions.append(question)
    return questions


def _question(row: Any) -> EvalQuestion:  # noqa: ANN401 - whatever JSON holds
    """Return the row as a question; `KeyError` or `TypeError` if a field is missing or of another type."""
    if not isinstance(row, dict):
        raise TypeError("not an object")
    for key in KEYS:
        if not _has_its_type(key, row[key]):
            raise TypeError(f"{key} is {row[key]!r}")
    fields: dict[str, Any] = {key: tuple(row[key]) if key in LISTS else row[key] for key in KEYS}
    return EvalQuestion(**fields)


def _has_its_type(key: str, value: object) -> bool:
    if key in LISTS:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if key == "answerable":
        return isinstance(value, bool)
    return isinstance(value, str) or (key == "as_of" and value is None)


def _problems(question: EvalQuestion, seen: set[str]) -> Iterator[str]:
    if question.id in seen:
        yield f"duplicate id {question.id}"
    if question.kind not in KINDS:
        yield f"unknown kind {question.kind}"
    if question.answerable != bool(question.answers) or question.answerable != bool(question.articles):
        yield "answerable, answers and articles disagree"


def _wrong(path: Path, line: int, what: str) -> InputError:
    return InputError(f"{path}:{line}: dòng này sai ({what}).", f"{path}:{line}: this line is wrong ({what}).")
