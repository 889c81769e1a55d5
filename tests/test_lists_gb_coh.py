"""Companies House: what each trap of the company data and of the PSC snapshot comes to."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from lists.gb_coh import parse
from lists.gb_coh.company import COLUMNS, Register
from lists.gb_coh.nature import NATURES
from lists.gb_coh.place import kingdom, nationalities
from resolver.errors import LayoutError
from resolver.identifiers import Identifier
from resolver.model import INTEREST_TYPES, Entity, Interest, NameKind, Schema, Statement
from resolver.record import SetAside, Taken
from resolver.share import parse_share
from tests import golden

PERSON = "individual-person-with-significant-control"
BODY = "corporate-entity-person-with-significant-control"
SURPLUS = "rightsToSurplusAssetsOnDissolution"
OVERSEAS = "-registered-overseas-entity"
SHARES = "ownership-of-shares-25-to-50-percent"


def said(outcomes: Iterable[Taken[Statement] | SetAside]) -> list[Statement]:
    known = list(outcomes)
    assert not [outcome for outcome in known if isinstance(outcome, SetAside)]
    return list(golden.statements(known))


def basic(*companies: dict[str, str]) -> io.BytesIO:
    """The company data of some companies, with the leading spaces of the publisher's header."""
    lines = [", ".join(COLUMNS)]
    for company in companies:
        full = {"CompanyStatus": "Active", "CountryOfOrigin": "United Kingdom", "CompanyName": "EXAMPLE LIMITED"} | company
        lines.append(",".join('"' + full.get(column, "").replace('"', '""') + '"' for column in COLUMNS))
    return io.BytesIO("\r\n".join(lines).encode())


def numbered(*numbers: str) -> io.BytesIO:
    return basic(*({"CompanyNumber": number} for number in numbers))


def line(kind: str = PERSON, company: str = "01234567", own: str = "abc", **data: Any) -> dict[str, Any]:
    links = {"self": f"/company/{company}/persons-with-significant-control/individual/{own}"}
    named = {"name": "Ms Jo Person"} if kind == PERSON else {}
    return {"company_number": company, "data": {"kind": kind, "etag": "0", "links": links} | named | data}


