"""The official Python client, typed calls included, drives the simulated HubSpot over HTTP."""

from __future__ import annotations

import pytest
from hubspot import HubSpot
from hubspot.crm.associations.v4 import (
    AssociationSpec,
    BatchInputPublicAssociationMultiPost,
    BatchInputPublicFetchAssociationsBatchRequest,
    PublicAssociationMultiPost,
)
from hubspot.crm.associations.v4.schema import PublicAssociationDefinitionCreateRequest
from hubspot.crm.contacts import (
    ApiException,
    BatchInputSimplePublicObjectBatchInput,
    BatchInputSimplePublicObjectBatchInputForCreate,
    BatchInputSimplePublicObjectBatchInputUpsert,
    BatchInputSimplePublicObjectId,
    BatchReadInputSimplePublicObjectId,
    Filter,
    FilterGroup,
    PublicObjectSearchRequest,
    SimplePublicObjectBatchInput,
    SimplePublicObjectBatchInputUpsert,
    SimplePublicObjectId,
    SimplePublicObjectInput,
    SimplePublicObjectInputForCreate,
)
from hubspot.crm.lists import ListCreateRequest, ListSearchRequest
from hubspot.crm.properties import ApiException as PropertiesError
from hubspot.crm.properties import (
    PropertyCreate,
    PropertyGroupCreate,
    PropertyGroupUpdate,
    PropertyUpdate,
)

TIMEOUT = {"_request_timeout": (2, 10)}


def create(client, **values) -> str:
    sent = SimplePublicObjectInputForCreate(properties=values)
    return client.crm.contacts.basic_api.create(sent, **TIMEOUT).id


def test_it_creates_reads_updates_lists_and_archives(client):
    api = client.crm.contacts.basic_api
    ana = create(client, email="Ana@example.com", firstname="Ana")
    api.update(ana, SimplePublicObjectInput(properties={"city": "Ghent"}), **TIMEOUT)
    found = api.get_by_id(
        ana, properties=["city", "email"], properties_with_history=["city"], archived=False
    )
    assert found.properties["email"] == "ana@example.com"
    assert found.properties_with_history["city"][0].value == "Ghent"
    assert found.updated_at > found.created_at
    by_email = api.get_by_id("ana@example.com", id_property="email")
    assert by_email.id == ana
    assert [one.id for one in client.crm.contacts.get_all()] == [ana]
    api.archive(ana)
    assert api.get_page(archived=True).results[0].archived_at


def test_it_reads_the_errors(client):
    create(client, email="ana@example.com")
    with pytest.raises(ApiException) as refused:
        create(client, email="ana@example.com")
    assert refused.value.status == 409
    assert "Existing ID" in refused.value.body


def test_it_writes_and_reads_batches(client, api):
    api.unique_property("sf_id")
    ana = create(client, email="ana@example.com")
    batches = client.crm.contacts.batch_api
    upserted = batches.upsert(
        BatchInputSimplePublicObjectBatchInputUpsert(
            inputs=[
                SimplePublicObjectBatchInputUpsert(
                    id=key, id_property="sf_id", object_write_trace_id=key, properties={"email": to}
                )
                for key, to in (("003A", "bo@example.com"), ("003B", "ana@example.com"))
            ]
        ),
        **TIMEOUT,
    )
    assert [one.new for one in upserted.results] == [True]
    assert upserted.num_errors == 1
    assert upserted.errors[0].context["existingId"] == [ana]

    updated = batches.update(
        BatchInputSimplePublicObjectBatchInput(
            inputs=[SimplePublicObjectBatchInput(id=ana, properties={"city": "Ghent"})]
        )
    )
    assert updated.results[0].properties["city"] == "Ghent"
    read = batches.read(
        BatchReadInputSimplePublicObjectId(
            inputs=[SimplePublicObjectId(id=ana), SimplePublicObjectId(id="7")],
            properties=["city"],
            properties_with_history=[],
        )
    )
    assert read.errors[0].context == {"ids": ["7"]}
    assert read.results[0].properties["city"] == "Ghent"


def test_it_searches(client):
    ana = create(client, email="ana@example.com")
    filters = [Filter(property_name="hs_object_id", operator="GTE", value=ana)]
    found = client.crm.contacts.search_api.do_search(
        PublicObjectSearchRequest(
            filter_groups=[FilterGroup(filters=filters)], properties=["email"], limit=200
        )
    )
    assert (found.total, found.results[0].id) == (1, ana)


def test_it_reads_and_creates_properties(client):
    api = client.crm.properties.core_api
    created = api.create(
        "contacts",
        PropertyCreate(
            name="sf_id",
            label="Salesforce id",
            type="string",
            field_type="text",
            group_name="contactinformation",
            has_unique_value=True,
        ),
    )
    assert created.has_unique_value
    names = {one.name for one in api.get_all("contacts").results}
    assert {"email", "salutation", "sf_id"} <= names
    groups = client.crm.properties.groups_api.get_all("contacts").results
    assert "contactinformation" in {one.name for one in groups}


