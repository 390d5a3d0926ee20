"""The front matter of a file: title, date, source, url, author. Only plain values are taken; others are told of.

Every field stands for itself: one that cannot be read costs no other, and what nobody asked for is not read at all. The
bounds are those of this format: `MAX_CHARACTERS` for all of it, `LIMITS` for a field. In 124,000 news articles the
longest title has 2,169 characters, the longest address 167, the longest name of a source 11.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.dates import PartialDate
from corpus.errors import CorpusError
from corpus.text import nfc

OPENING = re.compile(r"---[ \t]*\n")
CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
ENTRY = re.compile(
    r"^(?P<indent>[ \t]*+)(?P<quote>[\"']?)(?P<key>[\w-]++)(?P=quote)[ \t]*+:(?:[ \t]++|$)(?P<value>.*)", re.MULTILINE
)
CONTENT = re.compile(r"^(?P<indent>[ \t]*+)[^\s#]", re.MULTILINE)
NO_ENTRY = re.compile(r"^[^\s#\-\]})].*", re.MULTILINE)
MAX_CHARACTERS = 65_536
LIMITS = {"title": 3_000, "date": 100, "source": 300, "url": 2_000, "author": 1_000}
WITH_MARKUP = 2  # a value is written with at most this many times its characters: quotation marks, escapes, indents
MOST_BRACKETS = 50  # lists in lists take YAML a time that grows with the square of their depth
INDICATORS = frozenset("\"'[]{}>|*&!%@`#,?-")  # what begins a value that is more than the text it shows
COMMENT = re.compile(r"(?:^|[ \t])#.*")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the head of a file says of the article; `end` is where the body begins."""

    end: int = 0
    title: str = ""
    date: PartialDate | None = None
    source: str | None = None
    url: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A field as it is written: its key in lower case, its line in the file, its value's first line, all its text."""

    key: str
    line: int
    first: str
    text: str


class WrongError(ValueError):
    """A field cannot be taken: on which line of it, and why."""

    def __init__(self, vi: str, en: str, line: int = 0) -> None:
        """Keep both reasons and the line, from 0."""
        super().__init__(en)
        self.vi = vi
        self.en = en
        self.line = line


def front_matter_end(text: str) -> int:
    """Return the offset just past the line that closes what the opening `---` began; 0 if there is no such pair."""
    opening = OPENING.match(text)
    closing = opening and CLOSING.search(text, opening.end(), opening.end() + MAX_CHARACTERS)
    return closing.end() if closing else 0


def parse_front_matter(text: str, *, where: str) -> tuple[FrontMatter, list[CorpusError]]:
    """Read the front matter at the head of `text`; every problem names the line (`where:line`) that cannot be read.

    Text between two rulers that has no line like `key:` is no front matter but the article itself.
    """
    opening = OPENING.match(text)
    end = front_matter_end(text)
    if opening is None or not end:
        return FrontMatter(), _too_long(text, opening.end(), where) if opening else []
    head = text[opening.end() : end].rstrip().rstrip("-.")
    if head.strip() and not ENTRY.search(head):
        return FrontMatter(), []
    values: dict[str, str] = {}
    fields = list(_fields(head))
    wrong = [(line, "dòng này không thuộc mục nào", "this line belongs to no field") for line in _strays(head, fields)]
    date = None
    for field in fields:
        try:
            if field.key in LIMITS:
                values[field.key] = value = _value(field)
                date = _date(value) if field.key == "date" else date
        except WrongError as error:
            wrong.append((field.line + error.line, f"{field.key}: {error.vi}", f"{field.key}: {error.en}"))
    found = FrontMatter(
        end=end,
        title=values.get("title", ""),
        date=date,
        source=values.get("source") or None,
        url=values.get("url") or None,
        author=values.get("author") or None,
    )
    return found, [_problem(f"{where}:{line}", vi, en) for line, vi, en in sorted(wrong)]


def _fields(head: str) -> Iterator[Field]:
    """Yield the fields, those that lie in others left out: a field begins where the first line of all does."""
    first = CONTENT.search(head)
    indent = first["indent"] if first else ""
    found = [match for match in ENTRY.finditer(head) if match["indent"] == indent]
    line, place = 2, 0
    for match, end in zip(found, [*(later.start() for _, later in pairwise(found)), len(head)], strict=False):
        line += head.count("\n", place, match.start())
        place = match.start()
        yield Field(match["key"].casefold(), line, match["value"].rstrip(), head[match.start() : end].rstrip())


