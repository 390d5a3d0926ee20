"""The articles and passages of one generation, in SQLite: made in memory and written as one file, read as strangers'.

A file that anybody may have made can hold views, triggers, pages that lead in a circle, values of other types. So only
a database of just these two tables is opened, nothing but reading them is allowed, a query may work for so long and no
longer between two rows, and every row is looked at before it is believed.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any, Self

from corpus.article import Article, Dropped, Passage
from corpus.dates import PartialDate
from corpus.files import open_regular
from index.store import DATABASE, damaged, unusable

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
TABLES = {"article", "passage"}
FUNCTIONS = {"substr"}
LONGEST_VALUE = 256 * 1024 * 1024  # bytes; the longest text that an article may have, three times over
STEPS, TICK = 50_000_000, 1_000_000  # of SQLite's machine from one row to the next: a second or so, where sane takes 50

_OPTIONAL = (str, NoneType)
_ARTICLE = "id, path, sha256, text, dropped, title, date, date_inferred, source, url, author, root, size, mtime_ns"
_ARTICLE_TYPES = (str, str, str, str, str, str, _OPTIONAL, int, _OPTIONAL, _OPTIONAL, _OPTIONAL, str, int, int)


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the index knows it, with the state of its file when it was read."""

    article: Article
    root: str
    size: int
    mtime_ns: int


class DatabaseWriter:
    """The database of a generation under way."""

    def __init__(self) -> None:
        """Start with no article."""
        self._connection = sqlite3.connect(":memory:")
        self._connection.executescript(SCHEMA)

    def add(self, stored: StoredArticle, passages: Sequence[Passage], keys: Sequence[bytes], *, first: int) -> None:
        """Take in an article and its passages, numbered from `first`."""
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

    def content(self) -> bytes:
        """Return the whole file, and let go of the database."""
        self._connection.commit()
        try:
            return self._connection.serialize()
        finally:
            self._connection.close()


