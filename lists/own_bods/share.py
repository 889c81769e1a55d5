"""What a BODS `share` says, version by version, as an exact interval."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from resolver.errors import RowError
from resolver.share import HUNDRED, ZERO, Share, exactly

_PLACES = 30
"""More is no holding: 1E-999999999 is a number of JSON, and as a fraction would fill the memory."""

_BAND = re.compile(r"\b[a-z-]+-(25-to-50|50-to-75|75-to-100|more-than-25)-percent\b")
_BANDS = {
    "25-to-50": Share(Fraction(25), Fraction(50), exclusive_minimum=True),
    "50-to-75": Share(Fraction(50), Fraction(75), exclusive_minimum=True, exclusive_maximum=True),
    "75-to-100": Share(Fraction(75), HUNDRED),
    "more-than-25": Share(Fraction(25), HUNDRED, exclusive_minimum=True),
}
"""The United Kingdom's bands as its register words them."""


def _number(share: Mapping[str, Any], field: str) -> Fraction | None:
    value = share.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise RowError(f"share.{field} is not a number")
    if not 0 <= value <= 100:
        raise RowError(f"share.{field} is not from 0 to 100: {value}")
    digits = Decimal(str(value))
    if (digits and digits.adjusted() < -_PLACES) or len(digits.as_tuple().digits) > _PLACES:
        raise RowError(f"share.{field} has more than {_PLACES} places")
    return Fraction(digits)


def _flag(share: Mapping[str, Any], field: str) -> bool | None:
    value = share.get(field)
    if value is not None and not isinstance(value, bool):
        raise RowError(f"share.{field} is a number, as in BODS 0.4; before it, it is true or false")
    return value


def _exact(share: Mapping[str, Any], bounds: Share) -> Share:
    exact = _number(share, "exact")
    if exact is None:
        return bounds
    if not bounds.minimum <= exact <= bounds.maximum:
        raise RowError(f"share.exact {share['exact']} lies outside the share's own bounds")
    return exactly(exact)


def since_04(share: Mapping[str, Any]) -> Share | None:
    """0.4: four bounds, each a number, `minimum` and `maximum` inclusive; of two lower or two upper ones the tighter."""
    if all(value is None for value in share.values()):
        return None
    low, above = _number(share, "minimum"), _number(share, "exclusiveMinimum")
    high, below = _number(share, "maximum"), _number(share, "exclusiveMaximum")
    open_low = above is not None and (low is None or above >= low)
    open_high = below is not None and (high is None or below <= high)
    minimum = above if open_low else low
    maximum = below if open_high else high
    bounds = Share(ZERO if minimum is None else minimum, HUNDRED if maximum is None else maximum, open_low, open_high)
    return _exact(share, bounds)


def before_04(share: Mapping[str, Any]) -> Share | None:
    """0.2 and 0.3: the exclusive ones are flags, false for a minimum and true for a maximum that has none.

    A minimum and maximum of one number without a flag are that number: the default would leave nothing between them.
    """
    if all(value is None for value in share.values()):
        return None
    low, high = _number(share, "minimum"), _number(share, "maximum")
    open_low, open_high = _flag(share, "exclusiveMinimum"), _flag(share, "exclusiveMaximum")
    if open_high is None:
        open_high = high is not None and high != low
    bounds = Share(
        ZERO if low is None else low,
        HUNDRED if high is None else high,
        bool(open_low) and low is not None,
        open_high and high is not None,
    )
    return _exact(share, bounds)


def recovered(share: Share | None, details: str) -> Share | None:
    """The band that a slug of Companies House in the details names, where the share has the same ends."""
    found = _BAND.search(details)
    if not found:
        return share
    band = _BANDS[found[1]]
    if share is None or (share.minimum, share.maximum) == (band.minimum, band.maximum):
        return band
    return share
