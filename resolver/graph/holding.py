"""Who holds what in whom on a given day: one neighbourhood of parties, and its holdings told once.

An interest is a row of a source; a *holding* is what one party has in another, of one kind, after

* the rows that are not current on the day are left out (`regimes`, reading 10: a start counts from its day on, an end
  from its day no more);
* parallel rows of one source are added, a joint holding's rows kept apart (reading 4);
* several sources on the same holding are reconciled, never added (reading 11): to what both allow; the newer statement
  wins over an older one that it contradicts; a contradiction of the same time becomes the union and is not `firm`.

Wikidata, Exhibit 21 and prose alone are not `firm` either. What is not firm counts where an answer is possible, never
where it must be certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from resolver.graph.neighbourhood import DatasetOf, stated_by
from resolver.model import Interest
from resolver.share import HUNDRED, UNKNOWN, Share

WEAK_SOURCE = re.compile(r"wikidata|exhibit[ -]?21|\bex-?21|[_-]ex21|\bprose\b", re.IGNORECASE)
"""Sources that alone never give OWNED (`regimes`, reading 11)."""


class Holding(NamedTuple):
    """What one party has in another, of one kind of interest, and the rows it was read from.

    `share` is (0, 100] where `unknown`: no source states a size. `capped`: a direct holding, limited by what the others
    surely hold (reading 5). `firm`: enough to make an answer certain.
    """

    owner: str
    subject: str
    type: str
    share: Share
    unknown: bool
    firm: bool
    capped: bool
    joint: str | None
    interests: tuple[Interest, ...]


def holdings(rows: Iterable[Interest], dataset_of: DatasetOf = stated_by) -> list[Holding]:
    """The holdings that current rows amount to, in the order met. Self-holdings count for nothing."""
    groups: dict[tuple[str, str, str, bool, str | None], list[Interest]] = {}
    for row in rows:
        if row.interested_party != row.subject:
            indirect = row.direct_or_indirect == "indirect"
            groups.setdefault((row.subject, row.interested_party, row.type, indirect, row.joint), []).append(row)
    return [held for group in groups.values() for held in _held(group, dataset_of)]


def _held(group: Sequence[Interest], dataset_of: DatasetOf) -> Iterable[Holding]:
    if len(group) == 1:
        return (_holding(group, group[0].share, _decides(dataset_of(group[0]))),)
    sources: dict[str, list[Interest]] = {}
    for row in group:
        sources.setdefault(dataset_of(row), []).append(row)
    if len(sources) == 1:
        firm = _decides(next(iter(sources)))
        parts: dict[tuple[bool, bool], list[Interest]] = {}
        for row in group:
            direct = row.joint is None and row.direct_or_indirect == "direct"
            parts.setdefault((row.share is None, direct), []).append(row)
        return [_holding(part, _together(part), firm) for part in parts.values()]
    told = [_Statement(rows, _together(rows), _decides(source)) for source, rows in sorted(sources.items())]
    result, *others = sorted(told, key=_newest)
    for other in others:
        result = _reconciled(result, other)
    return (_holding(result.rows, result.share, result.firm),)


@lru_cache(maxsize=4096)
def _decides(source: str) -> bool:
    """Whether a source may make an answer certain."""
    return not WEAK_SOURCE.search(source)


@dataclass(frozen=True, slots=True)
class _Statement:
    """What one source says of one holding, or several together; `share` None where no size is stated."""

    rows: Sequence[Interest]
    share: Share | None
    firm: bool


def _holding(rows: Sequence[Interest], share: Share | None, firm: bool) -> Holding:
    first = rows[0]
    return Holding(
        owner=first.interested_party,
        subject=first.subject,
        type=first.type,
        share=UNKNOWN if share is None else share,
        unknown=share is None,
        firm=firm,
        capped=first.joint is None and all(row.direct_or_indirect == "direct" for row in rows),
        joint=first.joint,
        interests=tuple(rows),
    )


def _together(rows: Sequence[Interest]) -> Share | None:
    """Parallel rows of one source: their sum, or a joint holding's once. None where none of them states a size."""
    stated = [row.share for row in rows if row.share is not None]
    if not stated:
        return None
    if rows[0].joint is not None:
        return once(stated)
    total = sum(stated[1:], stated[0])
    return total if len(stated) == len(rows) else (total + UNKNOWN).capped(HUNDRED, exclusive=False)


def once(shares: Sequence[Share]) -> Share:
    """Several reports of the same thing: what all of them allow, or everything that any of them allows."""
    result = shares[0]
    for share in shares[1:]:
        result = _both(result, share) or _either(result, share)
    return result


def _newest(statement: _Statement) -> date:
    return max((row.start_date or date.min for row in statement.rows), default=date.min)


def _reconciled(older: _Statement, newer: _Statement) -> _Statement:
    """Two sources on one holding, the newer one second where their dates differ."""
    if older.share is None or newer.share is None:
        return older if newer.share is None else newer
    rows = (*older.rows, *newer.rows)
    agreed = _both(older.share, newer.share)
    if agreed is not None:
        if older.firm == newer.firm:
            return _Statement(rows, agreed, older.firm)
        return older if older.firm else newer
    if _newest(older) != _newest(newer):
        return newer
    return _Statement(rows, _either(older.share, newer.share), firm=False)


def _both(left: Share, right: Share) -> Share | None:
    """What both intervals allow; None where nothing is left."""
    minimum = max(left.minimum, right.minimum)
    maximum = min(left.maximum, right.maximum)
    open_minimum = any(one.exclusive_minimum for one in (left, right) if one.minimum == minimum)
    open_maximum = any(one.exclusive_maximum for one in (left, right) if one.maximum == maximum)
    if minimum > maximum or (minimum == maximum and (open_minimum or open_maximum)):
        return None
    return Share(minimum, maximum, open_minimum, open_maximum)


def _either(left: Share, right: Share) -> Share:
    """The smallest interval that holds both."""
    minimum = min(left.minimum, right.minimum)
    maximum = max(left.maximum, right.maximum)
    open_minimum = all(one.exclusive_minimum for one in (left, right) if one.minimum == minimum)
    open_maximum = all(one.exclusive_maximum for one in (left, right) if one.maximum == maximum)
    return Share(minimum, maximum, open_minimum, open_maximum)
