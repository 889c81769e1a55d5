"""The HEADQUARTERS rows of one question: the parties that it may mean, and the customers whom they serve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from resolver import report
from resolver.graph import is_current
from resolver.model import Entity, Finding, Level, Schema, Verdict
from resolver.report import ReportRow
from resolver.rules import headquarters as rule
from resolver.rules.ties import SERVICES
from resolver.screen.around import Surroundings
from resolver.screen.hits import Hit
from resolver.screen.rows import Asked, base_row, finding_rows
from resolver.store import Snapshot

Around = Callable[[str], Surroundings]
SEATED = frozenset((Schema.COMPANY, Schema.ORGANIZATION, Schema.PUBLIC_BODY, Schema.LEGAL_ENTITY))
"""A person, a vessel and an address have no headquarters."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows, and what no source says of the ultimate parent, for an ECCN that the rule reaches."""

    rows: tuple[ReportRow, ...] = ()
    unknown: str = ""


def headquarters(asked: Asked, hits: Sequence[Hit], around: Around) -> Answer:
    """Where the question's ECCN is one that the rule reaches, its rows are for review; else they are of level all, and are
    looked for only there. The same headquarters are told once, of the best of the hits."""
    options = asked.options
    reached = rule.reach(asked.party.eccn)
    wanted = reached is not None or options.level is Level.ALL
    if not wanted or (options.regimes and rule.REGIME not in options.regimes) or options.as_of < rule.SINCE:
        return Answer()
    rows: list[ReportRow] = []
    unknown, told = "", set[str]()
    companies = [hit for hit in hits if hit.entity.schema in SEATED]
    for hit in companies:
        surroundings = around(hit.canonical)
        stands = _standing(asked, surroundings, hit.canonical)
        bases = [one for one in (*stands.bases, *_customers(asked, hit, surroundings, around)) if one.said not in told]
        told.update(one.said for one in bases)
        unknown = unknown or stands.unknown
        found = rule.finding(hit.canonical, bases, stands.unknown, reached, options.as_of)
        if found is not None:
            told_rows = finding_rows(asked, hit, surroundings, [found])
            rows += [_leveled(asked, one.row, reached, hit.entity.id) for one in told_rows]
    if not companies and asked.party.query.names:
        name = asked.party.query.names[0].text
        stands = rule.alone(name, asked.party.query.countries, options.as_of)
        unknown = stands.unknown
        found = rule.finding(name, stands.bases, unknown, reached, options.as_of)
        if found is not None:
            rows.append(_leveled(asked, _unmatched(asked, found), reached, ""))
    if reached is None or rows or not unknown:
        return Answer(tuple(rows))
    return Answer((), f"headquarters and {reached.eccn} ({reached.authority}): {unknown}")


def _standing(asked: Asked, surroundings: Surroundings, party: str) -> rule.Standing:
    seats = _seats(asked.snapshot, surroundings)
    neighbourhood, countries = surroundings.neighbourhood, asked.party.query.countries
    return rule.standing(neighbourhood, asked.options.as_of, party, seats, countries)


def _customers(asked: Asked, hit: Hit, surroundings: Surroundings, around: Around) -> list[rule.Basis]:
    """The same question about the customers of compute, and about listed customers of any named service."""
    found = []
    name = surroundings.neighbourhood.entities[hit.canonical].caption
    for link in surroundings.neighbourhood.links:
        if link.subject != hit.canonical or link.kind not in SERVICES:
            continue
        if not is_current(link.start_date, link.end_date, asked.options.as_of):
            continue
        if link.kind != "provides_compute_to" and not surroundings.listings.get(link.object):
            continue
        beside = around(link.object)
        seats = _seats(asked.snapshot, beside)
        for basis in rule.standing(beside.neighbourhood, asked.options.as_of, link.object, seats).bases:
            said = f"{basis.said}; {name} {SERVICES[link.kind]} it"
            path = f"{name} -[{SERVICES[link.kind]}]-> {basis.path}"
            found.append(replace(basis, kind=basis.kind + rule.OF_CUSTOMER, said=said, path=path))
    return found


def _seats(snapshot: Snapshot, surroundings: Surroundings) -> rule.SeatOf:
    """Where the parties are: as their records say, else as the list entries of the parties whose names they bear."""

    def seat(id: str) -> rule.Seat | None:
        entities = surroundings.neighbourhood.entities
        own = rule.seat(entities.get(id))
        if own is not None:
            return own
        for listing in surroundings.listings.get(id, ()):
            entry: Entity | None = snapshot.entity(listing.entity)
            found = rule.seat(entry)
            if entry is not None and found is not None:
                by_name = ", tied to it by name alone" if (id, listing.id) in surroundings.proposals else ""
                return replace(found, by=f"by the {listing.list} entry {entry.caption!r}{by_name}")
        return None

    return seat


def _leveled(asked: Asked, row: ReportRow, reached: rule.Reach | None, entity: str) -> ReportRow:
    """The row at its level, under a name of its own: other findings of the regime may name no listed party either."""
    id = report.finding_id(asked.vendor, asked.party.label, entity, rule.REGIME, "headquarters")
    return row | {"level": (Level.REVIEW if reached else Level.ALL).value, "finding_id": id}


def _unmatched(asked: Asked, found: Finding) -> ReportRow:
    row = base_row(asked, Verdict.HEADQUARTERS, found.reason)
    return row | {
        "regime": found.regime,
        "rule_status": found.rule_status,
        "path": found.path,
        "authority": found.authority,
    }
