"""A file of statements, read whole: which statement of several counts, and which of two tellings of one holding."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import BinaryIO

from lists.own_bods.statement import Described, Party, Relationship, Stake, Unspecified, read
from resolver.errors import LayoutError, RowError
from resolver.model import Dataset, Entity, Interest, Schema, Statement
from resolver.record import Row, SetAside, Taken, json_lines, json_rows, peek


def statements(file: BinaryIO, dataset: Dataset) -> Iterator[Taken[Statement] | SetAside]:
    """The outcome of every statement: parties as they are read, relationships after the last of them, when it is known
    which stand. Raises LayoutError for a file that is neither a JSON array nor JSON lines."""
    package = _Package(dataset.prefix)
    for row in _rows(file, dataset.name):
        try:
            taken = package.take(row)
        except (RowError, ValueError) as error:
            yield SetAside(row.where, str(error), row.raw())
            continue
        if taken is not None:
            yield taken
    yield from package.relationships()


def _rows(opened: BinaryIO, name: str) -> Iterator[Row]:
    head, file = peek(opened, 1 << 16)
    if head.startswith(b"{"):
        first, newline, _ = head.partition(b"\n")
        if newline and not _is_json(first):
            raise LayoutError(f"{name}: neither a JSON array of statements nor one statement on each line")
        return json_lines(file, name, exact=True)
    return json_rows(file, name, exact=True)


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


class _Package:
    """What the statements read so far say of each other. `roots`: statement -> the first that it replaces (0.2, 0.3), so
    that a party keeps one id through its versions."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.roots: dict[str, str] = {}
        self.described: set[str] = set()
        self.found: list[Relationship] = []

    def take(self, row: Row) -> Taken[Statement] | None:
        """A party's outcome; None for a relationship, whose outcome comes at the end."""
        statement = read(row.whole(), row.where)
        if isinstance(statement, Described):
            key = self._replacing(statement.entity.id, statement.replaces)
            self.described.add(key)
            return Taken(row.where, (replace(statement.entity, id=f"{self.prefix}-{key}"),))
        self._replacing(statement.key, statement.replaces)
        self.found.append(statement)
        return None

    def _replacing(self, key: str, replaces: Iterable[str]) -> str:
        for old in replaces:
            if old != key and self._root(old) != key:
                self.roots.setdefault(key, self._root(old))
        return self._root(key)

    def _root(self, key: str) -> str:
        while (root := self.roots.get(key, key)) != key:
            key = root
        return key

    def relationships(self) -> Iterator[Taken[Statement]]:
        """The outcome of every relationship statement, in the order of the file."""
        newest = self._newest()
        for place, one in enumerate(self.found):
            stands = newest[self._root(one.key)] is self.found[place]
            yield Taken(one.where, tuple(self._said(one, newest)) if stands else ())

    def _newest(self) -> dict[str, Relationship]:
        """The relationship that counts, by record. What a statement replaces is older whatever its day."""
        replaced = {old for one in self.found for old in one.replaces}
        newest: dict[str, Relationship] = {}
        for one in self.found:
            root = self._root(one.key)
            known = newest.get(root)
            rank = (one.key not in replaced, one.stated)
            if known is None or rank >= (known.key not in replaced, known.stated):
                newest[root] = one
        return newest

    def _said(self, one: Relationship, newest: Mapping[str, Relationship]) -> Iterator[Statement]:
        key = self._root(one.key)
        subject, party = self._end(one.subject, key, "subject"), self._end(one.party, key, "party")
        yield from self._parties(one, subject, party)
        for stake in _stakes(one):
            if stake.direct_or_indirect != "direct" and self._joined(one, stake.type, newest):
                continue
            end = stake.end or (date.fromisoformat(one.stated[:10]) if one.closed else None)
            source = f"{one.source}, {stake.details}" if stake.details else one.source
            yield Interest(
                id=f"{self.prefix}-{key}-{stake.place}",
                subject=subject,
                interested_party=party,
                type=stake.type,
                direct_or_indirect=stake.direct_or_indirect,
                share=stake.share,
                start_date=stake.start,
                end_date=end,
                source=source,
            )

    def _end(self, party: Party, key: str, side: str) -> str:
        return f"{self.prefix}-{key}-{side}" if isinstance(party, Unspecified) else f"{self.prefix}-{self._root(party)}"

    def _parties(self, one: Relationship, subject: str, party: str) -> Iterator[Entity]:
        """The ends that no statement describes, and why a subject's owner is not named."""
        for side, id in ((one.subject, subject), (one.party, party)):
            if isinstance(side, Unspecified):
                topics = ("anonymous", f"unspecified:{side.reason}")
                if _stakes(one):
                    yield Entity(id, Schema.LEGAL_ENTITY, (), topics=topics)
            elif self._root(side) not in self.described:
                yield Entity(id, Schema.LEGAL_ENTITY, ())
        if isinstance(one.party, Unspecified) and isinstance(one.subject, str):
            yield Entity(subject, Schema.LEGAL_ENTITY, (), topics=(f"owner-unspecified:{one.party.reason}",))

    def _joined(self, one: Relationship, type: str, newest: Mapping[str, Relationship]) -> bool:
        """Whether the components of a relationship lead from its party to its subject by interests of the same type."""
        links = [
            (self._root(link.party), self._root(link.subject))
            for component in one.components
            if (link := newest.get(self._root(component))) is not None
            and (one.closed or not link.closed)
            and isinstance(link.party, str)
            and isinstance(link.subject, str)
            and any(stake.type == type for stake in link.stakes)
        ]
        if not isinstance(one.party, str) or not isinstance(one.subject, str):
            return False
        reached, grew = {self._root(one.party)}, True
        while grew:
            further = {subject for party, subject in links if party in reached} - reached
            reached |= further
            grew = bool(further)
        return self._root(one.subject) in reached


def _stakes(one: Relationship) -> tuple[Stake, ...]:
    """What is held. Between two parties who are named, a relationship without interests is one of an unknown kind; and
    that there are no beneficial owners is no holding by anybody."""
    if isinstance(one.party, Unspecified) and one.party.reason == "noBeneficialOwners":
        return ()
    if one.stakes or isinstance(one.subject, Unspecified) or isinstance(one.party, Unspecified) or one.left_out:
        return one.stakes
    return (Stake(1, "unknownInterest", "unknown", None, None, None, ""),)
