from __future__ import annotations

import csv

import pytest
from django.utils import timezone

from settings_ui.mappings.export import defused
from sync_engine.core.catalog.contacts import CONTACTS
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.models import FieldMapping, SalesforceField
from sync_engine.runs.connect import crms_of, finish_setup
from sync_engine.runs.prepare import missing
from tests.logins import log_in
from tests.ui.conftest import HTMX

TWO_WAY = [one for one in CONTACTS.standard_mappings if one.rule is SyncRule.TWO_WAY]


@pytest.fixture
def here(connection) -> str:
    return f"/{connection.pk}/contacts/mappings/"


@pytest.fixture
def jobtitle(connection) -> FieldMapping:
    return FieldMapping.objects.get(connection=connection, hubspot_field="jobtitle")


def add_mapping(connection, name: str, salesforce: str, **more: object) -> FieldMapping:
    mapping = FieldMapping.objects.create(
        **{
            "connection": connection,
            "object_type": "contacts",
            "hubspot_field": name,
            "sync_rule": SyncRule.TWO_WAY.value,
            "since": timezone.now(),
            **more,
        }
    )
    SalesforceField.objects.create(
        mapping=mapping,
        connection=connection,
        object_type="contacts",
        salesforce_object="Contact",
        name=salesforce,
    )
    return mapping


def test_every_standard_mapping_is_in_its_table(alice, connection, object_type):
    page = alice.get(f"/{connection.pk}/{object_type.slug}/mappings/").text
    for mapping in object_type.standard_mappings:
        assert f'<span class="name">{mapping.hubspot}</span>' in page
        for field in mapping.salesforce.values():
            assert field in page


def test_it_shows_labels_where_they_are_known(alice, jobtitle, here):
    assert '<span class="name">jobtitle</span>' in alice.get(here).text

    jobtitle.hubspot_label = "Job title"
    jobtitle.save()
    jobtitle.salesforce_fields.update(label="Position", type_label="text")
    page = alice.get(here).text

    assert '<span class="name">Job title</span> <code class="api">jobtitle</code>' in page
    assert '<span class="name">Position</span> <code class="api">Title</code>' in page


@pytest.mark.parametrize("words", ["JOBTIT", "title", "Position"])
def test_it_finds_a_mapping_by_either_name(alice, jobtitle, here, words):
    jobtitle.salesforce_fields.update(label="Position")
    page = alice.get(here, {"q": words}, headers=HTMX).text
    assert page.count('<tr id="mapping-') == 1
    assert f'id="mapping-{jobtitle.pk}"' in page


def test_it_filters_by_rule_and_kind(alice, connection, here):
    custom = add_mapping(connection, "tier__c", "Tier__c")
    for query, found in (({"rule": "two_way"}, 1 + len(TWO_WAY)), ({"kind": "custom"}, 1)):
        page = alice.get(here, query, headers=HTMX).text
        assert page.count('<tr id="mapping-') == found
        assert f'id="mapping-{custom.pk}"' in page


def test_it_filters_by_what_is_suspended(alice, jobtitle, here):
    jobtitle.suspend("Field deleted in Salesforce. Choose another field.")
    suspended = alice.get(here, {"state": "suspended"}, headers=HTMX).text
    assert suspended.count('<tr id="mapping-') == 1
    assert f'id="mapping-{jobtitle.pk}"' in suspended
    working = alice.get(here, {"state": "working"}, headers=HTMX).text
    assert f'id="mapping-{jobtitle.pk}"' not in working


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("jobtitle", [("Title", "")]),
        ("company", [("Company", "Lead only")]),
        ("address", [("MailingStreet", "Contact"), ("Street", "Lead")]),
    ],
)
def test_a_mapping_has_one_line_for_each_field_of_salesforce(alice, connection, here, name, lines):
    page = alice.get(here, {"q": name}, headers=HTMX).text
    mapping = FieldMapping.objects.get(hubspot_field=name)
    row = page.split(f'id="mapping-{mapping.pk}"')[1].split("</ul>")[0]
    assert row.count("<li>") == len(lines)
    for field, of in lines:
        badge = f' <span class="badge">{of}</span>' if of else ""
        assert f'<span class="name">{field}</span>{badge}</li>' in row


def test_it_says_when_nothing_matches(alice, here):
    page = alice.get(here, {"q": "<revnue>"}).text
    assert "No mapping matches “&lt;revnue&gt;”" in page
    assert "Clear filters" in page


def test_nonsense_in_the_address_filters_nothing(alice, here):
    page = alice.get(here, {"rule": "sometimes", "page": "first"}).text
    assert 'id="mapping-' in page


def test_the_other_pages_are_a_link_away(alice, connection, here):
    for n in range(60):
        add_mapping(connection, f"field_{n:02}", f"Field_{n:02}__c")
    page = alice.get(here, {"rule": "two_way"}).text
    count = 60 + len(TWO_WAY)
    assert f"1 to 50 of {count}" in page
    assert f'href="{here}?rule=two_way&amp;page=2' in page
    assert f"51 to {count} of {count}" in alice.get(here, {"rule": "two_way", "page": 2}).text


