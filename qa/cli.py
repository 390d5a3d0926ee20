"""The command line: options in, results on stdout, notices on stderr, one exit code.

The composition root: every command imports what it needs when it runs, so that `qa --help` pays for nothing.
"""

import errno
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import InputError, QaError
from qa.messages import language, notice, say
from qa.opening import open_answerer, open_index, read_filters, tell_result, tell_wording
from qa.options import (
    DEFAULT_INDEX,
    FAILED_CHECK,
    NO_ANSWER,
    CommonLanguageOption,
    Export,
    Format,
    FormatOption,
    IndexOption,
    LanguageOption,
    MinConfidenceOption,
    Mode,
    ModeOption,
    ReaderOption,
    SinceOption,
    SourceOption,
    UntilOption,
)
from qa.progress import progress_bars

if TYPE_CHECKING:
    pass

# What the system says of an output that takes no more: full, failing, too long, or read by nobody.
OUTPUT_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG, errno.EPIPE}

app = typer.Typer(
    help="Hỏi đáp có trích dẫn trên kho bài tiếng Việt. Questions over Vietnamese articles, answered with citations.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def common(lang: CommonLanguageOption = "vi") -> None:
    """Hỏi đáp có trích dẫn trên kho bài tiếng Việt. Questions over Vietnamese articles, answered with citations."""


@app.command("index")
def index_command(
    paths: Annotated[list[Path], typer.Argument(help="Tệp hoặc thư mục bài viết. Article files or folders.")],
    index: IndexOption = DEFAULT_INDEX,
    model: Annotated[str | None, typer.Option(help="Mô hình nhúng khác. Another encoder: hub name or path.")] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Làm lại từ đầu. Read everything anew.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Bỏ các thư mục khác. Forget other folders.")] = False,
    output: FormatOption = Format.TEXT,
    lang: LanguageOption = None,
) -> None:
    """Lập hoặc cập nhật chỉ mục. Build or update the index."""
    import time

    from index.build import build_index
    from index.encoder import load_encoder
    from qa.report import show_report

    began = time.perf_counter()
    encoder = load_encoder(model or _indexed_model(index))
    try:
        with progress_bars() as progress:
            report = build_index(paths, index, encoder, rebuild=rebuild, replace=replace, progress=progress)
    except KeyboardInterrupt:
        raise QaError(*(_in_both("interrupted"))) from None
    show_report(report, index, time.perf_counter() - began, output)


def _indexed_model(directory: Path) -> str:
    """Return the model an existing index was made with, so that an update keeps it; else the shipped one."""
    from index.encoder import SHIPPED
    from index.store import current_generation

    try:
        return current_generation(directory)[1].encoder
    except QaError:
        return SHIPPED


def _in_both(key: str) -> tuple[str, str]:
    from qa.messages import WORDS

    return WORDS[key]


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="Câu hỏi hoặc từ khoá. Question or keywords.")],
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=1000, help="Số đoạn. Passages.")] = 5,
    mode: ModeOption = Mode.HYBRID,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    index: IndexOption = DEFAULT_INDEX,
    output: FormatOption = Format.TEXT,
    lang: LanguageOption = None,
) -> None:
    """Tìm đoạn văn. Find passages."""
    from index.encoder import load_encoder
    from index.search import search as find
    from qa.render import hits_to_json, hits_to_markdown, show_hits, to_json
    from qa.rewrite import understand

    opened = open_index(index)
    asked = understand(question, None, opened.postings.count)
    encoder = None
    if mode is not Mode.LEXICAL:
        encoder = load_encoder(opened.manifest.encoder)
        opened.check_encoder(encoder)
    filters = read_filters(since, until, source)
    hits = find(opened, encoder, asked.text, limit=limit, mode=mode.value, filters=filters, also=asked.also)
    tell_wording(asked)
    rows = hits_to_json(opened, hits)
    match output:
        case Format.JSON:
            _print(to_json(rows, indent=2))
        case Format.JSONL:
            for row in rows:
                _print(to_json(row))
        case Format.MD:
            _print(hits_to_markdown(rows).rstrip())
        case Format.TEXT:
            show_hits(rows)
    if not rows:
        raise typer.Exit(NO_ANSWER)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="Câu hỏi. The question.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Tính đến năm hoặc ngày. At this year or date.")] = None,
    batch: Annotated[Path | None, typer.Option(help="Tệp JSONL, mỗi dòng một câu hỏi. One question a line.")] = None,
    min_confidence: MinConfidenceOption = None,
    reader: ReaderOption = None,
    mode: ModeOption = Mode.HYBRID,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    index: IndexOption = DEFAULT_INDEX,
    output: FormatOption = Format.TEXT,
    lang: LanguageOption = None,
) -> None:
    """Hỏi; trả lời kèm câu văn và trích dẫn. Ask; the answer comes with its sentence and citations."""
    if (question is None) == (batch is None):
        raise InputError(
            "Hãy cho một câu hỏi, hoặc --batch TỆP (chỉ một trong hai).",
            "Give one question, or --batch FILE (not both).",
        )
    from qa.render import result_to_markdown, show_result, to_json

    filters = read_filters(since, until, source)
    if batch is not None:
        from qa.batch import ask_lines, read_lines

        lines = read_lines(batch)
        answerer = open_answerer(index, min_confidence, reader)
        for row in ask_lines(answerer, lines, str(batch), as_of=as_of, mode=mode.value, filters=filters):
            _print(to_json(row))
        return
    from qa.question import parse_question

    parse_question(question or "", as_of)
    answerer = open_answerer(index, min_confidence, reader)
    result = answerer.ask(question or "", as_of=as_of, mode=mode.value, filters=filters)
    tell_result(result, is_filtered=bool(since or until or source))
    match output:
        case Format.JSON:
            _print(to_json(result.to_json(), indent=2))
        case Format.JSONL:
            _print(to_json(result.to_json()))
        case Format.MD:
            _print(result_to_markdown(result).rstrip())
        case Format.TEXT:
            show_result(result)
    if not result.answers:
        raise typer.Exit(NO_ANSWER)


