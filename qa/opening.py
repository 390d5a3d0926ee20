"""What the commands open before they can work: index, models, filters; and what they tell about a question."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import InputError
from qa.messages import language, notice, say, visible

if TYPE_CHECKING:
    from index.search import Filters, Index
    from qa.answer import Answerer
    from qa.question import Question
    from qa.reader import SpanReader
    from qa.result import Result


def open_index(directory: Path) -> "Index":
    """Open the current generation of an index directory."""
    from index.search import Index

    return Index.open(directory)


def open_answerer(directory: Path, min_confidence: float | None, reader_name: str | None) -> "Answerer":
    """Open the index and both models, the models' files read while FAISS loads."""
    from concurrent.futures import ThreadPoolExecutor
    from dataclasses import replace

    from index.encoder import load_encoder
    from index.store import current_generation
    from qa.reader import SHIPPED, load_reader

    encoder = load_encoder(current_generation(directory)[1].encoder)
    reader = load_reader(reader_name or SHIPPED)
    tell_if_uncalibrated(reader)
    with ThreadPoolExecutor(2) as pool:
        loading = [pool.submit(model.warm) for model in (encoder, reader) if hasattr(model, "warm")]
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
    return Answerer(opened, encoder, reader, calibration=calibration)


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
