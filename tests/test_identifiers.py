"""Identifiers: normal forms and check digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolver.identifiers import SCHEMES, STRONG, Identifier, identifier, read, strong


@pytest.mark.parametrize(
    ("scheme", "raw", "value"),
    [
        ("lei", "2138 00WS-GIIZCXF1P572", "213800WSGIIZCXF1P572"),
        ("LEI", "213800wsgiizcxf1p572", "213800WSGIIZCXF1P572"),
        ("uscc", "91110108717743469k", "91110108717743469K"),
        ("imo", "IMO 9074729", "9074729"),
        ("imo", "９０７４７２９", "9074729"),
        ("inn", "7707083893", "7707083893"),
        ("ogrn", "1027700132195", "1027700132195"),
        ("isin", "US0378331005", "US0378331005"),
        ("gb-coh", "1234567", "01234567"),
        ("gb-coh", "sc 123456", "SC123456"),
        ("gb-coh", "SC-0012345", "SC012345"),
        ("gb-coh", "Companies House 01234567", "01234567"),
        ("gb-coh", "No. 3456789 (England & Wales)", "03456789"),
        ("gb-coh", "NI 12345", "NI012345"),
        ("gb-coh", "OE001234", "OE001234"),
        ("gb-coh", "R0000123", "R0000123"),
        ("gb-coh", "IP12345R", "IP12345R"),
        ("companies-house", "12", "00000012"),
        ("ofac-uid", "0036", "36"),
        ("cik", "0000320193", "320193"),
        ("duns", "12-345-6789", "123456789"),
        ("wikidata", "https://www.wikidata.org/wiki/Q312", "Q312"),
        ("opencorporates", "https://opencorporates.com/companies/gb/01234567", "gb/01234567"),
        ("reg:de", "HRB 12345 B", "HRB12345B"),
        ("entity", "us-csl-7", "us-csl-7"),
    ],
)
def test_normal_form(scheme: str, raw: str, value: str) -> None:
    assert identifier(scheme, raw).value == value


@pytest.mark.parametrize(
    ("scheme", "raw"),
    [
        ("lei", "213800WSGIIZCXF1P573"),
        ("lei", "213800WSGIIZCXF1P5"),
        ("uscc", "91110108717743469A"),
        ("imo", "9074728"),
        ("inn", "7707083894"),
        ("isin", "US0378331006"),
        ("gb-coh", "123456789"),
        ("gb-coh", "DE12345"),
        ("gb-coh", "Delaware 1234567"),
        ("gb-coh", "00000000"),
        ("gb-coh", "none"),
        ("cik", "12345678901"),
        ("reg:de", "none"),
        ("lei", ""),
        ("shoe-size", "42"),
        ("reg:deu", "1"),
    ],
)
def test_what_does_not_fit_is_no_identifier(scheme: str, raw: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        identifier(scheme, raw)


def test_read() -> None:
    assert read("lei:213800WSGIIZCXF1P572") == Identifier("lei", "213800WSGIIZCXF1P572")
    assert read("213800WSGIIZCXF1P572") == Identifier("lei", "213800WSGIIZCXF1P572")
    assert read("reg:hk:0012") == Identifier("reg:hk", "0012")
    assert read("reg:gb: 12") == Identifier("gb-coh", "00000012")
    assert read("shoe-size:42") is None
    assert read("42") is None
    with pytest.raises(ValueError, match="check digit"):
        read("lei:213800WSGIIZCXF1P573")


def test_strong() -> None:
    assert set(SCHEMES) >= STRONG
    assert strong(Identifier("lei", "x")) and strong(Identifier("reg:cn", "1"))
    assert not strong(Identifier("ticker", "AAPL")) and not strong(Identifier("isin", "US0378331005"))


@given(st.sampled_from(sorted(SCHEMES)), st.text(max_size=30))
def test_a_normal_form_is_its_own(scheme: str, raw: str) -> None:
    try:
        one = identifier(scheme, raw)
    except ValueError:
        return
    assert identifier(scheme, one.value) == one
