"""One BODS statement, of any version, as what it is about: a party, or a relationship between two."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lists.own_bods import shape
from lists.own_bods.share import before_04, recovered, since_04
from resolver.errors import RowError
from resolver.identifiers import Identifier, identifier
from resolver.model import INTEREST_TYPES, Entity, Name, NameKind, Schema
from resolver.record import Where
from resolver.share import Share

OLD = frozenset(("0.1", "0.2", "0.3"))
NEW = frozenset(("0.4",))

SCHEMA: dict[str, tuple[Schema, tuple[str, ...]]] = {
    "registeredEntity": (Schema.COMPANY, ()),
    "legalEntity": (Schema.LEGAL_ENTITY, ()),
    "arrangement": (Schema.LEGAL_ENTITY, ("arrangement",)),
    "anonymousEntity": (Schema.LEGAL_ENTITY, ("anonymous",)),
    "unknownEntity": (Schema.LEGAL_ENTITY, ("unknown",)),
    "state": (Schema.PUBLIC_BODY, ("state",)),
    "stateBody": (Schema.PUBLIC_BODY, ()),
}
PERSON: dict[str, tuple[str, ...]] = {"knownPerson": (), "anonymousPerson": ("anonymous",), "unknownPerson": ("unknown",)}
NAME = {
    "legal": NameKind.PRIMARY,
    "individual": NameKind.PRIMARY,
    "translation": NameKind.ALIAS,
    "transliteration": NameKind.TRANSLITERATED,
    "alternative": NameKind.ALIAS,
    "former": NameKind.FORMER,
    "birth": NameKind.FORMER,
}
OLD_INTERESTS = {
    "beneficiaryOfTrust": "beneficiaryOfLegalArrangement",
    "influenceOrControl": "otherInfluenceOrControl",
    "protectorOfTrust": "protector",
    "rightsToSurplusAssets": "rightsToSurplusAssetsOnDissolution",
    "settlorOfTrust": "settlor",
    "trusteeOfTrust": "trustee",
}
"""What 0.1 to 0.3 call an interest (hyphens out) -> what 0.4 does."""

SCHEMES = {
    "CN-SAIC": "uscc", "CN-SAMR": "uscc", "CN-USCC": "uscc", "GB-COH": "gb-coh", "RU-INN": "inn", "RU-OGRN": "ogrn",
    "XI-LEI": "lei", "RA000585": "gb-coh", "RA000586": "gb-coh", "RA000587": "gb-coh",
}  # fmt: skip
"""Codes of org-id.guide, and GLEIF's for a register, whose numbers name one company."""

SCHEME_NAMES = {
    "companies house": "gb-coh",
    "gb companies house": "gb-coh",
    "global legal entity identifier index": "lei",
    "open corporates": "opencorporates",
    "opencorporates": "opencorporates",
    "wikidata": "wikidata",
}
_PERSONAL = {"PASSPORT": "passport", "TAXID": "tax", "IDCARD": "national-id"}
_FUNDS = re.compile(r"\bIS_(FUND-MANAGED_BY|SUBFUND_OF|FEEDER_TO)\b")
_CONSOLIDATED = re.compile(r"\bIS_(DIRECTLY|ULTIMATELY)_CONSOLIDATED_BY\b")


@dataclass(frozen=True, slots=True)
class Unspecified:
    """A party that is not named, and the reason."""

    reason: str


Party = str | Unspecified


@dataclass(frozen=True, slots=True)
class Stake:
    """One interest of a relationship. `place` is where it stands in it, from 1."""

    place: int
    type: str
    direct_or_indirect: str
    share: Share | None
    start: date | None
    end: date | None
    details: str


@dataclass(frozen=True, slots=True)
class Relationship:
    """A statement on a relationship. `key` names its record, `stated` its day, `replaces` the statements it supersedes;
    `left_out` says that it has interests that are none."""

    where: Where
    key: str
    stated: str
    subject: Party
    party: Party
    stakes: tuple[Stake, ...]
    components: tuple[str, ...]
    closed: bool
    replaces: tuple[str, ...]
    source: str
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Described:
    """A statement on a party; its id is the record's, without the dataset's prefix."""

    entity: Entity
    replaces: tuple[str, ...]


def read(value: Mapping[str, Any], where: Where) -> Described | Relationship:
    """What a statement says. Raises RowError and ValueError, saying which field is wrong."""
    version = _version(value)
    if version in NEW:
        shape.check(value)
        details = value["recordDetails"]
        if value["recordType"] == "relationship":
            return _relationship(value, details, where, version)
        read_entity = _person if value["recordType"] == "person" else _entity
        return Described(read_entity(value["recordId"], details), ())
    kind = value.get("statementType")
    key, replaces = _text(value, "statementID", needed=True), tuple(_texts(value, "replacesStatements"))
    if kind == "ownershipOrControlStatement":
        return _old_relationship(value, where, version, key, replaces)
    if kind == "personStatement":
        return Described(_person(key, value), replaces)
    if kind == "entityStatement":
        return Described(_entity(key, value), replaces)
    raise RowError(f"statementType is not in the codelist: {kind!r}")


