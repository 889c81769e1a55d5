"""A user's own table, of a workbook or of delimited text, as CSV under the field names that the readers know."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from resolver.errors import LayoutError
from resolver.record.delimited import Lines
from resolver.record.text import text_stream

_FRACTION = re.compile(r"0?\.\d*[1-9]\d*|1")


def table_bytes(path: Path, form: str, columns: Mapping[str, str]) -> tuple[bytes, tuple[str, ...]]:
    """A user's table, `csv` or `xlsx`, as CSV bytes whose header has `columns` renamed, and that header.

    Of a workbook the first sheet is read, dates as ISO 8601 and numbers as they would be typed. Raises LayoutError for
    a file that cannot be read, has no header, or lacks a column that is to be renamed.
    """
    rows = _workbook(path) if form == "xlsx" else _delimited(path)
    if not rows:
        raise LayoutError(f"{path.name}: the file is empty")
    header = [cell.strip() for cell in rows[0]]
    missing = [column for column in columns if column not in header]
    if missing:
        raise LayoutError(f"{path.name}: no column {', '.join(missing)} (the header has: {', '.join(header)})")
    rows[0] = [columns.get(column, column) for column in header]
    if form == "xlsx" and "share" in rows[0]:
        _mark_fractions(rows, rows[0].index("share"))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(), tuple(rows[0])


def _mark_fractions(rows: list[list[str]], place: int) -> None:
    """A workbook keeps a cell that shows 60 % as the number 0.6, which as it stands would be 0.6 per cent: such a cell is
    made one that no reader takes for a share, so that its row is set aside and says why."""
    for row in rows[1:]:
        if len(row) > place and _FRACTION.fullmatch(row[place].strip()):
            row[place] = f"{row[place].strip()}, which in a workbook may be a percentage: write it as text, 60 or 0.6%"


def _delimited(path: Path) -> list[list[str]]:
    with path.open("rb") as file:
        lines = Lines(text_stream(file, path.name))
        rows: list[list[str]] = []
        try:
            for row in csv.reader(lines, strict=False):
                if lines.ended:
                    raise LayoutError(f"{path.name}: cut off inside a quoted field in row {len(rows)}")
                if row:
                    rows.append(row)
        except UnicodeDecodeError as error:
            raise LayoutError(f"{path.name}: not UTF-8 text: {error.reason} at byte {error.start}") from error
        except csv.Error as error:
            raise LayoutError(f"{path.name}: cannot be read as CSV: {error}") from error
    return rows


def _workbook(path: Path) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, IndexError) as error:
        raise LayoutError(f"{path.name}: cannot be read as a workbook: {error}") from error
    return [[_typed(cell) for cell in row] for row in rows if any(cell not in (None, "") for cell in row)]


def _typed(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)