def test_it_reads_owners_pipelines_and_account_details(client):
    assert client.crm.owners.owners_api.get_page().results[0].email == "ida@babbage.example"
    assert client.crm.owners.get_all(archived=True)[0].first_name == "Joseph"
    pipelines = client.crm.pipelines.pipelines_api.get_all("tickets").results
    assert pipelines[0].stages[0].label == "New"
    details = client.api_request({"path": "/account-info/v3/details"}).json()
    assert details["portalId"] == 24816357


def test_it_associates_records(client, api):
    ana = create(client, email="ana@example.com")
    company = api("POST", "/crm/v3/objects/companies", {"properties": {"name": "Engines"}})
    company_id = company.body["id"]
    v4 = client.crm.associations.v4
    v4.basic_api.create_default("contacts", ana, "companies", company_id)
    spec = AssociationSpec(association_category="HUBSPOT_DEFINED", association_type_id=1)
    v4.basic_api.create("contacts", ana, "companies", company_id, [spec])
    read = v4.batch_api.get_page(
        "contacts",
        "companies",
        BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": ana}]),
    )
    labels = {one.label for one in read.results[0].to[0].association_types}
    assert labels == {None, "Primary"}


def test_it_logs_in_with_a_code_and_renews_the_token(client, api):
    callback = "http://127.0.0.1:8000/oauth/hubspot/callback/"
    app = {"client_id": "crmsync-demo", "client_secret": "crmsync-demo-secret"}
    allowed = api.form(
        "/oauth/authorize",
        client_id="crmsync-demo",
        redirect_uri=callback,
        scope="oauth",
        user="9586502",
        decision="allow",
    )
    code = allowed.headers["location"].partition("code=")[2]
    tokens = client.oauth.tokens_api
    given = tokens.create(grant_type="authorization_code", code=code, redirect_uri=callback, **app)
    renewed = tokens.create(grant_type="refresh_token", refresh_token=given.refresh_token, **app)
    about = client.oauth.access_tokens_api.get(renewed.access_token)
    assert about.user == "charles@babbage.example"
    assert len(given.access_token) > 300


def test_it_keeps_lists_by_hand_and_by_filters(client):
    ana, bo = create(client, email="ana@example.com", city="Ghent"), create(client, email="b@c.de")
    api, members = client.crm.lists.lists_api, client.crm.lists.memberships_api
    by_hand = api.create(
        ListCreateRequest(name="By hand", object_type_id="0-1", processing_type="MANUAL")
    ).list
    assert members.add(by_hand.list_id, [ana, bo]).records_ids_added == [ana, bo]
    assert members.remove(by_hand.list_id, [bo]).record_ids_removed == [bo]
    assert [one.record_id for one in members.get_page(by_hand.list_id).results] == [ana]
    group = {
        "filterBranchType": "AND",
        "filterBranches": [],
        "filters": [
            {
                "filterType": "PROPERTY",
                "property": "city",
                "operation": {
                    "operationType": "MULTISTRING",
                    "operator": "IS_EQUAL_TO",
                    "values": ["Ghent"],
                    "includeObjectsWithNoValueSet": False,
                },
            }
        ],
    }
    branch = {"filterBranchType": "OR", "filterBranches": [group], "filters": []}
    dynamic = api.create(
        ListCreateRequest(
            name="In Ghent",
            object_type_id="0-1",
            processing_type="DYNAMIC",
            filter_branch=branch,
        )
    ).list
    joined = members.get_page_ordered_by_added_to_list_date(dynamic.list_id).results
    assert [one.record_id for one in joined] == [ana]
    assert api.get_by_name("In Ghent", "0-1").list.list_id == dynamic.list_id
    assert api.do_search(ListSearchRequest(query="ghent")).total == 1
    api.remove(by_hand.list_id)
    api.restore(by_hand.list_id)
    assert api.update_name(by_hand.list_id, list_name="Mine").updated_list.name == "Mine"
    assert {one.list_id for one in members.get_lists("0-1", ana).results} == {
        by_hand.list_id,
        dynamic.list_id,
    }


