"""Units of buildings: what an address names, which two are one, and who else is known there."""

from __future__ import annotations

from pathlib import Path

import pytest

from resolver.match.address import same_address, same_unit, unit
from resolver.match.tenancy import MANY, Tenancy, build
from resolver.model import Entity, Name, Schema

LUCKY = "Room 1405, 14/F, Lucky Centre, 165-171 Wanchai Road, Wan Chai, Hong Kong"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        (LUCKY, "1405"),
        ("Flat/Rm A, 9/F Silvercorp International Tower, 707-713 Nathan Road, Mongkok, Kowloon", "a"),
        ("Office No. 412, Abdul Ahmed Al Zarouni Building, Deira, Dubai", "412"),
        ("10 Anson Road, #05-12 International Plaza, Singapore 079903", "05-12"),
        ("深圳市福田区彩田路3069号星河世纪大厦A座1405室", "1405"),
        ("Unit 007, 3 Harbour Way", "7"),
    ],
)
def test_an_address_names_its_unit(text: str, mark: str) -> None:
    found = unit(text)
    assert found is not None and found.mark == mark.lstrip("0")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No. 666 Wangjiang Road West, Hefei, Anhui",
        "14/F, Lucky Centre, 165-171 Wanchai Road, Hong Kong",
        "Near Municipal Committee Office Road, Taxila",
        "Honduras #88, Col. Modelo, Matamoros",
        "Dalbandin Post Office, Chaghey District",
    ],
)
def test_a_building_a_street_and_a_town_are_no_unit(text: str) -> None:
    assert unit(text) is None


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("RM 1405 14/F LUCKY CTR, 165-171 WANCHAI RD, WAN CHAI, HK", True),
        ("Unit 1405, Lucky Centre, 165-171 Wanchai Road, Wanchai, Hong Kong 999077", True),
        ("Room 1405, Lucky Centre, Wanchai Road, Wan Chai", True),
        ("Room 1406, 14/F, Lucky Centre, 165-171 Wanchai Road, Wan Chai, Hong Kong", False),
        ("Room 1405, 15/F, Lucky Centre, 165-171 Wanchai Road, Wan Chai, Hong Kong", False),
        ("Room 1405, 14/F, Wealth Centre, 48 Wanchai Road, Wan Chai, Hong Kong", False),
        ("Room 1405, Wealth Centre, Wan Chai", False),
        ("Room 1405, 14/F, 165-171 Nathan Road, Kowloon", False),
    ],
)
def test_the_unit_decides_and_not_the_building(other: str, same: bool) -> None:
    left, right = unit(LUCKY), unit(other)
    assert left is not None and right is not None
    assert same_unit(left, right) is same and same_unit(right, left) is same


def test_blocks_are_told_apart() -> None:
    left, right = (
        unit("Room 3, Block A, 12 Harbour Park Road, Yantai"),
        unit("Room 3, Block B, 12 Harbour Park Road, Yantai"),
    )
    assert left is not None and right is not None and not same_unit(left, right)


def resident(id: str, *addresses: str, schema: Schema = Schema.COMPANY) -> Entity:
    return Entity(id, schema, (Name(id),), addresses=addresses)


def kept(path: Path, others: int, canonical: dict[str, str] | None = None) -> list[tuple[str, int]]:
    lists = [(resident("listed", LUCKY), True), (resident("other", "Room 1, 2 Main Street, Springfield Gardens"), True)]
    build(path, lists, (resident(f"tenant-{number}", LUCKY) for number in range(others)), canonical or {})
    return [(one.entity, one.tenants) for one in Tenancy(path).shared("Rm 1405, Lucky Centre, 165-171 Wanchai Road, HK")]


def test_the_listed_parties_of_a_unit_with_its_tenants(tmp_path: Path) -> None:
    assert kept(tmp_path / "a", 0) == [("listed", 1)]
    assert kept(tmp_path / "b", 3) == [("listed", 4)]
    assert kept(tmp_path / "c", 3, {"tenant-1": "tenant-0", "tenant-2": "listed"}) == [("listed", 2)]


def test_a_registration_agents_unit_is_not_kept(tmp_path: Path) -> None:
    assert kept(tmp_path / "a", MANY - 2) == [("listed", MANY - 1)]
    assert kept(tmp_path / "b", MANY - 1) == []


def test_an_entry_that_is_an_address_is_another_matter(tmp_path: Path) -> None:
    build(tmp_path / "a", [(resident("entry", LUCKY, schema=Schema.ADDRESS), True)], (), {})
    assert list(Tenancy(tmp_path / "a").shared(LUCKY)) == []


def test_no_unit_shares_nothing(tmp_path: Path) -> None:
    build(tmp_path / "a", [], [], {})
    assert list(Tenancy(tmp_path / "a").shared(LUCKY)) == list(Tenancy(tmp_path / "a").shared("1 Road")) == []


@pytest.mark.parametrize(
    ("asked", "listed", "same"),
    [
        ("Room A, 5/F, Sunshine Plaza, 12 Lockhart Road", "Room B, 5/F, Sunshine Plaza, 12 Lockhart Road", False),
        ("Flat 5, 12/F, 7 Sunshine Plaza Road", "Flat 12, 7/F, 5 Sunshine Plaza Road", False),
        ("12 Lockhart Road, Sunshine Plaza", "Room A, 5/F, Sunshine Plaza, 12 Lockhart Road", False),
        ("Rm 1225, 12th Floor, Beverley Commercial Centre, 87-105 Chatham Rd South, TST, Kowloon",
         "Flat/Rm 1225, 12/F, Beverley Commercial Centre, 87-105 Chatham Road South, Tsim Sha Tsui, Hong Kong", True),
        ("c/o Acme, 8 Argyle Street, Langham Place, Mongkok", "8 Argyle Street, Langham Place, Mongkok, Kowloon", True),
        ("9 Argyle Street, Langham Place, Mongkok", "8 Argyle Street, Langham Place, Mongkok, Kowloon", False),
    ],
)  # fmt: skip
def test_an_entry_that_is_an_address_is_met_to_the_unit(asked: str, listed: str, same: bool) -> None:
    assert same_address(asked, listed) is same
