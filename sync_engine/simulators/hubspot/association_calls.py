"""Calls about associations, v4 and dated. Source: hubspot-api.md 8.1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sync_engine.simulators.hubspot.association_limits import Room
from sync_engine.simulators.hubspot.associations import (
    Link,
    Side,
    existing,
)
from sync_engine.simulators.hubspot.call import (
    Answer,
    Call,
    as_list,
    as_name,
    as_number,
    as_object,
    inputs,
)
from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.kinds import kind_named
from sync_engine.simulators.hubspot.times import iso

LONGEST_PAGE = 500
MOST_READ = 1_000
MOST_CREATED = 2_000
MOST_ARCHIVED = 100


def make_default(call: Call) -> Answer:
    return 200, _batch(call, _make_defaults(call, [_sides_of_path(call)]), [])


def make(call: Call) -> Answer:
    """Set the labels between two records: those it had before are gone."""
    from_side, to_side = _sides_of_path(call)
    associations = call.account.associations
    link = Link(to_side, associations.specs(call.body_list(), from_side[0], to_side[0]))
    Room(associations).wanted(from_side, [link])
    associations.replace(from_side[1], link)
    return 201, _labels_between(from_side, link)


def remove(call: Call) -> Answer:
    source, source_id, target, target_id = call.args
    call.account.associations.unlink(_side(call, source, source_id), _side(call, target, target_id))
    return 204, None


def page(call: Call) -> Answer:
    side = _side(call, call.args[0], call.args[1])
    limit = max(call.number("limit", LONGEST_PAGE, LONGEST_PAGE), 1)
    after = call.number("after", 0, 10**18)
    return 200, _page(call, side, kind_named(call.args[2]).plural, after, limit)


def batch_read(call: Call) -> Answer:
    source, target = kind_named(call.args[0]), kind_named(call.args[1])
    results: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for one in inputs(call.body(), MOST_READ):
        asked = as_name(one.get("id"), "id")
        row_id = int(asked[:18]) if asked.isascii() and asked.isdigit() else 0
        side = (source.plural, row_id)
        if call.account.associations.shown(call.account.tables, side, target.plural):
            after = as_number(one.get("after") or 0, "after", 10**18)
            found = _page(call, side, target.plural, after, LONGEST_PAGE)
            found["to"] = found.pop("results")
            results.append({"from": {"id": asked}, **found})
        else:
            errors.append(_none_found(source.singular, asked, target.singular))
    return (207 if errors else 200), _batch(call, results, errors)


def batch_create(call: Call) -> Answer:
    results: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for one in inputs(call.body(), MOST_CREATED):
        try:
            from_side, to_side = _sides(call, one)
            types = call.account.associations.specs(one.get("types"), from_side[0], to_side[0])
            link = Link(to_side, types)
            Room(call.account.associations).wanted(from_side, [link])
        except HubSpotError as error:
            errors.append(_item_error(error))
            continue
        call.account.associations.link(from_side[1], [link])
        results.append(_labels_between(from_side, link))
    return (207 if errors else 201), _batch(call, results, errors)


def batch_default(call: Call) -> Answer:
    sides = [_sides(call, one) for one in inputs(call.body(), MOST_CREATED)]
    return 200, _batch(call, _make_defaults(call, sides), [])


def batch_archive(call: Call) -> Answer:
    source, target = kind_named(call.args[0]).plural, kind_named(call.args[1]).plural
    for one in inputs(call.body(), MOST_ARCHIVED):
        from_id = existing(call.account.tables, source, _id(one.get("from")))
        for to in as_list(one.get("to"), "to"):
            to_id = existing(call.account.tables, target, _id(to))
            call.account.associations.unlink((source, from_id), (target, to_id))
    return (200, {}) if call.family == "2026-03" else (204, None)


def labels(call: Call) -> Answer:
    found = call.account.associations.types.between(*pair_of(call))
    return 200, {"results": [one.as_json() for one in found]}


def pair_of(call: Call) -> tuple[str, str]:
    return kind_named(call.args[0]).plural, kind_named(call.args[1]).plural


def batch_archive_labels(call: Call) -> Answer:
    for one in inputs(call.body(), MOST_CREATED):
        from_side, to_side = _sides(call, one)
        types = call.account.associations.specs(one.get("types"), from_side[0], to_side[0])
        call.account.associations.drop_types(from_side, to_side, types)
    return (200, {}) if call.family == "2026-03" else (204, None)


def _make_defaults(call: Call, sides: Sequence[tuple[Side, Side]]) -> list[dict[str, Any]]:
    """Make the unlabelled associations, all or none; return them both ways."""
    associations, room = call.account.associations, Room(call.account.associations)
    links: list[tuple[Side, Link]] = []
    for from_side, to_side in sides:
        type_ = associations.types.default_between(from_side[0], to_side[0])
        if type_ is None:
            raise HubSpotError(400, f"{from_side[0]} cannot be associated with {to_side[0]}")
        link = Link(to_side, (type_,))
        room.book(room.wanted(from_side, [link]))
        links.append((from_side, link))
    for from_side, link in links:
        associations.link(from_side[1], [link])
    return [
        _made(one, other, type_id)
        for from_side, link in links
        for one, other, type_id in (
            (from_side, link.to, link.types[0].id),
            (link.to, from_side, link.types[0].inverse),
        )
    ]


def _made(one: Side, other: Side, type_id: int) -> dict[str, Any]:
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
    return {"from": {"id": str(one[1])}, "to": {"id": str(other[1])}, "associationSpec": spec}


def _page(call: Call, side: Side, target: str, after: int, limit: int) -> dict[str, Any]:
    linked = call.account.associations.shown(call.account.tables, side, target)
    types = call.account.associations.types.by_id
    ids = sorted(to_id for to_id in linked if to_id >= after)
    found: dict[str, Any] = {
        "results": [
            {
                "toObjectId": to_id,
                "associationTypes": [types[one].as_json() for one in sorted(linked[to_id])],
            }
            for to_id in ids[:limit]
        ]
    }
    if len(ids) > limit:
        following = str(ids[limit])
        found["paging"] = {"next": {"after": following, "link": f"?after={following}"}}
    return found


def _side(call: Call, asked: str, row_id: str) -> Side:
    plural = kind_named(asked).plural
    return plural, existing(call.account.tables, plural, row_id)


def _sides(call: Call, sent: Mapping[str, Any]) -> tuple[Side, Side]:
    from_side = _side(call, call.args[0], _id(sent.get("from")))
    return _not_itself(from_side, _side(call, call.args[1], _id(sent.get("to"))))


def _sides_of_path(call: Call) -> tuple[Side, Side]:
    source, source_id, target, target_id = call.args
    return _not_itself(_side(call, source, source_id), _side(call, target, target_id))


def _not_itself(from_side: Side, to_side: Side) -> tuple[Side, Side]:
    if from_side == to_side:
        number = from_side[1]
        raise HubSpotError(400, f"Object {number} cannot be associated to itself ({number})")
    return from_side, to_side


def _id(sent: Any) -> str:
    return as_name(as_object(sent).get("id"), "id")


def _labels_between(from_side: Side, link: Link) -> dict[str, Any]:
    return {
        "fromObjectTypeId": kind_named(from_side[0]).type_id,
        "fromObjectId": from_side[1],
        "toObjectTypeId": kind_named(link.to[0]).type_id,
        "toObjectId": link.to[1],
        "labels": [one.label for one in link.types if one.label],
    }


def _none_found(source: str, asked: str, target: str) -> dict[str, Any]:
    error = HubSpotError(
        404,
        f"No {target} is associated with {source} {asked}.",
        "OBJECT_NOT_FOUND",
        {"fromObjectId": [asked], "fromObjectType": [source], "toObjectType": [target]},
        sub_category="crm.associations.NO_ASSOCIATIONS_FOUND",
    )
    return _item_error(error)


def _item_error(error: HubSpotError) -> dict[str, Any]:
    return {**error.of_input(""), "context": dict(error.context)}


def _batch(
    call: Call, results: list[dict[str, Any]], errors: list[dict[str, Any]]
) -> dict[str, Any]:
    now = iso(call.account.now())
    body = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
    return {**body, "numErrors": len(errors), "errors": errors} if errors else body
