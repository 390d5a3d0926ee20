"""Indexes that somebody made to do harm: named functions, each of which turns a copy of a good index into one.

Whoever makes them knows the format: `seal` gives the files their checksums in the manifest and the pointer again, so
that only what a file says, or is, gives it away.
"""

import hashlib
import json
import os
import shutil
import socket
import sqlite3
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

CURRENT, MANIFEST, DATABASE, VECTORS = "CURRENT", "manifest.json", "corpus.sqlite", "vectors.f32"
HASHES, STARTS, PASSAGES, SCORES = (
    f"postings.{name}" for name in ("hashes.u64", "starts.u64", "passages.u32", "scores.f32")
)
FILES = (DATABASE, VECTORS, HASHES, STARTS, PASSAGES, SCORES)
TERABYTE = 2**40
PAGE = 4096
SECRET = "Điều này không ai được đọc, cũng không ai được xóa.\n"
ESCAPES = "\x1b]0;chiếm\x07\x1b[2J\u202e\x9b31m"


@dataclass(frozen=True)
class Victim:
    """A copy of a good index at `directory`, and a folder outside of it that nothing may touch."""

    directory: Path
    outside: Path

    @property
    def folder(self) -> Path:
        """The folder of the one generation."""
        return next(path for path in self.directory.iterdir() if path.name.startswith("gen-") and path.is_dir())

    def file(self, name: str) -> Path:
        """A file of the generation."""
        return self.folder / name

    def manifest(self) -> dict[str, Any]:
        """The manifest as it stands."""
        found: dict[str, Any] = json.loads(self.file(MANIFEST).read_bytes())
        return found


Make = Callable[[Victim], None]


@dataclass(frozen=True)
class Case:
    """A way to craft; `refused`: every command that opens the index has to fail, else it may answer from the rest."""

    make: Make
    refused: bool


CASES: dict[str, Case] = {}


def crafted(name: str, *, refused: bool = True) -> Callable[[Make], Make]:
    """Enter a way to craft in the table."""

    def enter(make: Make) -> Make:
        assert name not in CASES, name
        CASES[name] = Case(make, refused)
        return make

    return enter


def add(name: str, make: Make, *, refused: bool = True) -> None:
    """Enter a way to craft that needs no function of its own."""
    crafted(name, refused=refused)(make)


# Putting the checksums right again


def point(victim: Victim, data: bytes | None = None) -> None:
    """Write a manifest, if any is given, and the pointer that fits it."""
    if data is not None:
        victim.file(MANIFEST).write_bytes(data)
    digest = hashlib.sha256(victim.file(MANIFEST).read_bytes()).hexdigest()
    (victim.directory / CURRENT).write_text(f"{victim.folder.name} {digest}\n")


def seal(victim: Victim, **fields: object) -> None:
    """Give every file its size and checksum in the manifest, change fields of that, and write the pointer."""
    found = victim.manifest()
    for name in FILES:
        with suppress(OSError):
            data = victim.file(name).read_bytes()
            found["files"][name] = [len(data), hashlib.sha256(data).hexdigest()]
    point(victim, json.dumps(found | fields).encode("utf-8", "surrogatepass"))


# The pointer


def pointer(content: bytes) -> Make:
    return lambda victim: (victim.directory / CURRENT).write_bytes(content) and None


ZEROS = b"0" * 64
for label, content in {
    "empty": b"", "binary": bytes(range(256)), "huge": b" " * 2**20, "of a name alone": b"gen-000001",
    "to the folder above": b".. " + ZEROS, "to itself": b". " + ZEROS, "to a root": b"/ " + ZEROS,
    "out by dots": b"gen-000001/../../outside " + ZEROS, "in other digits": "gen-٠٠٠٠٠١ ".encode() + ZEROS,
    "in wide digits": "gen-０００００１ ".encode() + ZEROS,
    "of two lines": b"gen-000001 " + ZEROS + b"\ngen-000001 " + ZEROS,
    "to nothing": b"gen-999999 " + ZEROS, "with a zero byte": b"gen-000001\0 " + ZEROS,
    "in UTF-16": "gen".encode("utf-16"),
    "with escapes": b"\x1b[2J " + ZEROS, "of a wrong checksum": b"gen-000001 " + ZEROS,
}.items():  # fmt: skip
    add(f"pointer {label}", pointer(content))


def instead(name: str, put: Callable[[Path, Victim], object]) -> Make:
    """Put something else in the place of a file, or where there is none."""

    def make(victim: Victim) -> None:
        path = victim.directory / name if "/" not in name else victim.file(name.removeprefix("gen/"))
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        put(path, victim)

    return make


def listening(path: Path, _: Victim) -> None:
    """A socket: its name may be too long to be bound to, but not from within its folder."""
    here = os.open(path.parent, os.O_RDONLY)
    try:
        socket.socket(socket.AF_UNIX).bind(f"/proc/self/fd/{here}/{path.name}")
    finally:
        os.close(here)


