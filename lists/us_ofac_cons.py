"""OFAC's consolidated non-SDN lists: sectoral (SSI), Chinese military-industrial (NS-CMIC), menu-based, CAPTA, NS-PLC, FSE.

Published as four CSV files without a header (see `ofac_csv`). No column says which list an entry is on; its programmes and
the directives in its remarks do. The programmes are those of the party, not of the entry: one that is an SDN too carries
the SDN programme's tag (RUSSIA-EO14024 on 86 sectoral entries of 2025-12-19), so that a tag outside LIST tells nothing; an
entry with no other sign is on the menu-based list, which is open to every programme. An entry subject to several directives
is listed once for each, because each is a rule of its own.
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
    name="us_ofac_cons",
    title="OFAC consolidated non-SDN lists",
    publisher="US Department of the Treasury, Office of Foreign Assets Control",
    url="https://sanctionslist.ofac.treas.gov/Home/ConsolidatedList",
    resources=(
        Resource("entries", ("cons_prim.csv",), f"{_EXPORTS}/CONS_PRIM.CSV"),
        Resource("alternates", ("cons_alt.csv",), f"{_EXPORTS}/CONS_ALT.CSV", principal=False, required=False),
        Resource("addresses", ("cons_add.csv",), f"{_EXPORTS}/CONS_ADD.CSV", principal=False, required=False),
        Resource("comments", ("cons_comments.csv",), f"{_EXPORTS}/CONS_COMMENTS.CSV", principal=False, required=False),
    ),
    licence="US Government work, public domain",
    prefix="us-ofac-cons",
    frequency="daily",
    country="us",
    lists=ofac.LISTS[1:],
    at_least=400,
    canaries=("SENSETIME GROUP LIMITED", "HUAWEI TECHNOLOGIES CO., LTD."),
    layout_seen=date(2025, 12, 19),
)

LIST = {
    "UKRAINE-EO13662": "us-ofac-ssi",
    "CMIC-EO13959": "us-ofac-cmic",
    "NS-PLC": "us-ofac-plc",
    "561-Related": "us-ofac-capta",
    "561List": "us-ofac-capta",
    "CAPTA": "us-ofac-capta",
    "FSE-IR": "us-ofac-fse",
    "FSE-SY": "us-ofac-fse",
}
"""Programme -> the list that is all its own."""


def _on(entry: ofac_csv.Entry) -> Iterator[tuple[str, str]]:
    """The lists that an entry is on, each with its measure."""
    named = dict.fromkeys(LIST[program] for program in entry.programs if program in LIST)
    for code in named:
        if code == "us-ofac-ssi" and entry.remarks.ssi_directives:
            yield from ((code, directive) for directive in entry.remarks.ssi_directives)
        else:
            yield code, ""
    for directive in entry.remarks.menu_directives:
        yield ofac.list_of_directive(directive), directive
    if not named and not entry.remarks.menu_directives:
        yield "us-ofac-mbs", ""


def _listings(entry: ofac_csv.Entry, entity: str) -> Iterable[Listing]:
    for code, measure in _on(entry):
        suffix = "-".join(one for one in (code.rpartition("-")[2], measure.lower()) if one)
        yield Listing(
            id=f"{entity}-{suffix}",
            entity=entity,
            list=code,
            authority=ofac.AUTHORITY,
            program=entry.programs,
            measure=measure,
            scope=entry.remarks.scope,
            listing_date=entry.remarks.cmic_date if code == "us-ofac-cmic" else None,
            reason=entry.remarks.text,
            source_url=ofac_csv.details(entry.number),
        )


def parse(files: Mapping[str, BinaryIO]) -> Iterator[Taken[Statement] | SetAside]:
    """Every row of the files: an entity and its listings for an entry, nothing of their own for the rows joined to it."""
    names = {resource.key: resource.patterns[0] for resource in DATASET.resources}
    return ofac_csv.statements(files, names, DATASET.prefix, _listings)
