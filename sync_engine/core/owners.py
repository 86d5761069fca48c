"""Who owns a record: which HubSpot owner is which Salesforce user (product.md 14).

From Salesforce any owner passes whom HubSpot knows by e-mail. To Salesforce only an owner passes
who is an active user there by name *and* e-mail; else HubSpot returns to Salesforce's owner.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from sync_engine.core.convert import CannotConvert
from sync_engine.core.exchange import NoCounterpart, Rejected
from sync_engine.core.spelling import id_of_18
from sync_engine.core.sync_rules import Decision, Reason, Side, SyncRule, Verdict, decide
from sync_engine.core.values import Crm, Value


@dataclass(frozen=True, slots=True)
class Owner:
    """A HubSpot owner, or a Salesforce user or queue.

    name       in full; a queue's own name
    email      "" where there is none
    is_active  not archived in HubSpot; in Salesforce active, and of a kind that may own records
    """

    id: str
    name: str
    email: str = ""
    is_active: bool = True
    is_queue: bool = False


class Owners:
    """The owners of both CRMs, and who of one is who of the other: an Exchange of their ids."""

    def __init__(self, hubspot: Iterable[Owner], salesforce: Iterable[Owner]) -> None:
        self._hubspot = {owner.id: owner for owner in hubspot}
        self._salesforce = {owner.id: owner for owner in salesforce}

    def carried(self, value: Value, target: Crm) -> Value:
        """Return the id of an owner in the other CRM.

        Raises NoCounterpart where HubSpot has nobody like a Salesforce owner, Rejected where
        Salesforce has no active user like a HubSpot owner, and CannotConvert where the owner is
        too new to be known.
        """
        if value is None:
            return None
        if target is Crm.HUBSPOT:
            return self._in_hubspot(_known(self._salesforce, id_of_18(str(value)), target.other)).id
        return self._in_salesforce(_known(self._hubspot, str(value), target.other)).id

    def _in_hubspot(self, owner: Owner) -> Owner:
        """Find a Salesforce owner's by e-mail, a queue's also by its name."""
        for one in self._hubspot.values():
            if not one.is_active:
                continue
            by_name = owner.is_queue and one.is_queue and _same(owner.name, one.name)
            if by_name or (owner.email and _same(owner.email, one.email)):
                return one
        raise NoCounterpart

    def _in_salesforce(self, owner: Owner) -> Owner:
        users = [user for user in self._salesforce.values() if not user.is_queue]
        by_email = [user for user in users if owner.email and _same(owner.email, user.email)]
        namesakes = [user for user in by_email if _same(owner.name, user.name)]
        active = [user.id for user in namesakes if user.is_active]
        if active:
            return self._salesforce[min(active)]  # the eldest: an e-mail address is not unique
        _reject(owner, users, by_email, namesakes)


def _known(owners: dict[str, Owner], id: str, crm: Crm) -> Owner:
    if id not in owners:
        raise CannotConvert(
            "owner-not-known", f"{crm.label}’s owner {id} is not on its list of owners yet."
        )
    return owners[id]


def _reject(
    owner: Owner, users: list[Owner], by_email: list[Owner], namesakes: list[Owner]
) -> NoReturn:
    """Say which of the two differs: the e-mail, the name, or whether the user is active."""
    who = f"the queue {owner.name}" if owner.is_queue else f"{owner.name} ({owner.email})"
    if namesakes:
        raise Rejected(
            "inactive-owner", f"{who} is not an active user who may own records in Salesforce."
        )
    if by_email:
        raise Rejected(
            "owner-mismatch",
            f"The name differs: {owner.email} is {owner.name} in HubSpot and {by_email[0].name} "
            f"in Salesforce.",
        )
    if found := [user for user in users if _same(owner.name, user.name)]:
        raise Rejected(
            "owner-mismatch",
            f"The e-mail address differs: {owner.name} has {owner.email or 'none'} in HubSpot and "
            f"{found[0].email or 'none'} in Salesforce.",
        )
    raise Rejected("owner-mismatch", f"Salesforce has no user like {who}.")


def _same(one: str, other: str) -> bool:
    """Compare names and addresses as people do: without case and outer or doubled spaces."""
    return one.casefold().split() == other.casefold().split()


def decide_owner(rule: SyncRule, *, hubspot: Side, salesforce: Side, is_settled: bool) -> Decision:
    """Decide who owns a record: two-way whatever the rule shows (product.md 14), but for

    - a Salesforce record that is to be made: it gets HubSpot's owner
    - a HubSpot record without owner: it is filled from Salesforce, where every record has one
    - two owners that never met: Salesforce's is kept
    """
    if salesforce.value is None:
        return Decision(Verdict.SALESFORCE_TAKES, Reason.ONLY_HUBSPOT_HAS_ONE)
    if hubspot.value is None:
        return Decision(Verdict.HUBSPOT_TAKES, Reason.OWNERLESS)
    if not is_settled:
        return Decision(Verdict.HUBSPOT_TAKES, Reason.FIRST_OWNER)
    return decide(SyncRule.TWO_WAY, hubspot=hubspot, salesforce=salesforce, is_settled=True)
