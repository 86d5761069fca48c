"""The simulator's page at `/`: its records, as the CRM's own user sees and edits them.

Plain HTML forms: it works without JavaScript. What the CRM's rules refuse is said next to the
form, which keeps what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from sync_engine.simulators.base import Column, Refused, Simulator
from sync_engine.simulators.http import Request, Response, html_response, redirect
from sync_engine.simulators.layout import page

PERSON = "Demo user"
SAVED = '<p class="saved" role="status">Saved.</p>'
SHOWN_COLUMNS = 7
SHOWN_ROWS = 100
LONG_TEXT = 80
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


class Pages:
    """GET / and /records/OBJECT/ list; /records/OBJECT/new and /records/OBJECT/ID hold the form;
    POST to the same saves; POST /records/OBJECT/ID/delete deletes."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def answer(self, request: Request) -> Response:
        parts = request.parts[1:]
        object_name = parts[0] if parts else self._simulator.objects()[0]
        if object_name not in self._simulator.objects():
            return self._missing(object_name)
        try:
            match request.method, parts[1:]:
                case (("GET" | "HEAD"), ()):
                    return self._list(request, object_name)
                case (("GET" | "HEAD"), ("new",)):
                    return self._page(200, object_name, self._form(object_name, "", {}))
                case (("GET" | "HEAD"), (record_id,)):
                    values = self._simulator.get(object_name, record_id)
                    form = self._form(object_name, record_id, values)
                    said = SAVED if request.first("saved") else ""
                    return self._page(200, object_name, said + form)
                case "POST", ("new",):
                    return self._save(request, object_name, "")
                case "POST", (record_id,):
                    return self._save(request, object_name, record_id)
                case "POST", (record_id, "delete"):
                    return self._delete(object_name, record_id)
        except KeyError:
            return self._missing(object_name)
        return self._missing(request.path)

    def _list(self, request: Request, object_name: str) -> Response:
        text = request.first("q")
        columns = self._simulator.columns(object_name)[:SHOWN_COLUMNS]
        found = self._simulator.search(object_name, text, SHOWN_ROWS)
        where = f"/records/{quote(object_name)}/"
        body = (
            f'<div class="bar"><form action="{where}" role="search"><label>Search '
            f'<input type="search" name="q" value="{escape(text)}"></label>'
            f'<button>Search</button></form><a class="button primary" href="{where}new">'
            f"New record</a></div>{_table(where, columns, found)}"
        )
        return self._page(200, object_name, body)

    def _form(self, object_name: str, record_id: str, values: Mapping[str, Any]) -> str:
        columns = self._simulator.columns(object_name)
        where = f"/records/{quote(object_name)}/"
        fields = "".join(_field(column, values.get(column.name)) for column in columns)
        target = where + (quote(record_id) or "new")
        body = (
            f"<h2>{escape(object_name)}: {escape(record_id or 'new')}</h2>"
            f'<form method="post" action="{target}"><div class="fields">{fields}</div>'
            f'<div class="bar"><button class="primary">Save</button><a href="{where}">Cancel</a>'
            "</div></form>"
        )
        if record_id:
            body += (
                f'<form method="post" action="{target}/delete"><button class="danger">Delete'
                "</button></form>"
            )
        return body

    def _refuse(self, object_name: str, form: str, refusal: Refused) -> Response:
        alert = f'<p class="refused" role="alert">{escape(str(refusal))}</p>'
        return self._page(422, object_name, alert + form)

    def _save(self, request: Request, object_name: str, record_id: str) -> Response:
        writable = {c.name for c in self._simulator.columns(object_name) if c.writable}
        typed = {name: value for name, value in request.form.items() if name in writable}
        try:
            if record_id:
                before = self._simulator.get(object_name, record_id)
                changed = {n: v for n, v in typed.items() if v != _text(before.get(n))}
                self._simulator.edit(object_name, record_id, changed, PERSON)
            else:
                given = {name: value for name, value in typed.items() if value}
                record_id = self._simulator.create(object_name, given, PERSON)
        except Refused as refusal:
            kept = dict(self._simulator.get(object_name, record_id)) if record_id else {}
            form = self._form(object_name, record_id, kept | typed)
            return self._refuse(object_name, form, refusal)
        return redirect(f"/records/{quote(object_name)}/{quote(record_id)}?saved=yes")

    def _delete(self, object_name: str, record_id: str) -> Response:
        values = self._simulator.get(object_name, record_id)
        try:
            self._simulator.delete(object_name, record_id, PERSON)
        except Refused as refusal:
            form = self._form(object_name, record_id, values)
            return self._refuse(object_name, form, refusal)
        return redirect(f"/records/{quote(object_name)}/")

    def _missing(self, what: str) -> Response:
        body = f"<p>There is no {escape(what)} here, or no longer.</p>"
        return self._page(404, "", body)

    def _page(self, status: int, current: str, body: str) -> Response:
        links = "".join(
            f'<a href="/records/{quote(name)}/"{_current(name == current)}>{escape(name)}</a>'
            for name in self._simulator.objects()
        )
        navigation = f'<nav aria-label="Objects">{links}<a href="/__simulator__/">Control</a></nav>'
        return html_response(status, page(f"{self._simulator.title} simulator", body, navigation))


def _table(
    where: str, columns: Sequence[Column], found: Sequence[tuple[str, Mapping[str, Any]]]
) -> str:
    if not found:
        return '<p class="note">No records. Create one, or search for something else.</p>'
    head = "".join(f"<th>{escape(column.label)}</th>" for column in columns)
    rows = "".join(
        f'<tr><td><a href="{where}{quote(record_id)}"><code>{escape(record_id)}</code></a></td>'
        + "".join(f"<td>{escape(_short(values.get(column.name)))}</td>" for column in columns)
        + "</tr>"
        for record_id, values in found
    )
    most = f'<p class="note">The latest {SHOWN_ROWS}.</p>' if len(found) == SHOWN_ROWS else ""
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Records"><table><thead><tr>'
        f"<th>Id</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>{most}"
    )


def _field(column: Column, value: Any) -> str:
    name, label, text = escape(column.name), escape(column.label), escape(_text(value))
    caption = f"<span>{label} <code>{name}</code></span>"
    if not column.writable:
        return f'<label class="fixed">{caption}<output>{text or "—"}</output></label>'
    if column.options:
        return f'<label>{caption}<select name="{name}">{_options(column, value)}</select></label>'
    if len(text) > LONG_TEXT or "\n" in text:
        return f'<label>{caption}<textarea name="{name}" rows="4">\n{text}</textarea></label>'
    return f'<label>{caption}<input name="{name}" value="{text}" autocomplete="off"></label>'


def _options(column: Column, value: Any) -> str:
    current = _text(value)
    options = ("", *column.options)
    if current not in options:
        options = (*options, current)
    return "".join(
        f'<option value="{escape(option)}"{" selected" if option == current else ""}>'
        f"{escape(option) or '—'}</option>"
        for option in options
    )


def _text(value: Any) -> str:
    """Spell a value as the form shows it and sends it back."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _short(value: Any) -> str:
    text = _text(value)
    if MOMENT.match(text):
        return f"{text[:10]} {text[11:19]}"
    return text if len(text) <= LONG_TEXT else text[: LONG_TEXT - 1] + "…"


def _current(is_current: bool) -> str:
    return ' aria-current="page"' if is_current else ""