def snapshot(*lines: dict[str, Any] | str) -> io.BytesIO:
    return io.BytesIO("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines).encode())


def read(*lines: dict[str, Any] | str, register: tuple[str, ...] = ("01234567",)) -> list[Taken[Statement] | SetAside]:
    files = {"basic": numbered(*register), "psc": snapshot(*lines)}
    return [outcome for outcome in parse(files) if "psc" in outcome.where.file or "persons" in outcome.where.file]


def interests(*lines: dict[str, Any], register: tuple[str, ...] = ("01234567",)) -> list[Interest]:
    return [one for one in said(read(*lines, register=register)) if isinstance(one, Interest)]


def owner(
    number: str | None, country: str | None = "United Kingdom", place: str | None = None, *, held: tuple[str, ...] = ()
) -> str:
    given = {"country_registered": country, "place_registered": place, "registration_number": number}
    identification = {key: value for key, value in given.items() if value is not None}
    row = line(BODY, name="Owner Ltd", identification=identification, natures_of_control=[SHARES])
    (interest,) = interests(row, register=("01234567", *held))
    return interest.interested_party


def test_the_golden_file_stands() -> None:
    assert golden.lines(golden.outcomes("gb_coh")) == golden.golden_file("gb_coh").read_text(encoding="utf-8").splitlines()


def test_header_cells_may_have_leading_spaces() -> None:
    (found,) = said(parse({"basic": basic({"CompanyNumber": "00445790", "IncorporationDate": "27/11/1947"})}))
    assert isinstance(found, Entity)
    assert (found.id, found.incorporation_date) == ("gb-coh-00445790", "1947-11-27")
    assert found.identifiers == (Identifier("gb-coh", "00445790"),)


def test_a_changed_header_refuses_the_file() -> None:
    text = numbered("00445790").getvalue().decode()
    with pytest.raises(LayoutError, match="CompanyStatus"):
        list(parse({"basic": io.BytesIO(text.replace("CompanyStatus", "Status").encode())}))
    with pytest.raises(LayoutError):
        list(parse({"basic": io.BytesIO(b"<html><body>Service unavailable</body></html>")}))
    with pytest.raises(LayoutError):
        list(parse({"psc": io.BytesIO(b"<html><body>Service unavailable</body></html>")}))


def test_previous_names_are_former_names() -> None:
    company = {"CompanyNumber": "1", "PreviousName_1.CompanyName": "OLD LTD", "PreviousName_2.CompanyName": "OLDER LTD"}
    (found,) = said(parse({"basic": basic(company)}))
    assert isinstance(found, Entity)
    assert [(name.text, name.kind) for name in found.names[1:]] == [
        ("OLD LTD", NameKind.FORMER),
        ("OLDER LTD", NameKind.FORMER),
    ]


def test_an_overseas_company_is_organised_where_it_came_from() -> None:
    branch = {"CompanyNumber": "FC031362", "CountryOfOrigin": "CHINA"}
    (found,) = said(parse({"basic": basic(branch)}))
    assert isinstance(found, Entity)
    assert (found.jurisdiction, found.countries) == ("cn", ("cn", "gb"))


def test_there_are_86_natures_and_every_one_is_a_known_interest() -> None:
    assert len(NATURES) == 86
    assert {kind for kind, _ in NATURES.values()} <= INTEREST_TYPES


@pytest.mark.parametrize(
    ("nature", "kind", "share"),
    [
        ("ownership-of-shares-25-to-50-percent", "shareholding", "(25,50]"),
        ("ownership-of-shares-50-to-75-percent-as-trust", "shareholding", "(50,75)"),
        ("ownership-of-shares-75-to-100-percent-as-firm", "shareholding", "[75,100]"),
        ("voting-rights-50-to-75-percent-as-firm-limited-liability-partnership", "votingRights", "(50,75)"),
        ("right-to-share-surplus-assets-75-to-100-percent-limited-liability-partnership", SURPLUS, "[75,100]"),
        ("part-right-to-share-surplus-assets-25-to-50-percent", SURPLUS, "(25,50]"),
        (f"ownership-of-shares-more-than-25-percent-as-control-over-firm{OVERSEAS}", "shareholding", "(25,100]"),
        ("voting-rights-more-than-25-percent-registered-overseas-entity", "votingRights", "(25,100]"),
        ("right-to-appoint-and-remove-members-as-trust-limited-liability-partnership", "appointmentOfBoard", ""),
        ("right-to-appoint-and-remove-person", "appointmentOfBoard", ""),
        ("significant-influence-or-control-as-control-over-trust-registered-overseas-entity", "otherInfluenceOrControl", ""),
        ("registered-owner-as-nominee-another-entity-northern-ireland-registered-overseas-entity", "nominee", ""),
    ],
)
def test_a_nature_is_a_right_in_its_own_band(nature: str, kind: str, share: str) -> None:
    (found,) = interests(line(natures_of_control=[nature]))
    assert (found.type, found.share) == (kind, parse_share(share))
    assert nature in found.source
    assert found.direct_or_indirect == "unknown"


def test_one_right_stated_in_two_capacities_counts_once() -> None:
    own, trust, votes = interests(line(natures_of_control=[SHARES, f"{SHARES}-as-trust", "voting-rights-25-to-50-percent"]))
    assert own.joint == trust.joint is not None
    assert votes.joint is None


def test_two_rows_of_one_corporate_owner_are_two_interests_of_one_party() -> None:
    def row(own: str, number: str) -> dict[str, Any]:
        identification = {"country_registered": "England", "registration_number": number}
        return line(BODY, own=own, name="Owner", identification=identification, natures_of_control=[SHARES])

    first, again = interests(row("a", "00000001"), row("b", "1"))
    assert first.interested_party == again.interested_party == "gb-coh-00000001"
    assert first.id != again.id


def test_an_unknown_nature_sets_the_row_aside() -> None:
    (found,) = read(line(natures_of_control=["ownership-of-shares-90-to-100-percent"]))
    assert isinstance(found, SetAside)
    assert "ownership-of-shares-90-to-100-percent" in found.reason


def test_a_row_without_natures_keeps_its_owner() -> None:
    (found,) = interests(line())
    assert (found.type, found.share) == ("unknownInterest", None)


@pytest.mark.parametrize(
    ("number", "country", "place", "expected"),
    [
        ("89101112", "United Kingdom", None, "gb-coh-89101112"),
        ("56099", "United Kingdom", None, "gb-coh-00056099"),
        ("Companies House 01234560", "England And Wales", None, "gb-coh-01234560"),
        ("Company Number 1234560", "Uk", "Companies House", "gb-coh-01234560"),
        ("SC 123456", "Scotland", None, "gb-coh-SC123456"),
        ("SC1234", "Scotland", "Edinburgh", "gb-coh-SC001234"),
        ("123456", "Scotland", None, "gb-coh-SC123456"),
        ("12345", "Northern Ireland", None, "gb-coh-NI012345"),
        ("OC301234", "England", None, "gb-coh-OC301234"),
        ("1234560", "Englang", None, "gb-coh-01234560"),
        ("1234560", "United Kingdon", None, "gb-coh-01234560"),
        ("1234560", None, "Companies House", "gb-coh-01234560"),
        ("1234560", "West Yorkshire", "Companies House", "gb-coh-01234560"),
        ("1234560", "West Yorkshire", None, "gb-coh-psc-01234567-abc"),
        ("1234560", "Ireland", "Companies House", "gb-coh-psc-01234567-abc"),
        ("1234560", "Iceland", None, "gb-coh-psc-01234567-abc"),
        ("1234560", None, "Registrar Of Companies", "gb-coh-psc-01234567-abc"),
        ("GB 123 4567 89", "United Kingdom", None, "gb-coh-psc-01234567-abc"),
        ("not known", "United Kingdom", None, "gb-coh-psc-01234567-abc"),
        (None, "United Kingdom", None, "gb-coh-psc-01234567-abc"),
    ],
)
def test_a_free_text_number_joins_only_a_british_register(
    number: str | None, country: str | None, place: str | None, expected: str
) -> None:
    assert owner(number, country, place) == expected


def test_of_two_readings_of_a_scots_number_the_register_decides() -> None:
    assert owner("123456", "Scotland", held=("00123456",)) == "gb-coh-00123456"
    assert owner("123456", "Scotland", held=("00123456", "SC123456")) == "gb-coh-SC123456"


def test_an_owner_on_the_register_keeps_the_name_it_has_there() -> None:
    identification = {"country_registered": "England", "registration_number": "7"}
    row = line(BODY, name="Mistyped Name Ltd", identification=identification, natures_of_control=[SHARES])
    entities = [one for one in said(read(row, register=("01234567", "00000007"))) if isinstance(one, Entity)]
    assert entities == []
    assert "Mistyped Name Ltd" in interests(row, register=("01234567", "00000007"))[0].source


def test_a_company_that_left_the_register_keeps_its_interests() -> None:
    row = line(company="00777777", natures_of_control=[SHARES])
    company, person, interest = said(read(row))
    assert isinstance(company, Entity) and isinstance(person, Entity) and isinstance(interest, Interest)
    assert (company.id, company.names, company.topics) == ("gb-coh-00777777", (), ("absent-from-register",))
    assert interest.subject == company.id


def test_a_short_company_number_is_filled_up_before_the_join() -> None:
    (found,) = interests(line(company="1234567", natures_of_control=[SHARES]))
    assert found.subject == "gb-coh-01234567"


def test_a_ceased_row_is_kept_with_its_end() -> None:
    (found,) = interests(line(natures_of_control=[SHARES], notified_on="2016-04-06", ceased_on="2016-10-11"))
    assert (str(found.start_date), str(found.end_date)) == ("2016-04-06", "2016-10-11")


def test_dates_that_cannot_be_right_do_not_lose_the_holding() -> None:
    (found,) = interests(line(natures_of_control=[SHARES], notified_on="1083-01-01", ceased_on="9999-12-31"))
    assert (str(found.start_date), str(found.end_date)) == ("1083-01-01", "9999-12-31")


def test_a_person_has_month_and_year_of_birth_and_no_title() -> None:
    elements = {"title": "Ms", "forename": "Jo", "middle_name": "Q", "surname": "Person"}
    born = {"year": 1975, "month": 4}
    row = line(name="Ms Jo Q Person", name_elements=elements, date_of_birth=born, nationality="British, Chinese")
    person = said(read(row))[0]
    assert isinstance(person, Entity)
    assert (person.schema, person.names[0].text, person.birth_date) == (Schema.PERSON, "Jo Q Person", "1975-04")
    assert person.countries == ("gb", "cn")


@pytest.mark.parametrize("kind", ["super-secure-person-with-significant-control", "super-secure-beneficial-owner"])
def test_a_protected_person_is_an_owner_without_a_name(kind: str) -> None:
    party, interest = said(read(line(kind, description=kind)))
    assert isinstance(party, Entity) and isinstance(interest, Interest)
    assert (party.names, party.topics) == ((), ("anonymous",))
    assert (interest.type, interest.share) == ("unpublishedInterest", None)


def test_a_protected_person_who_ceased_is_no_owner() -> None:
    assert said(read(line("super-secure-person-with-significant-control", ceased=True))) == []


def test_statements_and_exemptions_are_topics_and_no_owners() -> None:
    statement = "no-individual-or-entity-with-signficant-control"
    row = line("persons-with-significant-control-statement", statement=statement, notified_on="2016-07-12")
    (found,) = said(read(row))
    assert isinstance(found, Entity)
    assert found.topics == (f"psc-statement:{statement}",)
    ceased = row | {"data": row["data"] | {"ceased_on": "2016-10-11"}}
    assert said(read(ceased)) == []
    item = {"exemption_type": "psc-exempt-as-shares-admitted-on-market", "items": [{"exempt_from": "2016-10-29"}]}
    (exempt,) = said(read(line("exemptions", exemptions={"psc_exempt_as_shares_admitted_on_market": item})))
    assert isinstance(exempt, Entity)
    assert exempt.topics == ("psc-exempt:psc-exempt-as-shares-admitted-on-market",)


def test_the_totals_line_has_no_company_and_says_nothing() -> None:
    assert said(read({"data": {"kind": "totals#persons-of-significant-control-snapshot", "statements_count": 1}})) == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"data": {"kind": "unknown-kind"}}, "unknown kind"),
        (line() | {"company_number": ""}, "no company_number"),
        (line(company="99 BOTTLES"), "not a Companies House number"),
        (line(links={}), r"no links.self"),
        (line(share_classes=["A"]), "field nobody reads: share_classes"),
        (line(notified_on="soon"), "not a date"),
        ('{"company_number": "01234567", "data": {', "not JSON"),
        ('["01234567"]', "not a JSON object"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_reason(row: dict[str, Any] | str, reason: str) -> None:
    good = line(natures_of_control=[SHARES])
    bad, after = read(row, good)
    assert isinstance(bad, SetAside)
    assert reason in bad.reason
    assert isinstance(after, Taken)


def test_a_designated_owner_says_so() -> None:
    person = said(read(line(natures_of_control=[SHARES], is_sanctioned=True)))[0]
    assert isinstance(person, Entity)
    assert person.topics == ("sanction",)


def test_the_snapshot_alone_states_both_ends_of_every_interest() -> None:
    found = said(parse({"psc": snapshot(line(natures_of_control=[SHARES]))}))
    stated = {one.id for one in found if isinstance(one, Entity)}
    (interest,) = (one for one in found if isinstance(one, Interest))
    assert {interest.subject, interest.interested_party} <= stated
    assert not any(one.topics for one in found if isinstance(one, Entity))


def test_the_register_holds_what_it_was_given_and_nothing_else() -> None:
    register = Register()
    held = ("00000001", "17000000", "SC000001", "NI999999", "IP28746R", "OE000010")
    for number in held:
        register.add(number)
    assert all(number in register for number in held)
    assert not any(number in register for number in ("00000002", "SC000002", "NI000001", "IP28747R", "FC000001", "99999999"))


def test_a_slip_of_the_pen_is_forgiven_and_another_country_never() -> None:
    assert all(map(kingdom, ("England", "Englnad", "ENGLAND & WALES", "Uk", "Great Britian", "Untied Kingdom", "Scotand")))
    assert not any(
        map(kingdom, ("Ireland", "Iceland", "Jersey", "Isle Of Man", "British Virgin Islands", "Finland", "", "New Zealand"))
    )


def test_nationalities() -> None:
    assert nationalities("British") == ("gb",)
    assert nationalities("Russian/Cypriot") == ("ru", "cy")
    assert nationalities("Trinidad and Tobago") == ("tt",)
    assert nationalities("Martian") == ()


def test_every_real_row_is_read(shared_data: Path) -> None:
    folder = shared_data / "mirror" / "gb_coh"
    with (folder / "basic-company-data" / "BasicCompanyData-sample.csv").open("rb") as file:
        assert len(said(parse({"basic": file}))) == 11
    records = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((folder / "psc-records").glob("*.json"))}
    outcomes = dict(zip(records, parse({"psc": snapshot(*records.values())}), strict=True))
    assert [name for name, outcome in outcomes.items() if isinstance(outcome, SetAside)] == ["psc_unknown_kind"]


def test_a_day_that_is_none_sets_the_company_aside() -> None:
    outcomes = list(parse({"basic": basic({"CompanyNumber": "1", "IncorporationDate": "31/02/2003"})}))
    assert [one.reason for one in outcomes if isinstance(one, SetAside)] == ["not a date: '31/02/2003'"]
