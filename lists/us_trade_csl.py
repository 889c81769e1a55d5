"""The US Consolidated Screening List: the lists of Commerce, State and the Treasury in one file.

Published daily as CSV and as JSON of the same fields. Quirks, each met in the files of 2022-05-16 and 2025-06:

* The first column is `_id` in the CSV and `id` elsewhere: a hash of the content, which 112 rows share with another, so that
  no id is made of it. OFAC's rows have OFAC's entry number; the others are known by source, raw name and the first Federal
  Register citation (citations grow over time), and rows that share all three are one party in several country blocks.
* `type` is empty for Commerce and State: nobody guesses it here.
* The text of a name, and of the aliases, follows the Entity List's prose: see `entry_names`. A parent named in it becomes an
  interest of unknown size. An entry named "Address 01" is an address.
* A cell of `ids` is "country, number, label" in 2022 and "label, number, country" since 2023.
* Dates run from year 17 to 3033: an impossible one is no date, and stands in the listing's reason as published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import BinaryIO

from lists import ofac
from lists.csl_rows import Published, published_rows
from lists.entry_names import EntryName, aliases, entry_name, plain_aliases, tidy
from lists.federal_register import citations, first_citation, listing_id, merged_listings, party_digest, published_day
from resolver.countries import country
from resolver.identifiers import Identifier, identifier
from resolver.model import Dataset, Entity, Interest, Listing, Name, NameKind, PublicList, Resource, Schema, Statement
from resolver.record import SetAside, Taken

_BULK = "https://data.trade.gov/downloadable_consolidated_screening_list/v1"

DATASET = Dataset(
    name="us_trade_csl",
    title="US Consolidated Screening List",
    publisher="US Department of Commerce, International Trade Administration",
    url="https://www.trade.gov/consolidated-screening-list",
    resources=(
        Resource("list", ("consolidated.csv", "consolidated.json", "consolidated.tsv"), f"{_BULK}/consolidated.csv"),
    ),
    licence="US Government work, public domain",
    prefix="us-trade-csl",
    frequency="daily",
    country="us",
    lists=(
        *ofac.LISTS,
        PublicList("us-bis-el", ("us-bis",), "licence required"),
        PublicList("us-bis-meu", ("us-bis",), "licence required"),
        PublicList("us-bis-mieu", (), "licence required"),
        PublicList("us-bis-uvl", (), "licence exceptions suspended"),
        PublicList("us-bis-dpl", (), "export privileges denied"),
        PublicList("us-state-dtc", (), "debarred"),
        PublicList("us-state-isn", (), "nonproliferation"),
    ),
    at_least=22_000,
    canaries=("Huawei Technologies Co., Ltd.", "Semiconductor Manufacturing International Corporation"),
    layout_seen=date(2025, 6, 1),
)

EDITION = re.compile(rb'"search_performed_at"\s*:\s*"(\d{4}-\d\d-\d\d)')
"""Where the JSON file says of which day it is; the CSV file does not say."""


def entity_id(code: str, name: str, cited: str) -> str:
    """The id of a party without a number, from its list, its name as published and its first citation."""
    return f"{DATASET.prefix}-{code.rpartition('-')[2]}-{party_digest(code, name, cited)}"


def _id(published: Published) -> str:
    if published.number:
        return f"{DATASET.prefix}-{published.number}"
    return entity_id(published.list, published.name, first_citation(published.notice))


def parse(files: Mapping[str, BinaryIO]) -> Iterator[Taken[Statement] | SetAside]:
    """Every row of the file: its party, its listings, and the interest of a parent that its name tells. Rows of one party
    each state all its listings, so that every row counts on its list."""
    outcomes = list(published_rows(files["list"], DATASET.resources[0].patterns))
    kept = [outcome.values[0] for outcome in outcomes if isinstance(outcome, Taken)]
    listings, parties = merged_listings(_every_listing(kept)), _by_name(kept)
    for outcome in outcomes:
        if isinstance(outcome, SetAside):
            yield outcome
            continue
        published = outcome.values[0]
        yield Taken(outcome.where, tuple(_statements(published, parties, listings[_id(published), published.list])))


def _by_name(kept: Iterable[Published]) -> dict[tuple[str, str], dict[str, str]]:
    """(list, name) -> first citation -> entity id, of the parties without a number."""
    parties: dict[tuple[str, str], dict[str, str]] = {}
    for one in kept:
        if not one.number:
            parties.setdefault((one.list, tidy(one.name)), {})[first_citation(one.notice)] = _id(one)
    return parties


def _statements(
    published: Published, parties: Mapping[tuple[str, str], Mapping[str, str]], listings: Iterable[Listing]
) -> Iterator[Statement]:
    entry = entry_name(published.name) if not published.number else None
    yield _entity(published, entry)
    yield from listings
    if entry and entry.parent:
        yield from _parent(published, entry.parent, parties)


_ADDRESS = re.compile(r"Address\s+\d+$")


def _entity(published: Published, entry: EntryName | None) -> Entity:
    own = [identifier("ofac-uid", published.number)] if published.number else []
    found = (ofac.document(one.label, one.number, one.issuer) for one in published.documents)
    identifiers: tuple[Identifier, ...] = tuple(dict.fromkeys((*own, *(one for one in found if one))))
    registered = next(
        (code for one in published.documents if one.label == ofac.REGISTERED_IN and (code := country(one.number))), None
    )
    established = (one.number for one in published.documents if one.label == ofac.ESTABLISHED)
    countries = (*published.countries, *(one.country for one in published.addresses))
    return Entity(
        id=_id(published),
        schema=Schema.ADDRESS if _ADDRESS.match(published.name) else published.schema,
        names=_names(published, entry),
        countries=tuple(dict.fromkeys(code for code in countries if code)),
        jurisdiction=None if published.schema is Schema.PERSON else ofac.jurisdiction(identifiers, registered),
        addresses=tuple(dict.fromkeys(one.text for one in published.addresses if one.text)),
        identifiers=identifiers,
        incorporation_date=next(filter(None, map(ofac.partial_date, established)), None),
        birth_date=next(filter(None, map(ofac.partial_date, published.birth_dates)), None),
        topics=(published.topic,),
    )


def _names(published: Published, entry: EntryName | None) -> tuple[Name, ...]:
    if entry:
        return tuple(dict.fromkeys((*entry.names, *(name for text in published.alternates for name in aliases(text)))))
    own, *others = dict.fromkeys(
        (tidy(published.name), *(one for text in published.alternates for one in plain_aliases(text)))
    )
    return (Name(own), *(Name(one, NameKind.ALIAS) for one in others))


def _listing(published: Published, entity: str, scope: str, measure: str) -> Listing:
    start, no_start = published_day(published.start, "listing date")
    end, no_end = published_day(published.end, "end date")
    if published.list == "us-ofac-cmic" and start is None:
        start = next((ofac.whole_day(one.number) for one in published.documents if one.label == ofac.CMIC_DATE), None)
    return Listing(
        id=listing_id(entity, published.list, measure),
        entity=entity,
        list=published.list,
        authority=published.authority,
        program=published.programs,
        measure=measure,
        scope=scope,
        listing_date=start,
        end_date=end,
        reason="; ".join(one for one in (published.remarks, no_start, no_end) if one),
        licence_requirement=published.requirement,
        licence_policy=published.policy,
        citation=citations(published.notice),
        source_url=published.url,
    )


def _measures(published: Published) -> tuple[str, ...]:
    """The directives that an entry is subject to, each a listing of its own; else the empty measure."""
    found: list[str | None] = []
    for one in published.documents:
        if published.list == "us-ofac-ssi" and one.label == ofac.SSI_DIRECTIVE:
            found.append(ofac.measure(one.number))
        elif (menu := ofac.menu_directive(one.label)) and published.list == ofac.list_of_directive(menu):
            found.append(menu)
    return tuple(dict.fromkeys(one for one in found if one)) or ("",)


def _every_listing(kept: Iterable[Published]) -> Iterator[Listing]:
    for published in kept:
        entity = _id(published)
        scope = "" if published.number else entry_name(published.name).scope
        for measure in _measures(published):
            yield _listing(published, entity, scope, measure)


def _parent(published: Published, name: str, parties: Mapping[tuple[str, str], Mapping[str, str]]) -> Iterator[Statement]:
    """The parent that a name tells, as an interest whose size nobody states; a parent without a row of its own is a stub."""
    known = parties.get((published.list, name), {})
    cited = first_citation(published.notice)
    if known:
        parent = known[cited] if cited in known else min(known.values())
    else:
        parent = entity_id(published.list, name, "")
        yield Entity(id=parent, schema=Schema.LEGAL_ENTITY, names=entry_name(name).names)
    if parent != _id(published):
        yield Interest(
            id=f"{_id(published)}-parent",
            subject=_id(published),
            interested_party=parent,
            source=f"{citations(published.notice)}: {published.name}",
        )