def twin(path: Path, victim: Victim) -> None:
    """A link to a file outside that is, byte for byte, what the index wants there."""
    same = victim.outside / f"twin of {path.name}"
    path.symlink_to(same)


ODD: dict[str, Callable[[Path, Victim], object]] = {
    "a link outside": lambda path, victim: path.symlink_to(victim.outside / "secret.txt"),
    "a link to nothing outside": lambda path, victim: path.symlink_to(victim.outside / "new"),
    "a link to a folder outside": lambda path, victim: path.symlink_to(victim.outside),
    "a link to itself": lambda path, _: path.symlink_to(path.name),
    "a link to /dev/zero": lambda path, _: path.symlink_to("/dev/zero"),
    "a link to /dev/stdin": lambda path, _: path.symlink_to("/dev/stdin"),
    "a pipe": lambda path, _: os.mkfifo(path),
    "a socket": listening,
    "a folder": lambda path, _: path.mkdir(),
}
DEVICE = (1, 5)  # of /dev/zero


def device(path: Path, _: Victim) -> None:
    """A device of its own where that is allowed, else a link to one."""
    try:
        os.mknod(path, 0o666 | 0o020000, os.makedev(*DEVICE))
    except OSError:
        path.symlink_to("/dev/full")


for name in (CURRENT, f"gen/{MANIFEST}", f"gen/{DATABASE}", f"gen/{VECTORS}", f"gen/{SCORES}"):
    for label, put in {**ODD, "a device": device}.items():
        add(f"{name} is {label}", instead(name, put))
for name in ("CURRENT.part", "lock", "checked.json", "checked.json.part", "gen-000002.part", "gen-000002"):
    for label in ("a link outside", "a link to nothing outside", "a link to a folder outside", "a pipe", "a folder"):
        add(f"{name} is {label}", instead(name, ODD[label]), refused=False)
for name in ("lock", "CURRENT.part"):
    add(f"{name} is another name of a file outside", instead(
        name, lambda path, victim: os.link(victim.outside / "secret.txt", path)), refused=False)  # fmt: skip


def embedded(put: Callable[[Path, Victim], object]) -> Make:
    """Put something where a build keeps its unfinished vectors."""

    def make(victim: Victim) -> None:
        put(victim.directory / f"embedded-{victim.manifest()['fingerprint'][:16]}.part", victim)

    return make


for label in ("a link outside", "a pipe", "a folder", "a link to /dev/zero"):
    add(f"unfinished vectors are {label}", embedded(ODD[label]), refused=False)
add("unfinished vectors are another name of a file outside", embedded(
    lambda path, victim: os.link(victim.outside / "secret.txt", path)), refused=False)  # fmt: skip
add("unfinished vectors are a hole", embedded(lambda path, _: hole(path)), refused=False)


@crafted("generation is a link outside")
def generation_outside(victim: Victim) -> None:
    folder = victim.folder
    shutil.move(folder, victim.outside / "generation")
    folder.symlink_to(victim.outside / "generation")


@crafted("generation is a file")
def generation_file(victim: Victim) -> None:
    folder = victim.folder
    shutil.rmtree(folder)
    folder.write_bytes(b"x")


for name in FILES:
    add(f"{name} is its twin outside", instead(f"gen/{name}", twin))

# The manifest

OTHERS: dict[str, object] = {
    "null": None, "true": True, "text": "x", "a number": -1, "a fraction": 1.5, "huge": 2**70, "a list": [[]],
    "an object": {"a": []}, "not a number": float("nan"),
}  # fmt: skip
FIELDS = ("format", "created", "encoder", "fingerprint", "dimension", "roots", "articles", "passages", "files", "rules")
HARMLESS = {("created", "text"), ("format", "null")}


def with_fields(**fields: object) -> Make:
    return lambda victim: seal(victim, **fields)


def without(name: str) -> Make:
    def make(victim: Victim) -> None:
        found = victim.manifest()
        del found[name]
        point(victim, json.dumps(found).encode())

    return make


for name in FIELDS:
    add(f"manifest without {name}", without(name))
    for label, value in OTHERS.items():
        is_text = label == "text" and name in ("created", "encoder", "fingerprint")
        if not is_text:
            add(f"manifest: {name} is {label}", with_fields(**{name: value}))


def manifest_of(data: Callable[[bytes], bytes]) -> Make:
    return lambda victim: point(victim, data(victim.file(MANIFEST).read_bytes()))


