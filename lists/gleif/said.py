"""What a GLEIF record says, in the project's words, whichever of the three formats it came in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from resolver.errors import RowError
from resolver.identifiers import Identifier, identifier
from resolver.model import Entity, Interest, Link, Name, NameKind, Schema, Statement

OTHER_NAMES = {
    "ALTERNATIVE_LANGUAGE_LEGAL_NAME": NameKind.ALIAS,
    "PREVIOUS_LEGAL_NAME": NameKind.FORMER,
    "TRADING_OR_OPERATING_NAME": NameKind.TRADING,
    "PREFERRED_ASCII_TRANSLITERATED_LEGAL_NAME": NameKind.TRANSLITERATED,
    "AUTO_ASCII_TRANSLITERATED_LEGAL_NAME": NameKind.TRANSLITERATED,
}
"""LEI-CDF 3.1 EntityNameTypeEnum and TransliteratedEntityNameTypeEnum; the index of 2026 uses all five and no other."""

CATEGORY: dict[str, tuple[Schema, tuple[str, ...]]] = {
    "": (Schema.COMPANY, ()),
    "NULL": (Schema.COMPANY, ()),
    "GENERAL": (Schema.COMPANY, ()),
    "BRANCH": (Schema.COMPANY, ("branch",)),
    "FUND": (Schema.COMPANY, ("fund",)),
    "SOLE_PROPRIETOR": (Schema.COMPANY, ("sole-proprietor",)),
    "RESIDENT_GOVERNMENT_ENTITY": (Schema.PUBLIC_BODY, ()),
    "INTERNATIONAL_ORGANIZATION": (Schema.ORGANIZATION, ()),
}

ENTITY_STATUS: dict[str, tuple[str, ...]] = {"ACTIVE": (), "INACTIVE": ("inactive",), "NULL": (), "": ()}

REGISTRATION: dict[str, tuple[str, ...]] = {
    "ISSUED": (),
    "PENDING_TRANSFER": (),
    "PENDING_ARCHIVAL": (),
    "TRANSFERRED": (),
    "PENDING_VALIDATION": ("lei-pending",),
    "LAPSED": ("lei-lapsed",),
    "MERGED": ("lei-merged",),
    "RETIRED": ("lei-retired",),
    "DUPLICATE": ("lei-duplicate",),
    "ANNULLED": ("lei-annulled",),
    "CANCELLED": ("lei-cancelled",),
}
"""LEI-CDF 3.1 RegistrationStatusEnum: the state of the LEI, not of the company."""

COMPANIES_HOUSE = frozenset(("RA000585", "RA000586", "RA000587"))
"""England and Wales, Northern Ireland, Scotland."""

NATIONAL = {
    "RA000014": "au", "RA000025": "be", "RA000063": "vg", "RA000163": "cz", "RA000170": "dk", "RA000181": "ee",
    "RA000188": "fi", "RA000189": "fr", "RA000192": "fr", "RA000388": "hk", "RA000394": "in", "RA000402": "ie",
    "RA000430": "lt", "RA000432": "lu", "RA000463": "nl", "RA000472": "no", "RA000484": "pl", "RA000487": "pt",
    "RA000523": "sg", "RA000526": "sk", "RA000544": "se", "RA000549": "ch", "RA000567": "ua", "RA000681": "br",
}  # fmt: skip
"""Registers whose numbers are unique in their country, so that a number names one company. Elsewhere (one register for
each court, state or chamber of commerce) the same number is given out many times."""


class Level1(NamedTuple):
    """One LEI record. Names other than the legal one are (text, language, type); dates ISO 8601; empty text for absent."""

    lei: str
    name: str
    lang: str
    others: Sequence[tuple[str, str, str]]
    addresses: Sequence[str]
    legal_country: str
    headquarters_country: str
    authority: str
    number: str
    jurisdiction: str
    category: str
    status: str
    created: str
    expired: str
    registration: str
    successors: Sequence[str]


def address(first: str, number: str, lines: Sequence[str], city: str, postcode: str, country: str) -> str:
    """An address on one line. The house number has a field of its own and nearly always stands in the first line too."""
    if number and number not in first:
        first = f"{first} {number}"
    place = f"{postcode} {city}" if postcode else city
    return ", ".join([part for part in (first, *lines, place, country) if part])


def day(text: str) -> date | None:
    """The day of a timestamp, as its own time zone counts it; None for an empty text. Raises RowError."""
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise RowError(f"not a date: {text!r}") from error


def code(table: dict[str, tuple[str, ...]], field: str, value: str) -> tuple[str, ...]:
    """What a table says of a value. Raises RowError for a value that it does not know."""
    if value not in table:
        raise RowError(f"unknown {field} {value!r}")
    return table[value]


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _whole_day(text: str) -> str | None:
    """Companies are older than read_date's horizon: the Weihenstephan brewery's licence is of 1040."""
    if not text:
        return None
    if not _DAY.match(text):
        raise RowError(f"not a date: {text!r}")
    return text[:10]


def registered(authority: str, number: str, jurisdiction: str) -> Identifier | None:
    """The company's number in its register, in the strongest scheme that it fits; None where there is none."""
    if not any(map(str.isdigit, number)):
        return None
    scheme = "registration"
    if jurisdiction == "cn":
        scheme = "uscc"
    elif authority in COMPANIES_HOUSE:
        scheme = "gb-coh"
    elif authority in NATIONAL:
        scheme = f"reg:{NATIONAL[authority]}"
    elif jurisdiction == "ru":
        scheme = "ogrn"
    try:
        return identifier(scheme, number)
    except ValueError:
        return identifier("registration", number)


