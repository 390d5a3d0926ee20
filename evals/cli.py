"""`qa eval`: adds the evaluation commands to the program, and is the program's entry point.

`qa` knows nothing of `evals` (imports go one way), so the console script begins here; nothing of weight is imported
until a command runs.
"""

import subprocess
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import InputError, QaError, unwritable
from corpus.visible import visible
from qa.cli import app, main
from qa.commands.options import (
    FAILED_CHECK,
    NO_ANSWER,
    IndexOption,
    LanguageOption,
    Mode,
    ModelOption,
    ModeOption,
    ReaderOption,
)
from qa.opening import open_reader
from qa.show.messages import language, notice, say
from qa.show.notices import tell_if_uncalibrated
from qa.show.progress import progress_bars

if TYPE_CHECKING:
    from evals.compare import Comparison
    from evals.run import Run
    from evals.sets import QuestionSet

eval_app = typer.Typer(
    name="eval", help="Chấm điểm trên bộ câu hỏi. Score question sets; compare runs.", no_args_is_help=True
)
app.add_typer(eval_app)

DEFAULT_OUT = Path(".qa-runs")
IDS_SHOWN = 5
COLD_QUESTION = "Ai là Cục trưởng Cục Ngoại vụ năm 2018?"


class Format(StrEnum):
    """How scores are printed."""

    TEXT = "text"
    JSON = "json"
    MD = "md"


FormatOption = Annotated[Format, typer.Option("--format", help="Dạng kết quả. Output format.")]
HtmlOption = Annotated[Path | None, typer.Option(help="Ghi trang HTML. Write a self-contained HTML page.")]
JunitOption = Annotated[Path | None, typer.Option(help="Ghi JUnit XML cho CI. Write JUnit XML for CI.")]
DataOption = Annotated[Path | None, typer.Option(help="Thư mục có officers/. Where `officers-dev` is read from.")]
TolerancesOption = Annotated[Path, typer.Option(help="TOML: [tool.qa-evals.tolerances].")]
DEFAULT_TOLERANCES = Path("pyproject.toml")


@eval_app.command("run")
def run_command(
    sets: Annotated[list[str] | None, typer.Argument(help="Tên bộ, hoặc tệp. Names or files; all if none.")] = None,
    corpus: Annotated[Path | None, typer.Option(help="Các bài mà câu hỏi nói tới. The set's articles.")] = None,
    index: Annotated[Path | None, typer.Option(help="Chỉ mục có sẵn. An index that stands already.")] = None,
    data: DataOption = None,
    out: Annotated[Path, typer.Option(help="Thư mục của các lần chạy. Where runs are kept.")] = DEFAULT_OUT,
    model: ModelOption = None,
    reader: ReaderOption = None,
    mode: ModeOption = Mode.HYBRID,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Số tiến trình. Processes.")] = 1,
    cold: Annotated[bool, typer.Option("--cold", help="Đo cả khởi động nguội. Time a cold start, too.")] = False,
    gate: Annotated[bool, typer.Option("--gate", help="So với mốc; mã thoát 4 nếu kém đi. Exit 4 if worse.")] = False,
    baseline: Annotated[Path | None, typer.Option(help="Mốc khác. Another baseline; implies --gate.")] = None,
    tolerances: TolerancesOption = DEFAULT_TOLERANCES,
    html: HtmlOption = None,
    junit: JunitOption = None,
    output: FormatOption = Format.TEXT,
    lang: LanguageOption = None,
) -> None:
    """Chấm một bộ câu hỏi, hoặc mọi bộ. Score a question set, or every one."""
    if corpus and index:
        raise InputError("Chỉ cho --corpus hoặc --index.", "Give --corpus or --index, not both.")
    chosen = _choose(sets, data, brings_only=not corpus and not index)
    if len(chosen) > 1 and (html or junit or baseline):
        raise InputError(
            "--html, --junit và --baseline chỉ dùng với một bộ câu hỏi.",
            "--html, --junit and --baseline go with one question set.",
        )
    _check_first(html, junit, baseline, tolerances if gate or baseline else None)
    read_by, model = _check_reader(_on_this_machine(reader)), _on_this_machine(model)
    is_worse = False
    for question_set in chosen:
        kept = out / question_set.name
        try:
            over = _index(question_set, corpus, index, kept, model=model)
            held_against = baseline or (_baseline_of(question_set, over, mode, read_by) if gate else None)
            folder = _run_one(
                question_set, over, kept / "run", mode=mode, model=model, reader=read_by, jobs=jobs, cold=cold
            )
        except KeyboardInterrupt:
            raise QaError(
                "Đã dừng theo yêu cầu; chạy lại lệnh này để làm tiếp.",
                "Stopped as asked; run the command again to go on.",
            ) from None
        is_worse |= _show(folder, output, html, junit, held_against, tolerances, indent=2 if len(chosen) == 1 else None)
        if output is Format.TEXT:
            sys.stdout.write(say("run_kept", folder=folder) + "\n")
    if is_worse:
        raise typer.Exit(FAILED_CHECK)


