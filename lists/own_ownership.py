"""The user's own ownership rows: who holds what in whom, as CSV.

`owner` and `subject` are the parties as the user writes them: a name, an id, or `scheme:value` of a known identifier.
An empty `share` says that the size is not known. An empty `direct_or_indirect` says that the row is a direct holding,
which is what a table of owners states unless it says otherwise; `unknown` and `indirect` are there to say so.
`appointmentOfBoard` without a share is the right to appoint a majority.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import BinaryIO

from lists.own_rows import Ids, Stated, party, period
from resolver.errors import RowError
from resolver.model import DIRECT_OR_INDIRECT, INTEREST_TYPES, Dataset, Interest, Resource, Statement
from resolver.record import Row, SetAside, Taken, csv_rows, each
from resolver.share import Share, parse_share

DATASET = Dataset(
    name="own_ownership",
    title="Ownership of your own",
    publisher="the user",
    url="",
    resources=(Resource("edges", ("*.csv", "*.csv.zip")),),
    licence="the user's own",
    prefix="own",
    frequency="on demand",
    country="",
)

REQUIRED = ("owner", "subject")
COLUMNS = (*REQUIRED, "share", "interest_type", "start_date", "end_date", "direct_or_indirect", "joint", "source")

_TYPES = {kind.lower(): kind for kind in INTEREST_TYPES} | {"": "shareholding"}
_DIRECTNESS = {text: text for text in DIRECT_OR_INDIRECT} | {"": "direct"}


def interest(take: Callable[[str], str], id: str, owner: str, subject: str) -> Interest:
    """The interest that a row states. `take(column)` gives a column's text, empty where the row has none.

    Raises RowError that names the column for a share, kind, date or directness that cannot be read.
    """
    kind = _TYPES.get(take("interest_type").lower())
    if kind is None:
        raise RowError(f"column interest_type: {take('interest_type')!r} is not a code of the BODS codelist")
    directness = _DIRECTNESS.get(take("direct_or_indirect").lower())
    if directness is None:
        raise RowError(f"column direct_or_indirect: {take('direct_or_indirect')!r} is none of direct, indirect, unknown")
    start, end = period(take("start_date"), take("end_date"))
    return Interest(
        id=id,
        subject=subject,
        interested_party=owner,
        type=kind,
        direct_or_indirect=directness,
        share=_share(take("share")),
        start_date=start,
        end_date=end,
        joint=take("joint") or None,
        source=take("source"),
    )


@lru_cache(maxsize=65_536)
def _share(text: str) -> Share | None:
    try:
        return parse_share(text)
    except ValueError as error:
        raise RowError(f"column share: {error}") from error


def parse(files: Mapping[str, BinaryIO], dataset: Dataset = DATASET) -> Iterator[Taken[Statement] | SetAside]:
    """The rows of `edges`: each party where it is first met or says more, and the interest."""
    ids, stated = Ids(dataset.prefix), Stated()

    def statements(row: Row) -> Iterator[Statement]:
        owner, subject = party(row, "owner", dataset.prefix), party(row, "subject", dataset.prefix)
        texts = {column: row.take_optional(column) for column in COLUMNS if column not in REQUIRED}
        content = (texts[column] for column in ("interest_type", "start_date", "joint", "source"))
        found = interest(texts.__getitem__, "", owner.id, subject.id)
        yield from stated.anew(owner, subject)
        yield replace(found, id=ids.of(owner.id, subject.id, *content))

    yield from each(csv_rows(files["edges"], dataset.resources[0].patterns[0], required=REQUIRED), statements)
