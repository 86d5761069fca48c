"""What a caller says of pipelines and stages, checked. Source: hubspot-api.md 3.4, 11.

What the reference leaves open follows what others have seen HubSpot do: labels that differ in
case only are the same, a ticket pipeline keeps a closed stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sync_engine.simulators.hubspot.call import as_list, as_name, as_object, require
from sync_engine.simulators.hubspot.errors import HubSpotError, invalid_json
from sync_engine.simulators.hubspot.pipelines import (
    Pipelines,
    Stage,
    deal_metadata,
    ticket_metadata,
)

MOST_STAGES = 100
LONGEST_PIPELINE_ID = 36
LONGEST_STAGE_ID = 100
_HIGHEST_ORDER = 2**31 - 1


def label_of(sent: Mapping[str, Any]) -> str:
    found = as_name(sent["label"], "label")
    if not found.strip():
        raise HubSpotError(400, "A label must not be empty")
    return found


def order_of(sent: Mapping[str, Any]) -> int:
    found = sent["displayOrder"]
    if isinstance(found, bool) or not isinstance(found, int):
        raise invalid_json("Cannot deserialize value of type `int` for displayOrder")
    if not 0 <= found <= _HIGHEST_ORDER:
        raise HubSpotError(400, f"displayOrder has to be from 0 to {_HIGHEST_ORDER}")
    return found


def id_of(sent: Mapping[str, Any], name: str, longest: int, pipelines: Pipelines) -> str:
    """Return the id that was asked for, else a new number."""
    if sent.get(name) is None:
        return pipelines.new_id()
    found = as_name(sent[name], name)
    if not 0 < len(found.strip()) <= longest:
        raise HubSpotError(400, f"{name} has to have 1 to {longest} characters")
    return found


def stages_of(
    sent: Mapping[str, Any], plural: str, pipelines: Pipelines, now: int
) -> tuple[Stage, ...]:
    """Read the stages of a whole pipeline, in their order; raises HubSpotError."""
    found = [
        stage_of(as_object(one), plural, pipelines, now)
        for one in as_list(sent["stages"], "stages")
    ]
    check_stages(found, plural)
    if len({one.id for one in found}) < len(found):
        raise HubSpotError(400, "Two stages of a pipeline must not have the same stageId")
    labels = [key_of(one.label) for one in found]
    if len(set(labels)) < len(labels):
        raise HubSpotError(400, "Two stages of a pipeline must not have the same label")
    return in_order(found)


def stage_of(sent: Mapping[str, Any], plural: str, pipelines: Pipelines, now: int) -> Stage:
    require(sent, "label", "displayOrder", "metadata")
    metadata = metadata_of(as_object(sent["metadata"]), plural, {})
    stage_id = id_of(sent, "stageId", LONGEST_STAGE_ID, pipelines)
    return Stage(stage_id, label_of(sent), order_of(sent), metadata, now, now)


def metadata_of(sent: Mapping[str, Any], plural: str, held: Mapping[str, str]) -> dict[str, str]:
    """Return what is kept of `sent` beside what is held; names that mean nothing are dropped."""
    both = {**held, **sent}
    return _deal(both) if plural == "deals" else _ticket(both)


def _deal(sent: Mapping[str, Any]) -> dict[str, str]:
    found = sent.get("probability")
    if found is None:
        raise HubSpotError(400, "You must specify probability when writing a dealstage")
    try:
        probability = float(found) if not isinstance(found, bool) else -1.0
    except (TypeError, ValueError, OverflowError):
        probability = -1.0
    if not 0 <= probability <= 1:
        raise _bad_metadata(f"probability has to be from 0.0 to 1.0, not {found!r:.80}")
    return deal_metadata(str(probability))


def _ticket(sent: Mapping[str, Any]) -> dict[str, str]:
    state = sent.get("ticketState") or "OPEN"
    if state not in ("OPEN", "CLOSED"):
        raise _bad_metadata(f"ticketState has to be OPEN or CLOSED, not {state!r:.80}")
    return ticket_metadata(str(state))


def check_stages(found: Sequence[Stage], plural: str) -> None:
    """Raise HubSpotError where a pipeline cannot have just these stages."""
    if not found:
        raise HubSpotError(400, "Pipeline must have at least one stage")
    if len(found) > MOST_STAGES:
        raise HubSpotError(400, f"A pipeline has {MOST_STAGES} stages at most")
    if plural == "tickets" and not any(one.is_closed for one in found):
        raise HubSpotError(
            400,
            "A ticket pipeline must have a stage whose ticketState is CLOSED",
            sub_category="PipelineError.MISSING_CLOSED_STAGE",
        )


def in_order(found: Iterable[Stage]) -> tuple[Stage, ...]:
    """Sort stages; where two stand at one place, all are numbered anew."""
    stages = sorted(found, key=lambda one: (one.order, key_of(one.label)))
    if len({one.order for one in stages}) < len(stages):
        stages = [replace(one, order=at) for at, one in enumerate(stages)]
    return tuple(stages)


def key_of(label: str) -> str:
    """Return what two labels have in common that HubSpot takes for one."""
    return label.strip().casefold()


def _bad_metadata(said: str) -> HubSpotError:
    return HubSpotError(400, said, sub_category="PipelineError.INVALID_PIPELINE_STAGE_METADATA")
