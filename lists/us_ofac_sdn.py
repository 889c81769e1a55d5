"""OFAC's Specially Designated Nationals and Blocked Persons: whose property is blocked in the United States.

Published by the Sanctions List Service as four CSV files without a header (see `ofac_csv`); only the entries are required,
because mirrors often keep `sdn.csv` alone, and then aliases and addresses are missing. Latin script only: the names in other
scripts stand in the XML editions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import BinaryIO

from lists import ofac, ofac_csv
from resolver.model import Dataset, Listing, Resource, Statement
from resolver.record import SetAside, Taken

_EXPORTS = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports"

DATASET = Dataset(
    name="us_ofac_sdn",
    title="OFAC Specially Designated Nationals and Blocked Persons",
    publisher="US Department of the Treasury, Office of Foreign Assets Control",
    url="https://sanctionslist.ofac.treas.gov/Home/SdnList",
    resources=(
        Resource("entries", ("sdn.csv",), f"{_EXPORTS}/SDN.CSV"),
        Resource("alternates", ("alt.csv",), f"{_EXPORTS}/ALT.CSV", principal=False, required=False),
        Resource("addresses", ("add.csv",), f"{_EXPORTS}/ADD.CSV", principal=False, required=False),
        Resource("comments", ("sdn_comments.csv",), f"{_EXPORTS}/SDN_COMMENTS.CSV", principal=False, required=False),
    ),
    licence="US Government work, public domain",
    prefix="us-ofac-sdn",
    frequency="daily",
    country="us",
    lists=ofac.LISTS[:1],
    at_least=17_000,
    canaries=("ISLAMIC REVOLUTIONARY GUARD CORPS", "HAMAS", "AEROCARIBBEAN AIRLINES"),
    layout_seen=date(2024, 5, 2),
)


def _listings(entry: ofac_csv.Entry, entity: str) -> Iterable[Listing]:
    yield Listing(
        id=f"{entity}-sdn",
        entity=entity,
        list="us-ofac-sdn",
        authority=ofac.AUTHORITY,
        program=entry.programs,
        scope=entry.remarks.scope,
        reason=entry.remarks.text,
        source_url=ofac_csv.details(entry.number),
    )


def parse(files: Mapping[str, BinaryIO]) -> Iterator[Taken[Statement] | SetAside]:
    """Every row of the files: an entity and its listing for an entry, nothing of their own for the rows joined to it."""
    names = {resource.key: resource.patterns[0] for resource in DATASET.resources}
    return ofac_csv.statements(files, names, DATASET.prefix, _listings)
