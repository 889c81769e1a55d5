"""The rules alone on the user's own edges (`resolver ownership`): three tables in, one out, no snapshot needed.

A bad row refuses its file, because what is missing from a graph changes other rows' answers in silence: the error is one
line that names file, row and column, and nothing is written. Rows are counted from 1 for the first row below the header.
"""

from __future__ import annotations

import csv
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from sys import intern
from typing import TextIO, TypeVar

from resolver import catalog, regimes, rules
from resolver.errors import InputError, RowError
from resolver.graph import Neighbourhood
from resolver.model import Entity, Finding, Interest, Listing, Name, Schema
from resolver.record import read_date
from resolver.record.delimited import MAXIMUM_FIELD
from resolver.share import decimal

log = logging.getLogger(__name__)

LISTED_COLUMNS = ("entity", "list", "program", "measure", "scope", "listing_date", "end_date")
ENTITY_COLUMNS = ("entity", "name", "jurisdiction", "headquarters")
OUT_COLUMNS = (
    "entity", "regime", "verdict", "share_minimum", "share_maximum", "listed_parties", "path", "authority", "as_of",
    "reason",
)  # fmt: skip

Take = Callable[[str], str]
T = TypeVar("T")


def calculate(
    edges: Path,
    listed: Path,
    entities: Path | None,
    as_of: date,
    regimes_asked: Sequence[str] | None = None,
    overrides: Mapping[str, str] | None = None,
) -> list[Finding]:
    """The most serious finding for each entity and regime, sorted by both.

    Raises InputError for a file that must be mended, and for a regime or list there is not.
    """
    for code in regimes_asked or ():
        if code not in regimes.REGIMES and not regimes.is_list(code):
            raise InputError(f"no regime {code!r}: there are {', '.join(sorted(regimes.REGIMES))}, and lists without a rule")
    listings = _listings(listed)
    known = _entities(entities) if entities is not None else {}
    neighbourhood = Neighbourhood(known, tuple(_interests(edges)))
    found = rules.findings(neighbourhood, listings, as_of, regimes=regimes_asked, overrides=overrides)
    most_serious: dict[tuple[str, str], Finding] = {}
    for finding in found:
        best = most_serious.setdefault((finding.subject, finding.regime), finding)
        if finding.verdict.rank < best.verdict.rank:
            most_serious[finding.subject, finding.regime] = finding
    return [most_serious[key] for key in sorted(most_serious)]


def write(findings: Iterable[Finding], stream: TextIO) -> None:
    """The findings as CSV (RFC 4180). A cell that a spreadsheet would run as a formula is written as text: after a `'`."""
    writer = csv.writer(stream)
    writer.writerow(OUT_COLUMNS)
    for one in findings:
        share = (decimal(one.share.minimum), decimal(one.share.maximum)) if one.share else ("", "")
        parties = "; ".join(sorted(one.listed_parties))
        row = (one.subject, one.regime, one.verdict.value, *share, parties, one.path, one.authority, one.as_of.isoformat())
        writer.writerow([as_text(cell) for cell in (*row, one.reason)])


def as_text(cell: str) -> str:
    """A cell that begins like a formula, after an apostrophe (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


# ------------------------------------------------------------------------------------------------------------ the files


def _rows(path: Path, columns: Sequence[str], required: Sequence[str], read: Callable[[Take, int], T]) -> Iterator[T]:
    """What `read` makes of each row: it takes a column's text (empty where there is none), and the row's number."""
    number = 0
    try:
        with path.open(encoding="utf-8-sig", errors="strict", newline="") as stream:
            csv.field_size_limit(MAXIMUM_FIELD)
            reader = csv.reader(stream, strict=True)
            header = next((cells for cells in reader if any(cells)), None)
            if header is None:
                raise InputError(f"{path.name}: the file is empty; its columns are {','.join(columns)}")
            places = _places(path.name, header, columns, required)
            for cells in reader:
                if any(cells):
                    number += 1
                    if len(cells) != len(header):
                        raise RowError(_miscounted(header, cells))
                    yield read(partial(_cell, places, cells), number)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}, {_not_text(path)}: not UTF-8 text ({error.reason})") from error
    except csv.Error as error:
        raise InputError(f"{path.name}, {_unclosed(path, number)}: cannot be read as CSV, or cut off: {error}") from error
    except RowError as error:
        raise InputError(f"{path.name}, row {number}, {error}") from error


def _miscounted(header: Sequence[str], cells: Sequence[str]) -> str:
    counted = f"{len(cells)} fields where the header has {len(header)}"
    if len(cells) < len(header):
        return f"column {header[len(cells)]}: missing ({counted}): cut off?"
    return f"column {len(header) + 1}: no such column ({counted}): a stray comma?"


def _leniently(path: Path) -> Iterator[list[str]]:
    """The rows of a file that cannot be read, the header first; bytes that are no text stand as lone surrogates."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        yield from (cells for cells in csv.reader(stream) if any(cells))


def _not_text(path: Path) -> str:
    """The place of the first cell that is not UTF-8."""
    header: list[str] = []
    for number, cells in enumerate(_leniently(path)):
        header = header or cells
        for place, cell in enumerate(cells):
            if any("\udc80" <= character <= "\udcff" for character in cell):
                return f"row {number}, column {_column(header, place)}" if number else "header"
    return "header"


