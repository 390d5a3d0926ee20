"""What a disk may hold after a power cut: what was synced, and of the rest as little or as much as a model says.

The strict reading of POSIX: `fsync` of a file keeps its bytes and not its name, `fsync` of a folder keeps the names in
it and nothing else. A rename is whole or not at all.
"""

import os
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from evals.bench.faults.steps import Step

State = dict[str, bytes | None]  # by path below the root; None is a folder


@dataclass(slots=True)
class File:
    """A file: its bytes now, and those that were synced."""

    now: bytearray = field(default_factory=bytearray)
    kept: bytes = b""

    @property
    def safe(self) -> int:
        """How many of the first bytes were synced and are there still."""
        return len(self.kept) if self.now.startswith(self.kept) else 0


@dataclass(slots=True)
class Folder:
    """A folder: its names now, those that were synced, and each change of a name since."""

    now: dict[str, "File | Folder"] = field(default_factory=dict)
    kept: dict[str, "File | Folder"] = field(default_factory=dict)
    since: list[dict[str, "File | Folder | None"]] = field(default_factory=list)

    def change(self, names: dict[str, "File | Folder | None"]) -> None:
        """Give names to files and folders, or take them away (None), together."""
        self.since.append(names)
        _change(self.now, names)


def _change(names: dict[str, File | Folder], by: dict[str, File | Folder | None]) -> None:
    for name, node in by.items():
        if node is None:
            names.pop(name, None)
        else:
            names[name] = node


Bytes = Callable[[File], bytes]
Names = Callable[[Folder], dict[str, "File | Folder"]]


@dataclass(frozen=True, slots=True)
class Model:
    """A way of losing power: which bytes of a file, and which names of a folder, there are afterwards."""

    name: str
    content: Bytes
    names: Names


def _cut(share: float) -> Bytes:
    """Keep what was synced and a share of what was added since."""
    return lambda file: bytes(file.now[: file.safe + int((len(file.now) - file.safe) * share)])


NOW = Model("killed", lambda file: bytes(file.now), lambda folder: folder.now)
MODELS = (
    Model("power cut: nothing unsynced is left", lambda file: file.kept, lambda folder: folder.kept),
    Model("power cut: names are left, bytes are not", lambda file: file.kept, lambda folder: folder.now),
    Model("power cut: names are left, files are cut", _cut(0.5), lambda folder: folder.now),
    Model(
        "power cut: names are left, bytes are zeros",
        lambda file: bytes(file.now[: file.safe]).ljust(len(file.now), b"\0"),
        lambda folder: folder.now,
    ),
    Model("power cut: bytes are left, names are not", lambda file: bytes(file.now), lambda folder: folder.kept),
)


def some(chance: random.Random) -> Model:
    """Return a model that keeps some of what was not synced, by chance, renames in their order."""

    def content(file: File) -> bytes:
        return chance.choice((file.kept, bytes(file.now), _cut(chance.random())(file)))

    def names(folder: Folder) -> dict[str, File | Folder]:
        found = dict(folder.kept)
        for change in folder.since:
            if chance.random() < 0.5:
                _change(found, change)
        return found

    return Model("power cut: some of each is left", content, names)


class Disk:
    """A folder as a disk holds it, step by step."""

    def __init__(self, root: Path) -> None:
        """Take what lies below `root` now to be synced."""
        self._root = os.path.realpath(root)
        self._top = _folder_of(Path(self._root))

    def apply(self, steps: Iterable[Step]) -> "Disk":
        """Take steps that were done; return the disk itself."""
        for step in steps:
            self._apply(step)
        return self

    def after(self, model: Model) -> State:
        """Return what there is after a power cut."""
        return dict(_walk(self._top, model, ""))

    def _find(self, path: str) -> File | Folder | None:
        node: File | Folder | None = self._top
        for name in os.path.relpath(path, self._root).split(os.sep):
            if name != os.curdir:
                node = node.now.get(name) if isinstance(node, Folder) else None
        return node

    def _apply(self, step: Step) -> None:
        above, name = self._find(os.path.dirname(step.path)), os.path.basename(step.path)
        if step.call in {"create", "mkdir", "unlink", "rmdir"}:
            made = {"create": File, "mkdir": Folder}.get(step.call)
            if isinstance(above, Folder):
                above.change({name: made() if made else None})
        elif step.call == "replace":
            self._rename(step)
        else:
            _touch(self._find(step.path), step)

    def _rename(self, step: Step) -> None:
        node = self._find(step.path)
        old, new = self._find(os.path.dirname(step.path)), self._find(os.path.dirname(step.other))
        if node is None or not isinstance(old, Folder) or not isinstance(new, Folder):
            return
        lost, given = {os.path.basename(step.path): None}, {os.path.basename(step.other): node}
        if old is new:
            old.change({**lost, **given})
        else:
            new.change({**given})
            old.change({**lost})


def _touch(node: File | Folder | None, step: Step) -> None:
    if step.call == "fsync" and isinstance(node, File):
        node.kept = bytes(node.now)
    elif step.call == "fsync" and isinstance(node, Folder):
        node.kept, node.since = dict(node.now), []
    elif step.call == "ftruncate" and isinstance(node, File):
        node.now = node.now[: step.offset].ljust(step.offset, b"\0")
    elif step.call == "write" and isinstance(node, File):
        node.now = node.now.ljust(step.offset, b"\0")
        node.now[step.offset : step.offset + len(step.data)] = step.data


def _folder_of(path: Path) -> Folder:
    names: dict[str, File | Folder] = {}
    for below in path.iterdir():
        data = b"" if below.is_dir() else below.read_bytes()
        names[below.name] = _folder_of(below) if below.is_dir() else File(bytearray(data), data)
    return Folder(dict(names), names)


def _walk(folder: Folder, model: Model, where: str) -> Iterable[tuple[str, bytes | None]]:
    for name, node in sorted(model.names(folder).items()):
        path = os.path.join(where, name)
        if isinstance(node, File):
            yield path, model.content(node)
        else:
            yield path, None
            yield from _walk(node, model, path)


def put(state: State, root: Path) -> None:
    """Make an empty folder hold a state."""
    for name, data in state.items():
        if data is None:
            (root / name).mkdir()
        else:
            (root / name).write_bytes(data)