@app.command()
def timeline(
    subject: Annotated[str, typer.Argument(help="Chức vụ, người, con số, câu hỏi. Office, person, count, question.")],
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=200, help="Số dòng. Rows.")] = 20,
    plot: Annotated[Path | None, typer.Option(help="Vẽ vào tệp .svg hoặc .png. Draw a picture.")] = None,
    min_confidence: MinConfidenceOption = None,
    reader: ReaderOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    index: IndexOption = DEFAULT_INDEX,
    output: FormatOption = Format.TEXT,
    lang: LanguageOption = None,
) -> None:
    """Ai giữ chức vụ, hoặc con số là bao nhiêu, vào lúc nào. Who or what a subject had, at which dates."""
    from qa.plot import check_path, draw
    from qa.subject import as_question

    as_question(subject)
    filters = read_filters(since, until, source)
    if plot:
        check_path(plot)
    from qa.timeline import MIN_CONFIDENCE, build_timeline
    from qa.timeline_view import show

    threshold = MIN_CONFIDENCE if min_confidence is None else min_confidence
    found = build_timeline(open_answerer(index, threshold, reader), subject, limit=limit, filters=filters)
    tell_wording(found.question, [source.citation.sentence for row in found.rows for source in row.sources])
    if plot and found.rows:
        draw(found, plot)
        notice(say("plot_written", path=plot))
    show(found, output.value, threshold=threshold)
    if not found.rows:
        raise typer.Exit(NO_ANSWER)


@app.command()
def cite(
    citation: Annotated[str | None, typer.Argument(help="Mã trích dẫn. A citation id.")] = None,
    quote: Annotated[str | None, typer.Option(help="Câu cần tìm chỗ đứng. A quote to find.")] = None,
    export: Annotated[Export | None, typer.Option(help="Viết để dùng nơi khác. Write for other tools.")] = None,
    index: IndexOption = DEFAULT_INDEX,
    output: FormatOption = Format.TEXT,
    lang: LanguageOption = None,
) -> None:
    """Xem một trích dẫn trong bài, hoặc tìm một câu trích. Show a citation in its article, or find a quote."""
    if (citation is None) == (quote is None):
        raise InputError(
            "Hãy cho một mã trích dẫn, hoặc --quote CÂU (chỉ một trong hai).",
            "Give one citation id, or --quote TEXT (not both).",
        )
    from qa.lookup import look_up, show_lookups

    lookups = look_up(open_index(index), citation=citation, quote=quote)
    if export:
        from qa.export import write

        if not lookups:
            notice(say("quote_nowhere"))

        stale = [lookup.citation.id for lookup in lookups if not lookup.citation.verified]
        if stale:
            notice(say("unverified", n=len(stale), where=", ".join(stale)))
        sys.stdout.write(write([lookup for lookup in lookups if lookup.citation.verified], export))
    else:
        show_lookups(lookups, output.value)
    if not lookups:
        raise typer.Exit(NO_ANSWER)
    if not all(lookup.citation.verified for lookup in lookups):
        raise typer.Exit(FAILED_CHECK)


