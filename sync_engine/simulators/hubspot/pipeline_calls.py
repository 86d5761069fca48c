"""Calls about pipelines. Source: hubspot-api.md 4.2, 11.

What is deleted is gone: nothing is archived, nothing comes back. A stage that holds a record
stays, whatever the caller says about checking.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sync_engine.simulators.hubspot.call import Answer, Call, require
from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.pipeline_input import (
    LONGEST_PIPELINE_ID,
    id_of,
    key_of,
    label_of,
    order_of,
    stages_of,
)
from sync_engine.simulators.hubspot.pipelines import PLACES, Pipeline, Stage
from sync_engine.simulators.hubspot.table import Table

# How many pipelines of one kind an account may have, by what it pays for.
MOST_PIPELINES = {"free": 1, "starter": 2, "professional": 15, "enterprise": 100}


def page(call: Call) -> Answer:
    found = call.account.pipelines.of(table_of(call).kind.plural)
    return 200, {"results": [one.as_json() for one in found.values()]}


def read(call: Call) -> Answer:
    return 200, existing(call).as_json()


def create(call: Call) -> Answer:
    plural, pipelines, now = table_of(call).kind.plural, call.account.pipelines, call.account.now()
    if plural not in PLACES:
        raise HubSpotError(400, f"{plural} cannot have pipelines of one's own")
    body = call.body()
    require(body, "label", "displayOrder", "stages")
    label, order = label_of(body), order_of(body)
    _refuse_taken_label(call, label)
    stages = stages_of(body, plural, pipelines, now)
    pipeline_id = id_of(body, "pipelineId", LONGEST_PIPELINE_ID, pipelines)
    _refuse_taken_ids(call, pipeline_id, stages)
    most = MOST_PIPELINES[call.account.rates.plan.tier]
    if len(pipelines.of(plural)) >= most:
        raise HubSpotError(400, f"Pipeline limit exceeded: the account has {most} at most")
    return 201, put(call, Pipeline(pipeline_id, label, order, stages, now, now)).as_json()


def replace_whole(call: Call) -> Answer:
    """Keep the stages whose ids are named, make the others, delete those left out."""
    one, now = existing(call), call.account.now()
    plural, pipelines = table_of(call).kind.plural, call.account.pipelines
    body = call.body()
    require(body, "label", "displayOrder", "stages")
    label, order = label_of(body), order_of(body)
    _refuse_taken_label(call, label, one.id)
    sent = stages_of(body, plural, pipelines, now)
    stages = tuple(
        replace(stage, created=held.created) if (held := one.stage(stage.id)) else stage
        for stage in sent
    )
    _refuse_taken_stages(call, stages, one.id)
    refuse_in_use(call, [held for held in one.stages if held.id not in {s.id for s in stages}])
    return 200, put(
        call, replace(one, label=label, order=order, stages=stages, updated=now)
    ).as_json()


def update(call: Call) -> Answer:
    one, now = existing(call), call.account.now()
    body = call.body()
    if body.get("archived") is not None:
        raise HubSpotError(400, "archived may only be given to restore an archived pipeline")
    label = label_of(body) if body.get("label") is not None else one.label
    order = order_of(body) if body.get("displayOrder") is not None else one.order
    _refuse_taken_label(call, label, one.id)
    stages = tuple(replace(stage, updated=now) for stage in one.stages)
    changed = replace(one, label=label, order=order, stages=stages, updated=now)
    return 200, put(call, changed).as_json()


def delete(call: Call) -> Answer:
    one = existing(call)
    refuse_in_use(call, one.stages)
    found = call.account.pipelines.of_kind[table_of(call).kind.plural]
    if len(found) == 1:
        raise HubSpotError(400, "The last pipeline cannot be deleted")
    del found[one.id]
    _give_options(call)
    return 204, None


def table_of(call: Call) -> Table:
    return call.account.table(call.args[0])


def existing(call: Call) -> Pipeline:
    found = call.account.pipelines.of(table_of(call).kind.plural).get(call.args[1])
    if found is None:
        raise HubSpotError(404, "resource not found", "OBJECT_NOT_FOUND")
    return found


def put(call: Call, one: Pipeline) -> Pipeline:
    call.account.pipelines.of_kind[table_of(call).kind.plural][one.id] = one
    _give_options(call)
    return one


def _give_options(call: Call) -> None:
    call.account.pipelines.give_options(table_of(call).properties)


def refuse_in_use(call: Call, stages: Iterable[Stage]) -> None:
    """Raise HubSpotError where a record stands in one of the stages; the bin does not count."""
    ids, table = {stage.id for stage in stages}, table_of(call)
    place = PLACES[table.kind.plural][1]
    held = {row.id: row.values().get(place) for row in table.rows.values()} if ids else {}
    using = {row_id: stage_id for row_id, stage_id in held.items() if stage_id in ids}
    if using:
        stage_ids, object_ids = (
            f"[{', '.join(map(str, dict.fromkeys(found)))}]" for found in (using.values(), using)
        )
        raise HubSpotError(
            400,
            f"Stage IDs: {stage_ids} are being referenced by object IDs: {object_ids}",
            context={"stageIds": [stage_ids], "objectIds": [object_ids]},
            sub_category="PipelineError.STAGE_ID_IN_USE",
        )


def _refuse_taken_label(call: Call, label: str, but: str = "") -> None:
    for one in call.account.pipelines.of(table_of(call).kind.plural).values():
        if one.id != but and key_of(one.label) == key_of(label):
            raise HubSpotError(400, f"An active pipeline with label '{label}' already exists")


def _refuse_taken_ids(call: Call, pipeline_id: str, stages: Iterable[Stage]) -> None:
    """Pipeline ids are unique in the account, stage ids among the pipelines of a kind."""
    for found in call.account.pipelines.of_kind.values():
        if pipeline_id in found:
            said = f"There's another pipeline in this portal with pipelineId '{pipeline_id}'"
            raise HubSpotError(400, said)
    _refuse_taken_stages(call, stages)


def _refuse_taken_stages(call: Call, stages: Iterable[Stage], but: str = "") -> None:
    ids = {stage.id for stage in stages}
    for one in call.account.pipelines.of(table_of(call).kind.plural).values():
        taken = sorted(ids & {stage.id for stage in one.stages})
        if one.id != but and taken:
            raise HubSpotError(
                409,
                f"Stage IDs {taken} exist in another pipeline",
                "CONFLICT",
                {"stageIds": taken},
                sub_category="PipelineError.STAGE_ID_EXISTS_IN_ANOTHER_PIPELINE",
            )
