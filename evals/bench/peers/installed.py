"""How much an install takes: the files of a distribution and of all that it requires, as their metadata list them."""

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

NAME = re.compile(r"^\s*([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?")


def version(name: str) -> str:
    """Return a distribution's version; `PackageNotFoundError` if it is not installed."""
    return distribution(name).version


def closure(roots: Iterable[str]) -> set[str]:
    """Return the names of the distributions that `roots` need, themselves included, for this Python and platform."""
    waiting = [(_canonical(name), "") for name in roots]
    seen: set[tuple[str, str]] = set()
    while waiting:
        item = waiting.pop()
        if item not in seen and _is_installed(item[0]):
            seen.add(item)
            waiting += _requirements(*item)
    return {name for name, _ in seen}


def megabytes(names: Iterable[str]) -> float:
    """Return the size of the files that the distributions installed, in millions of bytes."""
    return sum(path.stat().st_size for path in {path for name in names for path in _files(name)}) / 1e6


def _requirements(name: str, extra: str) -> Iterator[tuple[str, str]]:
    """Yield `(distribution, extra)` for what a distribution needs; "" is the distribution without any extra."""
    from packaging.markers import Marker

    for line in distribution(name).requires or ():
        required, _, marker = line.partition(";")
        if marker.strip() and not Marker(marker).evaluate({"extra": extra}):
            continue
        if match := NAME.match(required):
            yield _canonical(match[1]), ""
            yield from ((_canonical(match[1]), asked.strip()) for asked in (match[2] or "").split(",") if asked.strip())


def _files(name: str) -> Iterator[Path]:
    """Yield the files of a distribution; for one installed as editable, those of its packages where they stand."""
    installed = distribution(name)
    paths = [Path(str(file.locate())) for file in installed.files or ()]
    packages = (installed.read_text("top_level.txt") or "").split() if _is_editable(paths) else []
    folders = [Path(folder) for package in packages for folder in import_module(package).__path__]
    yield from (path for path in paths if path.is_file())
    yield from (path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")


def _is_editable(paths: Iterable[Path]) -> bool:
    return any(path.name.startswith("__editable__") for path in paths)


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True
