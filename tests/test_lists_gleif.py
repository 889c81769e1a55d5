"""GLEIF: what each trap of its three files, in each of their three formats, comes to."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lists.gleif import parse
from resolver.errors import LayoutError
from resolver.identifiers import Identifier
from resolver.model import Entity, Interest, Link, NameKind, Schema, Statement
from resolver.record import SetAside, Taken
from tests import golden

PARENT = "MLU0ZO3ML4LN2LL2TL39"
CHILD = "MP6I5ZYZBEU3UXPYFY54"
FIXTURE = golden.FIXTURES / "gleif"
LEI2 = FIXTURE / "20260804-0000-gleif-goldencopy-lei2-golden-copy.csv"


def read(key: str, data: bytes | str | list[Any]) -> list[Taken[Statement] | SetAside]:
    if isinstance(data, list):
        data = json.dumps(data, ensure_ascii=False)
    raw = data.encode() if isinstance(data, str) else data
    return list(parse({key: io.BytesIO(raw)}))


def said(outcomes: Iterable[Taken[Statement] | SetAside]) -> list[Statement]:
    assert not [outcome for outcome in outcomes if isinstance(outcome, SetAside)]
    return list(golden.statements(outcomes))


def header_and_rows() -> tuple[list[str], list[list[str]]]:
    with LEI2.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def lei2(header: list[str], *rows: Mapping[str, str] | list[str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    for row in rows:
        writer.writerow(row if isinstance(row, list) else [row.get(column, "") for column in header])
    return text.getvalue().encode()


def row(**fields: str) -> dict[str, str]:
    """The first row of the fixture with some columns replaced, `__` for a dot."""
    header, rows = header_and_rows()
    return dict(zip(header, rows[0], strict=True)) | {name.replace("__", "."): value for name, value in fields.items()}


def entity_of(**fields: str) -> Entity:
    header, _ = header_and_rows()
    (found,) = said(read("lei2", lei2(header, row(**fields))))
    assert isinstance(found, Entity)
    return found


def relation(type: str = "IS_DIRECTLY_CONSOLIDATED_BY", **change: Any) -> dict[str, Any]:
    record: dict[str, Any] = {
        "StartNode": {"NodeID": CHILD, "NodeIDType": "LEI"},
        "EndNode": {"NodeID": PARENT, "NodeIDType": "LEI"},
        "RelationshipType": type,
        "RelationshipPeriods": [{"StartDate": "1992-07-01T00:00:00Z", "PeriodType": "RELATIONSHIP_PERIOD"}],
        "RelationshipStatus": "ACTIVE",
    }
    registration = {"RegistrationStatus": change.pop("registration", "PUBLISHED")}
    extension = change.pop("Extension", None)
    found = {"Relationship": record | change, "Registration": registration}
    return found | ({"Extension": extension} if extension else {})


def interests(*records: dict[str, Any]) -> list[Interest]:
    return [one for one in said(read("rr", list(records))) if isinstance(one, Interest)]


def test_the_golden_file_stands() -> None:
    assert golden.lines(golden.outcomes("gleif")) == golden.golden_file("gleif").read_text(encoding="utf-8").splitlines()


def test_a_consolidation_runs_from_child_to_parent_and_states_no_share() -> None:
    quantified = relation(
        RelationshipQuantifiers=[
            {"MeasurementMethod": "ACCOUNTING_CONSOLIDATION", "QuantifierAmount": "100.00", "QuantifierUnits": "PERCENTAGE"}
        ]
    )
    (found,) = interests(quantified)
    assert (found.subject, found.interested_party) == (f"gleif-{CHILD}", f"gleif-{PARENT}")
    assert (found.type, found.direct_or_indirect, found.share) == ("consolidation", "direct", None)
    assert "ACCOUNTING_CONSOLIDATION 100.00 PERCENTAGE" in found.source


def test_the_ultimate_parent_is_an_edge_of_its_own_that_skips_levels() -> None:
    direct, ultimate = interests(relation(), relation("IS_ULTIMATELY_CONSOLIDATED_BY"))
    assert (direct.direct_or_indirect, ultimate.direct_or_indirect) == ("direct", "indirect")
    assert direct.id != ultimate.id


def test_a_lapsed_relationship_still_stands_and_says_so() -> None:
    (found,) = interests(relation(registration="LAPSED"))
    assert found.end_date is None
    assert "LAPSED" in found.source


def test_an_ended_relationship_is_kept_with_its_end_and_an_undated_one_is_not() -> None:
    period = {"StartDate": "2001-01-01T00:00:00Z", "EndDate": "2019-03-31T00:00:00Z", "PeriodType": "RELATIONSHIP_PERIOD"}
    ended = relation(RelationshipStatus="INACTIVE", registration="RETIRED", RelationshipPeriods=[period])
    (found,) = interests(ended, relation(RelationshipStatus="INACTIVE"))
    assert str(found.end_date) == "2019-03-31"
    assert found.id not in {one.id for one in interests(relation())}


@pytest.mark.parametrize("status", ["ANNULLED", "DUPLICATE", "CANCELLED", "PENDING_VALIDATION"])
def test_a_record_that_never_held_says_nothing(status: str) -> None:
    assert said(read("rr", [relation(registration=status)])) == []


@pytest.mark.parametrize("type", ["IS_FUND-MANAGED_BY", "IS_SUBFUND_OF", "IS_FEEDER_TO"])
def test_fund_relationships_are_no_ownership(type: str) -> None:
    assert said(read("rr", [relation(type)])) == []


def test_a_self_parent_is_dropped_and_a_circle_kept() -> None:
    back = relation(StartNode={"NodeID": PARENT, "NodeIDType": "LEI"}, EndNode={"NodeID": CHILD, "NodeIDType": "LEI"})
    self = relation(EndNode={"NodeID": CHILD, "NodeIDType": "LEI"})
    assert len(interests(relation(), back, self)) == 2


def test_a_branch_is_a_link_from_the_branch_to_its_head_office() -> None:
    (link,) = [one for one in said(read("rr", [relation("IS_INTERNATIONAL_BRANCH_OF")])) if isinstance(one, Link)]
    assert (link.kind, link.subject, link.object) == ("branch", f"gleif-{CHILD}", f"gleif-{PARENT}")


def test_both_ends_are_stated_though_lei2_may_lack_them() -> None:
    stated = {one.id for one in said(read("rr", [relation()])) if isinstance(one, Entity)}
    assert stated == {f"gleif-{CHILD}", f"gleif-{PARENT}"}


def test_a_deleted_record_of_a_delta_says_nothing() -> None:
    gone = {"gleif:Deletion": {"gleif:DeletedAt": {"$": "2023-11-01T01:39:19Z"}}}
    assert said(read("rr", [relation(Extension=gone)])) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"RelationshipType": "IS_OWNED_BY"}, "unknown RelationshipType"),
        ({"RelationshipStatus": "PERHAPS"}, "unknown RelationshipStatus"),
        ({"StartNode": {"NodeID": CHILD, "NodeIDType": "PNI"}}, "unknown NodeIDType"),
        ({"StartNode": {"NodeID": "NOTANLEI", "NodeIDType": "LEI"}}, "lei"),
        ({"RelationshipPeriods": [{"StartDate": "2013-01-01", "PeriodType": "TAX_YEAR"}]}, "unknown PeriodType"),
        ({"RelationshipShare": "60"}, "field nobody reads: RelationshipShare"),
    ],
)
def test_what_is_unknown_sets_the_relationship_aside(change: dict[str, Any], reason: str) -> None:
    (found,) = read("rr", [relation() | {"Relationship": relation()["Relationship"] | change}])
    assert isinstance(found, SetAside)
    assert reason in found.reason


def test_registration_status_stands_under_registration_and_lapsed_is_not_dissolved() -> None:
    found = entity_of(Registration__RegistrationStatus="LAPSED")
    assert found.topics == ("lei-lapsed",)
    assert found.dissolution_date is None


@pytest.mark.parametrize("status", ["MERGED", "DUPLICATE"])
def test_a_merged_or_duplicate_record_names_its_successor(status: str) -> None:
    header, _ = header_and_rows()
    merged = row(Registration__RegistrationStatus=status, Entity__SuccessorEntity__1__SuccessorLEI=CHILD)
    link = said(read("lei2", lei2(header, merged)))[-1]
    assert isinstance(link, Link)
    assert (link.kind, link.subject, link.object) == ("succession", f"gleif-{CHILD}", f"gleif-{PARENT}")


def registered_as(authority: str, number: str, jurisdiction: str) -> Identifier | None:
    found = entity_of(
        Entity__RegistrationAuthority__RegistrationAuthorityID=authority,
        Entity__RegistrationAuthority__RegistrationAuthorityEntityID=number,
        Entity__LegalJurisdiction=jurisdiction,
    )
    assert found.identifiers[0] == Identifier("lei", PARENT)
    return found.identifiers[1] if len(found.identifiers) > 1 else None


@pytest.mark.parametrize(
    ("authority", "number", "jurisdiction", "expected"),
    [
        ("RA000092", "91110108600040399G", "CN", Identifier("uscc", "91110108600040399G")),
        ("RA000092", "91110108600040399H", "CN", Identifier("registration", "91110108600040399H")),
        ("RA000469", "978831", "NG", Identifier("registration", "978831")),
        ("RA000585", "617987", "GB", Identifier("gb-coh", "00617987")),
        ("RA000587", "SC95000", "GB", Identifier("gb-coh", "SC095000")),
        ("RA000388", "2404625", "HK", Identifier("reg:hk", "2404625")),
        ("RA000242", "HRB 32000", "DE", Identifier("registration", "HRB32000")),
        ("RA000499", "1027739007768", "RU", Identifier("ogrn", "1027739007768")),
        ("RA999999", "", "US-DE", None),
        ("RA888888", "not registered", "US-DE", None),
    ],
)
def test_a_register_number_is_as_strong_as_its_register(
    authority: str, number: str, jurisdiction: str, expected: Identifier | None
) -> None:
    assert registered_as(authority, number, jurisdiction) == expected


def test_countries_are_those_of_jurisdiction_address_and_headquarters() -> None:
    found = entity_of(Entity__LegalJurisdiction="US-DE", Entity__HeadquartersAddress__Country="CN")
    assert (found.jurisdiction, found.countries) == ("us", ("us", "gb", "cn"))
    assert "headquarters:cn" in found.topics


@pytest.mark.parametrize(
    ("category", "schema", "topics"),
    [
        ("", Schema.COMPANY, ()),
        ("FUND", Schema.COMPANY, ("fund",)),
        ("BRANCH", Schema.COMPANY, ("branch",)),
        ("RESIDENT_GOVERNMENT_ENTITY", Schema.PUBLIC_BODY, ()),
        ("INTERNATIONAL_ORGANIZATION", Schema.ORGANIZATION, ()),
    ],
)
def test_the_category_is_the_schema(category: str, schema: Schema, topics: tuple[str, ...]) -> None:
    found = entity_of(Entity__EntityCategory=category)
    assert (found.schema, found.topics) == (schema, topics)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Entity__EntityCategory", "HOLDING"),
        ("Entity__EntityStatus", "ASLEEP"),
        ("Registration__RegistrationStatus", "LOST"),
        ("Entity__EntityCreationDate", "long ago"),
        ("Entity__LegalName", ""),
        ("LEI", "MLU0ZO3ML4LN2LL2TL38"),
    ],
)
def test_what_is_unknown_sets_the_record_aside(column: str, value: str) -> None:
    header, _ = header_and_rows()
    (found,) = read("lei2", lei2(header, row(**{column: value})))
    assert isinstance(found, SetAside)


def test_a_founding_before_1800_is_no_mistake() -> None:
    assert entity_of(Entity__EntityCreationDate="1664-01-01T00:00:00Z").incorporation_date == "1664-01-01"


def test_a_column_gone_or_new_refuses_the_file() -> None:
    header, rows = header_and_rows()
    with pytest.raises(LayoutError, match="no column LEI"):
        read("lei2", lei2(["Lei", *header[1:]], rows[0]))
    with pytest.raises(LayoutError, match=r"unknown Entity\.Owner"):
        read("lei2", lei2([*header, "Entity.Owner"], [*rows[0], "?"]))


def test_a_family_of_columns_may_grow() -> None:
    header, rows = header_and_rows()
    stem = "Entity.OtherEntityNames.OtherEntityName.6"
    grown = [*header, stem, f"{stem}.xmllang", f"{stem}.type"]
    fifth = [name.replace(".6", f".{number}") for number in range(1, 6) for name in grown[-3:]]
    full = dict(zip(header, rows[0], strict=True)) | dict.fromkeys(fifth, "x") | {stem: "Sixth", f"{stem}.type": ""}
    for number in range(1, 7):
        full[f"Entity.OtherEntityNames.OtherEntityName.{number}.type"] = "TRADING_OR_OPERATING_NAME"
    (found,) = said(read("lei2", lei2(grown, full)))
    assert isinstance(found, Entity)
    assert [name.text for name in found.names][-1] == "Sixth"


@pytest.mark.parametrize("content", [b"", b"<!doctype html><html><body>Not found</body></html>", b'{"message": "no"}'])
def test_a_file_that_is_no_golden_copy_is_refused(content: bytes) -> None:
    for key in ("lei2", "rr", "repex"):
        with pytest.raises(LayoutError):
            read(key, content)


XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<lei:LEIData xmlns:lei="http://www.gleif.org/data/schema/leidata/2016"><lei:LEIRecords><lei:LEIRecord>
<lei:LEI>{PARENT}</lei:LEI>
<lei:Entity>
 <lei:LegalName xml:lang="zh">示例有限公司</lei:LegalName>
 <lei:OtherEntityNames>
  <lei:OtherEntityName xml:lang="en" type="ALTERNATIVE_LANGUAGE_LEGAL_NAME">Example Ltd</lei:OtherEntityName>
  <lei:OtherEntityName xml:lang="en" type="PREVIOUS_LEGAL_NAME">Sample Ltd</lei:OtherEntityName>
 </lei:OtherEntityNames>
 <lei:LegalAddress xml:lang="en"><lei:FirstAddressLine>1 Example Road</lei:FirstAddressLine>
  <lei:AdditionalAddressLine>Floor 2</lei:AdditionalAddressLine><lei:City>Hong Kong</lei:City><lei:Country>HK</lei:Country>
 </lei:LegalAddress>
 <lei:HeadquartersAddress xml:lang="en"><lei:FirstAddressLine>1 Example Road</lei:FirstAddressLine>
  <lei:AdditionalAddressLine>Floor 2</lei:AdditionalAddressLine><lei:City>Hong Kong</lei:City><lei:Country>HK</lei:Country>
 </lei:HeadquartersAddress>
 <lei:RegistrationAuthority><lei:RegistrationAuthorityID>RA000388</lei:RegistrationAuthorityID>
  <lei:RegistrationAuthorityEntityID>2404625</lei:RegistrationAuthorityEntityID></lei:RegistrationAuthority>
 <lei:LegalJurisdiction>HK</lei:LegalJurisdiction><lei:EntityCategory>GENERAL</lei:EntityCategory>
 <lei:LegalForm><lei:EntityLegalFormCode>254M</lei:EntityLegalFormCode></lei:LegalForm>
 <lei:EntityStatus>ACTIVE</lei:EntityStatus>
</lei:Entity>
<lei:Registration><lei:RegistrationStatus>ISSUED</lei:RegistrationStatus></lei:Registration>
</lei:LEIRecord></lei:LEIRecords></lei:LEIData>"""

