"""The rule table: which listing seeds which regime, what binds on which day, and that the table names only what exists."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from resolver import regimes
from resolver.errors import InputError
from resolver.model import INTEREST_TYPES, Listing
from resolver.regimes import LARGEST_HOLDER, LISTS, REGIMES, Seed, period, seeds

DAY = date(2026, 1, 1)


def seeded(code: str, **facts: object) -> tuple[Seed, ...]:
    return seeds(Listing("l", "X", code, "", **facts), DAY)  # type: ignore[arg-type]


@pytest.mark.parametrize("program", sorted(regimes.AFFILIATES_PROGRAMS))
def test_every_744_8_program_is_in_scope_of_bis(program: str) -> None:
    assert seeded("us-ofac-sdn", program=(program,)) == (Seed("us-ofac"), Seed("us-bis"))


def test_there_are_fourteen_programs() -> None:
    """As 89 FR 20107 counts them."""
    assert len(regimes.AFFILIATES_PROGRAMS) == 14


@pytest.mark.parametrize("programs", [(), ("VENEZUELA",), ("RUSSIA",), ("SDGT-LIKE",), ("IRAN", "CYBER2")])
def test_other_programs_are_not(programs: tuple[str, ...]) -> None:
    assert seeded("us-ofac-sdn", program=programs) == (Seed("us-ofac"),)


@pytest.mark.parametrize("text", ["[SDGT] [IFSR]", "SDGT; IFSR", "IFSR] [SDGT", "sdgt"])
def test_program_tags_as_lists_write_them(text: str) -> None:
    assert Seed("us-bis") in seeded("us-ofac-sdn", program=(text,))


def test_the_same_tag_on_another_list_is_not_in_scope() -> None:
    """SSI and directive rows share the tags UKRAINE-EO13662 and RUSSIA-EO14024 (`regimes`, reading 1)."""
    assert seeded("us-ofac-ssi", program=("UKRAINE-EO13662",), measure="DIRECTIVE1") == (Seed("us-ofac-ssi", "DIRECTIVE1"),)
    assert seeded("us-ofac-mbs", program=("RUSSIA-EO14024",)) == (Seed("us-ofac-mbs"),)


def test_directives_are_read_from_programs_and_measure() -> None:
    found = seeded("us-ofac-ssi", program=("UKRAINE-EO13662", "DIRECTIVE2"), measure="Directive 4")
    assert found == (Seed("us-ofac-ssi", "DIRECTIVE2"), Seed("us-ofac-ssi", "DIRECTIVE4"))
    assert seeded("us-ofac-ssi", program=("UKRAINE-EO13662",)) == (Seed("us-ofac-ssi"),)


@pytest.mark.parametrize(
    ("code", "measure", "regime"),
    [
        ("gb-uksl", "", "gb"),
        ("gb-uksl", "Asset freeze|Travel Ban", "gb"),
        ("gb-uksl", "Travel Ban", "gb-uksl"),
        ("gb-uksl", "Director Disqualification Sanction", "gb-uksl"),
        ("ch-seco", "Asset freeze", "ch"),
        ("un-sc", "assets freeze", "un"),
        ("un-sc", "travel ban", "un-sc"),
        ("au-dfat", "Targeted Financial Sanction", "au"),
        ("au-dfat", "Travel ban", "au-dfat"),
        ("eu-fsf", "", "eu"),
        ("us-bis-uvl", "", "us-bis-uvl"),
        ("cn-uel", "", "cn-uel"),
    ],
)
def test_a_measure_must_carry_the_ownership_rule(code: str, measure: str, regime: str) -> None:
    assert seeded(code, measure=measure) == (Seed(regime),)


def test_dates_of_a_listing() -> None:
    dated = Listing("l", "X", "eu-fsf", "", listing_date=date(2026, 1, 1), end_date=date(2026, 2, 1))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]
    assert [bool(seeds(dated, day)) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("day", "status", "suspended"),
    [
        (date(2025, 9, 28), None, None),
        (date(2025, 9, 29), "in force", False),
        (date(2025, 11, 9), "in force", False),
        (date(2025, 11, 10), "suspended from 2025-11-10 through 2026-11-09", True),
        (date(2026, 11, 9), "suspended from 2025-11-10 through 2026-11-09", True),
        (date(2026, 11, 10), "re-imposed by its text, unconfirmed", False),
    ],
)
def test_the_calendar_of_the_affiliates_rule(day: date, status: str | None, suspended: bool | None) -> None:
    found = period(REGIMES["us-bis"], day)
    assert (found.status, found.suspended) == (status, suspended) if found else status is None


@pytest.mark.parametrize(("day", "strictly"), [(date(2024, 7, 2), True), (date(2024, 7, 3), False)])
def test_the_eu_moved_to_half_or_more(day: date, strictly: bool) -> None:
    found = period(REGIMES["eu"], day)
    assert found is not None
    assert (found.threshold, found.strictly) == (Fraction(50), strictly)


def test_a_users_own_status() -> None:
    rule = REGIMES["us-bis"]
    told = {"us-bis": "suspended from 2026-11-10"}
    before, after = period(rule, date(2025, 10, 1), told), period(rule, date(2026, 11, 10), told)
    assert before is not None and not before.suspended
    assert after is not None and after.suspended and after.status == "suspended, as the user says"
    gone = period(rule, date(2026, 11, 10), {"us-bis": "not in force"})
    assert gone is not None and not gone.in_force


@pytest.mark.parametrize(
    "told", [{"us-bis": "off"}, {"us-bis": "suspended from May"}, {"narnia": "in force"}, {"au": "in force"}]
)
def test_a_status_that_cannot_be_read(told: dict[str, str]) -> None:
    with pytest.raises(InputError):
        regimes.check(told)


def test_the_table_is_whole() -> None:
    for code, one in REGIMES.items():
        assert one.code == code
        assert one.authority and one.title
        assert one.interests <= INTEREST_TYPES
        assert one.control_limb <= INTEREST_TYPES | {LARGEST_HOLDER}
        assert [period.start for period in one.periods] == sorted({period.start for period in one.periods})
        for seeding in one.lists:
            assert code in LISTS[seeding].regimes
    for code, one_list in LISTS.items():
        assert one_list.code == code and one_list.legal_effect
        for regime in one_list.regimes:
            assert code in REGIMES[regime].lists
        assert regimes.is_list(code)


def test_no_regime_is_left_out() -> None:
    """Every regime is computed; the lists that seed none are regimes of their own."""
    assert set(REGIMES) == {
        "us-ofac", "us-ofac-ssi", "us-bis", "us-1260h", "us-889", "us-5949", "us-fcc", "us-uflpa", "eu", "eu-833", "gb",
        "ch", "ca", "jp", "au", "un",
    }  # fmt: skip
    without = {code for code, one in LISTS.items() if not one.regimes}
    assert without == {
        "us-ofac-cmic", "us-ofac-mbs", "us-ofac-capta", "us-ofac-plc", "us-ofac-fse", "us-bis-mieu", "us-bis-uvl",
        "us-bis-dpl", "us-state-dtc", "us-state-isn", "jp-meti-eul", "cn-uel", "cn-ecl",
    }  # fmt: skip
    assert not regimes.is_list("us-sdn")


def test_lists_agree_with_the_datasets_that_carry_them() -> None:
    from resolver import catalog

    for module in catalog.datasets().values():
        for carried in module.dataset.lists:
            assert regimes.is_list(carried.code), carried.code
            if carried.code in LISTS:
                assert LISTS[carried.code].regimes == carried.regimes
                assert LISTS[carried.code].legal_effect == carried.legal_effect
