"""The headquarters rule: the worked cases of the fixture, the items that it reaches, and its places."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from resolver.graph import Neighbourhood
from resolver.model import Entity, Link, Name, Schema, Verdict
from resolver.rules import headquarters as rule
from tests.ownership_cases import edge_rows, interests, parts

FIXTURE = Path(__file__).parent.parent / "fixtures" / "headquarters.csv"
DAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Case:
    id: str
    as_of: date
    edges: str
    entities: str
    asked: str
    eccn: str
    basis: str
    authority: str
    unknown: str
    note: str


def cases() -> list[Case]:
    with FIXTURE.open(encoding="utf-8", newline="") as stream:
        return [Case(**{**row, "as_of": date.fromisoformat(row["as_of"])}) for row in csv.DictReader(stream)]


def entity(text: str) -> Entity:
    """`A hq:cn ky NON_PUBLIC`: headquarters, jurisdiction, why no parent is reported."""
    id, *words = text.split()
    topics = [f"headquarters:{word[3:]}" for word in words if word.startswith("hq:")]
    topics += [f"parent-unknown:{word}" for word in words if word.isupper()]
    jurisdiction = next((word for word in words if len(word) == 2), None)
    return Entity(id, Schema.COMPANY, (Name(id),), jurisdiction=jurisdiction, topics=tuple(topics))


def world(edges: str, entities: str, *links: Link) -> Neighbourhood:
    known = {one.id: one for one in map(entity, parts(entities))}
    return Neighbourhood(known, interests(edge_rows(edges)), links)


def standing(edges: str, entities: str, as_of: date = DAY, asked: str = "", *links: Link) -> rule.Standing:
    around = world(edges, entities, *links)
    return rule.standing(around, as_of, "A", lambda id: rule.seat(around.entities.get(id)), tuple(asked.split()))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.id}:{case.note}")
def test_worked_case(case: Case) -> None:
    found = standing(case.edges, case.entities, case.as_of, case.asked)
    assert [basis.kind for basis in found.bases] == list(parts(case.basis))
    assert bool(found.unknown) == bool(case.unknown)
    if case.unknown:
        assert f" {case.unknown} " in f"{found.unknown} ".replace(":", " ")
    reached = rule.reach(case.eccn)
    finding = rule.finding("A", found.bases, found.unknown, reached, case.as_of)
    assert (finding is not None) == bool(case.basis)
    if finding is not None:
        assert finding.verdict is Verdict.HEADQUARTERS and finding.regime == "us-bis" and not finding.listed_parties
        assert all(part in finding.authority and part in finding.reason for part in parts(case.authority))
        assert all(f"basis {kind}" in finding.reason for kind in parts(case.basis))
        assert finding.path and (not case.unknown or found.unknown in finding.reason)


def test_every_worked_case_is_there() -> None:
    assert {case.id for case in cases()} == {f"HQ-0{number}" for number in range(1, 6)}


@pytest.mark.parametrize(
    ("eccn", "authority"),
    [
        ("3A090.a", rule.BY_ITEM),
        ("4a090.A.1", rule.BY_ITEM),
        ("3A090.b", rule.BY_END_USER),
        ("3A001.z", rule.BY_ITEM),
        ("5D992.z.1", rule.BY_ITEM),
        ("EAR99 | 4A090.b", rule.BY_END_USER),
        ("4A090", f"{rule.BY_ITEM}; {rule.BY_END_USER}"),
    ],
)
def test_items_that_the_rule_reaches(eccn: str, authority: str) -> None:
    reached = rule.reach(eccn)
    assert reached is not None and reached.authority == authority


@pytest.mark.parametrize("eccn", ["", "EAR99", "3A090.c", "3B001.c.1.a", "4A003", "3A0900", "z", "3A090.abc", "0A501.z"])
def test_items_that_it_does_not(eccn: str) -> None:
    assert rule.reach(eccn) is None


def test_before_the_rule_there_is_nothing() -> None:
    bases = standing("", "A cn").bases
    assert rule.finding("A", bases, "", rule.reach("3A090.a"), date(2023, 11, 16)) is None
    assert rule.finding("A", bases, "", rule.reach("3A090.a"), date(2023, 11, 17)) is not None


def test_the_path_runs_down_from_the_parent_with_its_evidence() -> None:
    (basis,) = standing("P>H 60; H>A consolidation", "A sg; H sg; P hq:cn vg").bases
    assert basis.path == "P -[60]-> H -[consolidates]-> A; P -[headquartered in]-> China"
    assert set(basis.interests) == {"row 1", "row 2"}


def test_persons_and_nominees_are_no_parents() -> None:
    person = Entity("N", Schema.PERSON, (Name("N"),), jurisdiction="cn")
    nominee = Entity("H", Schema.COMPANY, (Name("Harbour Nominees Limited"),), jurisdiction="hk")
    around = world("N>A 60; H>B 60", "A sg; B sg")
    known = {**around.entities, "N": person, "H": nominee}
    around = Neighbourhood(known, around.interests)
    for party, unknown in (("A", False), ("B", True)):
        found = rule.standing(around, DAY, party, lambda id: rule.seat(known.get(id)))
        assert not found.bases and bool(found.unknown) is unknown


def test_a_ring_of_owners_has_no_ultimate_parent() -> None:
    assert "no source" in standing("B>A 60; A>B 60", "A sg; B cn").unknown


def test_a_branch_stands_where_its_head_office_does() -> None:
    (basis,) = standing("", "A sg; H cn", DAY, "", Link("l", "branch", "A", "H")).bases
    assert basis.kind == "own" and basis.path == "A -[branch of]-> H -[organised in]-> China"


def test_several_countries_decide_only_together() -> None:
    assert rule.stated(("cn", "hk")) == rule.Seat("cn")
    assert rule.stated(("cn", "sg")) is None and rule.stated(()) is None


def test_hong_kong_is_china_and_what_is_unconfirmed_says_so() -> None:
    assert rule.place("hk", DAY) and rule.place("mo", DAY) and not rule.place("sg", DAY)
    assert "(verify)" in rule.VERIFIED
