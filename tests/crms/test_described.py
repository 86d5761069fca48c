"""Fields that are kept for a while, so that reading costs no describe each time."""

from __future__ import annotations

from sync_engine.core.fields import Field, FieldKind
from sync_engine.crms import described
from sync_engine.crms.described import Described
from tests.simulated import Shelf


class Crm:
    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, object_name):
        self.asked += 1
        return {"email": Field("email", "E-mail", FieldKind.EMAIL)}


def test_who_shares_the_cache_asks_once():
    crm, shelf = Crm(), Shelf()
    for _ in range(2):
        assert "email" in Described(shelf, "24816357", crm).known("contacts")
    assert crm.asked == 1


def test_another_account_asks_for_itself():
    crm, shelf = Crm(), Shelf()
    for account in ("24816357", "24816358"):
        Described(shelf, account, crm).known("contacts")
    assert crm.asked == 2


def test_what_a_release_kept_that_says_less_of_a_field_is_asked_anew(monkeypatch):
    crm, shelf = Crm(), Shelf()
    Described(shelf, "24816357", crm).known("contacts")
    monkeypatch.setattr(described, "_SHAPE", 7)
    Described(shelf, "24816357", crm).known("contacts")
    assert crm.asked == 2
