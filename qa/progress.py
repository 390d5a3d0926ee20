"""Progress on a terminal."""

import sys
from typing import Any

from qa.messages import say

STAGES = {"read": "reading", "embed": "embedding", "ask": "asking"}


class progress_bars:  # noqa: N801 - used as `with progress_bars()`
    """Progress bars on stderr, one a stage of `STAGES`; silent where stderr is no terminal."""

    def __enter__(self) -> Any:  # noqa: ANN401, D105 - a plain function
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._bars = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty(),
        )  # fmt: skip
        self._tasks: dict[str, Any] = {}
        self._bars.start()
        return self._advance

    def _advance(self, stage: str, done: int, total: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(say(STAGES[stage]), total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)

    def __exit__(self, *_: object) -> None:  # noqa: D105
        self._bars.stop()
