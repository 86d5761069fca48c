"""Connect the simulators through the console, as the demo's admin would with a browser."""

from __future__ import annotations

from collections.abc import Mapping

import lxml.html
import requests

from crmsync.data_folder import CannotRun
from sync_engine.core.catalog import CATALOG
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.models import Connection, FieldMapping

# Kept equal both ways, so that an edit on either side is seen on the other.
TWO_WAY_PROPERTIES = ("firstname", "lastname", "jobtitle", "phone", "city")


def connect(console: str, password: str, hosts: Mapping[Crm, str]) -> None:
    """Connect both CRMs and begin syncing, unless that was done at an earlier start.

    hosts  where the simulators are: "127.0.0.1:8101". One that has moved since is logged in to
           again, for its tokens are good for its old address only.
    """
    known = Connection.objects.filter(set_up_at__isnull=False).first()
    moved = [crm for crm in Crm if known and _host(known, crm) != hosts[crm]]
    if known and not moved:
        return
    browser = Browser()
    browser.open(f"{console}/sign-in/")
    browser.send("/sign-in/", username="admin", password=password)
    if known is None:
        _set_up(browser, console)
    for crm in moved:
        browser.log_in(f"{console}/", crm)


def _host(connection: Connection, crm: Crm) -> str:
    return connection.hubspot_host if crm is Crm.HUBSPOT else connection.salesforce_host


def _set_up(browser: Browser, console: str) -> None:
    for crm in Crm:
        browser.log_in(f"{console}/connect/", crm)
    browser.send("/setup/finish/")
    connection = Connection.objects.filter(set_up_at__isnull=False).first()
    if connection is None:
        raise browser.failed("Setup did not finish.")
    mappings = FieldMapping.objects.of(connection.pk, CATALOG["contacts"])
    for mapping in mappings.filter(hubspot_field__in=TWO_WAY_PROPERTIES):
        browser.open(f"{console}/{connection.pk}/mappings/{mapping.pk}/edit/")
        browser.send(f"/mappings/{mapping.pk}/rule/", rule=SyncRule.TWO_WAY.value)


class Browser:
    """As much of a browser as the console needs: cookies, redirects, forms."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy stands between us and this machine

    def open(self, url: str) -> None:
        self._show(self._session.get(url, timeout=60))

    def send(self, ending: str, **answers: str) -> None:
        """Fill in the form whose action ends so, and go where it leads."""
        for form in self._page.forms:
            if form.action and form.action.split("?")[0].endswith(ending):
                filled = dict(form.form_values()) | answers
                self._show(self._session.post(form.action, filled, timeout=60))
                return
        raise self.failed(f"There is no form for {ending}.")

    def log_in(self, page: str, crm: Crm) -> None:
        """Press the page's button that leads to the CRM, and let crmsync in there."""
        self.open(page)
        self.send(f"/connect/{crm.value}/")
        self.send("/authorize", decision="allow")

    def failed(self, problem: str) -> CannotRun:
        """Return the failure in the words of the page that is shown, if it has any."""
        said = " ".join(toast.text_content().strip() for toast in self._page.find_class("toast"))
        where = self._page.base_url.split("?")[0]
        return CannotRun(f"The demo could not be connected at {where}: {said or problem}")

    def _show(self, response: requests.Response) -> None:
        self._page = lxml.html.fromstring(response.text, base_url=response.url)
        self._page.make_links_absolute()
        if not response.ok:
            raise self.failed(f"It answered {response.status_code}.")