def _version(value: Mapping[str, Any]) -> str:
    old = "statementType" in value or "statementID" in value
    published = value.get("publicationDetails")
    said = published.get("bodsVersion") if isinstance(published, Mapping) else None
    if said is None:
        return "0.3" if old else "0.4"
    if not isinstance(said, str):
        raise RowError("publicationDetails.bodsVersion is not a string")
    version = ".".join(said.split(".")[:2])
    if version not in OLD | NEW:
        raise RowError(f"BODS {said} is not read: 0.2, 0.3 and 0.4 are")
    if (version in OLD) != old:
        raise RowError(f"says BODS {said}, but is written in the fields of {'0.2 or 0.3' if old else '0.4'}")
    return version


def _text(value: Mapping[str, Any], field: str, needed: bool = False) -> str:
    found = value.get(field)
    if found is None and not needed:
        return ""
    if not isinstance(found, str) or (needed and not found):
        raise RowError(f"{field} is {'missing' if found is None or found == '' else 'not a string'}")
    return found.strip()


def _texts(value: Mapping[str, Any], field: str) -> list[str]:
    found = value.get(field) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise RowError(f"{field} is not an array of strings")
    return found


def _object(value: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    found = value.get(field) or {}
    if not isinstance(found, Mapping):
        raise RowError(f"{field} is not an object")
    return found


def _objects(value: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    found = value.get(field) or []
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise RowError(f"{field} is not an array of objects")
    return found


def _country(value: Any) -> str:
    """The code of a country: an object in 0.4 and of a jurisdiction, a bare code in an address before it."""
    code = value.get("code") if isinstance(value, Mapping) else value
    return code[:2].lower() if isinstance(code, str) and re.match(r"[A-Za-z]{2}(-|$)", code) else ""


def _addresses(value: Mapping[str, Any]) -> tuple[tuple[str, ...], list[str]]:
    texts, countries = [], []
    for address in _objects(value, "addresses"):
        text, code, country = _text(address, "address"), _text(address, "postCode"), address.get("country")
        name = _text(country, "name") if isinstance(country, Mapping) else _country(country).upper()
        parts = [text] + [part for part in (code, name) if part and part.lower() not in text.lower()]
        texts.append(", ".join(part for part in parts if part))
        countries.append(_country(country))
    return tuple(dict.fromkeys(text for text in texts if text)), countries


def _identifiers(value: Mapping[str, Any]) -> tuple[Identifier, ...]:
    found = []
    for one in _objects(value, "identifiers"):
        raw = _text(one, "id") or _text(one, "uri")
        scheme, name = _text(one, "scheme").upper(), _text(one, "schemeName")
        known = SCHEMES.get(scheme) or SCHEMES.get(name.upper()) or SCHEME_NAMES.get(name.lower())
        known = known or _PERSONAL.get(scheme.rpartition("-")[2])
        for kind in filter(None, (known, "registration")):
            try:
                found.append(identifier(kind, raw))
                break
            except ValueError:
                continue
    return tuple(dict.fromkeys(found))


def _reason(value: Mapping[str, Any], field: str) -> tuple[str, ...]:
    reason = _text(_object(value, field), "reason")
    return (f"unspecified:{_camel(reason)}",) if reason else ()


def _camel(text: str) -> str:
    """`voting-rights` as 0.4 writes it: `votingRights`."""
    first, *rest = text.split("-")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _entity(key: str, value: Mapping[str, Any]) -> Entity:
    kind = value.get("entityType")
    kind = kind.get("type") if isinstance(kind, Mapping) else kind
    if not isinstance(kind, str) or kind not in SCHEMA:
        raise RowError(f"entityType is not in the codelist: {kind!r}")
    schema, topics = SCHEMA[kind]
    name = _text(value, "name")
    names = [Name(name)] if name else []
    names += [Name(one, NameKind.ALIAS) for one in _texts(value, "alternateNames") if one]
    jurisdiction = _country(value.get("jurisdiction") or value.get("incorporatedInJurisdiction"))
    addresses, countries = _addresses(value)
    return Entity(
        id=key,
        schema=schema,
        names=tuple(names),
        countries=tuple(dict.fromkeys(code for code in (jurisdiction, *countries) if code)),
        jurisdiction=jurisdiction or None,
        addresses=addresses,
        identifiers=_identifiers(value),
        incorporation_date=_text(value, "foundingDate")[:10] or None,
        dissolution_date=_text(value, "dissolutionDate")[:10] or None,
        topics=topics + _reason(value, "unspecifiedEntityDetails"),
    )


def _person(key: str, value: Mapping[str, Any]) -> Entity:
    kind = _text(value, "personType") or "knownPerson"
    if kind not in PERSON:
        raise RowError(f"personType is not in the codelist: {kind!r}")
    names = []
    for one in _objects(value, "names"):
        name_kind = _text(one, "type") or "legal"
        if name_kind not in NAME:
            raise RowError(f"names.type is not in the codelist: {name_kind!r}")
        parts = [_text(one, part) for part in ("givenName", "patronymicName", "familyName")]
        if text := _text(one, "fullName") or " ".join(part for part in parts if part):
            names.append(Name(text, NAME[name_kind]))
    addresses, countries = _addresses(value)
    nations = [_country(one) for one in _objects(value, "nationalities")]
    exposed = _text(_object(value, "politicalExposure"), "status") == "isPep" or value.get("hasPepStatus") is True
    return Entity(
        id=key,
        schema=Schema.PERSON,
        names=tuple(names),
        countries=tuple(dict.fromkeys(code for code in (*nations, *countries) if code)),
        addresses=addresses,
        identifiers=_identifiers(value),
        birth_date=_text(value, "birthDate") or None,
        topics=PERSON[kind] + _reason(value, "unspecifiedPersonDetails") + (("role.pep",) if exposed else ()),
    )


def _party(value: Any) -> Party:
    return value if isinstance(value, str) else Unspecified(value["reason"])


def _relationship(value: Mapping[str, Any], details: Mapping[str, Any], where: Where, version: str) -> Relationship:
    return Relationship(
        where=where,
        key=value["recordId"],
        stated=value["statementDate"],
        subject=_party(details["subject"]),
        party=_party(details["interestedParty"]),
        stakes=tuple(_stakes(details, "directOrIndirect", since_04)),
        components=tuple(details.get("componentRecords") or ()),
        closed=value.get("recordStatus") == "closed",
        replaces=(),
        source=_source(value, version),
        left_out=bool(details.get("interests")),
    )


def _old_party(value: Mapping[str, Any], field: str) -> Party:
    party = _object(value, field)
    for described in ("describedByEntityStatement", "describedByPersonStatement"):
        if id := _text(party, described):
            return id
    reason = _text(_object(party, "unspecified"), "reason") or _text(party, "reason")
    if not reason:
        raise RowError(f"{field} names no statement, and no reason why there is none")
    return Unspecified(_camel(reason))


def _old_relationship(
    value: Mapping[str, Any], where: Where, version: str, key: str, replaces: tuple[str, ...]
) -> Relationship:
    level = "directOrIndirect" if version == "0.3" else "interestLevel"
    return Relationship(
        where=where,
        key=key,
        stated=_text(value, "statementDate"),
        subject=_old_party(value, "subject"),
        party=_old_party(value, "interestedParty"),
        stakes=tuple(_stakes(value, level, before_04)),
        components=tuple(_texts(value, "componentStatementIDs")),
        closed=False,
        replaces=replaces,
        source=_source(value, version),
        left_out=bool(value.get("interests")),
    )


_INTEREST = frozenset(
    ("type", "directOrIndirect", "interestLevel", "beneficialOwnershipOrControl", "details", "share", "startDate", "endDate")
)
_SHARE = frozenset(("exact", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"))


def _stakes(value: Mapping[str, Any], level: str, interval: Callable[[Mapping[str, Any]], Share | None]) -> Iterator[Stake]:
    for place, one in enumerate(_objects(value, "interests"), 1):
        share = _object(one, "share")
        if unknown := sorted((set(one) - _INTEREST) | (set(share) - _SHARE)):
            raise RowError(f"interests.{unknown[0]} is no field of the standard")
        details = _text(one, "details")
        if _FUNDS.search(details):
            continue
        kind = _text(one, "type")
        kind = OLD_INTERESTS.get(_camel(kind), _camel(kind)) or "unknownInterest"
        if kind not in INTEREST_TYPES:
            raise RowError(f"interests.type is not in the codelist: {one.get('type')!r}")
        how = _text(one, level) or _text(one, "directOrIndirect") or "unknown"
        if how not in ("direct", "indirect", "unknown"):
            raise RowError(f"interests.{level} is not in the codelist: {how!r}")
        size = recovered(interval(share), details)
        if _CONSOLIDATED.search(details):
            kind, size = "consolidation", None
        yield Stake(place, kind, how, size, _day(one, "startDate"), _day(one, "endDate"), details)


def _day(value: Mapping[str, Any], field: str) -> date | None:
    """A whole day; Open Ownership's 0.2 files have a time behind it."""
    text = _text(value, field)
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError as error:
        raise RowError(f"{field} is not a date: {text!r}") from error


def _source(value: Mapping[str, Any], version: str) -> str:
    source = _object(value, "source")
    publisher = _object(_object(value, "publicationDetails"), "publisher")
    parts: Sequence[str] = (
        f"BODS {version}",
        _text(source, "description") or _text(publisher, "name"),
        _text(source, "url"),
        _text(value, "statementDate")[:10],
    )
    return ", ".join(part for part in parts if part)
