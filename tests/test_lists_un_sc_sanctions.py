"""The Security Council's consolidated list: aliases with a quality, empty elements, permanent reference numbers."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from lists.un_sc_sanctions import DATASET, parse
from resolver.errors import LayoutError
from resolver.model import Entity, Listing, NameKind, Schema
from resolver.record import SetAside, Taken
from tests import golden


def record(tag: str = "INDIVIDUAL", number: str = "CDi.001", name: str = "ERIC", more: str = "") -> str:
    return (
        f"<{tag}><DATAID>1</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>{name}</FIRST_NAME><UN_LIST_TYPE>DRC</UN_LIST_TYPE>"
        f"<REFERENCE_NUMBER>{number}</REFERENCE_NUMBER><LISTED_ON>2012-12-31</LISTED_ON>{more}<SORT_KEY/></{tag}>"
    )


def read(*records: str) -> list[golden.Outcome]:
    content = f'<?xml version="1.0"?><CONSOLIDATED_LIST><A>{"".join(records)}</A></CONSOLIDATED_LIST>'
    return list(parse({"list": io.BytesIO(content.encode())}))


def party(tag: str = "INDIVIDUAL", name: str = "ERIC", more: str = "") -> Entity:
    return next(one for one in golden.statements(read(record(tag, name=name, more=more))) if isinstance(one, Entity))


def alias(tag: str, quality: str, name: str) -> str:
    return f"<{tag}_ALIAS><QUALITY>{quality}</QUALITY><ALIAS_NAME>{name}</ALIAS_NAME></{tag}_ALIAS>"


@pytest.mark.parametrize(
    ("tag", "quality", "kind"),
    [
        ("INDIVIDUAL", "Good", NameKind.ALIAS),
        ("INDIVIDUAL", "Low", NameKind.WEAK),
        ("ENTITY", "a.k.a.", NameKind.ALIAS),
        ("ENTITY", "f.k.a.", NameKind.FORMER),
        ("ENTITY", "", NameKind.ALIAS),
    ],
)
def test_the_quality_of_an_alias_is_its_kind(tag: str, quality: str, kind: NameKind) -> None:
    found = party(tag, more=alias(tag, quality, "Rumuli; Victor  Rumuri;"))
    assert [(name.text, name.kind) for name in found.names[1:]] == [("Rumuli", kind), ("Victor Rumuri", kind)]


def test_an_unknown_quality_sets_the_entry_aside() -> None:
    (outcome,) = read(record(more=alias("INDIVIDUAL", "Medium", "X")))
    assert isinstance(outcome, SetAside) and outcome.reason == "unknown QUALITY 'Medium'"


def test_empty_elements_say_nothing() -> None:
    empty = (
        "<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS><INDIVIDUAL_ADDRESS><COUNTRY/></INDIVIDUAL_ADDRESS>"
        "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE/></INDIVIDUAL_DATE_OF_BIRTH><INDIVIDUAL_DOCUMENT/><NATIONALITY/>"
    )
    found = party(more=empty)
    assert (found.names[1:], found.addresses, found.countries, found.birth_date) == ((), (), (), None)


def test_a_name_has_up_to_four_parts_and_one_in_its_own_script() -> None:
    found = party(
        name="SADDAM",
        more="<SECOND_NAME>HUSSEIN</SECOND_NAME><THIRD_NAME>AL-TIKRITI</THIRD_NAME>"
        "<NAME_ORIGINAL_SCRIPT>صدام حسين</NAME_ORIGINAL_SCRIPT>",
    )
    assert [name.text for name in found.names] == ["SADDAM HUSSEIN AL-TIKRITI", "صدام حسين"]


def test_na_is_no_nationality_and_no_namibia() -> None:
    assert party(more="<NATIONALITY><VALUE>na</VALUE><VALUE>Türkiye</VALUE></NATIONALITY>").countries == ("tr",)


def test_an_address_may_hold_a_province_in_its_zip_code() -> None:
    found = party(
        "ENTITY",
        more="<ENTITY_ADDRESS><CITY>Pyongyang</CITY><ZIP_CODE>Some Province</ZIP_CODE>"
        "<COUNTRY>Democratic People's Republic of Korea</COUNTRY><NOTE>x</NOTE></ENTITY_ADDRESS>",
    )
    assert found.schema is Schema.ORGANIZATION
    assert (found.addresses, found.countries) == (
        ("Pyongyang, Some Province, Democratic People's Republic of Korea",),
        ("kp",),
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("<DATE>1937-04-28</DATE>", "1937-04-28"),
        ("<YEAR>1971</YEAR>", "1971"),
        ("<FROM_YEAR>1948</FROM_YEAR><TO_YEAR>1950</TO_YEAR>", "1948"),
    ],
)
def test_dates_of_birth(told: str, expected: str) -> None:
    birth = f"<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE>{told}</INDIVIDUAL_DATE_OF_BIRTH>"
    assert party(more=birth).birth_date == expected


def test_the_reference_number_is_the_id() -> None:
    (outcome,) = read(record(number="KPe.001"))
    assert isinstance(outcome, Taken)
    assert [one.id for one in outcome.values] == ["un-sc-KPe.001", "un-sc-KPe.001-listing"]


def test_a_reference_number_stands_once() -> None:
    same, other = read(record(), record()), read(record(), record(name="FRANK"))
    assert isinstance(same[1], Taken) and same[1].values == ()
    assert isinstance(other[1], SetAside) and other[1].reason == "entry un-sc-CDi.001 stands twice, not alike"


def test_a_field_nobody_reads_sets_the_entry_aside() -> None:
    (outcome,) = read(record(more="<TRAVEL_BAN>yes</TRAVEL_BAN>"))
    assert isinstance(outcome, SetAside) and outcome.reason == "field nobody reads: TRAVEL_BAN"


def test_another_root_is_refused() -> None:
    with pytest.raises(LayoutError, match="root element"):
        list(parse({"list": io.BytesIO(b"<sanctionsData/>")}))


@pytest.mark.parametrize(("snapshot", "entries"), [("2025-11", 1_000), ("2026-02", 1_003)])
def test_every_entry_of_the_real_files_is_read(shared_data: Path, snapshot: str, entries: int) -> None:
    outcomes = golden.outcomes("un_sc_sanctions", shared_data / "mirror" / "un_sc_sanctions" / snapshot)
    assert len(outcomes) == entries and all(isinstance(one, Taken) for one in outcomes)
    found = list(golden.statements(outcomes))
    assert sum(isinstance(one, Listing) for one in found) == entries
    assert set(DATASET.canaries) <= {name.text for one in found if isinstance(one, Entity) for name in one.names}
