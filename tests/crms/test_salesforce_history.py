"""When Salesforce's fields were edited, by its field history. Source: sync.md 2, "Whose time"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync_engine.core.errors import CrmError
from sync_engine.crms.base import Asked, Row
from tests.simulated import CountingMeter, salesforce_client, token_of


@pytest.fixture
def meter():
    return CountingMeter()


@pytest.fixture
def salesforce(salesforce_control, meter):
    return salesforce_client(salesforce_control.url, token_of(salesforce_control), meter)


@pytest.fixture
def act(salesforce_control):
    return lambda name, /, **asked: salesforce_control.call("POST", f"actions/{name}", **asked)


@pytest.fixture
def edit(salesforce_control):
    """A person edits a contact in Salesforce's screens."""

    def edit(id, /, by="Ada", **values):
        salesforce_control.call("PATCH", f"records/Contact/{id}", by=by, values=values)

    return edit


@pytest.fixture
def contact(salesforce_control):
    values = {"LastName": "Lovelace", "Title": "Analyst"}
    return salesforce_control.call("POST", "records/Contact", by="Ada", values=values)["id"]


@pytest.fixture
def tracked(act):
    act("track-history", object="Contact", fields=["Title", "OwnerId"])


def stamp_of(salesforce, id):
    return salesforce.read("Contact", [id], [])[id].modified_at


def test_it_is_the_time_of_the_field_not_of_the_record(
    salesforce, salesforce_control, contact, tracked, edit
):
    edit(contact, Title="Countess")
    edited = stamp_of(salesforce, contact)
    salesforce_control.call("POST", "clock", shift_seconds=60)
    edit(contact, MailingCity="London")

    times = salesforce.edited_at("Contact", {contact: ["Title", "MailingCity"]})

    assert times == {contact: {"Title": edited}}
    assert edited.tzinfo is UTC
    assert stamp_of(salesforce, contact) > edited


def test_the_last_edit_counts_and_our_own_writes_do_not(
    salesforce, salesforce_control, contact, tracked, edit
):
    edit(contact, Title="Countess")
    salesforce_control.call("POST", "clock", shift_seconds=60)
    edit(contact, Title="Queen")
    edited = stamp_of(salesforce, contact)
    salesforce_control.call("POST", "clock", shift_seconds=60)
    (done,) = salesforce.update("Contact", [Row({"Title": "Analyst"}, id=contact)])
    assert done.problem is None

    assert salesforce.edited_at("Contact", {contact: ["Title"]}) == {contact: {"Title": edited}}


def test_what_a_person_edits_as_our_user_counts_as_ours(salesforce, contact, tracked, edit):
    edit(contact, by=salesforce.identity().user_id, Title="Countess")
    assert salesforce.edited_at("Contact", {contact: ["Title"]}) == {}


def test_an_owner_has_a_time(salesforce, salesforce_control, contact, tracked, edit):
    edit(contact, OwnerId=salesforce.identity().user_id)
    times = salesforce.edited_at("Contact", {contact: ["OwnerId", "Title"]})
    assert times == {contact: {"OwnerId": stamp_of(salesforce, contact)}}


def test_each_record_is_answered_for_the_fields_that_were_asked_of_it(
    salesforce, salesforce_control, tracked, edit
):
    salesforce_control.call("POST", "load", object="Contact", count=201, seed=1)
    asked = Asked("Contact", datetime.now(UTC) - timedelta(days=400))
    made = [row.id for row in salesforce.changed([asked]).rows["Contact"]]
    assert len(made) == 201  # two queries
    for id in made[:1] + made[-1:]:
        edit(id, Title="Countess")
    salesforce_control.call("DELETE", "calls")

    fields = dict.fromkeys(made[1:], ["Title"]) | {made[0]: ["OwnerId"]}
    assert set(salesforce.edited_at("Contact", fields)) == {made[-1]}
    assert salesforce_control.cost() == 1


def test_an_org_without_history_is_asked_once_an_hour(salesforce, salesforce_control, contact):
    salesforce_control.call("DELETE", "calls")
    for _ in range(2):
        assert salesforce.edited_at("Contact", {contact: ["Title"]}) == {}
    assert salesforce_control.cost() == 1
    assert salesforce.edited_at("Lead", {contact.replace("003", "00Q"): ["Title"]}) == {}
    assert salesforce_control.cost() == 2  # each object has a history of its own
    assert salesforce.edited_at("Account", {"001": ["Name"]}) == {}
    assert salesforce_control.cost() == 2


def test_nothing_asked_is_no_call(salesforce, meter, tracked, contact):
    assert salesforce.edited_at("Contact", {}) == {}
    assert salesforce.edited_at("Contact", {contact: []}) == {}
    assert not meter.calls


def test_who_may_not_see_it_goes_without(salesforce, act, contact, tracked, edit):
    edit(contact, Title="Countess")
    act("field-security", object="Contact", field="Title", read=False)
    assert salesforce.edited_at("Contact", {contact: ["Title"]}) == {}
    act("object-permissions", object="Contact", read=False)
    assert salesforce.edited_at("Contact", {contact: ["Title"]}) == {}


def test_a_passing_failure_is_not_taken_for_no_history(
    salesforce, salesforce_control, contact, tracked, edit
):
    edit(contact, Title="Countess")
    salesforce_control.call("POST", "faults", path="/composite", status=503, times=1)
    with pytest.raises(CrmError):
        salesforce.edited_at("Contact", {contact: ["Title"]})
    assert contact in salesforce.edited_at("Contact", {contact: ["Title"]})


def test_a_person_account_has_no_time_of_its_fields(salesforce, salesforce_control, act, tracked):
    record_type = act("person-accounts")["id"]
    values = {"LastName": "Byron", "RecordTypeId": record_type, "PersonTitle": "Countess"}
    account = salesforce_control.call("POST", "records/Account", by="Ada", values=values)["id"]
    salesforce_control.call(
        "PATCH", f"records/Account/{account}", by="Ada", values={"PersonTitle": "Queen"}
    )
    ((_, (shadow,)),) = salesforce.find("Contact", "LastName", ["Byron"], ["Title"]).items()
    assert shadow.values["Title"] == "Queen"
    assert salesforce.edited_at("Contact", {shadow.id: ["Title"]}) == {}
