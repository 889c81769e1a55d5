"""The small world of `fixtures/world`: every list reads every row of its file there, and the vendors tell the story."""

from __future__ import annotations

import csv
import importlib
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

from resolver import identifiers, share
from resolver.fetch import fetch, open_download
from resolver.model import Dataset, Entity, Interest, Listing, Statement, Verdict
from resolver.record import SetAside, Taken
from resolver.refresh import import_file, refresh
from resolver.screen.batch import batch
from resolver.screen.options import Options
from resolver.store import Home

WORLD = Path(__file__).parents[1] / "fixtures" / "world"
README = (WORLD / "README.md").read_text("utf-8")
STORY = [[cell.strip() for cell in line.split("|")[1:-1]] for line in README.splitlines() if line.startswith("| V")]
"""Vendor, case, what it shows, what is expected, source."""
DAY = date(2026, 11, 23)
ROWS = {
    "us_trade_csl": 23,
    "us_ofac_sdn": 12,
    "us_ofac_cons": 18,
    "us_bis_denied": 2,
    "un_sc_sanctions": 2,
    "gleif": 16,
    "gb_coh": 12,
}


def outcomes(name: str, downloads: Path) -> Iterator[Taken[Statement] | SetAside]:
    """What a list says of every row of its files in the world."""
    module = importlib.import_module(f"lists.{name}")
    dataset: Dataset = module.DATASET
    taken = fetch(dataset, downloads, source=str(WORLD))
    with ExitStack() as stack:
        yield from module.parse({key: stack.enter_context(open_download(one)) for key, (one,) in taken.items()})


def statements(name: str, downloads: Path) -> list[Statement]:
    return [value for one in outcomes(name, downloads) if isinstance(one, Taken) for value in one.values]


def rows(path: str) -> list[dict[str, str]]:
    with (WORLD / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ROWS)
def test_every_list_reads_every_row(name: str, tmp_path: Path) -> None:
    found = list(outcomes(name, tmp_path))
    assert [one for one in found if isinstance(one, SetAside)] == []
    assert len(found) == ROWS[name]


def test_the_listings_are_those_of_the_story(tmp_path: Path) -> None:
    entities: dict[str, Entity] = {}
    listings: dict[str, set[str]] = {}
    for name in ROWS:
        for one in statements(name, tmp_path):
            if isinstance(one, Entity):
                entities.setdefault(one.id, one)
            elif isinstance(one, Listing):
                listings.setdefault(one.list, set()).add(one.entity)
    names = {code: {entities[id].caption for id in ids} for code, ids in listings.items()}
    assert set(names) == {"us-bis-el", "us-bis-meu", "us-bis-dpl", "us-ofac-cmic", "us-ofac-sdn", "un-sc"}
    assert {"Beijing Sensetime Technology Development Co., Ltd.", "IFLYTEK", "Sugon", "Address 01"} <= names["us-bis-el"]
    assert {"SENSETIME GROUP LIMITED", "HUAWEI INVESTMENT & HOLDING CO., LTD."} <= names["us-ofac-cmic"]
    assert not any("Shanghai SenseTime" in name or "SenseTime Group Inc" in name for some in names.values() for name in some)


def test_records_of_one_party_share_an_identifier(tmp_path: Path) -> None:
    held: dict[str, set[str]] = {}
    for name in ROWS:
        for one in statements(name, tmp_path):
            if isinstance(one, Entity):
                for identifier in one.identifiers:
                    if identifiers.strong(identifier):
                        held.setdefault(str(identifier), set()).add(one.id.rpartition("-")[0])
    assert len(held["lei:253400V1H6ART1UQ0N98"]) == 3
    assert len(held["uscc:91330000733796106P"]) == 3
    assert len(held["ofac-uid:33114"]) == 2
    assert len(held["gb-coh:99900001"]) == 1


def test_consolidation_states_no_share(tmp_path: Path) -> None:
    found = [one for one in statements("gleif", tmp_path) if isinstance(one, Interest)]
    assert found and all(one.type == "consolidation" and one.share is None for one in found)


