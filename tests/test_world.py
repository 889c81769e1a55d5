"""The small world of `fixtures/world`: every list reads every row of its file there, and the vendors tell the story."""

from __future__ import annotations

import csv
import importlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from resolver import identifiers, share
from resolver.fetch import fetch, open_download
from resolver.model import Dataset, Entity, Interest, Listing, Statement
from resolver.record import SetAside, Taken

WORLD = Path(__file__).parents[1] / "fixtures" / "world"
ROWS = {
    "us_trade_csl": 23,
    "us_ofac_sdn": 12,
    "us_ofac_cons": 18,
    "us_bis_denied": 2,
    "un_sc_sanctions": 2,
    "gleif": 13,
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
    text = (WORLD / "README.md").read_text("utf-8")
    vendors = rows("vendors.csv")
    assert len(vendors) == 37 and sum(not row["name"] for row in vendors) == 1
    for row in vendors:
        assert f"| {row['id']} |" in text
    for row in rows("own/ownership.csv") + rows("own/links.csv"):
        if row["source"].startswith("illustrative: a made-up"):
            assert row["subject"] in text
