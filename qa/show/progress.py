"""Progress on a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa.show.messages import Shown, say

if TYPE_CHECKING:
    from rich.progress import TaskID


STAGES = {"read": "reading", "embed": "embedding", "ask": "asking"}


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """Show bars on stderr, one a stage of `STAGES`, moved by calling `(stage, done, total)`; none off a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    stream = sys.stderr.stream if isinstance(sys.stderr, Shown) else sys.stderr  # bars move the cursor
    with Progress(*columns, console=Console(file=stream), transient=True, disable=not stream.isatty()) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(say(STAGES[stage]), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield advance
