"""An account's own association labels (hubspot-api.md 3.4, 8.1)."""

from __future__ import annotations

import pytest

LABELS = "/crm/v4/associations/contacts/companies/labels"


@pytest.fixture
def pair(api):
    company = api("POST", "/crm/v3/objects/companies", {"properties": {"name": "Engines"}})
    return api.contact("ana@example.com"), company.body["id"]


def create(api, label, inverse):
    sent = {"label": label, "inverseLabel": inverse, "name": label.lower()}
    answered = api("POST", LABELS, sent)
    assert answered.status == 200, answered.body
    return [one["typeId"] for one in answered.body["results"]]


def between(api, pair):
    path = f"/crm/v4/objects/contacts/{pair[0]}/associations/companies"
    (found,) = api("GET", path).body["results"]
    return {one["label"] for one in found["associationTypes"]}


def test_a_label_is_made_both_ways_used_renamed_and_deleted(simulator, api, pair):
    there, back = create(api, "Billing contact", "Bills")
    spec = [{"associationCategory": "USER_DEFINED", "associationTypeId": there}]
    path = f"/crm/v4/objects/contacts/{pair[0]}/associations/companies/{pair[1]}"
    assert api("PUT", path, spec).body["labels"] == ["Billing contact"]
    simulator.restore(simulator.dump())
    assert between(api, pair) == {"Billing contact", None}
    turned = api("GET", "/crm/v4/associations/companies/contacts/labels").body["results"]
    assert {"category": "USER_DEFINED", "typeId": back, "label": "Bills"} in turned

    renamed = {"associationTypeId": there, "label": "Payer", "inverseLabel": "Paid by"}
    assert api("PUT", LABELS, renamed).status == 204
    assert between(api, pair) == {"Payer", None}
    assert api("DELETE", f"{LABELS}/{there}").status == 204
    assert between(api, pair) == {None}
    assert api("DELETE", f"{LABELS}/{there}").status == 404


@pytest.mark.parametrize(("family", "status"), [("v4", 204), ("2026-03", 200)])
def test_labels_are_taken_off_and_the_unlabelled_one_takes_all(api, pair, family, status):
    (there, _) = create(api, "Billing contact", "Bills")
    spec = {"associationCategory": "USER_DEFINED", "associationTypeId": there}
    path = f"/crm/v4/objects/contacts/{pair[0]}/associations/companies"
    api("PUT", f"{path}/{pair[1]}", [spec])
    archive = f"/crm/associations/{family}/contacts/companies/batch/labels/archive"
    sent = {"from": {"id": pair[0]}, "to": {"id": pair[1]}}
    assert api("POST", archive, {"inputs": [{**sent, "types": [spec]}]}).status == status
    assert between(api, pair) == {None}
    plain = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}
    api("POST", archive, {"inputs": [{**sent, "types": [plain]}]})
    assert api("GET", path).body["results"] == []


def test_a_pair_of_object_types_has_ten_labels_at_most(api):
    for n in range(10):
        create(api, f"Label {n}", f"Inverse {n}")
    refused = api("POST", LABELS, {"label": "One more", "name": "one_more"})
    assert refused.status == 400
    other = "/crm/v4/associations/contacts/deals/labels"
    assert api("POST", other, {"label": "Buyer", "name": "buyer"}).status == 200


def test_hubspots_own_types_are_not_changed_and_nonsense_is_refused(api):
    assert api("DELETE", f"{LABELS}/279").status == 400
    assert api("PUT", LABELS, {"associationTypeId": 1, "label": "Main"}).status == 400
    assert api("PUT", LABELS, {"associationTypeId": 7_000_000, "label": "x"}).status == 404
    assert api("POST", LABELS, {"label": "x"}).status == 400
    assert api("DELETE", f"{LABELS}/primary").status == 400
