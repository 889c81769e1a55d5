"""The shape of a BODS 0.4 statement: what must be there, of which type, within which bounds (schema 0.4, all five files).

The schema allows fields of the publisher's own, so a field that it does not know is passed over, except within a share
and an interest, where a misspelt one would change what is owned. A null is read as a field left out: Open Ownership's
pipelines write them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from resolver.errors import RowError
from resolver.model import INTEREST_TYPES

Check = Callable[[Any, str], None]


def text(shortest: int = 0, longest: int = 1 << 20, form: Callable[[str], bool] | None = None, what: str = "") -> Check:
    """A string, of a length and form."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, str):
            raise RowError(f"{at} is not a string")
        if not shortest <= len(value) <= longest:
            raise RowError(f"{at} has {len(value)} characters, not {shortest} to {longest}")
        if form is not None and not form(value):
            raise RowError(f"{at} is not {what}: {value!r}")

    return check


def code(*values: str) -> Check:
    """A string of a closed codelist."""
    known = frozenset(values)

    def check(value: Any, at: str) -> None:
        if not isinstance(value, str):
            raise RowError(f"{at} is not a string")
        if value not in known:
            raise RowError(f"{at} is not in the codelist: {value!r}")

    return check


def percent(value: Any, at: str) -> None:
    """A number from 0 to 100; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise RowError(f"{at} is not a number")
    if not 0 <= value <= 100:
        raise RowError(f"{at} is not from 0 to 100: {value}")


def boolean(value: Any, at: str) -> None:
    """True or false."""
    if not isinstance(value, bool):
        raise RowError(f"{at} is not true or false")


def anything(value: Any, at: str) -> None:
    """Whatever stands there."""


def many(item: Check) -> Check:
    """An array."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, list):
            raise RowError(f"{at} is not an array")
        for place, one in enumerate(value):
            item(one, f"{at}[{place}]")

    return check


def fields(
    required: Iterable[str], checks: Mapping[str, Check], *, any_of: Iterable[str] = (), closed: bool = False
) -> Check:
    """An object. One of `any_of` must be there; a `closed` one has no other fields than these."""
    must, one_of = tuple(required), tuple(any_of)

    def check(value: Any, at: str) -> None:
        if not isinstance(value, Mapping):
            raise RowError(f"{at or 'the statement'} is not an object")
        inner = f"{at}." if at else ""
        for field in must:
            if value.get(field) is None:
                raise RowError(f"{inner}{field} is missing")
        if one_of and all(value.get(field) is None for field in one_of):
            raise RowError(f"{at} has none of {', '.join(one_of)}")
        if closed and (unknown := sorted(set(value) - set(checks))):
            raise RowError(f"{inner}{unknown[0]} is no field of the standard")
        for field, one in checks.items():
            if value.get(field) is not None:
                one(value[field], f"{inner}{field}")

    return check


