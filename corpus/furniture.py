"""Page furniture: what a web page puts around an article. Each rule says why, and none may take a sentence of it.

A rule looks at the non-blank lines of a file and names those it drops. Rules that drop to the end of the file hold back
as soon as a real paragraph follows.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corpus.article import Dropped
from corpus.text import fold

CELL_MARKS = "|" + "".join(filter(str.isspace, map(chr, range(0x3001))))
FULL_STOP = re.compile(r"(?<!\.)[.!?][\"”’')\]»]*$")
A_LINE = re.compile(r"[^\n]+")
SENTENCE_WORDS = 8
LONGEST_LABEL = 60  # characters, with brackets and marks around it
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
_LABEL = (
    "(?:ý kiến của bạn|tên của bạn|email của bạn|gửi bình luận|bình luận của bạn|in bài này|gửi bài viết|gửi ý kiến)"
)
FORM = re.compile(rf"[\[| ]*+{_LABEL}(?: ?:? {_LABEL})*[\]|: -]*+")  # with its accents: "của Ban" is an office
PARAGRAPH_SYLLABLES = 45
HEADLINE_SYLLABLES = 40
ENDS_SENTENCE = re.compile(r"[.!?…:;][\"”’')\]»]*$")
CUT_SHORT = re.compile(r"(?:\s\.\.\.|\s…)$")


@dataclass(frozen=True, slots=True)
class Line:
    """A non-blank line: its span in the text without white space and cell marks, its text and its number of words."""

    start: int
    end: int
    text: str
    words: int
    is_cell: bool

    @property
    def said(self) -> str:
        """The text without capitals, one space between words."""
        return " ".join(self.text.casefold().split())

    @property
    def key(self) -> str:
        """The text as labels are compared, without diacritics and outer brackets; empty if it is longer than any."""
        return " ".join(fold(self.text).split()).strip("[]|:- ") if len(self.text) <= LONGEST_LABEL else ""

    @property
    def is_paragraph(self) -> bool:
        """Long, and ended like a sentence: text that nobody may drop."""
        return self.words > PARAGRAPH_SYLLABLES and not CUT_SHORT.search(self.text)

    @property
    def is_sentence(self) -> bool:
        """More than a few words, and a full stop: text that a rule for the rest of a file may not drop."""
        return self.words > SENTENCE_WORDS and bool(FULL_STOP.search(self.text))

    def repeats(self, other: "Line") -> bool:
        """Whether both say the same, white space and capitals aside."""
        return self.words == other.words and (self.text == other.text or self.said == other.said)


def lines_of(text: str, start: int = 0) -> list[Line]:
    """Return the non-blank lines of `text[start:]`."""
    found = []
    for match in A_LINE.finditer(text, start):
        raw = match[0]
        bare = raw.strip(CELL_MARKS)
        if bare:
            low = match.start() + len(raw) - len(raw.lstrip(CELL_MARKS))
            found.append(Line(low, low + len(bare), bare, len(bare.split()), raw.rstrip().endswith("|")))
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
    return line.words <= HEADLINE_SYLLABLES and not ENDS_SENTENCE.search(line.text)


def widgets(lines: list[Line]) -> Iterator[int]:
    """Buttons: font size, print, share."""
    return (i for i, line in enumerate(lines) if line.key in WIDGETS)


def comment_form(lines: list[Line]) -> Iterator[int]:
    """A comment form, and the menus and link lists below it."""
    start = next((i for i, line in enumerate(lines) if FORM.fullmatch(line.said)), None)
    if start is not None and not any(line.is_sentence for line in lines[start:]):
        yield from range(start, len(lines))


def rulers(lines: list[Line]) -> Iterator[int]:
    """Lines without a letter or a digit: table rulers, rows of stars."""
    return (i for i, line in enumerate(lines) if not any(c.isalnum() for c in line.text))


def teasers(lines: list[Line]) -> Iterator[int]:
    """Table cells cut short with dots: the first words of other articles."""
    return (i for i, line in enumerate(lines) if line.is_cell and CUT_SHORT.search(line.text))


def doubled_headlines(lines: list[Line]) -> Iterator[int]:
    """A tail of headlines, each twice (picture link and text link), with at most a teaser under each."""
    pairs = [-len(lines)] * len(lines) + [0]  # how many pairs lead from a line to the end; negative if they do not
    for i in reversed(range(len(lines))):
        if _starts_pair(lines, i) and not lines[i].is_paragraph:
            after = i + 2
            if after < len(lines) and not lines[after].is_paragraph and not _starts_pair(lines, after):
                after += 1
            pairs[i] = pairs[after] + 1
    start = next((i for i, count in enumerate(pairs) if count > 1), len(lines))
    yield from range(start, len(lines))


def _starts_pair(lines: list[Line], i: int) -> bool:
    return i + 1 < len(lines) and lines[i].repeats(lines[i + 1])


def repeated_lines(lines: list[Line]) -> Iterator[int]:
    """A caption or a title said again right away: the first copy stays."""
    return (i for i in range(1, len(lines)) if lines[i].repeats(lines[i - 1]))


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
