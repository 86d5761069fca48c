"""Options of a HubSpot dropdown, added when they are met: memory and simulator alike.

Source: product.md 17.5, hubspot-api.md 6.2 (a change replaces all options).
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sync_engine.core.allocation import Cause
from sync_engine.core.errors import CrmError
from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.values import Crm
from sync_engine.crms.hubspot_paths import path
from sync_engine.crms.memory import MemoryCrm
from tests.simulated import hubspot_client, token_of

IDS = [f"001A0000006Vm9{letter}IAC" for letter in "rst"]
TIER = Field("tier", "Tier", FieldKind.PICKLIST, "select", options=tuple(IDS[:1]), restricted=True)


@pytest.fixture(params=["memory", "simulated"])
def hubspot(request):
    if request.param == "memory":
        client = MemoryCrm(Crm.HUBSPOT, lambda: datetime.now(UTC))
    else:
        control = request.getfixturevalue("hubspot_control")
        client = hubspot_client(control.url, token_of(control))
    client.create_property("contacts", TIER)
    return client


def options(client):
    return client.fields("contacts")["tier"].options


def test_what_a_dropdown_lacks_is_added_behind_what_it_has(hubspot):
    hubspot.add_options("contacts", "tier", [IDS[2], IDS[0]])
    assert options(hubspot) == (IDS[0], IDS[2])
    hubspot.add_options("contacts", "tier", [IDS[1]])
    assert options(hubspot) == (IDS[0], IDS[2], IDS[1])


def test_adding_twice_is_no_error(hubspot):
    for _ in range(2):
        hubspot.add_options("contacts", "tier", IDS)
    assert options(hubspot) == tuple(IDS)


def test_a_property_that_is_not_there_is_refused(hubspot):
    with pytest.raises(CrmError):
        hubspot.add_options("contacts", "nothing", IDS)


def test_the_labels_that_an_admin_typed_are_kept(hubspot_control):
    client = hubspot_client(hubspot_control.url, token_of(hubspot_control))
    client.create_property("contacts", TIER)
    where = path("properties", "contacts", "tier")
    named = {
        "options": [{"label": "Babbage & Co", "value": IDS[0], "displayOrder": 0, "hidden": False}]
    }
    client._api.write(Cause.DESCRIBE, "PATCH", where, named)

    client.add_options("contacts", "tier", IDS)

    held = client._api.read(Cause.DESCRIBE, "GET", where)["options"]
    assert [one["label"] for one in held] == ["Babbage & Co", *IDS[1:]]