@app.command()
def verify(index: IndexOption = DEFAULT_INDEX, output: FormatOption = Format.TEXT, lang: LanguageOption = None) -> None:
    """Đọc lại mọi tệp nguồn và đối chiếu. Read every source file again and compare."""
    from dataclasses import asdict

    from index.store import check_files, current_generation
    from qa.render import rows_to_markdown, table, to_json
    from qa.verify import verify_sources

    check_files(*current_generation(index), limit=None)
    opened = open_index(index)
    findings = list(verify_sources(opened))
    total = opened.manifest.articles
    rows = [(say(finding.what), finding.path) for finding in findings]
    if output in (Format.JSON, Format.JSONL):
        _print(to_json({"articles": total, "ok": not findings, "findings": [asdict(f) for f in findings]}))
    elif not findings:
        _print(say("verify_ok", n=total))
    else:
        _print(say("verify_bad", bad=len(findings), n=total))
        _print(rows_to_markdown(rows).rstrip()) if output is Format.MD else table(rows)
        notice(say("mend_index"))
    if findings:
        raise typer.Exit(FAILED_CHECK)


@app.command()
def status(index: IndexOption = DEFAULT_INDEX, output: FormatOption = Format.TEXT, lang: LanguageOption = None) -> None:
    """Kho có gì. What is indexed."""
    from qa.render import rows_to_markdown, table, to_json
    from qa.status import describe, to_rows

    found = describe(open_index(index))
    match output:
        case Format.JSON | Format.JSONL:
            _print(to_json(found, indent=2 if output is Format.JSON else None))
        case Format.MD:
            _print(rows_to_markdown(to_rows(found)).rstrip())
        case Format.TEXT:
            table(to_rows(found))


@app.command()
def doctor(index: IndexOption = DEFAULT_INDEX, output: FormatOption = Format.TEXT, lang: LanguageOption = None) -> None:
    """Bản cài đặt này có gì sai và sửa thế nào. What is wrong with this installation and how to mend it."""
    from qa.doctor import examine
    from qa.render import rows_to_markdown, table, to_json

    checks = list(examine(index))
    bad = [check for check in checks if check.mend]
    told = [(check, check.mend.in_language(language.get()) if check.mend else check.found) for check in checks]
    if output in (Format.JSON, Format.JSONL):
        _print(to_json([{"check": check.name, "ok": not check.mend, "found": text} for check, text in told]))
    else:
        rows = [(("✗ " if check.mend else "✓ ") + check.name, text) for check, text in told]
        _print(rows_to_markdown(rows).rstrip()) if output is Format.MD else table(rows, style="")
        _print(say("doctor_bad", n=len(bad)) if bad else say("doctor_ok"))
    if bad:
        raise typer.Exit(1)


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def main() -> None:
    """Run the program; every error of ours becomes one message and an exit code."""
    _speak_utf8()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except QaError as error:
        notice(error.in_language(language.get()))
        raise SystemExit(error.exit_code) from None
    except OSError as error:
        if error.filename is not None or error.errno not in OUTPUT_ERRORS:
            raise
        _give_up_output(error)
        raise SystemExit(1) from None


def _give_up_output(error: OSError) -> None:
    """Say that what goes to stdout cannot be written, unless nobody reads it, and write no more of it."""
    if error.errno != errno.EPIPE:
        notice(say("output_lost", reason=error.strerror))
    with suppress(OSError):  # else what is left of it fails again when the program ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
