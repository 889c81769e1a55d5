"""A share of ownership: an interval of per cent with open and closed ends, exact.

Terms are those of the Beneficial Ownership Data Standard 0.4, `interest.share` (minimum, maximum, and whether each end is
exclusive). Every number is a `Fraction` of 100: no float takes part, because 33 1/3 + 16 2/3 is exactly the half that the
rules ask for.

>>> parse_share("(25,50]") + parse_share("25")
Share(minimum=Fraction(50, 1), maximum=Fraction(75, 1), exclusive_minimum=True, exclusive_maximum=False)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

HUNDRED = Fraction(100)
ZERO = Fraction(0)


class Answer(Enum):
    """Whether a share reaches a threshold: surely, perhaps, or surely not."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Share:
    """An interval of per cent, `0 <= minimum <= maximum`; a sum may pass 100 (joint holders each report the whole)."""

    minimum: Fraction
    maximum: Fraction
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False

    def __post_init__(self) -> None:
        if self.minimum < 0 or self.minimum > self.maximum:
            raise ValueError(f"an impossible share: {self.minimum} to {self.maximum}")
        if self.minimum == self.maximum and (self.exclusive_minimum or self.exclusive_maximum):
            raise ValueError(f"an empty share: nothing lies strictly between {self.minimum} and {self.maximum}")

    @property
    def exact(self) -> bool:
        """True when the interval is a single number."""
        return self.minimum == self.maximum

    def __add__(self, other: Share) -> Share:
        return Share(
            self.minimum + other.minimum,
            self.maximum + other.maximum,
            self.exclusive_minimum or other.exclusive_minimum,
            self.exclusive_maximum or other.exclusive_maximum,
        )

    def capped(self, ceiling: Fraction, exclusive: bool) -> Share:
        """This share, with no more than `ceiling` (less than it where `exclusive`).

        A ceiling below the minimum contradicts what is stated, and leaves the share as it is: the sources overlap (two
        joint holders each reporting the whole), and a cap must not hide what one of them surely holds.
        """
        if ceiling > self.maximum or (ceiling == self.maximum and (self.exclusive_maximum or not exclusive)):
            return self
        if ceiling < self.minimum or (ceiling == self.minimum and (exclusive or self.exclusive_minimum)):
            return self
        return Share(self.minimum, ceiling, self.exclusive_minimum, exclusive)

    def reaches(self, threshold: Fraction, strictly: bool = False) -> Answer:
        """Whether the share is `>= threshold`, or `> threshold` where `strictly`, as the rule's comparator says."""
        surely = self.minimum > threshold or (self.minimum == threshold and (not strictly or self.exclusive_minimum))
        if surely:
            return Answer.CERTAIN
        may = self.maximum > threshold or (self.maximum == threshold and not strictly and not self.exclusive_maximum)
        return Answer.POSSIBLE if may else Answer.IMPOSSIBLE

    def __str__(self) -> str:
        """As it stands on an edge of a path: `[100]`, `[60..75)`, `(25..50]`."""
        if self.exact:
            return f"[{decimal(self.minimum)}]"
        left = "(" if self.exclusive_minimum else "["
        right = ")" if self.exclusive_maximum else "]"
        return f"{left}{decimal(self.minimum)}..{decimal(self.maximum)}{right}"


NOTHING = Share(ZERO, ZERO)
UNKNOWN = Share(ZERO, HUNDRED, exclusive_minimum=True)
"""A holding whose size no source states: more than nothing, at most everything."""


def exactly(percent: Fraction | int | str) -> Share:
    """The share of exactly so many per cent."""
    value = Fraction(percent)
    return Share(value, value)


def decimal(value: Fraction) -> str:
    """A number as a decimal where it is a finite one (`33.3333`), else as `n/d` (`100/3`)."""
    denominator = value.denominator
    if denominator == 1:
        return str(value.numerator)
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    if denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


_NUMBER = r"\d{1,3}(?:[.,]\d{1,30})?|\d{1,18}\s*/\s*\d{1,18}"
_INTERVAL = re.compile(rf"^(?P<left>[\[(])\s*(?P<low>{_NUMBER})\s*(?:,|\.\.|;)\s*(?P<high>{_NUMBER})\s*(?P<right>[\])])$")
_DASH = "[-\u2013\u2014]"
_RANGE = re.compile(rf"^(?P<low>{_NUMBER})\s*{_DASH}\s*(?P<high>{_NUMBER})$")
_BOUND = re.compile(rf"^(?P<sign>>=|<=|>|<|≥|≤)\s*(?P<value>{_NUMBER})$")
_EXACT = re.compile(rf"^(?:{_NUMBER})$")


def parse_share(text: str) -> Share | None:
    """A share as people write it; None where the text is empty: the size is unknown.

    `50`, `33.3333`, `100/3`, `25-50` (closed), `(25,50]`, `>25`, `>=75`, `<50`; a `%` sign is welcome. `<50` starts at 0,
    closed: it says nothing of a holding being there at all.

    Raises ValueError, saying what is wrong, for anything else, and for a share below 0 or above 100.
    """
    stripped = text.strip().replace("%", "").replace("\uff05", "").strip()
    if not stripped:
        if text.strip():
            raise ValueError(f"not a share: {text!r}")
        return None
    share = _read(stripped, text)
    if share.maximum > HUNDRED:
        raise ValueError(f"a share above 100: {text!r}")
    return share


def _read(stripped: str, text: str) -> Share:
    if _EXACT.match(stripped):
        return exactly(_fraction(stripped))
    if match := _RANGE.match(stripped):
        return Share(_fraction(match["low"]), _fraction(match["high"]))
    if match := _INTERVAL.match(stripped):
        return Share(_fraction(match["low"]), _fraction(match["high"]), match["left"] == "(", match["right"] == ")")
    if match := _BOUND.match(stripped):
        value = _fraction(match["value"])
        if match["sign"] in (">", ">=", "≥"):
            return Share(value, max(value, HUNDRED), exclusive_minimum=match["sign"] == ">")
        return Share(ZERO, value, exclusive_maximum=match["sign"] == "<")
    raise ValueError(f"not a share: {text!r} (write 50, 33.3333, 100/3, 25-50, (25,50], >25, >=75 or <50)")


def _fraction(text: str) -> Fraction:
    numerator, _, denominator = text.replace(",", ".").partition("/")
    if not denominator:
        return Fraction(numerator.strip())
    if int(denominator) == 0:
        raise ValueError(f"a share with denominator zero: {text!r}")
    return Fraction(numerator.strip()) / Fraction(denominator.strip())
