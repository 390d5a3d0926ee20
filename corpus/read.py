"""Files on disk → `Article`. Nothing is guessed: a file is UTF-8 text, or it is said what is wrong with it.

What a `.txt` or `.md` may have at most; a file that has more is larger than any article, and nothing of it is read:

| bound | most seen in 124,000 news articles | why |
|---|---|---|
| `MAX_BYTES`, blank lines and all | 110,000 | what is held in memory at once |
| `MAX_CHARACTERS` in lines that are not blank | 76,000 | about a thousand pages: time to split and to encode |
| `MAX_LINES` that are not blank | 505 | each is weighed by the rules for page furniture |
| `MAX_DROPPED` pieces of page furniture | 39, in a page saved whole | a passage ends at each |
| `MAX_MARKS` on one letter | 2 | Unicode's own bound for text to be normalised (UAX 15) is 30 |

Front matter has bounds of its own (`corpus/front_matter.py`); a format that comes later brings its own, too.
"""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from corpus import problems
from corpus.article import Article
from corpus.dates import HEADER, infer_date
from corpus.errors import CorpusError, FolderError
from corpus.files import is_utf8, open_regular
from corpus.front_matter import FrontMatter, parse_front_matter
from corpus.furniture import ENDS_SENTENCE, HEADLINE_SYLLABLES, Line, split_furniture
from corpus.text import nfc

SUFFIXES = frozenset({".txt", ".md"})
MAX_BYTES = 16 * 1024 * 1024
MAX_CHARACTERS = 2_000_000
MAX_LINES = 50_000
MAX_DROPPED = 2_000
MAX_MARKS = 64
INDEX_MARK, INDEX_LOCK = "CURRENT", "lock"
INDEX_OWN = re.compile(r"(?:gen-\d{6}|CURRENT|checked\.json)(?:\.part)?|lock|embedded-[0-9a-f]{16}\.part")
NOTHING = re.compile(r"(?!)")
BOM = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
NOT_BLANK = re.compile(r"^[^\S\n]*+(\S.*)", re.MULTILINE)
MAYBE_MARKS = re.compile(rf"[^\w\s\0-\u02ff]{{{MAX_MARKS + 1},}}")  # no mark is a letter, and none comes earlier


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: its id (its path below the corpus folder, with `/`), where it is, and what it may not leave.

    `root` is the corpus folder as it was when the file was listed, or the file itself.
    """

    id: str
    path: Path
    root: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading a source gave: an article, problems, or both (front matter that is partly wrong).

    `state` is that of the very file the article was read from.
    """

    article: Article | None
    problems: tuple[CorpusError, ...] = ()
    state: os.stat_result | None = None

    @property
    def problem(self) -> CorpusError | None:
        """The first problem."""
        return self.problems[0] if self.problems else None


def find_sources(root: Path) -> tuple[list[Source], list[CorpusError]]:
    """List the articles below `root` (a folder, or one file), sorted by id, and what was passed over and why.

    Hidden files and folders are left alone; links may not lead out of `root`. A folder that cannot be listed is a
    `FolderError`.
    """
    base = _resolved(root)
    if not root.is_dir():
        if root.suffix.lower() not in SUFFIXES:
            raise problems.not_an_article(root)
        return [Source(root.name, root, base)], []
    found: list[Source] = []
    passed_over: list[CorpusError] = []
    waiting = [root]
    while waiting:  # no recursion: a thousand folders may lie in one another
        folder = waiting.pop()
        try:
            paths, below = _listed(folder)
        except OSError as error:
            passed_over.append(_closed(folder, problems.unreadable(folder, error)))
            continue
        waiting += [path for path in below if is_utf8(path)]
        passed_over += [_closed(path, problems.bad_name(path)) for path in below if not is_utf8(path)]
        for path in paths:
            if problem := _refused(path, root, base):
                passed_over.append(problem)
            elif not path.is_dir():
                found.append(Source(path.relative_to(root).as_posix(), path, base))
    return sorted(found, key=lambda source: source.id), passed_over


def _resolved(root: Path) -> Path:
    """Return where a named path really is; `CorpusError` if nothing is there, or its name cannot be written down."""
    try:
        base = root.resolve(strict=True)
    except PermissionError as error:
        raise problems.unreadable(root, error) from error
    except (OSError, ValueError, RuntimeError):  # a zero byte, a link to itself
        raise problems.nowhere(root) from None
    if not is_utf8(base):
        raise problems.bad_name(base)
    return base


def _closed(folder: Path, problem: CorpusError) -> FolderError:
    return FolderError(problem.vi, problem.en, folder)