def test_it_defines_labels_and_takes_associations_off(client, api):
    ana = create(client, email="ana@example.com")
    company = api("POST", "/crm/v3/objects/companies", {"properties": {"name": "Engines"}})
    to = company.body["id"]
    labels = client.crm.associations.v4.schema.definitions_api
    made = labels.create(
        "contacts",
        "companies",
        PublicAssociationDefinitionCreateRequest(label="Adviser", name="adviser"),
    ).results
    kind = made[0].type_id
    v4 = client.crm.associations.v4
    adviser = AssociationSpec(association_category="USER_DEFINED", association_type_id=kind)
    row = PublicAssociationMultiPost(_from={"id": ana}, to={"id": to}, types=[adviser])
    v4.batch_api.create("contacts", "companies", BatchInputPublicAssociationMultiPost(inputs=[row]))
    found = v4.basic_api.get_page("contacts", ana, "companies").results
    assert [one.to_object_id for one in found] == [int(to)] or found[0].to_object_id == to
    assert "Adviser" in {one.label for one in found[0].association_types}
    v4.batch_api.archive_labels(
        "contacts", "companies", BatchInputPublicAssociationMultiPost(inputs=[row])
    )
    v4.basic_api.archive("contacts", ana, "companies", to)
    assert v4.basic_api.get_page("contacts", ana, "companies").results == []
    labels.remove("contacts", "companies", kind)
    assert kind not in {one.type_id for one in labels.get_all("contacts", "companies").results}


def test_it_changes_properties_and_groups(client):
    api = client.crm.properties.core_api
    tier = PropertyCreate(
        name="tier",
        label="Tier",
        type="enumeration",
        field_type="select",
        group_name="contactinformation",
        options=[{"label": "One", "value": "1", "hidden": False}],
    )
    api.create("contacts", tier)
    two = {"label": "Two", "value": "2", "hidden": False}
    updated = api.update("contacts", "tier", PropertyUpdate(options=[tier.options[0], two]))
    assert [one.value for one in updated.options] == ["1", "2"]
    ana = create(client, email="ana@example.com", tier="2")
    read = client.crm.contacts.basic_api.get_by_id(ana, properties=["tier"])
    assert read.properties["tier"] == "2"
    groups = client.crm.properties.groups_api
    groups.create("contacts", PropertyGroupCreate(name="ours", label="Ours"))
    assert groups.update("contacts", "ours", PropertyGroupUpdate(label="Yours")).label == "Yours"
    groups.archive("contacts", "ours")
    api.archive("contacts", "tier")
    with pytest.raises(PropertiesError) as refused:
        api.get_by_name("contacts", "tier")
    assert refused.value.status == 404


def test_it_archives_and_pages_in_batches(client):
    rows = [SimplePublicObjectInputForCreate(properties={"lastname": f"L{n}"}) for n in range(100)]
    batches = client.crm.contacts.batch_api
    sent = BatchInputSimplePublicObjectBatchInputForCreate(inputs=rows)
    ids = [one.id for one in batches.create(sent).results]
    create(client, email="ana@example.com")
    assert len(client.crm.contacts.get_all()) == 101  # two pages
    assert len(client.crm.contacts.get_all(limit=30)) == 30
    gone = [SimplePublicObjectId(id=one) for one in ids[:40]]
    batches.archive(BatchInputSimplePublicObjectId(inputs=gone))
    assert len(client.crm.contacts.get_all()) == 61


@pytest.mark.parametrize(
    ("break_it", "status", "says"),
    [
        ({"email": "no address"}, 400, "INVALID_EMAIL"),
        ({"no_such_property": "x"}, 400, "PROPERTY_DOESNT_EXIST"),
        ({"lifecyclestage": "nonsense"}, 400, "INVALID_OPTION"),
    ],
)
def test_a_refused_value_is_an_error_with_its_code(client, break_it, status, says):
    with pytest.raises(ApiException) as refused:
        create(client, **break_it)
    assert refused.value.status == status
    assert says in refused.value.body


def test_a_record_that_is_not_there_and_a_token_that_is_wrong_are_errors(client, url):
    with pytest.raises(ApiException) as refused:
        client.crm.contacts.basic_api.get_by_id("7")
    assert refused.value.status == 404
    stranger = HubSpot(access_token="pat-eu1-nobody", host=url, base_url=url)
    with pytest.raises(ApiException) as refused:
        stranger.crm.contacts.basic_api.get_page()
    assert refused.value.status == 401


def test_calls_that_have_no_types_go_through_it_too(client):
    ana, bo = create(client, email="ana@example.com"), create(client, email="bo@example.com")
    merged = client.api_request(
        {
            "method": "POST",
            "path": "/crm/v3/objects/contacts/merge",
            "body": {"primaryObjectId": ana, "objectIdToMerge": bo},
        }
    ).json()
    assert merged["properties"]["hs_merged_object_ids"] == f"{ana};{bo}"
    path = "/communication-preferences/v4/statuses/ana@example.com/unsubscribe-all?channel=EMAIL"
    said = client.api_request({"method": "POST", "path": path}).json()
    assert said["status"] == "COMPLETE"
    read = client.crm.contacts.basic_api.get_by_id(merged["id"], properties=["hs_email_optout"])
    assert read.properties["hs_email_optout"] == "true"
    erase = {"objectId": "ana@example.com", "idProperty": "email"}
    path = "/crm/v3/objects/contacts/gdpr-delete"
    assert client.api_request({"method": "POST", "path": path, "body": erase}).status_code == 204
    assert client.crm.contacts.get_all() == []
