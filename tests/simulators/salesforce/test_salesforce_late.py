"""Rows that bear the time of their write and are seen later. Source: salesforce-api.md 6.1, 6.2."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync_engine.simulators.base import Refused
from tests.simulators.salesforce.conftest import KEY

NAMES = "SELECT LastName FROM Contact ORDER BY LastName"


@pytest.fixture
def late(simulator):
    """A function: the next writes commit late."""
    return lambda **asked: simulator.actions()["late-commits"](asked)


def test_a_late_write_is_stamped_before_it_is_seen(api, simulator, late):
    late(seconds=40)
    someone = simulator.create("Contact", {"LastName": "Somers"}, "Ida Rhodes")
    simulator.clock.shift += timedelta(seconds=30)
    api.contact(LastName="Abara")
    (seen,) = api.query("SELECT SystemModstamp FROM Contact")["records"]
    assert api("GET", f"sobjects/Contact/{someone}").status == 404
    simulator.clock.shift += timedelta(seconds=10)
    assert api.names(NAMES) == ["Abara", "Somers"]
    assert api.read(someone, "SystemModstamp")["SystemModstamp"] < seen["SystemModstamp"]


def test_a_late_edit_and_a_late_delete_leave_what_was_until_they_commit(api, simulator, late):
    ada, bea = api.contact(LastName="Abara"), api.contact(LastName="Bauer")
    late(times=2)
    simulator.edit("Contact", ada, {"LastName": "Zuse"}, "Ida Rhodes")
    simulator.delete("Contact", bea, "Ida Rhodes")
    assert api.names(NAMES) == ["Abara", "Bauer"]
    assert simulator.actions()["commit"]({}) == {"committed": 2}
    assert api.names(NAMES) == ["Zuse"]


def test_an_open_transaction_locks_its_rows_and_its_unique_values(keyed, simulator, late):
    ada = keyed.contact()
    late()
    simulator.edit("Contact", ada, {KEY: "7"}, "Ida Rhodes")
    refused = keyed("PATCH", f"sobjects/Contact/{ada}", {"Title": "x"})
    assert refused.body[0]["errorCode"] == "UNABLE_TO_LOCK_ROW"
    refused = keyed("POST", "sobjects/Contact", {"LastName": "Other", KEY: "7"})
    assert refused.body[0]["errorCode"] == "UNABLE_TO_LOCK_ROW"
    simulator.actions()["commit"]({})
    refused = keyed("POST", "sobjects/Contact", {"LastName": "Other", KEY: "7"})
    assert refused.body[0]["errorCode"] == "DUPLICATE_VALUE"


def test_updated_covers_no_more_than_what_is_committed(api, simulator, late):
    def covered():
        now = simulator.clock.now()
        start, end = (now + timedelta(minutes=n) for n in (-10, 0))
        window = f"start={start:%Y-%m-%dT%H:%M:%SZ}&end={end:%Y-%m-%dT%H:%M:%SZ}"
        return api("GET", f"sobjects/Contact/updated?{window}").body["latestDateCovered"]

    late()
    began = simulator.clock.now()
    simulator.create("Contact", {"LastName": "Somers"}, "Ida Rhodes")
    simulator.clock.shift += timedelta(minutes=5)
    assert covered() == f"{began:%Y-%m-%dT%H:%M:%S}.000+0000"
    simulator.actions()["commit"]({})
    assert covered() > f"{began:%Y-%m-%dT%H:%M:%S}.000+0000"


def test_only_writes_of_the_object_that_is_named_are_late(api, late):
    late(object="Account")
    api.contact(LastName="Abara")
    account = api("POST", "sobjects/Account", {"Name": "Elm Court"}).body["id"]
    assert api.names(NAMES) == ["Abara"]
    assert api("GET", f"sobjects/Account/{account}").status == 404


@pytest.mark.parametrize("asked", [{"seconds": "1"}, {"seconds": -1}, {"times": 10**6},
                                   {"object": "Nonsense"}])  # fmt: skip
def test_a_lateness_that_cannot_be_understood_is_refused(late, asked):
    with pytest.raises(Refused):
        late(**asked)
