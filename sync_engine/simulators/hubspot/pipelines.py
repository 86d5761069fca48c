"""Pipelines of deals and tickets: data, and the options that follow from it.

Source: hubspot-api.md 11. All metadata values are texts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sync_engine.simulators.hubspot.properties import Option, Properties
from sync_engine.simulators.hubspot.times import iso
from sync_engine.simulators.hubspot.users import SINCE


@dataclass(frozen=True, slots=True)
class Stage:
    id: str
    label: str
    metadata: dict[str, str]

    def as_json(self, order: int) -> dict[str, Any]:
        return {
            "id": self.id,
            "label": self.label,
            "displayOrder": order,
            "archived": False,
            "metadata": self.metadata,
            "createdAt": iso(SINCE),
            "updatedAt": iso(SINCE),
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        }


@dataclass(frozen=True, slots=True)
class Pipeline:
    id: str
    label: str
    stages: tuple[Stage, ...]

    def as_json(self, order: int) -> dict[str, Any]:
        return {
            "id": self.id,
            "label": self.label,
            "displayOrder": order,
            "archived": False,
            "createdAt": iso(SINCE),
            "updatedAt": iso(SINCE),
            "stages": [stage.as_json(at) for at, stage in enumerate(self.stages)],
        }


def _deal(stage_id: str, label: str, probability: str) -> Stage:
    closed = "true" if probability in ("0.0", "1.0") else "false"
    return Stage(stage_id, label, {"isClosed": closed, "probability": probability})


def _ticket(stage_id: str, label: str, state: str = "OPEN") -> Stage:
    closed = "true" if state == "CLOSED" else "false"
    return Stage(stage_id, label, {"isClosed": closed, "ticketState": state})


PIPELINES: dict[str, tuple[Pipeline, ...]] = {
    "deals": (
        Pipeline(
            "default",
            "Sales Pipeline",
            (
                _deal("appointmentscheduled", "Appointment Scheduled", "0.2"),
                _deal("qualifiedtobuy", "Qualified To Buy", "0.4"),
                _deal("presentationscheduled", "Presentation Scheduled", "0.6"),
                _deal("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
                _deal("contractsent", "Contract Sent", "0.9"),
                _deal("closedwon", "Closed Won", "1.0"),
                _deal("closedlost", "Closed Lost", "0.0"),
            ),
        ),
    ),
    "tickets": (
        Pipeline(
            "0",
            "Support Pipeline",
            (
                _ticket("1", "New"),
                _ticket("2", "Waiting on contact"),
                _ticket("3", "Waiting on us"),
                _ticket("4", "Closed", "CLOSED"),
            ),
        ),
    ),
}
_PROPERTIES = {"deals": ("pipeline", "dealstage"), "tickets": ("hs_pipeline", "hs_pipeline_stage")}


def with_stages(properties: Properties) -> Properties:
    """Give the pipeline properties of a kind their options."""
    pipelines = PIPELINES.get(properties.kind.plural, ())
    if pipelines:
        of_pipeline, of_stage = _PROPERTIES[properties.kind.plural]
        options = tuple(Option(one.id, one.label) for one in pipelines)
        stages = tuple(Option(stage.id, stage.label) for one in pipelines for stage in one.stages)
        properties.put(replace(properties.live[of_pipeline], options=options))
        properties.put(replace(properties.live[of_stage], options=stages))
    return properties


def default_pipeline(plural: str) -> dict[str, str]:
    """Return what a new record of this kind holds where nothing is said."""
    pipelines = PIPELINES.get(plural, ())
    return {_PROPERTIES[plural][0]: pipelines[0].id} if pipelines else {}