for label, change in {
    "is empty": lambda data: b"",
    "is a list": lambda data: b"[]",
    "is 200 lists": lambda data: b"[" * 200 + b"]" * 200,
    "is a million lists": lambda data: b"[" * 1_000_000,
    "is a million objects": lambda data: b'{"a":' * 700_000,
    "is 100 MB of spaces": lambda data: data + b" " * 100_000_000,
    "is not UTF-8": lambda data: data.replace(b"shipped", b"\xff\xfe"),
    "has a number of a million digits": lambda data: data.replace(b'"articles": 3', b'"articles": ' + b"9" * 1_000_000),
    "has half a character": lambda data: data.replace(b"shipped", b"\\ud800"),
    "has an infinite count": lambda data: data.replace(b'"articles": 3', b'"articles": Infinity'),
}.items():
    add(f"manifest {label}", manifest_of(change))
add("manifest is UTF-16", manifest_of(lambda data: data.decode().encode("utf-16")), refused=False)
add("manifest says a key twice", manifest_of(lambda data: data[:-1] + b', "articles": 3}'), refused=False)
add("manifest of a format to come", with_fields(format=99))
add("manifest of a format far off", with_fields(format=10**4000))
add("manifest of an old format", with_fields(format=1))
add("manifest has a field more", with_fields(more=1))
for label, root in {
    "is /": "/", "is /dev": "/dev", "is /proc": "/proc", "is relative": "..", "is a file": "/etc/passwd",
    "is empty": "",
    "has escapes": f"/{ESCAPES}", "is too long": "/" + "a" * 4000,
}.items():  # fmt: skip
    add(f"root {label}", with_fields(roots=[root]), refused=False)
    add(f"root {label}, by other rules", with_fields(roots=[root], rules=0), refused=False)
add("root has a zero byte", with_fields(roots=["/\0"]))
add("root has half a character", with_fields(roots=["/\ud800"]))
add("roots without end", with_fields(roots=[f"/{number}" for number in range(100_000)]), refused=False)
add("roots are a text", with_fields(roots="/"))
for label, name in {
    "a name of a hub": "sentence-transformers/all-MiniLM-L6-v2", "no folder": "/nowhere/model", "escapes": ESCAPES,
    "a device": "/dev/zero", "empty": "", "too long a name": "a" * 300, "the folder above": "..",
}.items():  # fmt: skip
    add(f"encoder is {label}", with_fields(encoder=name), refused=False)
add("encoder has a zero byte", with_fields(encoder="a\0b"))
add("encoder has no end", with_fields(encoder="a" * 100_000))
add("created has escapes", with_fields(created=ESCAPES), refused=False)
add("fingerprint has escapes", with_fields(fingerprint=ESCAPES), refused=False)
for label, counts in {
    "none": {"passages": 0}, "far too many": {"passages": 2**31 - 1}, "one less": {"passages": 2},
    "without a dimension": {"passages": 2**30, "dimension": 0}, "in twice the dimension": {"dimension": 2 * 384},
    "with a sign lost": {"dimension": 2**32 + 384},
}.items():  # fmt: skip
    add(f"passages {label}", with_fields(**counts))
add("articles far too many", with_fields(articles=2**31 - 1), refused=False)


@crafted("encoder is a folder with code")
def code(victim: Victim) -> None:
    model = victim.directory / "model"
    model.mkdir()
    (model / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "evil.Evil"}]')
    (model / "evil.py").write_text(f"open({str(victim.outside / 'owned')!r}, 'w')\n")
    seal(victim, encoder=str(model))


CASES["encoder is a folder with code"] = Case(code, refused=False)


def files_of(change: Callable[[dict[str, Any]], object]) -> Make:
    def make(victim: Victim) -> None:
        found = victim.manifest()
        change(found["files"])
        point(victim, json.dumps(found).encode())

    return make


for label, change_files in {
    "names one above": lambda files: files.update({"../x": [1, "0" * 64]}),
    "names an absolute one": lambda files: files.update({"/etc/passwd": files.pop(VECTORS)}),
    "lacks one": lambda files: files.pop(VECTORS),
    "has one more": lambda files: files.update({"x": [1, "0" * 64]}),
    "has a size more": lambda files: files.update({VECTORS: [files[VECTORS][0] + 4, files[VECTORS][1]]}),
    "has a negative size": lambda files: files.update({VECTORS: [-1, files[VECTORS][1]]}),
    "has a checksum of another form": lambda files: files.update({VECTORS: [files[VECTORS][0], "0" * 63]}),
    "has three values": lambda files: files.update({VECTORS: [*files[VECTORS], 1]}),
    "has two characters": lambda files: files.update({VECTORS: "ab"}),
}.items():
    add(f"list of files {label}", files_of(change_files))

# Each file


def hole(path: Path) -> None:
    """Make a file a terabyte long that takes no space."""
    with path.open("ab") as stream:
        stream.truncate(TERABYTE)


def resized(name: str, change: Callable[[bytes], bytes], *, sealed: bool) -> Make:
    def make(victim: Victim) -> None:
        path = victim.file(name)
        path.write_bytes(change(path.read_bytes()))
        if sealed:
            seal(victim)

    return make


