"""The company data product: one row for each live company."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import BinaryIO

from lists.gb_coh.place import place
from resolver.errors import RowError
from resolver.identifiers import Identifier, identifier
from resolver.model import Entity, Name, NameKind, Schema, Statement
from resolver.record import SetAside, Taken, csv_columns

_ADDRESS = ("CareOf", "POBox", "AddressLine1", "AddressLine2", "PostTown", "County", "PostCode", "Country")
COLUMNS = (
    "CompanyName", "CompanyNumber",
    "RegAddress.CareOf", "RegAddress.POBox", "RegAddress.AddressLine1", "RegAddress.AddressLine2", "RegAddress.PostTown",
    "RegAddress.County", "RegAddress.Country", "RegAddress.PostCode",
    "CompanyCategory", "CompanyStatus", "CountryOfOrigin", "DissolutionDate", "IncorporationDate",
    "Accounts.AccountRefDay", "Accounts.AccountRefMonth", "Accounts.NextDueDate", "Accounts.LastMadeUpDate",
    "Accounts.AccountCategory", "Returns.NextDueDate", "Returns.LastMadeUpDate",
    "Mortgages.NumMortCharges", "Mortgages.NumMortOutstanding", "Mortgages.NumMortPartSatisfied",
    "Mortgages.NumMortSatisfied",
    "SICCode.SicText_1", "SICCode.SicText_2", "SICCode.SicText_3", "SICCode.SicText_4",
    "LimitedPartnerships.NumGenPartners", "LimitedPartnerships.NumLimPartners", "URI",
    *(f"PreviousName_{number}.{part}" for number in range(1, 11) for part in ("CONDATE", "CompanyName")),
    "ConfStmtNextDueDate", "ConfStmtLastMadeUpDate",
)  # fmt: skip
"""The 55 columns. The publisher's header has a space before some of the names."""

_KNOWN = re.compile("|".join(map(re.escape, COLUMNS)))

STATUS: dict[str, tuple[str, ...]] = {
    "active": (),
    "active - proposal to strike off": ("strike-off-proposed",),
    "administration": ("in-administration",),
    "administration order": ("in-administration",),
    "administrative receiver": ("in-receivership",),
    "in administration": ("in-administration",),
    "in administration/administrative receiver": ("in-administration", "in-receivership"),
    "in administration/receiver manager": ("in-administration", "in-receivership"),
    "liquidation": ("in-liquidation",),
    "live but receiver manager on at least one charge": ("in-receivership",),
    "receiver manager / administrative receiver": ("in-receivership",),
    "receivership": ("in-receivership",),
    "registered": (),
    "voluntary arrangement": ("in-voluntary-arrangement",),
    "voluntary arrangement / administrative receiver": ("in-voluntary-arrangement", "in-receivership"),
    "voluntary arrangement / receiver manager": ("in-voluntary-arrangement", "in-receivership"),
    "dissolved": ("dissolved",),
    "converted / closed": ("dissolved",),
    "converted/closed": ("dissolved",),
    "closed": ("dissolved",),
    "removed": ("dissolved",),
}

OVERSEAS = frozenset(("FC", "NF", "SF", "OE"))
"""Numbers of companies organised elsewhere: branches (FC, NF, SF) and the Register of Overseas Entities (OE)."""

_EIGHT = re.compile(r"[A-Z0-9]{8}")


def company_number(text: str) -> Identifier:
    """The register's own number of a company. Raises ValueError."""
    number = text.strip().upper()
    return Identifier("gb-coh", number) if _EIGHT.fullmatch(number) else identifier("gb-coh", number)


