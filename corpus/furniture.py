"""Page furniture: what a web page puts around an article. Each rule says why, and none may take a sentence of it.

A rule looks at the non-blank lines of a file and names those it drops. Rules that drop to the end of the file hold back
as soon as a real paragraph follows.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corpus.article import Dropped
from corpus.text import fold

CELL_MARK = re.compile(r"[\s|]+$")
RELATED = frozenset(
    {
        "tin lien quan", "bai lien quan", "bai viet lien quan", "tin bai lien quan", "xem them", "doc them",
        "doc tiep", "tin cung chuyen muc", "tin khac", "cac tin khac", "tin moi", "tin noi bat", "cac bai moi",
        "cac bai da dang", "co the ban quan tam", "tin doc nhieu", "tin moi nhat", "tin cung loai",
    }
)  # fmt: skip
WIDGETS = frozenset(
    {
        "nho binh thuong lon", "in bai nay", "gui bai viet", "in bai nay gui bai viet", "chia se", "in trang",
        "trang chu", "binh luan", "thich", "like", "share", "facebook", "twitter", "zalo", "google news",
        "theo doi", "quay lai", "ve dau trang", "nghe doc bai", "0:00", "a-", "a+", "a a",
    }
)  # fmt: skip
FORM = re.compile(
    r"^(?:y kien cua ban|ten cua ban|email cua ban|gui binh luan|binh luan cua ban|tep dinh kem|noi dung:|tieu de:"
    r"|in bai nay|gui bai viet|gui y kien|ho va ten|ma xac nhan)"
)
PARAGRAPH_SYLLABLES = 45
HEADLINE_SYLLABLES = 40
ENDS_SENTENCE = re.compile(r"[.!?…:;][\"”’')\]»]*$")
CUT_SHORT = re.compile(r"(?:\s\.\.\.|\s…)$")


@dataclass(frozen=True, slots=True)
class Line:
    """A non-blank line: its span in the text without white space and cell marks, and its words as compared."""

    start: int
    end: int
    text: str
    key: str
    is_cell: bool

    @property
    def is_paragraph(self) -> bool:
        """Long, and ended like a sentence: text that nobody may drop."""
        return len(self.text.split()) > PARAGRAPH_SYLLABLES and not CUT_SHORT.search(self.text)


def lines_of(text: str, start: int = 0) -> list[Line]:
    """Return the non-blank lines of `text[start:]`."""
    found = []
    for match in re.finditer(r"[^\n]+", text[start:]):
        raw = match.group()
        bare = CELL_MARK.sub("", raw)
        lead = len(bare) - len(bare.lstrip(" \t|"))
        bare = bare.lstrip(" \t|")
        if bare:
            low = start + match.start() + lead
            key = " ".join(fold(bare).split()).strip("[]|:- ")
            found.append(Line(low, low + len(bare), bare, key, is_cell=raw.rstrip().endswith("|")))
    return found


def related_block(lines: list[Line]) -> Iterator[int]:
    """A heading such as TIN LIÊN QUAN and the headlines under it: they speak of other articles."""
    i = 0
    while i < len(lines):
        if lines[i].key in RELATED:
            yield i
            i += 1
            while i < len(lines) and _is_headline(lines[i]):
                yield i
                i += 1
        else:
            i += 1


def _is_headline(line: Line) -> bool:
    return len(line.text.split()) <= HEADLINE_SYLLABLES and not ENDS_SENTENCE.search(line.text)


def widgets(lines: list[Line]) -> Iterator[int]:
    """Buttons: font size, print, share."""
    return (i for i, line in enumerate(lines) if line.key in WIDGETS)


def comment_form(lines: list[Line]) -> Iterator[int]:
    """A comment form, and the menus and link lists below it."""
    start = next((i for i, line in enumerate(lines) if FORM.match(line.key)), None)
    if start is not None and not any(line.is_paragraph and ENDS_SENTENCE.search(line.text) for line in lines[start:]):
        yield from range(start, len(lines))


def rulers(lines: list[Line]) -> Iterator[int]:
    """Lines without a letter or a digit: table rulers, rows of stars."""
    return (i for i, line in enumerate(lines) if not any(c.isalnum() for c in line.text))


def teasers(lines: list[Line]) -> Iterator[int]:
    """Table cells cut short with dots: the first words of other articles."""
    return (i for i, line in enumerate(lines) if line.is_cell and CUT_SHORT.search(line.text))


def doubled_headlines(lines: list[Line]) -> Iterator[int]:
    """A tail of headlines, each twice (picture link and text link), with at most a teaser under each."""
    for start in range(len(lines) - 1):
        pairs, i = 0, start
        while i + 1 < len(lines) and lines[i].key == lines[i + 1].key and not lines[i].is_paragraph:
            pairs, i = pairs + 1, i + 2
            if i < len(lines) and not lines[i].is_paragraph and not _starts_pair(lines, i):
                i += 1
        if pairs > 1 and i == len(lines):
            yield from range(start, len(lines))
            return


def _starts_pair(lines: list[Line], i: int) -> bool:
    return i + 1 < len(lines) and lines[i].key == lines[i + 1].key


def repeated_lines(lines: list[Line]) -> Iterator[int]:
    """A caption or a title said again right away: the first copy stays."""
    return (i for i in range(1, len(lines)) if lines[i].key == lines[i - 1].key)


RULES: tuple[tuple[str, Callable[[list[Line]], Iterator[int]]], ...] = (
    ("related", related_block),
    ("comment-form", comment_form),
    ("teaser", teasers),
    ("doubled-headlines", doubled_headlines),
    ("widget", widgets),
    ("ruler", rulers),
    ("repeated", repeated_lines),
)


def split_furniture(text: str, start: int = 0) -> tuple[list[Line], list[Dropped]]:
    """Return the article's lines and what was dropped, both in order; a file of nothing but furniture keeps all."""
    lines = lines_of(text, start)
    verdicts: dict[int, str] = {}
    for name, rule in RULES:
        for i in rule(lines):
            verdicts.setdefault(i, name)
    kept = [line for i, line in enumerate(lines) if i not in verdicts]
    if not kept:
        return lines, []
    return kept, [Dropped(lines[i].start, lines[i].end, name) for i, name in sorted(verdicts.items())]
