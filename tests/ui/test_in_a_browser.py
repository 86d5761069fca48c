"""What htmx makes smooth, in a real browser. The same pages without it: the other files here."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from playwright.sync_api import Page, expect

from sync_engine.core.error_types import DUPLICATE_RULE, PICKLIST, REQUIRED_FIELD
from sync_engine.models import Connection, FieldMapping, ObjectSettings
from tests.ui.conftest import connect, note_error, note_run

PASSWORD = "correct horse battery staple"


@pytest.fixture
def connection(transactional_db) -> Connection:
    cache.clear()
    User.objects.create_user("alice", password=PASSWORD, first_name="Alice", is_staff=True)
    return connect("24816357", "Babbage & Co")


@pytest.fixture
def page(browser_page: Page, live_server, connection) -> Page:
    """Sync Health, after signing in."""
    browser_page.goto(f"{live_server}/")
    browser_page.get_by_label("User name or e-mail").fill("alice")
    browser_page.get_by_label("Password").fill(PASSWORD)
    browser_page.get_by_role("button", name="Sign in").click()
    expect(browser_page).to_have_title("Sync Health · crmsync")
    return browser_page


def test_an_error_card_fills_the_inspector(page, connection):
    note_error(connection, PICKLIST)
    note_error(connection, REQUIRED_FIELD)
    note_error(connection, DUPLICATE_RULE)
    page.reload()
    page.get_by_role("link", name="Duplicates").click()
    inspector = page.locator("#error-details")
    expect(inspector).to_contain_text(DUPLICATE_RULE.meaning)

    page.get_by_role("link", name="Property values").click()
    expect(inspector).to_be_focused()
    expect(page).to_have_url(re.compile("/errors/property-values/$"))
    expect(page.locator(".error-card[aria-current]")).to_contain_text("Property values")

    inspector.get_by_role("link", name=REQUIRED_FIELD.title).click()
    expect(inspector).to_contain_text(REQUIRED_FIELD.meaning)

    page.go_back()
    expect(inspector).to_contain_text(PICKLIST.meaning)


def test_a_rule_is_changed_in_its_row(page, connection):
    page.get_by_role("link", name="Contacts").click()
    page.get_by_role("link", name="Contacts property mappings").click()
    page.get_by_label("Search").press_sequentially("jobtitle")
    expect(page.locator("#mappings tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q=jobtitle"))

    page.get_by_role("link", name="Edit mapping").click()
    page.get_by_role("radio", name="Two-way").check()
    page.get_by_role("button", name="Save").click()

    row = page.locator("#mappings tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Changed by Alice")
    expect(page.get_by_role("link", name="Edit mapping")).to_be_focused()
    assert FieldMapping.objects.get(hubspot_field="jobtitle").sync_rule == "two_way"


def test_hubspot_s_segments_are_asked_for_once_the_tab_is_there(page, connection):
    page.goto(page.url.replace("/health/", "/contacts/"))
    section = page.locator("#segment")
    expect(section.get_by_role("alert")).to_contain_text("HubSpot’s segments could not be read")

    with page.expect_response("**/contacts/segment/"):
        section.get_by_role("link", name="Try again").press("Enter")
    expect(section.get_by_role("link", name="Try again")).to_be_focused()


def test_choosing_to_delete_says_what_that_means(page, connection):
    page.goto(page.url.replace("/health/", "/contacts/"))
    meaning = page.get_by_text("HubSpot can restore a deleted record for 90 days.")
    expect(meaning).to_be_hidden()

    page.get_by_role("radio", name="Delete the contact").check()
    expect(meaning).to_be_visible()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("status")).to_contain_text("The settings of contacts are saved.")
    assert ObjectSettings.objects.get().answers["salesforce_deleted"] == "delete"


def test_a_cancelled_edit_gives_the_focus_back(page, connection):
    page.goto(page.url.replace("/health/", "/contacts/mappings/?q=jobtitle"))
    page.get_by_role("link", name="Edit mapping").click()
    expect(page.get_by_role("radio", checked=True)).to_be_focused()
    page.get_by_role("link", name="Cancel").press("Enter")
    expect(page.get_by_role("link", name="Edit mapping")).to_be_focused()


def test_the_allocation_is_changed_in_its_panel(page):
    page.get_by_label("Allocated to HubSpot").fill("200,000")
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a number from 1 to 115,000.")
    expect(page.get_by_label("Allocated to HubSpot")).to_have_value("200,000")
    expect(page.get_by_label("Allocated to HubSpot")).to_be_focused()

    page.get_by_label("Allocated to HubSpot").fill("20,000")
    page.get_by_role("button", name="Update").click()
    expect(page.locator("#api-calls")).to_contain_text("of 20,000 allocated")
    expect(page.get_by_role("button", name="Update")).to_be_focused()


def test_when_a_run_has_ended_the_other_panels_follow(page, connection):
    page.get_by_role("button", name="Sync now").click()
    page.get_by_label("Allocated to HubSpot").fill("4,2")  # somebody is typing
    note_error(connection, PICKLIST)
    note_run(connection, read=38)

    expect(page.locator("#runs")).to_contain_text("Runs 1 to 1 of 1")
    expect(page.locator("#error-cards")).to_contain_text("1 error holds back values")
    expect(page.locator("#sign")).to_have_attribute("data-state", "differs")
    expect(page.get_by_label("Allocated to HubSpot")).to_have_value("4,2")


def test_the_focus_stays_on_what_was_pressed(page):
    page.locator("#sync-now").focus()
    with page.expect_response("**/sync-now/"):
        page.keyboard.press("Enter")
    with page.expect_response("**/health/runs/**"):
        pass
    expect(page.locator("#sync-now")).to_be_focused()


def test_a_theme_holds_at_once_and_stays(page):
    page.locator(".appnav summary").click()
    with page.expect_response("**/theme/"):
        page.get_by_role("radio", name="Dark").check()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_toast_is_dismissed(page, connection):
    connection.suspend("Salesforce no longer accepts our login.")
    page.reload()
    page.get_by_role("button", name="Clear suspension").click()
    toast = page.get_by_role("status").filter(has_text="The suspension is cleared.")
    expect(toast).to_be_visible()

    toast.get_by_role("link", name="Dismiss").click()
    expect(toast).to_have_count(0)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_scrolls_sideways(page, connection, width):
    page.set_viewport_size({"width": width, "height": 900})
    note_error(connection, PICKLIST, message="x" * 300, record_name="y" * 200)
    note_run(connection, read=18402)
    here = page.url.removesuffix("health/")
    for path in ("health/errors/property-values/", "contacts/", "contacts/mappings/"):
        page.goto(here + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
