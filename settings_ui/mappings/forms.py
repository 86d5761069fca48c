from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from sync_engine.core.sync_rules import SyncRule
from sync_engine.models.field_mapping import RULE_CHOICES, FieldMappingQuerySet


class FilterForm(forms.Form):
    """What of the mappings is looked for. Nonsense in an address is taken for nothing."""

    q = forms.CharField(required=False, max_length=255)
    rule = forms.ChoiceField(required=False, choices=[("", "Any rule"), *RULE_CHOICES])
    kind = forms.ChoiceField(
        required=False, choices=[("", "All kinds"), ("standard", "Standard"), ("custom", "Custom")]
    )
    state = forms.ChoiceField(
        required=False, choices=[("", "All"), ("suspended", "Suspended"), ("working", "Working")]
    )

    @property
    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def applied_to(self, mappings: FieldMappingQuerySet) -> FieldMappingQuerySet:
        chosen = self.chosen
        if words := chosen.get("q"):
            mappings = mappings.filter(
                Q(hubspot_field__icontains=words)
                | Q(hubspot_label__icontains=words)
                | Q(salesforce_fields__name__icontains=words)
                | Q(salesforce_fields__label__icontains=words)
            ).distinct()
        if rule := chosen.get("rule"):
            mappings = mappings.filter(sync_rule=rule)
        if kind := chosen.get("kind"):
            mappings = mappings.filter(is_standard=kind == "standard")
        match chosen.get("state"):
            case "suspended":
                mappings = mappings.exclude(suspended_because="")
            case "working":
                mappings = mappings.filter(suspended_because="")
        return mappings


class RuleForm(forms.Form):
    """version: of the mapping that the admin looked at."""

    rule = forms.TypedChoiceField(choices=RULE_CHOICES, coerce=SyncRule)
    version = forms.IntegerField(min_value=0)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
