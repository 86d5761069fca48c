"""GET /__simulator__/: what can be told a simulator, on one page, made from what it understands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import orjson

from sync_engine.simulators.base import Simulator
from sync_engine.simulators.deeds import Deed
from sync_engine.simulators.faults import KEYS
from sync_engine.simulators.layout import page
from sync_engine.simulators.mishaps import MISHAPS

Entry = tuple[str, str, str]  # what to send, its body or query, what it does


def manual(simulator: Simulator, deeds: Iterable[Deed], now: Sequence[str], host: str) -> str:
    """Return the whole page. now: sentences about the simulator's present state."""
    sections = (
        ("Calls", "", [(f"{deed.method} {deed.path}", deed.takes, deed.what) for deed in deeds]),
        (
            "Actions",
            "What the CRM's API lacks, and what its admin sets up. Send <code>{}</code> where "
            "nothing is named.",
            [_action(name, action.__doc__) for name, action in sorted(simulator.actions().items())],
        ),
        (
            "Faults",
            "The members of a rule. Rules are tried in order, and the first that fits a call is "
            "used; what it answers bears <code>X-Simulator-Fault</code>.",
            [(name, "", f"{key.means}.") for name, key in KEYS.items()],
        ),
        (
            "Mishaps",
            "Rules that are worth a try, to be sent as they are to <code>POST faults</code>.",
            [(one.what, _json(one.rule), "") for one in MISHAPS[simulator.title]],
        ),
    )
    links = "".join(f'<a href="#{title}">{title}</a>' for title, _, _ in sections)
    body = "".join(_section(*section) for section in sections)
    return page(
        f"{simulator.title} simulator: control",
        f"{_introduction(simulator, now, host)}{body}",
        f'<nav aria-label="Sections"><a href="/">Records</a>{links}</nav>',
    )


def _introduction(simulator: Simulator, now: Sequence[str], host: str) -> str:
    example = (
        f"curl -H 'Content-Type: application/json' \\\n"
        f"  -d '{{\"shift_seconds\": 3600}}' http://{host}/__simulator__/clock"
    )
    return (
        f"<h2>Control</h2><p>What people and tests do to this {escape(simulator.title)} behind its "
        "back. Each call lies under <code>/__simulator__/</code>, takes and gives JSON, and is "
        f"answered on this machine only.</p><pre><code>{escape(example)}</code></pre>"
        f'<ul class="now">{"".join(f"<li>{escape(one)}</li>" for one in now)}</ul>'
    )


def _section(title: str, says: str, entries: Iterable[Entry]) -> str:
    rows = "".join(
        f"<div><dt>{_term(title, term)}</dt><dd>{_takes(takes)}{_sentence(what)}</dd></div>"
        for term, takes, what in entries
    )
    lead = f"<p>{says}</p>" if says else ""
    return f'<section id="{title}"><h2>{title}</h2>{lead}<dl class="calls">{rows}</dl></section>'


def _term(title: str, term: str) -> str:
    return escape(term) if title == "Mishaps" else f"<code>{escape(term)}</code>"


def _takes(takes: str) -> str:
    return f"<code>{escape(takes)}</code>" if takes else ""


def _sentence(what: str) -> str:
    return f"<p>{escape(what[:1].upper() + what[1:])}</p>" if what else ""


def _action(name: str, manual: str | None) -> Entry:
    """Split an action's docstring, which is `{...}: what it does` or only what it does."""
    text = " ".join((manual or "").split())
    takes, colon, what = text.partition("}: ")
    if colon and text.startswith("{"):
        return f"POST actions/{name}", f"{takes}}}", what
    return f"POST actions/{name}", "", text


def _json(rule: object) -> str:
    return orjson.dumps(rule).decode().replace('":', '": ').replace(',"', ', "')
