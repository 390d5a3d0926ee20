"""Files on disk → `Article`. Nothing is guessed: a file is UTF-8 text, or it is said what is wrong with it."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Article
from corpus.dates import HEADER, infer_date
from corpus.errors import CorpusError, FolderError
from corpus.front_matter import FrontMatter, front_matter_end, parse_front_matter
from corpus.furniture import ENDS_SENTENCE, HEADLINE_SYLLABLES, Line, split_furniture
from corpus.text import nfc

SUFFIXES = frozenset({".txt", ".md"})
MAX_BYTES = 16 * 1024 * 1024
INDEX_MARK, INDEX_LOCK = "CURRENT", "lock"
BOM = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: where it is, and the id its article has (its path below the corpus folder, with `/`)."""

    id: str
    path: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading a source gave: an article, a problem, or both (front matter that doesn't parse)."""

    article: Article | None
    problem: CorpusError | None = None


def find_sources(root: Path) -> tuple[list[Source], list[CorpusError]]:
    """List the articles below `root` (a folder, or one file), sorted by id, and what was passed over and why.

    Hidden files and folders are left alone; links may not lead out of `root`. A folder that cannot be listed is a
    `FolderError`.
    """
    if not _exists(root):
        raise CorpusError(
            f"{root}: không có tệp hay thư mục này. Hãy kiểm tra lại đường dẫn.",
            f"{root}: no such file or folder. Check the path.",
        )
    if not root.is_dir():
        if root.suffix.lower() not in SUFFIXES:
            raise _not_an_article(root)
        return [Source(root.name, root)], []
    base = root.resolve()
    sources: list[Source] = []
    problems: list[CorpusError] = []

    def unreadable(error: OSError) -> None:
        folder = Path(error.filename or root)
        problem = _unreadable(folder, error)
        problems.append(FolderError(problem.vi, problem.en, folder))

    for folder, subfolders, names in os.walk(root, onerror=unreadable, followlinks=False):
        if _is_index(names, subfolders):
            subfolders.clear()
            continue
        links = [name for name in subfolders if (Path(folder) / name).is_symlink()]
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for path in (Path(folder) / name for name in sorted(names + links) if not name.startswith(".")):
            if problem := _refused(path, root, base):
                problems.append(problem)
            elif not path.is_dir():
                sources.append(Source(path.relative_to(root).as_posix(), path))
    return sorted(sources, key=lambda source: source.id), problems


def _is_index(names: list[str], subfolders: list[str]) -> bool:
    """Tell an index built, or being built for the first time, inside the corpus folder: its files are no articles."""
    generations = [name for name in subfolders if name.startswith("gen-")]
    return (INDEX_MARK in names and bool(generations)) or (names == [INDEX_LOCK] and generations == subfolders)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _refused(path: Path, root: Path, base: Path) -> CorpusError | None:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return _bad_name(path)
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(base):
            return _leads_out(path, root)
    except (OSError, RuntimeError) as error:
        return _unreadable(path, error if isinstance(error, OSError) else OSError(0, "symlink loop"))
    if path.suffix.lower() not in SUFFIXES and not path.is_dir():
        return _not_an_article(path)
    return None


def read_source(source: Source) -> Outcome:
    """Read one file; a file that cannot be read comes back as a problem, never as an exception."""
    try:
        data = read_bytes(source.path)
        text = decode(data, source.path)
    except CorpusError as error:
        return Outcome(None, error)
    problem = None
    try:
        head = parse_front_matter(text, where=str(source.path))
    except CorpusError as error:
        head, problem = FrontMatter(end=front_matter_end(text)), error
    if not text[head.end :].strip():
        return Outcome(None, problem or _no_body(source.path))
    return Outcome(_article(source, data, text, head), problem)


def _no_body(path: Path) -> CorpusError:
    return CorpusError(
        f"{path}: sau phần đầu (title, date…) không có nội dung bài. Hãy thêm nội dung.",
        f"{path}: there is no text after the front matter. Add the text of the article.",
    )


def _article(source: Source, data: bytes, text: str, head: FrontMatter) -> Article:
    lines, dropped = split_furniture(text, head.end)
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
    """Read a file of at most `MAX_BYTES`; `CorpusError` if it is gone, forbidden, no file, or larger."""
    try:
        if stat.S_ISFIFO(path.stat().st_mode) or path.is_char_device() or path.is_dir():
            raise OSError(0, "not a plain file")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise CorpusError(
            f"{path}: tệp lớn hơn {limit} MB nên không được đọc. Hãy tách thành từng bài, mỗi bài một tệp.",
            f"{path}: the file is larger than {limit} MB and was not read. Split it, one article a file.",
        )
    return data


def decode(data: bytes, path: Path) -> str:
    r"""Return the text in NFC with `\n` line ends; `CorpusError` if it is empty, binary, or not UTF-8."""
    data = data.removeprefix(BOM)
    if data.startswith(UTF_16):
        raise CorpusError(
            f"{path}: tệp ở bảng mã UTF-16 (Notepad gọi là Unicode). Hãy lưu lại với bảng mã UTF-8.",
            f"{path}: the file is in UTF-16 (Notepad calls it Unicode). Save it again as UTF-8.",
        )
    if b"\0" in data:
        raise CorpusError(
            f"{path}: đây là tệp nhị phân, không phải văn bản. Hãy lưu bài viết dưới dạng .txt hoặc .md (UTF-8).",
            f"{path}: this is a binary file, not text. Save the article as .txt or .md in UTF-8.",
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorpusError(
            f"{path}:{line}: không phải UTF-8 (byte {error.start}). Hãy lưu lại tệp với bảng mã UTF-8 "
            "(ví dụ: iconv -f WINDOWS-1258 -t UTF-8).",
            f"{path}:{line}: not UTF-8 (byte {error.start}). Save the file again as UTF-8 "
            "(for instance: iconv -f WINDOWS-1258 -t UTF-8).",
        ) from error
    text = nfc(text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise CorpusError(f"{path}: tệp rỗng, không có gì để đọc.", f"{path}: the file is empty: nothing to read.")
    return text


def _unreadable(path: Path, error: OSError) -> CorpusError:
    if isinstance(error, FileNotFoundError):
        return CorpusError(
            f"{path}: tệp đã biến mất trong khi đọc. Hãy chạy lại `qa index`.",
            f"{path}: the file vanished while being read. Run `qa index` again.",
        )
    reason = error.strerror or type(error).__name__
    return CorpusError(
        f"{path}: không đọc được ({reason}). Hãy kiểm tra quyền đọc của tệp.",
        f"{path}: cannot be read ({reason}). Check the file's permissions.",
    )


def _bad_name(path: Path) -> CorpusError:
    shown = str(path).encode(errors="backslashreplace").decode()
    return CorpusError(
        f"{shown}: tên tệp không phải UTF-8 nên không được đọc. Hãy đổi tên tệp.",
        f"{shown}: the file's name is not UTF-8, so it was not read. Rename the file.",
    )


def _leads_out(path: Path, root: Path) -> CorpusError:
    return CorpusError(
        f"{path}: liên kết dẫn ra ngoài thư mục {root} nên không được đọc. Hãy chép tệp vào trong thư mục đó.",
        f"{path}: the link leads out of {root} and was not followed. Copy the file into that folder.",
    )


def _not_an_article(path: Path) -> CorpusError:
    return CorpusError(
        f"{path}: không phải .txt hay .md nên không được đọc. Hãy lưu bài viết dưới một trong hai dạng đó.",
        f"{path}: neither .txt nor .md, so it was not read. Save the article as one of the two.",
    )
