"""Companies House: the companies of the United Kingdom, and who declares significant control of them.

Two files: the free company data product (BasicCompanyDataAsOneFile, a CSV of 55 columns, live companies only, monthly) and
the snapshot of persons with significant control (PSC, JSON lines, daily).

* A PSC row says in which band a right lies, never its size, and tells a holding that is direct from one that is not as
  little as a joint one from a sole one: every joint holder reports the whole, so bands may sum past 100.
* The snapshot keeps the rows of companies that were dissolved, nearly half of them, and of PSCs that ceased. A company that
  the company data lacks is stated without a name, under the topic `absent-from-register`, and keeps its interests.
* The number of a controlling company is free text (91 % filled; one in five of those not in eight characters): it is
  brought to its eight characters before it joins two companies, and only where the row says that the register is the
  United Kingdom's. Another owner gets an id of the row's own.
* Dates are what people typed. `notified_on` goes back to 1083 and `ceased_on` forward to 9999 (snapshot of 2026-09-18):
  they are kept as they stand, since setting such a row aside would lose the holding.
* That nobody is registered does not say that nobody holds more than a quarter: statements and exemptions become topics of
  the company, `psc-statement:...` and `psc-exempt:...`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import BinaryIO

from lists.gb_coh.company import Register, companies
from lists.gb_coh.significant import persons
from resolver.model import Dataset, Resource, Statement
from resolver.record import SetAside, Taken

DATASET = Dataset(
    name="gb_coh",
    title="Companies House: companies and persons with significant control",
    publisher="Companies House",
    url="https://download.companieshouse.gov.uk/en_output.html",
    resources=(
        Resource(
            "basic",
            ("basiccompanydataasonefile-*", "basiccompanydata*"),
            url="https://download.companieshouse.gov.uk/en_output.html",
        ),
        Resource(
            "psc",
            ("persons-with-significant-control-snapshot-*", "psc-snapshot-*"),
            url="https://download.companieshouse.gov.uk/en_pscdata.html",
            principal=False,
        ),
    ),
    licence="OGL-UK-3.0",
    prefix="gb-coh",
    frequency="daily",
    country="gb",
    at_least=5_000_000,
    canaries=("TESCO PLC", "BP P.L.C."),
    layout_seen=date(2026, 9, 18),
)


def parse(files: Mapping[str, BinaryIO]) -> Iterator[Taken[Statement] | SetAside]:
    """The outcome of every company, then of every PSC row; either file may be given alone. Raises LayoutError."""
    register: Register | None = None
    basic, psc = DATASET.resources
    if basic.key in files:
        register = Register()
        yield from companies(files[basic.key], basic.patterns[0], register)
    if psc.key in files:
        yield from persons(files[psc.key], psc.patterns[0], register)
