"""Calls about the limits of associations. Source: hubspot-api.md 2.2 and the client's paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sync_engine.simulators.hubspot.association_calls import pair_of
from sync_engine.simulators.hubspot.association_limits import check_limit
from sync_engine.simulators.hubspot.association_types import AssociationType
from sync_engine.simulators.hubspot.call import Answer, Call, as_number, inputs, require
from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.times import iso

MOST_INPUTS = 100


def every(call: Call) -> Answer:
    types = call.account.associations.types
    found = [types.by_id[type_id] for type_id in types.limits]
    return 200, {"results": [_spelled(call, one) for one in found]}


def page(call: Call) -> Answer:
    types = call.account.associations.types
    found = [one for one in types.between(*pair_of(call)) if one.id in types.limits]
    return 200, {"results": [_spelled(call, one) for one in found]}


def create(call: Call) -> Answer:
    return _batch(call, 201, lambda one: _spelled(call, _set(call, one)))


def update(call: Call) -> Answer:
    def spelled(one: Mapping[str, Any]) -> dict[str, Any]:
        found = _spelled(call, _set(call, one))
        del found["label"]
        return found

    return _batch(call, 200, spelled)


def purge(call: Call) -> Answer:
    types = call.account.associations.types
    found = [_asked(call, one) for one in inputs(call.body(), MOST_INPUTS)]
    for one in found:
        types.limits.pop(one.id, None)
    return (200, {}) if call.family == "2026-03" else (204, None)


def _batch(
    call: Call, status: int, carry_out: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> Answer:
    results, errors = [], []
    for one in inputs(call.body(), MOST_INPUTS):
        try:
            results.append(carry_out(one))
        except HubSpotError as error:
            errors.append({**error.of_input(""), "context": dict(error.context)})
    now = iso(call.account.now())
    body = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
    return (207, {**body, "numErrors": len(errors), "errors": errors}) if errors else (status, body)


def _set(call: Call, sent: Mapping[str, Any]) -> AssociationType:
    require(sent, "maxToObjectIds")
    type_ = _asked(call, sent)
    most = as_number(sent["maxToObjectIds"], "maxToObjectIds", 10**18)
    check_limit(call.account.associations, type_, most)
    call.account.associations.types.limits[type_.id] = most
    return type_


def _asked(call: Call, sent: Mapping[str, Any]) -> AssociationType:
    """Return the type that is named, which has to lead from the one kind to the other."""
    require(sent, "typeId", "category")
    type_id = as_number(sent["typeId"], "typeId", 10**18)
    source, target = pair_of(call)
    type_ = call.account.associations.types.by_id.get(type_id)
    fits = type_ and (type_.source, type_.target) == (source, target)
    if type_ is None or not fits or type_.category != sent["category"]:
        raise HubSpotError(
            400,
            f"{type_id} is not a valid association type between {source} and {target}",
            context={"type": [str(type_id)]},
            sub_category="crm.associations.INVALID_ASSOCIATION_TYPE",
        )
    return type_


def _spelled(call: Call, type_: AssociationType) -> dict[str, Any]:
    most = call.account.associations.types.limits[type_.id]
    return {**type_.as_json(), "userEnforcedMaxToObjectIds": most}
