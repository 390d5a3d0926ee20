"""What the commands open before they can work: index, models, filters; and what they tell about a question."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import InputError, ModelError
from qa.messages import language, notice, say, visible

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.search import Filters, Index
    from qa.answer import Answerer
    from qa.question import Question
    from qa.reader import SpanReader
    from qa.result import Result

NAME_SHOWN = 300


def open_index(directory: Path) -> "Index":
    """Open the current generation of an index directory."""
    from index.search import Index

    return Index.open(directory)


def open_answerer(
    directory: Path, min_confidence: float | None, *, model: str | None, reader: str | None
) -> "Answerer":
    """Open the index and both models, the models' files read while FAISS loads."""
    from concurrent.futures import ThreadPoolExecutor
    from dataclasses import replace

    from index.store import current_generation

    encoder = open_encoder(current_generation(directory)[1].encoder, model)
    read_by = open_reader(reader)
    tell_if_uncalibrated(read_by)
    with ThreadPoolExecutor(2) as pool:
        loading = [pool.submit(each.warm) for each in (encoder, read_by) if hasattr(each, "warm")]
        from qa.answer import Answerer

        opened = open_index(directory)
        for done in loading:
            done.result()
    from qa.select import shipped_calibration

    calibration = shipped_calibration()
    if min_confidence is not None:
        if not 0 <= min_confidence <= 1:  # "nan" passes the option's own range
            raise InputError("--min-confidence: phải từ 0 đến 1.", "--min-confidence: must be 0 to 1.")
        calibration = replace(calibration, threshold=min_confidence)
    return Answerer(opened, encoder, read_by, calibration=calibration)


def open_encoder(made_with: str, model: str | None) -> "Encoder":
    """Open the encoder of an index: what `--model` names on this command line, else the shipped one.

    `made_with` is what the index says it was made with. It may come from anybody, so it is shown and never opened.
    """
    from index.encoder import SHIPPED, load_encoder

    if model:
        return load_encoder(model, hub=True)
    if made_with != SHIPPED:
        name = visible(made_with[:NAME_SHOWN], inline=True)
        option = f"--model {_as_typed(name)}"
        raise ModelError(
            f"Chỉ mục này ghi là được tạo bằng mô hình {name}; chương trình chỉ mở mô hình mà bạn nêu trên dòng lệnh. "
            f"Nếu tin mô hình ấy, hãy thêm: {option}. Hoặc tính lại bằng mô hình đi kèm: "
            "`qa index THƯ_MỤC_BÀI_VIẾT --model shipped`.",
            f"This index says it was made with the model {name}; only a model that you name on the command line is "
            f"opened. If you trust that one, add: {option}. Or embed anew with the shipped model: "
            "`qa index YOUR_ARTICLES --model shipped`.",
        )
    return load_encoder()


def _as_typed(name: str) -> str:
    """Return a word as it is typed in a shell, so that nothing in it is obeyed there either."""
    import shlex
    import subprocess

    return subprocess.list2cmdline([name]) if os.name == "nt" else shlex.quote(name)


def open_reader(named: str | None) -> "SpanReader":
    """Open the reader that `--reader` names on this command line, the folder in `QA_READER`, or the shipped one."""
    from qa.reader import SHIPPED, load_reader

    if named:
        return load_reader(named, hub=True)
    return load_reader(os.environ.get("QA_READER") or SHIPPED)


def tell_if_uncalibrated(reader: "SpanReader") -> None:
    """Say on stderr that confidence was fitted for the shipped reader, if this is another one."""
    from qa.reader import SHIPPED, Reader

    if reader.name != SHIPPED and reader.fingerprint != Reader().fingerprint:
        notice(say("reader_uncalibrated", name=reader.name))


def read_filters(since: str | None, until: str | None, source: str | None) -> "Filters":
    """Read the options that say which articles may answer; `InputError` names what is no date, or no span of time."""
    from index.search import Filters

    first, last = _bound("--since", since), _bound("--until", until)
    if first and last and first[0] > last[1]:
        raise InputError(
            f"--since {since} --until {until}: ngày đầu sau ngày cuối. Hãy đổi chỗ hai ngày.",
            f"--since {since} --until {until}: begins after it ends. Swap the two dates.",
        )
    return Filters(first[0] if first else None, last[1] if last else None, source)


def _bound(option: str, text: str | None) -> "tuple[date, date] | None":
    from corpus.dates import PartialDate

    if text is None:
        return None
    try:
        when = PartialDate.parse(text)
    except ValueError:
        raise InputError(
            f"{option} {text[:40]}: không phải ngày. Hãy viết 2018, 2018-08 hoặc 2018-08-12.",
            f"{option} {text[:40]}: not a date. Write 2018, 2018-08 or 2018-08-12.",
        ) from None
    return when.first, when.last


def tell_wording(question: "Question", sentences: "Sequence[str]" = ()) -> None:
    """Say how a question was understood that was not typed so, and that an answer is from before a merger."""
    from qa.provinces import to_tell

    if question.read_as:
        notice(say("read_as", text=visible(question.read_as, inline=True)))
    for merger in to_tell(question.mergers, sentences):
        vi, en = merger.notice
        notice(vi if language.get() == "vi" else en)


def tell_result(result: "Result", *, is_filtered: bool) -> None:
    """Tell how the question was read, which citations no longer stand, and that a refusal is of some articles only."""
    tell_wording(result.question, [c.sentence for answer in result.answers for c in answer.citations])
    if result.unverified:
        where = ", ".join(citation.id for citation in result.unverified)
        notice(say("unverified", n=len(result.unverified), where=where))
    if is_filtered and not result.answers:
        notice(say("filtered"))