def hollow(name: str) -> Make:
    """A terabyte of nothing, of which the manifest knows; its checksum nobody has had the time to work out."""

    def make(victim: Victim) -> None:
        hole(victim.file(name))
        found = victim.manifest()
        found["files"][name][0] = TERABYTE
        if name == VECTORS:
            found["passages"], found["dimension"] = 2**29, 512
        point(victim, json.dumps(found).encode())

    return make


for name in FILES:
    add(f"{name} is empty", resized(name, lambda data: b"", sealed=True))
    add(f"{name} is shorter", resized(name, lambda data: data[:-1], sealed=True), refused=name != DATABASE)
    add(f"{name} is longer", resized(name, lambda data: data + b"x", sealed=True), refused=name != DATABASE)
    add(f"{name} has a byte flipped", resized(name, lambda data: bytes([data[0] ^ 1]) + data[1:], sealed=False))
    add(f"{name} is a hole", hollow(name))

# Vectors and postings


def numbers(name: str, dtype: str, change: Callable[[Any], object]) -> Make:
    def make(victim: Victim) -> None:
        path = victim.file(name)
        array = np.frombuffer(path.read_bytes(), dtype=dtype).copy()
        changed = change(array)
        path.write_bytes((array if changed is None else np.asarray(changed, dtype=dtype)).tobytes())
        seal(victim)

    return make


def filled(value: float) -> Callable[[Any], object]:
    return lambda array: array.fill(value)


for label, value in {
    "no numbers": np.nan, "infinite": np.inf, "no unit rows": 5.0, "zero": 0.0, "as large as can be": 3e38
}.items():  # fmt: skip
    add(f"vectors are {label}", numbers(VECTORS, "<f4", filled(value)), refused=False)
for label, value in {"no numbers": np.nan, "infinite": np.inf, "negative": -1.0, "as large as can be": 3e38}.items():
    add(f"scores are {label}", numbers(SCORES, "<f4", filled(value)), refused=False)
for label, change_array in {
    "descend": lambda array: array[::-1],
    "lie beyond the end": lambda array: array + np.uint64(10**6),
    "are as large as can be": filled(2**64 - 1),
    "are all of it": lambda array: [0] + [len(array)] * (len(array) - 1),
}.items():
    add(f"starts {label}", numbers(STARTS, "<u8", change_array), refused=False)
add("postings name no passage", numbers(PASSAGES, "<u4", filled(2**32 - 1)), refused=False)
add("hashes are in no order", numbers(HASHES, "<u8", lambda array: array[::-1]), refused=False)
add("hashes are all the same", numbers(HASHES, "<u8", filled(7)), refused=False)


def faiss_file(kind: str) -> Make:
    """A file of FAISS in the place of the rows, as many bytes as the rows need."""

    def make(victim: Victim) -> None:
        import faiss

        rows = np.eye(3, 384, dtype=np.float32)
        flat = faiss.IndexFlatIP(384)
        if kind == "IVF on disk":
            index: Any = faiss.IndexIVFFlat(flat, 384, 1, faiss.METRIC_INNER_PRODUCT)
            index.train(rows)
            index.add(rows)
            lists = faiss.OnDiskInvertedLists(1, index.code_size, str(victim.outside / "lists"))
            lists.merge_from(index.invlists, 0)
            index.replace_invlists(lists)
        else:
            index = faiss.IndexIDMap(flat) if kind == "IDMap" else flat
            index.add_with_ids(rows, np.arange(3)) if kind == "IDMap" else index.add(rows)
        data = faiss.serialize_index(index).tobytes()
        size = victim.manifest()["files"][VECTORS][0]
        victim.file(VECTORS).write_bytes(data[:size].ljust(size, b"\0"))
        seal(victim)

    return make


for kind in ("IVF on disk", "IDMap", "flat"):
    add(f"vectors are a FAISS index: {kind}", faiss_file(kind), refused=False)

# The database: what it is made of


