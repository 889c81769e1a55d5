"""The golden copy in XML and in JSON: one shape once `$` and `@xml:lang` are unwrapped.

XML gives `<lei:LegalName xml:lang="en">Name</lei:LegalName>`, JSON `{"@xml:lang": "en", "$": "Name"}`. Converters that
drop the attributes write `"Name"`, and `[{"type": ..., "OtherEntityName": "Name"}]` where GLEIF has
`{"OtherEntityName": [{"@type": ..., "$": "Name"}]}`; both are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lists.gleif import said
from lists.gleif.wide import REGISTRATION_IGNORED
from resolver.errors import RowError
from resolver.model import Statement
from resolver.record import Row


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    if set(value) == {"$"}:
        return value["$"]
    names = {"$": "#text", "@xml:lang": "@lang", "type": "@type", "group_type": "@group_type"}
    return {str(names.get(key, key)).removeprefix("gleif:"): _plain(one) for key, one in value.items()}


def _unwrapped(row: Row) -> Row:
    return Row(_plain(row.whole()), row.where)


def _items(row: Row, container: str, item: str) -> list[Row]:
    """The objects under `container`, each with its text under `#text`, however it was wrapped."""
    found = []
    for one in row.take_rows(container):
        inner = one.take_rows(item) if _holds_objects(one, item) else [one]
        for each in inner:
            fields = dict(each.whole())
            if item in fields:
                fields["#text"] = fields.pop(item)
            found.append(Row(fields, row.where))
    return found


def _holds_objects(row: Row, item: str) -> bool:
    value = row.whole().get(item)
    return isinstance(value, Mapping) or (isinstance(value, list) and all(isinstance(one, Mapping) for one in value))


def _names(entity: Row, container: str, item: str) -> list[tuple[str, str, str]]:
    names = []
    for one in _items(entity, container, item):
        names.append((one.take("#text"), one.take_optional("@lang"), one.take("@type")))
        one.finish()
    return names


def _address(row: Row) -> tuple[str, str]:
    """The address on one line, and its country."""
    first = row.take("FirstAddressLine")
    number = row.take_optional("AddressNumber")
    lines = row.take_texts("AdditionalAddressLine")
    city, postcode, country = row.take("City"), row.take_optional("PostalCode"), row.take("Country")
    row.finish(ignore=["@lang", "@type", "AddressNumberWithinBuilding", "MailRouting", "Region"])
    return said.address(first, number, lines, city, postcode, country), country


def _legal_name(entity: Row) -> tuple[str, str]:
    if isinstance(entity.whole().get("LegalName"), str):
        return entity.take("LegalName"), ""
    name = entity.take_row("LegalName")
    return name.take("#text"), name.take_optional("@lang")


def _successors(entity: Row) -> list[str]:
    found = []
    for one in entity.take_rows("SuccessorEntity"):
        found.append(one.take_optional("SuccessorLEI"))
        one.finish(ignore=["SuccessorEntityName"])
    return [lei for lei in found if lei]


def entity(row: Row) -> Iterator[Statement]:
    """What one LEI record says."""
    row = _unwrapped(row)
    lei, entity, registration = row.take("LEI"), row.take_row("Entity"), row.take_row("Registration")
    row.finish(ignore=["Extension"])
    name, lang = _legal_name(entity)
    legal, legal_country = _address(entity.take_row("LegalAddress"))
    headquarters, headquarters_country = _address(entity.take_row("HeadquartersAddress"))
    others = [_address(one)[0] for one in _items(entity, "OtherAddresses", "OtherAddress")]
    others += [_address(one)[0] for one in _items(entity, "TransliteratedOtherAddresses", "TransliteratedOtherAddress")]
    authority = entity.take_row("RegistrationAuthority")
    record = said.Level1(
        lei=lei,
        name=name,
        lang=lang,
        others=_names(entity, "OtherEntityNames", "OtherEntityName")
        + _names(entity, "TransliteratedOtherEntityNames", "TransliteratedOtherEntityName"),
        addresses=[legal, headquarters, *others],
        legal_country=legal_country,
        headquarters_country=headquarters_country,
        authority=authority.take_optional("RegistrationAuthorityID"),
        number=authority.take_optional("RegistrationAuthorityEntityID"),
        jurisdiction=entity.take_optional("LegalJurisdiction"),
        category=entity.take_optional("EntityCategory"),
        status=entity.take("EntityStatus"),
        created=entity.take_optional("EntityCreationDate"),
        expired=entity.take_optional("EntityExpirationDate"),
        registration=registration.take("RegistrationStatus"),
        successors=_successors(entity),
    )
    authority.finish(ignore=["OtherRegistrationAuthorityID"])
    entity.finish(
        ignore=["LegalForm", "LegalEntityEvents", "EntitySubCategory", "EntityExpirationReason", "AssociatedEntity"]
    )
    registration.finish(ignore=[*REGISTRATION_IGNORED, "ValidationAuthority", "OtherValidationAuthorities"])
    return said.entity(record)


def _deleted(row: Row) -> bool:
    """A delta names what is gone: `<gleif:Deletion><gleif:DeletedAt>`."""
    return bool(row.take_row("Extension").take_row("Deletion").take_optional("DeletedAt"))


def _node(relation: Row, name: str) -> tuple[str, str]:
    node = relation.take_row(name)
    found = node.take("NodeID"), node.take("NodeIDType")
    node.finish()
    return found


def _all(row: Row, container: str, item: str) -> list[Row]:
    """The objects of `container`, in one `item` each or listed right away."""
    return [inner for one in row.take_rows(container) for inner in (one.take_rows(item) if item in one else [one])]


def relationship(row: Row) -> Iterator[Statement]:
    """What one relationship record says."""
    row = _unwrapped(row)
    inner = row.take_row("RelationshipRecord") if "RelationshipRecord" in row else row
    relation, registration, deleted = inner.take_row("Relationship"), inner.take_row("Registration"), _deleted(inner)
    inner.finish()
    (start, start_type), (end, end_type) = _node(relation, "StartNode"), _node(relation, "EndNode")
    periods = []
    for one in _all(relation, "RelationshipPeriods", "RelationshipPeriod"):
        periods.append((one.take_optional("StartDate"), one.take_optional("EndDate"), one.take("PeriodType")))
        one.finish()
    notes = []
    for container, item, parts in (
        ("RelationshipQualifiers", "RelationshipQualifier", ("QualifierDimension", "QualifierCategory")),
        ("RelationshipQuantifiers", "RelationshipQuantifier", ("MeasurementMethod", "QuantifierAmount", "QuantifierUnits")),
    ):
        for one in _all(relation, container, item):
            notes.append(" ".join(text for part in parts if (text := one.take_optional(part))))
            one.finish()
    record = said.Level2(
        start=start,
        start_type=start_type,
        end=end,
        end_type=end_type,
        type=relation.take("RelationshipType"),
        status=relation.take("RelationshipStatus"),
        registration=registration.take("RegistrationStatus"),
        periods=periods,
        notes=notes,
        deleted=deleted,
    )
    relation.finish()
    registration.finish(ignore=REGISTRATION_IGNORED)
    return said.relationship(record)


def exception(row: Row) -> Iterator[Statement]:
    """What one reporting exception says."""
    row = _unwrapped(row)
    lei, category, reasons = row.take("LEI"), row.take("ExceptionCategory"), row.take_texts("ExceptionReason")
    deleted = _deleted(row)
    row.finish(ignore=["ExceptionReference", "ContentDate"])
    return said.exception(lei, category, reasons, deleted)


READERS: dict[str, Callable[[Row], Iterator[Statement]]] = {
    "lei2": entity,
    "rr": relationship,
    "repex": exception,
}


def by_shape(row: Row) -> Iterator[Statement]:
    """What one JSON record says, which is told by its fields: update sets hold records of several kinds."""
    if "Entity" in row:
        return entity(row)
    if "Relationship" in row or "RelationshipRecord" in row:
        return relationship(row)
    if "ExceptionCategory" in row:
        return exception(row)
    raise RowError("neither an LEI record, nor a relationship, nor a reporting exception")
