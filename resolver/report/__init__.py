"""Rows of the report, and their forms: CSV, XLSX, JSON and a table for the terminal.

A row is a mapping of texts by column. The wording is careful everywhere: what is found by name is a potential match for a
person to decide, and nothing found is no clearance.
"""

from resolver.report.rows import COLUMNS, ReportRow, arranged, finding_id, header, order, with_inputs
from resolver.report.table import DISCLAIMER, displayed_width, overview, table
from resolver.report.tabular import as_text, write_csv, write_json, write_xlsx
from resolver.report.wording import next_step

__all__ = [
    "COLUMNS",
    "DISCLAIMER",
    "ReportRow",
    "arranged",
    "as_text",
    "displayed_width",
    "finding_id",
    "header",
    "next_step",
    "order",
    "overview",
    "table",
    "with_inputs",
    "write_csv",
    "write_json",
    "write_xlsx",
]
