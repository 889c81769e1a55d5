"""A row of the Consolidated Screening List, in CSV and in JSON, as one value. Not a list itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lists import ofac
from lists.entry_names import tidy
from resolver.countries import CODES, country, named
from resolver.errors import RowError
from resolver.model import Schema
from resolver.record import Row, SetAside, Taken, csv_rows, each, json_rows, peek

COLUMNS = (
    "source", "entity_number", "type", "programs", "name", "title", "addresses", "federal_register_notice", "start_date",
    "end_date", "standard_order", "license_requirement", "license_policy", "call_sign", "vessel_type", "gross_tonnage",
    "gross_registered_tonnage", "vessel_flag", "vessel_owner", "remarks", "source_list_url", "alt_names", "citizenships",
    "dates_of_birth", "nationalities", "places_of_birth", "source_information_url", "ids",
)  # fmt: skip
IGNORED = (
    "id", "_id", "title", "standard_order", "call_sign", "vessel_type", "gross_tonnage", "gross_registered_tonnage",
    "vessel_owner", "places_of_birth", "source_information_url", "country", "score",
)  # fmt: skip
"""Fields that nothing here needs; `country` and `score` stand in answers of the search service only."""

_BIS = "US Department of Commerce, Bureau of Industry and Security"
_DDTC = "US Department of State, Directorate of Defense Trade Controls"
_ISN = "US Department of State, Bureau of International Security and Nonproliferation"
SOURCE = {
    "el": ("us-bis-el", _BIS, "export.control"),
    "entity list": ("us-bis-el", _BIS, "export.control"),
    "meu": ("us-bis-meu", _BIS, "export.control"),
    "military end user list": ("us-bis-meu", _BIS, "export.control"),
    "mieu": ("us-bis-mieu", _BIS, "export.control"),
    "military-intelligence end user list": ("us-bis-mieu", _BIS, "export.control"),
    "uvl": ("us-bis-uvl", _BIS, "export.risk"),
    "unverified list": ("us-bis-uvl", _BIS, "export.risk"),
    "dpl": ("us-bis-dpl", _BIS, "export.control"),
    "denied persons list": ("us-bis-dpl", _BIS, "export.control"),
    "sdn": ("us-ofac-sdn", ofac.AUTHORITY, "sanction"),
    "specially designated nationals": ("us-ofac-sdn", ofac.AUTHORITY, "sanction"),
    "ssi": ("us-ofac-ssi", ofac.AUTHORITY, "sanction"),
    "sectoral sanctions identifications list": ("us-ofac-ssi", ofac.AUTHORITY, "sanction"),
    "cmic": ("us-ofac-cmic", ofac.AUTHORITY, "sanction"),
    "non-sdn chinese military-industrial complex companies list": ("us-ofac-cmic", ofac.AUTHORITY, "sanction"),
    "ns-mbs": ("us-ofac-mbs", ofac.AUTHORITY, "sanction"),
    "non-sdn menu-based sanctions list": ("us-ofac-mbs", ofac.AUTHORITY, "sanction"),
    "cap": ("us-ofac-capta", ofac.AUTHORITY, "sanction"),
    "capta list": ("us-ofac-capta", ofac.AUTHORITY, "sanction"),
    "plc": ("us-ofac-plc", ofac.AUTHORITY, "sanction"),
    "palestinian legislative council list": ("us-ofac-plc", ofac.AUTHORITY, "sanction"),
    "fse": ("us-ofac-fse", ofac.AUTHORITY, "sanction"),
    "foreign sanctions evaders": ("us-ofac-fse", ofac.AUTHORITY, "sanction"),
    "isn": ("us-state-isn", _ISN, "sanction"),
    "nonproliferation sanctions": ("us-state-isn", _ISN, "sanction"),
    "dtc": ("us-state-dtc", _DDTC, "debarment"),
    "itar debarred": ("us-state-dtc", _DDTC, "debarment"),
}
"""`source`, by the code in its brackets or by the name before them, in lower case: list, authority, topic."""

SCHEMA = {
    "": Schema.LEGAL_ENTITY,
    "individual": Schema.PERSON,
    "entity": Schema.ORGANIZATION,
    "vessel": Schema.VESSEL,
    "aircraft": Schema.AIRPLANE,
}

US_STATES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA"
    " RI SC SD TN TX UT VT VA WA WV WI WY".split()
)


@dataclass(frozen=True, slots=True)
class Address:
    """One address as published, without its country where that is a code, and the country's code."""

    text: str
    country: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """One entry of `ids`."""

    label: str
    number: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Published:
    """A row of the list, whatever format it came in."""

    list: str
    authority: str
    topic: str
    number: str
    schema: Schema
    name: str
    alternates: tuple[str, ...]
    addresses: tuple[Address, ...]
    countries: tuple[str, ...]
    birth_dates: tuple[str, ...]
    documents: tuple[Document, ...]
    programs: tuple[str, ...]
    notice: str
    start: str
    end: str
    requirement: str
    policy: str
    remarks: str
    url: str


