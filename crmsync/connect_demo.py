"""Connect the simulators through the console, as the demo's admin would with a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

from crmsync.data_folder import CannotRun
from sync_engine.core.catalog import CATALOG
from sync_engine.core.sync_rules import SyncRule
from sync_engine.models import Connection, FieldMapping

# Kept equal both ways, so that an edit on either side is seen on the other.
TWO_WAY_PROPERTIES = ("firstname", "lastname", "jobtitle", "phone", "city")


@dataclass
class Form:
    """A form of a page, and what it would send: its fields, without its buttons."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """The forms of an HTML page."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__()
        self.url = response.url
        self.forms: list[Form] = []
        self.feed(response.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(urljoin(self.url, given.get("action", ""))))
        elif tag == "input" and self.forms and given.get("type") in (None, "hidden", "text"):
            self.forms[-1].fields[given.get("name", "")] = given.get("value", "")

    def form(self, ending: str) -> Form:
        """Return the form whose action ends so; raises CannotRun if there is none."""
        for form in self.forms:
            if form.action.split("?")[0].endswith(ending):
                return form
        where = self.url.split("?")[0]
        raise CannotRun(f"The demo could not be connected: {where} has no form for {ending}.")


class Browser:
    """As much of a browser as the console needs: cookies, redirects, forms."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy stands between us and this machine

    def open(self, url: str) -> Page:
        return self._page(self._session.get(url, timeout=60))

    def send(self, form: Form, **answers: str) -> Page:
        return self._page(self._session.post(form.action, form.fields | answers, timeout=60))

    def _page(self, response: requests.Response) -> Page:
        if response.ok:
            return Page(response)
        where = response.url.split("?")[0]
        raise CannotRun(f"The demo could not be connected: {where} said {response.status_code}.")


def connect(console: str, password: str) -> None:
    """Connect both CRMs and begin syncing, unless that was done at an earlier start."""
    if Connection.objects.filter(set_up_at__isnull=False).exists():
        return
    browser = Browser()
    sign_in = browser.open(f"{console}/sign-in/").form("/sign-in/")
    browser.send(sign_in, username="admin", password=password)
    for crm in ("hubspot", "salesforce"):
        log_in = browser.open(f"{console}/connect/").form(f"/connect/{crm}/")
        authorise = browser.send(log_in)
        setup = browser.send(authorise.form("/authorize"), decision="allow")
    browser.send(setup.form("/setup/finish/"))
    _keep_both_ways(browser, console, Connection.objects.get())


def _keep_both_ways(browser: Browser, console: str, connection: Connection) -> None:
    mappings = FieldMapping.objects.of(connection.pk, CATALOG["contacts"])
    for mapping in mappings.filter(hubspot_field__in=TWO_WAY_PROPERTIES):
        page = browser.open(f"{console}/{connection.pk}/mappings/{mapping.pk}/edit/")
        browser.send(page.form(f"/mappings/{mapping.pk}/rule/"), rule=SyncRule.TWO_WAY.value)
