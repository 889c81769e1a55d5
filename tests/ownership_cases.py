"""The compact notation of fixtures/fifty_percent.csv, read into the rows of the files that `resolver ownership` takes.

edges:    `X>A 50; A>B (25,50] joint J; X>A 60 until 2026-03-01; X>A votes 51; X>A board; E>A ?` (`?`: size unknown)
listed:   `X us-ofac-sdn RUSSIA-EO14024; Y us-uflpa scope 'and its subsidiaries'`
entities: `A us` (jurisdiction)
expected: `A OWNED; B MINORITY`: every finding under the regime but LISTED, and no other
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lists.own_ownership import interest
from resolver.graph import Neighbourhood
from resolver.model import Entity, Finding, Interest, Listing, Name, Schema
from resolver.rules import findings

FIXTURE = Path(__file__).parent.parent / "fixtures" / "fifty_percent.csv"
KINDS = {"votes": "votingRights", "board": "appointmentOfBoard"}
WORDS = {"from": "start_date", "until": "end_date", "joint": "joint", "source": "source"}
DIRECTNESS = ("direct", "indirect", "unknown")

Row = dict[str, str]


@dataclass(frozen=True)
class Case:
    id: str
    authority: str
    as_of: date
    edges: str
    listed: str
    entities: str
    regime: str
    expected: str
    note: str


def cases() -> list[Case]:
    with FIXTURE.open(encoding="utf-8", newline="") as stream:
        return [Case(**{**row, "as_of": date.fromisoformat(row["as_of"])}) for row in csv.DictReader(stream)]


def edge_rows(text: str) -> Iterator[Row]:
    for edge in parts(text):
        ends, *words = edge.split()
        owner, _, subject = ends.partition(">")
        row = {"owner": owner, "subject": subject}
        while words:
            word = words.pop(0)
            if word in WORDS:
                row[WORDS[word]] = words.pop(0)
            elif word in DIRECTNESS:
                row["direct_or_indirect"] = word
            elif word[0].isalpha():
                row["interest_type"] = KINDS.get(word, word)
            elif word != "?":
                row["share"] = word
        yield row


def listed_rows(text: str) -> Iterator[Row]:
    for entry in parts(text):
        entry, _, scope = entry.partition(" scope ")
        entity, code, *programs = entry.split()
        yield {"entity": entity, "list": code, "program": "; ".join(programs), "scope": scope.strip("'")}


def entity_rows(text: str) -> Iterator[Row]:
    for entry in parts(text):
        entity, jurisdiction = entry.split()
        yield {"entity": entity, "jurisdiction": jurisdiction}


def parts(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(";") if part.strip())


def interests(rows: Iterable[Mapping[str, str]]) -> tuple[Interest, ...]:
    return tuple(
        interest(lambda column, row=row: row.get(column, ""), f"row {number}", row["owner"], row["subject"])
        for number, row in enumerate(rows, 1)
    )


def listings(rows: Iterable[Mapping[str, str]]) -> dict[str, tuple[Listing, ...]]:
    found: dict[str, tuple[Listing, ...]] = {}
    for number, row in enumerate(rows, 1):
        programs = tuple(parts(row.get("program", "")))
        one = Listing(
            f"entry {number}", row["entity"], row["list"], "", programs, row.get("measure", ""), row.get("scope", "")
        )
        found[one.entity] = (*found.get(one.entity, ()), one)
    return found


def entities(rows: Iterable[Mapping[str, str]]) -> dict[str, Entity]:
    return {
        row["entity"]: Entity(row["entity"], Schema.COMPANY, (Name(row["entity"]),), jurisdiction=row["jurisdiction"])
        for row in rows
    }


def run(edges: str, listed: str, as_of: date = date(2025, 10, 15), known: str = "", **more: object) -> list[Finding]:
    """The findings of facts in the notation."""
    neighbourhood = Neighbourhood(entities(entity_rows(known)), interests(edge_rows(edges)))
    return findings(neighbourhood, listings(listed_rows(listed)), as_of, **more)  # type: ignore[arg-type]


def verdicts(found: Sequence[Finding], regime: str) -> dict[str, str]:
    """Each party's most serious verdict under a regime, the listed left out."""
    best: dict[str, Finding] = {}
    for finding in found:
        if finding.regime == regime and finding.verdict.rank < best.get(finding.subject, finding).verdict.rank + 1:
            best[finding.subject] = finding
    return {subject: one.verdict.value for subject, one in sorted(best.items()) if one.verdict.value != "LISTED"}


def expected(text: str) -> dict[str, str]:
    return dict(sorted(part.split() for part in parts(text)))
