"""The articles and passages of one generation, in SQLite: made in memory and written as one file, read as strangers'.

A file that anybody may have made can hold views, triggers, pages that lead in a circle, values of other types. So only
a database of just these two tables is opened, nothing but reading them is allowed, a query may work for as long as a
file of that size can need and no longer, and every row is looked at before it is believed.
"""

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any, Self

from corpus.article import Article, Dropped, Passage
from corpus.dates import PartialDate
from corpus.files import open_regular
from index.problems import damaged, unusable
from index.store import DATABASE

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
LONGEST_PASSAGE = 64 * 1024  # characters, and of its context; `corpus/split.py` makes none of 2,000
SECONDS, BYTES_A_SECOND = 1.0, 10_000_000  # of the processor's time for a query; a sane one is a hundred times as fast
TICK = 1000  # steps of SQLite's machine from one look at the clock to the next
ROWS = 256  # of numbers and names, fetched at once
# A table listed twice comes to "no memory", and SQLite's own messages quote bytes of the file that are no text.
UNREADABLE = (sqlite3.Error, MemoryError, UnicodeDecodeError)

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
        self._seconds = SECONDS + path.stat().st_size / BYTES_A_SECOND
        self._until = 0.0
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        connection.set_progress_handler(self._is_late, TICK)

    @classmethod
    def open(cls, folder: Path, *, root: Path) -> Self:
        """Open the database of a generation below `root`; `StoreError` if it is no such database."""
        path = folder / DATABASE
        try:
            with open_regular(path, root=root):
                pass
            where = f"{path.resolve(strict=True).as_uri()}?mode=ro&immutable=1"
            database = cls(sqlite3.connect(where, uri=True, check_same_thread=False), path)
        except (OSError, sqlite3.Error) as error:
            raise unusable(path, error) from error
        try:
            database._refuse_others()
        except BaseException:
            database.close()
            raise
        return database

    def _refuse_others(self) -> None:
        """Raise `StoreError` unless the file holds just what `SCHEMA` makes; from here on only those may be read."""
        found = set(self._rows("SELECT type, name, tbl_name, sql FROM sqlite_master"))
        if found != _expected():
            raise damaged(self._path)
        self._connection.set_authorizer(_allow)

    def _is_late(self) -> bool:
        """Tell whether the query that runs has had its time; true ends it."""
        return time.thread_time() > self._until

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _rows(self, query: str, values: Sequence[str | int] = (), *, at_once: int = ROWS) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query; `StoreError` if the file cannot be read, or leads in a circle."""
        cursor, left, found = self._connection.cursor(), self._seconds, None
        while found is None or len(found) == at_once:
            began = time.thread_time()
            self._until = began + left
            try:
                if found is None:
                    cursor.execute(query, values)
                found = cursor.fetchmany(at_once)
            except UNREADABLE as error:
                raise damaged(self._path) from error
            left -= time.thread_time() - began
            yield from found

    def _checked(
        self, query: str, types: Sequence[Any], values: Sequence[str | int] = (), *, at_once: int = ROWS
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query whose values are of these types; `StoreError` for one that isn't."""
        for row in self._rows(query, values, at_once=at_once):
            if not all(map(isinstance, row, types)):
                raise damaged(self._path)
            yield row

    def _numbered(self, query: str, types: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """Yield checked rows of which the first value counts from 0: a tree of pages that repeats itself has no end."""
        for number, row in enumerate(self._checked(query, types)):
            if row[0] != number:
                raise damaged(self._path)
            yield row

    def articles(self) -> Iterator[StoredArticle]:
        """Yield all articles by id."""
        last = None
        for row in self._checked(f"SELECT {_ARTICLE} FROM article ORDER BY id", _ARTICLE_TYPES, at_once=1):
            if last is not None and not last < row[0]:
                raise damaged(self._path)
            last = row[0]
            yield self._stored(row)

    def article(self, article_id: str) -> StoredArticle | None:
        """Return one article; None if the index holds none of that id."""
        query = f"SELECT {_ARTICLE} FROM article WHERE id = ?"
        try:
            row = next(self._checked(query, _ARTICLE_TYPES, (article_id,), at_once=1), None)
        except UnicodeEncodeError:  # half a character: no article has such an id
            return None
        return self._stored(row) if row else None

    def _stored(self, row: tuple[Any, ...]) -> StoredArticle:
        (article_id, path, digest, text, dropped, title, date, inferred, source, url, author, root, size, mtime) = row
        try:
            if "\0" in path:
                raise ValueError(path)
            article = Article(
                id=article_id, path=path, sha256=digest, text=text, blocks=(), dropped=_dropped(dropped), title=title,
                date=_date(date), date_inferred=bool(inferred), source=source, url=url,
                author=author,
            )  # fmt: skip
        except (ValueError, TypeError, RecursionError) as error:
            raise damaged(self._path) from error
        return StoredArticle(article, root, size, mtime)

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """Return the passages of those numbers, in that order."""
        return [self._passage(number) for number in numbers]

    def _passage(self, number: int) -> Passage:
        rows = self._checked(
            "SELECT p.article, p.start, p.end, substr(a.text, p.start + 1, p.end - p.start), p.context "
            "FROM passage p JOIN article a ON a.id = p.article WHERE p.number = ?",
            (str, int, int, str, str),
            (number,),
            at_once=1,
        )
        row = next(rows, None)
        if row is None:
            raise damaged(self._path)
        passage = Passage(*row)
        if not self._may_be(passage, after=0) or len(passage.text) != passage.end - passage.start:
            raise damaged(self._path)
        return passage

    @staticmethod
    def _may_be(passage: Passage, *, after: int) -> bool:
        """Tell whether there can be such a passage, from `after` on: not empty, and not too long to read."""
        is_short = passage.end - passage.start <= LONGEST_PASSAGE and len(passage.context) <= LONGEST_PASSAGE
        return after <= passage.start < passage.end and is_short

    def passages_of(self, article_id: str) -> list[tuple[Passage, bytes]]:
        """Return an article's passages and their keys, in order."""
        texts = self._checked("SELECT text FROM article WHERE id = ?", (str,), (article_id,))
        text = next((row[0] for row in texts), "")
        query = "SELECT start, end, context, key FROM passage WHERE article = ? ORDER BY start"
        found, last = [], 0
        for low, high, context, key in self._checked(query, (int, int, str, bytes), (article_id,)):
            passage = Passage(article_id, low, high, text[low:high], context)
            if not self._may_be(passage, after=last) or high > len(text):
                raise damaged(self._path)
            found.append((passage, key))
            last = high
        return found

    def keys(self) -> dict[bytes, int]:
        """Return the number of a passage for each key."""
        rows = self._numbered("SELECT number, key FROM passage ORDER BY number", (int, bytes))
        return {key: number for number, key in rows}

    def articles_by_passage(self) -> list[tuple[int, str | None, str | None]]:
        """Return `(passage number, article date, article source)` for every passage, by number."""
        rows = self._numbered(
            "SELECT p.number, a.date, a.source FROM passage p JOIN article a ON a.id = p.article ORDER BY p.number",
            (int, _OPTIONAL, _OPTIONAL),
        )
        try:
            return [(number, str(_date(date)) if date is not None else None, source) for number, date, source in rows]
        except ValueError as error:
            raise damaged(self._path) from error


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


def _date(text: str | None) -> PartialDate | None:
    """Read a date as `PartialDate` writes it; `ValueError` for any other text."""
    date = None if text is None else PartialDate.parse(text)
    if date is not None and str(date) != text:
        raise ValueError(text)
    return date


def _dropped(text: str) -> tuple[Dropped, ...]:
    """Read what was dropped; `ValueError` or `TypeError` if it is no list of spans and rules."""
    dropped = tuple(Dropped(*entry) for entry in json.loads(text))
    if not all(isinstance(d.start, int) and isinstance(d.end, int) and isinstance(d.rule, str) for d in dropped):
        raise TypeError(text)
    return dropped
