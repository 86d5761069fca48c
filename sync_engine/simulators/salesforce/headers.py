"""What a caller says in headers like `Sforce-Query-Options: batchSize=200`. Source: salesforce-api.md 2, 8."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

DUPLICATES_HEADER = "sforce-duplicate-rule-header"
SMALLEST_PAGE = 200


def page_size(headers: Mapping[str, str], usual: int) -> int:
    """Return the size of page that is asked for, at least 200 and never above the org's."""
    size = _option(headers, "sforce-query-options", "batchsize")
    return min(usual, max(SMALLEST_PAGE, int(size[:9]))) if size.isdecimal() else usual


def layout(headers: Mapping[str, str]) -> int:
    """Return orjson's option for how the answer's JSON is laid out."""
    return orjson.OPT_INDENT_2 if headers.get("x-prettyprint") in ("1", "true") else 0


def duplicate_options(headers: Mapping[str, str]) -> dict[str, bool]:
    """Return what the duplicate rule header says to a session."""
    if DUPLICATES_HEADER not in headers:
        return {}
    return {
        name: _option(headers, DUPLICATES_HEADER, said) == "true"
        for name, said in (
            ("allows_duplicates", "allowsave"),
            ("shows_duplicates", "includerecorddetails"),
            ("matches_in_sight", "runascurrentuser"),
        )
    }


def _option(headers: Mapping[str, str], header: str, wanted: str) -> str:
    """Return an option of a header like `allowSave=true; batchSize=200`, in lower case."""
    for part in headers.get(header, "").lower().replace(",", ";").split(";"):
        name, _, value = part.partition("=")
        if name.strip() == wanted:
            return value.strip()
    return ""
