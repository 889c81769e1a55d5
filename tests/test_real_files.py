"""The publishers' own files through the commands: every row accounted for, the known parties found, ordinary ones not."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import shutil
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEWEST = {
    "us_trade_csl": "2022-05-16",
    "us_bis_denied": "2023-11-30",
    "us_ofac_cons": "2025-12-19",
    "us_ofac_sdn": "2021-07",
    "un_sc_sanctions": "2026-02",
}
ORDINARY = (
    "Siemens Energy", "Nestle S.A.", "Toyota Motor Corporation", "Acme Office Supplies GmbH", "Bluebird Garden Centre Ltd",
    "Robert Bosch GmbH", "北京大成律师事务所", "株式会社日立製作所", "Société Générale", "Zwiesel Kristallglas AG",
)  # fmt: skip


def resolver(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "resolver.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, "RESOLVER_HOME": str(home)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )


@pytest.fixture(scope="session")
def real(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder refreshed from the newest full file of each dataset."""
    folder = tmp_path_factory.mktemp("real")
    for dataset, edition in NEWEST.items():
        shutil.copytree(shared_data / "mirror" / dataset / edition, folder / "in" / dataset)
    done = resolver(folder / "home", "refresh", "--from", str(folder / "in"))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "home"


def screened(home: Path, *arguments: str) -> list[dict[str, str]]:
    done = resolver(home, "screen", *arguments, "--format", "csv", "--as-of", "2026-11-23")
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_every_row_is_accounted_for(real: Path, shared_data: Path) -> None:
    found = {one["name"]: one for one in json.loads(resolver(real, "lists", "--format", "json").stdout)["datasets"]}
    assert {name: found[name]["rows"] for name in NEWEST} == {
        "us_trade_csl": 14_160, "us_bis_denied": 665, "us_ofac_cons": 442, "us_ofac_sdn": 8_976, "un_sc_sanctions": 1_003,
    }  # fmt: skip
    for name in NEWEST:
        files = found[name]["files"].values()
        assert all(one["read"] == one["kept"] + one["set_aside"] for one in files)
        assert found[name]["set_aside"] == 0, found[name]["reasons"]
    with (shared_data / "mirror" / "us_trade_csl" / "2022-05-16" / "consolidated.csv").open(encoding="utf-8-sig") as file:
        entity_list = sum(row["source"].startswith("Entity List") for row in csv.DictReader(file))
    assert found["us_trade_csl"]["lists"]["us-bis-el"] == entity_list == 2_001


def test_the_entity_list_row_comes_first(real: Path) -> None:
    row = screened(real, "Beijing SenseTime Technology Development")[0]
    assert (row["verdict"], row["list"]) == ("LISTED", "us-bis-el") and "84 FR 54002" in row["citation"]


def test_an_unlisted_sister_is_of_the_family_and_not_listed(real: Path) -> None:
    rows = screened(real, "Shenzhen SenseTime Technology Co., Ltd.")
    assert {row["verdict"] for row in rows} == {"NAME_FAMILY"}
    assert any("Beijing Sensetime" in row["listed_party"] and "sensetime" in row["reason"] for row in rows)


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("IFLYTEK", "IFLYTEK"),
        ("Megvii", "Megvii Technology"),
        ("Huawei Technologies Co Ltd", "Huawei Technologies Co., Ltd. (Huawei)"),
        ("HUAWEI TECH. CO., LIMITED", "Huawei Technologies Co., Ltd. (Huawei)"),
        ("华为技术有限公司", "Huawei Technologies Co., Ltd. (Huawei)"),
    ],
)
def test_listed_parties_are_found_by_the_names_people_use(real: Path, name: str, party: str) -> None:
    rows = screened(real, name)
    assert rows[0]["verdict"] == "LISTED"
    assert any(row["listed_party"] == party for row in rows), [row["listed_party"] for row in rows]


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_companies_find_nothing(real: Path, name: str) -> None:
    assert [row["verdict"] for row in screened(real, name)] == ["NO_OWNERSHIP_DATA"]


def test_a_repeated_header_and_a_cut_row_do_not_pass(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "mirror" / "us_trade_csl" / "2023-11-30-header-repeated"
    shutil.copytree(source, tmp_path / "in" / "us_trade_csl")
    done = resolver(tmp_path / "home", "refresh", "--from", str(tmp_path / "in"))
    assert done.returncode == 1 and "cut off" in done.stderr


def test_names_of_the_world_all_come_back(real: Path, shared_data: Path, tmp_path: Path) -> None:
    corpora = shared_data / "corpora"
    names: list[str] = []
    for corpus, count in (("world_listed_company_names_47k.txt.gz", 200), ("cn_company_names_1m.txt.gz", 100)):
        with gzip.open(corpora / corpus, "rt", encoding="utf-8") as file:
            names += [line.strip() for line in islice(file, count)]
    vendors = tmp_path / "vendors.csv"
    with vendors.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "name"))
        writer.writerows((number, name) for number, name in enumerate(names))
        file.write("broken,row,of,five,cells\r\nnameless,\r\n")
    done = resolver(real, "batch", str(vendors), "-o", str(tmp_path / "report.csv"))
    assert done.returncode == 0, done.stderr
    with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["id"] for row in rows} == {*map(str, range(len(names))), "broken", "nameless"}
    assert [row["id"] for row in rows if row["verdict"] == "NOT_SCREENED"] == ["broken", "nameless"]
    alarms = {row["id"] for row in rows if row["level"] == "act"} - {"broken", "nameless"}
    assert len(alarms) <= len(names) // 20
