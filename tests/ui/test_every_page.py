"""What holds for every page, in every state of a connection, for an admin and for a viewer."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sync_engine.models import Connection, FieldMapping
from tests.ui.conftest import HTMX, STATES, connect, note_run, with_errors

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["alice", "victor"])
def somebody(request):
    return request.getfixturevalue(request.param)


def addresses(connection: Connection) -> list[str]:
    here = f"/{connection.pk}"
    return [f"{here}/{page}/" for page in ("health", "contacts", "contacts/mappings", "checks")]


def test_it_opens(somebody, connection, state):
    for address in addresses(connection):
        assert somebody.get(address).status_code == 200


def test_its_number_of_queries_does_not_grow(alice, connection, django_assert_max_num_queries):
    with_errors(connection)
    for n in range(30):
        note_run(connection, read=n)
        Connection.objects.create(hubspot_account_id=f"9{n}")
    for address in addresses(connection):
        with django_assert_max_num_queries(25):
            alice.get(address)


def test_its_links_lead_somewhere(somebody, connection, state):
    dead = []
    for address in addresses(connection):
        page = somebody.get(address).text
        for link in set(re.findall(r'(?:href|data-hx-get)="(/[^"#]*)', page)):
            if not link.startswith("/static/"):
                answer = somebody.get(link.replace("&amp;", "&"), headers=HTMX, follow=True)
                dead += [link] if answer.status_code != 200 else []
    assert not dead


def test_its_signs_are_in_the_sprite(alice, connection, state):
    sprite = ElementTree.parse(ROOT / "static/icons.svg").getroot()
    known = {symbol.get("id") for symbol in sprite}
    used = set()
    for address in addresses(connection):
        used |= set(re.findall(r'icons\.svg#([^"]+)', alice.get(address).text))
    assert used and used <= known


def test_it_has_no_inline_script_or_style(somebody, connection, state):
    for address in addresses(connection):
        page = somebody.get(address).text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=)", page)


def test_its_ids_are_used_once(somebody, connection, state):
    for address in addresses(connection):
        ids = re.findall(r'\sid="([^"]+)"', somebody.get(address).text)
        assert len(ids) == len(set(ids))


def test_its_browser_may_load_nothing_from_elsewhere(alice, connection):
    policy = alice.get(f"/{connection.pk}/health/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_it_asks_strangers_to_sign_in(visitor, connection):
    for address in addresses(connection):
        assert visitor.get(address).url == f"/sign-in/?next={address}"


def test_it_sends_the_whole_page_to_sign_in_when_a_fragment_comes_too_late(visitor, connection):
    here = f"http://testserver/{connection.pk}/health/"
    answer = visitor.get(
        f"/{connection.pk}/pulse/", headers=HTMX | {"HX-Current-URL": here}, follow=True
    )
    assert answer.headers["HX-Redirect"] == f"/sign-in/?next=%2F{connection.pk}%2Fhealth%2F"


def test_it_is_not_found_for_a_connection_that_does_not_exist(alice, connection):
    assert alice.get(f"/{connection.pk + 1}/health/").status_code == 404


def test_it_is_not_found_for_an_object_type_that_does_not_exist(alice, connection):
    assert alice.get(f"/{connection.pk}/unicorns/").status_code == 404


def test_it_leads_to_setup_until_that_is_finished(alice, connection):
    begun = Connection.objects.create(hubspot_account_id="1")
    assert alice.get(f"/{begun.pk}/health/").url == f"/{begun.pk}/setup/"


ACTIONS = [
    ("/sync-now/", {}),
    ("/switch/", {"on": "no"}),
    ("/clear-suspension/", {}),
    ("/allocation/", {"allocated": "7"}),
    ("/contacts/", {"version": "0", "salesforce_changed": "nothing"}),
    ("/contacts/segment/", {"chosen": "", "confirmed": "yes"}),
    ("/setup/finish/", {}),
]


@pytest.mark.parametrize(("address", "answers"), ACTIONS)
def test_a_viewer_can_change_nothing_by_its_address_either(victor, connection, address, answers):
    assert victor.post(f"/{connection.pk}{address}", answers).status_code == 403

    connection.refresh_from_db()
    assert connection.is_on
    assert connection.allocation.allocated == 5000


def test_a_viewer_cannot_change_a_rule(victor, connection):
    mapping = FieldMapping.objects.get(hubspot_field="jobtitle")
    here = f"/{connection.pk}/mappings/{mapping.pk}"

    assert victor.get(f"{here}/edit/").status_code == 403
    answer = victor.post(f"{here}/rule/", {"rule": "two_way", "version": "0"})
    assert answer.status_code == 403
    mapping.refresh_from_db()
    assert mapping.sync_rule == "prefer_salesforce"


def test_a_viewer_cannot_log_in_to_a_crm(victor):
    assert victor.post("/connect/hubspot/").status_code == 403
    assert victor.get("/oauth/hubspot/callback/?code=1&state=2").status_code == 403


def test_a_viewer_is_told_whom_to_ask(victor, alice, connection):
    for address in addresses(connection):
        page = victor.get(address).text
        assert "ask an admin: Alice" in page
        assert page.count("<form") == page.count("</form>")
        assert "Read only" in page


@pytest.mark.parametrize(("address", "answers"), ACTIONS[:4])
def test_an_action_is_never_carried_out_by_following_a_link(alice, connection, address, answers):
    assert alice.get(f"/{connection.pk}{address}").status_code == 405


def test_it_keeps_a_person_s_theme(alice, connection):
    address = f"/{connection.pk}/health/"
    assert "data-theme" not in alice.get(address).text

    assert alice.post("/theme/", {"theme": "dark"}, headers=HTMX).status_code == 204
    assert 'data-theme="dark"' in alice.get(address).text

    alice.post("/theme/", {"theme": "system"})
    assert "data-theme" not in alice.get(address).text


def test_another_value_is_no_theme(alice, connection):
    alice.cookies["theme"] = '"><script>'
    assert "data-theme" not in alice.get(f"/{connection.pk}/health/").text


def test_the_script_stays_small():
    assert len((ROOT / "static/console.js").read_text().splitlines()) < 60


def test_every_template_can_be_read_at_once():
    for template in (ROOT / "templates").rglob("*.html"):
        assert len(template.read_text().splitlines()) <= 60


def test_the_other_connections_are_one_menu_away(alice, connection):
    assert "Connection:" not in alice.get(f"/{connection.pk}/health/").text

    other = connect("24816001", "Babbage & Co, production")
    page = alice.get(f"/{connection.pk}/health/").text

    assert "Connection:" in page
    assert f'href="/{other.pk}/health/"' in page


@pytest.mark.parametrize(
    ("named", "sign"),
    [
        ("just_set_up", "equal"),
        ("with_errors", "differs"),
        ("stopped_by_a_brake", "differs"),
        ("stopped_by_its_segment", "differs"),
        ("running", "equal"),
        ("paused", "paused"),
        ("suspended", "suspended"),
        ("off", "off"),
    ],
)
def test_the_equals_sign_is_the_state(alice, connection, named, sign):
    (put,) = [state for state in STATES if state.__name__ == named]
    put(connection)
    page = alice.get(f"/{connection.pk}/contacts/").text
    assert f'class="eq" data-state="{sign}"' in page


def test_the_pulse_says_how_long_ago_the_last_poll_was(alice, connection):
    assert "no poll yet" in alice.get(f"/{connection.pk}/pulse/").text
    note_run(connection)
    assert re.search(r"last poll \d s ago", alice.get(f"/{connection.pk}/pulse/").text)


def test_the_demo_links_to_its_simulators_and_nothing_else_does(alice, connection, settings):
    settings.SIMULATORS = True
    assert "Open simulated HubSpot" in alice.get(f"/{connection.pk}/contacts/").text
    settings.SIMULATORS = False
    assert "simulated" not in alice.get(f"/{connection.pk}/contacts/").text
