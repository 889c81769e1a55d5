"""A slow, plain reading of the ownership rules to hold the engine against: passes over everything until nothing changes.

It knows direct and indirect shareholdings, empty shares and consolidation; joint holdings and sources have tests of
their own. Nothing of it is shared with the engine but the parsed shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from resolver.share import parse_share

HUNDRED = Fraction(100)
Row = Mapping[str, str]


def verdicts(rows: Iterable[Row], seeds: set[str], *, strictly: bool, aggregate: bool) -> dict[str, str]:
    """OWNED, POSSIBLY_OWNED or UNKNOWN_SHARE of every party outside the seeds that is one of them."""
    kept = [row for row in rows if row["owner"] != row["subject"]]
    groups = [seeds] if aggregate else [{seed} for seed in seeds]
    found: dict[str, str] = {}
    for verdict in ("UNKNOWN_SHARE", "POSSIBLY_OWNED", "OWNED"):
        for group in groups:
            for party in _set(kept, group, verdict, strictly):
                found[party] = verdict
    return {party: verdict for party, verdict in found.items() if party not in seeds}


def _set(rows: list[Row], seeds: set[str], verdict: str, strictly: bool) -> set[str]:
    if verdict == "OWNED":
        return _fixpoint(rows, seeds, lambda rows, members: _surely(rows, members, strictly))
    unknown = _fixpoint(rows, seeds, lambda rows, members: _maybe(rows, members, strictly, zero=False))
    if verdict == "UNKNOWN_SHARE":
        return unknown
    return unknown & _fixpoint(rows, seeds, lambda rows, members: _maybe(rows, members, strictly, zero=True))


def _fixpoint(rows: list[Row], seeds: set[str], test) -> set[str]:  # type: ignore[no-untyped-def]
    members = set(seeds)
    subjects = {row["subject"] for row in rows}
    while True:
        joined = {one for one in subjects - members if test([row for row in rows if row["subject"] == one], members)}
        if not joined:
            return members
        members |= joined


def _ends(row: Row) -> tuple[Fraction, bool, Fraction, bool]:
    share = parse_share(row.get("share", ""))
    if share is None:
        return Fraction(0), True, HUNDRED, False
    return share.minimum, share.exclusive_minimum, share.maximum, share.exclusive_maximum


def _surely(rows: list[Row], members: set[str], strictly: bool) -> bool:
    held = [_ends(row) for row in rows if row["owner"] in members and row.get("interest_type") != "consolidation"]
    low = sum((one[0] for one in held), Fraction(0))
    above = any(one[1] for one in held)
    return low > 50 or (low == 50 and (not strictly or above))


def _maybe(rows: list[Row], members: set[str], strictly: bool, *, zero: bool) -> bool:
    shares = [row for row in rows if row.get("interest_type") != "consolidation"]
    if not zero and any(row["owner"] in members for row in rows if row not in shares):
        return True
    if zero:
        shares = [row for row in shares if row.get("share")]
    direct = [row for row in shares if row.get("direct_or_indirect", "direct") == "direct"]
    inside = [_ends(row) for row in direct if row["owner"] in members]
    outside = [_ends(row) for row in direct if row["owner"] not in members]
    low, high = sum((one[0] for one in inside), Fraction(0)), sum((one[2] for one in inside), Fraction(0))
    low_open, high_open = any(one[1] for one in inside), any(one[3] for one in inside)
    ceiling, ceiling_open = HUNDRED - sum((one[0] for one in outside), Fraction(0)), any(one[1] for one in outside)
    impossible = ceiling < low or (ceiling == low and low > 0 and (low_open or ceiling_open))
    if not impossible and (ceiling < high or (ceiling == high and ceiling_open)):
        high, high_open = ceiling, ceiling_open
    rest = [_ends(row) for row in shares if row not in direct and row["owner"] in members]
    high, high_open = high + sum((one[2] for one in rest), Fraction(0)), high_open or any(one[3] for one in rest)
    return high > 50 or (high == 50 and not strictly and not high_open)
