"""What an object looks like to a user, in the shape of a recorded describe.
Source: salesforce-api.md 3; key sets as of API 59."""

from __future__ import annotations

from typing import Any

from sync_engine.simulators.salesforce.addresses import described_code
from sync_engine.simulators.salesforce.fields import Field, SObject
from sync_engine.simulators.salesforce.given import MASTER_RECORD_TYPE
from sync_engine.simulators.salesforce.org import Org
from sync_engine.simulators.salesforce.reading import visible_fields
from sync_engine.simulators.salesforce.rest import (
    Call,
    Reply,
    freshness,
    is_known,
    sobject_named,
)
from sync_engine.simulators.salesforce.tables.children import CHILDREN

SOAP_TYPES = {
    "id": "tns:ID", "reference": "tns:ID", "boolean": "xsd:boolean", "int": "xsd:int",
    "double": "xsd:double", "currency": "xsd:double", "percent": "xsd:double",
    "date": "xsd:date", "datetime": "xsd:dateTime", "address": "urn:address",
    "anyType": "xsd:anyType",
}  # fmt: skip
BYTES_PER_CHARACTER = 3

# Keys of a field that this org has no use for, as every recorded field without the feature has them.
FIELD_REST: dict[str, Any] = {
    "aiPredictionField": False, "autoNumber": False, "calculated": False,
    "calculatedFormula": None, "cascadeDelete": False, "controllerName": None,
    "defaultValueFormula": None, "dependentPicklist": False, "deprecatedAndHidden": False,
    "displayLocationInDecimal": False, "encrypted": False, "filteredLookupInfo": None,
    "formulaTreatNullNumberAsZero": False, "highScaleNumber": False, "htmlFormatted": False,
    "inlineHelpText": None, "mask": None, "maskType": None, "queryByDistance": False,
    "referenceTargetField": None, "relationshipOrder": None, "restrictedDelete": False,
    "searchPrefilterable": False, "writeRequiresMasterRead": False,
}  # fmt: skip

GLOBAL_REST: dict[str, Any] = {
    "activateable": False, "associateEntityType": None, "associateParentEntity": None,
    "custom": False, "customSetting": False, "deepCloneable": False,
    "deprecatedAndHidden": False, "feedEnabled": True, "hasSubtypes": False,
    "isInterface": False, "isSubtype": False, "layoutable": True, "mruEnabled": True,
    "triggerable": True,
}  # fmt: skip

OBJECT_REST: dict[str, Any] = {
    "actionOverrides": [], "compactLayoutable": True, "defaultImplementation": None,
    "extendedBy": None, "extendsInterfaces": None, "implementedBy": None,
    "implementsInterfaces": None, "listviewable": None, "lookupLayoutable": None,
    "namedLayoutInfos": [], "networkScopeFieldName": None, "searchLayoutable": True,
    "sobjectDescribeOption": "FULL", "supportedScopes": [{"label": "All", "name": "everything"}],
}  # fmt: skip