def sql(*statements: str | tuple[str, tuple[object, ...]], clean: bool = False) -> Make:
    """Change the database by SQL, its schema too."""

    def make(victim: Victim) -> None:
        connection = sqlite3.connect(victim.file(DATABASE))
        connection.create_function("unknown", -1, lambda *_: 1, deterministic=True)
        connection.create_collation("odd", lambda a, b: (a > b) - (a < b))
        connection.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            connection.execute(*((statement,) if isinstance(statement, str) else statement))
        connection.commit()
        if clean:
            connection.execute("VACUUM")
        connection.close()
        seal(victim)

    return make


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n)"
COLUMNS = (
    "'x' || i AS id, '/' AS root, '/x' AS path, 1 AS size, 1 AS mtime_ns, '' AS sha256, '' AS title, NULL AS date, "
    "0 AS date_inferred, NULL AS source, NULL AS url, NULL AS author, '[]' AS dropped, 'x' AS text"
)
for label, statements in {
    "an endless view for articles": (
        "DROP TABLE article", f"CREATE VIEW article AS {ENDLESS} SELECT {COLUMNS} FROM n"),
    "an endless view for passages": (
        "DROP TABLE passage", f"CREATE VIEW passage AS {ENDLESS} SELECT i AS number, 'a.md' AS article, 0 AS start, "
        "1 AS end, '' AS context, x'00' AS key FROM n"),
    "an endless view beside": (f"CREATE VIEW more AS {ENDLESS} SELECT i FROM n",),
    "a trigger": ("CREATE TRIGGER t AFTER INSERT ON article BEGIN DELETE FROM passage; END",),
    "a table more": ("CREATE TABLE more (x)",),
    "statistics": ("ANALYZE",),
    "a table for full text": ("CREATE VIRTUAL TABLE f USING fts5(x)",),
    "a table of boxes": ("CREATE VIRTUAL TABLE r USING rtree(id, a, b)",),
    "a virtual table for articles": (
        "DROP TABLE article", "CREATE VIRTUAL TABLE article USING fts5(id, root, path, text)"),
    "an index of an expression": ("CREATE INDEX e ON article (unknown(text))",),
    "a column more": ("ALTER TABLE article ADD COLUMN more",),
    "a column made of others": ("ALTER TABLE passage ADD COLUMN made AS (unknown(start))",),
    "a default that is computed": (
        "ALTER TABLE article RENAME TO old", "CREATE TABLE article (id TEXT DEFAULT (random()))", "DROP TABLE old"),
    "a check that is computed": ("ALTER TABLE passage RENAME TO old",
        "CREATE TABLE passage (number INTEGER CHECK (unknown(number)))", "DROP TABLE old"),
    "another order of text": ("CREATE INDEX o ON article (title COLLATE odd)",),
    "articles with a row number": (
        "ALTER TABLE article RENAME TO old", "CREATE TABLE article AS SELECT * FROM old", "DROP TABLE old"),
    "no passages": ("DROP TABLE passage",),
    "a schema of rubbish": ("UPDATE sqlite_master SET sql = 'x' WHERE name = 'article'",),
    "a schema of another spelling": (
        "UPDATE sqlite_master SET sql = replace(sql, 'id TEXT', 'id  TEXT') WHERE name = 'article'",),
    "a schema without end": (
        "UPDATE sqlite_master SET sql = sql || printf('%.*c', 5000000, ' ') WHERE name = 'article'",),
    "a root page that is the schema's": ("UPDATE sqlite_master SET rootpage = 1 WHERE name = 'article'",),
    "a root page beyond the end": ("UPDATE sqlite_master SET rootpage = 99999 WHERE name = 'passage'",),
    "a view of the schema's name": (
        "INSERT INTO sqlite_master VALUES ('view', 'sqlite_master', 'sqlite_master', 0, "
        "'CREATE VIEW sqlite_master AS SELECT 1')",),
}.items():  # fmt: skip
    add(f"database has {label}", sql(*statements), refused="root page" not in label)
add("database has its root pages swapped", sql(
    "UPDATE sqlite_master SET rootpage = 100 - rootpage WHERE name IN ('article', 'passage')",
    "UPDATE sqlite_master SET rootpage = (SELECT 100 - rootpage FROM sqlite_master WHERE name = 'passage') "
    "WHERE name = 'passage_article'"), refused=False)  # fmt: skip
add("database of another program", sql("PRAGMA application_id = 7", "PRAGMA user_version = 9"), refused=False)


@crafted("database in UTF-16", refused=False)
def utf16(victim: Victim) -> None:
    path = victim.file(DATABASE)
    dump = list(sqlite3.connect(path).iterdump())
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA encoding = 'UTF-16'")
    connection.executescript("\n".join(dump))
    connection.close()
    seal(victim)


@crafted("database with a journal and a log of others", refused=False)
def journals(victim: Victim) -> None:
    path = victim.file(DATABASE)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("UPDATE article SET text = 'x'")
    connection.commit()
    shutil.copy(f"{path}-wal", victim.directory / "wal")
    connection.close()
    shutil.move(victim.directory / "wal", f"{path}-wal")
    Path(f"{path}-journal").write_bytes(os.urandom(5000))
    seal(victim)


# The database: what its rows say

ARTICLE_TEXTS = ("id", "root", "path", "sha256", "title", "dropped", "text", "date", "source", "url", "author")
VALUES: dict[str, object] = {
    "bytes": b"\xff\0x", "a number": 7, "a fraction": 1.5, "nothing": None, "not UTF-8": "CAST(x'c3' AS TEXT)"
}  # fmt: skip


