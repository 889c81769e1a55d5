"""One row of a source, and the readers that make rows of CSV, XML, JSON and workbooks.

Every field of a row is taken or ignored by name, so that the day a publisher renames, adds or drops a field is the day
the list stops, and not the day a subsidiary is missed:

    row.take("name")                       a field that must be there (it may be empty)
    row.take_code("type", SCHEMA)          a field whose every value is in a table
    row.finish(ignore=["etag"])            nothing else may be left

A row that cannot be read raises RowError; `each` sets it aside with its reason and goes on. A file that is not what the
list was written for (another header, a web page, a cut-off XML) raises LayoutError, and nothing of it comes in.
"""

from resolver.record.delimited import csv_columns, csv_rows
from resolver.record.markup import xml_rows
from resolver.record.objects import json_lines, json_rows
from resolver.record.row import Malformed, Row, SetAside, Taken, Where, each, read_date
from resolver.record.table import table_bytes
from resolver.record.text import peek, text_stream

__all__ = [
    "Malformed",
    "Row",
    "SetAside",
    "Taken",
    "Where",
    "csv_columns",
    "csv_rows",
    "each",
    "json_lines",
    "json_rows",
    "peek",
    "read_date",
    "table_bytes",
    "text_stream",
    "xml_rows",
]