def _unclosed(path: Path, number: int) -> str:
    """The place of the cell that swallowed the rest of the file: the last of the row after `number` rows."""
    rows = _leniently(path)
    header = next(rows, [])
    cells = next((cells for position, cells in enumerate(rows) if position == number), [])
    return f"row {number + 1}, column {_column(header, len(cells) - 1)}" if cells else f"row {number + 1}"


def _column(header: Sequence[str], place: int) -> str:
    return header[place].strip() if place < len(header) else str(place + 1)


def _cell(places: Mapping[str, int], cells: Sequence[str], column: str) -> str:
    place = places.get(column)
    return "" if place is None else cells[place].strip()


def _places(name: str, header: Sequence[str], columns: Sequence[str], required: Sequence[str]) -> dict[str, int]:
    """Where each known column stands. Columns that nobody reads are named in a warning: one may be a misspelling."""
    names = [cell.strip().lower() for cell in header]
    missing = [column for column in required if column not in names]
    if missing:
        raise InputError(f"{name}, header: no column {', '.join(missing)}; its columns are {','.join(columns)}")
    twice = sorted({column for column in columns if names.count(column) > 1})
    if twice:
        raise InputError(f"{name}, header: column {', '.join(twice)} stands twice")
    unread = [cell for cell, column in zip(header, names, strict=True) if column not in columns]
    if unread:
        log.warning("%s: columns that are not read: %s", name, ", ".join(unread))
    return {column: names.index(column) for column in columns if column in names}


def _interests(path: Path) -> Iterator[Interest]:
    """The edges, each with its row as its id."""
    reader = catalog.own("own_ownership", "own").module

    def read(take: Take, number: int) -> Interest:
        owner, subject = _named("owner", take), _named("subject", take)
        found: Interest = reader.interest(take, f"row {number}", owner, subject)
        return found

    return _rows(path, reader.COLUMNS, reader.REQUIRED, read)


def _named(column: str, take: Take) -> str:
    text = take(column)
    if not text:
        raise RowError(f"column {column}: empty")
    return intern(text)


def _listings(path: Path) -> dict[str, tuple[Listing, ...]]:
    """The listed parties by entity, each entry with its row as its id."""

    def read(take: Take, number: int) -> Listing:
        code = take("list")
        if not regimes.is_list(code):
            raise RowError(f"column list: {code!r} is no list code")
        start, end = _day("listing_date", take), _day("end_date", take)
        if start and end and end < start:
            raise RowError(f"column end_date: {end} is before the listing_date {start}")
        return Listing(
            id=f"row {number}",
            entity=_named("entity", take),
            list=code,
            authority=regimes.regime(code).authority,
            program=tuple(one.strip() for one in take("program").split(";") if one.strip()),
            measure=take("measure"),
            scope=take("scope"),
            listing_date=start,
            end_date=end,
        )

    found: dict[str, tuple[Listing, ...]] = {}
    for listing in _rows(path, LISTED_COLUMNS, LISTED_COLUMNS[:2], read):
        found[listing.entity] = (*found.get(listing.entity, ()), listing)
    return found


def _day(column: str, take: Take) -> date | None:
    text = take(column)
    try:
        return read_date(text) if text else None
    except RowError as error:
        raise RowError(f"column {column}: {error} (write 2026-11-23)") from error


def _entities(path: Path) -> dict[str, Entity]:
    """What is known of the parties, by entity."""
    found: dict[str, Entity] = {}

    def read(take: Take, number: int) -> Entity:
        id, name = _named("entity", take), take("name")
        headquarters = jurisdiction(take("headquarters"))
        entity = Entity(
            id=id,
            schema=Schema.LEGAL_ENTITY,
            names=(Name(name),) if name else (),
            countries=(headquarters,) if headquarters else (),
            jurisdiction=jurisdiction(take("jurisdiction")) or None,
        )
        if found.setdefault(id, entity) != entity:
            raise RowError(f"column entity: {id!r} stands twice, with other facts")
        return entity

    for _ in _rows(path, ENTITY_COLUMNS, ENTITY_COLUMNS[:1], read):
        pass
    return found


_US = frozenset(
    (
        "usa; u.s.; u.s.a.; united states; united states of america; alabama; alaska; arizona; arkansas; "
        "california; colorado; connecticut; delaware; district of columbia; florida; hawaii; idaho; illinois; "
        "indiana; iowa; kansas; kentucky; louisiana; maine; maryland; massachusetts; michigan; minnesota; "
        "mississippi; missouri; montana; nebraska; nevada; new hampshire; new jersey; new mexico; new york; "
        "north carolina; north dakota; ohio; oklahoma; oregon; pennsylvania; rhode island; south carolina; "
        "south dakota; tennessee; texas; utah; vermont; virginia; washington; west virginia; wisconsin; wyoming"
    ).split("; ")
)
"""How people write that a company is organised in the United States. Georgia is left out: it is a country as well."""

_CODE = re.compile(r"^([a-z]{2})(?:[-_/ ,].*)?$")


def jurisdiction(text: str) -> str:
    """The country's two letters of `US`, `us-de`, `Delaware` or `United States`; any other text as it is, in lower case."""
    plain = text.strip().lower()
    if plain in _US or plain.rpartition(",")[2].strip() in _US:
        return "us"
    match = _CODE.match(plain)
    return match[1] if match else plain
