"""Limiting what syncs: the section of the tab, what it asks, and a segment that has stopped."""

from __future__ import annotations

import pytest
import requests
from django.utils import timezone

from sync_engine.core.catalog import CATALOG
from sync_engine.core.values import Crm
from sync_engine.models import Segment, SettingChange
from sync_engine.runs.connect import finish_setup
from tests.logins import log_in
from tests.ui.conftest import HTMX

CUSTOMERS = ("17", "Customers")


@pytest.fixture
def here(connection) -> str:
    return f"/{connection.pk}/contacts/segment/"


@pytest.fixture
def limited(connection) -> Segment:
    choose(connection, CUSTOMERS)
    return Segment.objects.get()


def choose(connection, chosen, *, seen="", by="Grace Hopper"):
    Segment.objects.choose(connection.pk, "contacts", chosen, seen=seen, by=by, now=timezone.now())


def stop(segment, *, is_empty=False):
    segment.is_empty = is_empty
    segment.stop("The segment “Customers” cannot be relied on.")


def test_only_an_object_type_that_says_so_can_be_limited(alice, connection, object_type):
    tab = alice.get(f"/{connection.pk}/{object_type.slug}/").text
    assert ("Limiting what syncs" in tab) is object_type.may_have_segment
    if not object_type.may_have_segment:
        assert alice.get(f"/{connection.pk}/{object_type.slug}/segment/").status_code == 404


def test_its_section_stands_where_the_manual_has_it(alice, connection):
    page = alice.get(f"/{connection.pk}/contacts/").text
    titles = ("Deleting contacts</h2>", "Limiting what syncs</h2>", "Matching state and country")
    places = [page.index(title) for title in titles]
    assert places == sorted(places)


def test_contacts_can_be_limited():
    assert CATALOG["contacts"].may_have_segment


def test_nothing_is_limited_until_somebody_chooses(alice, connection):
    page = alice.get(f"/{connection.pk}/contacts/").text
    assert "<b>All contacts</b>" in page


def test_the_tab_asks_hubspot_only_after_it_is_shown(alice, connection, here):
    page = alice.get(f"/{connection.pk}/contacts/").text
    assert f'id="segment" aria-labelledby="segment-h" data-hx-get="{here}"' in page
    assert f'href="{here}#segment"' in page  # without JavaScript


def test_it_says_how_many_are_in_it_and_when_they_were_read(alice, connection, limited):
    page = alice.get(f"/{connection.pk}/contacts/").text
    assert "<b>Customers</b>" in page and "Its members are read with the next sync" in page

    limited.add(["501", "502"])
    limited.read_at = timezone.now()
    limited.save()
    page = alice.get(f"/{connection.pk}/contacts/").text
    assert "2 members, read 0 s ago" in page


def test_it_says_that_nobody_is_in_it(alice, connection, limited):
    stop(limited, is_empty=True)
    assert "Nobody is in it" in alice.get(f"/{connection.pk}/contacts/").text


def test_a_viewer_sees_the_segment_and_cannot_choose(victor, connection, limited, here):
    page = victor.get(f"/{connection.pk}/contacts/").text
    assert "<b>Customers</b>" in page
    assert "Create inclusion segment" not in page and here not in page
    assert victor.get(here).status_code == 403
    assert victor.post(here, {"chosen": "", "seen": "17", "confirmed": "yes"}).status_code == 403
    assert victor.post(f"{here}go-on/", {"seen": "17"}).status_code == 403


def test_what_hubspot_does_not_answer_is_said_and_tried_again(alice, here):
    fragment = alice.get(here, headers=HTMX).text
    assert fragment.lstrip().startswith('<section class="setting" id="segment"')
    assert "HubSpot’s segments could not be read" in fragment
    assert "We are not logged in there." in fragment
    assert "Try again" in fragment
    assert 'data-hx-trigger="load"' not in fragment  # it does not ask for ever


def test_everybody_is_let_in_only_after_a_question(alice, connection, limited, here):
    question = alice.post(here, {"chosen": "", "seen": "17"}).text
    assert "All contacts will sync, not only the members of “Customers”" in question
    assert Segment.objects.exists()

    alice.post(here, {"chosen": "", "seen": "17", "confirmed": "yes"})
    assert not Segment.objects.exists()
    change = SettingChange.objects.first()
    assert (change.by, change.before, change.after) == ("Alice", "Customers", "All records")


def test_whoever_comes_second_is_told_who_was_first(alice, connection, limited, here):
    choose(connection, ("18", "Partners"), seen="17")

    page = alice.post(here, {"chosen": "", "seen": "17", "confirmed": "yes"}).text

    assert "Grace Hopper changed this at" in page
    assert "Partners" in page and "Your choice is not saved." in page
    assert Segment.objects.get().list_id == "18"


