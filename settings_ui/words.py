"""How numbers, times and spans are written everywhere in the console. All times are UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

ONE_HOUR = timedelta(hours=1)
ONE_MINUTE = timedelta(minutes=1)


@register.filter
def number(n: int) -> str:
    return f"{n:,}"


def day(at: date, today: date) -> str:
    """Return "3 November", with the year where it is not this one."""
    return f"{at:%-d %B}" if at.year == today.year else f"{at:%-d %B %Y}"


@register.filter
def moment(at: datetime, now: datetime) -> SafeString:
    """Return "14:31:52" for today, the day for any other."""
    text = f"{at:%H:%M:%S}" if at.date() == now.date() else day(at, now)
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), text)


@register.filter
def clock(at: datetime, now: datetime) -> SafeString:
    """Return "14:31" for today, the day and "14:31" for any other: for what is planned."""
    text = f"{at:%H:%M}" if at.date() == now.date() else f"{at:%H:%M} on {day(at, now)}"
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), text)


@register.filter
def at_moment(at: datetime, now: datetime) -> SafeString:
    """Return "at 14:31:52" or "on 3 November", to go on with a sentence."""
    word = "at" if at.date() == now.date() else "on"
    return format_html("{} {}", word, moment(at, now))


@register.filter
def at_clock(at: datetime, now: datetime) -> SafeString:
    """Return "at 14:31" or "on 3 November": for what a person did."""
    if at.date() != now.date():
        return at_moment(at, now)
    return format_html("at {}", clock(at, now))


@register.filter
def span(length: timedelta) -> str:
    """Return "1.4 s", "31 s", "1 min 42 s" or "3 h 48 min"."""
    seconds = length.total_seconds()
    if seconds < 10:
        return f"{seconds:.1f} s"
    if length < ONE_MINUTE:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if length < ONE_HOUR:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


@register.filter
def ago(at: datetime, now: datetime) -> str:
    """Return "12 s ago", "6 min ago" or "3 h ago"; one unit is enough to look back."""
    length = max(now - at, timedelta())
    if length < ONE_MINUTE:
        return f"{length.seconds} s ago"
    if length < ONE_HOUR:
        return f"{length.seconds // 60} min ago"
    if length < timedelta(days=2):
        return f"{length // ONE_HOUR} h ago"
    return f"{length.days} days ago"


def every(seconds: int) -> str:
    """Return "every minute", "every 5 minutes" or "every 20 seconds"."""
    if seconds == 60:
        return "every minute"
    return f"every {seconds // 60} minutes" if seconds % 60 == 0 else f"every {seconds} seconds"


@register.filter
def counted(n: int, noun: str) -> str:
    """Return "1 error" or "1,204 errors"."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


@register.filter
def numbers(page: Page[Any]) -> Iterable[str | int]:
    """Return the pages that a pager names: the first, the last, those around this one."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
