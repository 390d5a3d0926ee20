"""The steps by which a program changes what lies below a folder: seen, written down, and made to fail.

All of Python's writing ends in a few calls of `os`; while `Steps` watches, those go through it, and so do the streams
that `open` makes, which would else make theirs out of sight. SQLite's files and other processes are not seen.
"""

import builtins
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CALLS = ("open", "write", "fsync", "close", "replace", "mkdir", "unlink", "rmdir", "ftruncate", "fchmod", "flock")
ALIASES = {"rename": "replace", "remove": "unlink"}


@dataclass(frozen=True, slots=True)
class Step:
    """One call: the file or folder it is about, what a rename calls it, the bytes of a write and where they go."""

    call: str
    path: str
    other: str = ""
    data: bytes = b""
    offset: int = 0


Act = Callable[[bytes], object]
Name = str | bytes | os.PathLike[str] | int
# What goes wrong at a step: takes its number, the step, and what takes it, given the bytes to write; raises or returns
# what the system would.
Breaks = Callable[[int, Step, Act], object]


def _as_it_should(number: int, step: Step, act: Act) -> object:
    return act(step.data)


class Steps:
    """A watch over `root`: `taken` are the steps that were tried, `done` those that changed something.

    `fsync` is not passed on to the system: what reaches a disk is `disk`'s to say. `strays` are changes elsewhere.
    """

    def __init__(self, root: Path, breaks: Breaks = _as_it_should) -> None:
        """Watch `root`, which exists, once entered."""
        self.root = os.path.realpath(root)
        self.taken: list[Step] = []
        self.done: list[Step] = []
        self.strays: list[str] = []
        self._breaks = breaks
        self._known: dict[str, str] = {}
        self._real: dict[str, Callable[..., Any]] = {}
        self._opened: dict[int, tuple[str, bool, tuple[int, int]]] = {}

    def __enter__(self) -> Self:
        """Begin."""
        for name in (*CALLS, *ALIASES):
            module: Any = fcntl if name == "flock" else os
            if hasattr(module, name):
                self._real[name] = getattr(module, name)
                setattr(module, name, getattr(self, f"_{ALIASES.get(name, name)}"))
        self._real["stream"] = io.open
        io.open = builtins.open = self._stream  # type: ignore[assignment]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End, and put the system's calls back."""
        for name in self._real:
            if name != "stream":
                setattr(fcntl if name == "flock" else os, name, self._real[name])
        io.open = builtins.open = self._real["stream"]

    def left_open(self) -> list[str]:
        """Return the files and folders below the root that were opened and are open still."""
        return [path for number, (path, _, opened) in self._opened.items() if _identity(number) == opened]

    def _is_below(self, path: str) -> bool:
        return path == self.root or path.startswith(self.root + os.sep)

    def _where(self, path: Name, dir_fd: int | None = None) -> str:
        if isinstance(path, int):
            return self._opened[path][0] if path in self._opened else ""
        base = self._opened[dir_fd][0] if dir_fd in self._opened else ""
        folder, name = os.path.split(os.path.join(base, os.fsdecode(path)))
        folder = os.path.abspath(folder)
        if folder not in self._known:
            self._known[folder] = os.path.realpath(folder)
        return os.path.join(self._known[folder], name)

    def _take(self, step: Step, act: Act) -> object:
        """Take a step as the fault wills; outside the root only note it."""
        if not self._is_below(step.path):
            self.strays.append(f"{step.call} {step.path}")
            return act(step.data)
        self.taken.append(step)
        return self._breaks(len(self.taken) - 1, step, act)

    def _rename(self, step: Step, call: Callable[[], object]) -> None:
        """Take a step that gives or takes names."""

        def act(_: bytes) -> None:
            call()
            self.done.append(step)

        self._take(step, act)

    def _replace(self, path: Name, other: Name) -> None:
        step = Step("replace", self._where(path), other=self._where(other))
        self._rename(step, lambda: self._real["replace"](path, other))

    def _unlink(self, path: Name, *, dir_fd: int | None = None) -> None:
        step = Step("unlink", self._where(path, dir_fd))
        self._rename(step, lambda: self._real["unlink"](path, dir_fd=dir_fd))

    def _rmdir(self, path: Name, *, dir_fd: int | None = None) -> None:
        step = Step("rmdir", self._where(path, dir_fd))
        self._rename(step, lambda: self._real["rmdir"](path, dir_fd=dir_fd))

    def _mkdir(self, path: Name, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        step = Step("mkdir", self._where(path, dir_fd))
        self._rename(step, lambda: self._real["mkdir"](path, mode, dir_fd=dir_fd))

    def _open(self, path: Name, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        step = Step("open", self._where(path, dir_fd))

        def act(_: bytes) -> int:
            is_new = not os.path.lexists(step.path)
            descriptor: int = self._real["open"](path, flags, mode, dir_fd=dir_fd)
            if flags & WRITING and (is_new or flags & os.O_TRUNC):
                self.done.append(Step("create" if is_new else "ftruncate", step.path))
            if self._is_below(step.path):
                self._opened[descriptor] = (step.path, bool(flags & WRITING), _identity(descriptor))
            return descriptor

        return cast(int, self._take(step, act) if flags & WRITING else act(b""))

    def _write(self, descriptor: int, data: bytes | memoryview) -> int:
        if descriptor not in self._opened:
            return int(self._real["write"](descriptor, data))
        path = self._opened[descriptor][0]

        def act(part: bytes) -> int:
            written = int(self._real["write"](descriptor, part)) if part else 0
            offset = os.lseek(descriptor, 0, os.SEEK_CUR) - written
            self.done.append(Step("write", path, data=bytes(part[:written]), offset=offset))
            return written

        return cast(int, self._take(Step("write", path, data=bytes(data)), act))

    def _held(self, call: str, descriptor: int, *arguments: int, is_passed_on: bool = True) -> None:
        """Take a step through an open file or folder."""
        step = Step(call, self._where(descriptor), offset=arguments[0] if arguments else 0)

        def act(_: bytes) -> None:
            if is_passed_on:
                self._real[call](descriptor, *arguments)
            self.done.append(step)

        self._take(step, act) if step.path else self._real[call](descriptor, *arguments)

    def _fsync(self, descriptor: int) -> None:
        self._held("fsync", descriptor, is_passed_on=False)

    def _ftruncate(self, descriptor: int, size: int) -> None:
        self._held("ftruncate", descriptor, size)

    def _fchmod(self, descriptor: int, mode: int) -> None:
        self._held("fchmod", descriptor, mode)

    def _flock(self, descriptor: int, how: int) -> None:
        if how == fcntl.LOCK_UN:  # cannot fail: the file is closed next, and that lets go of it too
            self._real["flock"](descriptor, how)
        else:
            self._held("flock", descriptor, how)

    def _close(self, descriptor: int) -> None:
        path, is_written, _ = self._opened.pop(descriptor, ("", False, (0, 0)))
        if not is_written:
            self._real["close"](descriptor)
            return
        self._take(Step("close", path), lambda _: self._real["close"](descriptor))

    def _stream(
        self, file: Name, mode: str = "r", buffering: int = -1, encoding: str | None = None,
        errors: str | None = None, newline: str | None = None, closefd: bool = True,
        opener: Callable[[str, int], int] | None = None,
    ) -> object:  # fmt: skip
        """Open a stream as `open` does; one that writes below the root takes its steps here."""
        if not set(mode) & set("wax+") or not closefd or not self._is_below(self._where(file)):
            return self._real["stream"](file, mode, buffering, encoding, errors, newline, closefd, opener)
        descriptor = file if isinstance(file, int) else os.open(file, _flags(mode), 0o666)
        raw = _Raw(descriptor, mode.translate({ord("b"): None, ord("t"): None}))
        buffered: Any = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        if "b" in mode:
            return buffered if buffering else raw
        return io.TextIOWrapper(buffered, encoding, errors, newline)


class _Raw(io.FileIO):
    """An open file whose bytes are written, cut and closed by the calls of `os`."""

    def __init__(self, descriptor: int, mode: str) -> None:
        super().__init__(descriptor, mode, closefd=False)

    def write(self, data: Any) -> int:  # noqa: ANN401  # any buffer, as its base has it
        return os.write(self.fileno(), data)

    def truncate(self, size: int | None = None) -> int:
        size = self.tell() if size is None else size
        os.ftruncate(self.fileno(), size)
        return size

    def close(self) -> None:
        if not self.closed:
            descriptor = self.fileno()
            super().close()
            os.close(descriptor)


def _flags(mode: str) -> int:
    how = os.O_RDWR if "+" in mode else os.O_WRONLY
    how |= {"w": os.O_CREAT | os.O_TRUNC, "a": os.O_CREAT | os.O_APPEND, "x": os.O_CREAT | os.O_EXCL, "r": 0}[
        mode.strip("bt+")[:1]
    ]
    return how | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def _identity(descriptor: int) -> tuple[int, int]:
    """Return what file a descriptor is open on; two noughts if it isn't open."""
    try:
        found = os.fstat(descriptor)
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino
