"""What lists made of Federal Register notices share: citations in prose, parties without a number. Not a list itself.

Seen on the Consolidated Screening List of 2022-05-16 and the Denied Persons Lists of 2019-06 to 2023-11-30: one party stands
in several rows (one for each address or country), its citations grow over time and differ in spelling from row to row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from hashlib import sha256

from resolver.errors import RowError
from resolver.model import Listing
from resolver.record import read_date

_GLUED = re.compile(r"(F\.?\s?R\.?\s*\d{3,}?)(\d\d)(?=\s*F\.?\s?R\.?\s*\d)", re.IGNORECASE)
_RUN_TOGETHER = re.compile(r"(?<=[\d)])(?:\s*[,;]\s*|\s+)(?:and\s+)?(?=\d+\s*\.?\s?F\.?\s?R\.?\s*\d)", re.IGNORECASE)
_CITATION = re.compile(r"(\d+)\s*\.?\s?F\.?\s?R\.?\s*(\d+)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def citations(notice: str) -> str:
    """The Federal Register notices of a cell, joined by `; ` however they were run together."""
    return _RUN_TOGETHER.sub("; ", _GLUED.sub(r"\1; \2", " ".join(notice.split()))).strip(" ,;")


@lru_cache(maxsize=4096)
def first_citation(notice: str) -> str:
    """`84 FR 22961` of a cell of citations; the whole text where none stands in it ("Vol. 86, No. 71, 04/15/2021")."""
    found = _CITATION.search(citations(notice))
    return f"{found[1]} FR {found[2]}" if found else " ".join(notice.split())


def party_digest(code: str, name: str, cited: str) -> str:
    """What a party without a number is known by: its list's code, its name as published, its first citation."""
    return sha256("\x1f".join((code, name, cited)).encode()).hexdigest()[:16]


def published_day(text: str, what: str) -> tuple[date | None, str]:
    """A day in either of the forms met (ISO, M/D/YYYY), or none and a note of what was published in its place: a slip like
    3033-01-17 must neither cost the row nor end the listing."""
    if not text:
        return None, ""
    try:
        return read_date(text, "%Y-%m-%d", "%m/%d/%Y"), ""
    except RowError:
        return None, f"{what} as published: {text}"


def merged_listings(listings: Iterable[Listing]) -> dict[tuple[str, str], list[Listing]]:
    """(entity id, list) -> its listings, each with an id of its own; they come with `listing_id`.

    Rows of one party whose listings differ in their notes alone (one citation more, a remark) make one, with the longest
    notes; others are numbered in the order of their dates and terms, so that the order of the rows decides nothing.
    """
    told: dict[tuple[str, str], dict[tuple[str, ...], Listing]] = {}
    for listing in listings:
        terms = (
            listing.measure,
            str(listing.listing_date),
            str(listing.end_date),
            " ".join(listing.licence_requirement.split()),
            " ".join(listing.licence_policy.split()),
        )
        same = told.setdefault((listing.entity, listing.list), {})
        same[terms] = max(same[terms], listing, key=_notes) if terms in same else listing
    return {key: list(_numbered(same)) for key, same in told.items()}


def _notes(listing: Listing) -> tuple[int, int, str, str]:
    return len(listing.citation), len(listing.reason), listing.source_url, listing.reason


def listing_id(entity: str, code: str, measure: str = "") -> str:
    """The id of a party's first listing on a list, under a measure."""
    return "-".join(one for one in (entity, code.rpartition("-")[2], measure.lower()) if one)


def _numbered(same: Mapping[tuple[str, ...], Listing]) -> Iterator[Listing]:
    met: dict[str, int] = {}
    for terms in sorted(same):
        listing = same[terms]
        met[listing.id] = met.get(listing.id, 0) + 1
        yield listing if met[listing.id] == 1 else replace(listing, id=f"{listing.id}-{met[listing.id]}")
