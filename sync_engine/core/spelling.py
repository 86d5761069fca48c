"""One spelling for a value, whichever CRM it came from: what is compared, remembered and shown."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime
from decimal import Context, Decimal

from sync_engine.core.values import Value, blank_to_none

# Longer texts are remembered as hash and length (sync.md 1).
LONGEST_REMEMBERED = 1000

# No database of ours or theirs holds these: NUL, and half a character of UTF-16.
UNHOLDABLE = re.compile("[\x00\ud800-\udfff]")

# Room for every digit of the largest and of the smallest number that a CRM can hold, a double.
ROOMY = Context(prec=640)


def spell(value: Value) -> str | None:
    """Write a value as text, the same text for the same value. A blank stays None."""
    match blank_to_none(value):
        case None:
            return None
        case bool() as truth:
            return "true" if truth else "false"
        case datetime() as moment:
            return moment.astimezone(UTC).isoformat()
        case date() as day:
            return day.isoformat()
        case Decimal() as number:
            return f"{normal(number):f}"
        case other:
            return str(other)


def remembered(value: Value) -> str | None:
    """Write a value as a link remembers it: without the line ends and outer spaces that no field
    tells apart. Of a text that is long, or that a database cannot hold, only hash and length."""
    text = plain_text(value)
    if len(text) <= LONGEST_REMEMBERED and not UNHOLDABLE.search(text):
        return text or None
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
    return f"sha256:{digest}:{len(text)}"


def plain_text(value: Value) -> str:
    text = spell(value) or ""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def chosen(value: Value) -> list[str]:
    """Return the options of a multi-select."""
    return [part.strip() for part in plain_text(value).split(";") if part.strip()]


def normal(number: Decimal) -> Decimal:
    """Return the one spelling of a number: no zeros at its end, no sign before a zero."""
    return ROOMY.plus(number.normalize(ROOMY))


def id_of_18(text: str) -> str:
    """Return a Salesforce id in its 18-character form; other text as it is.

    Three check characters say which of the fifteen are upper-case (salesforce-api.md 7).
    """
    if len(text) != 15 or not text.isalnum() or not text.isascii():
        return text
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    blocks = (text[0:5], text[5:10], text[10:15])
    return text + "".join(
        alphabet[sum(1 << place for place, char in enumerate(block) if char.isupper())]
        for block in blocks
    )
