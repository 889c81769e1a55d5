"""The United Nations Security Council Consolidated List: whose assets every member state freezes.

One XML file of individuals and entities. An entity's whole name is in FIRST_NAME. Empty alias, address and document elements
stand where there is none. The quality of an alias is Good or Low for an individual, a.k.a. or f.k.a. for an entity; Low is
the Council's own word for one that is too weak to identify anyone. The entry's reference number ("CDi.001") is permanent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import BinaryIO

from resolver.countries import named
from resolver.errors import RowError
from resolver.model import Dataset, Entity, Listing, Name, NameKind, PublicList, Resource, Schema, Statement
from resolver.record import Row, SetAside, Taken, each, read_date, xml_rows

DATASET = Dataset(
    name="un_sc_sanctions",
    title="United Nations Security Council Consolidated List",
    publisher="United Nations Security Council",
    url="https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
    resources=(Resource("list", ("consolidated.xml",), "https://scsanctions.un.org/resources/xml/en/consolidated.xml"),),
    licence="United Nations website terms of use",
    prefix="un-sc",
    frequency="daily",
    country="zz",
    lists=(PublicList("un-sc", ("un",), "asset freeze"),),
    at_least=800,
    canaries=("KOREA MINING DEVELOPMENT TRADING CORPORATION", "AL-QAIDA"),
    layout_seen=date(2026, 2, 27),
)

EDITION = re.compile(rb'dateGenerated="(\d{4}-\d\d-\d\d)')
"""Where the file says of which day it is."""

SCHEMA = {"INDIVIDUAL": Schema.PERSON, "ENTITY": Schema.ORGANIZATION}

QUALITY = {
    "": NameKind.ALIAS,
    "Good": NameKind.ALIAS,
    "Low": NameKind.WEAK,
    "a.k.a.": NameKind.ALIAS,
    "f.k.a.": NameKind.FORMER,
}

_ADDRESS = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")


def _aliases(row: Row, tag: str) -> Iterator[Name]:
    for alias in row.take_rows(f"{tag}_ALIAS"):
        kind = alias.take_code("QUALITY", QUALITY) if "QUALITY" in alias else NameKind.ALIAS
        for name in alias.take_optional("ALIAS_NAME").split(";"):
            if text := " ".join(name.split()):
                yield Name(text, kind)
        alias.finish(ignore=("DATE_OF_BIRTH", "CITY_OF_BIRTH", "COUNTRY_OF_BIRTH", "NOTE"))


def _addresses(row: Row, tag: str) -> Iterator[tuple[str, str | None]]:
    for address in row.take_rows(f"{tag}_ADDRESS"):
        parts = [address.take_optional(field) for field in _ADDRESS]
        address.finish(ignore=("NOTE",))
        yield ", ".join(part for part in parts if part), named(parts[-1])


def _birth_date(row: Row) -> str | None:
    """The first date of birth that is told: a day, a year, or the first year of a span."""
    found: list[str] = []
    for birth in row.take_rows("INDIVIDUAL_DATE_OF_BIRTH"):
        told = [birth.take_optional(field) for field in ("DATE", "YEAR", "FROM_YEAR")]
        birth.finish(ignore=("TYPE_OF_DATE", "NOTE", "TO_YEAR"))
        found.extend(one for one in told if one)
    return found[0][:10] if found else None


def _entity(row: Row, tag: str, number: str) -> Entity:
    given = [row.take_optional(f"{part}_NAME") for part in ("FIRST", "SECOND", "THIRD", "FOURTH")]
    name = " ".join(" ".join(given).split())
    if not name:
        raise RowError("an entry without a name")
    original = row.take_optional("NAME_ORIGINAL_SCRIPT")
    places = list(_addresses(row, tag))
    nations = row.take_row("NATIONALITY").take_texts("VALUE") if tag == "INDIVIDUAL" else []
    countries = (*(named(one) for one in nations), *(code for _, code in places))
    names = (Name(name), *((Name(original, NameKind.ALIAS),) if original else ()), *_aliases(row, tag))
    return Entity(
        id=f"{DATASET.prefix}-{number}",
        schema=SCHEMA[tag],
        names=tuple(dict.fromkeys(names)),
        countries=tuple(dict.fromkeys(code for code in countries if code)),
        addresses=tuple(dict.fromkeys(text for text, _ in places if text)),
        birth_date=_birth_date(row) if tag == "INDIVIDUAL" else None,
        topics=("sanction",),
    )


def _read(tag: str, row: Row) -> Iterable[Statement]:
    number = row.take("REFERENCE_NUMBER")
    if not number:
        raise RowError("an entry without a REFERENCE_NUMBER")
    entity = _entity(row, tag, number)
    listing = Listing(
        id=f"{entity.id}-listing",
        entity=entity.id,
        list="un-sc",
        authority=DATASET.publisher,
        program=(row.take("UN_LIST_TYPE"),),
        listing_date=read_date(row.take("LISTED_ON")[:10]),
        reason=row.take_optional("COMMENTS1"),
        citation=number,
        source_url=DATASET.url,
    )
    row.finish(
        ignore=(
            "DATAID", "VERSIONNUM", "GENDER", "TITLE", "DESIGNATION", "LIST_TYPE", "LAST_DAY_UPDATED", "SUBMITTED_BY",
            "INDIVIDUAL_PLACE_OF_BIRTH", "INDIVIDUAL_DOCUMENT", "SORT_KEY", "SORT_KEY_LAST_MOD", "SUBMITTED_ON",
        )
    )  # fmt: skip
    return (entity, listing)


def parse(files: Mapping[str, BinaryIO]) -> Iterator[Taken[Statement] | SetAside]:
    """Every entry of the file: a party and its listing. A reference number that stands again, and does not say the
    same, is set aside."""
    seen: dict[str, tuple[Statement, ...]] = {}
    for tag, row in xml_rows(files["list"], DATASET.resources[0].patterns[0], SCHEMA, root=("CONSOLIDATED_LIST",)):
        for outcome in each((row,), lambda one, tag=tag: _read(tag, one)):  # type: ignore[misc]
            if isinstance(outcome, Taken):
                known = seen.setdefault(outcome.values[0].id, outcome.values)
                if known is not outcome.values:
                    yield _again(outcome, known, row)
                    continue
            yield outcome


def _again(outcome: Taken[Statement], known: tuple[Statement, ...], row: Row) -> Taken[Statement] | SetAside:
    if outcome.values == known:
        return Taken(outcome.where, ())
    return SetAside(outcome.where, f"entry {known[0].id} stands twice, not alike", row.raw())