def update(table: str, column: str, value: object) -> Make:
    """Change a column of every row by way of its declaration, which allows anything for a moment."""

    def make(victim: Victim) -> None:
        connection = sqlite3.connect(victim.file(DATABASE))
        schema = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        connection.execute("PRAGMA writable_schema = ON")
        loose = schema.replace(" NOT NULL", "").replace("TEXT", "BLOB").replace(" INTEGER ", " BLOB ")
        loose = loose.replace("number BLOB PRIMARY", "number INTEGER PRIMARY").replace(" INTEGER,", " BLOB,")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (loose, table))
        connection.commit()
        connection.close()
        connection = sqlite3.connect(victim.file(DATABASE))
        is_code = isinstance(value, str) and value.startswith("CAST")
        one = " WHERE rowid = 1" if table == "passage" else " WHERE path LIKE '%a.md'"
        where = one if column in ("id", "number") else ""
        connection.execute(
            f"UPDATE {table} SET {column} = {value if is_code else '?'}{where}", () if is_code else (value,)
        )
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (schema, table))
        connection.commit()
        connection.close()
        seal(victim)

    return make


for column in ARTICLE_TEXTS:
    for label in ("bytes", "not UTF-8") if column in ("date", "source", "url", "author") else VALUES:
        if not (column == "id" and label == "nothing"):
            add(f"article's {column} is {label}", update("article", column, VALUES[label]), refused=False)
for column in ("size", "mtime_ns", "date_inferred"):
    for label, value in {"bytes": b"x", "text": "x", "a fraction": 1.5, "huge": 2**63 - 1, "negative": -1}.items():
        add(f"article's {column} is {label}", update("article", column, value), refused=False)
for column in ("article", "context", "key", "start", "end"):
    for label, value in {"nothing": None, "bytes": b"\xff", "text": "x", "a fraction": 0.5, "huge": 2**63 - 1,
                         "negative": -5}.items():  # fmt: skip
        add(f"passage's {column} is {label}", update("passage", column, value), refused=False)
for label, date in {
    "no date": "hôm nay", "of another form": "12/8/2018", "in wide digits": "２０１８-08-12",
    "a day that is none": "2018-02-31",
    "too early": "0001-01-01", "empty": "", "with a time": "2018-08-12 10:00", "with an escape": "2018\x1b",
}.items():  # fmt: skip
    add(f"article's date is {label}", sql(("UPDATE article SET date = ?", (date,))), refused=False)
for label, dropped in {
    "a bomb": "[" * 500_000, "no list": "7", "of text": '["abc"]', "of other types": '[["a", "b", 3]]',
    "too short": "[[1, 2]]", "a number without end": f"[[{'9' * 100_000}, 1, 'x']]", "infinite": '[[Infinity, 1, "x"]]',
    "half a character": '[[1, 2, "\\ud800"]]',
}.items():  # fmt: skip
    add(f"what was dropped is {label}", sql(("UPDATE article SET dropped = ?", (dropped,))), refused=False)
for label, path in {
    "/dev/zero": "/dev/zero", "/dev/stdin": "/dev/stdin", "a folder": "/", "relative": "../x", "empty": "",
    "of escapes": f"/{ESCAPES}", "a zero byte": "/a\0b", "a terminal": "/dev/tty", "PIPE": "PIPE", "TWIN": "TWIN",
}.items():  # fmt: skip

    @crafted(f"article's path is {label}", refused=False)
    def path_of(victim: Victim, path: str = path) -> None:
        place = {"PIPE": victim.outside / "pipe", "TWIN": victim.outside / "twin of a.md"}.get(path, path)
        sql(("UPDATE article SET path = ? WHERE id = 'a.md'", (str(place),)))(victim)


for label, statement in {
    "spans of nothing": "UPDATE passage SET end = start",
    "spans turned round": "UPDATE passage SET start = end, end = start",
    "spans that overlap": "UPDATE passage SET start = 0, end = 5",
    "spans beyond the end": "UPDATE passage SET end = end + 1000000",
    "spans below zero": "UPDATE passage SET start = -5",
    "spans without end": "UPDATE passage SET start = -9223372036854775807, end = 9223372036854775807",
    "passages of no article": "UPDATE passage SET article = 'x'",
    "numbers with gaps": "UPDATE passage SET number = number + 10 WHERE number > 0",
    "numbers below zero": "UPDATE passage SET number = number - 10",
    "numbers without end": "UPDATE passage SET number = 9223372036854775807 WHERE number = 0",
    "keys that are the same": "UPDATE passage SET key = x'00'",
    "long keys": "UPDATE passage SET key = zeroblob(100000)",
    "no passages left": "DELETE FROM passage",
    "no articles left": "DELETE FROM article",
    "a passage less": "DELETE FROM passage WHERE number = 0",
    "long contexts": "UPDATE passage SET context = printf('%.*c', 3000000, 'x')",
    "no text": "UPDATE article SET text = ''",
    "a text with zero bytes": "UPDATE article SET text = CAST(zeroblob(5000) AS TEXT)",
    "a long passage": "UPDATE article SET text = text || printf('%.*c', 3000000, 'x'); ",
    "titles of escapes": f"UPDATE article SET title = '{ESCAPES}', source = '{ESCAPES}', author = '{ESCAPES}'",
    "checksums of escapes": f"UPDATE article SET sha256 = '{ESCAPES}'",
    "roots of others": "UPDATE article SET root = '/'",
}.items():
    add(f"database has {label}", sql(statement), refused=False)
