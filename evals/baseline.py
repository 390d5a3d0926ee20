"""The gate: what a release is held against, and how much each metric may worsen."""

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from corpus.files import open_regular
from evals.run import Header, Run, make_folder, write_file
from evals.score import LOWER_IS_BETTER, METRICS

FOLDER = Path("evals/baselines")  # of the folder one works in, as the tolerances are
FORMAT = 1
ROUNDING = 1e-6
TABLE = ("tool", "qa-evals", "tolerances")


@dataclass(frozen=True, slots=True)
class Check:
    """A metric held against its tolerance; `before` and `after` are shares of 1."""

    metric: str
    before: float
    after: float
    tolerance: float

    @property
    def worsening(self) -> float:
        """How much worse `after` is; negative where it is better."""
        change = self.after - self.before
        return change if self.metric in LOWER_IS_BETTER else -change

    @property
    def is_regression(self) -> bool:
        """Whether it is worse by more than the tolerance."""
        return self.worsening > self.tolerance + ROUNDING


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a gate remembers of a run: its header, its scores, and which questions it got wrong."""

    header: Header
    scores: dict[str, float]
    wrong: tuple[str, ...]

    @property
    def file_name(self) -> str:
        """The set and the model fingerprint; the mode of search, too, where it is not the usual one."""
        mode = "" if self.header.mode == "hybrid" else f"-{self.header.mode}"
        return f"{self.header.set}-{self.header.model}{mode}.json"


def read_tolerances(path: Path) -> dict[str, float]:
    """Read `[tool.qa-evals.tolerances]` of a TOML file: how much each metric may worsen, in shares of 1."""
    try:
        table: Any = tomllib.loads(path.read_text(encoding="utf-8"))
        for key in TABLE:
            table = table[key]
        tolerances = {str(metric): float(value) for metric, value in table.items()}
        if not tolerances:
            raise ValueError("empty")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            f"{path}: không có bảng [{'.'.join(TABLE)}] đọc được ({type(error).__name__}). Hãy cho --tolerances TỆP.",
            f"{path}: no readable table [{'.'.join(TABLE)}] ({type(error).__name__}). Give --tolerances FILE.",
        ) from error
    if bad := [metric for metric, value in tolerances.items() if not 0 <= value <= 1]:
        raise InputError(
            f"{path}: dung sai của {bad[0]} phải từ 0 đến 1.", f"{path}: the tolerance of {bad[0]} must be 0 to 1."
        )
    return tolerances


def keep(run: Run, folder: Path = FOLDER) -> Path:
    """Write a run as the baseline of its set and models; return the file."""
    wrong = tuple(record.id for record in run.records if not record.is_right)
    baseline = Baseline(run.header, run.scores.all, wrong)
    path = folder / baseline.file_name
    make_folder(folder)
    write_file(path, json.dumps({"format": FORMAT, **asdict(baseline)}, indent=1) + "\n")
    return path


def read_baseline(path: Path) -> Baseline:
    """Read a baseline; `InputError` if the file is none."""
    try:
        with open_regular(path) as stream:
            row = json.loads(stream.read())
        if row["format"] != FORMAT:
            raise ValueError(f"format {row['format']}")
        scores = {str(metric): _score(value) for metric, value in row["scores"].items()}
        return Baseline(Header(**row["header"]), scores, tuple(map(str, row["wrong"])))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            f"{path}: không phải một mốc so sánh ({type(error).__name__}). Hãy tạo bằng `qa eval baseline LẦN_CHẠY`.",
            f"{path}: not a baseline ({type(error).__name__}). Make one with `qa eval baseline RUN`.",
        ) from error


def _score(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no score")
    return float(value)


def find_baseline(header: Header, folder: Path = FOLDER) -> Path:
    """Return the baseline of a run's set and models; `InputError` if there is none."""
    path = folder / Baseline(header, {}, ()).file_name
    if not path.is_file():
        raise InputError(
            f"{path}: chưa có mốc so sánh cho bộ {header.set} với các mô hình này. Hãy so với một mốc khác bằng "
            "--baseline TỆP, hoặc chạy không có --gate rồi giữ lần chạy đó bằng `qa eval baseline`.",
            f"{path}: there is no baseline for the set {header.set} with these models. Compare with another by "
            "--baseline FILE, or run without --gate and keep that run with `qa eval baseline`.",
        )
    return path


def check_scores(
    before: Mapping[str, float], after: Mapping[str, float], tolerances: Mapping[str, float]
) -> tuple[Check, ...]:
    """Check every metric that has a tolerance; one that only the earlier run has counts as 0 now."""
    unknown = sorted(set(tolerances) - set(METRICS))
    if unknown:
        raise InputError(
            f"Dung sai nêu số đo không biết: {unknown[0]}.",
            f"A tolerance names an unknown metric: {unknown[0]}.",
        )
    worst = {metric: float(metric in LOWER_IS_BETTER) for metric in tolerances}
    return tuple(
        Check(metric, before[metric], after.get(metric, worst[metric]), tolerance)
        for metric, tolerance in tolerances.items()
        if metric in before
    )
