"""Measures one system in a process of its own: `python -m evals.bench.peers.one PHASE NAME TASK OUT`.

Phases: `probe` (is it installed, how large), `index` (builds the indexes), `ask` (all questions, warm), `search` and
`answer` (one question, cold: the caller takes the time). Nothing heavy is imported here but the system itself.
"""

import importlib.metadata
import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from evals.bench.peers.installed import closure, megabytes, version
from evals.bench.peers.systems import Given, System
from evals.bench.peers.task import DEPTH, PEERS, THREADS, Corpus, Peer, Task

T = TypeVar("T")
STATUS = Path("/proc/self/status")


def load_system(peer: Peer, task: Task) -> System:
    """Import a system's adapter, and with it what it needs, and load its encoder."""
    module, name = peer.adapter.split(":")
    system: System = getattr(import_module(f"evals.bench.peers.{module}"), name)(task.models)
    return system


def probe(peer: Peer, task: Task) -> dict[str, Any]:
    """Tell the system's version and the size of its install, or why it cannot be measured."""
    try:
        load_system(peer, task)
        versions = {name: version(name) for name in peer.distributions}
        needed = closure(peer.distributions)
    except (ImportError, importlib.metadata.PackageNotFoundError) as error:
        return {"missing": f"{type(error).__name__}: {error}"}
    return {"versions": versions, "distributions": len(needed), "install_mb": megabytes(needed)}


def index(peer: Peer, task: Task) -> dict[str, Any]:
    """Build and store an index a corpus; the encoder is loaded before the time is taken."""
    system = load_system(peer, task)
    system.get_ready_to_build()
    seconds = {}
    for corpus in task.corpora:
        folder = task.index(peer.name, corpus.name)
        shutil.rmtree(folder, ignore_errors=True)  # an index of an earlier run would be updated, not built
        folder.parent.mkdir(parents=True, exist_ok=True)
        milliseconds, _ = timed(partial(system.build, corpus, folder))
        seconds[corpus.name] = milliseconds / 1000
    return {"seconds": seconds, "peak_mb": peak_megabytes()}


def ask(peer: Peer, task: Task) -> dict[str, Any]:
    """Search for every question and answer those to be answered, one at a time; memory is that of the first corpus."""
    system = load_system(peer, task)
    out: dict[str, Any] = {"search": {}, "answer": {}}
    for corpus in task.corpora:
        system.open(task.index(peer.name, corpus.name))
        if corpus.is_searched:
            out["search"][corpus.name] = search_all(system, corpus)
        if peer.reads and corpus.read:
            system.load_reader()
            out["answer"][corpus.name] = answer_all(system, corpus)
    return out


def search_all(system: System, corpus: Corpus) -> dict[str, Any]:
    """Return the articles found for each question, with accents and without, and the milliseconds of the former."""
    system.search(corpus.asked[0].question, DEPTH)  # the first search of a process is no warm one
    found = [timed(partial(system.search, asked.question, DEPTH)) for asked in corpus.asked]
    return {
        "accented": [list(articles) for _, articles in found],
        "unaccented": [list(system.search(asked.unaccented, DEPTH)) for asked in corpus.asked],
        "ms": [milliseconds for milliseconds, _ in found],
        "peak_mb": peak_megabytes(),
    }


def answer_all(system: System, corpus: Corpus) -> dict[str, Any]:
    """Return the answer to each question, None for a refusal, and the milliseconds each took."""
    system.answer(corpus.asked[0].question, None)
    given = [timed(partial(system.answer, asked.question, asked.as_of)) for asked in corpus.to_answer]
    return {
        "given": [asdict(answer) if answer else None for _, answer in given],
        "ms": [milliseconds for milliseconds, _ in given],
        "peak_mb": peak_megabytes(),
    }


def search_once(peer: Peer, task: Task) -> dict[str, Any]:
    """Search for one question."""
    system = load_system(peer, task)
    system.open(task.index(peer.name, task.corpora[0].name))
    return {"articles": list(system.search(task.corpora[0].asked[0].question, DEPTH))}


def answer_once(peer: Peer, task: Task) -> dict[str, Any]:
    """Answer one question."""
    system = load_system(peer, task)
    system.open(task.index(peer.name, task.corpora[0].name))
    system.load_reader()
    given: Given | None = system.answer(task.corpora[0].asked[0].question, None)
    return {"answer": given.text if given else None}


def timed(act: Callable[[], T]) -> tuple[float, T]:
    """Return how many milliseconds an act took, and what came of it."""
    began = time.perf_counter()
    result = act()
    return 1000 * (time.perf_counter() - began), result


def peak_megabytes() -> float:
    """Return the most memory that this process ever held.

    `ru_maxrss` is the last resort: a process started by a larger one inherits that one's figure.
    """
    if STATUS.exists():
        for line in STATUS.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


PHASES: dict[str, Callable[[Peer, Task], dict[str, Any]]] = {
    "probe": probe,
    "index": index,
    "ask": ask,
    "search": search_once,
    "answer": answer_once,
}


def main(phase: str, name: str, task: str, out: str) -> None:
    """Run one phase of one system and write what was measured."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])
    (peer,) = (peer for peer in PEERS if peer.name == name)
    measured = PHASES[phase](peer, Task.load(Path(task)))
    Path(out).write_text(json.dumps(measured, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
