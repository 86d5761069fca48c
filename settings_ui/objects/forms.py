from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django import forms

from sync_engine.core.catalog import Choice, ObjectType, Policy
from sync_engine.core.catalog.places import HUBSPOT_PLACES, SALESFORCE_PLACES


class PolicyForm(forms.Form):
    """The questions of one tab, one radio group each, asked as the catalog words them.

    version  counts saves: what the admin looked at
    """

    version = forms.IntegerField(min_value=0)

    def __init__(self, object_type: ObjectType, data: Mapping[str, str]) -> None:
        super().__init__(data)
        for policy in object_type.policies:
            self.fields[policy.name] = forms.ChoiceField(
                choices=[(choice.name, choice.label) for choice in policy.choices],
                error_messages={
                    "required": "Choose one of these.",
                    "invalid_choice": "Choose one of these.",
                },
            )

    @property
    def answers(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class SegmentForm(forms.Form):
    """chosen, seen: HubSpot's ids of lists, "" for everybody. seen: what the admin saw chosen;
    confirmed: that everybody is to sync."""

    chosen = forms.CharField(required=False, max_length=32)
    seen = forms.CharField(required=False, max_length=32)
    confirmed = forms.BooleanField(required=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """One choice of a question. word: "in effect" or "not saved" where those two differ."""

    choice: Choice
    is_chosen: bool
    word: str


@dataclass(frozen=True, slots=True)
class Question:
    policy: Policy
    answers: list[Answer]
    error: str

    @property
    def chosen(self) -> Choice | None:
        return next((answer.choice for answer in self.answers if answer.is_chosen), None)


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    questions: list[Question]

    @property
    def is_about_places(self) -> bool:
        """The manual asks about states and countries last, after what limits the sync."""
        return self.questions[0].policy in (SALESFORCE_PLACES, HUBSPOT_PLACES)

    @property
    def notes(self) -> list[str]:
        return [note for question in self.questions for note in question.policy.notes]


def sections_of(
    object_type: ObjectType, in_effect: Mapping[str, str], form: PolicyForm | None = None
) -> list[Section]:
    """Return a tab's questions under their headings. form: what was sent and not saved."""
    questions = [_question(policy, in_effect[policy.name], form) for policy in object_type.policies]
    grouped = groupby(questions, key=lambda question: question.policy.section)
    return [Section(title, list(group)) for title, group in grouped]


def _question(policy: Policy, in_effect: str, form: PolicyForm | None) -> Question:
    chosen = form.data.get(policy.name, "") if form else in_effect
    error = " ".join(map(str, form.errors.get(policy.name, []))) if form else ""
    return Question(policy, [_answer(c, chosen, in_effect) for c in policy.choices], error)


def _answer(choice: Choice, chosen: str, in_effect: str) -> Answer:
    word = ""
    if chosen != in_effect:
        word = {chosen: "not saved", in_effect: "in effect"}.get(choice.name, "")
    return Answer(choice, choice.name == chosen, word)
