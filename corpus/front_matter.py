"""YAML front matter: title, date, source, url, author. Only plain values are taken; others are said to be wrong."""

import re
from dataclasses import dataclass

from corpus.dates import PartialDate
from corpus.errors import CorpusError
from corpus.text import nfc

OPENING = re.compile(r"---[ \t]*\n")
CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
MAPPING = re.compile(r"^[ \t]*[\w-]+[ \t]*:(?:[ \t]|$)", re.MULTILINE)
MAX_CHARACTERS = 65_536
KEYS = ("title", "date", "source", "url", "author")


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
    """Return the offset just past the line that closes what the opening `---` began; 0 if there is no such pair."""
    opening = OPENING.match(text)
    closing = opening and CLOSING.search(text, opening.end(), opening.end() + MAX_CHARACTERS)
    return closing.end() if closing else 0


def parse_front_matter(text: str, *, where: str) -> FrontMatter:
    """Read the front matter at the head of `text`; `CorpusError` names the line (`where:line`) that cannot be read.

    Text between two rulers that has no line like `key:` is no front matter but the article itself.
    """
    end = front_matter_end(text)
    if not end:
        return FrontMatter()
    head = text[OPENING.match(text).end() : end].rstrip().rstrip("-.")  # type: ignore[union-attr]
    if not head.strip():
        return FrontMatter(end=end)
    import yaml  # here, since it is needed to index and not to ask

    try:
        values = yaml.BaseLoader(head).get_single_data()  # makes nothing but text
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if not MAPPING.search(head):
            return FrontMatter()
        raise _wrong(f"{where}:{_line_of_error(error, head)}", getattr(error, "problem", None) or "YAML") from error
    if not isinstance(values, dict):
        if not MAPPING.search(head):
            return FrontMatter()
        raise _wrong(f"{where}:2", "YAML")
    texts = {}
    for key in KEYS:
        value = values.get(key, "")
        if not isinstance(value, str) or (plain := _plain(value)) is None:
            raise _wrong(f"{where}:{_line_of(head, key)}", key)
        texts[key] = plain
    return FrontMatter(
        end=end,
        title=texts["title"],
        date=_date(texts["date"], where=f"{where}:{_line_of(head, 'date')}"),
        source=texts["source"] or None,
        url=texts["url"] or None,
        author=texts["author"] or None,
    )


def _plain(value: str) -> str | None:
    """Return a value on one line, escaped surrogate pairs joined; None if a half of a pair stands alone."""
    try:
        joined = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        return None
    words = " ".join(nfc(joined).split())
    return "" if words in ("null", "~") else words


def _date(value: str, *, where: str) -> PartialDate | None:
    if not value:
        return None
    try:
        return PartialDate.parse(value)
    except ValueError:
        raise _wrong(where, f"date: {value[:40]}") from None


def _line_of_error(error: Exception, head: str) -> int:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return int(mark.line) + 2
    position = getattr(error, "position", 0)
    return head.count("\n", 0, position if isinstance(position, int) else 0) + 2


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