def _is_day(value: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_moment(value: str) -> bool:
    if _is_day(value):
        return True
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", value):
        return False
    try:
        datetime.fromisoformat(value.replace("t", "T").upper())
    except ValueError:
        return False
    return True


day = text(form=_is_day, what="a date YYYY-MM-DD")
moment = text(form=_is_moment, what="a date, or a date with its time")
uri = text(form=lambda value: bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+", value)), what="a URI")
partial = text(
    form=lambda value: bool(re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", value)) or _is_day(value), what="a year, month or day"
)
string = text()

country = fields(["name"], {"name": string, "code": text(2, 2)})
jurisdiction = fields(["name"], {"name": string, "code": text(2, 6)})
identifier = fields([], {"id": string, "scheme": string, "schemeName": string, "uri": uri}, any_of=["scheme", "schemeName"])
UNSPECIFIED = (
    "noBeneficialOwners", "subjectUnableToConfirmOrIdentifyBeneficialOwner", "interestedPartyHasNotProvidedInformation",
    "subjectExemptFromDisclosure", "interestedPartyExemptFromDisclosure", "unknown", "informationUnknownToPublisher",
)  # fmt: skip
unspecified = fields(["reason"], {"reason": code(*UNSPECIFIED), "description": string})
source = fields(
    [],
    {
        "type": many(code("selfDeclaration", "officialRegister", "thirdParty", "primaryResearch", "verified")),
        "description": string,
        "url": uri,
        "retrievedAt": moment,
        "assertedBy": many(fields([], {"name": string, "uri": uri})),
    },
)


def _address(*kinds: str) -> Check:
    return fields([], {"type": code(*kinds), "address": string, "postCode": string, "country": country})


security = fields(["ticker"], {"idScheme": code("isin", "figi", "cusip", "cins"), "id": string, "ticker": string})
securities = fields(
    ["stockExchangeJurisdiction", "security", "stockExchangeName"],
    {
        "marketIdentifierCode": string,
        "operatingMarketIdentifierCode": string,
        "stockExchangeJurisdiction": text(2, 6),
        "stockExchangeName": string,
        "security": security,
    },
)

SUBTYPES = {
    "registeredEntity": ("other",),
    "legalEntity": ("trust", "other"),
    "arrangement": ("trust", "nomination", "other"),
    "anonymousEntity": ("other",),
    "unknownEntity": ("other",),
    "state": ("other",),
    "stateBody": ("governmentDepartment", "stateAgency", "other"),
}
"""Entity type -> the subtypes that it may have."""


def _entity_type(value: Any, at: str) -> None:
    fields(["type"], {"type": code(*SUBTYPES), "details": string})(value, at)
    if value.get("subtype") is not None:
        code(*SUBTYPES[value["type"]])(value["subtype"], f"{at}.subtype")


entity = fields(
    ["isComponent", "entityType"],
    {
        "isComponent": boolean,
        "entityType": _entity_type,
        "unspecifiedEntityDetails": unspecified,
        "name": string,
        "alternateNames": many(string),
        "jurisdiction": jurisdiction,
        "identifiers": many(identifier),
        "foundingDate": day,
        "dissolutionDate": day,
        "addresses": many(_address("registered", "business", "alternative")),
        "uri": uri,
        "publicListing": fields(
            ["hasPublicListing"],
            {"hasPublicListing": boolean, "companyFilingsURLs": many(uri), "securitiesListings": many(securities)},
        ),
        "formedByStatute": fields([], {"name": string, "date": day}),
    },
)

person_name = fields(
    ["fullName"],
    {
        "type": code("legal", "translation", "transliteration", "former", "alternative", "birth"),
        "fullName": string,
        "familyName": string,
        "givenName": string,
        "patronymicName": string,
    },
)
exposure = fields(
    ["status"],
    {
        "status": code("isPep", "isNotPep", "unknown"),
        "details": many(
            fields(
                [],
                {
                    "reason": string,
                    "missingInfoReason": string,
                    "jurisdiction": jurisdiction,
                    "startDate": day,
                    "endDate": day,
                    "source": source,
                },
            )
        ),
    },
)
person = fields(
    ["personType", "isComponent"],
    {
        "isComponent": boolean,
        "personType": code("anonymousPerson", "unknownPerson", "knownPerson"),
        "unspecifiedPersonDetails": unspecified,
        "names": many(person_name),
        "identifiers": many(identifier),
        "nationalities": many(country),
        "placeOfBirth": _address("placeOfBirth"),
        "birthDate": partial,
        "deathDate": partial,
        "taxResidencies": many(country),
        "addresses": many(_address("residence", "service", "alternative")),
        "politicalExposure": exposure,
    },
)


def _party(value: Any, at: str) -> None:
    if isinstance(value, Mapping):
        unspecified(value, at)
    elif not isinstance(value, str):
        raise RowError(f"{at} is neither a recordId nor a reason why there is none")


share = fields(
    [],
    dict.fromkeys(("exact", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), percent),
    closed=True,
)
interest = fields(
    [],
    {
        "type": code(*(INTEREST_TYPES - {"consolidation"})),
        "directOrIndirect": code("direct", "indirect", "unknown"),
        "beneficialOwnershipOrControl": boolean,
        "details": string,
        "share": share,
        "startDate": day,
        "endDate": day,
    },
    closed=True,
)


def relationship(value: Any, at: str) -> None:
    """A relationship record. A component has no components of its own."""
    fields(
        ["isComponent", "subject", "interestedParty"],
        {
            "isComponent": boolean,
            "componentRecords": many(string),
            "subject": _party,
            "interestedParty": _party,
            "interests": many(interest),
        },
    )(value, at)
    if value["isComponent"] and value.get("componentRecords"):
        raise RowError(f"{at}.componentRecords: a component has none")


def _annotation(value: Any, at: str) -> None:
    motivations = ("commenting", "correcting", "identifying", "linking", "transformation")
    fields(
        ["motivation"],
        {
            "statementPointerTarget": string,
            "creationDate": moment,
            "createdBy": fields([], {"name": string, "uri": uri}),
            "motivation": code(*motivations),
            "description": string,
            "transformedContent": string,
            "url": uri,
        },
    )(value, at)
    if value.get("statementPointerTarget") is None:
        raise RowError(f"{at}.statementPointerTarget is missing")
    if value["motivation"] == "linking" and value.get("url") is None:
        raise RowError(f"{at}.url is missing")
    if value["motivation"] != "transformation" and value.get("transformedContent"):
        raise RowError(f"{at}.transformedContent stands under the motivation {value['motivation']!r}")


RECORDS: dict[str, Check] = {"entity": entity, "person": person, "relationship": relationship}

publication = fields(
    ["publicationDate", "bodsVersion", "publisher"],
    {
        "publicationDate": moment,
        "bodsVersion": text(form=lambda value: bool(re.fullmatch(r"\d+\.\d+", value)), what="a version such as 0.4"),
        "license": uri,
        "publisher": fields([], {"name": string, "url": uri}, any_of=["name", "url"]),
    },
)
statement = fields(
    ["statementId", "declarationSubject", "recordId", "recordType", "recordDetails", "statementDate"],
    {
        "statementId": text(32, 64),
        "statementDate": moment,
        "annotations": many(_annotation),
        "publicationDetails": publication,
        "source": source,
        "declaration": string,
        "declarationSubject": string,
        "recordId": text(1),
        "recordType": code(*RECORDS),
        "recordStatus": code("new", "updated", "closed"),
    },
)


def check(value: Mapping[str, Any]) -> None:
    """Raises RowError, naming the field, for a statement that is not of BODS 0.4."""
    statement(value, "")
    RECORDS[value["recordType"]](value["recordDetails"], "recordDetails")
