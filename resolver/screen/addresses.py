"""The SHARED_ADDRESS rows of one question: listed parties in the very unit that the party uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from resolver import report
from resolver.graph import is_current
from resolver.match.tenancy import Shared, Tenancy
from resolver.model import Listing, Verdict
from resolver.report import ReportRow
from resolver.screen.around import party
from resolver.screen.hits import Hit
from resolver.screen.rows import Asked, base_row, listing_columns, match_columns, regime_of


@lru_cache(maxsize=4)
def _tenancy(path: Path) -> Tenancy | None:
    """The units of a snapshot; None in one that was built before there were any."""
    return Tenancy(path) if path.is_file() else None


def at_listed_addresses(asked: Asked, hits: Sequence[Hit], rows: Sequence[ReportRow]) -> Iterator[ReportRow]:
    """One row per regime and listed party. What other `rows` say of the same list entry is more serious, and stands alone.

    The addresses are the question's, and those of the parties, on no list, that are known by the name or identifier asked.
    """
    tenancy = _tenancy(asked.snapshot.joined / "addresses")
    if tenancy is None:
        return
    told = {(row["regime"], id) for row in rows for id in row["list_entry_id"].split("; ")}
    meant = {hit.canonical for hit in hits}
    for hit, address in _addresses(asked, hits):
        for shared in sorted(tenancy.shared(address)):
            if asked.snapshot.links_file.canonical(shared.entity) in meant:
                continue
            for listing in asked.snapshot.listings(shared.entity):
                key = (regime_of(listing), listing.id)
                if key not in told and _wanted(asked, listing):
                    told.add(key)
                    yield _row(asked, hit, address, shared, listing)


def _addresses(asked: Asked, hits: Sequence[Hit]) -> Iterator[tuple[Hit | None, str]]:
    known = next((hit for hit in hits if not hit.listed and (hit.named or hit.status != "potential")), None)
    for address in asked.party.query.addresses:
        yield known, address
    if known is not None:
        for address in party(asked.snapshot, known.canonical).addresses:
            yield known, address


def _wanted(asked: Asked, listing: Listing) -> bool:
    options = asked.options
    stands = is_current(listing.listing_date, listing.end_date, options.as_of)
    return stands and (not options.regimes or bool({regime_of(listing), listing.list} & set(options.regimes)))


def _row(asked: Asked, hit: Hit | None, address: str, shared: Shared, listing: Listing) -> ReportRow:
    entity = asked.snapshot.entity(shared.entity)
    listed = entity.caption if entity is not None else shared.entity
    name = hit.entity.caption if hit is not None else asked.party.query.names[0].text
    others = "nobody else is" if shared.tenants < 2 else f"{shared.tenants} parties in all are"
    reason = (
        f"uses the unit that {listing.list} gives as an address of {listed} ({shared.address}); {others} known there; "
        "an address proves nothing alone"
    )
    row = base_row(asked, Verdict.SHARED_ADDRESS, reason)
    if hit is not None:
        row.update(match_columns(hit.match, hit.status))
    row.update(listing_columns(asked, [listing]))
    row["regime"] = regime_of(listing)
    row["path"] = f"{name} -[at {address}]-> {listed}"
    row["finding_id"] = report.finding_id(
        asked.vendor, asked.party.label, hit.entity.id if hit else "", row["regime"], f"address:{shared.entity}"
    )
    row["next_step"] = report.next_step(Verdict.SHARED_ADDRESS, row["legal_effect"], asked.party.query.names[0].text)
    return row
