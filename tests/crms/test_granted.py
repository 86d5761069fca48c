"""What the connected user may do, asked of both simulators: what a setup check rests on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync_engine.core.errors import CrmError
from sync_engine.core.fields import Field, FieldKind
from sync_engine.crms.base import Row
from tests.simulated import CountingMeter, hubspot_client, salesforce_client, token_of

IN_FULL = {"read", "create", "edit", "modify_all"}


@pytest.fixture
def salesforce(salesforce_control):
    return salesforce_client(salesforce_control.url, token_of(salesforce_control))


@pytest.fixture
def hubspot(hubspot_control):
    return hubspot_client(hubspot_control.url, token_of(hubspot_control))


def key_with(control, *scopes: str):
    key = control.call("POST", "token", user="", scopes=list(scopes))["access_token"]
    return hubspot_client(control.url, key)


class TestSalesforce:
    def test_it_names_edition_rights_and_objects(self, salesforce):
        granted = salesforce.granted(["Contact", "Lead"])
        assert granted.edition == "Enterprise Edition"
        assert {"ApiEnabled", "ViewSetup", "CustomizeApplication"} <= granted.rights
        assert granted.objects == {"Contact": IN_FULL, "Lead": IN_FULL}

    def test_a_right_that_was_taken_is_not_named(self, salesforce, salesforce_control):
        taken = "PermissionsCustomizeApplication"
        salesforce_control.call("POST", "actions/system-permission", name=taken, on=False)
        assert "CustomizeApplication" not in salesforce.granted(["Contact"]).rights

    def test_it_tells_what_may_be_done_with_an_object(self, salesforce, salesforce_control):
        limit = salesforce_control.call
        limit("POST", "actions/object-permissions", object="Contact", modify_all=False)
        limit("POST", "actions/object-permissions", object="Lead", edit=False)
        limit("POST", "actions/object-permissions", object="Account", read=False)
        objects = salesforce.granted(["Contact", "Lead", "Account"]).objects
        assert objects["Contact"] == IN_FULL - {"modify_all"}
        assert objects["Lead"] == {"read", "create"}
        assert "Account" not in objects

    def test_without_view_setup_nobody_says_what_is_granted_in_full(
        self, salesforce, salesforce_control
    ):
        salesforce_control.call(
            "POST", "actions/system-permission", name="PermissionsViewSetup", on=False
        )
        granted = salesforce.granted(["Contact"])
        assert "ViewSetup" not in granted.rights
        assert granted.objects["Contact"] == IN_FULL - {"modify_all"}

    def test_an_edition_without_an_api_is_a_refusal(self, salesforce, salesforce_control):
        salesforce_control.call("POST", "actions/edition", name="Group Edition")
        with pytest.raises(CrmError) as refused:
            salesforce.granted(["Contact"])
        assert refused.value.problem.type.slug == "salesforce-api-disabled"

    def test_it_costs_few_calls(self, salesforce_control):
        meter = CountingMeter()
        client = salesforce_client(salesforce_control.url, token_of(salesforce_control), meter)
        client.granted(["Contact", "Lead", "Account", "Opportunity", "Case"])
        assert meter.calls.total() <= 6


class TestHubSpot:
    def test_a_service_key_says_which_scopes_it_has(self, hubspot_control):
        client = key_with(hubspot_control, "oauth", "crm.objects.contacts.read")
        assert client.granted(["contacts"]).rights == {"oauth", "crm.objects.contacts.read"}

    def test_a_service_key_says_whose_account_it_is(self, hubspot):
        identity = hubspot.identity()
        assert (identity.id, identity.name) == ("24816357", "24816357")

    def test_our_own_writes_are_no_edits_with_a_service_key_either(self, hubspot, hubspot_control):
        values = {"email": "ada@example.org", "city": "London"}
        id = hubspot_control.call("POST", "records/contacts", by="Ada", values=values)["id"]
        before = hubspot.edited_at("contacts", {id: ["city"]})[id]["city"]
        hubspot.update("contacts", [Row({"city": "Turin"}, id=id)])
        assert hubspot.edited_at("contacts", {id: ["city"]})[id]["city"] == before

    @pytest.mark.parametrize(("hours", "is_running"), [(1, True), (25, False)])
    def test_it_notices_hubspots_own_integration(self, hubspot, hubspot_control, hours, is_running):
        synced = Field("salesforcelastsynctime", "Last Salesforce Sync Time", FieldKind.MOMENT)
        hubspot.create_property("contacts", synced)
        at = datetime.now(UTC) - timedelta(hours=hours)
        values = {"email": "ada@example.org", synced.name: at.isoformat().replace("+00:00", "Z")}
        hubspot_control.call("POST", "records/contacts", by="Ada", values=values)
        assert hubspot.granted(["contacts"]).syncs_elsewhere is is_running

    def test_where_it_never_was_it_is_not_running(self, hubspot):
        assert not hubspot.granted(["contacts"]).syncs_elsewhere


class TestProperties:
    @pytest.mark.parametrize(
        ("field", "form"),
        [
            (Field("rating", "Rating", FieldKind.PICKLIST, options=("Hot", "Cold")), "select"),
            (Field("tags", "Tags", FieldKind.MULTI_PICKLIST, options=("a", "b")), "checkbox"),
            (Field("size", "Size", FieldKind.NUMBER, scale=0), "number"),
            (Field("vip", "VIP", FieldKind.YES_NO), "booleancheckbox"),
            (Field("born", "Born", FieldKind.DATE), "date"),
            (Field("seen", "Seen", FieldKind.MOMENT), "date"),
            (Field("nick", "Nickname", FieldKind.TEXT, max_length=40), "text"),
            (Field("story", "Story", FieldKind.TEXT, max_length=32_000), "textarea"),
        ],
    )
    def test_a_property_is_made_of_the_fitting_type(self, hubspot, field, form):
        hubspot.create_property("contacts", field)
        made = hubspot.fields("contacts")[field.name]
        assert (made.label, made.kind, made.type_label) == (field.label, field.kind, form)
        assert made.options == field.options

    def test_making_it_twice_is_no_error(self, hubspot):
        for _ in range(2):
            hubspot.create_property("contacts", Field("nick", "Nickname", FieldKind.TEXT))

    def test_who_may_not_make_properties_is_refused(self, hubspot_control):
        client = key_with(hubspot_control, "oauth", "crm.objects.contacts.read")
        with pytest.raises(CrmError) as refused:
            client.create_property("contacts", Field("nick", "Nickname", FieldKind.TEXT))
        assert refused.value.problem.type.slug == "missing-scopes"
