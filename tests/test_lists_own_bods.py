"""The user's own BODS: each version's own reading of a share, statements that supersede each other, and bad ones."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lists.own_bods import DATASET, parse
from resolver.errors import LayoutError
from resolver.identifiers import Identifier
from resolver.model import Entity, Interest, NameKind, Schema, Statement
from resolver.record import SetAside, Taken
from resolver.share import parse_share
from tests import golden

Outcome = Taken[Statement] | SetAside


def read(statements: list[Any] | str | bytes) -> list[Outcome]:
    text = json.dumps(statements, ensure_ascii=False) if isinstance(statements, list) else statements
    return list(parse({"package": io.BytesIO(text if isinstance(text, bytes) else text.encode())}))


def said(outcomes: Iterable[Outcome]) -> list[Statement]:
    known = list(outcomes)
    assert not [outcome for outcome in known if isinstance(outcome, SetAside)]
    return list(golden.statements(known))


def interests(*statements: dict[str, Any]) -> list[Interest]:
    return [one for one in said(read(list(statements))) if isinstance(one, Interest)]


def reason(*statements: dict[str, Any]) -> str:
    (found,) = [one for one in read(list(statements)) if isinstance(one, SetAside)]
    return found.reason


def new(record: str, kind: str, details: dict[str, Any], **change: Any) -> dict[str, Any]:
    return {
        "statementId": f"statement-on-{record}".ljust(32, "0"),
        "declarationSubject": "a",
        "statementDate": "2026-01-15",
        "recordId": record,
        "recordType": kind,
        "recordDetails": {"isComponent": False} | details,
    } | change


def held(share: dict[str, Any] | None = None, **interest: Any) -> dict[str, Any]:
    found = {"type": "shareholding", "directOrIndirect": "direct"} | interest
    return found if share is None else found | {"share": share}


def relation(
    record: str = "r", subject: Any = "a", party: Any = "b", *given: dict[str, Any], **change: Any
) -> dict[str, Any]:
    details = {"subject": subject, "interestedParty": party, "interests": list(given)} | change.pop("details", {})
    return new(record, "relationship", details, **change)


def old(version: str = "0.2", share: dict[str, Any] | None = None, id: str = "r", **change: Any) -> dict[str, Any]:
    interest = {"type": "shareholding", "interestLevel": "direct"} | ({} if share is None else {"share": share})
    return {
        "statementID": id,
        "statementType": "ownershipOrControlStatement",
        "statementDate": "2023-05-01",
        "publicationDetails": {"bodsVersion": version},
        "subject": {"describedByEntityStatement": "a"},
        "interestedParty": {"describedByEntityStatement": "b"},
        "interests": [interest],
    } | change


def test_the_golden_file_stands() -> None:
    assert (
        golden.lines(golden.outcomes("own_bods")) == golden.golden_file("own_bods").read_text(encoding="utf-8").splitlines()
    )


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ({"exact": 60}, "60"),
        ({"minimum": 25, "maximum": 50}, "[25,50]"),
        ({"exclusiveMinimum": 25, "maximum": 50}, "(25,50]"),
        ({"exclusiveMinimum": 50, "exclusiveMaximum": 75}, "(50,75)"),
        ({"minimum": 25, "exclusiveMinimum": 25, "maximum": 50}, "(25,50]"),
        ({"minimum": 30, "exclusiveMinimum": 25, "exclusiveMaximum": 60, "maximum": 50}, "[30,50]"),
        ({"minimum": 25, "maximum": 50, "exclusiveMinimum": None, "exclusiveMaximum": None}, "[25,50]"),
        ({"minimum": 75}, ">=75"),
        ({"exclusiveMaximum": 50}, "<50"),
        ({}, ""),
        (None, ""),
    ],
)
def test_0_4_bounds_are_numbers(share: dict[str, Any] | None, expected: str) -> None:
    (found,) = interests(relation("r", "a", "b", held(share)))
    assert found.share == parse_share(expected)


@pytest.mark.parametrize("version", ["0.2", "0.3"])
@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ({"minimum": 25, "maximum": 50}, "[25,50)"),
        ({"minimum": 25, "maximum": 50, "exclusiveMinimum": True, "exclusiveMaximum": False}, "(25,50]"),
        ({"minimum": 75, "maximum": 100, "exclusiveMaximum": False}, "[75,100]"),
        ({"minimum": 75, "maximum": 100}, "[75,100)"),
        ({"minimum": 75}, ">=75"),
        ({"minimum": 75, "exclusiveMinimum": True}, ">75"),
        ({"minimum": 50, "maximum": 50}, "50"),
        ({"exact": 50}, "50"),
        ({}, ""),
    ],
)
def test_before_0_4_the_exclusive_ones_are_flags_and_a_maximum_is_exclusive_by_default(
    version: str, share: dict[str, Any], expected: str
) -> None:
    (found,) = interests(old(version, share))
    assert found.share == parse_share(expected)


def test_the_wrong_versions_bounds_are_no_bounds() -> None:
    assert "not a number" in reason(relation("r", "a", "b", held({"minimum": 25, "exclusiveMinimum": True})))
    assert "true or false" in reason(old("0.3", {"minimum": 25, "exclusiveMinimum": 25}))


@pytest.mark.parametrize("digits", ["33.3333", "0.1", "49.999999999999999999"])
def test_a_percentage_keeps_its_digits(digits: str) -> None:
    text = json.dumps([relation("r", "a", "b", held({"exact": 7}))]).replace('"exact": 7', f'"exact": {digits}')
    (found,) = [one for one in said(read(text)) if isinstance(one, Interest)]
    assert found.share is not None
    assert found.share.minimum == Fraction(digits)


@pytest.mark.parametrize("number", ["1E-999999999", "1E+999999999", "-1", "101", '"50"', "true", "NaN", "9" * 5000])
def test_a_number_that_is_no_percentage_is_set_aside_or_refused(number: str) -> None:
    text = json.dumps([relation("r", "a", "b", held({"exact": 7}))]).replace('"exact": 7', f'"exact": {number}')
    try:
        (found,) = read(text)
    except LayoutError:
        return
    assert isinstance(found, SetAside)


@pytest.mark.parametrize(
    "share", [{"minimum": 75, "maximum": 50}, {"exclusiveMinimum": 50, "maximum": 50}, {"exact": 60, "maximum": 50}]
)
def test_an_impossible_share_is_set_aside(share: dict[str, Any]) -> None:
    (found,) = read([relation("r", "a", "b", held(share))])
    assert isinstance(found, SetAside)


@pytest.mark.parametrize(
    ("old_name", "name"),
    [
        ("voting-rights", "votingRights"),
        ("votingRights", "votingRights"),
        ("appointment-of-board", "appointmentOfBoard"),
        ("other-influence-or-control", "otherInfluenceOrControl"),
        ("influence-or-control", "otherInfluenceOrControl"),
        ("settlor-of-trust", "settlor"),
        ("beneficiary-of-trust", "beneficiaryOfLegalArrangement"),
        ("rights-to-surplus-assets", "rightsToSurplusAssetsOnDissolution"),
        ("rights-to-profit-or-income", "rightsToProfitOrIncome"),
        ("control-via-company-rules-or-articles", "controlViaCompanyRulesOrArticles"),
        ("unknown-interest", "unknownInterest"),
    ],
)
def test_the_older_names_of_interests(old_name: str, name: str) -> None:
    (found,) = interests(old(interests=[{"type": old_name, "interestLevel": "indirect"}]))
    assert (found.type, found.direct_or_indirect) == (name, "indirect")


def test_0_3_says_direct_or_indirect_in_its_own_field() -> None:
    (found,) = interests(old("0.3", interests=[{"type": "shareholding", "directOrIndirect": "indirect"}]))
    assert found.direct_or_indirect == "indirect"


def test_the_version_is_the_statements_own_and_else_its_shape() -> None:
    unsaid = {key: value for key, value in old(share={"minimum": 25, "maximum": 50}).items() if key != "publicationDetails"}
    published = {"publicationDate": "2026-02-01", "bodsVersion": "0.4", "publisher": {"name": "x"}}
    said_04 = relation("s", "a", "b", held({"minimum": 25, "maximum": 50}), publicationDetails=published)
    first, second = interests(unsaid, said_04)
    assert (first.share, second.share) == (parse_share("[25,50)"), parse_share("[25,50]"))
    assert "0.5" in reason(old("0.5"))
    assert "written in the fields of 0.2 or 0.3" in reason(old("0.4"))


def chain(summary: dict[str, Any], **link: Any) -> list[Interest]:
    top = relation("top", "b", "c", held({"exact": 80}, **link), details={"isComponent": True})
    low = relation("low", "a", "b", held({"exact": 60}), details={"isComponent": True})
    whole = relation("whole", "a", "c", summary, details={"componentRecords": ["b", "top", "low"]})
    return interests(top, low, whole)


def test_where_the_components_join_the_ends_the_summary_is_not_counted_again() -> None:
    found = chain(held({"exact": 48}, directOrIndirect="indirect"))
    assert sorted(one.id for one in found) == ["own-low-1", "own-top-1"]


def test_the_summary_stands_where_a_link_is_of_another_kind_or_missing() -> None:
    summary = held({"exact": 48}, directOrIndirect="indirect")
    assert "own-whole-1" in {one.id for one in chain(summary, type="votingRights")}
    alone = relation("whole", "a", "c", summary, details={"componentRecords": ["b", "top", "low"]})
    assert [one.id for one in interests(alone)] == ["own-whole-1"]


def test_a_direct_interest_beside_an_indirect_one_is_its_own_holding() -> None:
    assert "own-whole-1" in {one.id for one in chain(held({"exact": 10}, directOrIndirect="direct"))}


def test_the_summary_may_come_before_its_components() -> None:
    summary = relation(
        "whole", "a", "c", held({"exact": 48}, directOrIndirect="indirect"), details={"componentRecords": ["top", "low"]}
    )
    top, low = relation("top", "b", "c", held({"exact": 80})), relation("low", "a", "b", held({"exact": 60}))
    assert sorted(one.id for one in interests(summary, top, low)) == ["own-low-1", "own-top-1"]


def test_of_several_statements_on_one_record_the_newest_counts() -> None:
    first = relation("r", "a", "b", held({"exact": 60}), statementDate="2020-01-01", recordStatus="new")
    second = relation("r", "a", "b", held({"exact": 40}), statementDate="2024-06-30", recordStatus="updated")
    for order in ([first, second], [second, first]):
        outcomes = read(order)
        assert len(outcomes) == 2
        (found,) = [one for one in said(outcomes) if isinstance(one, Interest)]
        assert found.share == parse_share("40")


def test_a_closed_record_ends_on_the_day_that_closed_it() -> None:
    (found,) = interests(relation("r", "a", "b", held({"exact": 60}), statementDate="2024-06-30", recordStatus="closed"))
    assert str(found.end_date) == "2024-06-30"
    dated = held({"exact": 60}, endDate="2023-01-01")
    (found,) = interests(relation("r", "a", "b", dated, statementDate="2024-06-30", recordStatus="closed"))
    assert str(found.end_date) == "2023-01-01"


def test_what_is_replaced_does_not_count_and_a_party_keeps_one_id() -> None:
    def company(id: str, name: str, **change: Any) -> dict[str, Any]:
        kind = {"statementID": id, "statementType": "entityStatement", "entityType": "registeredEntity"}
        return kind | {"publicationDetails": {"bodsVersion": "0.2"}, "name": name} | change

    statements = [
        company("a", "Before Ltd"),
        company("a2", "After Ltd", replacesStatements=["a"]),
        old(share={"exact": 60}),
        old(share={"exact": 40}, id="r2", replacesStatements=["r"], subject={"describedByEntityStatement": "a2"}),
    ]
    found = said(read(statements))
    (interest,) = [one for one in found if isinstance(one, Interest)]
    assert (interest.id, interest.subject, interest.share) == ("own-r-1", "own-a", parse_share("40"))
    assert [one.caption for one in found if isinstance(one, Entity) and one.names] == ["Before Ltd", "After Ltd"]


def test_statements_that_replace_each_other_in_a_circle_end() -> None:
    found = read([old(id="r", replacesStatements=["s"]), old(id="s", replacesStatements=["r"])])
    assert len(found) == 2


def test_an_unspecified_party_is_an_owner_without_a_name() -> None:
    nobody = {"reason": "interestedPartyHasNotProvidedInformation"}
    found = said(read([relation("r", "a", nobody, held({"minimum": 25}))]))
    (interest,) = [one for one in found if isinstance(one, Interest)]
    party = next(one for one in found if isinstance(one, Entity) and one.id == interest.interested_party)
    assert (party.names, party.topics[0]) == ((), "anonymous")
    older = old(
        share={"minimum": 25}, interestedParty={"unspecified": {"reason": "interested-party-has-not-provided-information"}}
    )
    assert [one.share for one in interests(older)] == [parse_share(">=25")]


def test_an_exempt_company_says_why_its_owner_is_not_named() -> None:
    found = said(
        read([new("r", "relationship", {"subject": "a", "interestedParty": {"reason": "subjectExemptFromDisclosure"}})])
    )
    subject = found[-1]
    assert isinstance(subject, Entity)
    assert (subject.id, subject.topics) == ("own-a", ("owner-unspecified:subjectExemptFromDisclosure",))


def test_no_beneficial_owners_is_no_holding() -> None:
    assert interests(relation("r", "a", {"reason": "noBeneficialOwners"}, held({"minimum": 25}))) == []


def test_a_relationship_without_interests_is_of_an_unknown_kind() -> None:
    (found,) = interests(new("r", "relationship", {"subject": "a", "interestedParty": "b"}))
    assert (found.type, found.share) == ("unknownInterest", None)


def test_both_ends_of_every_interest_are_stated() -> None:
    entity = new("a", "entity", {"entityType": {"type": "registeredEntity"}, "name": "A Ltd"})
    found = said(read([relation("r", "a", "b", held()), entity]))
    assert sorted(one.id for one in found if isinstance(one, Entity)) == ["own-a", "own-b"]


def test_open_ownerships_bands_get_their_open_ends_back() -> None:
    def banded(low: int, high: int, slug: str) -> Interest:
        (found,) = interests(relation("r", "a", "b", held({"minimum": low, "maximum": high}, details=slug)))
        return found

    assert banded(25, 50, "ownership-of-shares-25-to-50-percent").share == parse_share("(25,50]")
    assert banded(50, 75, "voting-rights-50-to-75-percent-as-trust").share == parse_share("(50,75)")
    assert banded(75, 100, "ownership-of-shares-75-to-100-percent").share == parse_share("[75,100]")
    assert banded(30, 40, "ownership-of-shares-25-to-50-percent").share == parse_share("[30,40]")
    assert banded(25, 50, "says nothing of bands").share == parse_share("[25,50]")


def test_open_ownerships_gleif_is_consolidation_and_funds_are_none() -> None:
    def told(type: str) -> list[Interest]:
        details = f"LEI RelationshipType: {type}"
        return interests(relation("r", "a", "b", held(type="otherInfluenceOrControl", details=details)))

    assert [one.type for one in told("IS_DIRECTLY_CONSOLIDATED_BY")] == ["consolidation"]
    assert [one.type for one in told("IS_ULTIMATELY_CONSOLIDATED_BY")] == ["consolidation"]
    assert told("IS_FUND-MANAGED_BY") == told("IS_SUBFUND_OF") == told("IS_FEEDER_TO") == []


def test_parties() -> None:
    details = {
        "entityType": {"type": "stateBody", "subtype": "stateAgency"},
        "name": "Ministry",
        "alternateNames": ["Ministeriö"],
        "jurisdiction": {"name": "Finland", "code": "FI-18"},
        "identifiers": [{"scheme": "XI-LEI", "id": "MLU0ZO3ML4LN2LL2TL39"}, {"scheme": "FI-PRO", "id": "0535671-9"}],
    }
    person = {
        "personType": "anonymousPerson",
        "unspecifiedPersonDetails": {"reason": "interestedPartyExemptFromDisclosure"},
        "names": [{"type": "birth", "fullName": "Jo Before"}],
        "identifiers": [{"scheme": "IRL-TAXID", "id": "7700225VH"}],
        "birthDate": "1965-11",
    }
    body, human = said(read([new("m", "entity", details), new("p", "person", person)]))
    assert isinstance(body, Entity) and isinstance(human, Entity)
    assert (body.schema, body.jurisdiction, [name.kind for name in body.names]) == (
        Schema.PUBLIC_BODY,
        "fi",
        [NameKind.PRIMARY, NameKind.ALIAS],
    )
    assert body.identifiers == (Identifier("lei", "MLU0ZO3ML4LN2LL2TL39"), Identifier("registration", "05356719"))
    assert (human.schema, human.birth_date, human.identifiers) == (
        Schema.PERSON,
        "1965-11",
        (Identifier("tax", "7700225VH"),),
    )
    assert human.topics == ("anonymous", "unspecified:interestedPartyExemptFromDisclosure")


def test_ids_have_the_prefix_of_the_users_own_dataset() -> None:
    data = json.dumps([relation("r", "a", "b", held({"exact": 60}))]).encode()
    found = list(parse({"package": io.BytesIO(data)}, replace(DATASET, name="suppliers", prefix="suppliers")))
    assert [one.id for one in golden.statements(found)] == ["suppliers-a", "suppliers-b", "suppliers-r-1"]


def test_json_lines_are_read_too_and_a_bad_line_is_set_aside() -> None:
    lines = [json.dumps(relation("r", "a", "b", held({"exact": 60}))), "{not json", "[1]"]
    taken, *bad = sorted(read("\ufeff" + "\n".join(lines)), key=lambda one: isinstance(one, SetAside))
    assert isinstance(taken, Taken)
    assert all(isinstance(one, SetAside) for one in bad) and len(bad) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html></html>",
        b'[{"statementId": "cut',
        b'{\n  "statementId": "pretty"\n}',
        b"[1, 2]",
        b"\xff\xfe[]",
        b'"text"',
    ],
)
def test_what_is_no_package_is_refused(content: bytes) -> None:
    with pytest.raises(LayoutError):
        read(content)


@pytest.mark.parametrize(
    ("statement", "part"),
    [
        (relation("r", "a", "b", {"type": "golden share"}), "interests[0].type"),
        (relation("r", "a", "b", {"kind": "shareholding"}), "interests[0].kind is no field"),
        (relation("r", "a", "b", held({"exactly": 5})), "share.exactly is no field"),
        (relation("r", "a", 5), "interestedParty"),
        (relation("r", "a", "b") | {"statementDate": "soon"}, "statementDate"),
        (old(subject={}), "subject names no statement"),
        (old(statementType="rumour"), "statementType"),
        (old(interests=[{"type": "golden-share"}]), "interests.type"),
        (old(interests="none"), "interests is not an array"),
        ({}, "statementId is missing"),
        ({"recordType": None}, "statementId is missing"),
    ],
)
def test_a_bad_statement_is_set_aside_and_the_next_one_read(statement: dict[str, Any], part: str) -> None:
    assert part in reason(statement, relation("good", "a", "b", held()))


def test_the_standards_own_valid_files_are_read_in_full(shared_data: Path) -> None:
    for folder in ("valid-0.4", "examples-0.4"):
        for path in sorted((shared_data / "mirror" / "bods" / folder).glob("*.json")):
            outcomes = read(path.read_bytes())
            assert len(outcomes) == len(json.loads(path.read_text("utf-8")))
            assert not [one for one in outcomes if isinstance(one, SetAside)], path.name


def test_the_standards_own_invalid_files_are_set_aside_for_the_field_that_is_wrong(shared_data: Path) -> None:
    folder = shared_data / "mirror" / "bods" / "invalid-0.4"
    with (folder / "expected_errors.csv").open(encoding="utf-8", newline="") as file:
        expected = {name: field for name, _, _, field in csv.reader(file)}
    for path in sorted(folder.glob("*.json")):
        (found,) = read(path.read_bytes())
        assert isinstance(found, SetAside), path.name
        assert expected[path.name] in found.reason, (path.name, found.reason)


def test_open_ownerships_0_2_files_are_read_in_full(shared_data: Path) -> None:
    paths = sorted((shared_data / "mirror" / "gleif" / "xml-and-updates").glob("*-out.json"))
    assert paths
    for path in paths:
        assert not [one for one in read(path.read_bytes()) if isinstance(one, SetAside)], path.name
