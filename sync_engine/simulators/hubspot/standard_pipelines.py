"""The pipelines that a new account has. Source: hubspot-api.md 11."""

from __future__ import annotations

from sync_engine.simulators.hubspot.pipelines import Pipeline, Stage, deal_metadata, ticket_metadata

_DEAL_STAGES = (
    ("appointmentscheduled", "Appointment Scheduled", "0.2"),
    ("qualifiedtobuy", "Qualified To Buy", "0.4"),
    ("presentationscheduled", "Presentation Scheduled", "0.6"),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
    ("contractsent", "Contract Sent", "0.9"),
    ("closedwon", "Closed Won", "1.0"),
    ("closedlost", "Closed Lost", "0.0"),
)
_TICKET_STAGES = (
    ("1", "New", "OPEN"),
    ("2", "Waiting on contact", "OPEN"),
    ("3", "Waiting on us", "OPEN"),
    ("4", "Closed", "CLOSED"),
)


def standard_pipelines() -> dict[str, Pipeline]:
    """Return the one pipeline of each kind that has pipelines, by plural name."""
    deals = tuple(
        Stage(stage_id, label, at, deal_metadata(probability))
        for at, (stage_id, label, probability) in enumerate(_DEAL_STAGES)
    )
    tickets = tuple(
        Stage(stage_id, label, at, ticket_metadata(state))
        for at, (stage_id, label, state) in enumerate(_TICKET_STAGES)
    )
    return {
        "deals": Pipeline("default", "Sales Pipeline", 0, deals),
        "tickets": Pipeline("0", "Support Pipeline", 0, tickets),
    }
