"""Interests in columns give what the same rows give one by one, grouped by hand or by numpy."""

from __future__ import annotations

from array import array
from datetime import date
from random import Random

import networkx
import pytest

from resolver.calculate import calculate
from resolver.calculate.files import interests as columns_of
from resolver.graph import Columns, Grouped, Neighbourhood, knotted
from resolver.rules import findings
from tests.ownership_cases import interests, listings
from tests.test_calculate import COLUMNS, LISTED_COLUMNS, Path, table

SHARES = ("100", "60", "50", "49.99", "30", "10", "100/3", "(25,50]", "[50,75]", ">25", "", "0")
KINDS = ("",) * 6 + ("votingRights", "appointmentOfBoard", "consolidation", "boardMember", "unknownInterest")
DAYS = ("", "", "", "2019-05-01", "2025-06-30", "2026-01-15", "2026-03-01")
LISTS = ("us-ofac-sdn", "us-bis-el", "eu-fsf", "gb-uksl", "us-bis-uvl", "ca-sema", "jp-mof")
DAY = date(2026, 1, 15)


def rows(chance: Random, parties: int, count: int) -> list[dict[str, str]]:
    found = []
    for _ in range(count):
        start, end = sorted((chance.choice(DAYS), chance.choice(DAYS)))
        owner, subject = (f"party {chance.randrange(parties)}" for _ in "ab")
        row = {"owner": owner, "subject": subject, "share": chance.choice(SHARES), "interest_type": chance.choice(KINDS)}
        dated = {"start_date": start, "end_date": end}
        found.append({**row, **dated, "joint": chance.choice(("",) * 9 + ("J",)), "source": chance.choice(("", "wikidata"))})
    return found


@pytest.mark.parametrize("many", [0, 1_000_000], ids=["numpy", "by hand"])
@pytest.mark.parametrize("seed", range(6))
def test_columns_give_what_rows_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, many: int) -> None:
    chance = Random(seed)
    told = rows(chance, 60, 110)
    listed = [{"entity": f"party {chance.randrange(60)}", "list": chance.choice(LISTS)} for _ in range(12)]
    one_by_one = findings(Neighbourhood({}, interests(told)), listings(listed), DAY)
    monkeypatch.setattr("resolver.graph.columns.MANY", many)
    monkeypatch.setattr("resolver.calculate.files.MOST_REMEMBERED", 7)
    columns = columns_of(table(tmp_path / "edges.csv", COLUMNS, told))
    assert tuple(columns) == interests(told)
    assert findings(Neighbourhood({}, columns), listings(listed), DAY) == one_by_one
    found = calculate(tmp_path / "edges.csv", table(tmp_path / "listed.csv", LISTED_COLUMNS, listed), None, DAY)
    assert {(one.subject, one.regime) for one in found} == {(one.subject, one.regime) for one in one_by_one}


def test_columns_are_a_sequence() -> None:
    told = interests(rows(Random(1), 9, 20))
    columns = Columns.of(told)
    assert Columns.of(columns) is columns
    assert (len(columns), columns[-1], tuple(columns[3:5])) == (20, told[-1], told[3:5])


@pytest.mark.parametrize("many", [0, 1_000_000], ids=["numpy", "by hand"])
def test_places_are_grouped_in_their_order(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    monkeypatch.setattr("resolver.graph.columns.MANY", many)
    grouped = Grouped(array("i", [2, 0, 2, 4, 2]), 6)
    assert [list(grouped[number]) for number in range(6)] == [[1], [], [0, 2, 4], [], [3], []]
    assert list(grouped.giving(array("i", [10, 11, 12, 13, 14]))[2]) == [10, 12, 14]


@pytest.mark.parametrize("many", [0, 1_000_000], ids=["numpy", "by hand"])
@pytest.mark.parametrize("seed", range(5))
def test_no_ring_is_lost(monkeypatch: pytest.MonkeyPatch, seed: int, many: int) -> None:
    monkeypatch.setattr("resolver.graph.columns.MANY", many)
    chance = Random(seed)
    pairs = [(chance.randrange(200), chance.randrange(200)) for _ in range(180)]
    marks = knotted(array("i", [owner for owner, _ in pairs]), array("i", [subject for _, subject in pairs]), 200)
    rings = [ring for ring in networkx.strongly_connected_components(networkx.DiGraph(pairs)) if len(ring) > 1]
    assert all(marks[number] for ring in rings for number in ring)
    assert sum(marks) < 200
