"""A score → the probability that the answer is right."""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CALIBRATION = Path(__file__).parent / "calibration.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Score → probability of being right, `1 / (1 + exp(-(slope * score + intercept)))`, and where an answer begins."""

    slope: float
    intercept: float
    threshold: float

    def confidence(self, score: float) -> float:
        """Return the probability that an answer of this score is right."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.slope * score + self.intercept))))


@cache
def shipped_calibration() -> Calibration:
    """The calibration fitted for the shipped reader (`python -m evals.calibrate`)."""
    return Calibration(**json.loads(CALIBRATION.read_text(encoding="utf-8")))
