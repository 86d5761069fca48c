"""What changed between two times: /sobjects/TYPE/updated and /deleted.
Source: salesforce-api.md 6.1."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sync_engine.simulators.salesforce import moments
from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import Row
from sync_engine.simulators.salesforce.org import Org
from sync_engine.simulators.salesforce.reading import may_see
from sync_engine.simulators.salesforce.rest import Call, Reply, sobject_named

LONGEST_UPDATED = timedelta(days=30)
LONGEST_DELETED = timedelta(days=15)
SHORTEST = timedelta(minutes=1)
MOST_IDS = 600_000


def updated(org: Org, call: Call) -> Reply:
    """Ids of live records that were changed, of records that were undeleted too."""
    start, end = _window(org, call, LONGEST_UPDATED)
    rows = _rows(org, call, start, end)
    ids = [row["Id"] for row in rows if not row.get("IsDeleted")]
    if len(ids) > MOST_IDS:
        raise Refusal("EXCEEDED_ID_LIMIT", "Too many ids")
    return Reply(200, {"ids": ids, "latestDateCovered": _covered(org, end)})


def deleted(org: Org, call: Call) -> Reply:
    """Ids of records that are in the recycle bin since a time within the window."""
    start, end = _window(org, call, LONGEST_DELETED)
    rows = _rows(org, call, start, end)
    gone = [
        {"id": row["Id"], "deletedDate": row["SystemModstamp"]}
        for row in rows
        if row.get("IsDeleted")
    ]
    earliest = moments.spell(org.clock.now() - LONGEST_DELETED)
    return Reply(
        200,
        {
            "deletedRecords": gone,
            "earliestDateAvailable": earliest,
            "latestDateCovered": _covered(org, end),
        },
    )


def _rows(org: Org, call: Call, start: str, end: str) -> Iterator[Row]:
    """Yield the records in sight that were stamped within the window."""
    sobject = sobject_named(org, call.session, call.parts[1])
    table = org.store[sobject.name]
    rows = (table.get(one) or {} for one in table.timeline.between(start, end))
    return (row for row in rows if may_see(org, call.session, sobject, row))


def _covered(org: Org, end: str) -> str:
    """Return the end of the window, or the start of a transaction that is still open before it."""
    return min(end, org.late.began() or end)


def _window(org: Org, call: Call, longest: timedelta) -> tuple[str, str]:
    """Return start and end, as stamps; both are cut to whole minutes. Raises Refusal."""
    call.allow("GET")
    sobject = sobject_named(org, call.session, call.parts[1])
    if not sobject.replicateable:
        raise Refusal("OPERATION_NOT_SUPPORTED", f"{sobject.name} cannot be replicated")
    start, end = _minute(call.first("start")), _minute(call.first("end"))
    if end - start < SHORTEST:
        raise _invalid("startDate must be at least one minute before endDate")
    if end - start > longest or start < org.clock.now() - longest - timedelta(minutes=1):
        raise _invalid(f"startDate is more than {longest.days} days ago")
    return moments.spell(start), moments.spell(end)


def _minute(text: str) -> datetime:
    try:
        return moments.read(text.replace(" ", "+")).replace(second=0)
    except ValueError as error:
        raise _invalid(f"invalid date: {text}") from error


def _invalid(message: str) -> Refusal:
    return Refusal("INVALID_REPLICATION_DATE", message)
