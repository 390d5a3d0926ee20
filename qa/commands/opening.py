"""What the commands open before they can work, and the filters they are given."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import InputError
from qa import opening
from qa.show.notices import tell_if_uncalibrated

if TYPE_CHECKING:
    from index.search import Filters
    from qa.answer import Answerer


def open_answerer(
    directory: Path, min_confidence: float | None, *, model: str | None, reader: str | None
) -> "Answerer":
    """Open the index with its models, and tell if confidence was not fitted for this reader."""
    answerer = opening.open_answerer(directory, min_confidence=min_confidence, model=model, reader=reader)
    tell_if_uncalibrated(answerer.reader)
    return answerer


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