def _choose(names: list[str] | None, data: Path | None, *, brings_only: bool) -> "list[QuestionSet]":
    """Read the sets named, or all; of all, those without articles are passed over if `brings_only`, and said to be."""
    from evals.sets import known_sets, no_articles, read_set

    chosen = [read_set(name, data) for name in names or known_sets()]
    if len({question_set.name for question_set in chosen}) < len(chosen):
        raise InputError(
            "Hai bộ câu hỏi trùng tên sẽ ghi đè lên nhau. Hãy chạy từng bộ với --out riêng.",
            "Two question sets of one name would overwrite each other. Run them one by one, each with its own --out.",
        )
    if not names and brings_only:
        for question_set in [left for left in chosen if not left.brings_articles]:
            notice(no_articles(question_set.name).in_language(language.get()))
            chosen.remove(question_set)
    for question_set in chosen:
        _tell_left_out(question_set)
    return chosen


def _tell_left_out(question_set: "QuestionSet") -> None:
    if left_out := question_set.left_out:
        ids = ", ".join(left_out[:IDS_SHOWN]) + (" …" if len(left_out) > IDS_SHOWN else "")
        notice(say("set_left_out", name=question_set.name, n=len(left_out), ids=ids))


def _check_first(html: Path | None, junit: Path | None, baseline: Path | None, tolerances: Path | None) -> None:
    """Say what can't be written or read before the questions are asked, not after."""
    from evals.baseline import read_baseline, read_tolerances

    for path in filter(None, (html, junit)):
        _check_place(path)
    if baseline:
        read_baseline(baseline)
    if tolerances:
        read_tolerances(tolerances)


def _on_this_machine(name: str | None) -> str | None:
    """Return a model's name as typed, or the folder that a hub's was fetched to: no other process asks the hub."""
    from corpus.offline import fetch, is_hub_name

    return str(fetch(name)) if name and is_hub_name(name) else name


def _check_place(path: Path) -> None:
    """Say that a report can't be written; what stands there stays until there is one."""
    from evals.run import make_folder

    make_folder(path.parent)
    is_new = not path.exists()
    try:
        with path.open("a"):
            pass
        if is_new:
            path.unlink()
    except OSError as error:
        raise unwritable(path, error) from error


def _check_reader(named: str | None) -> str:
    """Return the name of the reader, known to be one before anything is indexed or asked."""
    reader = open_reader(named)
    tell_if_uncalibrated(reader)
    return reader.name


def _index(
    question_set: "QuestionSet", corpus: Path | None, index: Path | None, out: Path, *, model: str | None
) -> Path:
    """Return the index given, else one kept beside the run, of the articles given or of those the set brings."""
    from evals.run import make_folder
    from evals.sets import no_articles
    from index.build import build_index
    from index.encoder import SHIPPED, load_encoder

    make_folder(out)
    if index:
        return index
    source = corpus or question_set.corpus(out / "articles")
    if source is None:
        raise no_articles(question_set.name)
    with progress_bars() as progress:
        report = build_index([source], out / "index", load_encoder(model or SHIPPED), replace=True, progress=progress)
    for problem in report.problems:
        notice(problem.in_language(language.get()))
    return out / "index"


def _run_one(
    question_set: "QuestionSet", index: Path, out: Path, *, mode: Mode, model: str | None, reader: str, jobs: int,
    cold: bool,
) -> Path:  # fmt: skip
    """Ask a set's questions of an index and score them; return the run's folder."""
    from evals.run import finish, note_cold_start, run_set

    with progress_bars() as progress:
        run_set(
            question_set, index, out, mode=mode.value, model=model, reader=reader, jobs=jobs,
            progress=lambda done, total: progress("ask", done, total),
        )  # fmt: skip
    if cold:
        note_cold_start(out, _cold_start(index, model, reader))
    finish(out)
    return out


def _cold_start(index: Path, model: str | None, reader: str) -> float:
    """Return the seconds of a whole `qa ask`, the median of three."""
    command = [sys.executable, "-m", "qa.cli", "ask", COLD_QUESTION, "--index", str(index), "--reader", reader]
    command += ["--model", model] if model else []
    times = []
    for _ in range(3):
        began = time.perf_counter()
        code = subprocess.run(command, capture_output=True, check=False).returncode
        times.append(time.perf_counter() - began)
        if code not in (0, NO_ANSWER):
            raise QaError(
                f"`qa ask` thất bại (mã {code}); không đo được khởi động nguội.",
                f"`qa ask` failed (exit code {code}); no cold start could be timed.",
            )
    return sorted(times)[1]


