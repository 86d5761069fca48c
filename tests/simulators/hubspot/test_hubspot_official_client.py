"""The official Python client, typed calls included, drives the simulated HubSpot over HTTP."""

from __future__ import annotations

import pytest
from hubspot.crm.associations.v4 import (
    AssociationSpec,
    BatchInputPublicFetchAssociationsBatchRequest,
)
from hubspot.crm.contacts import (
    ApiException,
    BatchInputSimplePublicObjectBatchInput,
    BatchInputSimplePublicObjectBatchInputUpsert,
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
from hubspot.crm.properties import PropertyCreate

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
