"""What names a record that is deleted, and what a merge moves.
Source: salesforce-api.md 3 (cascadeDelete, restrictedDelete), 6.3."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from sync_engine.simulators.base import Refused


def made(api, name, **values):
    answered = api("POST", f"sobjects/{name}", values)
    assert answered.status == 201, answered.body
    return answered.body["id"]


def held(api, name, record_id, field):
    return api("GET", f"sobjects/{name}/{record_id}").body[field]


@pytest.fixture
def family(api):
    """An account with a child account, a contact with one who reports to her. Returns the ids."""
    parent = made(api, "Account", Name="Parent")
    child = made(api, "Account", Name="Child", ParentId=parent)
    boss = api.contact(LastName="Boss", AccountId=parent)
    clerk = api.contact(LastName="Clerk", ReportsToId=boss)
    return parent, child, boss, clerk


def test_what_named_a_deleted_record_names_nothing_until_it_is_back(api, act, family):
    parent, child, boss, clerk = family
    stamp = held(api, "Account", child, "SystemModstamp")
    api("DELETE", f"sobjects/Account/{parent}")
    assert held(api, "Account", child, "ParentId") is None
    assert held(api, "Account", child, "SystemModstamp") == stamp
    assert held(api, "Contact", clerk, "ReportsToId") is None
    assert api.names(f"SELECT LastName FROM Contact WHERE ReportsToId = '{boss}'") == []
    act("undelete", id=parent)
    assert held(api, "Account", child, "ParentId") == parent
    assert held(api, "Contact", clerk, "ReportsToId") == boss
    assert held(api, "Contact", boss, "AccountId") == parent


def test_what_names_another_record_by_now_keeps_it(api, act, family):
    _, _, boss, clerk = family
    api("DELETE", f"sobjects/Contact/{boss}")
    other = api.contact(LastName="Other")
    api("PATCH", f"sobjects/Contact/{clerk}", {"ReportsToId": other})
    act("undelete", id=boss)
    assert held(api, "Contact", clerk, "ReportsToId") == other


def test_a_lead_forgets_the_account_it_became(api, act):
    lead = made(api, "Lead", LastName="Lovelace", Company="Analytical")
    became = act("convert-lead", id=lead)
    api("DELETE", f"sobjects/Account/{became['ConvertedAccountId']}")
    soql = f"SELECT ConvertedAccountId, ConvertedContactId FROM Lead WHERE Id = '{lead}'"
    (row,) = api.query(soql)["records"]
    assert (row["ConvertedAccountId"], row["ConvertedContactId"]) == (None, None)


def test_an_undone_delete_clears_nothing(api, family):
    parent, child, *_ = family
    ids = f"{parent},0015j0000000zzzAAA"
    answered = api("DELETE", f"composite/sobjects?ids={ids}&allOrNone=true")
    assert [item["success"] for item in answered.body] == [False, False]
    assert held(api, "Account", child, "ParentId") == parent


def test_what_was_cleared_comes_back_after_a_restart_too(api, act, simulator, family):
    parent, child, *_ = family
    api("DELETE", f"sobjects/Account/{parent}")
    simulator.restore(json.loads(json.dumps(simulator.dump())))
    simulator.actions()["undelete"]({"id": parent})
    assert held(api, "Account", child, "ParentId") == parent


def test_a_merge_that_cannot_be_is_refused_whole(api, act, family):
    _, _, boss, clerk = family
    more = [api.contact(LastName=str(number)) for number in range(3)]
    for losers in (more, [clerk, boss], "x", [None]):
        with pytest.raises(Refused):
            act("merge", object="Contact", winner=boss, losers=losers)
    assert api.query("SELECT COUNT() FROM Contact")["totalSize"] == 5
    assert held(api, "Contact", clerk, "ReportsToId") == boss


def test_a_merge_that_a_lock_stops_is_refused_whole(api, act, family):
    _, _, boss, clerk = family
    act("lock-rows", object="Contact", where=f"Id = '{boss}'")
    with pytest.raises(Refused):
        act("merge", object="Contact", winner=boss, losers=[clerk])
    assert held(api, "Contact", clerk, "IsDeleted") is False


def test_the_bin_keeps_what_was_deleted_for_15_days(api, simulator, family):
    parent, _, boss, clerk = family
    api("DELETE", f"sobjects/Account/{parent}")
    simulator.clock.shift += timedelta(days=10)
    api("DELETE", f"sobjects/Contact/{clerk}")
    simulator.restore(json.loads(json.dumps(simulator.dump())))
    for days, left in ((4, {"Boss", "Clerk"}), (2, {"Clerk"}), (10, set())):
        simulator.clock.shift += timedelta(days=days)
        api("GET", "limits")
        assert set(api.names("SELECT LastName FROM Contact", "queryAll")) == left
    with pytest.raises(Refused):
        simulator.actions()["undelete"]({"id": boss})


def test_what_came_back_from_the_bin_stays(api, act, simulator):
    ada = api.contact()
    api("DELETE", f"sobjects/Contact/{ada}")
    simulator.clock.shift += timedelta(days=10)
    act("undelete", id=ada)
    simulator.clock.shift += timedelta(days=10)
    assert api("GET", f"sobjects/Contact/{ada}").status == 200
