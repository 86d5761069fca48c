"""Who changed which setting, from what to what."""

from __future__ import annotations

from django.db import models


class SettingChange(models.Model):
    SYNC_SWITCH = "Sync between HubSpot and Salesforce"
    CONNECTION = "Connection of HubSpot and Salesforce"
    ALLOCATION = "Allocated to HubSpot"

    connection = models.ForeignKey("sync_engine.Connection", on_delete=models.CASCADE)
    at = models.DateTimeField()
    by = models.CharField(max_length=254)  # the name at that time; people leave, history stays
    what = models.CharField(max_length=255)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.what}: {self.before} → {self.after}"
