"""Calls about the stages of one pipeline. Source: hubspot-api.md 4.2, 11."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sync_engine.simulators.hubspot.call import Answer, Call, as_object, require
from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.pipeline_calls import existing, put, refuse_in_use, table_of
from sync_engine.simulators.hubspot.pipeline_input import (
    check_stages,
    key_of,
    label_of,
    metadata_of,
    order_of,
    stage_of,
)
from sync_engine.simulators.hubspot.pipelines import Stage


def page(call: Call) -> Answer:
    return 200, {"results": [stage.as_json() for stage in existing(call).stages]}


def read(call: Call) -> Answer:
    return 200, _existing(call).as_json()


def create(call: Call) -> Answer:
    pipeline, plural = existing(call), table_of(call).kind.plural
    made = stage_of(call.body(), plural, call.account.pipelines, call.account.now())
    for one in call.account.pipelines.of(plural).values():
        if one.stage(made.id):
            raise HubSpotError(
                400, f"Pipeline {one.id} is already using stage id {made.id}", category=""
            )
    return 201, _put(call, made, pipeline.stages).as_json()


def replace_whole(call: Call) -> Answer:
    held, body = _existing(call), call.body()
    require(body, "label", "displayOrder", "metadata")
    return 200, _change(call, held, body).as_json()


def update(call: Call) -> Answer:
    held, body = _existing(call), call.body()
    if body.get("archived") is True:
        raise HubSpotError(400, "A stage cannot be archived, only deleted")
    return 200, _change(call, held, body).as_json()


def delete(call: Call) -> Answer:
    """Answer 204 for a stage that is not there, as HubSpot does."""
    pipelines = call.account.pipelines.of(table_of(call).kind.plural)
    pipeline = pipelines.get(call.args[1])
    gone = pipeline and pipeline.stage(call.args[2])
    if pipeline and gone:
        refuse_in_use(call, [gone])
        stages = tuple(one for one in pipeline.stages if one is not gone)
        check_stages(stages, table_of(call).kind.plural)
        put(call, replace(pipeline, stages=stages, updated=call.account.now()))
    return 204, None


def _existing(call: Call) -> Stage:
    found = existing(call).stage(call.args[2])
    if found is None:
        raise HubSpotError(404, "resource not found", "OBJECT_NOT_FOUND")
    return found


def _change(call: Call, held: Stage, sent: Mapping[str, Any]) -> Stage:
    """Write what is sent over a stage; metadata that is not sent stays."""
    metadata = as_object({} if sent.get("metadata") is None else sent["metadata"])
    changed = replace(
        held,
        label=label_of(sent) if sent.get("label") is not None else held.label,
        order=order_of(sent) if sent.get("displayOrder") is not None else held.order,
        metadata=metadata_of(metadata, table_of(call).kind.plural, held.metadata),
        updated=call.account.now(),
    )
    return _put(call, changed, [one for one in existing(call).stages if one is not held])


def _put(call: Call, one: Stage, others: Iterable[Stage]) -> Stage:
    """Set a stage among the others of its pipeline, behind one that stands at its place."""
    rest = sorted(others, key=lambda other: other.order)
    if any(key_of(other.label) == key_of(one.label) for other in rest):
        raise HubSpotError(
            400,
            f"A stage with label '{one.label}' already exists in the pipeline",
            sub_category="PipelineError.STAGE_LABEL_EXISTS",
        )
    before = [other for other in rest if other.order <= one.order]
    stages = [*before, one, *rest[len(before) :]]
    if before and before[-1].order == one.order:
        stages = [replace(stage, order=at) for at, stage in enumerate(stages)]
    check_stages(stages, table_of(call).kind.plural)
    changed = replace(existing(call), stages=tuple(stages), updated=call.account.now())
    return put(call, changed).stages[len(before)]
