"""A CSV table of the user's own: opened, its columns found, and what is wrong with it told by file, row and column.

Rows are counted from 1 for the first row below the header; empty ones are passed over.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from resolver.errors import InputError, RowError
from resolver.record.delimited import MAXIMUM_FIELD

log = logging.getLogger(__name__)

Take = Callable[[str], str]
T = TypeVar("T")


class Table:
    """A table being read: its rows that are not empty, where its columns stand, and how many rows were read so far."""

    __slots__ = ("header", "number", "places", "rows")

    def __init__(self, rows: Iterator[list[str]], header: Sequence[str], places: Mapping[str, int]) -> None:
        self.rows, self.header, self.places = rows, header, places
        self.number = 0

    def __iter__(self) -> Iterator[list[str]]:
        """The rows. Raises RowError for one that has not as many fields as the header."""
        width = len(self.header)
        for cells in self.rows:
            self.number += 1
            if len(cells) != width:
                raise RowError(_miscounted(self.header, cells))
            yield cells


@contextmanager
def table(path: Path, columns: Sequence[str], required: Sequence[str]) -> Iterator[Table]:
    """The table of a file. Raises InputError for whatever goes wrong while it is read, at the row that its number says."""
    found: Table | None = None
    try:
        with path.open(encoding="utf-8-sig", errors="strict", newline="") as stream:
            csv.field_size_limit(MAXIMUM_FIELD)
            cells = filter(any, csv.reader(stream, strict=True))
            header = next(cells, None)
            if header is None:
                raise InputError(f"{path.name}: the file is empty; its columns are {','.join(columns)}")
            found = Table(cells, header, _places(path.name, header, columns, required))
            yield found
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}, {_not_text(path)}: not UTF-8 text ({error.reason})") from error
    except csv.Error as error:
        place = _unclosed(path, found.number if found else 0)
        raise InputError(f"{path.name}, {place}: cannot be read as CSV, or cut off: {error}") from error
    except RowError as error:
        raise InputError(f"{path.name}, row {found.number if found else 0}, {error}") from error


def rows(path: Path, columns: Sequence[str], required: Sequence[str], read: Callable[[Take, int], T]) -> Iterator[T]:
    """What `read` makes of each row: it takes a column's text (empty where there is none), and the row's number."""
    with table(path, columns, required) as told:
        for cells in told:
            yield read(partial(_cell, told.places, cells), told.number)


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
