"""What OFAC's files and the Consolidated Screening List's rows from OFAC have in common. Not a list itself.

Sources: the Sanctions List Service's data specification (`dat_spec.txt`: SDN_Type, alternate names, remarks), and the labels
found in the files of 2021-07, 2024-05-01 and 2025-12-19 (sdn.csv, cons_prim.csv) and in the Consolidated Screening List of
2022-05-16 and 2025-06.
"""

from __future__ import annotations

import re
from datetime import date

from resolver.countries import country
from resolver.identifiers import Identifier, identifier
from resolver.model import PublicList, Schema

AUTHORITY = "US Department of the Treasury, Office of Foreign Assets Control"

LISTS = (
    PublicList("us-ofac-sdn", ("us-ofac", "us-bis"), "blocking"),
    PublicList("us-ofac-ssi", ("us-ofac-ssi",), "debt and equity"),
    PublicList("us-ofac-cmic", (), "investment ban"),
    PublicList("us-ofac-mbs", (), "by menu item"),
    PublicList("us-ofac-capta", (), "correspondent accounts"),
    PublicList("us-ofac-plc", (), "transactions with listed members"),
    PublicList("us-ofac-fse", (), "transactions of foreign sanctions evaders"),
)
"""OFAC's lists: SDN first, then the non-SDN lists of its consolidated file."""

SCHEMA = {
    "": Schema.ORGANIZATION,
    "entity": Schema.ORGANIZATION,
    "individual": Schema.PERSON,
    "vessel": Schema.VESSEL,
    "aircraft": Schema.AIRPLANE,
}
"""SDN_Type in lower case; the null of the CSV files is an entity by the specification."""

USCC = "Unified Social Credit Code (USCC)"
LEI = "Legal Entity Number"
TAX = "Tax ID No."
IMO = "Vessel Registration Identification"
GB_COMPANY = "UK Company Number"
SSI_DIRECTIVE = "Executive Order 13662 Directive Determination -"
CMIC_DATE = "Listing Date (CMIC)"
ESTABLISHED = "Organization Established Date"
REGISTERED_IN = "Nationality of Registration"
_COMPANY_NUMBERS = ("Company Number", "C.R. No.", "Certificate of Incorporation Number")
_REGISTRATIONS = (
    "Registration Number", "Registration ID", "Business Registration Number", "Public Registration Number",
)  # fmt: skip
_REGISTERS = (*_COMPANY_NUMBERS, *_REGISTRATIONS)

LABELS = (USCC, LEI, TAX, IMO, GB_COMPANY, *_REGISTERS)
"""Documents that identify a company or a ship beyond doubt in the countries that `document` knows; the rest are left in
the remarks: a bare "Registration Number 26740 (Iran)" is one of many local registers and would join strangers."""

_IMO = re.compile(r"^(?:IMO )?(\d{7})$")
_OGRN = re.compile(r"^(?:\d{13}|\d{15})$")
_DIRECTIVE = re.compile(r"Directive (\d[a-z]?)\b")
_MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_DATE = re.compile(rf"^(?:circa )?(?:(?:(\d\d?) )?({'|'.join(_MONTHS)}) )?(\d{{4}})\b(?!-)")
_ISO = re.compile(r"^\d{4}-\d\d(?:-\d\d)?$")


def _scheme(label: str, number: str, code: str | None) -> str | None:
    if label == USCC:
        return "uscc"
    if label == LEI:
        return "lei" if len(number) == 20 else None
    if label == TAX:
        return "inn" if code == "ru" else None
    if label == GB_COMPANY or (label in _REGISTERS and code == "gb"):
        return "gb-coh"
    if label in _REGISTERS:
        if code in ("ru", None) and _OGRN.match(number):
            return "ogrn"
        return "reg:hk" if code == "hk" and label in _COMPANY_NUMBERS else None
    return None


def document(label: str, number: str, issuer: str) -> Identifier | None:
    """The identifier that a document is, by its label, number and issuing country (a name or a code, or empty).

    None for a document that identifies nobody by itself, and for a number that is malformed: the publisher's slip must not
    join two parties, nor cost the row.
    """
    if label == IMO:
        match = _IMO.match(number)
        scheme, number = ("imo", match[1]) if match else (None, number)
    else:
        scheme = _scheme(label, number, country(issuer))
    if scheme is None:
        return None
    try:
        return identifier(scheme, number)
    except ValueError:
        return None


def measure(text: str) -> str | None:
    """`DIRECTIVE1` of "Subject to Directive 1"; None where the text names no directive."""
    match = _DIRECTIVE.search(text)
    return f"DIRECTIVE{match[1].upper()}" if match else None


_MENU = re.compile(r"^Listing Date \(EO (\d+) (Directive \d[a-z]?)\)")


def menu_directive(text: str) -> str | None:
    """`EO14024-DIRECTIVE3` of "Listing Date (EO 14024 Directive 3): 24 Feb 2022"; None for any other text."""
    match = _MENU.match(text)
    return f"EO{match[1]}-{measure(match[2])}" if match else None


def list_of_directive(directive: str) -> str:
    """The list that a menu directive puts a party on: Directive 2 under E.O. 14024 is the one on correspondent accounts."""
    return "us-ofac-capta" if directive == "EO14024-DIRECTIVE2" else "us-ofac-mbs"


def partial_date(text: str) -> str | None:
    """An ISO prefix of OFAC's dates: `10 Dec 1948`, `Oct 1973`, `1962`, `circa 1951`, `1955 to 1957` (its first year);
    None for anything else."""
    if _ISO.match(text):
        return text
    found = _DATE.match(text)
    if not found:
        return None
    day, month, year = found.groups()
    parts = [year, *(f"{one:02d}" for one in (_MONTHS.get(month, 0), int(day or 0)) if one)]
    return "-".join(parts)


def whole_day(text: str) -> date | None:
    """The day of OFAC's dates; None for a month, a year, or anything else."""
    told = partial_date(text) or ""
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None


def jurisdiction(identifiers: tuple[Identifier, ...], registered_in: str | None) -> str | None:
    """Where a party is organised: what OFAC says outright, else the one register that an identifier stands in."""
    if registered_in:
        return registered_in
    register = {"uscc": "cn", "ogrn": "ru", "gb-coh": "gb", "reg:hk": "hk"}
    found = {register[one.scheme] for one in identifiers if one.scheme in register}
    return found.pop() if len(found) == 1 else None


_PROGRAMS = re.compile(r"\]\s*\[|;\s*|,\s+")


def programs(text: str) -> tuple[str, ...]:
    """The programme tags of a cell, as published: `SDGT] [IFSR`, `IRAN; NPWMD` and `A, B` are two each."""
    return tuple(dict.fromkeys(one for part in _PROGRAMS.split(text) if (one := part.strip(" []"))))
