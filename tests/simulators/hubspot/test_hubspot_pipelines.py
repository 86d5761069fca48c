"""Pipelines and stages of the simulated HubSpot (hubspot-api.md 3.4, 4.2, 5.4, 11)."""

from __future__ import annotations

import pytest
from hubspot.crm.pipelines import PipelineInput, PipelineStageInput

from sync_engine.simulators.hubspot import HubSpotSimulator

DEALS = "/crm/v3/pipelines/deals"
TICKETS = "/crm/v3/pipelines/tickets"
WON = {"label": "Won", "displayOrder": 1, "metadata": {"probability": "1.0"}}
OPEN = {"label": "Open", "displayOrder": 0, "metadata": {"probability": "0.4"}}
NEW = {"label": "New", "displayOrder": 0, "metadata": {}}
DONE = {"label": "Done", "displayOrder": 1, "metadata": {"ticketState": "CLOSED"}}


def make(api, label="Salesforce - 012A", stages=(OPEN, WON), path=DEALS, **more):
    return api("POST", path, {"label": label, "displayOrder": 1, "stages": list(stages), **more})


@pytest.fixture
def pipeline(api):
    answered = make(api)
    assert answered.status == 201, answered.body
    return answered.body


def deal(api, **values):
    sent = {"properties": {"dealname": "Engine", **values}}
    return api("POST", "/crm/v3/objects/deals", sent)


def labels(api, pipeline_id, path=DEALS):
    found = api("GET", f"{path}/{pipeline_id}/stages").body["results"]
    return [(one["label"], one["displayOrder"]) for one in found]


def test_a_pipeline_is_made_with_stages_that_deals_can_be_in(api, pipeline):
    assert [one["metadata"] for one in pipeline["stages"]] == [
        {"isClosed": "false", "probability": "0.4"},
        {"isClosed": "true", "probability": "1.0"},
    ]
    first, won = (one["id"] for one in pipeline["stages"])
    assert deal(api, pipeline=pipeline["id"], dealstage=won).status == 201
    options = {
        name: [o["value"] for o in api("GET", f"/crm/v3/properties/deals/{name}").body["options"]]
        for name in ("pipeline", "dealstage")
    }
    assert options["pipeline"] == ["default", pipeline["id"]]
    assert options["dealstage"][-2:] == [first, won]
    assert api("GET", f"/crm/pipelines/2026-03/0-3/{pipeline['id']}").body == pipeline


def test_a_deal_names_its_pipeline_once_there_is_a_choice(api, pipeline):
    answered = deal(api, dealstage="contractsent")
    assert answered.status == 400
    assert answered.body["context"] == {"properties": ["pipeline"]}
    assert deal(api, dealstage="contractsent", pipeline="default").status == 201


def test_a_stage_of_another_pipeline_is_refused(api, pipeline):
    first = pipeline["stages"][0]["id"]
    wrong = deal(api, pipeline="default", dealstage=first)
    assert (wrong.status, wrong.body["errors"][0]["code"]) == (400, "INVALID_OPTION")
    made = deal(api, pipeline="default", dealstage="contractsent").body["id"]
    path = f"/crm/v3/objects/deals/{made}"
    for values in ({"dealstage": first}, {"pipeline": pipeline["id"]}):
        assert api("PATCH", path, {"properties": values}).status == 400
    both = {"pipeline": pipeline["id"], "dealstage": first}
    assert api("PATCH", path, {"properties": both}).status == 200


def test_ids_can_be_chosen_and_are_kept(api):
    stage = {**OPEN, "stageId": "012A Prospecting"}
    answered = make(api, stages=(stage, WON), pipelineId="012A")
    assert (answered.body["id"], answered.body["stages"][0]["id"]) == ("012A", "012A Prospecting")
    assert api("GET", f"{DEALS}/012A").body["label"] == "Salesforce - 012A"


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ((), "at least one stage"),
        ((OPEN, {**WON, "label": " oPEN "}), "same label"),
        (({**OPEN, "metadata": {}},), "specify probability"),
        (({**OPEN, "metadata": {"probability": "1.1"}},), "from 0.0 to 1.0"),
        (({**OPEN, "metadata": {"probability": "nan"}},), "from 0.0 to 1.0"),
        (({**OPEN, "metadata": {"probability": True}},), "from 0.0 to 1.0"),
        (({**OPEN, "displayOrder": -1},), "displayOrder"),
        (({**OPEN, "displayOrder": "1"},), "displayOrder"),
        (({**OPEN, "label": " "},), "must not be empty"),
        (({**OPEN, "stageId": "x" * 101},), "1 to 100 characters"),
        (({**OPEN, "stageId": "a"}, {**WON, "stageId": "a"}), "same stageId"),
        ((OPEN, {"label": "x", "displayOrder": 1}), "[metadata]"),
        ([{**OPEN, "label": f"Stage {n}"} for n in range(101)], "100 stages at most"),
    ],
)
def test_a_pipeline_whose_stages_are_wrong_is_not_made(api, stages, said):
    answered = make(api, stages=stages)
    assert answered.status == 400
    assert said in answered.body["message"]
    assert len(api("GET", DEALS).body["results"]) == 1


