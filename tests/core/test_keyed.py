"""Records are known to belong together by what each of them names (sync.md 4)."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sync_engine.core.keyed import match
from sync_engine.core.values import Crm


def matched(hubspot, salesforce):
    return match({Crm.HUBSPOT: hubspot, Crm.SALESFORCE: salesforce})


def test_two_that_name_each_other_are_a_pair():
    found = matched({"501": "003A", "502": "003B"}, {"003A": "501", "003B": "502"})
    assert found.pairs == {"501": "003A", "502": "003B"}
    assert not found.conflicts and not any(found.one_sided.values())


def test_a_key_on_one_side_only_is_told_apart():
    found = matched({"501": "003A"}, {"003B": "502"})
    assert found.one_sided == {Crm.HUBSPOT: {"501": "003A"}, Crm.SALESFORCE: {"003B": "502"}}
    assert not found.pairs and not found.conflicts


def test_of_several_that_bear_one_key_the_one_that_is_named_is_linked():
    found = matched({"501": "003A"}, {"003A": "501", "00QB": "501"})
    assert found.pairs == {"501": "003A"}
    assert found.conflicts == [
        "Salesforce records 003A and 00QB bear one key: HubSpot record 501. It names 003A: they are "
        "linked. Clear the key in the others, or merge them in Salesforce."
    ]


def test_of_several_that_bear_one_key_none_is_linked_by_chance():
    found = matched({}, {"003A": "501", "00QB": "501"})
    assert not found.pairs and not any(found.one_sided.values())
    (said,) = found.conflicts
    assert "None of them is linked." in said


def test_who_names_somebody_elses_partner_is_not_linked():
    found = matched({"501": "003A", "502": "003B"}, {"003A": "501", "003B": "501"})
    assert found.pairs == {"501": "003A"}
    assert not any(found.one_sided.values())
    assert any("HubSpot record 502 names Salesforce record 003B" in one for one in found.conflicts)


def test_a_chain_is_a_conflict_and_no_pair():
    found = matched({"501": "003A"}, {"003A": "502"})
    assert not found.pairs and not any(found.one_sided.values())
    assert found.conflicts == [
        "HubSpot record 501 names Salesforce record 003A, which names HubSpot record 502. "
        "501 is not linked: clear its key, or put it right."
    ]


keys_of = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("ABCD"))
keys_of_theirs = st.dictionaries(st.sampled_from("ABCD"), st.sampled_from("abcd"))


@given(keys_of, keys_of_theirs)
def test_nobody_is_linked_twice_and_everybody_is_accounted_for(hubspot, salesforce):
    found = matched(hubspot, salesforce)
    links = [*found.pairs.items(), *found.one_sided[Crm.HUBSPOT].items()]
    links += [(theirs, ours) for ours, theirs in found.one_sided[Crm.SALESFORCE].items()]
    assert all(n == 1 for side in zip(*links, strict=True) for n in Counter(side).values())
    linked = {id for pair in links for id in pair}
    for id in {*hubspot, *salesforce} - linked:
        assert any(id in sentence for sentence in found.conflicts)
