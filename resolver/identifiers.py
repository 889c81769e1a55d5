"""Identifiers of companies and ships: their normal form and check digits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier in its scheme's normal form. `scheme` is one of SCHEMES, in lower case."""

    scheme: str
    value: str