def _baseline_of(question_set: "QuestionSet", index: Path, mode: Mode, reader: str) -> Path:
    """Return the baseline of a set and the models; known before a question is asked."""
    from evals.baseline import find_baseline
    from evals.run import Header
    from index.search import Index
    from qa.reading.load import load_reader

    return find_baseline(Header.of(question_set, Index.open(index), reader=load_reader(reader), mode=mode.value))


def _show(
    folder: Path, output: Format, html: Path | None, junit: Path | None, baseline: Path | None, tolerances: Path,
    *, indent: int | None,
) -> bool:  # fmt: skip
    """Report a run, and how it stands against a baseline; tell whether it is worse."""
    from evals.baseline import read_baseline, read_tolerances
    from evals.compare import compare_with_baseline
    from evals.run import Run

    finished = Run.read(folder)
    comparison = None
    if baseline:
        comparison = compare_with_baseline(read_baseline(baseline), finished, read_tolerances(tolerances))
    _report(finished, comparison, output, html, junit, indent=indent)
    return bool(comparison and comparison.regressions)


@eval_app.command()
def diff(
    before: Annotated[Path, typer.Argument(help="Lần chạy hoặc mốc trước. A run's folder, or a baseline file.")],
    after: Annotated[Path, typer.Argument(help="Lần chạy sau. The later run's folder.")],
    tolerances: TolerancesOption = DEFAULT_TOLERANCES,
    html: HtmlOption = None,
    junit: JunitOption = None,
    output: FormatOption = Format.TEXT,
    lang: LanguageOption = None,
) -> None:
    """So hai lần chạy, từng câu một; mã thoát 4 nếu kém đi. Compare two runs; exit 4 on a regression."""
    from evals.baseline import read_baseline, read_tolerances
    from evals.compare import compare, compare_with_baseline
    from evals.run import Run

    limits, later = read_tolerances(tolerances), Run.read(after)
    if before.is_dir():
        comparison = compare(Run.read(before), later, limits)
    else:
        comparison = compare_with_baseline(read_baseline(before), later, limits)
    _report(later, comparison, output, html, junit)
    if comparison.regressions:
        raise typer.Exit(FAILED_CHECK)


@eval_app.command()
def baseline(
    finished: Annotated[Path, typer.Argument(metavar="RUN", help="Thư mục của lần chạy. A run's folder.")],
    out: Annotated[Path | None, typer.Option(help="Thư mục các mốc. Folder of baselines.")] = None,
    lang: LanguageOption = None,
) -> None:
    """Giữ một lần chạy làm mốc so sánh. Keep a run as the baseline of its set and models."""
    from evals.baseline import FOLDER, keep
    from evals.run import Run

    sys.stdout.write(visible(str(keep(Run.read(finished), out or FOLDER)), inline=True) + "\n")


@eval_app.command()
def check(
    name: Annotated[str, typer.Argument(metavar="SET", help="Tên bộ, hoặc tệp. A name or a file.")],
    corpus: Annotated[Path | None, typer.Option(help="Các bài mà câu hỏi nói tới. The set's articles.")] = None,
    index: IndexOption = Path(".qa"),
    data: DataOption = None,
    lang: LanguageOption = None,
) -> None:
    """Kiểm tra một bộ câu hỏi; báo tệp:dòng nếu sai. Validate a question set; errors name file:line."""
    import tempfile

    from evals.sets import read_set
    from index.search import Index

    question_set = read_set(name, data)
    _tell_left_out(question_set)
    with tempfile.TemporaryDirectory() as folder:
        brought = corpus or question_set.corpus(Path(folder) / "articles")
        question_set.check_files(brought) if brought else question_set.check(Index.open(index))
    sys.stdout.write(say("set_ok", name=question_set.name, n=len(question_set.questions)) + "\n")


def _report(
    finished: "Run", comparison: "Comparison | None", output: Format, html: Path | None, junit: Path | None,
    *, indent: int | None = 2,
) -> None:  # fmt: skip
    from evals import report

    match output:
        case Format.TEXT:
            report.show(finished, comparison)
        case Format.MD:
            sys.stdout.write(report.to_markdown(finished, comparison))
        case Format.JSON:
            sys.stdout.write(report.to_json(finished, comparison, indent=indent) + "\n")
    if junit:
        _write(junit, report.to_junit(finished, comparison))
    if html:
        from evals.page import to_html

        _write(html, to_html(finished, comparison))


def _write(path: Path, text: str) -> None:
    from evals.run import make_folder, write_file

    make_folder(path.parent)
    write_file(path, text)


if __name__ == "__main__":
    main()
