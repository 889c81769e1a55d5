"""The Denied Persons List: parties without a number, in a row for each address."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from lists.us_bis_denied import COLUMNS, parse
from lists.us_trade_csl import entity_id
from resolver.errors import LayoutError
from resolver.model import Entity, Listing, merged
from resolver.record import SetAside, Taken
from tests import golden


def row(**fields: str) -> str:
    given = {
        "Name": "MAHAN AIRWAYS",
        "Effective_Date": "05/13/2022",
        "Standard_Order": "Y",
        "FR_Citation": "73 F.R. 15130",
        **fields,
    }
    return "\t".join(f'"{given.get(column, "")}"' for column in COLUMNS)


def read(*rows: str) -> list[golden.Outcome]:
    header = "\t".join(f'"{column}"' for column in COLUMNS)
    return list(parse({"list": io.BytesIO("\n".join((header, *rows)).encode())}))


def party(*rows: str) -> Entity:
    return merged(one for one in golden.statements(read(*rows)) if isinstance(one, Entity))


def listings(*rows: str) -> list[Listing]:
    return [one for one in golden.statements(read(*rows)) if isinstance(one, Listing)]


def test_addresses_of_one_order_are_one_party() -> None:
    found = party(row(City="TEHRAN", Country="IR"), row(City="DUBAI", Country="AE", FR_Citation="73 F.R. 15130, 74 F.R. 1"))
    assert (found.addresses, found.countries) == (("TEHRAN", "DUBAI"), ("ir", "ae"))


def test_the_same_row_again_states_nothing() -> None:
    first, second = read(row(), row())
    assert isinstance(first, Taken) and isinstance(second, Taken)
    assert len(first.values) == 2 and second.values == ()


@pytest.mark.parametrize(
    ("country", "state", "expected"), [("", "TX", ("us",)), ("", "", ()), ("IR", "", ("ir",)), ("ZZ", "", ())]
)
def test_a_state_alone_tells_the_united_states(country: str, state: str, expected: tuple[str, ...]) -> None:
    assert party(row(Country=country, State=state)).countries == expected


def test_a_day_is_month_first_and_an_impossible_one_costs_no_row() -> None:
    (listing,) = listings(row(Effective_Date="05/06/2022", Expiration_Date="01/17/3033"))
    assert (str(listing.listing_date), listing.end_date) == ("2022-05-06", None)
    assert listing.reason == "expiration date as published: 01/17/3033"


def test_orders_of_two_terms_are_two_listings() -> None:
    found = listings(row(Expiration_Date="11/09/2022"), row(Expiration_Date="05/07/2023"))
    assert [str(one.end_date) for one in found] == ["2022-11-09", "2023-05-07"]
    assert len({one.id for one in found}) == 2


def test_an_order_that_is_not_standard_says_so() -> None:
    assert "not a standard order" in listings(row(Standard_Order="N"))[0].reason
    (outcome,) = read(row(Standard_Order="Q"))
    assert isinstance(outcome, SetAside) and outcome.reason == "unknown Standard_Order 'Q'"


def test_it_is_the_party_of_the_consolidated_screening_list() -> None:
    (found,) = party(row()).identifiers
    assert str(found) == f"entity:{entity_id('us-bis-dpl', 'MAHAN AIRWAYS', '73 FR 15130')}"


def test_another_header_is_refused() -> None:
    with pytest.raises(LayoutError, match="header has changed"):
        list(parse({"list": io.BytesIO(b'"Name"\t"Street"\n"X"\t"Y"\n')}))


@pytest.mark.parametrize(
    ("snapshot", "rows", "repeated"), [("2019-06", 546, 3), ("2022-09-07", 581, 2), ("2023-11-30", 665, 2)]
)
def test_every_row_of_the_real_files_is_read(shared_data: Path, snapshot: str, rows: int, repeated: int) -> None:
    outcomes = golden.outcomes("us_bis_denied", shared_data / "mirror" / "us_bis_denied" / snapshot)
    assert len(outcomes) == rows and all(isinstance(one, Taken) for one in outcomes)
    assert sum(isinstance(one, Taken) and one.values == () for one in outcomes) == repeated