_SOURCE = re.compile(r"^\s*(?P<title>[^(]*?)\s*(?:\((?P<code>[^)]*?)(?:\s+list)?\))?(?:\s+list)?\s*$", re.IGNORECASE)


def _source(text: str) -> tuple[str, str, str]:
    found = _SOURCE.match(text.split(" - ")[0])
    for key in (found["code"], found["title"]) if found else ():
        if key and key.lower() in SOURCE:
            return SOURCE[key.lower()]
    raise RowError(f"unknown source {text!r}")


_ZIP = re.compile(r",\s*([A-Z]{2}),\s*\d{5}(?:-\d{4})?$")


def _address(text: str) -> Address:
    """An address of the CSV: its country is the code behind the last comma, else a name there; a US state behind it, or a
    state and a ZIP code, tell the United States."""
    whole = re.sub(r"^and\s+", "", tidy(text))
    head, _, last = whole.rpartition(", ")
    if last.isupper() and len(last) == 2:
        if last.lower() in CODES:
            return Address(head, last.lower())
        return Address(whole, "us" if last in US_STATES else None)
    if (found := _ZIP.search(whole)) and found[1] in US_STATES:
        return Address(whole, "us")
    return Address(whole, named(last))


def _document(text: str) -> Document | None:
    """One entry of `ids` in either order; None for a kind that nothing here reads."""
    parts = text.split(", ")
    label = next((one for one in (parts[0], parts[-1]) if one in _READ or ofac.menu_directive(one)), None)
    if label is None:
        return None
    rest = parts[1:] if parts[0] == label else parts[:-1]
    issuer = next((one for one in rest if len(one) == 2 and one.isupper()), "") if len(rest) > 1 else ""
    numbers = [one for one in rest if one != issuer]
    number = numbers[0 if parts[0] == label else -1] if numbers else ""
    return Document(label, number, issuer)


_READ = frozenset((*ofac.LABELS, ofac.SSI_DIRECTIVE, ofac.CMIC_DATE, ofac.ESTABLISHED, ofac.REGISTERED_IN))


def _common(row: Row, code: str, authority: str, topic: str) -> dict[str, str]:
    number = row.take_optional("entity_number") if code.startswith("us-ofac-") else ""
    if number and not number.isdigit():
        raise RowError(f"not an entry number: {number!r}")
    name = row.take("name")
    if not tidy(name):
        raise RowError("an entry without a name")
    kind = row.take_optional("type").lower()
    if kind not in SCHEMA:
        raise RowError(f"unknown type {kind!r}")
    return {"list": code, "authority": authority, "topic": topic, "number": number, "name": name, "kind": kind}


