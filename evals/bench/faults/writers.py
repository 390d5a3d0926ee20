"""What is written: a row for each writer, which `trials` breaks at every step.

To join, a format needs four functions of a folder in which nothing else lies: `prepare` makes what stood before, in
`PLACE` below it, and whatever it is made from beside; `write` does what is to be broken, and raises `QaError` where it
fails; `read` returns what a reader finds there, equal for what is as good, None where it is said that nothing is there.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from corpus.errors import InputError
from evals.outcome import Miss, Record
from evals.run import RECORDS, Header, Run, finish, keep_records, write_file
from evals.score import METRICS_VERSION
from index.build import build_index
from index.encoder import Encoder, Kind, Vectors
from index.search import Index, search
from index.store import CURRENT, VECTORS, check_files, current_generation, has_index, with_current

PLACE = "place"
INDEX = Path(PLACE, "new", "index")
QUESTIONS = 4
QUESTION = "Cục Ngoại vụ tiếp khách ở đâu?"
DIMENSION = 16
ONE, TWO, THREE, OTHER = (
    "Cục Ngoại vụ họp tại Hà Nội.\n",
    "Sở Ngoại vụ Huế tiếp khách Nhật Bản.\n",
    "Tỉnh Quảng Trị ký thỏa thuận với bạn Lào.\n",
    "Cục Ngoại vụ tiếp khách ở Đà Nẵng.\n",
)


@dataclass(frozen=True, slots=True)
class Writer:
    """A writer and its reader; files whose names match `stays` may be left after a failure, to go on from."""

    name: str
    prepare: Callable[[Path], None]
    write: Callable[[Path], None]
    read: Callable[[Path], object]
    stays: str = r"lock|embedded-[0-9a-f]{16}\.part"

    def may_stay(self, name: str) -> bool:
        """Tell whether a file of that name may be left after a failure."""
        return bool(re.fullmatch(self.stays, name))


class Hashes:
    """An encoder in no time: a text's vector is its hash."""

    name, dimension, fingerprint = "hashes", DIMENSION, hashlib.sha256(b"hashes").hexdigest()

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Vectors:
        """Return `(n, d)` float32, unit rows."""
        digests = [hashlib.blake2b(text.encode(), digest_size=DIMENSION).digest() for text in texts]
        rows = np.array([list(digest) for digest in digests], dtype=np.float32).reshape(len(texts), DIMENSION) - 127.5
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


HASHES = Hashes()


def put(folder: Path, **texts: str) -> Path:
    """Write articles; return their folder."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def nothing_yet(world: Path) -> None:
    """Articles, and no index."""
    put(world / "articles", a=ONE, b=TWO, c=THREE)
    (world / PLACE).mkdir()


def one_changed(world: Path, encoder: Encoder = HASHES) -> None:
    """An index, of which one article has changed since."""
    nothing_yet(world)
    build(world, encoder)
    put(world / "articles", b=OTHER)


def another_folder(world: Path) -> None:
    """An index, and another folder of articles."""
    nothing_yet(world)
    build(world)
    put(world / "others", d=OTHER)


def remains(world: Path) -> None:
    """An index, changed articles, and what a build that was killed left: vectors cut short, files half written."""
    one_changed(world)
    put(world / "articles", d=f"{ONE}{TWO}", e=f"{TWO}{THREE}")
    with suppress(KeyboardInterrupt):
        build_index([world / "articles"], world / INDEX, HASHES, progress=_stop_when_embedded)
    (unfinished,) = (world / INDEX).glob("embedded-*.part")
    unfinished.write_bytes(unfinished.read_bytes()[: unfinished.stat().st_size // 2])
    put(world / INDEX / "gen-000002.part", half="")
    (world / INDEX / f"{CURRENT}.part").write_text("gen-0000", encoding="utf-8")


def _stop_when_embedded(stage: str, done: int, total: int) -> None:
    if stage == "embed" and done == total:
        raise KeyboardInterrupt


def build(world: Path, encoder: Encoder = HASHES, *, folder: str = "articles", replace: bool = False) -> None:
    """Build or update the index."""
    build_index([world / folder], world / INDEX, encoder, replace=replace)


def open_checked(world: Path) -> None:
    """Look at every file of the index, as large ones are looked at when it is opened, and note that they are right."""
    with_current(world / INDEX, lambda folder, manifest: check_files(folder, manifest, limit=1))


def answers(world: Path, encoder: Encoder = HASHES) -> object:
    """Return all an index says, and what is found in it; None if none was ever built."""
    if not has_index(world / INDEX):
        return None
    index = Index.open(world / INDEX)
    folder, manifest = current_generation(world / INDEX)
    check_files(folder, manifest, limit=None)
    try:
        hits = search(index, encoder, QUESTION, limit=5)
        said = [(stored.article.id, stored.article.text, stored.root) for stored in index.database.articles()]
        found = [(hit.passage, hit.score, hit.cosine, hit.bm25) for hit in hits]
    finally:
        index.database.close()
    return said, found, manifest.roots, manifest.files[VECTORS]


def half_a_run(world: Path) -> None:
    """A run of a question set, stopped after half of its questions."""
    (world / PLACE).mkdir()
    with suppress(KeyboardInterrupt):
        keep_records(world / PLACE / "run", _header(), partial(_asked, stop=QUESTIONS // 2))


def go_on(world: Path) -> None:
    """Go on with the run and score it; one that is finished begins anew."""
    keep_records(world / PLACE / "run", _header(), _asked)
    finish(world / PLACE / "run")


def _header() -> Header:
    return Header("set", "0" * 64, "0" * 64, METRICS_VERSION, "model", "code", "hybrid", QUESTIONS)


def _asked(done: int, stop: int | None = None) -> Iterator[tuple[Record, float | None]]:
    for number in range(done, QUESTIONS):
        if number == stop:
            raise KeyboardInterrupt
        record = Record(
            f"q-{number}", QUESTION, "where", True, ("Huế",), "not_stated", (), (), (), exact=0, f1=0, confidence=0,
            is_best_right=False, miss=Miss.RETRIEVAL,
        )  # fmt: skip
        yield record, 1.0


def scores(world: Path) -> object:
    """Return a finished run; of one under way, whether the half that was there is there still."""
    try:
        run = Run.read(world / PLACE / "run")
        return run.header, run.records, run.scores
    except InputError:
        rows = (world / PLACE / "run" / RECORDS).read_bytes().splitlines()
        return "under way" if len(rows) >= QUESTIONS // 2 else "lost"


def an_old_report(world: Path) -> None:
    """A report that stands already."""
    (world / PLACE).mkdir()
    (world / PLACE / "report.html").write_text("old", encoding="utf-8")


def write_report(world: Path) -> None:
    """Write another in its place."""
    write_file(world / PLACE / "report.html", "new" * 1000)


def report(world: Path) -> object:
    """Return what the report says."""
    return (world / PLACE / "report.html").read_text(encoding="utf-8")


WRITERS = [
    Writer("index, first build", nothing_yet, build, answers),
    Writer("index, an article changed", one_changed, build, answers),
    Writer("index, --replace", another_folder, partial(build, folder="others", replace=True), answers),
    Writer("index, after a killed build", remains, build, answers),
    Writer("index, files checked", one_changed, open_checked, answers),
    Writer("eval run, half of it done", half_a_run, go_on, scores),
    Writer("report", an_old_report, write_report, report),
]