class Register:
    """Which company numbers the company data holds: one bit for each of five million, not a string."""

    def __init__(self) -> None:
        self._bits: dict[str, bytearray] = {}
        self._odd: set[str] = set()

    def add(self, number: str) -> None:
        """Takes in a number of eight characters."""
        prefix = number[:2] if not number.isdigit() else ""
        digits = number[len(prefix) :]
        if not digits.isdigit():
            self._odd.add(number)
            return
        place, bit = divmod(int(digits), 8)
        bits = self._bits.setdefault(prefix, bytearray())
        if place >= len(bits):
            bits.extend(bytes(place + 65536 - len(bits)))
        bits[place] |= 1 << bit

    def __contains__(self, number: str) -> bool:
        prefix = number[:2] if not number.isdigit() else ""
        digits = number[len(prefix) :]
        if not digits.isdigit():
            return number in self._odd
        place, bit = divmod(int(digits), 8)
        bits = self._bits.get(prefix, b"")
        return place < len(bits) and bool(bits[place] & (1 << bit))


def _day(text: str) -> str | None:
    """DD/MM/YYYY as ISO 8601. Some companies are older than record.read_date allows for."""
    if not text:
        return None
    try:
        day, month, year = text.split("/")
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError as error:
        raise RowError(f"not a date: {text!r}") from error


class _Layout:
    """Where the columns stand."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self.columns = len(places)
        self.name, self.number = places["CompanyName"], places["CompanyNumber"]
        self.status, self.origin = places["CompanyStatus"], places["CountryOfOrigin"]
        self.incorporated, self.dissolved = places["IncorporationDate"], places["DissolutionDate"]
        self.country = places["RegAddress.Country"]
        self.address = [places[f"RegAddress.{part}"] for part in _ADDRESS]
        self.former = [places[f"PreviousName_{number}.CompanyName"] for number in range(1, 11)]

    def entity(self, cells: list[str]) -> Entity:
        """The company of one row. Raises RowError and ValueError."""
        if len(cells) != self.columns:
            raise RowError(f"{len(cells)} fields where {self.columns} were expected")
        number = company_number(cells[self.number])
        name, status, origin = cells[self.name].strip(), cells[self.status].strip().lower(), cells[self.origin].strip()
        if not name:
            raise RowError("no CompanyName")
        if status not in STATUS:
            raise RowError(f"unknown CompanyStatus {cells[self.status]!r}")
        names = [Name(name)]
        for column in self.former:
            if former := cells[column].strip():
                names.append(Name(former, NameKind.FORMER))
        overseas = number.value[:2] in OVERSEAS
        jurisdiction = place(origin) if overseas else "gb"
        countries = (jurisdiction, place(cells[self.country].strip()), "gb")
        return Entity(
            id=f"gb-coh-{number.value}",
            schema=Schema.COMPANY,
            names=tuple(names),
            countries=tuple(dict.fromkeys(one for one in countries if one)),
            jurisdiction=jurisdiction,
            addresses=self._address(cells),
            identifiers=(number,),
            incorporation_date=_day(cells[self.incorporated].strip()),
            dissolution_date=_day(cells[self.dissolved].strip()),
            topics=STATUS[status],
        )

    def _address(self, cells: list[str]) -> tuple[str, ...]:
        care, box, *rest = (cells[column].strip() for column in self.address)
        parts = [f"c/o {care}" if care else "", f"PO Box {box}" if box else "", *rest]
        text = ", ".join([part for part in parts if part])
        return (text,) if text else ()


def companies(file: BinaryIO, name: str, register: Register) -> Iterator[Taken[Statement] | SetAside]:
    """The outcome of every row; `register` takes in every number. Raises LayoutError for another header."""
    layout: _Layout | None = None
    for where, places, cells in csv_columns(file, name, COLUMNS, _KNOWN):
        if layout is None:
            layout = _Layout(places)
        try:
            entity = layout.entity(cells)
        except (RowError, ValueError) as error:
            told = dict(zip(places, cells, strict=False))
            yield SetAside(where, str(error), json.dumps(told, ensure_ascii=False))
            continue
        register.add(entity.id.removeprefix("gb-coh-"))
        yield Taken(where, (entity,))
