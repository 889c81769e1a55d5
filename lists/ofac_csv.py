"""OFAC's CSV files, joined: the entries, their addresses, alternate names and overflowing remarks. Not a list itself.

The four files have no header; their columns are those of OFAC's data specification. Confirmed on the files of 2021-07
(SDN, all four), 2024-05-01 (SDN entries alone) and 2025-12-19 (consolidated, all four): every row has its columns' number,
the null is `-0-` with a space behind it, the last line is a lone Ctrl-Z, and remarks of 1,000 characters go on, in the
middle of a word, in the file of comments.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from lists import ofac
from resolver.countries import COUNTRY, named
from resolver.errors import LayoutError, RowError
from resolver.identifiers import Identifier, identifier
from resolver.model import Entity, Link, Listing, Name, NameKind, Schema, Statement
from resolver.record import Row, SetAside, Taken, csv_rows, each

ENTRY = (
    "ent_num", "SDN_Name", "SDN_Type", "Program", "Title", "Call_Sign", "Vess_type", "Tonnage", "GRT", "Vess_flag",
    "Vess_owner", "Remarks",
)  # fmt: skip
ADDRESS = ("ent_num", "add_num", "Address", "City", "Country", "Add_remarks")
ALTERNATE = ("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks")
COMMENT = ("ent_num", "Remarks")

ALTERNATE_KIND = {"aka": NameKind.ALIAS, "fka": NameKind.FORMER, "nka": NameKind.ALIAS}
"""alt_type; a name now known as (nka) is one the entry is known by."""

NOWHERE = frozenset(("", "undetermined", "netherlands antilles"))
"""What stands for no country of today in an address; a "Region: Northern Mali" that the table leaves out is none either."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """What the remarks of an entry say, as far as it has a place of its own; `text` is the whole of them."""

    text: str
    names: tuple[Name, ...]
    identifiers: tuple[Identifier, ...]
    countries: tuple[str, ...]
    birth_date: str | None
    incorporation_date: str | None
    registered_in: str | None
    ssi_directives: tuple[str, ...]
    menu_directives: tuple[str, ...]
    cmic_date: date | None
    linked_to: tuple[str, ...]
    scope: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a file: the party's number and name, its programmes as published, and what its remarks say."""

    number: str
    name: str
    schema: Schema
    programs: tuple[str, ...]
    flag: str
    remarks: Remarks


@dataclass(slots=True)
class Joined:
    """What the other files say, by entry number."""

    names: dict[str, list[Name]] = field(default_factory=dict)
    addresses: dict[str, list[tuple[str, str | None]]] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)


_LABELLED = re.compile(
    r"^(?P<label>" + "|".join(re.escape(one) for one in sorted(ofac.LABELS, key=len, reverse=True)) + r") "
    r"(?P<number>.+?)(?: \((?P<issuer>[^()]+)\))?(?: (?:issued|expires) .*)?$"
)
_ALSO = re.compile(r"^(?P<kind>[afn]\.k\.a\.) '(?P<name>.+)'$")
_COUNTRY_OF = re.compile(r"^(?:nationality|citizen) (?P<country>.+)$")
_PREFIXES = (
    "DOB ",
    "Linked To: ",
    f"{ofac.SSI_DIRECTIVE} ",
    f"{ofac.CMIC_DATE} ",
    f"{ofac.ESTABLISHED} ",
    f"{ofac.REGISTERED_IN} ",
)


def read_remarks(text: str) -> Remarks:
    """The remarks of an entry, read token by token (they are joined by `; `); what no table knows stays in `text`.

    A name in quotes behind `a.k.a.` is what OFAC calls a weak alias (its FAQ 122).
    """
    found: dict[str, list[str]] = {prefix: [] for prefix in _PREFIXES}
    names: list[Name] = []
    identifiers: list[Identifier] = []
    countries: list[str] = []
    menu: list[str] = []
    scope = ""
    for token in re.split(r";\s+", text.removesuffix(".")):
        token = token.removeprefix("alt. ").strip()
        if prefix := next((one for one in _PREFIXES if token.startswith(one)), None):
            found[prefix].append(token.removeprefix(prefix))
        elif match := _ALSO.match(token):
            names.append(Name(match["name"], NameKind.FORMER if match["kind"] == "f.k.a." else NameKind.WEAK))
        elif match := _COUNTRY_OF.match(token):
            countries.append(match["country"])
        elif match := _LABELLED.match(token):
            if known := ofac.document(match["label"], match["number"], match["issuer"] or ""):
                identifiers.append(known)
        elif directive := ofac.menu_directive(token):
            menu.append(directive)
        elif token.lower() == "all offices worldwide":
            scope = token
    born, linked, ssi, cmic, established, registered = (found[prefix] for prefix in _PREFIXES)
    directives = (one for text in ssi if (one := ofac.measure(text)))
    return Remarks(
        text=text,
        names=tuple(names),
        identifiers=tuple(dict.fromkeys(identifiers)),
        countries=tuple(code for one in (*countries, *registered) if (code := named(one))),
        birth_date=next(filter(None, map(ofac.partial_date, born)), None),
        incorporation_date=next(filter(None, map(ofac.partial_date, established)), None),
        registered_in=next(filter(None, map(named, registered)), None),
        ssi_directives=tuple(dict.fromkeys(directives)),
        menu_directives=tuple(dict.fromkeys(menu)),
        cmic_date=ofac.whole_day(cmic[0]) if cmic else None,
        linked_to=tuple(dict.fromkeys(linked)),
        scope=scope,
    )


