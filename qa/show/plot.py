"""A timeline as a picture: a row a value, a bar from its first day to its last, a dot a source.

Text from articles stands in it as it is: no formula, no markup, no control character, and no more of it than fits.
"""

import errno
import logging
import os
import stat
import warnings
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import InputError
from corpus.files import replace_whole
from corpus.visible import visible
from qa.show.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from qa.timeline.rows import Row, Timeline


SUFFIXES = (".svg", ".png")
LABEL = 40
TITLE = 80
WIDTH = 9.0
ROW_HEIGHT = 0.45
FRAME_HEIGHT = 1.5
DPI = 120
YEARS_TO_NAME_ONLY = 4
INK, PALE = "#1f5a8a", "#b9d3e8"


def check_path(path: Path) -> None:
    """Say what can't be written before any work is done: `InputError` for another suffix or a place not to write to."""
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"--plot {path}: chỉ vẽ được tệp .svg hoặc .png. Hãy đổi đuôi tệp.",
            f"--plot {path}: pictures are .svg or .png files. Name one of those.",
        )
    try:
        _check_place(Path(os.path.realpath(path)))
    except OSError as error:
        raise _unwritable(path, error) from error


def _check_place(target: Path) -> None:
    """Raise the `OSError` that writing to `target`, which is no link, would raise; create nothing."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        target.parent.stat()
        is_writable = os.access(target.parent, os.W_OK | os.X_OK)
    else:
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        is_writable = os.access(target, os.W_OK)
    if not is_writable:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(
        f"--plot {path}: không ghi được ({error.strerror}). Hãy chọn chỗ khác.",
        f"--plot {path}: cannot be written ({error.strerror}). Choose another place.",
    )


def label(text: str, length: int) -> str:
    """Return text for one line of a picture: at most `length` characters, what is not seen shown by its code."""
    shown = visible(" ".join(text.split()), inline=True)
    return shown if len(shown) <= length else shown[: length - 1].rstrip() + "…"


def draw(timeline: "Timeline", path: Path) -> None:
    """Draw a timeline that has rows; the same one makes the same bytes. `InputError` if `path` can't be written."""
    logging.getLogger("matplotlib").setLevel(
        logging.ERROR
    )  # it says that it makes a temporary folder: `corpus.offline`
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    kind = path.suffix.lower().removeprefix(".")
    values = list(dict.fromkeys(row.key for row in timeline.rows))
    picture = BytesIO()
    with (
        rc_context({"svg.hashsalt": "qa", "svg.fonttype": "none", "text.parse_math": False}),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # a letter that the font lacks is drawn as a box
        figure = Figure(figsize=(WIDTH, FRAME_HEIGHT + ROW_HEIGHT * len(values)), layout="constrained")
        axes = figure.add_subplot()
        for row in timeline.rows:
            _draw_row(axes, row, values.index(row.key))
        names = {row.key: row.value for row in reversed(timeline.rows)}
        axes.set_yticks(range(len(values)), [label(names[key], LABEL) for key in values])
        axes.set_ylim(len(values) - 0.5, -0.5)
        axes.set_title(label(timeline.subject, TITLE), fontsize=11, loc="left")
        axes.set_xlabel(_legend(timeline), fontsize=8, color="#555555")
        _draw_time(axes, timeline)
        unsaid = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
        figure.savefig(picture, format=kind, dpi=DPI, metadata=unsaid)
    try:
        replace_whole(path, picture.getvalue())
    except OSError as error:
        raise _unwritable(path, error) from error


def _draw_row(axes: "Axes", row: "Row", place: int) -> None:
    """Draw the days from a row's first source to its last, and the middle of each source's days."""
    first, last = row.window.first.toordinal(), row.window.last.toordinal()
    axes.barh(place, last - first + 1, left=first, height=0.28, color=PALE, zorder=1)
    for source in row.sources:
        middle = (source.when.first.toordinal() + source.when.last.toordinal() + 1) / 2
        face = "white" if source.date_inferred else INK
        axes.plot([middle], [place], "o", markersize=7, markerfacecolor=face, markeredgecolor=INK, zorder=2)


def _legend(timeline: "Timeline") -> str:
    is_inferred = any(source.date_inferred for row in timeline.rows for source in row.sources)
    return say("plot_dots") + (f"; {say('plot_inferred')}" if is_inferred else "")


def _draw_time(axes: "Axes", timeline: "Timeline") -> None:
    """Mark years, or months where few years are covered, over a little more than the days covered."""
    first = min(row.window.first for row in timeline.rows)
    last = max(row.window.last for row in timeline.rows)
    margin = timedelta(days=max(60, (last - first).days // 20))
    low, high = first - margin, last + margin
    ticks = _ticks(low, high)
    is_by_year = (high - low).days > YEARS_TO_NAME_ONLY * 366
    axes.set_xlim(low.toordinal(), high.toordinal())
    axes.set_xticks(
        [day.toordinal() for day in ticks],
        [str(day.year) if is_by_year else f"{day.month}/{day.year}" for day in ticks],
    )
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _ticks(low: date, high: date, *, most: int = 12) -> list[date]:
    """Return the firsts of months, evenly apart and at most `most`, that lie between two days."""
    months = range(12 * low.year + low.month, 12 * high.year + high.month)
    apart = next((n for n in (1, 2, 3, 6, 12, 24, 60, 120) if len(months) <= n * most), 240)
    return [date(month // 12, month % 12 + 1, 1) for month in months if month % apart == 0]
