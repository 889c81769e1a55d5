"""One row: its fields, taken or ignored by name, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from resolver.errors import RowError

T = TypeVar("T")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a source: the file's name and the row's number, counted from 1 for the first row of data."""

    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Taken(Generic[T]):
    """A row that was read, and what it says (nothing, for a row that only repeats or completes another)."""

    where: Where
    values: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that could not be read, with the reason and its text."""

    where: Where
    reason: str
    text: str


class Row:
    """The fields of one row. A field's value is a string; in XML and JSON it may also be a Row or a list of them."""

    __slots__ = ("_fields", "_read", "where")

    def __init__(self, fields: Mapping[str, Any], where: Where) -> None:
        self._read = fields
        self._fields = dict(fields)
        self.where = where

    def __contains__(self, field: str) -> bool:
        return field in self._fields

    def raw(self) -> str:
        """The row as it was read, as JSON, for the file of rows set aside."""
        return json.dumps(self._read, ensure_ascii=False, default=str)

    def whole(self) -> Mapping[str, Any]:
        """The row as it was read, for a format whose shape is checked as a whole. Raises RowError where it is no object."""
        return self._read

    def take(self, field: str) -> str:
        """The text of a field that must be there, stripped. Raises RowError where it is not there, or is no text."""
        fields = self._fields
        if field not in fields:
            raise RowError(f"no field {field!r}")
        # The text of a CSV cell, without a call more: a list of 25,000 rows takes 700,000 of them.
        return fields.pop(field).strip() if type(fields[field]) is str else self._text(field)

    def take_optional(self, field: str) -> str:
        """The text of a field that a row may lack (XML, JSON), stripped; empty where it is not there."""
        return self._text(field) if field in self._fields else ""

    def _text(self, field: str) -> str:
        value = self._fields.pop(field)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            raise RowError(f"field {field!r} is not text")
        return str(value).strip()

    def take_code(self, field: str, table: Mapping[str, V]) -> V:
        """What a table says of the field's value. Raises RowError for a value that the table does not know."""
        value = self.take(field)
        if value not in table:
            raise RowError(f"unknown {field} {value!r}")
        return table[value]

    def take_date(self, field: str, *formats: str) -> date | None:
        """A whole day in one of the `strptime` formats (default `%Y-%m-%d`); None where the field is empty or absent."""
        value = self.take_optional(field)
        return read_date(value, *formats) if value else None

    def take_row(self, field: str) -> Row:
        """A nested object; an empty Row where it is absent."""
        value = self._fields.pop(field, None)
        if value is None or value == "":
            return Row({}, self.where)
        if not isinstance(value, dict):
            raise RowError(f"field {field!r} is not an object")
        return Row(value, self.where)

    def take_rows(self, field: str) -> list[Row]:
        """A list of nested objects; a single object counts as a list of one, an absent one as none."""
        value = self._fields.pop(field, None)
        values = value if isinstance(value, list) else [] if value is None or value == "" else [value]
        rows = []
        for one in values:
            if one is None or one == "":
                continue
            if not isinstance(one, dict):
                raise RowError(f"field {field!r} does not hold objects")
            rows.append(Row(one, self.where))
        return rows

    def take_texts(self, field: str) -> list[str]:
        """A list of texts; a single one counts as a list of one, an absent one as none. Empty ones are left out."""
        value = self._fields.pop(field, None)
        values = value if isinstance(value, list) else [value]
        texts = []
        for one in values:
            if one is None:
                continue
            if isinstance(one, bool) or not isinstance(one, str | int | float | Decimal):
                raise RowError(f"field {field!r} does not hold texts")
            if text := str(one).strip():
                texts.append(text)
        return texts

    def finish(self, ignore: Iterable[str] = ()) -> None:
        """Raises RowError if a field that nobody took is left. A name in `ignore` may end in `*`."""
        ignored = list(ignore)
        stems = tuple(name[:-1] for name in ignored if name.endswith("*"))
        left = [
            field
            for field, value in self._fields.items()
            if field not in ignored and not (stems and field.startswith(stems)) and value not in (None, "", [], {})
        ]
        if left:
            raise RowError(f"field nobody reads: {', '.join(sorted(left))}")


def each(rows: Iterable[Row], read: Callable[[Row], Iterable[T]]) -> Iterator[Taken[T] | SetAside]:
    """Reads every row; one that raises RowError is set aside with its reason."""
    for row in rows:
        try:
            yield Taken(row.where, tuple(read(row)))
        except (RowError, ValueError) as error:
            yield SetAside(row.where, str(error), row.raw())


def read_date(text: str, *formats: str) -> date:
    """A whole day. Raises RowError for a text in none of the formats, and for a year before 1800 or after 2200."""
    for pattern in formats or ("%Y-%m-%d",):
        try:
            day = date.fromisoformat(text) if pattern == "%Y-%m-%d" else datetime.strptime(text, pattern).date()
        except ValueError:
            continue
        if not 1800 <= day.year <= 2200:
            break
        return day
    raise RowError(f"not a date: {text!r}")


class Malformed(Row):
    """A row that does not have the fields of its header: whatever is taken from it raises its reason."""

    __slots__ = ("cells", "columns", "reason")

    def __init__(self, where: Where, reason: str, cells: Sequence[str], columns: Sequence[str] = ()) -> None:
        super().__init__({str(position): cell for position, cell in enumerate(cells)}, where)
        self.reason = reason
        self.cells = tuple(cells)
        self.columns = tuple(columns)

    def take(self, field: str) -> str:
        """Raises RowError with the reason, whatever the field."""
        raise RowError(self.reason)

    take_optional = take

    def whole(self) -> Mapping[str, Any]:
        """Raises RowError with the reason."""
        raise RowError(self.reason)
