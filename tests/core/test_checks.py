"""Setup checks, by the manual's table (product.md 3.1, 3.2) and by least privilege."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync_engine.core import error_types as types
from sync_engine.core.catalog import CATALOG
from sync_engine.core.checks import Check, Grade, Granted, Use, blocking, checks
from sync_engine.core.errors import Problem
from sync_engine.core.permissions import PERMISSIONS, SEGMENT, on_records, scopes
from sync_engine.core.values import Crm

CONTACTS = CATALOG["contacts"]
IN_FULL = frozenset({"read", "create", "edit", "modify_all"})
SYSTEM = frozenset({"ApiEnabled", "ViewSetup", "CustomizeApplication"})
SCOPES = frozenset(name for some in scopes() for name in some)

USE = Use((CONTACTS,), frozenset({"Contact", "Lead", "contacts", "email"}), {})
SALESFORCE = Granted(
    SYSTEM, dict.fromkeys(CONTACTS.salesforce, IN_FULL), edition="Enterprise Edition"
)
HUBSPOT = Granted(SCOPES)


def of(granted: Granted | Problem, use: Use = USE, crm: Crm = Crm.SALESFORCE) -> dict[str, Check]:
    return {check.title: check for check in checks(use, {crm: granted})}


def grades(granted: Granted, use: Use = USE, crm: Crm = Crm.SALESFORCE) -> dict[str, Grade]:
    return {title: check.grade for title, check in of(granted, use, crm).items()}


def without(right: str) -> Granted:
    return replace(SALESFORCE, rights=SALESFORCE.rights - {right})


def with_contacts(*verbs: str) -> Granted:
    return replace(SALESFORCE, objects={**SALESFORCE.objects, "Contact": frozenset(verbs)})


def test_with_all_that_is_needed_nothing_warns():
    for crm, granted in ((Crm.SALESFORCE, SALESFORCE), (Crm.HUBSPOT, HUBSPOT)):
        assert {*grades(granted, crm=crm).values()} <= {Grade.PASSED, Grade.NOT_NEEDED}


@pytest.mark.parametrize("edition", ["Group Edition", "Team Edition"])
def test_group_edition_cannot_be_connected(edition):
    check = of(replace(SALESFORCE, edition=edition))["Edition with API access"]
    assert check.grade is Grade.FAILED
    assert check.steps


def test_professional_edition_can_once_it_answers():
    found = grades(replace(SALESFORCE, edition="Professional Edition"))
    assert found["Edition with API access"] is Grade.PASSED


def test_without_the_api_only_that_is_said():
    (check,) = of(Problem(Crm.SALESFORCE, types.API_DISABLED, message="API is off.")).values()
    assert (check.title, check.grade) == ("API access", Grade.FAILED)
    assert "API is off." in check.without


def test_a_crm_that_does_not_answer_fails_setup():
    (check,) = of(Problem(Crm.HUBSPOT, types.TEMPORARY), crm=Crm.HUBSPOT).values()
    assert (check.title, check.grade) == ("HubSpot answers", Grade.FAILED)


def test_api_enabled_is_vital():
    check = of(without("ApiEnabled"))["API Enabled"]
    assert check.grade is Grade.FAILED
    assert "tick API Enabled" in " ".join(check.steps)


@pytest.mark.parametrize(
    "title",
    [
        "System administrator",
        "Download AppExchange Packages",
        "Modify Metadata",
        "Task Type visible",
    ],
)
def test_what_nothing_configured_uses_is_not_needed(title):
    check = of(SALESFORCE)[title]
    assert (check.grade, check.steps, check.without) == (Grade.NOT_NEEDED, (), "")


def test_the_embed_window_never_blocks():
    check = of(SALESFORCE)["Download AppExchange Packages"]
    assert check.purpose.startswith("Only for the Embed window")


def test_deals_need_modify_metadata():
    deals = replace(USE, names=USE.names | {"Opportunity"})
    assert grades(SALESFORCE, deals)["Modify Metadata"] is Grade.WARNS
    granted = replace(SALESFORCE, rights=SYSTEM | {"ModifyMetadata"})
    assert grades(granted, deals)["Modify Metadata"] is Grade.PASSED


def test_opportunities_have_to_be_read_where_they_move_lifecycle_stages():
    title = "Read on Opportunity"
    assert grades(SALESFORCE)[title] is Grade.NOT_NEEDED
    automated = replace(USE, names=USE.names | {CONTACTS.lifecycle.policy})
    check = of(SALESFORCE, automated)[title]
    assert check.grade is Grade.WARNS and "View All" in " ".join(check.steps)
    objects = {**SALESFORCE.objects, "Opportunity": frozenset({"read"})}
    assert grades(replace(SALESFORCE, objects=objects), automated)[title] is Grade.PASSED


class TestModifyAll:
    def test_every_salesforce_object_that_is_on_has_a_check(self):
        titles = [title for title in of(SALESFORCE) if title.startswith("Modify All")]
        assert titles == [f"Modify All on {name}" for name in CONTACTS.salesforce]

    def test_what_is_not_shared_does_not_sync_without_it(self):
        check = of(with_contacts("read", "create", "edit"))["Modify All on Contact"]
        assert check.grade is Grade.WARNS
        assert "not shared with the integration user" in check.without

    def test_who_may_not_write_is_told_which_writes_are_refused(self):
        check = of(with_contacts("read", "create"))["Modify All on Contact"]
        assert check.grade is Grade.WARNS
        assert check.without == "Contact records cannot be changed: those writes are refused."

    def test_an_object_that_is_hidden_fails_what_is_always_on(self):
        assert grades(with_contacts())["Modify All on Contact"] is Grade.FAILED

    def test_an_object_that_is_hidden_only_stops_what_may_be_off(self):
        other = replace(CONTACTS, always_on=False)
        found = grades(with_contacts(), replace(USE, object_types=(other,)))
        assert found["Modify All on Contact"] is Grade.WARNS

    def test_without_view_setup_it_cannot_be_seen(self):
        granted = replace(with_contacts("read", "create", "edit"), rights=frozenset({"ApiEnabled"}))
        assert grades(granted)["Modify All on Contact"] is Grade.UNKNOWN


class TestKeys:
    def test_without_the_right_we_look_before_we_create(self):
        check = of(without("CustomizeApplication"))["Customize Application"]
        assert check.grade is Grade.WARNS
        assert "safe, but slower" in check.without

    def test_once_the_fields_are_there_the_right_may_be_taken_away_again(self):
        keyed = replace(USE, keys=dict.fromkeys(CONTACTS.salesforce, True))
        found = grades(without("CustomizeApplication"), keyed)
        assert found["Customize Application"] is Grade.NOT_NEEDED


class TestHubSpot:
    @pytest.mark.parametrize("one", on_records(CONTACTS), ids=lambda one: one.title)
    def test_each_missing_scope_is_named(self, one):
        granted = Granted(SCOPES - {*one.granted_as})
        check = of(granted, crm=Crm.HUBSPOT)[one.title]
        assert check.grade is (Grade.FAILED if one.is_vital else Grade.WARNS)
        assert check.without and check.steps

    def test_a_key_that_does_not_tell_its_scopes_is_not_refused(self):
        found = checks(USE, {Crm.HUBSPOT: Granted(None)})
        assert not blocking(found)
        assert Grade.UNKNOWN in {check.grade for check in found}

    @pytest.mark.parametrize(
        ("name", "title"),
        [
            ("hubspot_owner_id", "Owners"),
            ("hs_email_optout", "Subscription preferences"),
            (SEGMENT, "Segments"),
        ],
    )
    def test_a_scope_is_needed_once_something_uses_it(self, name, title):
        granted = Granted(frozenset({"crm.objects.contacts.read"}))
        assert grades(granted, crm=Crm.HUBSPOT)[title] is Grade.NOT_NEEDED
        mapped = replace(USE, names=USE.names | {name})
        assert grades(granted, mapped, Crm.HUBSPOT)[title] is Grade.WARNS

    def test_hubspots_own_integration_has_to_be_off_first(self):
        (check,) = blocking(checks(USE, {Crm.HUBSPOT: replace(HUBSPOT, syncs_elsewhere=True)}))
        assert "Switch the sync off" in " ".join(check.steps)


def test_we_ask_for_nothing_that_no_check_explains():
    explained = {name for one in (*PERMISSIONS, *on_records(CONTACTS)) for name in one.granted_as}
    assert explained >= SCOPES
    vital, others = scopes()
    assert vital == ["crm.objects.contacts.read", "crm.objects.contacts.write"]
    assert not {*vital} & {*others}


@pytest.mark.parametrize("one", PERMISSIONS, ids=lambda one: one.title)
def test_what_may_fail_says_what_then_and_how_to_grant_it(one):
    assert one.purpose
    assert bool(one.without) is bool(one.steps)