def test_a_ticket_pipeline_keeps_a_closed_stage(api):
    closed = "PipelineError.MISSING_CLOSED_STAGE"
    assert make(api, stages=(NEW,), path=TICKETS).body["subCategory"] == closed
    made = make(api, stages=(NEW, DONE), path=TICKETS).body
    assert made["stages"][0]["metadata"] == {"isClosed": "false", "ticketState": "OPEN"}
    path = f"{TICKETS}/{made['id']}/stages/{made['stages'][1]['id']}"
    opened = {"metadata": {"ticketState": "OPEN"}}
    assert api("PATCH", path, opened).body["subCategory"] == closed
    assert api("DELETE", path).body["subCategory"] == closed
    wrong = api("PATCH", path, {"metadata": {"ticketState": "closed"}}).body
    assert wrong["subCategory"] == "PipelineError.INVALID_PIPELINE_STAGE_METADATA"


def test_labels_and_ids_are_not_given_twice(api, pipeline):
    assert make(api, "salesforce - 012a ").status == 400
    assert make(api, "Other", pipelineId=pipeline["id"]).status == 400
    assert make(api, "Other", (NEW, DONE), TICKETS, pipelineId="default").status == 400
    taken = {**OPEN, "stageId": "contractsent"}
    answered = make(api, "Other", (taken, WON))
    assert (answered.status, answered.body["category"]) == (409, "CONFLICT")
    path = f"{DEALS}/{pipeline['id']}/stages"
    assert api("POST", path, {**taken, "label": "x"}).status == 400
    again = api("POST", path, {**OPEN, "label": "wON"}).body
    assert again["subCategory"] == "PipelineError.STAGE_LABEL_EXISTS"
    assert make(api, path=TICKETS, stages=(NEW, DONE)).status == 201


def test_a_stage_put_where_another_stands_comes_behind_it(api, pipeline):
    path = f"{DEALS}/{pipeline['id']}/stages"
    won = pipeline["stages"][1]["id"]
    assert api("PATCH", f"{path}/{won}", {"displayOrder": 9}).body["displayOrder"] == 9
    assert labels(api, pipeline["id"]) == [("Open", 0), ("Won", 9)]
    made = api("POST", path, {**OPEN, "label": "Talk", "displayOrder": 0})
    assert (made.status, made.body["displayOrder"]) == (201, 1)
    assert labels(api, pipeline["id"]) == [("Open", 0), ("Talk", 1), ("Won", 2)]


def test_a_stage_is_changed_in_part_or_whole(api, pipeline):
    path = f"{DEALS}/{pipeline['id']}/stages/{pipeline['stages'][0]['id']}"
    changed = api("PATCH", path, {"label": "Talking"}).body
    assert (changed["label"], changed["metadata"]["probability"]) == ("Talking", "0.4")
    assert api("PATCH", path, {"metadata": {"probability": None}}).status == 400
    assert api("PUT", path, {"label": "x"}).status == 400
    lost = {"label": "Lost", "displayOrder": 3, "metadata": {"probability": "0"}}
    assert api("PUT", path, lost).body["metadata"] == {"isClosed": "true", "probability": "0.0"}
    assert api("GET", path).body["label"] == "Lost"
    assert api("PATCH", path, {"archived": True}).status == 400


