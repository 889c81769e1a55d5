"""Which file belongs to which resource of a dataset, by its name alone."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterable

from resolver.model import Resource

_ZIPPED = (".zip", ".gz")
_DATE = re.compile(r"(?<!\d)(20\d\d)-?(0[1-9]|1[0-2])-?([0-2]\d|3[01])(?:-?([0-2]\d[0-5]\d))?(?!\d)")


def assigned(resources: Iterable[Resource], names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The names that belong to each resource, sorted: those of the first of its patterns that any name has.

    Patterns are met without regard to case, zipped (`sdn.csv.zip`, `sdn.zip`) or not. A name belongs to one resource, the
    one it fits best. Of dated names only those of the newest date count: a folder that keeps last month's file too must
    not bring every company in twice. A zipped file that lies there unzipped too is left out.
    """
    wanted = list(resources)
    claims: dict[str, list[tuple[int, str]]] = {}
    for name in sorted(set(names)):
        fits = [
            (how_well, order, position)
            for order, resource in enumerate(wanted)
            for position, pattern in enumerate(resource.patterns)
            if (how_well := _fit(name.lower(), pattern.lower())) is not None
        ]
        if fits:
            _, order, position = min(fits)
            claims.setdefault(wanted[order].key, []).append((position, name))
    return {
        key: _newest(_unzipped([name for position, name in claim if position == min(claim)[0]]))
        for key, claim in claims.items()
    }


def fits(resource: Resource, name: str) -> bool:
    """Whether a file of the resource may have that name."""
    return any(_fit(name.lower(), pattern.lower()) is not None for pattern in resource.patterns)


def _fit(name: str, pattern: str) -> int | None:
    """How well a name fits a pattern, 0 best; None where it does not."""
    if fnmatch.fnmatchcase(name, pattern):
        return 0
    bare, packed = os.path.splitext(name)
    if packed in _ZIPPED and fnmatch.fnmatchcase(bare, pattern):
        return 1
    stem, suffix = os.path.splitext(pattern)
    if suffix and packed in _ZIPPED and fnmatch.fnmatchcase(bare, stem):
        return 2
    if suffix in _ZIPPED and (fnmatch.fnmatchcase(bare, stem) or fnmatch.fnmatchcase(name, stem)):
        return 3
    return None


def _unzipped(names: list[str]) -> list[str]:
    plain = {form for name in names if not name.lower().endswith(_ZIPPED) for form in (name, os.path.splitext(name)[0])}
    return [name for name in names if not name.lower().endswith(_ZIPPED) or os.path.splitext(name)[0] not in plain]


def _newest(names: list[str]) -> tuple[str, ...]:
    dates = [dated(name) for name in names]
    newest = max(dates)
    return tuple(name for name, date in zip(names, dates, strict=True) if date == newest or not all(dates))


def dated(name: str) -> str:
    """The date in a file's name as YYYYMMDD, and HHMM where it has that too; empty where it has none."""
    found = _DATE.search(name)
    return "".join(found.groups(default="")) if found else ""
