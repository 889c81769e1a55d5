"""What changed between two snapshots: listings and interests added, removed and amended, by dataset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from resolver.model import Interest, Listing
from resolver.store.segment import Segment
from resolver.store.snapshot import Snapshot

_Reader = Callable[[Segment], Iterable[Any]]
_KINDS: tuple[tuple[str, _Reader], ...] = (("listing", Segment.all_listings), ("interest", Segment.all_interests))


@dataclass(frozen=True, slots=True)
class Change:
    """One statement that is `added`, `removed` or `amended`; `detail` says what of it."""

    dataset: str
    kind: str
    change: str
    id: str
    entity: str
    name: str
    detail: str


def difference(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    """Every change, sorted by dataset, kind and id. A dataset of one segment in both costs nothing."""
    before = {held.name: held for held in old.manifest.datasets}
    after = {held.name: held for held in new.manifest.datasets}
    for name in sorted(before.keys() | after.keys()):
        left, right = before.get(name), after.get(name)
        if left and right and left.segment == right.segment:
            continue
        old_segment = old.segment(left) if left else None
        new_segment = new.segment(right) if right else None
        for kind, read in _KINDS:
            yield from _changes(name, kind, read, old_segment, new_segment)


def _changes(dataset: str, kind: str, read: _Reader, old: Segment | None, new: Segment | None) -> Iterator[Change]:
    lefts, rights = iter(read(old) if old else ()), iter(read(new) if new else ())
    left, right = next(lefts, None), next(rights, None)
    while left is not None or right is not None:
        if left is not None and (right is None or left.id < right.id):
            yield _change(dataset, kind, "removed", left, old, _said(left))
            left = next(lefts, None)
        elif right is not None and (left is None or right.id < left.id):
            yield _change(dataset, kind, "added", right, new, _said(right))
            right = next(rights, None)
        elif left is not None and right is not None:
            if left != right:
                yield _change(dataset, kind, "amended", right, new, _amended(left, right))
            left, right = next(lefts, None), next(rights, None)


def _change(dataset: str, kind: str, change: str, statement: Any, segment: Segment | None, detail: str) -> Change:
    entity = statement.entity if isinstance(statement, Listing) else statement.subject
    party = segment.entity(entity) if segment else None
    return Change(dataset, kind, change, statement.id, entity, party.caption if party else "", detail)


def _said(statement: Listing | Interest) -> str:
    if isinstance(statement, Listing):
        return " ".join(filter(None, (statement.list, "; ".join(statement.program), str(statement.listing_date or ""))))
    return f"{statement.interested_party} -{statement.share or '[?]'}-> {statement.subject}"


def _amended(old: Any, new: Any) -> str:
    changed = []
    for one in fields(new):
        before, after = getattr(old, one.name), getattr(new, one.name)
        if before != after:
            changed.append(f"{one.name}: {_text(before)} -> {_text(after)}")
    return "; ".join(changed)


def _text(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value) if value is not None else ""
