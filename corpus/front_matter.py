"""YAML front matter: title, date, source, url, author. Only plain values are taken; others are said to be wrong."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from corpus.dates import PartialDate
from corpus.errors import CorpusError

OPENING = re.compile(r"---[ \t]*\n")
CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
MAX_CHARACTERS = 65_536
KEYS = ("title", "source", "url", "author")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the head of a file says of the article; `end` is where the body begins."""

    end: int = 0
    title: str = ""
    date: PartialDate | None = None
    source: str | None = None
    url: str | None = None
    author: str | None = None


def front_matter_end(text: str) -> int:
    """Return the offset just past the front matter's closing line; 0 if the text has none."""
    opening = OPENING.match(text)
    closing = opening and CLOSING.search(text, opening.end(), opening.end() + MAX_CHARACTERS)
    return closing.end() if closing else 0


def parse_front_matter(text: str, *, where: str) -> FrontMatter:
    """Read the front matter at the head of `text`; `CorpusError` names the line (`where:line`) that cannot be read."""
    end = front_matter_end(text)
    if not end:
        return FrontMatter()
    head = text[OPENING.match(text).end() : end].rstrip().rstrip("-.")  # type: ignore[union-attr]
    import yaml  # here, since it is needed to index and not to ask

    try:
        values = yaml.safe_load(head) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = (mark.line if mark else 0) + 2
        raise _wrong(f"{where}:{line}", getattr(error, "problem", None) or "YAML") from error
    if not isinstance(values, dict):
        raise _wrong(f"{where}:2", "YAML")
    texts = {}
    for key in KEYS:
        value = values.get(key)
        if isinstance(value, dict | list | set):
            raise _wrong(f"{where}:{_line_of(head, key)}", key)
        texts[key] = " ".join(str(value).split()) if value is not None else None
    return FrontMatter(
        end=end,
        title=texts["title"] or "",
        date=_date(values.get("date"), where=f"{where}:{_line_of(head, 'date')}"),
        source=texts["source"],
        url=texts["url"],
        author=texts["author"],
    )


def _date(value: object, *, where: str) -> PartialDate | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime | date):
        return PartialDate(value.year, value.month, value.day)
    try:
        return PartialDate.parse(str(value))
    except ValueError:
        raise _wrong(where, f"date: {str(value)[:40]}") from None


def _line_of(head: str, key: str) -> int:
    match = re.search(rf"^{key}\s*:", head, re.MULTILINE)
    return head.count("\n", 0, match.start()) + 2 if match else 2


def _wrong(where: str, what: str) -> CorpusError:
    return CorpusError(
        f"{where}: phần đầu (front matter) không đọc được ({what}); bài vẫn được lập chỉ mục nhưng thiếu các thông tin "
        "này. Hãy sửa dòng đó (ví dụ `date: 2018-08-12`) rồi chạy lại `qa index`.",
        f"{where}: the front matter cannot be read ({what}); the article is indexed without it. "
        "Mend that line (for instance `date: 2018-08-12`) and run `qa index` again.",
    )
