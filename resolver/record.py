"""One row of a source, and the readers that make rows of CSV, XML and JSON.

Every field of a row is taken or ignored by name, so that the day a publisher renames, adds or drops a field is the day
the list stops, and not the day a subsidiary is missed:

    row.take("name")                       a field that must be there (it may be empty)
    row.take_code("type", SCHEMA)          a field whose every value is in a table
    row.finish(ignore=["etag"])            nothing else may be left

A row that cannot be read raises RowError; `each` sets it aside with its reason and goes on. A file that is not what the
list was written for (another header, a web page, a cut-off XML) raises LayoutError, and nothing of it comes in.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar, cast

from resolver.errors import LayoutError, RowError

T = TypeVar("T")
V = TypeVar("V")

MAXIMUM_FIELD = 1 << 20
"""Characters in one CSV field; more is an unclosed quote that swallowed the rest of the file. The csv module keeps one limit
for the process, and two readers may take turns: it is set, and never set back."""


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


def text_stream(file: BinaryIO, name: str, encoding: str = "utf-8-sig") -> io.TextIOWrapper:
    """The file as text, strictly decoded; a byte order mark is welcome. Reading it raises UnicodeDecodeError."""
    codecs.lookup(encoding)
    return io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")


def csv_rows(
    file: BinaryIO,
    name: str,
    columns: Sequence[str] | None = None,
    *,
    encoding: str = "utf-8-sig",
    delimiter: str = ",",
    header: bool = True,
    required: Iterable[str] | None = None,
) -> Iterator[Row]:
    """The rows of a delimited file (RFC 4180), as they are read.

    With a `header`, the first line names the columns: where `columns` are given it must name exactly these, in this order
    (spaces around a name do not count), and where `required` are given at least these. Without a header the `columns`
    name the fields by position. A row with another number of fields is set aside, and so is the header line where it
    stands again. Blank lines and the Ctrl-Z that ends a DOS file are passed over.

    Raises LayoutError for another header, a file that is empty, is not text in the encoding, is a web page, or ends
    inside a quoted field: it was cut off.
    """
    lines = _Lines(text_stream(file, name, encoding))
    reader = csv.reader(lines, delimiter=delimiter, strict=False)
    csv.field_size_limit(MAXIMUM_FIELD)
    number = 0
    names: list[str] | None = None if header else list(columns or ())
    try:
        for cells in reader:
            if not cells or cells in ([""], ["\x1a"]):
                continue
            if names is None:
                names = _header(cells, name, columns, required)
                continue
            if number == 0 and not header:
                _refuse_markup(cells[0], name)
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


def csv_columns(
    file: BinaryIO, name: str, columns: Iterable[str], known: re.Pattern[str]
) -> Iterator[tuple[Where, dict[str, int], list[str]]]:
    """The rows of a wide delimited file, to be read by position: where each stands, the place of each column, and the
    cells. The header is checked once: every one of `columns` must be there, and each name must match `known` in full.
    The rows are not: one with another number of cells than the columns is for the caller to set aside.

    Raises LayoutError as `csv_rows` does.
    """
    lines = _Lines(text_stream(file, name))
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


def peek(file: BinaryIO, size: int = 4096) -> tuple[bytes, BinaryIO]:
    """The first bytes of a file (fewer where it is shorter), without a byte order mark or leading space, and the file as
    it was: by them a list tells CSV, XML and JSON apart."""
    buffered = cast(Any, file if hasattr(file, "peek") else io.BufferedReader(cast(io.RawIOBase, file), max(size, CHUNK)))
    return bytes(buffered.peek(size)[:size]).removeprefix(codecs.BOM_UTF8).lstrip(), cast(BinaryIO, buffered)


class _Lines:
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


def _refuse_markup(first: str, name: str) -> None:
    if first.lstrip("\ufeff \t").startswith("<"):
        raise LayoutError(f"{name}: a web page or XML in place of a table")


def _header(cells: list[str], name: str, columns: Sequence[str] | None, required: Iterable[str] | None) -> list[str]:
    _refuse_markup(cells[0], name)
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


def xml_rows(
    file: BinaryIO, name: str, tags: Iterable[str], *, root: Iterable[str], attributes: bool = False
) -> Iterator[tuple[str, Row]]:
    """The elements of the given local names, streamed, as (local name, Row); namespaces are dropped.

    A child element without children is its text, one with children an object; a name that stands several times is a
    list. With `attributes`, an attribute is a field `@name`, and an element that has both attributes and text keeps its
    text under `#text`. The root element's local name must be one of `root`. Entities are not expanded and nothing is
    fetched; libxml2's own limits on depth, names and amplification stand.

    Raises LayoutError for a file that is not well-formed, is cut off, declares entities, or has another root.
    """
    from lxml import etree

    wanted = frozenset(tags)
    roots = frozenset(root)
    counts: dict[str, int] = {}
    opened = 0
    try:
        context = etree.iterparse(
            file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        for event, element in context:
            tag = _local(element.tag)
            if event == "start":
                if opened == 0:
                    if tag not in roots:
                        raise LayoutError(f"{name}: the root element is {tag!r}, expected {' or '.join(sorted(roots))}")
                    doctype = element.getroottree().docinfo.doctype
                    if doctype:
                        raise LayoutError(f"{name}: declares a document type, as the publisher's file never does")
                opened += 1
                continue
            if tag in wanted:
                counts[tag] = counts.get(tag, 0) + 1
                value = _element(element, attributes)
                fields = value if isinstance(value, dict) else {"#text": value}
                yield tag, Row(fields, Where(name, sum(counts.values())))
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        what = "a web page" if "html" in str(error).lower() or "hr line" in str(error) else "not well-formed XML"
        raise LayoutError(f"{name}: {what}, or cut off, after {sum(counts.values())} records: {error.msg}") from error
    if opened == 0:
        raise LayoutError(f"{name}: the file is empty")


def _local(tag: Any) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _element(element: Any, attributes: bool) -> Any:
    fields: dict[str, Any] = {}
    if attributes:
        fields.update({f"@{_local(key)}": value for key, value in element.attrib.items()})
    for child in element:
        if not isinstance(child.tag, str):
            continue
        tag, value = _local(child.tag), _element(child, attributes)
        if tag in fields:
            known = fields[tag]
            fields[tag] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            fields[tag] = value
    text = (element.text or "").strip()
    if not fields:
        return text
    if text:
        fields["#text"] = text
    return fields


_SPACE = re.compile(r"[\s,]*")
CHUNK = 1 << 20


def json_rows(file: BinaryIO, name: str, key: str | None = None, *, exact: bool = False) -> Iterator[Row]:
    """The objects of a JSON array, streamed: the array at the top, or the one under `key` in the top object. With
    `exact`, a number with a decimal point is a Decimal of its own digits, and not a float.

    Raises LayoutError for a file that is not JSON, is cut off, or has no such array.
    """
    stream = text_stream(file, name)
    number = 0
    try:
        for value in _array(stream, name, key, exact):
            number += 1
            if not isinstance(value, dict):
                raise LayoutError(f"{name}: record {number} is not an object")
            yield Row(value, Where(name, number))
    except UnicodeDecodeError as error:
        raise LayoutError(f"{name}: not UTF-8 text after record {number}: {error.reason}") from error
    except RecursionError as error:
        raise LayoutError(f"{name}: nested too deep after record {number}") from error
    except ValueError as error:
        raise LayoutError(f"{name}: a number of too many digits after record {number}") from error


def _array(stream: io.TextIOWrapper, name: str, key: str | None, exact: bool) -> Iterator[Any]:
    buffer = stream.read(CHUNK).lstrip()
    if not buffer:
        raise LayoutError(f"{name}: the file is empty")
    if buffer.startswith("<"):
        raise LayoutError(f"{name}: a web page or XML in place of JSON")
    position = _start(buffer, name, key)
    decoder = json.JSONDecoder(parse_float=Decimal if exact else None)
    ended = False
    while True:
        space = _SPACE.match(buffer, position)
        position = space.end() if space else position
        if position < len(buffer) and buffer[position] == "]":
            return
        try:
            value, end = decoder.raw_decode(buffer, position)
            if end == len(buffer) and not ended:
                raise json.JSONDecodeError("perhaps more to come", buffer, end)
        except json.JSONDecodeError as error:
            if ended:
                raise LayoutError(f"{name}: cut off, or not JSON: {error.msg}") from error
            more = stream.read(max(CHUNK, len(buffer) - position))
            ended = not more
            buffer, position = buffer[position:] + more, 0
            continue
        yield value
        position = end
        if position > CHUNK:
            buffer, position = buffer[position:], 0


def _start(buffer: str, name: str, key: str | None) -> int:
    if key is None or buffer.startswith("["):
        if not buffer.startswith("["):
            raise LayoutError(f"{name}: no JSON array at the top")
        return 1
    found = re.search(rf'"{re.escape(key)}"\s*:\s*\[', buffer)
    if not found:
        raise LayoutError(f"{name}: no JSON array {key!r} at the top")
    return found.end()


def json_lines(file: BinaryIO, name: str, *, exact: bool = False) -> Iterator[Row]:
    """The objects of a file of JSON lines. A line that is not an object is set aside as a row. `exact` as in `json_rows`.

    Raises LayoutError for a file that is not UTF-8 or begins like a web page.
    """
    stream = text_stream(file, name)
    number = 0
    try:
        for line in stream:
            text = line.strip()
            if not text:
                continue
            number += 1
            if number == 1 and text.startswith("<"):
                raise LayoutError(f"{name}: a web page or XML in place of JSON lines")
            try:
                value = json.loads(text, parse_float=Decimal if exact else None)
            except (ValueError, RecursionError):
                yield Malformed(Where(name, number), "not JSON, or cut off", [text])
                continue
            if not isinstance(value, dict):
                yield Malformed(Where(name, number), "not a JSON object", [text])
                continue
            yield Row(value, Where(name, number))
    except UnicodeDecodeError as error:
        raise LayoutError(f"{name}: not UTF-8 text after line {number}: {error.reason}") from error
    if number == 0:
        raise LayoutError(f"{name}: the file is empty")


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
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(), tuple(rows[0])


def _delimited(path: Path) -> list[list[str]]:
    with path.open("rb") as file:
        try:
            return [row for row in csv.reader(text_stream(file, path.name), strict=False) if row]
        except UnicodeDecodeError as error:
            raise LayoutError(f"{path.name}: not UTF-8 text: {error.reason} at byte {error.start}") from error
        except csv.Error as error:
            raise LayoutError(f"{path.name}: cannot be read as CSV: {error}") from error


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
