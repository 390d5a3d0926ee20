"""A run as one self-contained HTML page: pictures as inline SVG, nothing loaded from anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from corpus.visible import visible
from evals.compare import Comparison
from evals.outcome import Miss
from evals.report import verdict
from evals.run import Run
from evals.score import latency
from qa.show.messages import language, say

TEMPLATE = "page.html.j2"
BY_KIND = ("right@1", "f1", "recall@5")
BINS = 24
WIDTH, HEIGHT = 420, 190

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bars:
    """A histogram: heights as shares of the highest, and what the right end of the axis stands for."""

    heights: tuple[float, ...]
    counts: tuple[int, ...]
    high: float


def to_html(run: Run, comparison: Comparison | None) -> str:
    """Return the page."""
    environment = Environment(
        loader=PackageLoader("evals", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_shown,
    )  # fmt: skip
    return environment.get_template(TEMPLATE).render(_context(run, comparison))


def _shown(value: object) -> object:
    """Make every text that the template says visible, whatever it is."""
    return visible(value, inline=True) if isinstance(value, str) else value


def _context(run: Run, comparison: Comparison | None) -> dict[str, Any]:
    return {
        "say": say,
        "language": language.get(),
        "run": run,
        "comparison": comparison,
        "verdict": verdict(comparison) if comparison else "",
        "metrics": BY_KIND,
        "misses": [record for record in run.records if record.miss is not Miss.NONE],
        "curve": line(run.scores.risk_coverage),
        "latency": latency(run.milliseconds),
        "histogram": histogram(run.milliseconds),
        "width": WIDTH,
        "height": HEIGHT,
    }


def line(points: Sequence[Sequence[float]]) -> str:
    """Return `(x, y)` points in [0, 1] as the `points` of an SVG polyline, y upwards."""
    return " ".join(f"{x * WIDTH:.1f},{(1 - y) * HEIGHT:.1f}" for x, y in points)


def histogram(values: Sequence[float], bins: int = BINS) -> Bars | None:
    """Count values in bins of equal width from 0 to the largest; None if there are none."""
    if not values:
        return None
    high = max(values) or 1.0
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int(value / high * bins))] += 1
    return Bars(tuple(count / max(counts) for count in counts), tuple(counts), high)