ADDRESS = {
    "@xml:lang": "en",
    "FirstAddressLine": {"$": "1 Example Road"},
    "AdditionalAddressLine": [{"$": "Floor 2"}],
    "City": {"$": "Hong Kong"},
    "Country": {"$": "HK"},
}
JSON = {
    "LEI": {"$": PARENT},
    "Entity": {
        "LegalName": {"@xml:lang": "zh", "$": "示例有限公司"},
        "OtherEntityNames": {
            "OtherEntityName": [
                {"@xml:lang": "en", "@type": "ALTERNATIVE_LANGUAGE_LEGAL_NAME", "$": "Example Ltd"},
                {"@xml:lang": "en", "@type": "PREVIOUS_LEGAL_NAME", "$": "Sample Ltd"},
            ]
        },
        "LegalAddress": ADDRESS,
        "HeadquartersAddress": ADDRESS,
        "RegistrationAuthority": {
            "RegistrationAuthorityID": {"$": "RA000388"},
            "RegistrationAuthorityEntityID": {"$": "2404625"},
        },
        "LegalJurisdiction": {"$": "HK"},
        "EntityCategory": {"$": "GENERAL"},
        "LegalForm": {"EntityLegalFormCode": {"$": "254M"}},
        "EntityStatus": {"$": "ACTIVE"},
    },
    "Registration": {"RegistrationStatus": {"$": "ISSUED"}},
    "Extension": {"gleif:conformity": {"gleif:conformityflag": {"$": "CONFORMING"}}},
}