def every_object(org: Org, call: Call) -> Reply:
    """GET /sobjects"""
    call.allow("GET", "HEAD")
    headers = freshness(org.schema_at)
    if is_known(call, org.schema_at, headers):
        return Reply(304, None, headers)
    shown = [
        _summary(org, call, sobject)
        for sobject in sorted(org.sobjects.values(), key=lambda s: s.name)
        if sobject.reached == "data" and org.access.may(sobject.name, "read", call.session.user_id)
    ]
    return Reply(200, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": shown}, headers)


def basic(org: Org, call: Call) -> Reply:
    """GET /sobjects/TYPE"""
    sobject = sobject_named(org, call.session, call.parts[1])
    return Reply(200, {"objectDescribe": _summary(org, call, sobject), "recentItems": []})


def full(org: Org, call: Call) -> Reply:
    """GET /sobjects/TYPE/describe"""
    call.allow("GET", "HEAD")
    sobject = sobject_named(org, call.session, call.parts[1])
    headers = freshness(org.schema_at)
    if is_known(call, org.schema_at, headers):
        return Reply(304, None, headers)
    visible = visible_fields(org, call.session, sobject).values()
    body = {
        **_summary(org, call, sobject),
        **OBJECT_REST,
        "childRelationships": _children(org, sobject),
        "fields": [_field(sobject, field) for field in visible],
        "recordTypeInfos": _record_types(org, call, sobject),
    }
    return Reply(200, dict(sorted(body.items())), headers)


def _summary(org: Org, call: Call, sobject: SObject) -> dict[str, Any]:
    base, user = f"/services/data/{call.version}/sobjects/{sobject.name}", call.session.user_id
    own = {
        "createable": sobject.createable and org.access.may(sobject.name, "create", user),
        "deletable": sobject.deletable and org.access.may(sobject.name, "delete", user),
        "keyPrefix": sobject.prefix,
        "label": sobject.label,
        "labelPlural": sobject.plural,
        "mergeable": sobject.mergeable,
        "name": sobject.name,
        "queryable": True,
        "replicateable": sobject.replicateable,
        "retrieveable": True,
        "searchable": "IsDeleted" in sobject.fields,
        "undeletable": "IsDeleted" in sobject.fields,
        "updateable": sobject.updateable and org.access.may(sobject.name, "edit", user),
        "urls": {
            "describe": f"{base}/describe",
            "rowTemplate": f"{base}/{{ID}}",
            "sobject": base,
        },
    }
    return dict(sorted((GLOBAL_REST | own).items()))


def _field(sobject: SObject, field: Field) -> dict[str, Any]:
    own = {
        "aggregatable": field.filterable and field.type != "boolean",
        "byteLength": _bytes(field),
        "caseSensitive": field.case_sensitive,
        "compoundFieldName": field.compound or None,
        "createable": field.createable,
        "custom": field.custom,
        "defaultValue": field.default,
        "defaultedOnCreate": field.defaulted,
        "digits": field.precision if field.type == "int" else 0,
        "externalId": field.external_id,
        "extraTypeInfo": _extra(field),
        "filterable": field.filterable or field.type == "address",
        "groupable": field.filterable and field.type not in ("double", "datetime", "currency"),
        "idLookup": field.id_lookup or field.external_id,
        "label": field.label,
        "length": field.length,
        "name": field.name,
        "nameField": field.name == sobject.name_field,
        "namePointing": len(field.reference_to) > 1,
        "nillable": field.nillable,
        "permissionable": field.nillable and (field.updateable or field.custom),
        "picklistValues": [_option(option, field) for option in field.options],
        "polymorphicForeignKey": len(field.reference_to) > 1,
        "precision": 0 if field.type == "int" else field.precision,
        "referenceTo": list(field.reference_to),
        "relationshipName": field.relationship or None,
        "restrictedPicklist": field.restricted,
        "scale": field.scale,
        "soapType": SOAP_TYPES.get(field.type, "xsd:string"),
        "sortable": field.filterable,
        "type": field.type,
        "unique": field.unique,
        "updateable": field.updateable,
    }
    return dict(sorted((FIELD_REST | own | described_code(field)).items()))


def _bytes(field: Field) -> int:
    return field.length if field.type in ("id", "reference") else field.length * BYTES_PER_CHARACTER


def _extra(field: Field) -> str | None:
    if field.compound == "Name":
        return "personname"
    return "plaintextarea" if field.type == "textarea" else None


def _option(option: str, field: Field) -> dict[str, Any]:
    return {
        "active": True,
        "defaultValue": option == field.default,
        "label": option,
        "validFor": None,
        "value": option,
    }


def _children(org: Org, sobject: SObject) -> list[dict[str, Any]]:
    return [
        {
            "cascadeDelete": (child.name, field.name) in sobject.cascade,
            "childSObject": child.name,
            "deprecatedAndHidden": False,
            "field": field.name,
            "junctionIdListNames": [],
            "junctionReferenceTo": [],
            "relationshipName": CHILDREN.get((child.name, field.name)),
            "restrictedDelete": (child.name, field.name, "") in sobject.restrict,
        }
        for child in org.sobjects.values()
        for field in child.lookups()
        if sobject.name in field.reference_to and child.reached == "data"
    ]


def _record_types(org: Org, call: Call, sobject: SObject) -> list[dict[str, Any]]:
    """Return the object's record types; the Master, which every object has, comes last."""
    table = org.store["RecordType"]
    rows = [table.get(record_id) or {} for record_id in table]
    default = org.default_types.get(sobject.name, MASTER_RECORD_TYPE)
    master = {"Id": MASTER_RECORD_TYPE, "IsActive": True, "DeveloperName": "Master",
              "Name": "Master"}  # fmt: skip
    base = f"/services/data/{call.version}/sobjects/{sobject.name}/describe/layouts/"
    return [
        {
            "active": row["IsActive"],
            "available": org.may_give_type(row["Id"], call.session),
            "defaultRecordTypeMapping": row["Id"] == default,
            "developerName": row["DeveloperName"],
            "master": row is master,
            "name": row["Name"],
            "recordTypeId": row["Id"],
            "urls": {"layout": base + row["Id"]},
        }
        for row in [*(row for row in rows if row["SobjectType"] == sobject.name), master]
    ]