def test_a_pipeline_is_changed_in_part_or_whole(api, pipeline):
    path = f"{DEALS}/{pipeline['id']}"
    changed = api("PATCH", path, {"label": "New business"}).body
    assert (changed["label"], len(changed["stages"])) == ("New business", 2)
    assert api("PATCH", path, {"archived": False}).status == 400
    kept = {**OPEN, "stageId": pipeline["stages"][0]["id"], "label": "Kept"}
    made = {**WON, "label": "Made", "displayOrder": 2}
    sent = {"label": "Whole", "displayOrder": 4, "stages": [made, kept]}
    answered = api("PUT", path, sent)
    assert answered.status == 200
    assert [one["label"] for one in answered.body["stages"]] == ["Kept", "Made"]
    assert answered.body["stages"][0]["createdAt"] == pipeline["stages"][0]["createdAt"]


def test_a_stage_that_holds_a_record_stays_until_the_record_is_gone(api, pipeline):
    stage = pipeline["stages"][0]["id"]
    made = deal(api, pipeline=pipeline["id"], dealstage=stage).body["id"]
    path = f"{DEALS}/{pipeline['id']}"
    whole = {"label": "Whole", "displayOrder": 1, "stages": [WON]}
    flag = {"validateReferencesBeforeDelete": "false"}
    for answered in (
        api("DELETE", f"{path}/stages/{stage}"),
        api("DELETE", path, **flag),
        api("PUT", path, whole),
    ):
        assert (answered.status, answered.body["category"]) == (400, "VALIDATION_ERROR")
        assert answered.body["subCategory"] == "PipelineError.STAGE_ID_IN_USE"
        assert answered.body["context"] == {
            "stageIds": [f"[{stage}]"],
            "objectIds": [f"[{made}]"],
        }
    api("DELETE", f"/crm/v3/objects/deals/{made}")
    assert api("DELETE", f"{path}/stages/{stage}").status == 204
    assert api("DELETE", f"{path}/stages/{stage}").status == 204
    assert labels(api, pipeline["id"]) == [("Won", 1)]
    assert api("DELETE", f"{path}/stages/{pipeline['stages'][1]['id']}").status == 400
    assert api("DELETE", path).status == 204
    assert api("DELETE", path).status == 404


def test_the_last_pipeline_is_not_deleted(api):
    assert api("DELETE", f"{DEALS}/default").status == 400


def test_contacts_have_no_pipelines_of_ones_own(api):
    assert make(api, path="/crm/v3/pipelines/contacts").status == 400


@pytest.mark.parametrize(("tier", "most"), [("free", 1), ("starter", 2)])
def test_what_the_account_pays_for_bounds_its_pipelines(api, simulator, tier, most):
    simulator.actions()["tier"]({"tier": tier})
    made = [make(api, f"Pipeline {n}").status for n in range(most)]
    assert made == [201] * (most - 1) + [400]


def test_changing_pipelines_wants_the_scope_of_definitions(api, simulator, pipeline):
    reader = {"scopes": ["crm.schemas.deals.read", "crm.objects.deals.write"]}
    api.token = simulator.token(reader)["access_token"]
    assert api("GET", DEALS).status == 200
    answered = make(api, "Other")
    assert answered.status == 403
    (error,) = answered.body["errors"]
    assert error["context"]["requiredGranularScopes"] == ["crm.schemas.deals.write"]


def test_pipelines_survive_a_restart(api, simulator, pipeline):
    made = deal(api, pipeline=pipeline["id"], dealstage=pipeline["stages"][0]["id"]).body["id"]
    again = HubSpotSimulator()
    again.restore(simulator.dump())
    api.simulator = again
    assert api("GET", f"{DEALS}/{pipeline['id']}").body == pipeline
    path = f"/crm/v3/objects/deals/{made}"
    sent = {"properties": {"dealstage": pipeline["stages"][1]["id"]}}
    assert api("PATCH", path, sent).status == 200
    new = make(api, "Other").body["id"]
    assert new != pipeline["id"]


def test_the_official_client_makes_pipelines_and_stages(client):
    won = PipelineStageInput(label="Won", display_order=1, metadata={"probability": "1.0"})
    lost = PipelineStageInput(label="Lost", display_order=2, metadata={"probability": "0.0"})
    sent = PipelineInput(label="Salesforce - 012A", display_order=1, stages=[won])
    made = client.crm.pipelines.pipelines_api.create("deals", sent)
    stage = client.crm.pipelines.pipeline_stages_api.create("deals", made.id, lost)
    client.crm.pipelines.pipeline_stages_api.archive("deals", made.id, stage.id)
    (left,) = client.crm.pipelines.pipeline_stages_api.get_all("deals", made.id).results
    assert (left.label, left.metadata["isClosed"]) == ("Won", "true")
