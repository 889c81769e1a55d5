"""Rows of delimited text (RFC 4180), streamed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from resolver.errors import LayoutError
from resolver.record.row import Malformed, Row, Where
from resolver.record.text import refuse_markup, text_stream

MAXIMUM_FIELD = 1 << 20
"""Characters in one CSV field; more is an unclosed quote that swallowed the rest of the file. The csv module keeps one limit
for the process, and two readers may take turns: it is set, and never set back."""


def csv_rows(
    file: BinaryIO,
    name: str,
    columns: Sequence[str] | None = None,
    *,
    encoding: str = "utf-8-sig",
    delimiter: str = ",",
    header: bool = True,
    required: Iterable[str] | None = None,
    repeats: bool = False,
) -> Iterator[Row]:
    """The rows of a delimited file (RFC 4180), as they are read.

    With a `header`, the first line names the columns: where `columns` are given it must name exactly these, in this order
    (spaces around a name do not count), and where `required` are given at least these. Without a header the `columns`
    name the fields by position. A row with another number of fields is set aside, and so is the header line where it
    stands again. Blank lines and the Ctrl-Z that ends a DOS file are passed over.

    Raises LayoutError for another header, a file that is empty, is not text in the encoding, is a web page, or ends
    inside a quoted field: it was cut off.
    """
    lines = Lines(text_stream(file, name, encoding))
    reader = csv.reader(lines, delimiter=delimiter, strict=False)
    csv.field_size_limit(MAXIMUM_FIELD)
    number = 0
    names: list[str] | None = None if header else list(columns or ())
    try:
        for cells in reader:
            if not cells or cells in ([""], ["\x1a"]):
                continue
            if names is None:
                names = _header(_apart(cells) if repeats else cells, name, columns, required)
                continue
            if number == 0 and not header:
                refuse_markup(cells[0], name)
            number += 1
            where = Where(name, number)
            if lines.ended:
                raise LayoutError(f"{name}: cut off inside a quoted field in row {number}")
            if header and cells == names:
                yield Malformed(where, "the header line stands again", cells)
                continue
            if len(cells) != len(names):
                yield Malformed(where, f"{len(cells)} fields where {len(names)} were expected", cells, names)
                continue
            yield Row(dict(zip(names, cells, strict=True)), where)
    except UnicodeDecodeError as error:
        raise LayoutError(f"{name}: not {encoding.removesuffix('-sig')} text after row {number}: {error.reason}") from error
    except csv.Error as error:
        raise LayoutError(f"{name}: cannot be read as CSV after row {number}: {error}") from error
    if names is None or (number == 0 and not header):
        raise LayoutError(f"{name}: the file is empty")


def csv_columns(
    file: BinaryIO, name: str, columns: Iterable[str], known: re.Pattern[str]
) -> Iterator[tuple[Where, dict[str, int], list[str]]]:
    """The rows of a wide delimited file, to be read by position: where each stands, the place of each column, and the
    cells. The header is checked once: every one of `columns` must be there, and each name must match `known` in full.
    The rows are not: one with another number of cells than the columns is for the caller to set aside.

    Raises LayoutError as `csv_rows` does.
    """
    lines = Lines(text_stream(file, name))
    reader = csv.reader(lines, strict=False)
    csv.field_size_limit(MAXIMUM_FIELD)
    number = 0
    places: dict[str, int] = {}
    try:
        for cells in reader:
            if not cells or cells in ([""], ["\x1a"]):
                continue
            if not places:
                names = _header(cells, name, None, columns)
                if unknown := [one for one in names if not known.fullmatch(one)]:
                    raise LayoutError(f"{name}: the header has changed: {_difference((), unknown)}")
                places = {one: place for place, one in enumerate(names)}
                continue
            number += 1
            if lines.ended:
                raise LayoutError(f"{name}: cut off inside a quoted field in row {number}")
            yield Where(name, number), places, cells
    except UnicodeDecodeError as error:
        raise LayoutError(f"{name}: not utf-8 text after row {number}: {error.reason}") from error
    except csv.Error as error:
        raise LayoutError(f"{name}: cannot be read as CSV after row {number}: {error}") from error
    if not places:
        raise LayoutError(f"{name}: the file is empty")


class Lines:
    """The lines of a stream. A csv reader asks for one more line only inside a quoted field: a row that comes once the
    stream has `ended` is one whose quote was never closed."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline()
        if not line:
            self.ended = True
            raise StopIteration
        return line


def _apart(cells: list[str]) -> list[str]:
    """The names of a header, each a name of its own: `note`, `note (2)`; blank ones are `column 5`."""
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        own = cell.strip() or f"column {place}"
        number = sum(1 for name in names if name == own or name.startswith(f"{own} ("))
        names.append(f"{own} ({number + 1})" if number else own)
    return names


def _header(cells: list[str], name: str, columns: Sequence[str] | None, required: Iterable[str] | None) -> list[str]:
    refuse_markup(cells[0], name)
    names = [cell.strip().strip('"') for cell in cells]
    repeated = sorted({one for one in names if names.count(one) > 1})
    if repeated:
        raise LayoutError(f"{name}: column stands twice in the header: {', '.join(repeated)}")
    if columns is not None and names != list(columns):
        missing = [column for column in columns if column not in names]
        unknown = [column for column in names if column not in columns]
        raise LayoutError(f"{name}: the header has changed: {_difference(missing, unknown)}")
    missing = [column for column in required or () if column not in names]
    if missing:
        raise LayoutError(f"{name}: no column {', '.join(missing)}")
    return names


def _difference(missing: Sequence[str], unknown: Sequence[str]) -> str:
    parts = []
    if missing:
        parts.append(f"missing {', '.join(missing[:5])}{' ...' if len(missing) > 5 else ''}")
    if unknown:
        parts.append(f"unknown {', '.join(unknown[:5])}{' ...' if len(unknown) > 5 else ''}")
    return "; ".join(parts) or "the columns stand in another order"
