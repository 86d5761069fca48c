"""What we remember. One file per noun; the database keeps the promises it can keep."""

from sync_engine.models.adoption import Adoption
from sync_engine.models.allocation import Allocation, ApiCalls
from sync_engine.models.brake import Brake, BrakeTally
from sync_engine.models.connection import Connection
from sync_engine.models.credential import Credential, Tokens
from sync_engine.models.field_mapping import FieldMapping, SalesforceField
from sync_engine.models.grant import Grant
from sync_engine.models.object_settings import ObjectSettings
from sync_engine.models.record_change import RecordChange
from sync_engine.models.record_link import RecordLink
from sync_engine.models.segment import Segment, SegmentMember
from sync_engine.models.setting_change import SettingChange
from sync_engine.models.sync_error import SyncError
from sync_engine.models.sync_run import SyncRun
from sync_engine.models.sync_slice import SyncSlice
from sync_engine.models.watermark import Watermark

__all__ = [
    "Adoption",
    "Allocation",
    "ApiCalls",
    "Brake",
    "BrakeTally",
    "Connection",
    "Credential",
    "FieldMapping",
    "Grant",
    "ObjectSettings",
    "RecordChange",
    "RecordLink",
    "SalesforceField",
    "Segment",
    "SegmentMember",
    "SettingChange",
    "SyncError",
    "SyncRun",
    "SyncSlice",
    "Tokens",
    "Watermark",
]
