"""How alike two parties are, and why."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolver.identifiers import Identifier
from resolver.match import DEFAULT_THRESHOLD, FEATURES, compare, match, packaged
from resolver.model import Entity, Lexicon, Match, Name, NameKind, Query, Schema

CASES = Path(__file__).parents[1] / "fixtures" / "names.csv"


def _rows() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row['left']} / {row['right']}")
def test_pairs(row: dict[str, str]) -> None:
    found = compare(row["left"], row["right"])
    assert (found.score >= DEFAULT_THRESHOLD) is (row["match"] == "1"), (found.score, found.features, row["why"])


def entity(*names: str | Name, **fields: object) -> Entity:
    texts = tuple(name if isinstance(name, Name) else Name(name) for name in names)
    return Entity("x-1", fields.pop("schema", Schema.COMPANY), texts, **fields)  # type: ignore[arg-type]


def asked(name: str, **fields: object) -> Query:
    return Query((Name(name),), **fields)  # type: ignore[arg-type]


def lexicon(names: int = 10_000, **frequencies: int) -> Lexicon:
    return Lexicon("test", names, lambda word: frequencies.get(word, 0), lambda brand: ())


def test_a_family_is_named_below_the_threshold() -> None:
    found = compare("Shenzhen SenseTime Technology Co., Ltd.", "Beijing SenseTime Technology Development Co., Ltd.")
    assert found.score < DEFAULT_THRESHOLD
    assert found.brand == "sensetime"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Beijing Trading", "Beijing Trading Company"),
        ("Golden Star Ltd", "Golden Star Co"),
        ("A Ltd", "A GmbH"),
        ("X 7", "X 7"),
    ],
)
def test_places_trades_dictionary_words_and_letters_are_no_family(left: str, right: str) -> None:
    assert compare(left, right).brand is None


def test_a_brand_that_many_hold_is_no_family() -> None:
    party = entity("Zorvex Trading Co")
    assert match(asked("Zorvex Shipping Ltd"), party, lexicon(zorvex=3)).brand == "zorvex"
    assert match(asked("Zorvex Shipping Ltd"), party, lexicon(zorvex=300)).brand is None
    assert match(asked("Zorvex Shipping Ltd"), party, lexicon(**{"zorvex": 300, "=zorvex": 200})).brand == "zorvex"


def test_a_common_brand_says_less() -> None:
    party = entity("Zorvex Trading Co")
    rare = match(asked("Zorvex Shipping Ltd"), party, lexicon(zorvex=1))
    common = match(asked("Zorvex Shipping Ltd"), party, lexicon(zorvex=900))
    assert rare.score > common.score


def test_the_best_name_is_shown() -> None:
    party = entity("Unlike Anything", Name("Acme Rockets Ltd", NameKind.FORMER))
    found = match(asked("Acme Rockets"), party, packaged())
    assert (found.name.text, found.score) == ("Acme Rockets Ltd", 1.0)
    assert found.entity == "x-1" and found.query == "Acme Rockets"


def test_every_name_of_the_query_is_tried() -> None:
    found = match(Query((Name("Unlike"), Name("Zorvex Ltd"))), entity("Zorvex"), packaged())
    assert found.score == 1.0 and found.query == "Unlike"


def test_a_shared_identifier_decides_alone() -> None:
    lei = Identifier("lei", "213800WSGIIZCXF1P572")
    found = match(asked("Unlike Anything", identifiers=(lei,)), entity("Zorvex", identifiers=(lei,)), packaged())
    assert found.score == 1.0
    assert [feature.name for feature in found.features] == ["identifier"]


def test_a_shared_ticker_decides_nothing() -> None:
    ticker = Identifier("ticker", "ZRX")
    assert match(asked("Unlike", identifiers=(ticker,)), entity("Zorvex", identifiers=(ticker,)), packaged()).score == 0.0


def test_a_weak_alias_decides_nothing_alone() -> None:
    party = entity("Unlike Anything", Name("Zorvex", NameKind.WEAK), countries=("ru",))
    assert match(asked("Zorvex"), party, packaged()).score < DEFAULT_THRESHOLD
    assert match(asked("Zorvex", countries=("ru",)), party, packaged()).score >= DEFAULT_THRESHOLD


def test_countries() -> None:
    party = entity("Zorvex Trading", countries=("ru",))
    same, unknown, other = (match(asked("Zorvex", countries=c), party, packaged()).score for c in (("ru",), (), ("fr",)))
    assert same > unknown > other >= DEFAULT_THRESHOLD


def test_a_subsidiary_of_the_party_s_own_country_is_no_stranger() -> None:
    assert match(asked("Zorvex Japan"), entity("Zorvex"), packaged()).score < DEFAULT_THRESHOLD
    assert match(asked("Zorvex Japan"), entity("Zorvex", countries=("jp",)), packaged()).score >= DEFAULT_THRESHOLD
    assert (
        match(asked("Zorvex Japan", countries=("jp",)), entity("Zorvex", countries=("de",)), packaged()).score
        < DEFAULT_THRESHOLD
    )


@pytest.mark.parametrize("listed", ["SENSETIME GROUP LIMITED", "Beijing SenseTime Technology Development Co., Ltd."])
def test_the_same_country_makes_no_family_one_company(listed: str) -> None:
    party = entity(listed, countries=("cn",))
    found = match(asked("Shenzhen SenseTime Technology Co., Ltd.", countries=("cn",)), party, packaged())
    assert found.score < DEFAULT_THRESHOLD and found.brand == "sensetime"


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Vladimir Putin", "PUTIN, Vladimir", True),
        ("Vladimir Vladimirovich Putin", "PUTIN, Vladimir", True),
        ("Vladimir Biliy", "PUTIN, Vladimir", False),
        ("Putin", "PUTIN, Vladimir", False),
        ("Vladimir Trading Company Ltd", "PUTIN, Vladimir", False),
    ],
)
def test_persons(left: str, right: str, same: bool) -> None:
    found = match(asked(left), entity(right, schema=Schema.PERSON), packaged())
    assert (found.score >= DEFAULT_THRESHOLD) is same
    assert found.brand is None


def test_a_company_is_no_ship() -> None:
    assert match(asked("Zorvex Shipping Ltd"), entity("ZORVEX", schema=Schema.VESSEL), packaged()).score < DEFAULT_THRESHOLD
    assert match(asked("Zorvex"), entity("ZORVEX", schema=Schema.VESSEL), packaged()).score == 1.0


def test_a_bridge_of_the_records_joins_two_scripts() -> None:
    known = Lexicon("test", 10, lambda word: 1, lambda brand: ("qingfeng",) if brand == "左右" else ())
    assert compare("左右科技有限公司", "Qingfeng Technology Co., Ltd.", known).score >= DEFAULT_THRESHOLD
    assert compare("左右科技有限公司", "Qingfeng Technology Co., Ltd.").score < DEFAULT_THRESHOLD


def test_the_parts_are_the_score() -> None:
    for row in _rows():
        found = compare(row["left"], row["right"])
        assert found.features
        assert found.score == round(min(1.0, max(0.0, sum(feature.score for feature in found.features))), 4)
        assert all(feature.detail for feature in found.features)


def test_features_are_read_aloud() -> None:
    assert [part.__name__ for part in FEATURES] == [
        "brand", "place", "trade", "number", "branch", "short", "form", "country", "kind",
    ]  # fmt: skip


def test_an_empty_query_matches_nothing() -> None:
    assert match(Query(()), entity("Zorvex"), packaged()) == Match("", "x-1", Name("x-1"), 0.0)
    assert compare("", "").score == 0.0 and compare("", "Zorvex").score == 0.0


ANY = st.one_of(
    st.text(max_size=30),
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=10),
    st.lists(
        st.sampled_from("acme beijing technology co ltd 55 ii 北京 商汤 科技 有限公司 分行 & zorvex smic (".split())
    ).map(" ".join),
)


@settings(max_examples=400, deadline=None)
@given(ANY, ANY)
def test_compare_is_symmetric_and_in_range(left: str, right: str) -> None:
    one, other = compare(left, right), compare(right, left)
    assert one.score == other.score and 0 <= one.score <= 1
    assert one.brand == other.brand


@settings(max_examples=200, deadline=None)
@given(ANY)
def test_a_name_is_itself(text: str) -> None:
    if any(character.isalnum() and character.isascii() for character in text):
        assert compare(text, text).score == 1.0


@pytest.mark.parametrize("piece", ["acme ", "a", "商汤", "x1", "abcde "])
def test_a_very_long_name_takes_no_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    started = time.perf_counter()
    compare(text, "Acme Beijing Technology")
    compare(text, text + "x")
    assert time.perf_counter() - started < 4