def _listed(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the files and links in a folder, and the folders; what is an index's own is no article."""
    names: list[str] = []
    subfolders: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            (subfolders if entry.is_dir(follow_symlinks=False) else names).append(entry.name)
    own = INDEX_OWN if INDEX_MARK in names or INDEX_LOCK in names else NOTHING
    files, below = (
        [folder / name for name in some if not name.startswith(".") and not own.fullmatch(name)]
        for some in (names, subfolders)
    )
    return sorted(files), sorted(below)


def _refused(path: Path, root: Path, base: Path) -> CorpusError | None:
    if not is_utf8(path):
        return problems.bad_name(path)
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(base):
            return problems.leads_out(path, root)
        is_folder = path.is_dir()
    except OSError as error:
        return problems.unreadable(path, error)
    except RuntimeError:
        return problems.unreadable(path, OSError(0, "symlink loop"))
    return None if is_folder or path.suffix.lower() in SUFFIXES else problems.not_an_article(path)


def read_source(source: Source) -> Outcome:
    """Read one file; a file that cannot be read comes back as a problem, never as an exception."""
    try:
        data, state = _read(source.path, source.root or source.path, is_resolved=source.root is not None)
        text = decode(data, source.path)
        head, wrong = parse_front_matter(text, where=str(source.path))
        if not text[head.end :].strip():
            return Outcome(None, tuple(wrong) or (problems.no_body(source.path),))
        return Outcome(_article(source, data, text, head), tuple(wrong), state)
    except CorpusError as error:
        return Outcome(None, (error,))


def _article(source: Source, data: bytes, text: str, head: FrontMatter) -> Article:
    lines, dropped = split_furniture(text, head.end)
    if len(dropped) > MAX_DROPPED:
        pieces = (
            f"quá {MAX_DROPPED} dòng menu, liên kết, vạch ngăn",
            f"over {MAX_DROPPED} lines of menus, links, rulers",
        )
        raise problems.too_large(source.path, *pieces)
    date = head.date or infer_date("\n".join(line.text for line in lines))
    return Article(
        id=source.id,
        path=str(source.path),
        sha256=hashlib.sha256(data).hexdigest(),
        text=text,
        blocks=tuple((line.start, line.end) for line in lines),
        dropped=tuple(dropped),
        title=head.title or _first_headline(lines),
        date=date,
        date_inferred=date is not None and head.date is None,
        source=head.source,
        url=head.url,
        author=head.author,
    )


def _first_headline(lines: list[Line]) -> str:
    for line in lines:
        if HEADER.search(line.text):
            continue
        is_headline = len(line.text.split()) <= HEADLINE_SYLLABLES and not ENDS_SENTENCE.search(line.text)
        return line.text.lstrip("# ") if is_headline and len(lines) > 1 else ""
    return ""


def read_bytes(path: Path) -> bytes:
    """Read a file of at most `MAX_BYTES`; `CorpusError` if it is gone, forbidden, no plain file, or larger."""
    return _read(path, None)[0]


def _read(path: Path, root: Path | None, *, is_resolved: bool = False) -> tuple[bytes, os.stat_result]:
    """Read a file below `root` and return its bytes with the state they had."""
    try:
        with open_regular(path, root=root, is_resolved=is_resolved) as stream:
            state = os.fstat(stream.fileno())
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise problems.unreadable(path, error) from error
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise problems.too_large(path, f"quá {limit} MB", f"over {limit} MB")
    return data, state


def decode(data: bytes, path: Path) -> str:
    r"""Return the text in NFC with `\n` line ends; `CorpusError` if it is empty, binary, not UTF-8, or too much."""
    data = data.removeprefix(BOM)
    if data.startswith(UTF_16):
        raise problems.utf_16(path)
    if b"\0" in data:
        raise problems.binary(path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise problems.not_utf8(path, data.count(b"\n", 0, error.start) + 1, error.start) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if (pile := _pile_of_marks(text)) is not None:
        raise problems.piled_marks(path, text.count("\n", 0, pile) + 1, MAX_MARKS)
    text = nfc(text)
    _check_size(text, path)
    if not text.strip():
        raise problems.empty(path)
    return text


def _pile_of_marks(text: str) -> int | None:
    """Find more than `MAX_MARKS` marks on one letter: sorting them takes a time that grows with their square."""
    for match in MAYBE_MARKS.finditer(text):
        for is_mark, run in groupby(match[0], key=lambda c: unicodedata.combining(c) > 0):
            if is_mark and sum(1 for _ in run) > MAX_MARKS:
                return match.start()
    return None


def _check_size(text: str, path: Path) -> None:
    characters = 0
    for number, length in enumerate(_lengths(text), start=1):
        characters += length
        if number > MAX_LINES:
            raise problems.too_large(path, f"quá {MAX_LINES} dòng có chữ", f"over {MAX_LINES} lines that are not blank")
        if characters > MAX_CHARACTERS:
            raise problems.too_large(path, f"quá {MAX_CHARACTERS} ký tự", f"over {MAX_CHARACTERS} characters")


def _lengths(text: str) -> Iterator[int]:
    """Yield the length of each line that is not blank."""
    return (len(match[1].rstrip()) for match in NOT_BLANK.finditer(text))
