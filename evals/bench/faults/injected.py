"""What may go wrong at a step: what a full, failing, read-only or lying disk says, Ctrl-C, a kill."""

import errno
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from evals.bench.faults.steps import CALLS, Act, Step

ALL = frozenset(CALLS)
SPACE = frozenset({"open", "write", "fsync", "close", "mkdir", "replace"})
NAMES = frozenset({"open", "mkdir", "replace", "unlink", "rmdir"})


Raises = Callable[[Step, Act], object]


@dataclass(frozen=True, slots=True)
class Fault:
    """What a system may do at a step of one of the `calls`; from there on at every one, if it is `lasting`.

    `reason` is what the error then has to name. A full disk has to be left as free as it was.
    """

    name: str
    calls: frozenset[str]
    strike: Raises
    reason: str = ""
    lasting: bool = False
    stops: bool = False
    kills: bool = False

    def breaks(self, at: int) -> Callable[[int, Step, Act], object]:
        """Return what breaks the step of that number."""

        def taken(number: int, step: Step, act: Act) -> object:
            is_struck = number == at or (self.lasting and number > at and step.call in self.calls)
            return self.strike(step, act) if is_struck else act(step.data)

        return taken


def _fails(code: int) -> Raises:
    def strike(step: Step, act: Act) -> object:
        if step.call == "close":
            act(b"")  # what cannot be closed is closed all the same
        raise OSError(code, os.strerror(code), step.path)

    return strike


def _writes(share: Callable[[int], int], *, lies: bool = False) -> Raises:
    def strike(step: Step, act: Act) -> object:
        written = act(step.data[: share(len(step.data))])
        return len(step.data) if lies else written

    return strike


def _interrupts(step: Step, act: Act) -> object:
    raise KeyboardInterrupt


def _interrupts_after(step: Step, act: Act) -> object:
    try:
        return act(step.data)
    finally:
        raise KeyboardInterrupt


def _kills(step: Step, act: Act) -> object:
    os.kill(os.getpid(), signal.SIGKILL)
    return None


def _kills_half_way(step: Step, act: Act) -> object:
    act(step.data[: len(step.data) // 2])
    return _kills(step, act)


def _errors() -> Iterator[Fault]:
    for name, calls in (("ENOSPC", SPACE), ("EDQUOT", SPACE), ("EIO", ALL), ("EACCES", NAMES), ("EROFS", NAMES)):
        code = getattr(errno, name)
        yield Fault(name, calls, _fails(code), os.strerror(code))
        yield Fault(f"{name} from then on", calls, _fails(code), os.strerror(code), lasting=True)
    for name, call in (("EINTR", "close"), ("EINVAL", "fsync"), ("ENOLCK", "flock"), ("EMFILE", "open")):
        yield Fault(name, frozenset({call}), _fails(getattr(errno, name)), os.strerror(getattr(errno, name)))


WRITE = frozenset({"write"})
FAULTS = (
    *_errors(),
    Fault("short write: half", WRITE, _writes(lambda size: size // 2)),
    Fault("short write: all but a byte", WRITE, _writes(lambda size: size - 1)),
    Fault("short write: nothing", WRITE, _writes(lambda size: 0)),
    Fault("a write that lies", WRITE, _writes(lambda size: size - 1, lies=True)),
    Fault("Ctrl-C before", ALL, _interrupts, stops=True),
    Fault("Ctrl-C after", ALL, _interrupts_after, stops=True),
    Fault("killed before", ALL, _kills, kills=True),
    Fault("killed half-way", WRITE, _kills_half_way, kills=True),
)