def _from_csv(row: Row) -> Iterable[Published]:
    common = _common(row, *_source(row.take("source")))
    kind = common.pop("kind")
    flag = row.take("vessel_flag")
    nations = f"{row.take('citizenships')};{row.take('nationalities')};{flag}"
    published = Published(
        **common,
        schema=SCHEMA[kind],
        alternates=(row.take("alt_names"),),
        addresses=tuple(_address(one) for one in row.take("addresses").split("; ") if one),
        countries=tuple(code for one in nations.split(";") if (code := country(one))),
        birth_dates=tuple(row.take("dates_of_birth").split("; ")),
        documents=tuple(one for text in row.take("ids").split("; ") if (one := _document(text))),
        programs=ofac.programs(row.take("programs")),
        notice=row.take("federal_register_notice"),
        start=row.take("start_date"),
        end=row.take("end_date"),
        requirement=row.take("license_requirement"),
        policy=row.take("license_policy"),
        remarks=row.take("remarks"),
        url=row.take("source_list_url"),
    )
    row.finish(IGNORED)
    return (published,)


_SEVERAL = re.compile(r";\s+(?:and\s+)?")


def _json_addresses(row: Row) -> Iterator[Address]:
    """The addresses of one object: its `address` may hold several ("…; and …"), of which the last has the city behind it."""
    street, *place = (row.take_optional(field) for field in ("address", "city", "state", "postal_code"))
    code = row.take_optional("country")
    row.finish()
    state = code.upper() in US_STATES and code.lower() not in CODES
    *others, last = _SEVERAL.split(street)
    for text in (*others, ", ".join(one for one in (last, *place) if one)):
        yield Address(tidy(text), "us" if state else country(code))


def _json_document(row: Row) -> Document:
    document = Document(row.take_optional("type"), row.take_optional("number"), row.take_optional("country"))
    row.finish(ignore=("issue_date", "expiration_date"))
    return document


def _from_json(row: Row) -> Iterable[Published]:
    common = _common(row, *_source(row.take("source")))
    kind = common.pop("kind")
    nations = [*row.take_texts("citizenships"), *row.take_texts("nationalities"), row.take_optional("vessel_flag")]
    published = Published(
        **common,
        schema=SCHEMA[kind],
        alternates=tuple(row.take_texts("alt_names")),
        addresses=tuple(found for one in row.take_rows("addresses") for found in _json_addresses(one)),
        countries=tuple(code for one in nations if (code := country(one))),
        birth_dates=tuple(row.take_texts("dates_of_birth")),
        documents=tuple(_json_document(one) for one in row.take_rows("ids")),
        programs=tuple(dict.fromkeys(tag for one in row.take_texts("programs") for tag in ofac.programs(one))),
        notice=row.take_optional("federal_register_notice"),
        start=row.take_optional("start_date"),
        end=row.take_optional("end_date"),
        requirement=row.take_optional("license_requirement"),
        policy=row.take_optional("license_policy"),
        remarks=row.take_optional("remarks"),
        url=row.take_optional("source_list_url"),
    )
    row.finish(IGNORED)
    return (published,)


def published_rows(file: BinaryIO, names: Iterable[str]) -> Iterator[Taken[Published] | SetAside]:
    """Every row of the file, whichever of its formats it is in. `names` are the display names of CSV, JSON and TSV.

    Raises LayoutError as the readers of `record` do; the CSV's first column may be `_id` or `id`.
    """
    as_csv, as_json, as_tsv = names
    head, file = peek(file)
    if head[:1] in (b"{", b"["):
        return each(json_rows(file, as_json, "results"), _from_json)
    line = head.partition(b"\n")[0]
    tabs = b"\t" in line
    first = "_id" if line.lstrip(b'"').startswith(b"_id") else "id"
    rows = csv_rows(file, as_tsv if tabs else as_csv, (first, *COLUMNS), delimiter="\t" if tabs else ",")
    return each(rows, _from_csv)