def test_the_users_own_files_are_in_the_documented_layout() -> None:
    edges = rows("own/ownership.csv")
    assert list(edges[0]) == "owner,subject,share,interest_type,start_date,end_date,direct_or_indirect,joint,source".split(
        ","
    )
    assert all(row["owner"] and row["subject"] and row["source"] and share.parse_share(row["share"]) for row in edges)
    links = rows("own/links.csv")
    assert list(links[0]) == "subject,object,kind,start_date,end_date,source".split(",")
    assert {row["kind"] for row in links} == {"provides_compute_to", "supplies"}


def test_every_vendor_and_every_made_up_name_is_explained() -> None:
    vendors = rows("vendors.csv")
    assert len(vendors) == 39 and sum(not row["name"] for row in vendors) == 1
    for row in vendors:
        assert f"| {row['id']} |" in README
    for row in rows("own/ownership.csv") + rows("own/links.csv"):
        if row["source"].startswith("illustrative: a made-up"):
            assert row["subject"] in README


def wanted(expected: str) -> set[tuple[str, str, str]]:
    """(regime, verdict, match status) of each row that the table names; empty where it says nothing of it."""
    found = set()
    for part in expected.split(";"):
        regimes = re.findall(r"\b(?:us|un)(?:-[a-z0-9]+)*\b", part) or [""]
        verdicts = [word for word in re.findall(r"[A-Z][A-Z_]+", part) if word in Verdict.__members__]
        status = "identifier" if "(identifier)" in part else ""
        found |= {(regime, verdict, status) for regime in regimes for verdict in verdicts}
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The world, fetched and built, with the user's own files."""
    home = Home(tmp_path_factory.mktemp("world"))
    assert not refresh(home, source=str(WORLD)).failed
    for name in ("ownership", "links"):
        assert not import_file(home, WORLD / "own" / f"{name}.csv", f"own_{name}", "csv", {}).failed
    return home


@pytest.fixture(scope="module")
def reported(home: Home) -> dict[str, list[Mapping[str, str]]]:
    """The rows of each vendor."""
    done = batch(home.current(), WORLD / "vendors.csv", {}, Options(DAY), lambda line: None)
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in done.rows:
        found.setdefault(row["id"], []).append(row)
    return found


def test_the_table_says_what_is_expected_of_every_vendor() -> None:
    assert [line[0] for line in STORY] == [row["id"] for row in rows("vendors.csv")]
    assert all(wanted(line[3]) for line in STORY)


@pytest.mark.parametrize(("vendor", "expected"), [(line[0], line[3]) for line in STORY])
def test_the_vendors_tell_the_story(reported: dict[str, list[Mapping[str, str]]], vendor: str, expected: str) -> None:
    found = {(row["regime"], row["verdict"], row["match_status"]) for row in reported[vendor]}
    for regime, verdict, status in wanted(expected):
        assert any(one[1] == verdict and one[0] == (regime or one[0]) and one[2] == (status or one[2]) for one in found), (
            f"{vendor}: {regime} {verdict} {status} is missing: {sorted(found)}"
        )


def test_what_rests_on_the_re_imposed_rule_says_so(reported: dict[str, list[Mapping[str, str]]]) -> None:
    owned = [row for some in reported.values() for row in some if row["regime"] == "us-bis" and row["verdict"] == "OWNED"]
    assert owned and {row["rule_status"] for row in owned} == {"re-imposed by its text, unconfirmed"}


@pytest.mark.parametrize("vendor", ["V30", "V31", "V32", "V34"])
def test_ordinary_companies_stay_ordinary(reported: dict[str, list[Mapping[str, str]]], vendor: str) -> None:
    assert {row["level"] for row in reported[vendor]} == {"all"}


@pytest.mark.parametrize(
    ("day", "verdict"),
    [("2025-09-01", "LISTED_OWNER"), ("2025-10-15", "OWNED"), ("2026-03-01", "SUSPENDED"), ("2026-11-23", "OWNED")],
)
def test_the_same_world_on_other_days(home: Home, day: str, verdict: str) -> None:
    done = batch(home.current(), WORLD / "vendors.csv", {}, Options(date.fromisoformat(day)), lambda line: None)
    for vendor in ("V08", "V13", "V16", "V20", "V21"):
        found = {row["verdict"] for row in done.rows if row["id"] == vendor and row["regime"] == "us-bis"}
        assert verdict in found, f"{vendor} on {day}: {found}"
