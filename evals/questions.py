"""Question sets: one JSON object a line, checked against the articles they are about."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import InputError

FOLDER = Path(__file__).parent / "questions"
KEYS = ("id", "question", "answers", "articles", "kind", "as_of", "answerable", "notes")
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
    """Read a question set; `InputError` names the file and line of the first row that is no question."""
    questions: list[EvalQuestion] = []
    seen: set[str] = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            question = EvalQuestion(
                **{
                    **{key: row[key] for key in KEYS},
                    "answers": tuple(row["answers"]),
                    "articles": tuple(row["articles"]),
                }
            )
        except (ValueError, KeyError, TypeError) as error:
            raise _wrong(path, number, f"{type(error).__name__}: {error}") from error
        for problem in _problems(question, seen):
            raise _wrong(path, number, problem)
        seen.add(question.id)
        questions.append(question)
    return questions


def _problems(question: EvalQuestion, seen: set[str]) -> Iterator[str]:
    if question.id in seen:
        yield f"duplicate id {question.id}"
    if question.kind not in KINDS:
        yield f"unknown kind {question.kind}"
    if question.answerable != bool(question.answers) or question.answerable != bool(question.articles):
        yield "answerable, answers and articles disagree"


def _wrong(path: Path, line: int, what: str) -> InputError:
    return InputError(f"{path}:{line}: dòng này sai ({what}).", f"{path}:{line}: this line is wrong ({what}).")
