"""The index on disk: one folder a generation, one pointer that names the current one.

    DIR/CURRENT             "gen-000003 <sha256 of its manifest>", replaced by one rename
    DIR/gen-000003/         manifest.json · corpus.sqlite · vectors.faiss · postings.*.npy

The manifest names the format, the encoder and the SHA-256 of every other file. A reader sees the old generation or the
new one, never half of either; a flipped byte is found on opening (files over `CHECKED_BYTES`: by `qa doctor`).
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.article import Article, Dropped, Passage
from corpus.dates import PartialDate
from corpus.errors import StoreError

FORMAT = 1
RULES = 1  # raise it when the same file would be read or split otherwise than before
CURRENT = "CURRENT"
MANIFEST = "manifest.json"
GENERATION = re.compile(r"gen-\d{6}")
DATABASE = "corpus.sqlite"
CHECKED_BYTES = 64 * 1024 * 1024

SCHEMA = """
CREATE TABLE article (
    id TEXT PRIMARY KEY, root TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL, title TEXT NOT NULL, date TEXT, date_inferred INTEGER NOT NULL, source TEXT, url TEXT,
    author TEXT, dropped TEXT NOT NULL, text TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE passage (
    number INTEGER PRIMARY KEY, article TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    context TEXT NOT NULL, key BLOB NOT NULL
);
CREATE INDEX passage_article ON passage (article, start);
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is and what it was made of; `files` maps a file's name to `[bytes, sha256]`.

    `rules` is the `RULES` by which its articles were read; 0 if they were read before rules had a number.
    """

    format: int
    created: str
    encoder: str
    fingerprint: str
    dimension: int
    roots: tuple[str, ...]
    articles: int
    passages: int
    files: dict[str, tuple[int, str]]
    rules: int = 0

    def to_json(self) -> str:
        """Serialise, keys in a fixed order."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the index knows it, with the state of its file when it was read."""

    article: Article
    root: str
    size: int
    mtime_ns: int


def current_generation(directory: Path) -> tuple[Path, Manifest]:
    """Return the current generation's folder and manifest; `StoreError` says what is wrong and how to mend it."""
    pointer = directory / CURRENT
    try:
        name, digest = pointer.read_text(encoding="utf-8").split()
    except FileNotFoundError:
        raise missing(directory) from None
    except (OSError, ValueError) as error:
        raise damaged(pointer) from error
    folder = directory / name
    if not GENERATION.fullmatch(name):
        raise damaged(pointer)
    try:
        data = (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise damaged(folder / MANIFEST) from error
    try:
        fields: dict[str, Any] = json.loads(data)
        version = fields["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(folder / MANIFEST) from error
    if isinstance(version, int) and version > FORMAT:
        raise StoreError(
            f"{directory}: chỉ mục theo định dạng {version}, mới hơn phiên bản này (định dạng {FORMAT}). "
            "Hãy nâng cấp phần mềm, hoặc lập chỉ mục mới với --index.",
            f"{directory}: the index has format {version}, newer than this version reads ({FORMAT}). "
            "Upgrade the program, or build a new index with --index.",
        )
    if hashlib.sha256(data).hexdigest() != digest:
        raise damaged(folder / MANIFEST)
    if version != FORMAT:
        raise StoreError(
            f"{directory}: chỉ mục theo định dạng cũ ({version}). Hãy chạy lại `qa index` với thư mục bài viết.",
            f"{directory}: the index has an old format ({version}). Run `qa index` on your articles again.",
        )
    try:
        fields["roots"] = tuple(fields["roots"])
        fields["files"] = {name: tuple(entry) for name, entry in fields["files"].items()}
        return folder, Manifest(**fields)
    except (KeyError, TypeError, AttributeError) as error:
        raise damaged(folder / MANIFEST) from error


def check_files(folder: Path, manifest: Manifest, *, limit: int | None = CHECKED_BYTES) -> None:
    """Compare every file with the manifest, those over `limit` bytes by size alone; `StoreError` names a bad one."""
    for name, (size, digest) in sorted(manifest.files.items()):
        path = folder / name
        try:
            right = path.stat().st_size == size and ((limit is not None and size > limit) or hash_file(path) == digest)
        except OSError as error:
            raise damaged(path) from error
        if not right:
            raise damaged(path)


def hash_file(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class Database:
    """The articles and passages of one generation."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Wrap an open connection to the file at `path`."""
        self._connection = connection
        self._path = path

    @classmethod
    def create(cls, folder: Path) -> "Database":
        """Start an empty database in `folder`."""
        path = folder / DATABASE
        connection = sqlite3.connect(path)
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
        return cls(connection, path)

    @classmethod
    def open(cls, folder: Path) -> "Database":
        """Open a finished database, read-only."""
        path = (folder / DATABASE).resolve()
        if not path.is_file():
            raise damaged(path)
        try:
            connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        except sqlite3.DatabaseError as error:
            raise damaged(path) from error
        return cls(connection, path)

    def add(self, stored: StoredArticle, passages: Sequence[Passage], keys: Sequence[bytes], *, first: int) -> None:
        """Write an article and its passages, numbered from `first`."""
        a = stored.article
        date = str(a.date) if a.date else None
        dropped = json.dumps([[d.start, d.end, d.rule] for d in a.dropped])
        row = (a.id, stored.root, a.path, stored.size, stored.mtime_ns, a.sha256, a.title, date, a.date_inferred)
        self._connection.execute(
            f"INSERT INTO article VALUES ({','.join('?' * 14)})", (*row, a.source, a.url, a.author, dropped, a.text)
        )
        self._connection.executemany(
            "INSERT INTO passage VALUES (?,?,?,?,?,?)",
            [
                (first + i, p.article, p.start, p.end, p.context, key)
                for i, (p, key) in enumerate(zip(passages, keys, strict=True))
            ],
        )

    def finish(self) -> None:
        """Commit and close."""
        self._connection.commit()
        self._connection.close()

    def close(self) -> None:
        """Close without writing."""
        self._connection.close()

    def _rows(self, query: str, values: Sequence[str | int] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query; `StoreError` if the file cannot be read."""
        try:
            yield from self._connection.execute(query, values)
        except sqlite3.DatabaseError as error:
            raise damaged(self._path) from error

    def articles(self) -> Iterator[StoredArticle]:
        """Yield all articles by id."""
        for row in self._rows(f"SELECT {_ARTICLE} FROM article ORDER BY id"):
            yield _stored(row)

    def article(self, article_id: str) -> StoredArticle | None:
        """Return one article; None if the index holds none of that id."""
        row = next(self._rows(f"SELECT {_ARTICLE} FROM article WHERE id = ?", (article_id,)), None)
        return _stored(row) if row else None

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """Return the passages of those numbers, in that order."""
        return [self._passage(number) for number in numbers]

    def _passage(self, number: int) -> Passage:
        rows = self._rows(
            "SELECT p.article, p.start, p.end, substr(a.text, p.start + 1, p.end - p.start), p.context "
            "FROM passage p JOIN article a ON a.id = p.article WHERE p.number = ?",
            (number,),
        )
        return Passage(*next(rows))

    def passages_of(self, article_id: str) -> list[tuple[Passage, bytes]]:
        """Return an article's passages and their keys, in order."""
        text = next((row[0] for row in self._rows("SELECT text FROM article WHERE id = ?", (article_id,))), "")
        rows = self._rows(
            "SELECT start, end, context, key FROM passage WHERE article = ? ORDER BY start", (article_id,)
        )
        return [(Passage(article_id, low, high, text[low:high], context), key) for low, high, context, key in rows]

    def keys(self) -> dict[bytes, int]:
        """Return the number of a passage for each key."""
        return {key: number for key, number in self._rows("SELECT key, number FROM passage")}

    def articles_by_passage(self) -> list[tuple[int, str | None, str | None]]:
        """Return `(passage number, article date, article source)` for every passage, by number."""
        rows = self._rows(
            "SELECT p.number, a.date, a.source FROM passage p JOIN article a ON a.id = p.article ORDER BY p.number"
        )
        return [(number, date, source) for number, date, source in rows]


_ARTICLE = "id, path, sha256, text, dropped, title, date, date_inferred, source, url, author, root, size, mtime_ns"


def _stored(row: tuple[Any, ...]) -> StoredArticle:
    (article_id, path, digest, text, dropped, title, date, inferred, source, url, author, root, size, mtime_ns) = row
    article = Article(
        id=article_id, path=path, sha256=digest, text=text, blocks=(),
        dropped=tuple(Dropped(*entry) for entry in json.loads(dropped)), title=title,
        date=PartialDate.parse(date) if date else None, date_inferred=bool(inferred), source=source, url=url,
        author=author,
    )  # fmt: skip
    return StoredArticle(article, root, size, mtime_ns)


def missing(directory: Path) -> StoreError:
    """No index here."""
    return StoreError(
        f"{directory}: chưa có chỉ mục. Hãy chạy `qa index THƯ_MỤC_BÀI_VIẾT --index {directory}` trước.",
        f"{directory}: there is no index here. Run `qa index YOUR_ARTICLES --index {directory}` first.",
    )


def damaged(path: Path) -> StoreError:
    """A file of the index is missing or not what the manifest says."""
    generation = next((place for place in (path, *path.parents) if GENERATION.fullmatch(place.name)), path)
    command = f"--rebuild --index {generation.parent}"
    return StoreError(
        f"{path}: tệp của chỉ mục bị hỏng hoặc thiếu. Hãy lập lại: `qa index THƯ_MỤC_BÀI_VIẾT {command}`.",
        f"{path}: a file of the index is damaged or missing. Build it again: `qa index YOUR_ARTICLES {command}`.",
    )
