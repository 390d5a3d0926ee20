"""A run: a question set asked of an index, kept as a folder that an interrupted run goes on from.

`run.json` says what was asked of what: set, corpus, models, version of the metrics. `records.jsonl` holds one record a
question in the set's order, the same bytes whenever nothing changed; `timings.jsonl` the milliseconds of each (null if
it failed), never compared. `scores.json` is written last, from the records: a folder that has it is finished.
"""

import hashlib
import json
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from corpus.errors import InputError, unwritable
from corpus.files import append_whole, aside, open_regular, replace_whole
from evals.outcome import Asker, Record
from evals.questions import EvalQuestion
from evals.score import METRICS_VERSION, Scores, score
from evals.sets import QuestionSet
from index.search import Index, Mode
from qa.answer import Answerer
from qa.opening import open_encoder
from qa.ranking.confidence import CALIBRATION
from qa.reading.load import load_reader
from qa.reading.onnx import SHIPPED
from qa.reading.spans import SpanReader

HEADER, RECORDS, TIMINGS, SCORES = "run.json", "records.jsonl", "timings.jsonl", "scores.json"
PACKAGES = ("corpus", "index", "qa", "evals")
FINGERPRINT_CHARACTERS = 12

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Header:
    """What makes two runs comparable (`set_sha256`, `corpus`, `metrics`, `mode`), and what else they were made with.

    `model` is of encoder and reader together, `reader` of the reader alone; runs of before that was kept have none.
    """

    set: str
    set_sha256: str
    corpus: str
    metrics: int
    model: str
    code: str
    mode: Mode
    questions: int
    reader: str = ""

    @classmethod
    def of(cls, question_set: QuestionSet, index: Index, *, reader: SpanReader, mode: Mode) -> Self:
        """Describe a run over an index."""
        models = f"{index.manifest.fingerprint} {reader.fingerprint}"
        return cls(
            set=question_set.name,
            set_sha256=question_set.sha256,
            corpus=corpus_hash(index),
            metrics=METRICS_VERSION,
            model=hashlib.sha256(models.encode()).hexdigest()[:FINGERPRINT_CHARACTERS],
            code=code_hash(),
            mode=mode,
            questions=len(question_set.questions),
            reader=reader.fingerprint[:FINGERPRINT_CHARACTERS],
        )


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run, as read back from its folder."""

    header: Header
    records: tuple[Record, ...]
    scores: Scores
    milliseconds: tuple[float, ...]
    cold_start: float | None

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a run; `InputError` if the folder holds no finished one."""
        try:
            header = Header(**json.loads(_read(folder / HEADER)))
            records = tuple(Record.from_json(row) for row in _complete_lines(folder / RECORDS))
            scores = Scores(**json.loads(_read(folder / SCORES)))
            timings = list(_complete_lines(folder / TIMINGS))
            cold = next((float(row["cold_start_s"]) for row in timings if "cold_start_s" in row), None)
            milliseconds = tuple(float(row["ms"]) for row in timings if row.get("ms") is not None)
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise InputError(
                f"{folder}: không phải một lần chạy đã xong ({type(error).__name__}). Hãy cho thư mục có {HEADER} và "
                f"{SCORES} (`qa eval run BỘ --out NƠI` ghi vào NƠI/BỘ/run), hoặc chạy lại lệnh đó để làm tiếp.",
                f"{folder}: not a finished run ({type(error).__name__}). Name the folder that holds {HEADER} and "
                f"{SCORES} (`qa eval run SET --out DIR` writes DIR/SET/run), or run that again to go on.",
            ) from error
        return cls(header, records, scores, milliseconds, cold)


def corpus_hash(index: Index) -> str:
    """Return a SHA-256 over every indexed article's id and the SHA-256 of its file."""
    lines = sorted(f"{stored.article.id} {stored.article.sha256}\n" for stored in index.database.articles())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def code_hash() -> str:
    """Return a SHA-256 over our sources and the calibration: a run goes on only where the same code began it."""
    root = Path(__file__).resolve().parents[1]
    files = sorted(path for package in PACKAGES for path in (root / package).rglob("*.py"))
    digest = hashlib.sha256()
    for path in (*files, CALIBRATION):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def run_set(
    question_set: QuestionSet, index_folder: Path, out: Path, *, mode: Mode = "hybrid", model: str | None = None,
    reader: str = SHIPPED, jobs: int = 1,
    progress: Progress = lambda done, total: None,
) -> None:  # fmt: skip
    """Ask every question of a set and write the records, going on where an interrupted run of the same stopped."""
    index = Index.open(index_folder)
    question_set.check(index)
    header = Header.of(question_set, index, reader=load_reader(reader), mode=mode)

    def ask(done: int) -> Iterator[tuple[Record, float | None]]:
        waiting = question_set.questions[done:]
        return _ask_all(waiting, index_folder, mode=mode, model=model, reader=reader, jobs=jobs)

    keep_records(out, header, ask, progress=progress)


def keep_records(
    out: Path, header: Header, ask: Callable[[int], Iterator[tuple[Record, float | None]]], *,
    progress: Progress = lambda done, total: None,
) -> None:  # fmt: skip
    """Write the records and milliseconds of the questions after the first `done`, which `ask` yields, one by one."""
    done = _begin(out, header)
    progress(done, header.questions)
    for record, milliseconds in ask(done):
        _append(out / TIMINGS, {"id": record.id, "ms": milliseconds})
        _append(out / RECORDS, record.to_json())
        done += 1
        progress(done, header.questions)


