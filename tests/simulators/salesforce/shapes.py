"""What Salesforce's answers look like, in words of our own: members, their types, which are needed.

Distilled from recorded answers and salesforce-api.md (named by section), and held against the
recordings once; names of members are facts, no text of theirs is kept. A JSON schema each.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
NOTHING: Schema = {"type": "null"}
OPEN: Schema = {"type": "object"}
ID: Schema = {"type": "string", "pattern": "^[A-Za-z0-9]{15}[A-Z0-5]{3}$"}  # 7: answers have 18
MOMENT: Schema = {  # 5.1, 6.2: whole seconds, shown as milliseconds, never a Z
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$",
}
CODE: Schema = {"type": "string", "pattern": "^[A-Z][A-Z_]+$"}


def either(*schemas: Schema) -> Schema:
    return {"anyOf": list(schemas)}


def or_null(schema: Schema) -> Schema:
    return either(schema, NOTHING)


def of(item: Schema, *, least: int = 0) -> Schema:
    return {"type": "array", "items": item, "minItems": least}


def members(needed: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """An object with these members and no others."""
    return {
        "type": "object",
        "properties": needed | (optional or {}),
        "required": list(needed),
        "additionalProperties": False,
    }


def named(schema: Schema, names: str) -> dict[str, Schema]:
    return dict.fromkeys(names.split(), schema)


# 10.1; the duplicate's key is spelled as of v48 to v54 or right (8).
REST_ERRORS = of(
    members(
        {"message": TEXT, "errorCode": CODE},
        {"fields": of(TEXT), "duplicateResut": OPEN, "duplicateResult": OPEN},
    ),
    least=1,
)
OAUTH_ERROR = members({"error": TEXT, "error_description": TEXT})  # 1.4
ITEM_ERROR = members({"statusCode": CODE, "message": TEXT, "fields": of(TEXT)})  # 5.2
NO_ERRORS: Schema = {"const": []}
SAVED = members({"id": ID, "success": {"const": True}, "errors": NO_ERRORS})
UPSERTED = members({**SAVED["properties"], "created": FLAG})
REFUSED = members({"success": {"const": False}, "errors": of(ITEM_ERROR, least=1)})  # 5.2: no id
UPSERT_REFUSED = members({**REFUSED["properties"], "created": FLAG})
SAVED_OR_NOT = of(either(SAVED, REFUSED))
UPSERTED_OR_NOT = of(either(UPSERTED, UPSERT_REFUSED))

ATTRIBUTES = members({"type": TEXT}, {"url": {"type": "string", "pattern": "^/services/data/v"}})
SCALAR: Schema = {"type": ["string", "number", "boolean", "null"]}
RECORD: Schema = {  # 4, 5.1: a parent is a record in a record, an address an object of its own
    "type": "object",
    "required": ["attributes"],
    "properties": {"attributes": ATTRIBUTES, "Id": ID},
    "patternProperties": {
        "^(SystemModstamp|CreatedDate|LastModifiedDate)$": or_null(MOMENT),
        "^(Owner|Account|Contact|CreatedBy|LastModifiedBy|MasterRecord|RecordType)Id$": or_null(ID),
        "^Is[A-Z][a-z]+$": or_null(FLAG),
    },
    "additionalProperties": {"type": ["string", "number", "boolean", "null", "object"]},
}
QUERIED = members(
    {"totalSize": WHOLE, "done": FLAG, "records": of(RECORD)},
    {"nextRecordsUrl": {"type": "string", "pattern": "^/services/data/v[0-9.]+/query/"}},
)
QUERIED["if"] = {"properties": {"done": {"const": True}}}
QUERIED["then"] = {"properties": {"nextRecordsUrl": False}}
QUERIED["else"] = {"required": ["nextRecordsUrl"]}
# Tooling says more about itself.
TOOLED = {**QUERIED, "additionalProperties": True}

_ABLE = (
    "activateable createable custom customSetting deepCloneable deletable deprecatedAndHidden "
    "feedEnabled hasSubtypes isInterface isSubtype layoutable mergeable mruEnabled queryable "
    "replicateable retrieveable searchable triggerable undeletable updateable"
)
_SUMMARY = {
    **named(FLAG, _ABLE),
    **named(TEXT, "label labelPlural name"),
    "keyPrefix": or_null(TEXT),
    "urls": OPEN,
}
_ASSOCIATED = named(or_null(TEXT), "associateEntityType associateParentEntity")
SUMMARY = members(_SUMMARY, _ASSOCIATED)
FIELD_TYPES = (
    "string picklist multipicklist combobox reference base64 boolean currency textarea int double "
    "percent phone id date datetime time url email encryptedstring location address anyType"
)
OPTION = members(
    {**named(FLAG, "active defaultValue"), **named(TEXT, "label value"), "validFor": or_null(TEXT)}
)
FIELD = members(
    {
        **named(
            FLAG,
            "aggregatable aiPredictionField autoNumber calculated cascadeDelete caseSensitive "
            "createable custom defaultedOnCreate dependentPicklist deprecatedAndHidden "
            "displayLocationInDecimal encrypted externalId filterable formulaTreatNullNumberAsZero "
            "groupable highScaleNumber htmlFormatted idLookup nameField namePointing nillable "
            "permissionable polymorphicForeignKey queryByDistance restrictedDelete "
            "restrictedPicklist searchPrefilterable sortable unique updateable "
            "writeRequiresMasterRead",
        ),
        **named(WHOLE, "byteLength digits length precision scale"),
        **named(TEXT, "label name"),
        **named(
            or_null(TEXT),
            "calculatedFormula compoundFieldName controllerName defaultValueFormula extraTypeInfo "
            "inlineHelpText mask maskType referenceTargetField relationshipName",
        ),
        "defaultValue": SCALAR,
        "filteredLookupInfo": or_null(OPEN),
        "picklistValues": of(OPTION),
        "referenceTo": of(TEXT),
        "relationshipOrder": or_null(WHOLE),
        "soapType": {"type": "string", "pattern": "^(tns|xsd|urn):"},
        "type": {"enum": FIELD_TYPES.split()},
    }
)
CHILD = members(
    {
        **named(FLAG, "cascadeDelete deprecatedAndHidden restrictedDelete"),
        **named(TEXT, "childSObject field"),
        **named(of(TEXT), "junctionIdListNames junctionReferenceTo"),
        "relationshipName": or_null(TEXT),
    }
)
RECORD_TYPE = members(
    {
        **named(FLAG, "active available defaultRecordTypeMapping master"),
        **named(TEXT, "name developerName"),
        "recordTypeId": ID,
        "urls": OPEN,
    }
)
DESCRIBED = members(
    {
        **_SUMMARY,
        "actionOverrides": of(OPEN),
        "childRelationships": of(CHILD),
        "compactLayoutable": FLAG,
        "fields": of(FIELD, least=1),
        "namedLayoutInfos": of(OPEN),
        "recordTypeInfos": of(RECORD_TYPE),
        "searchLayoutable": FLAG,
        "supportedScopes": of(members(named(TEXT, "label name"))),
        **named(
            or_null(TEXT),
            "defaultImplementation extendedBy extendsInterfaces implementedBy implementsInterfaces "
            "networkScopeFieldName",
        ),
        **named(or_null(FLAG), "listviewable lookupLayoutable"),
    },
    {**_ASSOCIATED, "sobjectDescribeOption": TEXT},
)
DESCRIBED_ALL = members(
    {"encoding": {"const": "UTF-8"}, "maxBatchSize": {"const": 200}, "sobjects": of(SUMMARY)}
)
BASIC = members({"objectDescribe": SUMMARY, "recentItems": of(RECORD)})
UPDATED = members({"ids": of(ID), "latestDateCovered": MOMENT})
DELETED = members(
    {
        "deletedRecords": of(members({"id": ID, "deletedDate": MOMENT})),
        **named(MOMENT, "earliestDateAvailable latestDateCovered"),
    }
)
USAGE: Schema = {"type": "object", "required": ["Max", "Remaining"]}
LIMITS: Schema = {
    "type": "object",
    "required": ["DailyApiRequests", "DailyBulkApiBatches", "DataStorageMB"],
    "additionalProperties": USAGE,
}
COUNTED = members({"sObjects": of(members({"count": WHOLE, "name": TEXT}))})
VERSIONS = of(members(named(TEXT, "label url version")), least=1)
RESOURCES: Schema = {"type": "object", "required": ["identity"], "additionalProperties": TEXT}
COMPOSITE = members(
    {
        "compositeResponse": of(
            members({"body": {}, "httpHeaders": OPEN, "httpStatusCode": WHOLE, "referenceId": TEXT})
        )
    }
)
BATCH = members({"hasErrors": FLAG, "results": of(members({"statusCode": WHOLE, "result": {}}))})
FIELD_MADE = members(
    SAVED["properties"], {"warnings": {"type": "array"}, "infos": {"type": "array"}}
)

_STATES = "Open UploadComplete InProgress JobComplete Failed Aborted"
_JOB = {
    "id": ID,
    "object": TEXT,
    "createdById": ID,
    **named(MOMENT, "createdDate systemModstamp"),
    "state": {"enum": _STATES.split()},
    "concurrencyMode": TEXT,
    "contentType": {"const": "CSV"},
    "apiVersion": {"type": "number"},
    "lineEnding": {"enum": ["LF", "CRLF"]},
    "columnDelimiter": TEXT,
}
_PROGRESS = {
    "jobType": TEXT,
    "errorMessage": TEXT,
    "isPkChunkingSupported": FLAG,
    **named(
        NUMBER,
        "retries totalProcessingTime apiActiveProcessingTime apexProcessingTime "
        "numberRecordsProcessed numberRecordsFailed",
    ),
}
INGEST = members(
    {**_JOB, "operation": {"enum": ["insert", "update", "upsert", "delete", "hardDelete"]}},
    {
        **_PROGRESS,
        "externalIdFieldName": TEXT,
        "assignmentRuleId": ID,
        # 5.4: no leading slash.
        "contentUrl": {"type": "string", "pattern": "^services/data/v[0-9.]+/jobs/ingest/"},
    },
)
QUERY_JOB = members({**_JOB, "operation": {"enum": ["query", "queryAll"]}}, _PROGRESS)
RESULT_PAGES = members(
    {
        "resultPages": of(members({"resultUrl": TEXT})),
        "nextRecordsUrl": or_null(TEXT),
        "done": FLAG,
    }
)
JOBS: Schema = members({"done": FLAG, "records": of(OPEN), "nextRecordsUrl": or_null(TEXT)})

TOKEN = members(  # 1.3: no expires_in; a refresh token where one is given
    {
        **named(TEXT, "access_token instance_url id signature"),
        "token_type": {"const": "Bearer"},
        "issued_at": {"type": "string", "pattern": r"^\d{13}$"},
    },
    named(TEXT, "refresh_token scope id_token"),
)
USER_INFO: Schema = {
    "type": "object",
    "required": [
        "sub",
        "user_id",
        "organization_id",
        "preferred_username",
        "name",
        "email",
        "zoneinfo",
    ],
    "properties": named(ID, "user_id organization_id"),
}
IDENTITY: Schema = {
    "type": "object",
    "required": [
        "id",
        "user_id",
        "organization_id",
        "username",
        "display_name",
        "email",
        "user_type",
        "language",
        "locale",
        "utcOffset",
        "active",
        "urls",
        "last_modified_date",
        "asserted_user",
    ],
    "properties": {
        **named(ID, "user_id organization_id"),
        # Recorded: of all times this one is spelled so.
        "last_modified_date": {"type": "string", "pattern": r"^[\d-]{10}T[\d:]{8}Z$"},
        "utcOffset": {"type": "integer"},
        "urls": {"type": "object", "additionalProperties": TEXT},
    },
}
LINKS = of({"type": "string", "pattern": "^/services/data/v"}, least=2)  # 5.1: the 300