def _value(row: Row, column: str) -> str:
    text = row.take(column)
    return "" if text == "-0-" else text


def _read_alternate(row: Row) -> tuple[str, Name]:
    number = row.take("ent_num")
    kind = row.take_code("alt_type", ALTERNATE_KIND)
    row.finish(ignore=("alt_num", "alt_remarks", "alt_name"))
    return number, Name(_required(row, "alt_name"), kind)


def _required(row: Row, column: str) -> str:
    text = _value(row, column)
    if not text:
        raise RowError(f"an entry without {column}")
    return text


def _read_address(row: Row) -> tuple[str, tuple[str, str | None]]:
    number = row.take("ent_num")
    parts = [_value(row, "Address"), _value(row, "City"), _value(row, "Country")]
    row.finish(ignore=("add_num", "Add_remarks"))
    where = parts[2].lower()
    code = None if where in NOWHERE or where.startswith("region:") else COUNTRY.get(where, "")
    if code == "":
        raise RowError(f"unknown Country {parts[2]!r}")
    return number, (", ".join(one for one in parts if one), COUNTRY.get(where, code))


def _read_comment(row: Row) -> tuple[str, str]:
    number, text = row.take("ent_num"), _value(row, "Remarks")
    row.finish()
    return number, text


def decoded(file: BinaryIO, name: str) -> tuple[io.BytesIO, str]:
    """The file and its encoding: UTF-8, as the Sanctions List Service writes it, or the Windows-1252 of older files."""
    content = file.read()
    try:
        content.decode("utf-8")
        return io.BytesIO(content), "utf-8-sig"
    except UnicodeDecodeError:
        return io.BytesIO(content), "cp1252"


def _rows(files: Mapping[str, BinaryIO], key: str, name: str, columns: tuple[str, ...]) -> Iterator[Row]:
    if key in files:
        file, encoding = decoded(files[key], name)
        yield from csv_rows(file, name, columns, header=False, encoding=encoding)


def _reader_of_entries(joined: Joined) -> Callable[[Row], Iterable[Entry]]:
    def read(row: Row) -> Iterable[Entry]:
        number = row.take("ent_num")
        if not number.isdigit():
            raise RowError(f"not an entry number: {number!r}")
        kind = _value(row, "SDN_Type").lower()
        if kind not in ofac.SCHEMA:
            raise RowError(f"unknown SDN_Type {kind!r}")
        remarks = read_remarks(_value(row, "Remarks") + joined.comments.get(number, ""))
        entry = Entry(
            number=number,
            name=_required(row, "SDN_Name"),
            schema=ofac.SCHEMA[kind],
            programs=ofac.programs(_value(row, "Program")),
            flag=_value(row, "Vess_flag"),
            remarks=remarks,
        )
        row.finish(ignore=("Title", "Call_Sign", "Vess_type", "Tonnage", "GRT", "Vess_owner"))
        return (entry,)

    return read


