"""The page on which a person lets an app into a CRM, the same for both. No script.

It posts back the fields it was given, `user` (whom the person logs in as) and `decision` (allow or
deny); automated callers send the same form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from sync_engine.simulators.layout import page


@dataclass(frozen=True, slots=True)
class Access:
    """What is asked, in plain text.

    account   where the app wants to get in, as a person knows it
    wants     what the app may do then: in words, and the CRM's names of it
    people    (id, name) of whom one logs in as
    chosen    id of the one who is offered first
    form      hidden fields to send to `action`
    """

    crm: str
    app: str
    account: str
    wants: Iterable[tuple[str, str]]
    people: Iterable[tuple[str, str]]
    chosen: str
    action: str
    form: Mapping[str, str]


def access_page(asked: Access) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in asked.form.items()
    )
    wants = "".join(
        f"<li>{escape(words)}<code>{escape(names)}</code></li>" for words, names in asked.wants
    )
    people = "".join(
        f'<option value="{escape(key)}"{" selected" if key == asked.chosen else ""}>'
        f"{escape(name)}</option>"
        for key, name in asked.people
    )
    return page(
        f"{asked.crm} simulator: connect an app",
        f'<div class="card"><h2>Connect {escape(asked.app)} to {escape(asked.crm)}</h2>'
        f'<p class="note">{escape(asked.account)}</p>'
        f'<p>What it asks for:</p><ul class="wants">{wants}</ul>'
        f'<form method="post" action="{escape(asked.action)}">{hidden}<div class="fields">'
        f'<label><span>Log in as</span><select name="user">{people}</select></label></div>'
        '<div class="bar"><button class="primary" name="decision" value="allow">Connect app</button>'
        '<button name="decision" value="deny">Cancel</button></div></form></div>',
    )


def refusal_page(crm: str, problem: str) -> str:
    """Return what a person sees instead where the app must not even ask."""
    return page(
        f"{crm} simulator: connect an app",
        '<div class="card"><h2>This app cannot be connected</h2>'
        f'<p class="refused" role="alert">{escape(problem)}</p>'
        '<p class="note">Nothing was sent back to the app, since it cannot be trusted. Go back to '
        "it and begin again, or correct its settings.</p></div>",
    )
