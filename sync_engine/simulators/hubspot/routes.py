"""Every call that is simulated. Shapes leave out the version: both path families lead here."""

from __future__ import annotations

from sync_engine.simulators.hubspot import (
    account_calls,
    association_calls,
    batches,
    consent_calls,
    label_calls,
    limit_calls,
    list_calls,
    membership_calls,
    oauth_calls,
    pipeline_calls,
    property_calls,
    search,
    singles,
    stage_calls,
)
from sync_engine.simulators.hubspot.paths import DATED, Routes
from sync_engine.simulators.hubspot.scopes import (
    anyone,
    change_definitions,
    read_consent,
    read_consents,
    read_definitions,
    read_lists,
    read_owners,
    read_records,
    write_consent,
    write_consents,
    write_lists,
    write_records,
)

_OBJECTS = (
    ("POST", "crm/objects/*/batch/read", batches.read, read_records),
    ("POST", "crm/objects/*/batch/create", batches.create, write_records),
    ("POST", "crm/objects/*/batch/update", batches.update, write_records),
    ("POST", "crm/objects/*/batch/upsert", batches.upsert, write_records),
    ("POST", "crm/objects/*/batch/archive", batches.archive, write_records),
    ("POST", "crm/objects/*/search", search.search, read_records),
    ("POST", "crm/objects/*/merge", singles.merge, write_records),
    ("POST", "crm/objects/*/gdpr-delete", singles.gdpr_delete, write_records),
    ("GET", "crm/objects/*", singles.page, read_records),
    ("POST", "crm/objects/*", singles.create, write_records),
    ("GET", "crm/objects/*/*", singles.read, read_records),
    ("PATCH", "crm/objects/*/*", singles.update, write_records),
    ("DELETE", "crm/objects/*/*", singles.archive, write_records),
)
_PROPERTIES = (
    ("GET", "crm/properties/*", property_calls.page, read_definitions),
    ("POST", "crm/properties/*", property_calls.create, change_definitions),
    ("POST", "crm/properties/*/batch/read", property_calls.batch_read, read_definitions),
    ("POST", "crm/properties/*/batch/create", property_calls.batch_create, change_definitions),
    ("POST", "crm/properties/*/batch/archive", property_calls.batch_archive, change_definitions),
    ("GET", "crm/properties/*/groups", property_calls.groups, read_definitions),
    ("POST", "crm/properties/*/groups", property_calls.group_create, change_definitions),
    ("GET", "crm/properties/*/groups/*", property_calls.group_read, read_definitions),
    ("PATCH", "crm/properties/*/groups/*", property_calls.group_update, change_definitions),
    ("DELETE", "crm/properties/*/groups/*", property_calls.group_archive, change_definitions),
    ("GET", "crm/properties/*/*", property_calls.read, read_definitions),
    ("PATCH", "crm/properties/*/*", property_calls.update, change_definitions),
    ("DELETE", "crm/properties/*/*", property_calls.archive, change_definitions),
)
_RECORD = "crm/objects/*/*/associations"
_PAIR = "crm/associations/*/*"
_ASSOCIATIONS = (
    ("PUT", f"{_RECORD}/default/*/*", association_calls.make_default, write_records),
    ("PUT", f"{_RECORD}/*/*", association_calls.make, write_records),
    ("DELETE", f"{_RECORD}/*/*", association_calls.remove, write_records),
    ("GET", f"{_RECORD}/*", association_calls.page, read_records),
    ("POST", f"{_PAIR}/batch/read", association_calls.batch_read, read_records),
    ("POST", f"{_PAIR}/batch/create", association_calls.batch_create, write_records),
    ("POST", f"{_PAIR}/batch/associate/default", association_calls.batch_default, write_records),
    ("POST", f"{_PAIR}/batch/archive", association_calls.batch_archive, write_records),
    ("GET", f"{_PAIR}/labels", association_calls.labels, read_records),
    (
        "POST",
        f"{_PAIR}/batch/labels/archive",
        association_calls.batch_archive_labels,
        write_records,
    ),
    ("POST", f"{_PAIR}/labels", label_calls.create, write_records),
    ("PUT", f"{_PAIR}/labels", label_calls.update, write_records),
    ("DELETE", f"{_PAIR}/labels/*", label_calls.delete, write_records),
)
_LIMITS = "crm/associations/definitions/configurations"
_ASSOCIATION_LIMITS = (
    ("GET", f"{_LIMITS}/all", limit_calls.every, anyone),
    ("GET", f"{_LIMITS}/*/*", limit_calls.page, read_records),
    ("POST", f"{_LIMITS}/*/*/batch/create", limit_calls.create, write_records),
    ("POST", f"{_LIMITS}/*/*/batch/update", limit_calls.update, write_records),
    ("POST", f"{_LIMITS}/*/*/batch/purge", limit_calls.purge, write_records),
)
_LISTS = (
    ("POST", "crm/lists", list_calls.create, write_lists),
    ("GET", "crm/lists", list_calls.read_several, read_lists),
    ("POST", "crm/lists/search", list_calls.search, read_lists),
    ("GET", "crm/lists/folders", list_calls.folders_or_old_ids, read_lists),
    ("GET", "crm/lists/idmapping", list_calls.folders_or_old_ids, read_lists),
    ("GET", "crm/lists/*", list_calls.read, read_lists),
    ("DELETE", "crm/lists/*", list_calls.delete, write_lists),
    ("GET", "crm/lists/object-type-id/*/name/*", list_calls.read_by_name, read_lists),
    ("PUT", "crm/lists/*/restore", list_calls.restore, write_lists),
    ("PUT", "crm/lists/*/update-list-name", list_calls.rename, write_lists),
    ("PUT", "crm/lists/*/update-list-filters", list_calls.change_filters, write_lists),
    ("GET", "crm/lists/*/memberships", membership_calls.page, read_lists),
    ("GET", "crm/lists/*/memberships/join-order", membership_calls.page_by_joining, read_lists),
    ("PUT", "crm/lists/*/memberships/add", membership_calls.put, write_lists),
    ("PUT", "crm/lists/*/memberships/remove", membership_calls.take_off, write_lists),
    (
        "PUT",
        "crm/lists/*/memberships/add-and-remove",
        membership_calls.put_and_take_off,
        write_lists,
    ),
    ("PUT", "crm/lists/*/memberships/add-from/*", membership_calls.put_all_of, write_lists),
    ("DELETE", "crm/lists/*/memberships", membership_calls.take_off_all, write_lists),
    ("GET", "crm/lists/records/*/*/memberships", membership_calls.of_record, read_lists),
)
_STATUSES = "communication-preferences/statuses"
_CONSENT = (
    ("GET", "communication-preferences/definitions", consent_calls.definitions, read_consent),
    ("POST", f"{_STATUSES}/batch/read", consent_calls.batch_read, read_consents),
    ("POST", f"{_STATUSES}/batch/write", consent_calls.batch_write, write_consents),
    ("POST", f"{_STATUSES}/batch/unsubscribe-all", consent_calls.batch_opt_out, write_consents),
    (
        "POST",
        f"{_STATUSES}/batch/unsubscribe-all/read",
        consent_calls.batch_read_opt_out,
        read_consents,
    ),
    ("GET", f"{_STATUSES}/*", consent_calls.read, read_consent),
    ("POST", f"{_STATUSES}/*", consent_calls.write, write_consent),
    ("GET", f"{_STATUSES}/*/unsubscribe-all", consent_calls.read_opt_out, read_consent),
    ("POST", f"{_STATUSES}/*/unsubscribe-all", consent_calls.opt_out, write_consent),
)
_ACCOUNT = (
    ("GET", "crm/owners", account_calls.owners, read_owners),
    ("GET", "crm/owners/*", account_calls.owner, read_owners),
    ("GET", "account-info/details", account_calls.details, anyone),
    ("GET", "account-info/api-usage/daily/private-apps", account_calls.daily_usage, anyone),
)
_STAGES = "crm/pipelines/*/*/stages"
_PIPELINES = (
    ("GET", "crm/pipelines/*", pipeline_calls.page, read_definitions),
    ("POST", "crm/pipelines/*", pipeline_calls.create, change_definitions),
    ("GET", "crm/pipelines/*/*", pipeline_calls.read, read_definitions),
    ("PUT", "crm/pipelines/*/*", pipeline_calls.replace_whole, change_definitions),
    ("PATCH", "crm/pipelines/*/*", pipeline_calls.update, change_definitions),
    ("DELETE", "crm/pipelines/*/*", pipeline_calls.delete, change_definitions),
    ("GET", _STAGES, stage_calls.page, read_definitions),
    ("POST", _STAGES, stage_calls.create, change_definitions),
    ("GET", f"{_STAGES}/*", stage_calls.read, read_definitions),
    ("PUT", f"{_STAGES}/*", stage_calls.replace_whole, change_definitions),
    ("PATCH", f"{_STAGES}/*", stage_calls.update, change_definitions),
    ("DELETE", f"{_STAGES}/*", stage_calls.delete, change_definitions),
)
_TOKENS = (
    ("POST", "oauth/token", oauth_calls.give_token, anyone),
    ("POST", "oauth/token/introspect", oauth_calls.introspect, anyone),
    ("POST", "oauth/token/revoke", oauth_calls.revoke, anyone),
    ("GET", "oauth/access-tokens/*", oauth_calls.access_token_about, anyone),
    ("GET", "oauth/refresh-tokens/*", oauth_calls.refresh_token_about, anyone),
    ("DELETE", "oauth/refresh-tokens/*", oauth_calls.refresh_token_delete, anyone),
)
_KEYS = (("POST", "oauth/private-apps/get/access-token-info", oauth_calls.key_about, anyone),)

ROUTES = Routes(
    {
        ("v3", DATED): (*_OBJECTS, *_PROPERTIES, *_ACCOUNT, *_PIPELINES, *_LISTS),
        ("v4", DATED): (*_ASSOCIATIONS, *_ASSOCIATION_LIMITS, *_CONSENT),
        ("v1", "v3", DATED): _TOKENS,
        ("v2",): _KEYS,
    }
)
