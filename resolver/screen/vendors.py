"""The vendor file: one vendor per row, whatever else the row holds passed through.

`name` is required; `id, other_names, country, addresses, identifiers, role, eccn, parties` are known; `|` separates several
values. A row without a name comes back as NOT_SCREENED; a country or an identifier that cannot be read is said in `error`,
and the vendor is screened without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from resolver import countries, identifiers
from resolver.errors import InputError, LayoutError
from resolver.identifiers import Identifier
from resolver.model import Name, NameKind, Query
from resolver.names import fold

KNOWN = ("id", "name", "other_names", "country", "addresses", "identifiers", "role", "eccn", "parties")


@dataclass(frozen=True, slots=True)
class Party:
    """One party to screen: the vendor itself (`label` empty), or one named in `parties` as `role:name`."""

    label: str
    query: Query
    role: str = ""
    eccn: str = ""


@dataclass(frozen=True, slots=True)
class Vendor:
    """A row of the vendor file. `inputs` are its cells by column; `error` says what could not be read of it."""

    row: int
    id: str
    name: str
    inputs: dict[str, str]
    parties: tuple[Party, ...]
    error: str = ""


@dataclass(slots=True)
class VendorFile:
    """The columns of a vendor file, and its vendors as they are read."""

    columns: tuple[str, ...]
    vendors: Iterator[Vendor]


def query(
    names: tuple[str, ...],
    country: str = "",
    ids: tuple[str, ...] = (),
    addresses: tuple[str, ...] = (),
) -> tuple[Query, list[str]]:
    """A question about a party, and what of it could not be read."""
    problems = [f"no letter and no digit in the name {name!r}" for name in names if not fold(name)]
    found_countries = []
    for one in filter(None, (part.strip() for part in country.replace(";", "|").split("|"))):
        code = countries.country(one)
        if code:
            found_countries.append(code)
        else:
            problems.append(f"country {one!r} is neither a two-letter code nor a country's name, and was left out")
    found: list[Identifier] = []
    for text in ids:
        try:
            identifier = identifiers.read(text)
        except ValueError as error:
            problems.append(f"identifier {text!r} was left out: {error}")
            continue
        if identifier is None:
            problems.append(f"identifier {text!r} is not scheme:value, and was left out")
        else:
            found.append(identifier)
    kinds = (NameKind.PRIMARY, *(NameKind.ALIAS for _ in names[1:]))
    asked = tuple(Name(text, kind) for text, kind in zip(names, kinds, strict=True))
    return Query(asked, tuple(found_countries), tuple(found), addresses), problems


def read(path: Path, file: BinaryIO, columns: Mapping[str, str]) -> VendorFile:
    """The vendors of a CSV file. `columns` gives the field that a column of another name holds.

    Raises InputError for a file without a column `name`, one that is not UTF-8, is empty or is cut off.
    """
    rows = _rows(path, file)
    try:
        first = next(rows, None)
    except LayoutError as error:
        raise InputError(f"{error}: nothing was screened") from error
    if first is None:
        raise InputError(f"{path.name}: no vendors in the file")
    header = first.columns
    unknown = [column for column in columns if column not in header]
    if unknown:
        raise InputError(f"{path.name}: --map names column {', '.join(unknown)}, which the file does not have")
    wrong = [name for name in columns.values() if name not in KNOWN]
    if wrong:
        raise InputError(f"--map: no field {', '.join(wrong)}: there are {', '.join(KNOWN)}")
    fields = {column: columns.get(column) or _known(column) for column in header}
    twice = sorted({field for field in fields.values() if field in KNOWN and list(fields.values()).count(field) > 1})
    if twice:
        raise InputError(f"{path.name}: two columns are {', '.join(twice)}: name the one that counts with --map")
    if "name" not in fields.values():
        raise InputError(f"{path.name}: no column 'name' (the header has: {', '.join(header)}); use --map COLUMN=name")
    return VendorFile(header, _vendors(path, first, rows, fields))


def _known(column: str) -> str:
    """The field of a column: a known one in any case, else the column itself, passed through."""
    return column.strip().lower() if column.strip().lower() in KNOWN else column


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    columns: tuple[str, ...]
    cells: dict[str, str]
    problem: str


def _rows(path: Path, file: BinaryIO) -> Iterator[_Line]:
    from resolver.record import Malformed, csv_rows

    for row in csv_rows(file, path.name, repeats=True):
        if isinstance(row, Malformed):
            cells = dict(zip(row.columns, row.cells, strict=False))
            yield _Line(row.where.row, row.columns, cells, row.reason)
        else:
            yield _Line(row.where.row, tuple(row.whole()), dict(row.whole()), "")


def _vendors(path: Path, first: _Line, rows: Iterator[_Line], fields: Mapping[str, str]) -> Iterator[Vendor]:
    yield _vendor(first, fields)
    try:
        for line in rows:
            yield _vendor(line, fields)
    except LayoutError as error:
        raise InputError(f"{error}: nothing was written") from error


def _parts(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split("|"))))


def _vendor(line: _Line, fields: Mapping[str, str]) -> Vendor:
    value = {field: line.cells.get(column, "").strip() for column, field in fields.items()}
    name = value.get("name", "")
    id = value.get("id") or name
    if line.problem:
        return Vendor(line.number, id, name, line.cells, (), f"row {line.number}: {line.problem}")
    if not name or not fold(name):
        what = "no name" if not name else f"no letter and no digit in the name {name!r}"
        return Vendor(line.number, id, name, line.cells, (), f"row {line.number}: {what}")
    names = (name, *_parts(value.get("other_names", "")))
    asked, problems = query(
        names, value.get("country", ""), _parts(value.get("identifiers", "")), _parts(value.get("addresses", ""))
    )
    role, eccn = value.get("role", ""), value.get("eccn", "")
    parties = [Party("", asked, role, eccn)]
    for text in _parts(value.get("parties", "")):
        label, colon, other = text.partition(":")
        if not colon or not other.strip():
            problems.append(f"party {text!r} is not role:name, and was left out")
            continue
        parties.append(Party(f"{label.strip()}:{other.strip()}", Query((Name(other.strip()),)), label.strip(), eccn))
    return Vendor(line.number, id, name, line.cells, tuple(parties), "; ".join(problems))