def statements(
    files: Mapping[str, BinaryIO],
    names: Mapping[str, str],
    prefix: str,
    listings: Callable[[Entry, str], Iterable[Listing]],
) -> Iterator[Taken[Statement] | SetAside]:
    """Every row of the files given, as `parse` promises. `names` are the display names of the files by resource key
    (`entries`, `addresses`, `alternates`, `comments`); `listings` says what an entry, with its entity id, is listed for."""
    joined = Joined()
    others: list[Taken[tuple[str, object]] | SetAside] = []
    for key, columns, read in (
        ("alternates", ALTERNATE, _read_alternate),
        ("addresses", ADDRESS, _read_address),
        ("comments", COMMENT, _read_comment),
    ):
        for outcome in each(_rows(files, key, names[key], columns), lambda row, read=read: (read(row),)):  # type: ignore[misc]
            others.append(outcome)
            if isinstance(outcome, Taken):
                _keep(joined, key, *outcome.values[0])
    entries = list(each(_rows(files, "entries", names["entries"], ENTRY), _reader_of_entries(joined)))
    if not entries:
        raise LayoutError(f"{names['entries']}: the file is empty")
    known = {one.number: one for outcome in entries if isinstance(outcome, Taken) for one in outcome.values}
    by_name = _unique_names(known.values())
    seen: dict[str, Entry] = {}
    for entry_outcome in entries:
        if isinstance(entry_outcome, SetAside):
            yield entry_outcome
            continue
        entry = entry_outcome.values[0]
        if entry.number in seen:
            yield _again(entry_outcome, seen[entry.number])
            continue
        seen[entry.number] = entry
        yield Taken(entry_outcome.where, tuple(_entry(entry, joined, prefix, listings, by_name)))
    for other in others:
        if isinstance(other, Taken) and other.values[0][0] not in known:
            yield SetAside(other.where, f"no entry {other.values[0][0]} in {names['entries']}", str(other.values[0]))
        else:
            yield Taken(other.where, ()) if isinstance(other, Taken) else other


def _again(outcome: Taken[Entry], known: Entry) -> Taken[Statement] | SetAside:
    if outcome.values[0] == known:
        return Taken(outcome.where, ())
    return SetAside(outcome.where, f"entry {known.number} stands twice, not alike", outcome.values[0].name)


def _keep(joined: Joined, key: str, number: str, value: object) -> None:
    if isinstance(value, Name):
        joined.names.setdefault(number, []).append(value)
    elif isinstance(value, tuple):
        joined.addresses.setdefault(number, []).append(value)
    else:
        joined.comments[number] = joined.comments.get(number, "") + str(value)


def _linked(name: str) -> str:
    """A name for the comparison with "Linked To": in capitals, and without the full stop that remarks end with, which a
    name that ends with one itself ("PETROLEOS DE VENEZUELA, S.A.") shares with them."""
    return name.upper().rstrip(".")


def _unique_names(entries: Iterable[Entry]) -> dict[str, str | None]:
    """Entry name as `_linked` writes it -> its number; None where two entries have it."""
    numbers: dict[str, str | None] = {}
    for entry in entries:
        name = _linked(entry.name)
        numbers[name] = None if name in numbers else entry.number
    return numbers


def _entry(
    entry: Entry,
    joined: Joined,
    prefix: str,
    listings: Callable[[Entry, str], Iterable[Listing]],
    by_name: Mapping[str, str | None],
) -> Iterator[Statement]:
    remarks = entry.remarks
    places = joined.addresses.get(entry.number, [])
    flag = (named(entry.flag),) if entry.flag else ()
    countries = (*remarks.countries, *(code for _, code in places), *flag)
    own = (identifier("ofac-uid", entry.number), *remarks.identifiers)
    entity = Entity(
        id=f"{prefix}-{entry.number}",
        schema=entry.schema,
        names=tuple(dict.fromkeys((Name(entry.name), *joined.names.get(entry.number, ()), *remarks.names))),
        countries=tuple(dict.fromkeys(code for code in countries if code)),
        jurisdiction=None if entry.schema is Schema.PERSON else ofac.jurisdiction(own, remarks.registered_in),
        addresses=tuple(dict.fromkeys(text for text, _ in places if text)),
        identifiers=tuple(dict.fromkeys(own)),
        incorporation_date=remarks.incorporation_date,
        birth_date=remarks.birth_date,
        topics=("sanction",),
    )
    yield entity
    yield from listings(entry, entity.id)
    for name in remarks.linked_to:
        # The remarks name the other party without its number: a name that two entries have, or none, ties nobody.
        other = by_name.get(_linked(name))
        if other and other != entry.number:
            yield Link(
                id=f"{entity.id}-linked-to-{other}",
                kind="linked_to",
                subject=entity.id,
                object=f"{prefix}-{other}",
                source=f"Linked To: {name}",
            )


def details(number: str) -> str:
    """The publisher's page of an entry."""
    return f"https://sanctionssearch.ofac.treas.gov/Details.aspx?id={number}"
