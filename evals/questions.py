"""Question sets: one JSON object a line (or SQuAD JSON), checked against the articles they are about.

The fields of a line, all of them required:

| field | type | meaning |
|---|---|---|
| `id` | text | names the question; no other line of the file has it |
| `question` | text | as an officer would type it |
| `answers` | list of text | gold: each stands verbatim in one of `articles`; empty if unanswerable |
| `articles` | list of text | ids of the articles that answer (paths below the corpus folder); empty if unanswerable |
| `kind` | text | one of `KINDS`, for scores by kind |
| `as_of` | text or null | the year or date given with `--as-of` |
| `answerable` | true, false | whether the corpus answers it |
| `notes` | text | for people |
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from corpus.dates import PartialDate
from corpus.errors import InputError
from corpus.text import nfc

FOLDER = Path(__file__).parent / "questions"
KEYS = ("id", "question", "answers", "articles", "kind", "as_of", "answerable", "notes")
LISTS = ("answers", "articles")
KINDS = frozenset({"who", "how_many", "when", "where", "what", "which", "why", "list"})


@dataclass(frozen=True, slots=True)
class EvalQuestion:
    """A question with its gold: answers that stand verbatim in one of `articles`; none if it is unanswerable.

    `line` is where it stands in its file, from 1; 0 if it came from no JSONL file.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    articles: tuple[str, ...]
    kind: str
    as_of: str | None
    answerable: bool
    notes: str
    line: int = 0


def read_questions(path: Path) -> list[EvalQuestion]:
    """Read a question set; `InputError` names the file, and the line of the first row that is no question."""
    questions: list[EvalQuestion] = []
    seen: set[str] = set()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: không đọc được ({error}).", f"{path}: cannot be read ({error}).") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line))
            json.dumps(asdict(question), ensure_ascii=False).encode()  # no half of a character
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise _wrong(path, number, f"{type(error).__name__}: {error}") from error
        for problem in _problems(question, seen):
            raise _wrong(path, number, problem)
        seen.add(question.id)
        questions.append(replace(question, line=number))
    if not questions:
        raise InputError(f"{path}: không có câu hỏi nào.", f"{path}: there is no question in it.")
    return questions


def check_gold(path: Path, questions: Sequence[EvalQuestion], texts: Mapping[str, str]) -> None:
    """Check the gold against the articles, `texts` by id; `InputError` names the first line that is wrong.

    Every gold article is there, and every gold answer stands in one of them as it is written.
    """
    for question in questions:
        missing = [article for article in question.articles if article not in texts]
        if missing:
            raise _wrong(path, question.line, f"unknown article {missing[0]}")
        for answer in question.answers:
            if not any(nfc(answer) in texts[article] for article in question.articles):
                raise _wrong(path, question.line, f"gold answer {answer!r} stands in none of its articles")


def _question(row: Any) -> EvalQuestion:  # noqa: ANN401 - whatever JSON holds
    """Return the row as a question; a `KeyError`, `TypeError` or `ValueError` says which field is wrong."""
    if not isinstance(row, dict):
        raise TypeError("not an object")
    if unknown := sorted(set(row) - set(KEYS)):
        raise ValueError(f"unknown field {unknown[0]}")
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
    if not question.id.isprintable() or not question.id:
        yield f"id {question.id!r} cannot be printed"
    if question.as_of is not None and not _is_date(question.as_of):
        yield f"as_of {question.as_of!r} is neither a year nor a date"
    if not question.question.strip():
        yield "the question is blank"
    if any(not answer.strip() for answer in question.answers):
        yield "a gold answer is blank"
    if question.id in seen:
        yield f"duplicate id {question.id}"
    if question.kind not in KINDS:
        yield f"unknown kind {question.kind}"
    if question.answerable != bool(question.answers) or question.answerable != bool(question.articles):
        yield "answerable, answers and articles disagree"


def _is_date(text: str) -> bool:
    try:
        PartialDate.parse(text)
    except ValueError:
        return False
    return True


def _wrong(path: Path, line: int, what: str) -> InputError:
    where = f"{path}:{line}" if line else str(path)
    return InputError(f"{where}: câu hỏi này sai ({what}).", f"{where}: this question is wrong ({what}).")
