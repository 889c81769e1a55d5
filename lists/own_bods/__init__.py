"""The user's own ownership data in the Beneficial Ownership Data Standard: 0.2, 0.3 and 0.4, a JSON array or JSON lines.

* Each statement is read by its own `publicationDetails.bodsVersion`; without one, by its shape (`recordType` is 0.4,
  `statementType` is older). `exclusiveMinimum` and `exclusiveMaximum` are numbers in 0.4 and flags before it, where a
  maximum without its flag is exclusive (0.2 and 0.3 schema, default true): 25 to 50 is [25,50) there and [25,50] in 0.4.
* Statements supersede each other: of the statements on one record (0.4), and of one and what it `replacesStatements` (0.2,
  0.3), the newest relationship counts. A closed one ends on the day of the statement that closes it.
* An indirect interest that names its components is told twice. Where components of the same type join its two ends, they
  stand and the summary does not; where they do not (a link is missing, or of another kind), the summary stands.
* A party that is not specified becomes a party without a name; a party that the file names and does not describe, too.
* Open Ownership's own pipelines lose two things that they keep in `details`: the open ends of the United Kingdom's bands
  (they write 25 to 50, both inclusive, for "more than 25% but not more than 50%"), and that a GLEIF relationship is
  accounting consolidation, or one between funds that is no control at all. Both are read back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from lists.own_bods.package import statements
from resolver.model import Dataset, Resource, Statement
from resolver.record import SetAside, Taken

DATASET = Dataset(
    name="own_bods",
    title="Own ownership data (BODS)",
    publisher="the user",
    url="https://standard.openownership.org/en/0.4.0/",
    resources=(Resource("package", ("*.json", "*.jsonl", "*.ndjson")),),
    licence="the user's own",
    prefix="own",
    frequency="never",
    country="zz",
)


def parse(files: Mapping[str, BinaryIO], dataset: Dataset = DATASET) -> Iterator[Taken[Statement] | SetAside]:
    """The outcome of every statement of the file. Raises LayoutError."""
    return statements(files["package"], dataset)