def test_the_three_formats_say_the_same() -> None:
    header, _ = header_and_rows()
    flat = row(
        Entity__LegalName="示例有限公司",
        Entity__LegalName__xmllang="zh",
        Entity__RegistrationAuthority__RegistrationAuthorityID="RA000388",
        Entity__RegistrationAuthority__RegistrationAuthorityEntityID="2404625",
        Entity__LegalJurisdiction="HK",
        Entity__EntityCreationDate="",
    )
    for number, name, kind in (
        (1, "Example Ltd", "ALTERNATIVE_LANGUAGE_LEGAL_NAME"),
        (2, "Sample Ltd", "PREVIOUS_LEGAL_NAME"),
    ):
        stem = f"Entity.OtherEntityNames.OtherEntityName.{number}"
        flat |= {stem: name, f"{stem}.xmllang": "en", f"{stem}.type": kind}
    for stem in ("Entity.LegalAddress", "Entity.HeadquartersAddress"):
        flat |= {f"{stem}.FirstAddressLine": "1 Example Road", f"{stem}.AdditionalAddressLine.1": "Floor 2"}
        flat |= {f"{stem}.City": "Hong Kong", f"{stem}.Country": "HK", f"{stem}.PostalCode": ""}
    by_csv = said(read("lei2", lei2(header, flat)))
    by_xml = said(read("lei2", XML))
    by_json = said(read("lei2", json.dumps({"records": [JSON]})))
    assert by_csv == by_xml == by_json
    (found,) = by_csv
    assert isinstance(found, Entity)
    assert [name.kind for name in found.names] == [NameKind.PRIMARY, NameKind.ALIAS, NameKind.FORMER]


