"""Calls about an account's own association labels. Source: hubspot-api.md 3.4, 8.1."""

from __future__ import annotations

from sync_engine.simulators.hubspot.association_calls import pair_of
from sync_engine.simulators.hubspot.association_types import USER_DEFINED
from sync_engine.simulators.hubspot.call import Answer, Call, as_name, as_number, require
from sync_engine.simulators.hubspot.errors import HubSpotError


def create(call: Call) -> Answer:
    body = call.body()
    require(body, "label", "name")
    label = as_name(body["label"], "label")
    inverse = as_name(body.get("inverseLabel") or label, "inverseLabel")
    made = call.account.associations.types.add(pair_of(call), label, inverse)
    return 200, {"results": [one.as_json() for one in made]}


def update(call: Call) -> Answer:
    body = call.body()
    require(body, "label", "associationTypeId")
    type_id = as_number(body["associationTypeId"], "associationTypeId", 10**18)
    label = as_name(body["label"], "label")
    inverse = as_name(body.get("inverseLabel") or label, "inverseLabel")
    call.account.associations.types.rename(_own(call, type_id), label, inverse)
    return 204, None


def delete(call: Call) -> Answer:
    type_id = _own(call, as_number(call.args[2], "associationTypeId", 10**18))
    call.account.associations.drop_label(type_id)
    return 204, None


def _own(call: Call, type_id: int) -> int:
    """Return the id of a label that is the account's own; raises HubSpotError."""
    one = call.account.associations.types.by_id.get(type_id)
    if one is None or (one.source, one.target) != pair_of(call):
        raise HubSpotError(404, "resource not found", "OBJECT_NOT_FOUND")
    if one.category != USER_DEFINED:
        raise HubSpotError(400, f"Association type {type_id} is HubSpot's and cannot be changed")
    return type_id