class Database:
    """The finished database of one generation, read-only."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Wrap an open connection to the file at `path`."""
        self._connection = connection
        self._path = path
        self._steps = 0
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        connection.set_progress_handler(self._tick, TICK)

    @classmethod
    def open(cls, folder: Path, *, root: Path) -> Self:
        """Open the database of a generation below `root`; `StoreError` if it is no such database."""
        path = folder / DATABASE
        try:
            with open_regular(path, root=root):
                pass
            where = f"{path.resolve(strict=True).as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(where, uri=True, check_same_thread=False)
        except (OSError, sqlite3.Error) as error:
            raise unusable(path, error) from error
        database = cls(connection, path)
        database._refuse_others()
        return database

    def _refuse_others(self) -> None:
        """Raise `StoreError` unless the file holds just what `SCHEMA` makes; from here on only those may be read."""
        found = set(self._rows("SELECT type, name, tbl_name, sql FROM sqlite_master"))
        if found != _expected():
            raise damaged(self._path)
        self._connection.set_authorizer(_allow)

    def _tick(self) -> bool:
        """Count the steps since the last row; true ends the query."""
        self._steps += TICK
        return self._steps > STEPS

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _rows(self, query: str, values: Sequence[str | int] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query; `StoreError` if the file cannot be read, or leads in a circle."""
        self._steps = 0
        try:
            for row in self._connection.execute(query, values):
                yield row
                self._steps = 0
        except sqlite3.Error as error:
            raise damaged(self._path) from error

    def _checked(self, query: str, types: Sequence[Any], values: Sequence[str | int] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query whose values are of these types; `StoreError` for one that isn't."""
        for row in self._rows(query, values):
            if not all(map(isinstance, row, types)):
                raise damaged(self._path)
            yield row

    def _ascending(self, query: str, types: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """Yield checked rows of which the first value grows: a tree of pages that repeats itself has no end."""
        last = None
        for row in self._checked(query, types):
            if last is not None and not last < row[0]:
                raise damaged(self._path)
            last = row[0]
            yield row

    def articles(self) -> Iterator[StoredArticle]:
        """Yield all articles by id."""
        for row in self._ascending(f"SELECT {_ARTICLE} FROM article ORDER BY id", _ARTICLE_TYPES):
            yield self._stored(row)

    def article(self, article_id: str) -> StoredArticle | None:
        """Return one article; None if the index holds none of that id."""
        query = f"SELECT {_ARTICLE} FROM article WHERE id = ?"
        row = next(self._checked(query, _ARTICLE_TYPES, (article_id,)), None)
        return self._stored(row) if row else None

    def _stored(self, row: tuple[Any, ...]) -> StoredArticle:
        (article_id, path, digest, text, dropped, title, date, inferred, source, url, author, root, size, time) = row
        try:
            article = Article(
                id=article_id, path=path, sha256=digest, text=text, blocks=(), dropped=_dropped(dropped), title=title,
                date=PartialDate.parse(date) if date else None, date_inferred=bool(inferred), source=source, url=url,
                author=author,
            )  # fmt: skip
        except (ValueError, TypeError, RecursionError) as error:
            raise damaged(self._path) from error
        return StoredArticle(article, root, size, time)

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """Return the passages of those numbers, in that order."""
        return [self._passage(number) for number in numbers]

    def _passage(self, number: int) -> Passage:
        rows = self._checked(
            "SELECT p.article, p.start, p.end, substr(a.text, p.start + 1, p.end - p.start), p.context "
            "FROM passage p JOIN article a ON a.id = p.article WHERE p.number = ?",
            (str, int, int, str, str),
            (number,),
        )
        row = next(rows, None)
        if row is None:
            raise damaged(self._path)
        passage = Passage(*row)
        if not 0 <= passage.start <= passage.end or len(passage.text) != passage.end - passage.start:
            raise damaged(self._path)
        return passage

    def passages_of(self, article_id: str) -> list[tuple[Passage, bytes]]:
        """Return an article's passages and their keys, in order."""
        text = next((row[0] for row in self._rows("SELECT text FROM article WHERE id = ?", (article_id,))), "")
        query = "SELECT start, end, context, key FROM passage WHERE article = ? ORDER BY start"
        found, last = [], 0
        for low, high, context, key in self._checked(query, (int, int, str, bytes), (article_id,)):
            if not last <= low <= high <= len(text):
                raise damaged(self._path)
            found.append((Passage(article_id, low, high, text[low:high], context), key))
            last = high
        return found

    def keys(self) -> dict[bytes, int]:
        """Return the number of a passage for each key."""
        rows = self._ascending("SELECT number, key FROM passage ORDER BY number", (int, bytes))
        return {key: number for number, key in rows}

    def articles_by_passage(self) -> list[tuple[int, str | None, str | None]]:
        """Return `(passage number, article date, article source)` for every passage, by number."""
        rows = self._ascending(
            "SELECT p.number, a.date, a.source FROM passage p JOIN article a ON a.id = p.article ORDER BY p.number",
            (int, _OPTIONAL, _OPTIONAL),
        )
        return [(number, date, source) for number, date, source in rows]


def _expected() -> set[tuple[str, ...]]:
    """Return what `sqlite_master` says of a database that `SCHEMA` made."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(SCHEMA)
        return set(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))
    finally:
        connection.close()


def _allow(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    """Allow reading the two tables and nothing else (an authorizer of SQLite)."""
    is_read = action == sqlite3.SQLITE_SELECT or (action == sqlite3.SQLITE_READ and first in TABLES)
    is_known = action == sqlite3.SQLITE_FUNCTION and second in FUNCTIONS
    return sqlite3.SQLITE_OK if is_read or is_known else sqlite3.SQLITE_DENY


def _dropped(text: str) -> tuple[Dropped, ...]:
    """Read what was dropped; `ValueError` or `TypeError` if it is no list of spans and rules."""
    dropped = tuple(Dropped(*entry) for entry in json.loads(text))
    if not all(isinstance(d.start, int) and isinstance(d.end, int) and isinstance(d.rule, str) for d in dropped):
        raise TypeError(text)
    return dropped
