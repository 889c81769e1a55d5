"""The golden copy's CSV files: 338 columns in lei2, read by position; 54 in rr and a few in repex, read by name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import BinaryIO

from lists.gleif import said
from resolver.errors import LayoutError, RowError
from resolver.model import Statement
from resolver.record import Row, SetAside, Taken, csv_columns

_ADDRESS = (
    "xmllang", "type", "FirstAddressLine", "AddressNumber", "AddressNumberWithinBuilding", "MailRouting",
    r"AdditionalAddressLine\.\d+", "City", "Region", "Country", "PostalCode",
)  # fmt: skip
_ADDRESSES = (
    r"LegalAddress", r"HeadquartersAddress", r"OtherAddresses\.OtherAddress\.\d+",
    r"TransliteratedOtherAddresses\.TransliteratedOtherAddress\.\d+",
)  # fmt: skip
_EVENT = (
    "group_type", "event_status", "group_id", "group_sequence_no", "LegalEntityEventType", "LegalEntityEventEffectiveDate",
    "LegalEntityEventRecordedDate", "ValidationDocuments", "ValidationReference", r"AffectedFields\.\d+\.AffectedField",
    r"AffectedFields\.\d+\.field_xpath",
)  # fmt: skip
_VALIDATION = "ValidationAuthorityID|OtherValidationAuthorityID|ValidationAuthorityEntityID"
_KNOWN = re.compile(
    "|".join(
        (
            r"LEI|ConformityFlag",
            r"Entity\.LegalName(\.xmllang)?",
            r"Entity\.OtherEntityNames\.OtherEntityName\.\d+(\.xmllang|\.type)?",
            r"Entity\.TransliteratedOtherEntityNames\.TransliteratedOtherEntityName\.\d+(\.xmllang|\.type)?",
            rf"Entity\.({'|'.join(_ADDRESSES)})\.({'|'.join(_ADDRESS)})",
            r"Entity\.RegistrationAuthority\.(Other)?RegistrationAuthorityID",
            r"Entity\.RegistrationAuthority\.RegistrationAuthorityEntityID",
            r"Entity\.(LegalJurisdiction|EntityCategory|EntitySubCategory|EntityStatus|EntityCreationDate)",
            r"Entity\.(EntityExpirationDate|EntityExpirationReason)",
            r"Entity\.LegalForm\.(EntityLegalFormCode|OtherLegalForm)",
            r"Entity\.AssociatedEntity\.(type|AssociatedLEI|AssociatedEntityName(\.xmllang)?)",
            r"Entity\.SuccessorEntity\.\d+\.(SuccessorLEI|SuccessorEntityName|SuccessorEntity\.xmllang)",
            rf"Entity\.LegalEntityEvents\.LegalEntityEvent\.\d+\.({'|'.join(_EVENT)})",
            r"Registration\.(InitialRegistrationDate|LastUpdateDate|RegistrationStatus|NextRenewalDate|ManagingLOU)",
            r"Registration\.ValidationSources",
            rf"Registration\.ValidationAuthority\.({_VALIDATION})",
            rf"Registration\.OtherValidationAuthorities\.OtherValidationAuthority\.\d+\.({_VALIDATION})",
        )
    )
)
"""Every column of a golden copy of LEI-CDF 3.1; a family may hold more members than today's."""

_SINGLE = (
    "LEI",
    "Entity.LegalName",
    "Entity.LegalName.xmllang",
    "Entity.LegalAddress.Country",
    "Entity.HeadquartersAddress.Country",
    "Entity.RegistrationAuthority.RegistrationAuthorityID",
    "Entity.RegistrationAuthority.RegistrationAuthorityEntityID",
    "Entity.LegalJurisdiction",
    "Entity.EntityCategory",
    "Entity.EntityStatus",
    "Entity.EntityCreationDate",
    "Entity.EntityExpirationDate",
    "Registration.RegistrationStatus",
)
_FIRST = (
    "Entity.OtherEntityNames.OtherEntityName.1",
    "Entity.TransliteratedOtherEntityNames.TransliteratedOtherEntityName.1",
    "Entity.LegalAddress.FirstAddressLine",
    "Entity.HeadquartersAddress.FirstAddressLine",
    "Entity.OtherAddresses.OtherAddress.1.FirstAddressLine",
    "Entity.TransliteratedOtherAddresses.TransliteratedOtherAddress.1.FirstAddressLine",
    "Entity.SuccessorEntity.1.SuccessorLEI",
)


def _family(places: Mapping[str, int], stem: str, tails: Sequence[str]) -> list[tuple[int, ...]]:
    """The places of `stem.1tail`, `stem.2tail` ... for each tail, as long as there are any."""
    found = []
    number = 1
    while f"{stem}.{number}{tails[0]}" in places:
        found.append(tuple(_place(places, f"{stem}.{number}{tail}") for tail in tails))
        number += 1
    return found


def _place(places: Mapping[str, int], name: str) -> int:
    if name not in places:
        raise LayoutError(f"lei2: the header has changed: no column {name!r}")
    return places[name]


