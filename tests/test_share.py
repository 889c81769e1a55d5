"""Shares: what people write, exact sums, caps, and whether a threshold is reached."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolver.share import HUNDRED, NOTHING, UNKNOWN, Answer, Share, decimal, exactly, parse_share


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("50", exactly(50)),
        ("33.3333", exactly("33.3333")),
        ("33,5", exactly("33.5")),
        ("100/3", exactly(Fraction(100, 3))),
        ("50 %", exactly(50)),
        ("0", NOTHING),
        ("25-50", Share(Fraction(25), Fraction(50))),
        ("25\u201350", Share(Fraction(25), Fraction(50))),
        ("(25,50]", Share(Fraction(25), Fraction(50), exclusive_minimum=True)),
        ("[50, 75)", Share(Fraction(50), Fraction(75), exclusive_maximum=True)),
        (">25", Share(Fraction(25), HUNDRED, exclusive_minimum=True)),
        (">=75", Share(Fraction(75), HUNDRED)),
        ("<50", Share(Fraction(0), Fraction(50), exclusive_maximum=True)),
        ("<=50", Share(Fraction(0), Fraction(50))),
        ("", None),
        ("  ", None),
    ],
)
def test_what_people_write(text: str, share: Share | None) -> None:
    assert parse_share(text) == share


@pytest.mark.parametrize(
    "text",
    ["half", "-5", "101", "50-25", "(50,50]", ">100", "1/0", "%", "NaN", "inf", "1e2", "25-", "50 60", "٥٠٪ ", "200/1"],
)
def test_what_is_no_share(text: str) -> None:
    with pytest.raises(ValueError):
        parse_share(text)


def test_thirds_and_sixths_make_exactly_half() -> None:
    total = exactly(Fraction(100, 3)) + exactly(Fraction(50, 3))
    assert total == exactly(50)
    assert total.reaches(Fraction(50)) is Answer.CERTAIN


@pytest.mark.parametrize(
    ("text", "at_least", "more_than"),
    [
        ("50", Answer.CERTAIN, Answer.IMPOSSIBLE),
        ("49.99", Answer.IMPOSSIBLE, Answer.IMPOSSIBLE),
        ("50.01", Answer.CERTAIN, Answer.CERTAIN),
        ("(25,50]", Answer.POSSIBLE, Answer.IMPOSSIBLE),
        ("[25,50)", Answer.IMPOSSIBLE, Answer.IMPOSSIBLE),
        ("(50,75)", Answer.CERTAIN, Answer.CERTAIN),
        ("[50,75)", Answer.CERTAIN, Answer.POSSIBLE),
        (">25", Answer.POSSIBLE, Answer.POSSIBLE),
    ],
)
def test_a_threshold_of_half(text: str, at_least: Answer, more_than: Answer) -> None:
    share = parse_share(text)
    assert share is not None
    assert share.reaches(Fraction(50)) is at_least
    assert share.reaches(Fraction(50), strictly=True) is more_than


def test_a_cap_never_hides_what_is_surely_held() -> None:
    assert exactly(60).capped(Fraction(40), exclusive=False) == exactly(60)
    assert str(UNKNOWN.capped(Fraction(50), exclusive=True)) == "(0..50)"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(50), "50"),
        (Fraction("33.3333"), "33.3333"),
        (Fraction(100, 3), "100/3"),
        (Fraction(1, 8), "0.125"),
        (Fraction(0), "0"),
    ],
)
def test_decimals(value: Fraction, text: str) -> None:
    assert decimal(value) == text
    assert Fraction(decimal(value)) == value


ENDS = st.fractions(min_value=0, max_value=100, max_denominator=60)


@st.composite
def shares(draw: st.DrawFn) -> Share:
    low, high = sorted((draw(ENDS), draw(ENDS)))
    if low == high:
        return exactly(low)
    return Share(low, high, draw(st.booleans()), draw(st.booleans()))


@given(shares(), shares(), shares())
def test_sums_do_not_depend_on_their_order(one: Share, two: Share, three: Share) -> None:
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)
    assert one + NOTHING == one


@given(shares(), ENDS, ENDS, st.booleans())
def test_a_lower_cap_leaves_no_more(share: Share, one: Fraction, two: Fraction, exclusive: bool) -> None:
    low, high = sorted((one, two))
    if low >= share.minimum and not (low == share.minimum and (exclusive or share.exclusive_minimum)):
        assert share.capped(low, exclusive).maximum <= share.capped(high, exclusive).maximum
    assert share.capped(high, exclusive).minimum == share.minimum


@given(shares(), shares())
def test_more_is_never_less_likely_to_reach(one: Share, two: Share) -> None:
    order = [Answer.IMPOSSIBLE, Answer.POSSIBLE, Answer.CERTAIN]
    for strictly in (False, True):
        more, less = (one + two).reaches(Fraction(50), strictly), one.reaches(Fraction(50), strictly)
        assert order.index(more) >= order.index(less)


@given(shares())
def test_what_is_shown_is_read_back(share: Share) -> None:
    shown = str(share).strip("[]") if share.exact else str(share)
    assert parse_share(shown) == share
