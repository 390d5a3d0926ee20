"""Each writer broken at each step, and what is there then: the old or the new, whole, or a loss that must not be."""

import errno
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from corpus.errors import QaError
from evals.bench.faults import disk
from evals.bench.faults.injected import FAULTS, Fault
from evals.bench.faults.steps import Steps
from evals.bench.faults.writers import PLACE, Writer
from index.problems import GENERATION

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

FORKS = hasattr(os, "fork")  # not on Windows: there only `program` kills
RANDOM_CUTS = 3  # at each step
MEMORY = "/dev/shm"  # of Linux
BLOCK = 4096  # bytes


@dataclass(frozen=True, slots=True)
class Case:
    """One fault at one step of one writer; its name repeats it."""

    writer: str
    fault: str
    step: int

    def __str__(self) -> str:
        """Return the name."""
        return f"{self.writer}/{self.fault}/{self.step}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the writing ended (`told`, `said done`, `stopped`), what stands then, and what is wrong with that."""

    case: Case
    ended: str
    stands: str
    lost: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    traceback: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether nothing is lost or wrong."""
        return not (self.lost or self.wrong or self.traceback)


@dataclass(slots=True)
class Found:
    """What is found wrong on the way to an outcome."""

    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    traceback: list[str] = field(default_factory=list)


def quick_folder() -> str | None:
    """Return a folder in memory, for thousands of indexes in little time; None where there is none."""
    return MEMORY if os.access(MEMORY, os.W_OK) else None


class Trial:
    """A writer with what stood before and what stands after, in one folder that is put back for each case."""

    def __init__(self, writer: Writer, folder: Path) -> None:
        """Prepare, and see one writing that nothing disturbs."""
        self.writer = writer
        self.world, self._before = folder / "world", folder / "before"
        self.world.mkdir(parents=True)
        self.place = self.world / PLACE
        with Steps(self.world):
            writer.prepare(self.world)
        self.old = writer.read(self.world)
        shutil.copytree(self.world, self._before, symlinks=True)
        with Steps(self.place) as clean:
            writer.write(self.world)
        self.steps, self.done = tuple(clean.taken), tuple(clean.done)
        self.new = writer.read(self.world)
        self.names = self._names()
        self.sizes = sorted({path.stat().st_size for path in self.place.rglob("*") if path.is_file()})

    def cases(self) -> Iterator[tuple[Case, Callable[[], Outcome]]]:
        """Yield every case, and what runs it: faults at every step, then every state that a power cut may leave."""
        for fault in FAULTS:
            for number, step in enumerate(self.steps):
                if step.call in fault.calls and (FORKS or not fault.kills):
                    case = self._case(fault.name, number)
                    yield case, partial(self._broken, case, fault)
        yield from self._cuts()
        yield from self._later_cuts()
        yield from self._limits()

    def _case(self, fault: str, step: int) -> Case:
        return Case(self.writer.name, fault, step)

    def reset(self) -> None:
        """Put back what stood before."""
        for path in (*self.world.iterdir(), *self.place.iterdir()):
            if path != self.place:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(self._before, self.world, symlinks=True, dirs_exist_ok=True)

    def _hold(self, state: disk.State) -> None:
        """Put a simulated state of the disk in the place."""
        self.reset()
        for path in self.place.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        disk.put(state, self.place)

    def _names(self) -> list[str]:
        """Return the files and folders there, one generation called as another."""
        return sorted(_plain(path.relative_to(self.place)) for path in self.place.rglob("*"))

    # Faults

    def _broken(self, case: Case, fault: Fault) -> Outcome:
        """Break one step and look at what stands then."""
        self.reset()
        found = Found()
        if fault.kills:
            return self.judge(case, self._killed(fault, case.step, found), found)
        before = self._files()
        with Steps(self.place, fault.breaks(case.step)) as steps:
            ended = self.written(found, reason=fault.reason, may_stop=fault.stops)
        found.wrong += [f"outside of its folder: {stray}" for stray in steps.strays]
        if not fault.stops:
            found.wrong += [f"left open: {path}" for path in steps.left_open()]
        if fault.reason == os.strerror(errno.ENOSPC) and ended == "told":
            self._look_for_remains(before, found)
        return self.judge(case, ended, found)

    def written(self, found: Found, *, reason: str = "", may_stop: bool = False) -> str:
        """Write; return how it ended, and note an error that says too little, or that is none of ours."""
        try:
            self.writer.write(self.world)
        except QaError as error:
            for message in (error.vi, error.en):
                if str(self.place) not in message or reason not in message:
                    found.wrong.append(f"says too little: {message}")
            return "told"
        except KeyboardInterrupt:
            if not may_stop:
                found.wrong.append("stopped by itself")
            return "stopped"
        except Exception as error:
            found.traceback.append(f"{type(error).__name__}: {error}")
            return "traceback"
        return "said done"

    def _killed(self, fault: Fault, step: int, found: Found) -> str:
        """Write in a process that is killed at a step."""
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if not child:
            with suppress(BaseException), Steps(self.place, fault.breaks(step)):
                self.writer.write(self.world)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            found.wrong.append("was not killed where it should have been")
        return "stopped"

    def _files(self) -> set[str]:
        return {str(path.relative_to(self.place)) for path in self.place.rglob("*") if not path.is_dir()}

    def _look_for_remains(self, before: set[str], found: Found) -> None:
        """Note what a failure has left on a full disk."""
        with suppress(QaError):
            if self.writer.read(self.world) == self.new:
                return
        left = [name for name in self._files() - before if not self.writer.may_stay(os.path.basename(name))]
        found.wrong += [f"takes up a full disk: {name}" for name in sorted(left)]

    # Power cuts

    def _cuts(self) -> Iterator[tuple[Case, Callable[[], Outcome]]]:
        """Every state that the disk may be left in at every step, each once."""
        self.reset()
        now, seen = disk.Disk(self.place), set()
        for number in range(len(self.done) + 1):
            models = (*disk.MODELS, *(disk.some(random.Random(f"{number} {i}")) for i in range(RANDOM_CUTS)))
            ended = "stopped" if number < len(self.done) else "said done"
            for case, state in [(self._case(model.name, number), now.after(model)) for model in models]:
                key = (ended, *sorted(state.items()))
                if key not in seen:
                    seen.add(key)
                    yield case, partial(self._cut, case, state, ended)
            now.apply(self.done[number : number + 1])

    def _cut(self, case: Case, state: disk.State, ended: str) -> Outcome:
        self._hold(state)
        return self.judge(case, ended, Found())

    def _later_cuts(self) -> Iterator[tuple[Case, Callable[[], Outcome]]]:
        """Killed at every step, written again, and the power cut after that was said to be done."""
        for number in range(len(self.done)):
            for model in disk.MODELS[:2]:
                case = self._case(f"killed, written again, {model.name}", number)
                yield case, partial(self._cut_later, case, model)

    def _cut_later(self, case: Case, model: disk.Model) -> Outcome:
        self.reset()
        now, found = disk.Disk(self.place).apply(self.done[: case.step]), Found()
        self._hold(now.after(disk.NOW))
        with Steps(self.place) as steps:
            ended = self.written(found)
        self._hold(now.apply(steps.done).after(model))
        return self.judge(case, ended, found)

    # Limits

    def _limits(self) -> Iterator[tuple[Case, Callable[[], Outcome]]]:
        """No file may be longer than about the length of each file that is written."""
        if resource:
            for size in sorted({max(0, s + more) for s in self.sizes for more in (-s, -s // 2, -1, 0, 1)}):
                case = self._case("no file longer than (bytes)", size)
                yield case, partial(self._limited, case)

    def _limited(self, case: Case) -> Outcome:
        self.reset()
        before, found = self._files(), Found()
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (case.step, hard))
        try:
            with Steps(self.place):
                ended = self.written(found, reason=os.strerror(errno.EFBIG))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        self._look_for_remains(before, found)
        return self.judge(case, ended, found)

    def full_disk(self) -> Iterator[tuple[Case, Callable[[], Outcome]]]:
        """A real file system, in the writer's place, of which so many blocks are free."""
        ends: dict[str, int] = {}
        for step in self.done:
            ends[step.path] = max(ends.get(step.path, 0), step.offset + len(step.data))
        for blocks in range(sum(-(-end // BLOCK) for end in ends.values()) + 1):
            case = self._case("a full file system (free blocks)", blocks)
            yield case, partial(self._filled, case)

    def _filled(self, case: Case) -> Outcome:
        self.reset()
        before, found = self._files(), Found()
        ballast, system = self.place / "ballast", os.statvfs(self.place)
        ballast.write_bytes(bytes(max(0, system.f_bavail - case.step) * system.f_frsize))
        try:
            with Steps(self.place):
                ended = self.written(found, reason=os.strerror(errno.ENOSPC))
        finally:
            ballast.unlink()
        self._look_for_remains(before, found)
        return self.judge(case, ended, found)

    # What stands

    def judge(self, case: Case, ended: str, found: Found) -> Outcome:
        """Look at what stands, and write again."""
        stands = self._stands(found)
        if ended == "said done" and stands != "new":
            found.lost.append(f"said to be written, and it is {stands}")
        self._again(found)
        return Outcome(case, ended, stands, tuple(found.lost), tuple(found.wrong), tuple(found.traceback))

    def _stands(self, found: Found) -> str:
        """Tell whether the old or the new stands; anything else is lost or wrong."""
        try:
            there = self.writer.read(self.world)
        except QaError as error:
            found.lost.append(error.en)
            return "damaged"
        except Exception as error:
            found.traceback.append(f"reading: {type(error).__name__}: {error}")
            return "damaged"
        if there == self.new:
            return "new"
        if there == self.old:
            return "old"
        (found.lost if there is None else found.wrong).append("neither the old nor the new stands")
        return "neither"

    def _again(self, found: Found) -> None:
        """Write again undisturbed: nothing may be in the way, and nothing left over afterwards."""
        with Steps(self.place):
            self.written(found)
        try:
            is_new = self.writer.read(self.world) == self.new
        except Exception as error:
            found.lost.append(f"written again: {error}")
            return
        if not is_new:
            found.wrong.append("written again, it is not what it should be")
        left = sorted(set(self._names()) - set(self.names))
        found.wrong += [f"left over: {name}" for name in left]


def _plain(path: Path) -> str:
    """Return a name with one generation called as another."""
    return GENERATION.sub("gen-N", path.as_posix())