def test_a_mapping_on_another_page_opens_there(alice, connection, here):
    for n in range(60):
        mapping = add_mapping(connection, f"field_{n:02}", f"Field_{n:02}__c")
    page = alice.get(f"/{connection.pk}/mappings/{mapping.pk}/edit/").text
    last = 60 + len(CONTACTS.standard_mappings)
    assert f"51 to {last} of {last}" in page
    assert "Sync rule of field_59" in page


def test_a_suspended_mapping_says_why(alice, jobtitle, here):
    jobtitle.suspend("Field deleted in Salesforce. Choose another field.")
    assert "Field deleted in Salesforce. Choose another field." in alice.get(here).text


def test_a_mapping_of_another_connection_is_not_found(alice, connection, jobtitle):
    other = type(connection).objects.create(hubspot_account_id="2", set_up_at=timezone.now())
    address = f"/{other.pk}/mappings/{jobtitle.pk}"
    assert alice.get(f"{address}/edit/").status_code == 404
    assert alice.post(f"{address}/rule/", {"rule": "two_way"}).status_code == 404


def lines_of(answer) -> list[list[str]]:
    return list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))


def test_it_exports_every_mapping(alice, connection, object_type):
    answer = alice.get(f"/{connection.pk}/{object_type.slug}/mappings.csv")

    assert answer.content.startswith(b"\xef\xbb\xbf")  # spreadsheets take it for UTF-8
    assert "attachment" in answer.headers["Content-Disposition"]
    header, *lines = lines_of(answer)
    assert header == ["HubSpot Field Name", "Salesforce Field Name", "Sync Rule"]
    assert lines == [
        [mapping.hubspot, field, mapping.rule.label]
        for mapping in object_type.standard_mappings
        for field in sorted(set(mapping.salesforce.values()))
    ]


def test_a_viewer_may_export(victor, connection):
    assert victor.get(f"/{connection.pk}/contacts/mappings.csv").status_code == 200


def test_a_cell_never_becomes_a_formula(alice, connection):
    add_mapping(connection, "=HYPERLINK(1)", "Tier__c")
    lines = lines_of(alice.get(f"/{connection.pk}/contacts/mappings.csv"))
    assert lines[-1][0] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_formula_begins_with_is_defused(first):
    assert defused(f"{first}1") == f"'{first}1"


def test_everything_else_is_left_alone():
    assert defused("Two-way") == "Two-way"


class TestCreateProperty:
    @pytest.fixture
    def rating(self, connection) -> FieldMapping:
        mapping = FieldMapping.objects.get(hubspot_field="rating")
        mapping.suspend(missing(Crm.HUBSPOT, "rating"))
        return mapping

    def test_a_mapping_that_lacks_its_property_offers_to_make_it(self, alice, connection, rating):
        page = alice.get(f"/{connection.pk}/contacts/mappings/").text
        assert page.count("Create property") == 1
        assert f'action="/{connection.pk}/mappings/{rating.pk}/property/?' in page

    def test_one_that_lacks_its_salesforce_field_does_not(self, alice, connection, rating):
        rating.suspend(missing(Crm.SALESFORCE, "Lead.Rating"))
        assert "Create property" not in alice.get(f"/{connection.pk}/contacts/mappings/").text

    def test_a_viewer_cannot(self, victor, connection, rating):
        assert "Create property" not in victor.get(f"/{connection.pk}/contacts/mappings/").text
        answer = victor.post(f"/{connection.pk}/mappings/{rating.pk}/property/")
        assert answer.status_code == 403

    def test_what_is_there_already_is_said(self, alice, connection):
        mapping = FieldMapping.objects.get(hubspot_field="email")
        answer = alice.post(f"/{connection.pk}/mappings/{mapping.pk}/property/", follow=True)
        assert "does not lack a HubSpot property" in answer.text

    @pytest.mark.django_db(transaction=True)
    def test_it_is_made_with_the_options_of_the_field(self, alice, simulated):
        connection = log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))
        finish_setup(connection, timezone.now())
        mapping = FieldMapping.objects.get(hubspot_field="rating")
        mapping.suspend(missing(Crm.HUBSPOT, "rating"))
        answer = alice.post(f"/{connection.pk}/mappings/{mapping.pk}/property/")
        assert answer.url.endswith(f"#mapping-{mapping.pk}")
        page = alice.get(answer.url).text
        assert "The property rating is created in HubSpot." in page
        mapping.refresh_from_db()
        assert mapping.suspended_because == ""
        crms = crms_of(connection)
        made, field = crms.hubspot.fields("contacts")["rating"], crms.salesforce.fields("Lead")
        assert made.options == field["Rating"].options