def test_a_byte_order_mark_is_welcome() -> None:
    header, rows = header_and_rows()
    assert said(read("lei2", b"\xef\xbb\xbf" + lei2(header, rows[0]))) == said(read("lei2", lei2(header, rows[0])))


def test_golden_copy_json_wraps_each_relationship() -> None:
    wrapped = json.dumps({"relations": [{"RelationshipRecord": relation()}]})
    assert said(read("rr", wrapped)) == said(read("rr", [relation()]))


def test_why_no_parent_is_named_becomes_a_topic() -> None:
    exception = {
        "LEI": {"$": CHILD},
        "ExceptionCategory": {"$": "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT"},
        "ExceptionReason": [{"$": "NON_PUBLIC"}],
        "ExceptionReference": [{"$": "Datenschutz"}],
    }
    (found,) = said(read("repex", json.dumps({"exceptions": [exception]})))
    assert isinstance(found, Entity)
    assert (found.names, found.topics) == ((), ("parent-unknown:NON_PUBLIC",))


def test_every_real_file_is_read_in_full(shared_data: Path) -> None:
    folder = shared_data / "mirror" / "gleif"
    files = sorted([*folder.glob("lei2-*/*"), *folder.glob("xml-and-updates/*")])
    for path in (one for one in files if not one.stem.endswith("-out")):
        key = next((key for key in ("repex", "rr") if path.name.startswith(key)), "lei2")
        with path.open("rb") as file:
            outcomes = list(parse({key: file}))
        assert outcomes, path.name
        assert not [one for one in outcomes if isinstance(one, SetAside)], path.name
