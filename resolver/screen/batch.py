"""A vendor file through the screener: every row of it comes back at least once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from resolver import report
from resolver.errors import InputError
from resolver.model import Verdict
from resolver.report import ReportRow
from resolver.screen import Screener
from resolver.screen.options import Options
from resolver.screen.vendors import read
from resolver.store import Snapshot

EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Batch:
    """A report: the input columns, the rows, and how many vendors have which verdict as their most serious."""

    columns: tuple[str, ...]
    rows: list[Mapping[str, str]]
    vendors: int
    verdicts: dict[str, int]
    stale: tuple[str, ...]

    def summary(self) -> str:
        """The report in one line."""
        parts = [
            f"{self.verdicts[verdict.value]:,} {verdict.value}" for verdict in Verdict if self.verdicts.get(verdict.value)
        ]
        stale = f"; stale: {', '.join(self.stale)}" if self.stale else ""
        return f"{self.vendors:,} vendors, {len(self.rows):,} rows: {', '.join(parts)}{stale}"


def batch(
    snapshot: Snapshot, path: Path, columns: Mapping[str, str], options: Options, progress: Callable[[str], None]
) -> Batch:
    """Screens every vendor of a file. The rows of one vendor stand together, the vendors by their most serious verdict and
    then in the file's order, so that what must be acted on is on top, and a vendor that could not be read before all.

    Raises InputError for a file that must be mended as a whole; nothing is written then.
    """
    screener = Screener(snapshot)
    answered: list[list[ReportRow]] = []
    verdicts: Counter[str] = Counter()
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    with file:
        vendors = read(path, file, columns)
        for number, vendor in enumerate(vendors.vendors):
            rows = sorted(screener.vendor(vendor, options), key=report.order)
            verdicts[rows[0]["verdict"]] += 1
            answered.append([report.with_inputs(row, vendor.inputs) for row in rows])
            if number % EVERY == EVERY - 1:
                progress(f"{number + 1:,} vendors screened")
    stale = tuple(f"{held.name} (of {held.list_date})" for held in snapshot.manifest.datasets if held.stale(options.as_of))
    return Batch(vendors.columns, report.arranged(answered), len(answered), dict(verdicts), stale)
