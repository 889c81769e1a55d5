"""The user's own ties that are not ownership: who provides what to whom, who directs what, as CSV.

A row reads `subject kind object`: the lessor provides_compute_to its customer, a branch is a branch of its head office.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from lists.own_rows import Ids, Stated, party, period
from resolver.errors import RowError
from resolver.model import LINK_KINDS, Dataset, Link, Resource, Statement
from resolver.record import Row, SetAside, Taken, csv_rows, each

DATASET = Dataset(
    name="own_links",
    title="Ties of your own",
    publisher="the user",
    url="",
    resources=(Resource("links", ("*.csv", "*.csv.zip")),),
    licence="the user's own",
    prefix="own",
    frequency="on demand",
    country="",
)

REQUIRED = ("subject", "object", "kind")


def parse(files: Mapping[str, BinaryIO], dataset: Dataset = DATASET) -> Iterator[Taken[Statement] | SetAside]:
    """The rows of `links`: each party where it is first met or says more, and the link."""
    ids, stated = Ids(dataset.prefix), Stated()

    def statements(row: Row) -> Iterator[Statement]:
        subject, other = party(row, "subject", dataset.prefix), party(row, "object", dataset.prefix)
        kind = row.take("kind").lower()
        if kind not in LINK_KINDS:
            raise RowError(f"column kind: {kind!r} is none of {', '.join(sorted(LINK_KINDS))}")
        start_text, end_text, source = (row.take_optional(one) for one in ("start_date", "end_date", "source"))
        start, end = period(start_text, end_text)
        yield from stated.anew(subject, other)
        id = ids.of(subject.id, other.id, kind, start_text, source)
        yield Link(id, kind, subject.id, other.id, start_date=start, end_date=end, source=source)

    yield from each(csv_rows(files["links"], dataset.resources[0].patterns[0], required=REQUIRED), statements)