add("database has a passage without end", sql(
    "UPDATE article SET text = text || printf('%.*c', 3000000, 'x')", "UPDATE passage SET end = 3000000"),
    refused=False)  # fmt: skip


@crafted("database has a value of 300 MB", refused=False)
def long_value(victim: Victim) -> None:
    """As large as it says, or nearly: the file ends in a hole that is the tail of the text."""
    sql("UPDATE article SET text = CAST(zeroblob(300000000) AS TEXT) WHERE id = 'a.md'")(victim)


# The database: its pages, by hand


def pages(change: Callable[[bytearray, Callable[[str], int]], bytes | None]) -> Make:
    """Change the bytes of the database; `change` is also given how to find the root page of a table."""

    def make(victim: Victim) -> None:
        path = victim.file(DATABASE)
        connection = sqlite3.connect(path)
        roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_master"))
        connection.close()
        data = bytearray(path.read_bytes())
        changed = change(data, lambda name: int(roots[name]))
        path.write_bytes(data if changed is None else changed)
        seal(victim)

    return make


def put(offset: int, value: bytes) -> Callable[[bytearray, object], None]:
    def change(data: bytearray, _: object) -> None:
        data[offset : offset + len(value)] = value

    return change


def interior(kind: int, children: list[tuple[int, bytes]], last: int, *, header: int = 0) -> bytes:
    """A page of a tree that leads to `children`, each with the bytes that its cell has after the page number."""
    body, place, places = bytearray(PAGE), PAGE, []
    for child, rest in children:
        cell = struct.pack(">I", child) + rest
        place -= len(cell)
        body[place : place + len(cell)] = cell
        places.append(place)
    head = struct.pack(">BHHHBI", kind, 0, len(places), place, 0, last)
    body[header : header + len(head)] = head
    for number, at in enumerate(places):
        body[header + 12 + 2 * number : header + 14 + 2 * number] = struct.pack(">H", at)
    return bytes(body)


def varint(value: int) -> bytes:
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(value & 0x7F | 0x80)
    return bytes(reversed(out))


def page(data: bytearray, number: int) -> bytes:
    return bytes(data[(number - 1) * PAGE : number * PAGE])