def entity(record: Level1) -> Iterator[Statement]:
    """The party, and a succession for every LEI that took its place. Raises RowError and ValueError."""
    lei = identifier("lei", record.lei)
    if not record.name:
        raise RowError("no legal name")
    if record.category not in CATEGORY:
        raise RowError(f"unknown EntityCategory {record.category!r}")
    schema, topics = CATEGORY[record.category]
    topics += code(ENTITY_STATUS, "EntityStatus", record.status)
    topics += code(REGISTRATION, "RegistrationStatus", record.registration)
    jurisdiction = record.jurisdiction[:2].lower()
    headquarters = record.headquarters_country.lower()
    if headquarters and headquarters != jurisdiction:
        topics += (f"headquarters:{headquarters}",)
    number = registered(record.authority, record.number, jurisdiction)
    found = (jurisdiction, record.legal_country.lower(), headquarters)
    yield Entity(
        id=f"gleif-{lei.value}",
        schema=schema,
        names=tuple(_names(record)),
        countries=tuple(dict.fromkeys(country for country in found if country)),
        jurisdiction=jurisdiction or None,
        addresses=tuple(dict.fromkeys(one for one in record.addresses if one)),
        identifiers=(lei, number) if number else (lei,),
        incorporation_date=_whole_day(record.created),
        dissolution_date=_whole_day(record.expired),
        topics=topics,
    )
    for text in record.successors:
        successor = identifier("lei", text)
        if successor != lei:
            yield _unnamed(successor)
            yield Link(
                id=f"gleif-{lei.value}-SuccessorEntity-{successor.value}",
                kind="succession",
                subject=f"gleif-{successor.value}",
                object=f"gleif-{lei.value}",
                start_date=day(record.expired),
                source=f"GLEIF, {record.registration}, SuccessorEntity",
            )


def _names(record: Level1) -> Iterator[Name]:
    yield Name(record.name, lang=record.lang or None)
    for text, lang, kind in record.others:
        if kind not in OTHER_NAMES:
            raise RowError(f"unknown type of name {kind!r}")
        yield Name(text, OTHER_NAMES[kind], lang or None)


def _unnamed(lei: Identifier) -> Entity:
    return Entity(f"gleif-{lei.value}", Schema.LEGAL_ENTITY, (), identifiers=(lei,))


CONSOLIDATION = {"IS_DIRECTLY_CONSOLIDATED_BY": "direct", "IS_ULTIMATELY_CONSOLIDATED_BY": "indirect"}
BRANCH = "IS_INTERNATIONAL_BRANCH_OF"
NO_OWNERSHIP = frozenset(("IS_FUND-MANAGED_BY", "IS_SUBFUND_OF", "IS_FEEDER_TO"))

RELATIONSHIP_STATUS = {"ACTIVE": True, "INACTIVE": False, "NULL": False}
"""Whether the relationship stands. NULL is what an annulled record has."""

