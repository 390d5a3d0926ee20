"""The `officers` questions: thousands over news articles, read from the data folder where they lie.

`DATA/officers/` holds `articles.jsonl.gz` and a file of questions a part (`train`, `dev`). Each part is asked of all
the articles in one index, as an officer asks of a whole archive.
"""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus.dates import PartialDate
from corpus.errors import InputError
from evals.questions import EvalQuestion, read_questions, read_text

FOLDER = "officers"
ARTICLES = "articles.jsonl.gz"
PREFIX = "officers-"
_NOT_A_NAME = re.compile(r"[^\w-]+")


def officers_file(name: str, data: Path | None) -> Path | None:
    """Return the file of the part that `officers-PART` names, None for another name; `InputError` if it is gone."""
    if not name.startswith(PREFIX) or Path(name).suffix:
        return None
    path = data / FOLDER / f"{name.removeprefix(PREFIX)}.jsonl.gz" if data else None
    if path is None or not path.is_file():
        raise InputError(
            f"{name}: không thấy bộ câu hỏi này ở {path or '(chưa có --data)'}. Hãy cho --data THƯ_MỤC có {FOLDER}/.",
            f"{name}: no such question set at {path or '(no --data)'}. Give --data FOLDER, one that holds {FOLDER}/.",
        )
    return path


def read_officers(path: Path) -> tuple[tuple[EvalQuestion, ...], dict[str, str]]:
    """Return a part's questions, and what the articles of all parts are as files, by name."""
    rows = read_articles(path.with_name(ARTICLES))
    names = {row["id"]: _file_name(row["id"], number) for number, row in enumerate(rows)}
    questions = [replace(q, articles=tuple(names.get(a, a) for a in q.articles)) for q in read_questions(path)]
    return tuple(questions), {names[row["id"]]: _content(row) for row in rows}


def read_articles(path: Path) -> list[dict[str, Any]]:
    """Read a file of articles, `id`, `date` and `text` a line; `InputError` names a line that is none."""
    rows = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        try:
            row = json.loads(line)
            rows.append({"id": str(row["id"]), "date": row.get("date"), "text": str(row["text"])})
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise InputError(f"{path}:{number}: không phải một bài.", f"{path}:{number}: not an article.") from error
    return rows


def _file_name(identity: str, number: int) -> str:
    """Return a file name that any system takes; ids differ in marks alone, so the line's number goes along."""
    return f"{number:05}-{_NOT_A_NAME.sub('-', identity).strip('-')}.md"


def _content(row: dict[str, Any]) -> str:
    date = _date(row["date"])
    return f"---\ndate: {date}\n---\n{row['text']}\n" if date else f"{row['text']}\n"


def _date(text: object) -> PartialDate | None:
    """Read `20201101`, or what else is a date."""
    written = re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", str(text or ""))
    try:
        return PartialDate.parse(written)
    except ValueError:
        return None