class _Layout:
    """Where the columns stand that a record is read from."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self.columns = len(places)
        self.single = itemgetter(*(places[name] for name in _SINGLE))
        tails = ("", ".xmllang", ".type")
        self.names = [
            *_family(places, "Entity.OtherEntityNames.OtherEntityName", tails),
            *_family(places, "Entity.TransliteratedOtherEntityNames.TransliteratedOtherEntityName", tails),
        ]
        stems = ["Entity.LegalAddress", "Entity.HeadquartersAddress"]
        for family in ("OtherAddresses.OtherAddress", "TransliteratedOtherAddresses.TransliteratedOtherAddress"):
            numbers = range(1, 1 + len(_family(places, f"Entity.{family}", (".FirstAddressLine",))))
            stems += [f"Entity.{family}.{number}" for number in numbers]
        self.addresses = [self._address(places, stem) for stem in stems]
        self.successors = [one[0] for one in _family(places, "Entity.SuccessorEntity", (".SuccessorLEI",))]

    @staticmethod
    def _address(places: Mapping[str, int], stem: str) -> tuple[int, Callable[[list[str]], tuple[str, ...]]]:
        lines = [f".{place}" for place in range(1, 10) if f"{stem}.AdditionalAddressLine.{place}" in places]
        names = ["AddressNumber", "City", "PostalCode", "Country", *(f"AdditionalAddressLine{line}" for line in lines)]
        found = [_place(places, f"{stem}.{name}") for name in names]
        return places[f"{stem}.FirstAddressLine"], itemgetter(*found)

    def record(self, cells: list[str]) -> said.Level1:
        """The record in one row's cells."""
        lei, name, lang, legal, headquarters, authority, number, jurisdiction, category, status, created, expired, state = (
            self.single(cells)
        )
        addresses = []
        for place, rest in self.addresses:
            if first := cells[place]:
                house, city, postcode, country, *lines = rest(cells)
                addresses.append(said.address(first, house, lines, city, postcode, country))
        return said.Level1(
            lei=lei.strip(),
            name=name.strip(),
            lang=lang,
            others=[(cells[text], cells[tongue], cells[kind]) for text, tongue, kind in self.names if cells[text]],
            addresses=addresses,
            legal_country=legal,
            headquarters_country=headquarters,
            authority=authority,
            number=number,
            jurisdiction=jurisdiction,
            category=category,
            status=status,
            created=created,
            expired=expired,
            registration=state,
            successors=[cells[place] for place in self.successors if cells[place]],
        )


def entities(file: BinaryIO, name: str) -> Iterator[Taken[Statement] | SetAside]:
    """The outcome of every row of a lei2 file. Raises LayoutError for a header that lacks or adds a column."""
    layout: _Layout | None = None
    for where, places, cells in csv_columns(file, name, (*_SINGLE, *_FIRST), _KNOWN):
        if layout is None:
            layout = _Layout(places)
        try:
            if len(cells) != layout.columns:
                raise RowError(f"{len(cells)} fields where {layout.columns} were expected")
            yield Taken(where, tuple(said.entity(layout.record(cells))))
        except (RowError, ValueError) as error:
            told = {column: cell for column, cell in zip(places, cells, strict=False) if cell}
            yield SetAside(where, str(error), json.dumps(told, ensure_ascii=False))


RELATIONSHIP_COLUMNS = (
    "Relationship.StartNode.NodeID",
    "Relationship.StartNode.NodeIDType",
    "Relationship.EndNode.NodeID",
    "Relationship.EndNode.NodeIDType",
    "Relationship.RelationshipType",
    "Relationship.RelationshipStatus",
    "Relationship.Period.1.startDate",
    "Relationship.Period.1.endDate",
    "Relationship.Period.1.periodType",
    "Registration.RegistrationStatus",
)
EXCEPTION_COLUMNS = ("LEI", "Exception.Category", "Exception.Reason.1")


def _notes(row: Row) -> list[str]:
    notes = []
    for number in range(1, 6):
        stem = f"Relationship.Qualifiers.{number}.Qualifier"
        words = [row.take_optional(f"{stem}{part}") for part in ("Dimension", "Category")]
        stem = f"Relationship.Quantifiers.{number}."
        amount = [
            row.take_optional(f"{stem}{part}") for part in ("MeasurementMethod", "QuantifierAmount", "QuantifierUnits")
        ]
        notes += [text for text in (" ".join(filter(None, words)), " ".join(filter(None, amount))) if text]
    return notes


def relationship(row: Row) -> Iterator[Statement]:
    """What one row of an rr file says."""
    periods = []
    for number in range(1, 6):
        stem = f"Relationship.Period.{number}."
        first, last, kind = (row.take_optional(f"{stem}{part}") for part in ("startDate", "endDate", "periodType"))
        if first or last or kind:
            periods.append((first, last, kind))
    record = said.Level2(
        start=row.take("Relationship.StartNode.NodeID"),
        start_type=row.take("Relationship.StartNode.NodeIDType"),
        end=row.take("Relationship.EndNode.NodeID"),
        end_type=row.take("Relationship.EndNode.NodeIDType"),
        type=row.take("Relationship.RelationshipType"),
        status=row.take("Relationship.RelationshipStatus"),
        registration=row.take("Registration.RegistrationStatus"),
        periods=periods,
        notes=_notes(row),
    )
    row.finish(ignore=[f"Registration.{name}" for name in REGISTRATION_IGNORED])
    return said.relationship(record)


REGISTRATION_IGNORED = (
    "InitialRegistrationDate", "LastUpdateDate", "NextRenewalDate", "ManagingLOU", "ValidationSources",
    "ValidationDocuments", "ValidationReference",
)  # fmt: skip


def exception(row: Row) -> Iterator[Statement]:
    """What one row of a repex file says."""
    lei, category = row.take("LEI"), row.take("Exception.Category")
    reasons = [row.take_optional(f"Exception.Reason.{number}") for number in range(1, 10)]
    row.finish(ignore=["Exception.Reference.*"])
    return said.exception(lei, category, [reason for reason in reasons if reason])
