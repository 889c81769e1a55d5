"""The Denied Persons List of the US Bureau of Industry and Security: who may take no part in exports from the United States.

A tab-separated file with quoted cells. No number for a party: a person stands in one row for each address, known by name
and first Federal Register citation. A country is often missing where a US state is told (289 of 665 rows on 2023-11-30).
The same parties come in the Consolidated Screening List too: the two are joined by what both know them by.

The publisher gives the file no fixed address any more; its page now offers a table for export, whose columns nobody here has
seen. Whoever has the text file hands it over with `--from`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import BinaryIO

from lists.entry_names import entry_name
from lists.federal_register import citations, first_citation, listing_id, merged_listings, party_digest, published_day
from resolver.countries import CODES
from resolver.errors import RowError
from resolver.identifiers import identifier
from resolver.model import Dataset, Entity, Listing, PublicList, Resource, Schema, Statement
from resolver.record import Row, SetAside, Taken, csv_rows, each

DATASET = Dataset(
    name="us_bis_denied",
    title="US Denied Persons List",
    publisher="US Department of Commerce, Bureau of Industry and Security",
    url="https://www.bis.gov/licensing/end-user-guidance/denied-persons-list-dpl",
    resources=(Resource("list", ("dpl.txt",)),),
    licence="US Government work, public domain",
    prefix="us-bis-denied",
    frequency="daily",
    country="us",
    lists=(PublicList("us-bis-dpl", (), "export privileges denied"),),
    at_least=500,
    canaries=("MAHAN AIRWAYS",),
    layout_seen=date(2023, 11, 30),
)

COLUMNS = (
    "Name", "Street_Address", "City", "State", "Country", "Postal_Code", "Effective_Date", "Expiration_Date",
    "Standard_Order", "Last_Update", "Action", "FR_Citation",
)  # fmt: skip

STANDARD_ORDER = {
    "Y": "",
    "y": "",
    "": "",
    "N": "not a standard order: its own terms are in the Federal Register",
}
"""What `Standard_Order` adds to the reason of a listing."""


def _country(code: str, state: str) -> str | None:
    """A known code in lower case; the United States for an address that tells a state alone."""
    if not code:
        return "us" if state else None
    return code.lower() if code.lower() in CODES else None


def _read(row: Row) -> Iterable[tuple[Entity, Listing]]:
    name, notice = row.take("Name"), row.take("FR_Citation")
    if not name:
        raise RowError("an entry without a name")
    digest = party_digest("us-bis-dpl", name, first_citation(notice))
    place = [row.take(column) for column in ("Street_Address", "City", "State", "Postal_Code")]
    code = _country(row.take("Country"), place[2])
    entry = entry_name(name)
    entity = Entity(
        id=f"{DATASET.prefix}-{digest}",
        schema=Schema.LEGAL_ENTITY,
        names=entry.names,
        countries=(code,) if code else (),
        addresses=tuple(one for one in (", ".join(part for part in place if part),) if one),
        identifiers=(identifier("entity", f"us-trade-csl-dpl-{digest}"),),
        topics=("export.control",),
    )
    start, no_start = published_day(row.take("Effective_Date"), "effective date")
    end, no_end = published_day(row.take("Expiration_Date"), "expiration date")
    notes = (row.take("Action"), row.take_code("Standard_Order", STANDARD_ORDER), no_start, no_end)
    listing = Listing(
        id=listing_id(entity.id, "us-bis-dpl"),
        entity=entity.id,
        list="us-bis-dpl",
        authority=DATASET.publisher,
        scope=entry.scope,
        listing_date=start,
        end_date=end,
        reason="; ".join(one for one in notes if one),
        citation=citations(notice),
        source_url=DATASET.url,
    )
    row.finish(ignore=("Last_Update",))
    return ((entity, listing),)


def parse(files: Mapping[str, BinaryIO]) -> Iterator[Taken[Statement] | SetAside]:
    """Every row of the file: its party, with the row's address, and once each of the party's listings. A row that repeats
    another states nothing."""
    rows = csv_rows(files["list"], DATASET.resources[0].patterns[0], COLUMNS, delimiter="\t")
    outcomes = list(each(rows, _read))
    read = [pair for outcome in outcomes if isinstance(outcome, Taken) for pair in outcome.values]
    listings = merged_listings(listing for _, listing in read)
    seen: set[Statement] = set()
    for outcome in outcomes:
        if isinstance(outcome, SetAside):
            yield outcome
            continue
        entity, listing = outcome.values[0]
        told: tuple[Statement, ...] = (entity, *listings[listing.entity, listing.list])
        found = [one for one in told if one not in seen]
        seen.update(found)
        yield Taken(outcome.where, tuple(found))
