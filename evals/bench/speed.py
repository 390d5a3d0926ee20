"""How fast it is: `python -m evals.bench.speed`; medians of repeated runs of the real program on this machine."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from corpus import sample_folder

QUESTION = "Ai là Cục trưởng Cục Ngoại vụ năm 2018?"
MORE = (
    "Năm 2012, SNV Tp.HCM đón bao nhiêu đoàn khách?",
    "Gặp gỡ Nhật Bản 2023 được tổ chức ở đâu?",
    "Hội nghị Ngoại vụ lần thứ 19 có bao nhiêu đại biểu?",
    "Ai là Bộ trưởng Ngoại giao năm 2023?",
)


def seconds(command: Sequence[str], *, runs: int, env: dict[str, str] | None = None) -> list[float]:
    """Return the wall times of `runs` runs of a command."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(command, capture_output=True, check=False, env=env)
        times.append(time.perf_counter() - began)
    return times


def main(
    corpus: Annotated[Path, typer.Option(help="Articles to index.")] = Path("../shared/corpus"),
    runs: Annotated[int, typer.Option(help="Runs of each command.")] = 7,
) -> None:
    """Print one line a figure."""
    corpus = corpus if corpus.exists() else sample_folder()
    qa = [sys.executable, "-m", "qa.cli"]
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "QA_INDEX": f"{folder}/index"}
        (building,) = seconds([*qa, "index", str(corpus)], runs=1, env=env)
        print(f"index {corpus} (cold, whole process): {building:.2f} s")
        seconds([*qa, "ask", QUESTION], runs=1, env=env)
        asking = median(seconds([*qa, "ask", QUESTION], runs=runs, env=env))
        importing = median(seconds([sys.executable, "-c", "import sentence_transformers"], runs=3))
        helping = median(seconds([*qa, "--help"], runs=runs))
        ratio = f"import sentence_transformers: {importing:.2f} s; ratio {asking / importing:.2f}"
        print(f"cold qa ask: {asking:.2f} s; {ratio}")
        print(f"qa --help: {helping:.2f} s")
        batch = Path(folder) / "batch.jsonl"
        batch.write_text("".join(json.dumps({"question": q}) + "\n" for q in (QUESTION, *MORE * 3)), encoding="utf-8")
        done = subprocess.run([*qa, "ask", "--batch", str(batch)], capture_output=True, check=True, env=env, text=True)
        warm = sorted(json.loads(line)["timings_ms"]["total"] for line in done.stdout.splitlines()[1:])
        print(f"warm answer: p50 {warm[len(warm) // 2]:.0f} ms, largest {warm[-1]:.0f} ms of {len(warm)}")


if __name__ == "__main__":
    typer.run(main)
