"""The report as CSV, JSON and a workbook. A cell that a spreadsheet would run as a formula is written as text.

Formula injection: a vendor file is written by strangers, and `=HYPERLINK(...)` in a name must stay a name (OWASP, "CSV
Injection"). In CSV such a cell, or a line of it, gets an apostrophe; a workbook has typed cells and needs none.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TextIO

from resolver.errors import InputError
from resolver.report.rows import COLUMNS, header

_FORMULA = re.compile(r"(?:^|(?<=\n)|(?<=\r)(?!\n))(?=[^\S\r\n]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])")
_SUSPECT = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:[eE][+-]?\d+)?%?")
NUMBERS = ("match_score", "share_minimum", "share_maximum")
"""Columns whose decimals become numbers in a workbook. An input's digits stay text: 00123 is an id, no number."""
MAXIMUM_ROWS = 1_048_575
MAXIMUM_CELL = 32_767
"""Excel's limits: rows below the header of a sheet, and characters of a cell."""
EPOCH = datetime(2000, 1, 1)


def as_text(cell: str) -> str:
    """A cell so that no spreadsheet runs it: an apostrophe before every line of it that begins like a formula.

    A number keeps its sign: `-5` is no formula that does anything.
    """
    first = cell[:1]
    if first not in _SUSPECT and not first.isspace() and "\n" not in cell and "\r" not in cell:
        return cell
    if _NUMBER.fullmatch(cell):
        return cell
    guarded = _FORMULA.sub("'", cell)
    if guarded != cell and not guarded.startswith("'"):
        guarded = f"'{guarded}"
    return guarded


def write_csv(
    rows: Iterable[Mapping[str, str]], input_columns: Sequence[str], stream: TextIO, *, excel: bool = False
) -> None:
    """RFC 4180: commas, CRLF, a header always. `stream` is UTF-8 and was opened with `newline=""`; `excel` begins it with a
    byte order mark. The cells of input columns stand in the rows under their names in the report (`with_inputs`)."""
    columns = header(input_columns)
    if excel:
        stream.write("\ufeff")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([as_text(column) for column in columns])
    writer.writerows([as_text(_encodable(row.get(column, ""))) for column in columns] for row in rows)


def write_json(
    rows: Iterable[Mapping[str, str]], stream: TextIO, *, input_columns: Sequence[str] = (), lines: bool = False
) -> None:
    """One array of objects, or with `lines` one object a line. Every value is a string, the columns stand in order."""
    columns = header(input_columns)
    objects = ({column: _encodable(row.get(column, "")) for column in columns} for row in rows)
    if lines:
        for one in objects:
            stream.write(json.dumps(one, ensure_ascii=False) + "\n")
        return
    separator = "[\n"
    for one in objects:
        stream.write(separator + json.dumps(one, ensure_ascii=False))
        separator = ",\n"
    stream.write("[]\n" if separator == "[\n" else "\n]\n")


def write_xlsx(rows: Iterable[Mapping[str, str]], path: Path, *, input_columns: Sequence[str] = ()) -> None:
    """A workbook: scores and shares as numbers, all else as text; no formula, no link. More rows than a sheet holds go on
    in further sheets. The same rows give the same bytes.

    Raises InputError where the file cannot be written.
    """
    import pandas

    columns = header(input_columns)
    every = iter(rows)
    sheet = list(islice(every, MAXIMUM_ROWS))
    created = _created(sheet[0] if sheet else {})
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    try:
        with pandas.ExcelWriter(path, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
            writer.book.set_properties({"created": created})
            title = "report"
            while sheet or title == "report":
                cells = [[_cell(column, row.get(column, "")) for column in columns] for row in sheet]
                frame = pandas.DataFrame(cells, columns=columns, dtype=object)
                frame.to_excel(writer, sheet_name=title, index=False)
                writer.sheets[title].freeze_panes(1, 0)
                writer.sheets[title].autofilter(0, 0, len(cells), len(columns) - 1)
                sheet = list(islice(every, MAXIMUM_ROWS))
                title = f"report {len(writer.sheets) + 1}"
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from error


def _created(row: Mapping[str, str]) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(row.get("as_of", "")), datetime.min.time())
    except ValueError:
        return EPOCH


def _cell(column: str, text: str) -> str | float:
    if column in NUMBERS and column in COLUMNS:
        try:
            return float(text)
        except ValueError:
            return text
    text = _encodable(text)
    return text if len(text) <= MAXIMUM_CELL else f"{text[: MAXIMUM_CELL - 4]} ..."


def _encodable(text: str) -> str:
    """The text without lone surrogates, which UTF-8 cannot hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
