"""The frame of a simulator's own pages. No script, no inline style."""

from __future__ import annotations

from html import escape


def page(title: str, body: str, navigation: str = "") -> str:
    """Return a whole HTML page. `body` and `navigation` are HTML already."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title>"
        '<link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="/__simulator__/style.css"></head><body>'
        f'<header><h1>{escape(title.split(":")[0])}</h1><p class="note">A stand-in for demos and '
        "tests. It is not the vendor’s product, and nothing here leaves this machine.</p>"
        f"{navigation}</header><main>{body}</main></body></html>"
    )
