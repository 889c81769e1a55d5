"""The rules alone on the user's own edges (`resolver ownership`): three tables in, one out, no snapshot needed.

A bad row refuses its file, because what is missing from a graph changes other rows' answers in silence: the error is one
line that names file, row and column, and nothing is written. Rows are counted from 1 for the first row below the header.
"""

from __future__ import annotations

import csv
import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TextIO

from resolver import regimes, rules
from resolver.calculate import files
from resolver.calculate.files import ENTITY_COLUMNS, LISTED_COLUMNS, jurisdiction
from resolver.errors import InputError
from resolver.graph import Neighbourhood
from resolver.model import Finding
from resolver.share import decimal

__all__ = ["ENTITY_COLUMNS", "LISTED_COLUMNS", "OUT_COLUMNS", "as_text", "calculate", "jurisdiction", "write"]

OUT_COLUMNS = (
    "entity", "regime", "verdict", "share_minimum", "share_maximum", "listed_parties", "path", "authority", "as_of",
    "reason",
)  # fmt: skip


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
    with _uncollected():
        listings = files.listings(listed)
        known = files.entities(entities) if entities is not None else {}
        neighbourhood = Neighbourhood(known, files.interests(edges))
        found = rules.findings(neighbourhood, listings, as_of, regimes=regimes_asked, overrides=overrides)
    most_serious: dict[tuple[str, str], Finding] = {}
    for finding in found:
        best = most_serious.setdefault((finding.subject, finding.regime), finding)
        if finding.verdict.rank < best.verdict.rank:
            most_serious[finding.subject, finding.regime] = finding
    return [most_serious[key] for key in sorted(most_serious)]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of reference cycles: nothing here makes any, and it would walk all that is held, again and again
    (a third of the time for a million edges, not a byte less)."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


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
