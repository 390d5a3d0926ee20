"""Question sets: one JSON object a line (or SQuAD JSON), checked against the articles they are about.

Of the fields of a line `question` is needed, and of an answerable one its `answers`; the rest has defaults:

| field | type | meaning | if it is missing |
|---|---|---|---|
| `question` | text | as an officer would type it | the line is refused |
| `answers` | list of text | gold: each stands verbatim in an article | unanswerable |
| `articles` | list of text | ids of articles that answer: paths below the corpus folder | any that holds gold |
| `article` | text | the one of them, for short | |
| `answerable` | true, false | whether the corpus answers it | whether it has `answers` |
| `id` | text | names the question; no other line of the file has it | the line's number, `line-7` |
| `kind` | text | any word, for scores by kind | what the question's word asks for: who, when … |
| `as_of` | text or null | the year or date given with `--as-of` | null |
| `notes` | text | for people | empty |
| `trap` | text | what a careless reader would answer, wrongly | empty |

A file may be packed (`.jsonl.gz`).
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.dates import PartialDate
from corpus.errors import InputError
from corpus.files import open_regular
from corpus.text import nfc
from qa.question.parse import kind_of
from qa.question.types import Kind

FOLDER = Path(__file__).parent / "questions"
KEYS = ("id", "question", "answers", "articles", "article", "kind", "as_of", "answerable", "notes", "trap")
LISTS = ("answers", "articles")
WANTED = {"answers": "a list of texts", "articles": "a list of texts", "answerable": "true or false"}
MAX_BYTES = 256 * 1024 * 1024  # unpacked


@dataclass(frozen=True, slots=True)
class EvalQuestion:
    """A question with its gold: answers that stand verbatim in one of `articles`; none if it is unanswerable.

    Without `articles` any article may be cited. `line` is where it stands in its file, from 1; 0 if it came from no
    JSONL file.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    articles: tuple[str, ...]
    kind: str
    as_of: str | None
    answerable: bool
    notes: str = ""
    trap: str = ""
    line: int = 0

    def may_cite(self, articles: Iterable[str]) -> bool:
        """Tell whether one of these articles is one that answers."""
        return not self.articles or any(article in self.articles for article in articles)


def read_questions(path: Path) -> list[EvalQuestion]:
    """Read a question set; `InputError` names the file, and the line of the first row that is no question."""
    questions: list[EvalQuestion] = []
    seen: set[str] = set()
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line), number)
            json.dumps(asdict(question), ensure_ascii=False).encode()  # no half of a character
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise _wrong(path, number, str(error)) from error
        for problem in _problems(question, seen):
            raise _wrong(path, number, problem)
        seen.add(question.id)
        questions.append(question)
    if not questions:
        raise InputError(f"{path}: không có câu hỏi nào.", f"{path}: there is no question in it.")
    return questions


def read_text(path: Path) -> str:
    """Read a file of lines, unpacked if its name ends in `.gz`; `InputError` if that fails."""
    try:
        if path.suffix == ".gz":
            with open_regular(path) as packed, gzip.open(packed) as stream:
                data = stream.read(MAX_BYTES + 1)
        else:
            with open_regular(path) as stream:
                data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise ValueError(f"> {MAX_BYTES // 1024 // 1024} MB")
        return data.decode("utf-8-sig")
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise InputError(f"{path}: không đọc được ({error}).", f"{path}: cannot be read ({error}).") from error


def check_gold(path: Path, questions: Sequence[EvalQuestion], texts: Mapping[str, str]) -> None:
    """Check the gold against the articles, `texts` by id; `InputError` names the first line that is wrong.

    Every gold article is there, and every gold answer stands in one of them as it is written.
    """
    for question in questions:
        missing = [article for article in question.articles if article not in texts]
        if missing:
            raise _wrong(path, question.line, f"unknown article {missing[0]}")
        for answer in question.answers:
            if not any(nfc(answer) in texts[article] for article in question.articles or texts):
                raise _wrong(path, question.line, f"gold answer {answer!r} stands in none of its articles")


def _question(row: Any, number: int) -> EvalQuestion:  # noqa: ANN401 - whatever JSON holds
    """Return a line's object as a question; a `TypeError` or `ValueError` says what is wrong and what is allowed."""
    if not isinstance(row, dict):
        raise TypeError("not a JSON object")
    if unknown := sorted(set(row) - set(KEYS)):
        raise ValueError(f"unknown field {unknown[0]!r}; known are {', '.join(KEYS)}")
    if "question" not in row:
        raise ValueError("the field 'question' is missing; a line has 'question', and 'answers' if it has any")
    for key, value in row.items():
        if not _has_its_type(key, value):
            raise TypeError(
                f"{key} must be {WANTED.get(key, 'text')}, not {json.dumps(value, ensure_ascii=False)[:60]}"
            )
    if "article" in row and "articles" in row:
        raise ValueError("give 'article' or 'articles', not both")
    answers = tuple(row.get("answers", ()))
    articles = (row["article"],) if "article" in row and row.get("answerable", answers) else row.get("articles", ())
    return EvalQuestion(
        id=row.get("id", f"line-{number}"),
        question=row["question"],
        answers=answers,
        articles=tuple(articles),
        kind=row.get("kind") or default_kind(row["question"]),
        as_of=row.get("as_of"),
        answerable=row.get("answerable", bool(answers)),
        notes=row.get("notes", ""),
        trap=row.get("trap", ""),
        line=number,
    )


def default_kind(question: str) -> str:
    """Return the kind that a question's own words tell: `who`, `when` …; `what` if they tell none."""
    kind = kind_of(question)
    return "what" if kind is Kind.OTHER else str(kind)


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
    if not question.kind.isprintable():
        yield f"kind {question.kind!r} cannot be printed"
    if question.answerable != bool(question.answers):
        yield "answerable and answers disagree: an answerable question has gold answers, another has none"
    if question.articles and not question.answerable:
        yield "an unanswerable question names articles that answer it"


def _is_date(text: str) -> bool:
    try:
        PartialDate.parse(text)
    except ValueError:
        return False
    return True


def _wrong(path: Path, line: int, what: str) -> InputError:
    where = f"{path}:{line}" if line else str(path)
    return InputError(f"{where}: câu hỏi này sai ({what}).", f"{where}: this question is wrong ({what}).")
