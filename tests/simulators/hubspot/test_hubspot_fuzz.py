"""Whatever is sent, the simulated HubSpot answers in HubSpot's way and never fails itself."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulators.fuzzing import count, headers, looks, raw_paths

pytestmark = pytest.mark.usefixtures("sends_nonsense")
ROOTS = [
    "/crm/v3/objects",
    "/crm/objects/2026-03",
    "/crm/v3/properties",
    "/crm/v4/objects",
    "/crm/v4/associations",
    "/crm/associations/2026-03",
    "/crm/v3/lists",
    "/crm/lists/2026-03/1",
    "/communication-preferences/v4/statuses",
    "/communication-preferences/2026-03/statuses/ana@example.com",
    "/crm/v3/owners",
    "/crm/v3/pipelines",
    "/oauth/v1",
    "/oauth/v3",
    "/oauth/authorize",
    "/account-info/v3/details",
    "",
]
WORDS = [
    *(
        "contacts",
        "companies",
        "deals",
        "0-5",
        "tasks",
        "gdpr-delete",
        "engines",
        "batch",
        "read",
        "create",
        "update",
    ),
    *("upsert", "archive", "search", "merge", "associations", "default", "labels", "groups"),
    *("memberships", "add", "remove", "add-and-remove", "add-from", "join-order", "records"),
    *("unsubscribe-all", "write", "ana@example.com"),
    *("object-type-id", "restore", "update-list-filters", "update-list-name"),
    *("token", "access-tokens", "1", "email", "sf_id", "stages", "²", "%F0", "..", "9" * 30),
]
MEMBERS = [
    *("inputs", "id", "idProperty", "properties", "propertiesWithHistory", "objectWriteTraceId"),
    *("filterGroups", "filters", "propertyName", "operator", "value", "highValue", "values"),
    *("sorts", "direction", "limit", "after", "query", "associations", "to", "from", "types"),
    *(
        "associationCategory",
        "associationTypeId",
        "primaryObjectId",
        "objectIdToMerge",
        "objectId",
        "name",
    ),
    *(
        "label",
        "type",
        "fieldType",
        "groupName",
        "options",
        "hasUniqueValue",
        "inverseLabel",
        "email",
        "city",
    ),
    *("channel", "statusState", "subscriptionId", "subscriberIdString"),
    *("objectTypeId", "processingType", "filterBranch", "filterBranchType", "filterBranches"),
    *("filterType", "property", "operation", "operationType", "includeObjectsWithNoValueSet"),
    *("recordIdsToAdd", "recordIdsToRemove", "count", "offset", "listIds", "before", "listName"),
    *("hs_object_id", "lastmodifieddate", "followercount", "closedate", "lifecyclestage"),
]
VALUES = [
    *("email", "sf_id", "city", "hs_object_id", "lastmodifieddate", "followercount", "closedate"),
    *("EQ", "IN", "BETWEEN", "GT", "NEQ", "CONTAINS_TOKEN", "HAS_PROPERTY", "associations.company"),
    *("ana@example.com", "1767225600000", "-1", "*", "", "enumeration", "select", "string"),
    *("text", "contactinformation", "HUBSPOT_DEFINED", "DESCENDING", "9" * 40, "\u0000", "é;ü"),
]
scalars = st.one_of(
    st.sampled_from(VALUES),
    st.text(max_size=5),
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, 279, -1, 2**63, 1.5, 1e300]),
)
bodies = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=5),
    ),
    max_leaves=25,
)
paths = st.builds(
    lambda root, words: "/".join([root, *words]),
    st.sampled_from(ROOTS),
    st.lists(st.sampled_from(WORDS), max_size=6),
)
methods = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"])
queries = st.dictionaries(st.sampled_from([*MEMBERS, "archived", "redirect_uri"]), scalars)


@pytest.fixture(autouse=True)
def counted(simulator):
    count(simulator)


def in_order(status: int) -> bool:
    return status < 500 or status == 501


@looks(800)
@given(call=st.tuples(methods, paths, queries, bodies, headers))
def test_any_call_is_answered(api, call):
    method, path, query, body, more = call
    try:
        sent = b"" if body is None else orjson.dumps(body)
    except TypeError:  # a number beyond 64 bits, or half a character
        sent = b"{"
    answered = api.send(method, path, sent, urlencode(query, doseq=True), more)
    assert in_order(answered.status)


@looks(300)
@given(root=st.sampled_from(ROOTS), path=raw_paths, query=st.text(max_size=20), method=methods)
def test_any_path_and_query_is_answered(api, root, path, query, method):
    answered = api.send(method, f"{root}/{path}", b"{}", quote(query, safe="=&%+"))
    assert in_order(answered.status)


filters = st.fixed_dictionaries(
    {
        "propertyName": st.sampled_from(MEMBERS + VALUES),
        "operator": st.sampled_from(
            ["EQ", "NEQ", "GT", "LTE", "BETWEEN", "IN", "NOT_IN", "CONTAINS_TOKEN", "HAS_PROPERTY"]
        ),
    },
    optional={"value": scalars, "highValue": scalars, "values": st.lists(scalars, max_size=3)},
)


@looks(300)
@given(
    groups=st.lists(st.lists(filters, max_size=3), max_size=2),
    more=st.dictionaries(st.sampled_from(["sorts", "limit", "after", "query"]), bodies),
)
def test_any_search_is_answered(api, groups, more):
    api.batch("create", [{"properties": {"email": "ana@example.com", "closedate": "2026-01-01"}}])
    body = {"filterGroups": [{"filters": group} for group in groups], **more}
    assert in_order(api("POST", "/crm/v3/objects/contacts/search", body).status)


writes = st.fixed_dictionaries(
    {},
    optional={
        "id": scalars,
        "idProperty": st.sampled_from(["email", "city", "hs_object_id", ""]),
        "objectWriteTraceId": scalars,
        "associations": bodies,
        "properties": st.dictionaries(
            st.sampled_from(
                ["email", "firstname", "followercount", "closedate", "hs_buying_role"]
                + ["hs_additional_emails", "lifecyclestage", "hubspot_owner_id", "hs_email_optout"]
            ),
            bodies,
        ),
    },
)


@looks(250)
@given(verb=st.sampled_from(["read", "create", "update", "upsert"]), inputs=st.lists(writes))
def test_any_batch_is_answered_and_accounts_for_every_input(api, verb, inputs):
    answered = api.batch(verb, inputs)
    assert in_order(answered.status)
    if answered.status in (200, 201, 207) and verb != "read":
        found = answered.body["results"], answered.body.get("errors", [])
        assert sum(map(len, found)) == len(inputs)


list_filters = st.fixed_dictionaries(
    {"filterType": st.sampled_from(["PROPERTY", "IN_LIST", None])},
    optional={
        "property": st.sampled_from(["city", "followercount", "hs_buying_role", "nothing"]),
        "operation": st.fixed_dictionaries(
            {
                "operationType": st.sampled_from(
                    ["STRING", "MULTISTRING", "ENUMERATION", "NUMBER", "BOOL", "ALL_PROPERTY"]
                ),
                "operator": st.sampled_from(
                    ["IS_EQUAL_TO", "IS_ANY_OF", "IS_KNOWN", "STARTS_WITH", "IS_LESS_THAN", ""]
                ),
            },
            optional={"value": scalars, "values": bodies, "includeObjectsWithNoValueSet": scalars},
        ),
    },
)


@looks(300)
@given(filters=st.one_of(st.lists(list_filters, max_size=3), bodies), more=bodies)
def test_any_list_and_its_members_are_answered(api, filters, more):
    group = {"filterBranchType": "AND", "filters": filters}
    branch = {"filterBranchType": "OR", "filterBranches": [group, more]}
    for sent in (group, branch, {**branch, "filterBranches": [group]}):
        kind = {"objectTypeId": "0-1", "processingType": "DYNAMIC", "name": "x"}
        made = api("POST", "/crm/v3/lists", {**kind, "filterBranch": sent})
        assert in_order(made.status)
        if made.status == 200:
            path = f"/crm/v3/lists/{made.body['list']['listId']}"
            assert api("GET", f"{path}/memberships").status == 200
            assert api("DELETE", path).status == 204


@looks(100)
@given(body=st.binary(max_size=200))
def test_a_body_that_is_not_json_is_refused(api, body):
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        assert api("POST", "/crm/v3/objects/contacts/search", body).status == 400
