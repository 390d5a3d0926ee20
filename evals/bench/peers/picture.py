"""Figures → a small picture, written by hand as SVG; readable on a light and on a dark page."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from evals.bench.peers.score import Outcome
from evals.bench.peers.task import REAL

WIDTH, PANEL_WIDTH, MARGIN = 880, 420, 20
LABEL, BAR, ROW, TOP, HEAD = 118, 190, 30, 64, 38

STYLE = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #57606a; }
  .title { font-size: 17px; font-weight: 600; fill: #1f2328; }
  .panel { font-weight: 600; fill: #1f2328; }
  .ours { font-weight: 600; fill: #0969da; }
  .main { fill: #8c959f; } .second { fill: #8c959f; opacity: .5; }
  .main.us { fill: #0969da; } .second.us { fill: #0969da; opacity: .5; }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1; } .title, .panel { fill: #f0f6fc; } .ours { fill: #58a6ff; }
    .main.us, .second.us { fill: #58a6ff; }
  }
"""


@dataclass(frozen=True, slots=True)
class Panel:
    """A group of bars: `main` is drawn full, `second` pale below it; `form` writes a value."""

    title: str
    main: str
    second: str
    form: str


PANELS = (
    Panel("Passage found, MRR@10 ↑ (pale: no accents)", "accented_mrr", "unaccented_mrr", "{:.2f}"),
    Panel("Right on the real articles ↑", f"{REAL}_right", "", "{:.2f}"),
    Panel("Cold start, seconds ↓ (pale: to an answer)", "cold_search_s", "cold_answer_s", "{:.1f}"),
    Panel("Memory, MB ↓ (pale: answering)", "search_mb", "answer_mb", "{:.0f}"),
)


def draw(outcomes: Sequence[Outcome], *, title: str = "Against peers, in one run") -> str:
    """Return the picture as SVG text; a system that was not measured has its name and no bar."""
    panel_height = HEAD + ROW * len(outcomes)
    height = TOP + 2 * panel_height
    panels = "".join(
        _panel(panel, outcomes, MARGIN + (number % 2) * (PANEL_WIDTH + MARGIN), TOP + number // 2 * panel_height)
        for number, panel in enumerate(PANELS)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(title)}">\n<style>{STYLE}</style>\n'
        f'<text class="title" x="{MARGIN}" y="30">{escape(title)}</text>\n{panels}</svg>\n'
    )


def _panel(panel: Panel, outcomes: Sequence[Outcome], x: int, y: int) -> str:
    keys = [key for key in (panel.main, panel.second) if key]
    longest = max((o.figures.get(key, 0.0) for o in outcomes for key in keys), default=0.0) or 1.0
    rows = "".join(_row(panel, outcome, x, y + 12 + ROW * n, longest) for n, outcome in enumerate(outcomes))
    return f'<text class="panel" x="{x}" y="{y}">{escape(panel.title)}</text>\n{rows}'


def _row(panel: Panel, outcome: Outcome, x: int, y: int, longest: float) -> str:
    us = " us" if outcome.peer.is_ours else ""
    parts = [f'<text class="{"ours" if us else "label"}" x="{x}" y="{y + 14}">{escape(outcome.peer.label)}</text>']
    values = [outcome.figures.get(key) for key in (panel.main, panel.second) if key]
    for kind, value, top in zip(("main", "second"), values, (y, y + 12), strict=False):
        if value is not None:
            width = max(1.0, BAR * value / longest)
            tall = 10 if len(values) > 1 else 18
            parts.append(
                f'<rect class="{kind}{us}" x="{x + LABEL}" y="{top}" width="{width:.1f}" height="{tall}" rx="2"/>'
            )
    place = x + LABEL + (BAR + 8 if any(value is not None for value in values) else 0)
    parts.append(f'<text x="{place}" y="{y + 14}">{escape(_told(panel, outcome, values))}</text>')
    return "".join(parts) + "\n"


def _told(panel: Panel, outcome: Outcome, values: Sequence[float | None]) -> str:
    if outcome.missing:
        return "not installed" if outcome.missing.startswith("not installed") else "not measured"
    written = [panel.form.format(value) for value in values if value is not None]
    return " · ".join(written) or ("not measured" if outcome.peer.reads else "has no reader")
