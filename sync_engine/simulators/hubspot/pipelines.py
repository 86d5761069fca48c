"""Pipelines of deals and tickets, and the options that follow from them.

Source: hubspot-api.md 11. All metadata values are texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sync_engine.simulators.hubspot.properties import Option, Properties
from sync_engine.simulators.hubspot.times import iso
from sync_engine.simulators.hubspot.users import SINCE

# Which properties say where a record is: its pipeline, its stage.
PLACES = {"deals": ("pipeline", "dealstage"), "tickets": ("hs_pipeline", "hs_pipeline_stage")}
_FIRST_ID = 700_000_001


@dataclass(frozen=True, slots=True)
class Stage:
    """order: where it stands among the stages of its pipeline, gaps allowed."""

    id: str
    label: str
    order: int
    metadata: Mapping[str, str]
    created: int = SINCE
    updated: int = SINCE

    @property
    def is_closed(self) -> bool:
        return self.metadata["isClosed"] == "true"

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "label": self.label,
            "displayOrder": self.order,
            "archived": False,
            "metadata": self.metadata,
            "createdAt": iso(self.created),
            "updatedAt": iso(self.updated),
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        }


@dataclass(frozen=True, slots=True)
class Pipeline:
    """stages: at least one, in their order."""

    id: str
    label: str
    order: int
    stages: tuple[Stage, ...]
    created: int = SINCE
    updated: int = SINCE

    def stage(self, stage_id: str) -> Stage | None:
        return next((one for one in self.stages if one.id == stage_id), None)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "label": self.label,
            "displayOrder": self.order,
            "archived": False,
            "createdAt": iso(self.created),
            "updatedAt": iso(self.updated),
            "stages": [stage.as_json() for stage in self.stages],
        }


def deal_metadata(probability: str) -> dict[str, str]:
    closed = "true" if probability in ("0.0", "1.0") else "false"
    return {"isClosed": closed, "probability": probability}


def ticket_metadata(state: str) -> dict[str, str]:
    return {"isClosed": "true" if state == "CLOSED" else "false", "ticketState": state}


class Pipelines:
    """of_kind: plural name -> id -> pipeline, for the kinds that have any."""

    def __init__(self, standard: Mapping[str, Pipeline]) -> None:
        self.of_kind = {plural: {one.id: one} for plural, one in standard.items()}
        self._next_id = _FIRST_ID

    def of(self, plural: str) -> Mapping[str, Pipeline]:
        return self.of_kind.get(plural, {})

    def new_id(self) -> str:
        self._next_id += 1
        return str(self._next_id - 1)

    def give_options(self, properties: Properties) -> None:
        """Let the properties that say where a record is offer what there is."""
        plural = properties.kind.plural
        if plural not in self.of_kind:
            return
        pipelines = sorted(self.of_kind[plural].values(), key=lambda one: (one.order, one.label))
        stages = [stage for one in pipelines for stage in one.stages]
        place, step = (properties.live[name] for name in PLACES[plural])
        properties.put(replace(place, options=_options(pipelines)))
        properties.put(replace(step, options=_options(stages)))

    def dump(self) -> dict[str, Any]:
        return {
            "next_id": self._next_id,
            "pipelines": {
                plural: [asdict(one) for one in found.values()]
                for plural, found in self.of_kind.items()
            },
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        self._next_id = state["next_id"]
        for plural, found in state["pipelines"].items():
            self.of_kind[plural] = {
                one["id"]: Pipeline(
                    **{**one, "stages": tuple(Stage(**stage) for stage in one["stages"])}
                )
                for one in found
            }


def _options(found: Iterable[Pipeline | Stage]) -> tuple[Option, ...]:
    return tuple(Option(one.id, one.label) for one in found)
