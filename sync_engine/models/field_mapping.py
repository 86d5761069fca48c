"""A HubSpot property and a Salesforce field that are kept equal by a sync rule."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

from sync_engine.core.catalog import CATALOG, ObjectType
from sync_engine.core.sync_rules import SyncRule
from sync_engine.models.setting_change import SettingChange

# Spelled out so that the migration imports none of our code.
RULE_CHOICES = [(rule.value, rule.label) for rule in SyncRule]

# "500 mappings per object" (product.md 17.1).
MOST_MAPPINGS = 500


class FieldMappingQuerySet(models.QuerySet["FieldMapping"]):
    def of(self, connection_id: int, object_type: ObjectType) -> FieldMappingQuerySet:
        return self.filter(
            connection_id=connection_id, object_type=object_type.slug
        ).prefetch_related("salesforce_fields")

    @transaction.atomic
    def seed(self, connection_id: int, object_type: ObjectType, now: datetime) -> None:
        """Create the standard mappings of an object type, and the fields that a later version of
        it declares. Safe to run again."""
        if self._has_all(connection_id, object_type):
            return
        for standard in object_type.standard_mappings:
            mapping, _ = self.get_or_create(
                connection_id=connection_id,
                object_type=object_type.slug,
                hubspot_field=standard.hubspot,
                defaults={
                    "sync_rule": standard.rule.value,
                    "is_standard": True,
                    "locked_because": standard.locked,
                    "since": now,
                },
            )
            for salesforce_object, name in standard.salesforce.items():
                SalesforceField.objects.get_or_create(
                    mapping=mapping,
                    salesforce_object=salesforce_object,
                    defaults={
                        "connection_id": connection_id,
                        "object_type": object_type.slug,
                        "name": name,
                    },
                )

    def _has_all(self, connection_id: int, object_type: ObjectType) -> bool:
        """Count what is there: it is asked at the beginning of every poll."""
        declared = sum(len(standard.salesforce) for standard in object_type.standard_mappings)
        found = SalesforceField.objects.filter(
            connection_id=connection_id, object_type=object_type.slug, mapping__is_standard=True
        )
        return found.count() >= declared


class FieldMapping(models.Model):
    class NotAllowed(Exception):
        """This mapping may not be changed that way. The message is for the admin."""

    class ChangedMeanwhile(Exception):
        """Somebody else set another rule since the admin looked."""

    connection = models.ForeignKey("sync_engine.Connection", on_delete=models.CASCADE)
    object_type = models.SlugField()
    hubspot_field = models.CharField(max_length=255)
    hubspot_label = models.CharField(max_length=255, default="", blank=True)  # "" = not read yet
    sync_rule = models.CharField(max_length=20, choices=RULE_CHOICES)
    is_standard = models.BooleanField(default=False)  # came with the object type: never deleted
    locked_because = models.TextField(blank=True)  # "" = its rule may be changed
    since = models.DateTimeField()  # agreed values older than this are stale (sync.md 2)
    suspended_because = models.TextField(blank=True)  # a sentence for the admin; "" = it works
    rule_set_by = models.ForeignKey(
        "sync_engine.SettingChange", on_delete=models.SET_NULL, null=True, blank=True
    )
    version = models.PositiveIntegerField(default=0)  # counts changes: two admins, one mapping

    objects = FieldMappingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "object_type", "hubspot_field"],
                name="a_hubspot_property_is_in_one_mapping",
            )
        ]

    def __str__(self) -> str:
        return f"{self.object_type}.{self.hubspot_field}"

    @transaction.atomic
    def change_rule(self, rule: SyncRule, *, seen: int, by: str, now: datetime) -> None:
        """Keep the two fields by another rule from the next sync of a record on.

        seen  the version that the admin looked at
        Leaving Don't sync makes the baseline stale: what happened to the values meanwhile
        was not seen (sync.md 2). Raises NotAllowed where the mapping cannot have the rule, and ChangedMeanwhile
        where `seen` is not the latest version; this mapping then holds the latest.
        """
        self.refresh_from_db(from_queryset=FieldMapping.objects.select_for_update())
        if self.locked_because:
            raise self.NotAllowed(self.locked_because)
        if rule not in CATALOG[self.object_type].rules_of(self.hubspot_field):
            raise self.NotAllowed(
                "This mapping has to pass both ways, so it cannot have that rule."
            )
        if self.version != seen:
            raise self.ChangedMeanwhile
        before = SyncRule(self.sync_rule)
        if rule is before:
            return
        self.rule_set_by = SettingChange.objects.create(
            connection_id=self.connection_id,
            at=now,
            by=by,
            what=f"Sync rule of {self.object_type}.{self.hubspot_field}",
            before=before.label,
            after=rule.label,
        )
        self.sync_rule = rule.value
        if before is SyncRule.DONT_SYNC:
            self.since = now
        self.version += 1
        self.save(update_fields=["sync_rule", "since", "rule_set_by", "version"])

    def call(self, label: str) -> None:
        """Learn HubSpot's own name of the property."""
        if self.hubspot_label != label:
            self.hubspot_label = label
            self.save(update_fields=["hubspot_label"])

    def suspend(self, because: str) -> None:
        """Stop the mapping until its fields are back; its record's other fields sync on."""
        self.suspended_because = because
        self.save(update_fields=["suspended_because"])

    def resume(self, now: datetime) -> None:
        self.suspended_because, self.since = "", now
        self.save(update_fields=["suspended_because", "since"])


class SalesforceField(models.Model):
    """The Salesforce side of a mapping: one field of each Salesforce object it serves."""

    mapping = models.ForeignKey(
        FieldMapping, on_delete=models.CASCADE, related_name="salesforce_fields"
    )
    connection = models.ForeignKey("sync_engine.Connection", on_delete=models.CASCADE)
    object_type = models.SlugField()
    salesforce_object = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    label = models.CharField(max_length=255, default="", blank=True)  # "" = not read yet
    type_label = models.CharField(max_length=64, default="", blank=True)  # Salesforce's own word

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "object_type", "salesforce_object", "name"],
                name="a_salesforce_field_is_in_one_mapping",
            ),
            models.UniqueConstraint(
                fields=["mapping", "salesforce_object"],
                name="a_mapping_has_one_field_per_salesforce_object",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.salesforce_object}.{self.name}"

    def call(self, label: str, type_label: str) -> None:
        """Learn Salesforce's own names of the field and of its type."""
        if (self.label, self.type_label) != (label, type_label):
            self.label, self.type_label = label, type_label
            self.save(update_fields=["label", "type_label"])