RELATIONSHIP_REGISTRATION = {
    "PUBLISHED": True,
    "LAPSED": True,
    "PENDING_TRANSFER": True,
    "PENDING_ARCHIVAL": True,
    "TRANSFERRED": True,
    "RETIRED": True,
    "PENDING_VALIDATION": False,
    "DUPLICATE": False,
    "ANNULLED": False,
    "CANCELLED": False,
}
"""RR-CDF 2.1 RegistrationStatusEnum: whether the record counts. One that RETIRED ended; its status and period say when."""

PERIODS = frozenset(("ACCOUNTING_PERIOD", "RELATIONSHIP_PERIOD", "DOCUMENT_FILING_PERIOD"))


class Level2(NamedTuple):
    """One relationship record. Periods are (start, end, type); notes are what qualifies it, in the publisher's words."""

    start: str
    start_type: str
    end: str
    end_type: str
    type: str
    status: str
    registration: str
    periods: Sequence[tuple[str, str, str]]
    notes: Sequence[str]
    deleted: bool = False


def relationship(record: Level2) -> Iterator[Statement]:
    """The consolidation, or the branch; nothing for what is neither, and for what ended without a date. Raises RowError
    and ValueError."""
    for kind in (record.start_type, record.end_type):
        if kind != "LEI":
            raise RowError(f"unknown NodeIDType {kind!r}")
    if record.status not in RELATIONSHIP_STATUS:
        raise RowError(f"unknown RelationshipStatus {record.status!r}")
    if record.registration not in RELATIONSHIP_REGISTRATION:
        raise RowError(f"unknown RegistrationStatus {record.registration!r}")
    if record.type not in CONSOLIDATION and record.type != BRANCH and record.type not in NO_OWNERSHIP:
        raise RowError(f"unknown RelationshipType {record.type!r}")
    child, parent = identifier("lei", record.start), identifier("lei", record.end)
    start, end = _period(record)
    stands = RELATIONSHIP_STATUS[record.status] and record.registration != "RETIRED"
    told = RELATIONSHIP_REGISTRATION[record.registration] and not record.deleted and (stands or end is not None)
    if record.type in NO_OWNERSHIP or not told or child == parent:
        return
    id = f"gleif-{child.value}-{record.type}-{parent.value}"
    if not stands:
        id += f"-{end}"
    source = ", ".join(("GLEIF", record.type, record.registration, *record.notes))
    yield _unnamed(child)
    yield _unnamed(parent)
    ends = (f"gleif-{child.value}", f"gleif-{parent.value}")
    if record.type == BRANCH:
        yield Link(id, "branch", *ends, start_date=start, end_date=end, source=source)
    else:
        yield Interest(id, *ends, "consolidation", CONSOLIDATION[record.type], None, start, end, source=source)


def _period(record: Level2) -> tuple[date | None, date | None]:
    start = end = None
    for first, last, kind in record.periods:
        if kind not in PERIODS:
            raise RowError(f"unknown PeriodType {kind!r}")
        if kind == "RELATIONSHIP_PERIOD":
            start, end = day(first), day(last)
    return start, end


EXCEPTION_CATEGORY = frozenset(("DIRECT_ACCOUNTING_CONSOLIDATION_PARENT", "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT"))
EXCEPTION_REASON = frozenset(
    (
        "NON_CONSOLIDATING", "NO_LEI", "NATURAL_PERSONS", "NO_KNOWN_PERSON", "NON_PUBLIC", "BINDING_LEGAL_COMMITMENTS",
        "LEGAL_OBSTACLES", "CONSENT_NOT_OBTAINED", "DISCLOSURE_DETRIMENTAL", "DETRIMENT_NOT_EXCLUDED",
    )
)  # fmt: skip


def exception(text: str, category: str, reasons: Sequence[str], deleted: bool = False) -> Iterator[Statement]:
    """Why the party names no parent, as a topic of it: nobody knows its owner by this. Raises RowError and ValueError."""
    lei = identifier("lei", text)
    if category not in EXCEPTION_CATEGORY:
        raise RowError(f"unknown ExceptionCategory {category!r}")
    if unknown := [reason for reason in reasons if reason not in EXCEPTION_REASON]:
        raise RowError(f"unknown ExceptionReason {unknown[0]!r}")
    if not deleted:
        topics = tuple(f"parent-unknown:{reason}" for reason in reasons)
        yield Entity(f"gleif-{lei.value}", Schema.LEGAL_ENTITY, (), identifiers=(lei,), topics=topics)
