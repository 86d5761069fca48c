"""The console's signs: an icon, a side, the way between two sides, the equals sign, a sync rule."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm

register = template.Library()

RULE_GLYPHS = {
    SyncRule.PREFER_SALESFORCE: "prefer",
    SyncRule.ALWAYS_SALESFORCE: "always",
    SyncRule.TWO_WAY: "two-way",
    SyncRule.DONT_SYNC: "none",
}


def symbol(name: str) -> str:
    """Return the address of one symbol of the sprite."""
    return f"{static('icons.svg')}#i-{name}"


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', symbol(name))


@register.simple_tag
def brand_mark() -> SafeString:
    return format_html(
        '<svg width="24" height="24" aria-hidden="true"><use href="{}"/></svg>', symbol("mark")
    )


@register.simple_tag
def side(crm: str) -> SafeString:
    """Draw H or S. It is hidden from screen readers: the CRM's name always stands beside it."""
    return format_html(
        '<span class="side" data-crm="{}" aria-hidden="true">{}</span>', crm, crm[0].upper()
    )


@register.simple_tag
def way(source: str) -> SafeString:
    """Draw from where to where, before a question."""
    crm = Crm(source)
    return format_html(
        '<span class="way">{}{}{}<span class="sr">from {} to {}</span></span>',
        side(crm.value),
        icon("right"),
        side(crm.other.value),
        crm.label,
        crm.other.label,
    )


@register.simple_tag
def equals(state: str, size: str = "") -> SafeString:
    """Draw the state of two sides: equal, differs, paused, off or suspended."""
    sized = format_html(' data-size="{}"', size) if size else ""
    return format_html(
        '<svg class="eq" data-state="{}"{} aria-hidden="true"><use href="{}"/></svg>',
        state,
        sized,
        symbol(state),
    )


@register.simple_tag
def rule(name: str) -> SafeString:
    """Draw a sync rule: glyph and name together."""
    glyph = RULE_GLYPHS[SyncRule(name)]
    return format_html(
        '<span class="rule" data-rule="{}"><svg aria-hidden="true"><use href="{}"/></svg>{}</span>',
        glyph,
        symbol(f"rule-{glyph}"),
        SyncRule(name).label,
    )
