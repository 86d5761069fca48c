"""The newcomer's first five minutes: a contact edited in either CRM appears in the other."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Page, expect

from crmsync.data_folder import ROOT
from tests.journeys.demo import Demo


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("journey") / "data")
    yield demo
    demo.end()


@pytest.fixture(scope="module")
def ready(demo: Demo) -> dict[str, str]:
    said = demo.start()
    lag = f"{said['hubspot']}/__simulator__/actions/index-lag"
    assert requests.post(lag, json={"seconds": 0}, timeout=10).ok
    return said


@pytest.fixture
def page(browser_page: Page, ready: dict[str, str]) -> Page:
    browser_page.goto(ready["console"])
    browser_page.get_by_label("User name or e-mail").fill("admin")
    browser_page.get_by_label("Password").fill(ready["password"])
    browser_page.get_by_role("button", name="Sign in").click()
    return browser_page


def edit(page: Page, url: str, email: str, name: str, value: str) -> None:
    """Change a record on the page of its simulator, as the CRM's own user does."""
    page.goto(f"{url}/?q={email}")
    page.locator("table a").first.click()
    page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(f"[name={name}]")).to_have_value(value)


def sync_now(page: Page, ready: dict[str, str]) -> None:
    """Press the button and wait until the run that it asked for is over."""
    page.goto(f"{ready['console']}/1/health/")
    before = _runs(page)
    page.locator("#runs").get_by_role("button", name="Sync now").click()
    for _ in range(60):
        page.wait_for_timeout(250)  # milliseconds
        page.reload()
        if _runs(page) > before:
            return
    raise AssertionError(page.locator("#runs").inner_text())


def _runs(page: Page) -> int:
    """Read how many runs Sync Health says there were."""
    said = re.search(r"of ([\d,]+) in|([\d,]+) polls? so far", page.locator("#runs").inner_text())
    return int((said[1] or said[2]).replace(",", "")) if said else 0


@pytest.fixture(scope="module")
def email(ready: dict[str, str]) -> str:
    """The address of somebody whom both CRMs know."""
    known = [
        set(re.findall(r"[\w.]+@[\w.-]+\.example", requests.get(page, timeout=10).text.lower()))
        for page in (
            f"{ready['hubspot']}/__simulator__/records/contacts",
            f"{ready['salesforce']}/__simulator__/records/Contact",
        )
    ]
    return sorted(known[0] & known[1])[0]


def test_a_job_title_edited_in_hubspot_appears_in_salesforce(page, ready, email):
    edit(page, ready["hubspot"], email, "jobtitle", "Countess of Lovelace")

    sync_now(page, ready)

    page.goto(f"{ready['salesforce']}/?q={email}")
    expect(page.get_by_text("Countess of Lovelace").first).to_be_visible()


def test_a_phone_number_edited_in_salesforce_appears_in_hubspot(page, ready, email):
    edit(page, ready["salesforce"], email, "Phone", "+44 20 7946 0000")

    sync_now(page, ready)

    page.goto(f"{ready['hubspot']}/?q={email}")
    expect(page.get_by_text("+44 20 7946 0000").first).to_be_visible()


def test_sync_health_shows_the_run_and_its_calls(page, ready):
    page.goto(f"{ready['console']}/1/health/")

    row = page.locator("#runs tbody tr").first
    expect(row).to_contain_text("Poll")
    expect(page.locator("#api-calls")).to_contain_text("of 20,000 allocated")


def test_a_rule_changed_on_the_contacts_tab_takes_effect(page, ready, email):
    page.goto(f"{ready['console']}/1/contacts/mappings/")
    row = page.get_by_role("row").filter(has_text="jobtitle")
    row.get_by_role("link", name="Edit mapping").click()
    page.get_by_label("Always use Salesforce").check()
    page.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("Always use Salesforce")

    edit(page, ready["hubspot"], email, "jobtitle", "Enchantress of Numbers")
    sync_now(page, ready)

    page.goto(f"{ready['hubspot']}/?q={email}")
    expect(page.get_by_text("Countess of Lovelace").first).to_be_visible()


def test_one_pass_in_the_foreground_says_what_it_did(demo, ready):
    run = subprocess.run(
        [sys.executable, "manage.py", "sync", "contacts", "--json"],
        cwd=ROOT,
        env=demo.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    assert report["state"] == "done"
    assert report["salesforce"]["calls"] == 1


def test_an_object_type_that_does_not_exist_is_named_with_those_that_do(demo, ready):
    run = subprocess.run(
        [sys.executable, "manage.py", "sync", "unicorns"],
        cwd=ROOT,
        env=demo.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert run.returncode == 1
    assert run.stderr == "CommandError: No object type unicorns. There are: contacts.\n"
