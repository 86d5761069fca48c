"""Calls about subscription preferences, v4 and dated. Source: hubspot-api.md 11, 13.3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync_engine.simulators.hubspot.call import (
    Answer,
    Call,
    as_list,
    as_name,
    as_number,
    inputs,
    require,
)
from sync_engine.simulators.hubspot.consent import STATES, SUBSCRIPTIONS
from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.table import Write
from sync_engine.simulators.hubspot.times import iso
from sync_engine.simulators.hubspot.users import SINCE
from sync_engine.simulators.hubspot.values import address_sent

MOST_INPUTS = 100


def definitions(call: Call) -> Answer:
    return 200, _complete(call, [one.as_json(SINCE) for one in SUBSCRIPTIONS])


def read(call: Call) -> Answer:
    return 200, _complete(call, call.account.consent.statuses(_asked(call), SINCE))


def write(call: Call) -> Answer:
    address, body = _asked(call), call.body()
    return 200, _complete(call, [_set(call, address, body)])


def read_opt_out(call: Call) -> Answer:
    """Nothing is listed for whoever did not opt out of all."""
    return 200, _complete(call, call.account.consent.wide_statuses(_asked(call)))


def opt_out(call: Call) -> Answer:
    return 200, _complete(call, _opt_out(call, _asked(call)))


def batch_read(call: Call) -> Answer:
    consent = call.account.consent
    return 200, _complete(
        call,
        [
            {"subscriberIdString": one, "statuses": consent.statuses(one, SINCE)}
            for one in _addresses(call)
        ],
    )


def batch_write(call: Call) -> Answer:
    sent = inputs(call.body(), MOST_INPUTS)
    for one in sent:
        require(one, "subscriberIdString")
        _state(one)
    addresses = [address_sent(as_name(one["subscriberIdString"], "address")) for one in sent]
    done = [_set(call, address, one) for address, one in zip(addresses, sent, strict=True)]
    return 200, _complete(call, done)


def batch_read_opt_out(call: Call) -> Answer:
    consent = call.account.consent
    return 200, _complete(
        call,
        [
            {"subscriberIdString": one, "wideStatuses": consent.wide_statuses(one)}
            for one in _addresses(call)
        ],
    )


def batch_opt_out(call: Call) -> Answer:
    return 200, _complete(
        call,
        [{"subscriberIdString": one, "statuses": _opt_out(call, one)} for one in _addresses(call)],
    )


def _set(call: Call, address: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    subscription, state = _state(sent)
    consent = call.account.consent
    consent.set_state(address, subscription, state, call.account.now())
    _tell_contact(call, address)
    found = consent.statuses(address, SINCE)
    return next(one for one in found if one["subscriptionId"] == subscription)


def _state(sent: Mapping[str, Any]) -> tuple[int, str]:
    require(sent, "channel", "statusState", "subscriptionId")
    _check_channel(sent["channel"])
    if sent["statusState"] not in STATES:
        raise HubSpotError(400, f"statusState is one of {', '.join(STATES)}")
    subscription = as_number(sent["subscriptionId"], "subscriptionId", 10**18)
    if subscription not in [one.id for one in SUBSCRIPTIONS]:
        raise HubSpotError(400, f"Subscription {subscription} does not exist")
    return subscription, str(sent["statusState"])


def _opt_out(call: Call, address: str) -> list[dict[str, Any]]:
    call.account.consent.opt_out(address, call.account.now())
    _tell_contact(call, address)
    return call.account.consent.statuses(address, SINCE)


def _tell_contact(call: Call, address: str) -> None:
    """Let hs_email_optout of the contact with this address follow."""
    table = call.account.tables["contacts"]
    row = table.rows.get(table.unique["email"].get(address, 0))
    held = row.values() if row else {}
    is_out = "true" if address in call.account.consent.opted_out else "false"
    if row and held.get("email") == address and held.get("hs_email_optout", "false") != is_out:
        change = Write({"hs_email_optout": is_out}, call.grant.author, call.account.now())
        table.change(row, change)
        call.account.note(table, row.id, "update", change)


def _asked(call: Call) -> str:
    _check_channel(call.request.first("channel", "EMAIL"))
    return address_sent(call.args[0])


def _addresses(call: Call) -> list[str]:
    """Return the addresses of a batch, each once."""
    _check_channel(call.request.first("channel", "EMAIL"))
    body = call.body()
    require(body, "inputs")
    found = [address_sent(as_name(one, "inputs")) for one in as_list(body["inputs"], "inputs")]
    if len(found) > MOST_INPUTS:
        raise HubSpotError(400, f"The maximum number of inputs is {MOST_INPUTS}")
    return list(dict.fromkeys(found))


def _check_channel(sent: Any) -> None:
    if sent != "EMAIL":
        raise HubSpotError(400, "channel has to be EMAIL")


def _complete(call: Call, results: list[dict[str, Any]]) -> dict[str, Any]:
    now = iso(call.account.now())
    return {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