def tower(table: str, *, wide: int = 300, high: int = 17) -> Callable[[bytearray, Callable[[str], int]], bytes]:
    """A tree of pages in which every page leads `wide` times to the next: few pages, rows without end."""

    def change(data: bytearray, root_of: Callable[[str], int]) -> bytes:
        root, count = root_of(table), len(data) // PAGE
        leaf = count + high + 1
        more = b""
        for level in range(high):
            below = count + level + 2 if level < high - 1 else leaf
            more += interior(5, [(below, varint(number)) for number in range(wide)], below)
        more += page(data, root)
        data[(root - 1) * PAGE : root * PAGE] = interior(5, [(count + 1, varint(n)) for n in range(wide)], count + 1)
        data += more
        data[28:32] = struct.pack(">I", len(data) // PAGE)
        return bytes(data)

    return change


def cycle(table: str) -> Callable[[bytearray, Callable[[str], int]], None]:
    """A root that is its own child."""

    def change(data: bytearray, root_of: Callable[[str], int]) -> None:
        root = root_of(table)
        data[(root - 1) * PAGE : root * PAGE] = interior(5, [(root, varint(1))], root)

    return change


def index_tower(table: str, *, wide: int = 40, high: int = 17) -> Callable[[bytearray, Callable[[str], int]], bytes]:
    """The same for a tree whose inner pages hold rows of their own: each is the tree's own first row again."""

    def change(data: bytearray, root_of: Callable[[str], int]) -> bytes:
        root, count = root_of(table), len(data) // PAGE
        leaf = page(data, root)
        first = struct.unpack(">H", leaf[8:10])[0]
        size = leaf[first]
        cell = leaf[first : first + 1 + size]
        assert size < 100, size
        wide_enough = min(wide, (PAGE - 20) // (len(cell) + 6))
        more = b""
        for level in range(high):
            below = count + level + 2
            more += interior(2, [(below, cell)] * wide_enough, below)
        more += leaf
        data[(root - 1) * PAGE : root * PAGE] = interior(2, [(count + 1, cell)] * wide_enough, count + 1)
        data += more
        data[28:32] = struct.pack(">I", len(data) // PAGE)
        return bytes(data)

    return change


def schema_tower(data: bytearray, _: Callable[[str], int]) -> bytes:
    """The schema's own table as such a tower, its leaf an entry that may be said again and again."""
    count, high, wide = len(data) // PAGE, 16, 300
    entry = (b"index", b"sqlite_autoindex_article_1", b"article", b"\x03", None)
    types = b"".join(varint(13 + 2 * len(text)) for text in entry[:3] if text) + b"\x01\x00"  # type: ignore[arg-type]
    body = b"".join(text for text in entry if text)
    record = varint(len(types) + 1) + types + body
    cell = varint(len(record)) + varint(1) + record
    leaf = bytearray(PAGE)
    leaf[0:8] = struct.pack(">BHHHB", 13, 0, 1, PAGE - len(cell), 0)
    leaf[8:10] = struct.pack(">H", PAGE - len(cell))
    leaf[PAGE - len(cell) :] = cell
    more = page(data, 1)[100:] + bytes(100)
    old = bytearray(PAGE)
    old[:] = more
    shifted = count + high + 2
    original = bytearray(page(data, 1))
    content = bytearray(PAGE)
    content[:8] = original[100:108]
    cells = struct.unpack(">H", original[103:105])[0]
    content[8 : 8 + 2 * cells] = original[108 : 108 + 2 * cells]
    low = struct.unpack(">H", original[105:107])[0]
    content[low:] = original[low:]
    tail = b""
    for level in range(high):
        below = count + level + 2
        tail += interior(5, [(below, varint(number)) for number in range(wide)], below)
    tail += bytes(leaf) + bytes(content)
    top = interior(5, [(shifted, varint(9))] + [(count + 1, varint(n)) for n in range(200)], count + 1, header=100)
    data[100:PAGE] = top[100:]
    data += tail
    data[28:32] = struct.pack(">I", len(data) // PAGE)
    return bytes(data)


for table in ("article", "passage", "passage_article"):
    add(f"{table} is a tree that is its own child", pages(cycle(table)), refused=False)
    add(f"{table} is a tower of pages", pages(tower(table)), refused=False)
for table in ("passage_article",):
    add(f"{table} is a tower of rows", pages(index_tower(table)), refused=False)
add("schema is a tower of pages", pages(schema_tower))
add("schema is its own child", pages(lambda data, _: put(100, interior(5, [], 1)[:12])(data, _)))


@crafted("passage is a tower of rows without an article", refused=False)
def lost_rows(victim: Victim) -> None:
    sql("UPDATE passage SET article = 'x'")(victim)
    pages(tower("passage"))(victim)


@crafted("passages of nothing are a tower of rows", refused=False)
def empty_rows(victim: Victim) -> None:
    sql("UPDATE passage SET start = 0, end = 0")(victim)
    pages(index_tower("passage_article"))(victim)


for label, change_page in {
    "says it has more pages": put(28, struct.pack(">I", 2**31 - 1)),
    "says it has fewer pages": put(28, struct.pack(">I", 1)),
    "has a page of no size": put(16, b"\0\0"),
    "has a free list that is a circle": put(32, struct.pack(">II", 2, 2**31)),
    "is of a version to come": put(18, b"\x09\x09"),
    "is in an encoding that is none": put(56, struct.pack(">I", 7)),
    "has a schema of a version to come": put(44, struct.pack(">I", 9)),
    "is rubbish after a right header": lambda data, _: data[:100] + hashlib.sha512(data).digest() * 1000,
    "is no database": lambda data, _: b"x" * len(data),
    "is text that creates one": lambda data, _: b"CREATE TABLE article (id);",
    "has a first page of zeros": put(100, bytes(PAGE - 100)),
    "has its cells beyond the page": put(108, b"\xff\xff" * 4),
    "has no cells": put(103, b"\0\0"),
}.items():
    is_harmless = label in ("says it has more pages", "says it has fewer pages", "has a free list that is a circle")
    add(f"database {label}", pages(change_page), refused=not is_harmless)


def overflow(data: bytearray, root_of: Callable[[str], int]) -> None:
    """Every chain of pages for long values leads to itself."""
    for number in range(2, len(data) // PAGE + 1):
        start = (number - 1) * PAGE
        if data[start] == 0:
            data[start : start + 4] = struct.pack(">I", number)


@crafted("long values are chains that are circles", refused=False)
def circles(victim: Victim) -> None:
    sql("UPDATE article SET text = text || printf('%.*c', 50000, 'x')")(victim)
    pages(overflow)(victim)


add("database is by its page rather random", pages(
    lambda data, _: bytes(byte ^ (255 if number % 97 == 0 and number > 300 else 0) for number, byte in enumerate(data))
), refused=False)  # fmt: skip


def make_outside(outside: Path, good: Path, corpus: Path) -> None:
    """Fill the folder that nothing may touch: a secret, a pipe, and twins of the index's files and of an article."""
    outside.mkdir()
    (outside / "secret.txt").write_text(SECRET, encoding="utf-8")
    os.mkfifo(outside / "pipe")
    generation = next(path for path in good.iterdir() if path.name.startswith("gen-"))
    for path in (*generation.iterdir(), corpus / "a.md"):
        shutil.copy(path, outside / f"twin of {path.name}")