def test_nonsense_is_refused(alice, here):
    assert alice.post(here, {"chosen": "9" * 33}).status_code == 400


@pytest.mark.parametrize("where", ["health/", "contacts/"])
def test_a_segment_that_stopped_offers_the_ways_out(alice, connection, limited, here, where):
    stop(limited)
    page = alice.get(f"/{connection.pk}/{where}").text
    assert "Contacts have stopped, and need your decision" in page
    assert limited.stopped_because in page
    assert f'href="{here}#segment"' in page and "Let all contacts sync" in page
    assert "Go on with nobody in it" not in page


@pytest.mark.parametrize("where", ["health/", "contacts/"])
def test_an_empty_one_may_go_on_with_nobody(alice, connection, limited, here, where):
    stop(limited, is_empty=True)
    assert "Go on with nobody in it" in alice.get(f"/{connection.pk}/{where}").text

    answer = alice.post(f"{here}go-on/", {"seen": "17"}, follow=True)

    assert "Nobody syncs until somebody joins the segment." in answer.text
    assert "need your decision" not in answer.text
    limited.refresh_from_db()
    assert limited.may_be_empty
    assert SettingChange.objects.first().by == "Alice"


def test_what_was_not_seen_does_not_go_on(alice, connection, limited, here):
    stop(limited, is_empty=True)
    answer = alice.post(f"{here}go-on/", {"seen": "18"}, follow=True)
    assert "The segment is not as you saw it." in answer.text
    assert Segment.objects.get().stopped_because


def test_a_viewer_reads_why_it_stopped_and_has_no_way_out(victor, connection, limited):
    stop(limited, is_empty=True)
    page = victor.get(f"/{connection.pk}/health/").text
    assert limited.stopped_because in page
    assert "Let all contacts sync" not in page


def test_in_the_demo_a_segment_is_made_in_the_simulator(alice, connection, settings):
    settings.SIMULATORS = False
    settings.HUBSPOT_LOGIN_URL = "https://app.hubspot.com"
    page = alice.get(f"/{connection.pk}/contacts/").text
    assert "https://app.hubspot.com/contacts/24816357/objectLists/all" in page

    settings.SIMULATORS, settings.HUBSPOT_LOGIN_URL = True, "http://127.0.0.1:8102"
    page = alice.get(f"/{connection.pk}/contacts/").text
    assert "objectLists" not in page


def make_segment(control, name: str, value: str) -> str:
    """Make an active segment of the contacts with this job title, as HubSpot's user does."""
    key = control.call("POST", "token", user="")["access_token"]
    rule = {"operationType": "MULTISTRING", "operator": "IS_EQUAL_TO", "values": [value]}
    one = {"filterType": "PROPERTY", "property": "jobtitle", "operation": rule}
    group = {"filterBranchType": "AND", "filterBranches": [], "filters": [one]}
    answer = requests.post(
        f"{control.url}/crm/v3/lists",
        headers={"Authorization": f"Bearer {key}"},
        json={
            "name": name,
            "objectTypeId": "0-1",
            "processingType": "DYNAMIC",
            "filterBranch": {"filterBranchType": "OR", "filterBranches": [group], "filters": []},
        },
        timeout=10,
    )
    assert answer.ok, answer.text
    return str(answer.json()["list"]["listId"])


@pytest.mark.django_db(transaction=True)
class TestWithHubSpot:
    @pytest.fixture
    def account(self, simulated):
        connection = log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))
        finish_setup(connection, timezone.now())
        self.here = f"/{connection.pk}/contacts/segment/"
        self.id = make_segment(simulated[Crm.HUBSPOT], "Partners & friends", "Partner")
        return connection

    def test_it_offers_the_active_segments_and_everybody(self, alice, account):
        for headers in ({}, HTMX):
            page = alice.get(self.here, headers=headers).text
            assert '<option value="">All contacts</option>' in page
            assert f'<option value="{self.id}">Partners &amp; friends (0)</option>' in page

    def test_one_is_chosen_at_once(self, alice, account):
        page = alice.post(self.here, {"chosen": self.id, "seen": ""}, follow=True).text
        assert "The inclusion segment is saved." in page
        assert "<b>Partners &amp; friends</b>" in page
        change = SettingChange.objects.first()
        assert (change.by, change.after) == ("Alice", "Partners & friends")
        assert f'value="{self.id}" selected' in alice.get(self.here).text

    def test_one_that_hubspot_does_not_have_is_refused(self, alice, account):
        page = alice.post(self.here, {"chosen": "99", "seen": ""}).text
        assert "This segment was deleted in HubSpot, or is not active any more." in page
        assert not Segment.objects.exists()
