"""What is asked of every list: its golden file, its ids, its ends, its counts, its licence, its imports."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from resolver.model import Dataset, Entity, Interest, Link, Listing, Statement
from resolver.record import Taken
from tests import golden

LISTS = Path(golden.__file__).parents[1] / "lists"
NAMES = golden.datasets()
PUBLIC = [name for name in NAMES if not name.startswith(golden.OWN)]

LIST_CODES = frozenset(
    (
        "us-ofac-sdn", "us-ofac-ssi", "us-ofac-cmic", "us-ofac-mbs", "us-ofac-capta", "us-ofac-plc", "us-ofac-fse",
        "us-bis-el", "us-bis-meu", "us-bis-mieu", "us-bis-uvl", "us-bis-dpl", "us-state-dtc", "us-state-isn", "us-1260h",
        "us-889", "us-5949", "us-fcc", "us-uflpa", "eu-fsf", "eu-833-annex", "gb-uksl", "ch-seco", "ca-sema", "jp-mof",
        "au-dfat", "un-sc", "jp-meti-eul",
    )
)  # fmt: skip
ROOMS = frozenset(f"resolver.{room}" for room in ("model", "record", "share", "identifiers", "countries", "errors"))


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    value = request.param
    assert isinstance(value, str)
    return value


@pytest.fixture(scope="module")
def outcomes(name: str) -> list[golden.Outcome]:
    return golden.outcomes(name)


@pytest.fixture(scope="module")
def stated(outcomes: list[golden.Outcome]) -> list[Statement]:
    return list(golden.statements(outcomes))


def _dataset(name: str) -> Dataset:
    return golden.dataset(name)


def test_there_are_lists() -> None:
    assert {"us_trade_csl", "us_ofac_sdn", "us_ofac_cons", "us_bis_denied", "un_sc_sanctions"} <= set(NAMES)


def test_the_golden_file_is_what_the_list_says(name: str, outcomes: list[golden.Outcome]) -> None:
    promised = golden.golden_file(name).read_text(encoding="utf-8").splitlines()
    assert golden.lines(outcomes) == promised, f"python -m tests.golden {name}, and read the difference"


def test_the_same_files_say_the_same_twice(name: str, outcomes: list[golden.Outcome]) -> None:
    assert golden.outcomes(name) == outcomes


def test_every_row_read_comes_back_once(outcomes: list[golden.Outcome]) -> None:
    rows = defaultdict(list)
    for outcome in outcomes:
        rows[outcome.where.file].append(outcome.where.row)
    assert rows
    for file, numbers in rows.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), file


def test_a_row_set_aside_says_why(outcomes: list[golden.Outcome]) -> None:
    for outcome in outcomes:
        if not isinstance(outcome, Taken):
            assert outcome.reason.strip() and outcome.text.strip()


def test_ids_carry_the_prefix_and_stand_once(name: str, stated: list[Statement]) -> None:
    prefix = f"{_dataset(name).prefix}-"
    told: dict[tuple[type, str], Statement] = {}
    for one in stated:
        assert one.id.startswith(prefix) and len(one.id) > len(prefix), one
        if not isinstance(one, Entity):
            assert told.setdefault((type(one), one.id), one) == one, f"two statements of one id: {one.id}"


def test_a_party_is_of_one_kind_under_one_id(stated: list[Statement]) -> None:
    schemata = defaultdict(set)
    for one in stated:
        if isinstance(one, Entity):
            schemata[one.id].add(one.schema.value)
    assert not {key: found for key, found in schemata.items() if len(found - {"LegalEntity"}) > 1}


def test_both_ends_of_every_tie_are_named(name: str, stated: list[Statement]) -> None:
    known = {one.id for one in stated if isinstance(one, Entity)}
    elsewhere = tuple(f"{_dataset(other).prefix}-" for other in NAMES if other != name)
    for one in stated:
        ends: tuple[str, ...] = ()
        if isinstance(one, Interest):
            ends = (one.subject, one.interested_party)
        elif isinstance(one, Link):
            ends = (one.subject, one.object)
        elif isinstance(one, Listing):
            ends = (one.entity,)
        for end in ends:
            assert end in known or end.startswith(elsewhere), f"{one.id}: nobody states {end}"


def test_parties_have_names_and_countries_have_codes(stated: list[Statement]) -> None:
    for one in stated:
        if isinstance(one, Entity):
            assert all(name.text.strip() for name in one.names), one.id
            codes = (*one.countries, *((one.jurisdiction,) if one.jurisdiction else ()))
            assert all(re.fullmatch("[a-z]{2}", code) for code in codes), one.id
            for day in (one.incorporation_date, one.dissolution_date, one.birth_date):
                assert day is None or re.fullmatch(r"\d{4}(-\d\d){0,2}", day), one.id


def test_a_listing_is_on_a_list_of_the_dataset(name: str, stated: list[Statement]) -> None:
    own = {one.code for one in _dataset(name).lists}
    for one in stated:
        if isinstance(one, Listing):
            assert one.list in own, one.id
            assert one.authority, one.id


@pytest.mark.parametrize("name", PUBLIC)
def test_what_the_list_is_stands_complete(name: str) -> None:
    dataset = _dataset(name)
    assert dataset.name == name
    assert all((dataset.title, dataset.publisher, dataset.licence, dataset.frequency))
    assert dataset.url.startswith("https://")
    assert re.fullmatch("[a-z]{2}", dataset.country)
    assert re.fullmatch("[a-z0-9-]+", dataset.prefix)
    assert dataset.at_least > 0
    keys = [resource.key for resource in dataset.resources]
    assert keys and len(set(keys)) == len(keys)
    assert any(resource.principal and resource.required for resource in dataset.resources)
    for resource in dataset.resources:
        assert resource.patterns and all(pattern == pattern.lower() for pattern in resource.patterns)
        assert resource.url is None or resource.url.startswith("https://")
    for public in dataset.lists:
        assert public.code in LIST_CODES or public.code.startswith("cn-")
        assert public.legal_effect


def test_prefixes_are_apart() -> None:
    prefixes = [_dataset(name).prefix for name in NAMES if not name.startswith("own_")]
    assert len(set(prefixes)) == len(prefixes)


@pytest.mark.parametrize("path", sorted(LISTS.rglob("*.py")), ids=lambda path: str(path.relative_to(LISTS)))
def test_a_list_imports_only_the_rooms_it_may(path: Path) -> None:
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            modules.update(f"lists.{alias.name}" if node.module == "lists" else str(node.module) for alias in node.names)
    own = path.relative_to(LISTS).parts[0].removesuffix(".py")
    for module in modules:
        parts = module.split(".")
        if parts[0] == "lists":
            shared = parts[1]
            assert shared == own or shared not in NAMES, f"a list reads no other list: {module}"
        elif parts[0] == "resolver":
            assert module in ROOMS, module
        else:
            assert parts[0] in sys.stdlib_module_names, module