def finish(out: Path) -> Run:
    """Score the records of a run and write the scores."""
    records = [Record.from_json(row) for row in _complete_lines(out / RECORDS)]
    write_file(out / SCORES, json.dumps(asdict(score(records)), indent=1) + "\n")
    return Run.read(out)


def note_cold_start(out: Path, seconds: float) -> None:
    """Add the seconds of a cold `qa ask` to a run's timings."""
    _append(out / TIMINGS, {"cold_start_s": round(seconds, 3)})


def _begin(out: Path, header: Header) -> int:
    """Make the folder ready and return how many questions are done; anything but our own unfinished run starts anew."""
    _refuse_other_folders(out)
    text = json.dumps(asdict(header), indent=1) + "\n"
    is_ours = (out / HEADER).is_file() and _read(out / HEADER) == text.encode()
    if not is_ours or (out / SCORES).exists():
        for name in (SCORES, RECORDS, TIMINGS):
            _remove(out / name)
        write_file(out / HEADER, text)
    rows = _undamaged(out / RECORDS)
    timed = [row for row in _undamaged(out / TIMINGS) if "ms" in row]
    done = min(len(rows), len(timed))
    _write_lines(out / RECORDS, rows[:done])
    _write_lines(out / TIMINGS, timed[:done])
    return done


def _refuse_other_folders(out: Path) -> None:
    """Make the folder; `InputError` if that fails, or if it holds anything but a run."""
    make_folder(out)
    begun = any(path.name != aside(out / HEADER).name for path in out.iterdir())
    if begun and not _is_run(out / HEADER):
        raise InputError(
            f"{out}: thư mục này có thứ khác, không phải một lần chạy. Hãy chọn --out khác.",
            f"{out}: this folder holds something else than a run. Choose another --out.",
        )


def _is_run(header: Path) -> bool:
    try:
        Header(**json.loads(_read(header)))
    except (OSError, ValueError, TypeError, RecursionError):
        return False
    return True


def make_folder(path: Path) -> None:
    """Make a folder and those above it; `InputError` if that fails."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error


def write_file(path: Path, text: str) -> None:
    """Write a file, whole or not at all; `InputError` if that fails, and what stood there stands."""
    try:
        replace_whole(path, text.encode("utf-8", errors="backslashreplace"))
    except OSError as error:
        raise unwritable(path, error) from error


def _append(path: Path, row: dict[str, Any]) -> None:
    try:
        append_whole(path, (json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", errors="backslashreplace"))
    except OSError as error:
        raise unwritable(path, error) from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error


def _read(path: Path) -> bytes:
    """Return the bytes of a plain file: a run may come from anybody, and a pipe in it would be waited for."""
    with open_regular(path) as stream:
        return stream.read()


def _complete_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSONL file up to a line that was cut off; `ValueError` if a whole line is no object."""
    for line in _read(path).split(b"\n")[:-1]:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError(f"{path}: {row!r}")
        yield row


def _undamaged(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSONL file up to the first damaged line; none if there is no file."""
    rows: list[dict[str, Any]] = []
    try:
        for row in _complete_lines(path):
            rows.append(row)
    except (OSError, ValueError, RecursionError):
        pass
    return rows


def _write_lines(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    write_file(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def open_asker(index_folder: Path, *, mode: Mode, model: str | None = None, reader: str = SHIPPED) -> Asker:
    """Open the index with the models that search and read it; `model` is the encoder, if not the shipped one."""
    index = Index.open(index_folder)
    encoder = open_encoder(index.manifest.encoder, model)
    return Asker(index, encoder, Answerer(index, encoder, load_reader(reader)), mode)


def _ask_all(
    questions: Sequence[EvalQuestion], index_folder: Path, *, mode: Mode, model: str | None, reader: str, jobs: int
) -> Iterator[tuple[Record, float | None]]:
    """Ask in this process, or in `jobs` others; the order is the set's either way."""
    if not questions:
        return
    # With more jobs, too: what cannot be opened is said here, once.
    asker = open_asker(index_folder, mode=mode, model=model, reader=reader)
    if jobs == 1:
        yield from map(asker.ask, questions)
        return
    context = multiprocessing.get_context("spawn")
    arguments = (index_folder, mode, model, reader)
    with ProcessPoolExecutor(jobs, context, initializer=_open_in_process, initargs=arguments) as pool:
        with _interrupts_left_to_this_process():
            asked = pool.map(_ask_in_process, questions, chunksize=1)
        yield from asked


@contextmanager
def _interrupts_left_to_this_process() -> Iterator[None]:
    """Let the processes that start in here ignore Ctrl-C for good: this one stops them, and says so once."""
    if threading.current_thread() is not threading.main_thread():  # a handler can't be set there
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_in_process: list[Asker] = []


def _open_in_process(index_folder: Path, mode: Mode, model: str | None, reader: str) -> None:
    _in_process.append(open_asker(index_folder, mode=mode, model=model, reader=reader))


def _ask_in_process(question: EvalQuestion) -> tuple[Record, float | None]:
    return _in_process[0].ask(question)
