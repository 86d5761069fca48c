"""One figure: a number, what the project wants of it, and what it must never fall behind."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """goal: what is asked for. floor: where a run has failed; farther from the goal than a noisy
    machine gets by chance. A floor above the goal is the most that may be (seconds, memory).
    context: what else there is to know, such as which simulator."""

    figure: str
    value: float
    unit: str
    goal: float
    floor: float
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def is_good_enough(self) -> bool:
        return self.value <= self.floor if self.floor > self.goal else self.value >= self.floor

    def line(self) -> str:
        own = {
            "figure": self.figure,
            "value": float(f"{self.value:.4g}"),
            "unit": self.unit,
            "goal": self.goal,
            "floor": self.floor,
        }
        return json.dumps(own | self.context)