def _strays(head: str, fields: Sequence[Field]) -> Iterator[int]:
    """Yield the line of the first text that is no field and lies in none."""
    first = next((match.start() for match in ENTRY.finditer(head)), len(head))
    if stray := CONTENT.search(head, 0, first):
        yield head.count("\n", 0, stray.start()) + 2
    for field in fields:
        inside = field.text.find("\n") + 1
        if field.key not in LIMITS and inside and (stray := NO_ENTRY.search(field.text, inside)):
            yield field.line + field.text.count("\n", 0, stray.start())
            return


def _value(field: Field) -> str:
    """Return the text of a field on one line; `WrongError` if it is none, or too long."""
    limit = LIMITS[field.key]
    if len(field.text) > WITH_MARKUP * limit + len(field.key):
        raise _longer(limit)
    is_plain = "\n" not in field.text and field.first[:1] not in INDICATORS
    value = _joined(COMMENT.sub("", field.first) if is_plain else _yaml_value(field))
    if is_plain and any(unicodedata.category(c) == "Cc" and c != "\t" for c in value):
        raise WrongError("có ký tự điều khiển", "it has a control character")
    words = " ".join(nfc(value).split())
    if len(words) > limit:
        raise _longer(limit)
    return "" if words in ("null", "~") else words


def _longer(limit: int) -> WrongError:
    return WrongError(f"dài hơn {limit} ký tự", f"longer than {limit} characters")


def _yaml_value(field: Field) -> str:
    """Read a value in quotation marks, or over several lines."""
    if field.first[:1] in ("[", "{") or sum(map(field.text.count, "[{")) > MOST_BRACKETS:
        raise _no_text()
    import yaml  # here, since it is needed to index and not to ask

    try:
        values = yaml.BaseLoader(field.text).get_single_data()  # makes nothing but text
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        said = getattr(error, "problem", None) or "YAML"
        raise WrongError(
            f"không đọc được ({said})", f"it cannot be read ({said})", _line_of(error, field.text)
        ) from None
    value = next(iter(values.values()), None) if isinstance(values, dict) and len(values) == 1 else None
    if not isinstance(value, str):
        raise _no_text()
    return value


def _no_text() -> WrongError:
    return WrongError("không phải một dòng chữ", "it is no plain text")


def _line_of(error: Exception, text: str) -> int:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return int(mark.line)
    position = getattr(error, "position", 0)
    return text.count("\n", 0, position if isinstance(position, int) else 0)


def _joined(value: str) -> str:
    """Join escaped surrogate pairs; `WrongError` if a half of a pair stands alone."""
    try:
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        raise WrongError("có nửa ký tự Unicode", "it has half of a Unicode character") from None


def _date(value: str) -> PartialDate | None:
    try:
        return PartialDate.parse(value) if value else None
    except ValueError:
        raise WrongError(f"{value[:40]} không phải ngày", f"{value[:40]} is no date") from None


def _too_long(text: str, start: int, where: str) -> list[CorpusError]:
    """Tell of front matter whose end lies too far down: it is taken for text of the article."""
    if not ENTRY.match(text, start) or not CLOSING.search(text, start):
        return []
    vi, en = f"phần đầu dài hơn {MAX_CHARACTERS} ký tự", f"it is longer than {MAX_CHARACTERS} characters"
    return [_problem(f"{where}:1", vi, en)]


def _problem(where: str, vi: str, en: str) -> CorpusError:
    return CorpusError(
        f"{where}: phần đầu (front matter) có chỗ không đọc được ({vi}); bài vẫn được lập chỉ mục nhưng thiếu mục "
        'này. Hãy sửa dòng đó (ví dụ `date: 2018-08-12`, `title: "Hội nghị: phiên 2"`) rồi chạy lại `qa index`.',
        f"{where}: something in the front matter cannot be read ({en}); the article is indexed without it. "
        'Mend that line (for instance `date: 2018-08-12`, `title: "Meeting: day 2"`) and run `qa index` again.',
    )
