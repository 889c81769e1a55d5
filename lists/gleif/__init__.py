"""GLEIF golden copy: who holds an LEI, and which of them consolidates which in its accounts.

Three files, each published as CSV, XML and JSON (told apart by their first bytes): lei2 (LEI-CDF 3.1, who is who), rr
(RR-CDF 2.1, who owns whom) and repex (why a parent is not reported). An intra-day or daily delta has the same layout.

* A relationship runs from StartNode, the child, to EndNode, the parent. It says that the parent consolidates the child in
  its accounts, which is no percentage of ownership: the rarely given quantifier is the percentage of consolidation (100
  for a subsidiary held at 60 under IFRS 10), and stays in the interest's source, never in its share.
* RegistrationStatus stands under Registration, not under Entity. LAPSED says that nobody renewed the LEI, not that the
  company or the relationship ended.
* The number under which a company is registered is as good as its register. A Chinese one is a Unified Social Credit Code
  by its check digit, whatever the authority's code (RA000092 is the register of the People's Republic; RA000469, which
  is sometimes named for it, is Nigeria's). German numbers repeat from court to court and identify nobody alone.
* A relationship may name an LEI that lei2 does not hold (a delta, a retired record): both ends are stated as parties
  without a name, which the store merges with the record where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import BinaryIO

from lists.gleif import nested, wide
from resolver.errors import LayoutError
from resolver.model import Dataset, Resource, Statement
from resolver.record import Row, SetAside, Taken, csv_rows, each, json_rows, peek, xml_rows

_PUBLISHES = "https://goldencopy.gleif.org/api/v2/golden-copies/publishes"

DATASET = Dataset(
    name="gleif",
    title="Global LEI Index, Level 1 and Level 2",
    publisher="Global Legal Entity Identifier Foundation",
    url="https://www.gleif.org/en/lei-data/gleif-golden-copy",
    resources=(
        Resource(
            "lei2",
            ("*gleif-goldencopy-lei2*", "*lei2*", "lei-data*", "lei-updates*"),
            url=f"{_PUBLISHES}/lei2/latest.csv",
        ),
        Resource(
            "rr",
            ("*gleif-goldencopy-rr*", "*-rr-*", "rr-data*", "rr-updates*", "rr.*"),
            url=f"{_PUBLISHES}/rr/latest.csv",
            principal=False,
            required=False,
        ),
        Resource(
            "repex",
            ("*gleif-goldencopy-repex*", "*repex*"),
            url=f"{_PUBLISHES}/repex/latest.csv",
            principal=False,
            required=False,
        ),
    ),
    licence="CC0-1.0",
    prefix="gleif",
    frequency="daily",
    country="zz",
    at_least=3_000_000,
    canaries=("Global Legal Entity Identifier Foundation",),
    layout_seen=date(2026, 3, 20),
)

_XML = {
    "lei2": ("LEIRecord", "LEIData"),
    "rr": ("RelationshipRecord", "RelationshipData"),
    "repex": ("Exception", "ReportingExceptionData"),
}
_ARRAYS = ("records", "relations", "exceptions")
"""What the one array of a golden copy in JSON is called, file by file."""


def parse(files: Mapping[str, BinaryIO]) -> Iterator[Taken[Statement] | SetAside]:
    """The outcome of every row of lei2, then of rr and repex where they are given. Raises LayoutError."""
    for resource in DATASET.resources:
        if resource.key in files:
            yield from _parse(resource.key, files[resource.key], resource.patterns[0])


def _parse(key: str, opened: BinaryIO, name: str) -> Iterator[Taken[Statement] | SetAside]:
    head, file = peek(opened)
    if head.startswith(b"<"):
        tag, root = _XML[key]
        rows = (row for _, row in xml_rows(file, name, [tag], root=[root], attributes=True))
        return each(rows, nested.READERS[key])
    if head.startswith((b"{", b"[")):
        return each(json_rows(file, name, _array(head, name)), nested.by_shape)
    if key == "lei2":
        return wide.entities(file, name)
    required, read = _FLAT[key]
    return each(csv_rows(file, name, required=required), read)


def _array(head: bytes, name: str) -> str | None:
    if head.startswith(b"["):
        return None
    for key in _ARRAYS:
        if re.match(rb'\{\s*"' + key.encode() + rb'"\s*:\s*\[', head):
            return key
    raise LayoutError(f"{name}: a JSON object without an array {', '.join(_ARRAYS)} at its top")


_FLAT: dict[str, tuple[tuple[str, ...], Callable[[Row], Iterable[Statement]]]] = {
    "rr": (wide.RELATIONSHIP_COLUMNS, wide.relationship),
    "repex": (wide.EXCEPTION_COLUMNS, wide.exception),
}
