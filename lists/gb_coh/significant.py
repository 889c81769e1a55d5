"""The snapshot of persons with significant control: one JSON object on each line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import BinaryIO

from lists.gb_coh.company import OVERSEAS, Register, company_number
from lists.gb_coh.nature import NATURES
from lists.gb_coh.place import kingdom, nationalities, place
from resolver.errors import RowError
from resolver.identifiers import Identifier, identifier
from resolver.model import Entity, Interest, Name, Schema, Statement
from resolver.record import Row, SetAside, Taken, each, json_lines

INDIVIDUAL = {
    "individual-person-with-significant-control": Schema.PERSON,
    "individual-beneficial-owner": Schema.PERSON,
}
BODY = {
    "corporate-entity-person-with-significant-control": Schema.COMPANY,
    "corporate-entity-beneficial-owner": Schema.COMPANY,
    "legal-person-person-with-significant-control": Schema.LEGAL_ENTITY,
    "legal-person-beneficial-owner": Schema.LEGAL_ENTITY,
}
SECURE = frozenset(("super-secure-person-with-significant-control", "super-secure-beneficial-owner"))
STATEMENT = "persons-with-significant-control-statement"
EXEMPTIONS = "exemptions"
TOTALS = "totals#persons-of-significant-control-snapshot"

ABSENT = "absent-from-register"
"""The topic of a company that the company data does not hold: dissolved, or its number is a slip."""

_IGNORED = (
    "etag", "links", "description", "service_address_is_same_as_registered_office_address",
    "identity_verification_details", "linked_psc_name", "restrictions_notice_withdrawal_reason",
)  # fmt: skip


def persons(file: BinaryIO, name: str, register: Register | None) -> Iterator[Taken[Statement] | SetAside]:
    """The outcome of every line. Raises LayoutError for a file that is no JSON lines."""
    return each(json_lines(file, name), _Reader(register).read)


class _Reader:
    def __init__(self, register: Register | None) -> None:
        self.register = register
        kinds: dict[str, Callable[[Identifier, str, Row], Iterator[Statement]]] = {
            **dict.fromkeys(INDIVIDUAL, self._individual),
            **dict.fromkeys(BODY, self._body),
            **dict.fromkeys(SECURE, self._secure),
            STATEMENT: self._statement,
            EXEMPTIONS: self._exemptions,
        }
        self.kinds = kinds

    def read(self, row: Row) -> Iterator[Statement]:
        """What one line says. Raises RowError and ValueError."""
        company = row.take_optional("company_number")
        data = row.take_row("data")
        row.finish()
        kind = data.take("kind")
        if kind == TOTALS:
            return
        if kind not in self.kinds:
            raise RowError(f"unknown kind {kind!r}")
        if not company:
            raise RowError("no company_number")
        number = company_number(company)
        if self.register is None or number.value not in self.register:
            yield self._stub(number)
        yield from self.kinds[kind](number, kind, data)

    def _stub(self, number: Identifier, name: str = "") -> Entity:
        return Entity(
            id=f"gb-coh-{number.value}",
            schema=Schema.COMPANY,
            names=(Name(name),) if name else (),
            countries=("gb",),
            jurisdiction=None if number.value[:2] in OVERSEAS else "gb",
            identifiers=(number,),
            topics=(ABSENT,) if self.register is not None else (),
        )

    def _individual(self, company: Identifier, kind: str, data: Row) -> Iterator[Statement]:
        own = _own(data)
        id, name = f"gb-coh-psc-{company.value}-{own}", _name(data)
        residence = place(data.take_optional("country_of_residence"))
        nations = nationalities(data.take_optional("nationality"))
        addresses, _ = _addresses(data)
        yield Entity(
            id=id,
            schema=INDIVIDUAL[kind],
            names=(Name(name),),
            countries=tuple(dict.fromkeys(one for one in (*nations, residence) if one)),
            addresses=addresses,
            birth_date=_birth(data.take_row("date_of_birth")),
            topics=_sanctioned(data),
        )
        yield from _interests(company, own, id, data, "")

    def _body(self, company: Identifier, kind: str, data: Row) -> Iterator[Statement]:
        own = _own(data)
        id, name = f"gb-coh-psc-{company.value}-{own}", data.take("name")
        identification = data.take_row("identification")
        registered = identification.take_optional("country_registered")
        register = identification.take_optional("place_registered")
        number = identification.take_optional("registration_number")
        identification.finish(ignore=["legal_form", "legal_authority"])
        schema, topics = BODY[kind], _sanctioned(data)
        addresses, country = _addresses(data)
        data.take_optional("country_of_residence")
        data.take_optional("nationality")
        owner = self._british(registered, register, number) if number else None
        if owner is not None:
            id = f"gb-coh-{owner.value}"
            if self.register is None or owner.value not in self.register:
                yield self._stub(owner, name)
            if topics:
                yield Entity(id, Schema.COMPANY, (), topics=topics)
        else:
            jurisdiction = place(registered)
            yield Entity(
                id=id,
                schema=schema,
                names=(Name(name),),
                countries=tuple(dict.fromkeys(one for one in (jurisdiction, country) if one)),
                jurisdiction=jurisdiction,
                addresses=addresses,
                identifiers=_foreign(number, jurisdiction),
                topics=topics,
            )
        told = ", ".join(part for part in (name, number, register, registered) if part)
        yield from _interests(company, own, id, data, f", stated as: {told}")

    def _british(self, registered: str, register: str, number: str) -> Identifier | None:
        """The owner's number where the row says that its register is the United Kingdom's, and it reads as one.

        Scots and Northern Irish numbers are often given without their prefix. Of the readings possible, the one that
        the company data holds is taken, else the first.
        """
        if not (kingdom(registered) or (place(registered) is None and kingdom(register))):
            return None
        readings = []
        if number.strip().isdigit() and len(number.strip()) <= 6:
            nation = f"{registered} {register}".lower()
            readings += [prefix for word, prefix in (("scotland", "SC"), ("northern ireland", "NI")) if word in nation]
        candidates = []
        for prefix in (*readings, ""):
            try:
                candidates.append(identifier("gb-coh", f"{prefix}{number.strip()}"))
            except ValueError:
                continue
        for candidate in candidates:
            if self.register is not None and candidate.value in self.register:
                return candidate
        return candidates[0] if candidates else None

    def _secure(self, company: Identifier, kind: str, data: Row) -> Iterator[Statement]:
        """Somebody whose particulars the court or the registrar withholds: an owner without a name, of an unknown size."""
        own = _own(data)
        id = f"gb-coh-psc-{company.value}-{own}"
        ended = data.whole().get("ceased") is True and not data.whole().get("ceased_on")
        if not ended:
            yield Entity(id, Schema.LEGAL_ENTITY, (), topics=("anonymous",))
        found = list(_interests(company, own, id, data, ", particulars withheld", "unpublishedInterest"))
        if not ended:
            yield from found

    def _statement(self, company: Identifier, kind: str, data: Row) -> Iterator[Statement]:
        statement, ceased = data.take("statement"), _day(data, "ceased_on")
        data.finish(ignore=[*_IGNORED, "notified_on"])
        if ceased is None:
            yield Entity(f"gb-coh-{company.value}", Schema.COMPANY, (), topics=(f"psc-statement:{statement}",))

    def _exemptions(self, company: Identifier, kind: str, data: Row) -> Iterator[Statement]:
        topics = []
        for name, exemption in data.take_row("exemptions").whole().items():
            items = exemption.get("items", []) if isinstance(exemption, dict) else None
            if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
                raise RowError(f"exemption {name!r} is not an object with items")
            if not items or any(not item.get("exempt_to") for item in items):
                topics.append(f"psc-exempt:{exemption.get('exemption_type', name)}")
        data.finish(ignore=_IGNORED)
        if topics:
            yield Entity(f"gb-coh-{company.value}", Schema.COMPANY, (), topics=tuple(topics))


def _own(data: Row) -> str:
    """What names the row itself: the last part of its own address."""
    own = data.take_row("links").take_optional("self").rpartition("/")[2]
    if not own:
        raise RowError("no links.self")
    return own


def _name(data: Row) -> str:
    """The name without its title: `name` reads "Mrs Jo Example Person", `name_elements` has the parts."""
    elements, whole = data.take_row("name_elements"), data.take_optional("name")
    forename, middle, surname = (elements.take_optional(part) for part in ("forename", "middle_name", "surname"))
    elements.finish(ignore=["title", "other_forenames", "honours"])
    name = " ".join(part for part in (forename, middle, surname) if part) if forename and surname else whole or surname
    if not name:
        raise RowError("no name")
    return name


def _day(data: Row, field: str) -> date | None:
    text = data.take_optional(field)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RowError(f"{field} is not a date: {text!r}") from error


def _birth(born: Row) -> str | None:
    year, month = born.take_optional("year"), born.take_optional("month")
    born.finish(ignore=["day"])
    if not year:
        return None
    return f"{int(year):04d}-{int(month):02d}" if month else f"{int(year):04d}"


def _sanctioned(data: Row) -> tuple[str, ...]:
    """`is_sanctioned` is Companies House's own word that the PSC is designated in the United Kingdom."""
    return ("sanction",) if data.whole().get("is_sanctioned") is True else ()


_LINES = (
    "care_of",
    "po_box",
    "premises",
    "address_line_1",
    "address_line_2",
    "locality",
    "region",
    "postal_code",
    "country",
)


def _addresses(data: Row) -> tuple[tuple[str, ...], str | None]:
    """The addresses on one line each, and the country of the first that names one."""
    texts, countries = [], []
    for field in ("address", "principal_office_address"):
        address = data.take_row(field)
        parts = [address.take_optional(line) for line in _LINES]
        address.finish()
        if text := ", ".join(part for part in parts if part):
            texts.append(text)
        if code := place(parts[-1]):
            countries.append(code)
    return tuple(dict.fromkeys(texts)), countries[0] if countries else None


def _foreign(number: str, jurisdiction: str | None) -> tuple[Identifier, ...]:
    """A number in another country's register is free text: it decides alone only where its check digit does."""
    for scheme in ("uscc",) if jurisdiction == "cn" else ():
        try:
            return (identifier(scheme, number),)
        except ValueError:
            continue
    if not any(map(str.isdigit, number)):
        return ()
    return (identifier("registration", number),)


def _interests(
    company: Identifier, own: str, owner: str, data: Row, told: str, unsaid: str = "unknownInterest"
) -> Iterator[Interest]:
    """One interest for each nature of control; where the row states none, one of the type `unsaid`.

    A right stated in two capacities (for the holder itself, and as trustee) may be one block of shares told twice: such
    interests are joint, so that they count once.
    """
    start, end = _day(data, "notified_on"), _day(data, "ceased_on")
    natures = list(dict.fromkeys(data.take_texts("natures_of_control")))
    data.finish(ignore=[*_IGNORED, "is_sanctioned", "ceased"])
    unknown = [nature for nature in natures if nature not in NATURES]
    if unknown:
        raise RowError(f"unknown nature of control {unknown[0]!r}")
    said = {nature: NATURES[nature] for nature in natures} or {"natures-not-stated": (unsaid, None)}
    kinds = [kind for kind, _ in said.values()]
    for nature, (kind, share) in said.items():
        joint = f"gb-coh-{company.value}-{own}-{kind}" if kinds.count(kind) > 1 else None
        yield Interest(
            id=f"gb-coh-{company.value}-{own}-{nature}",
            subject=f"gb-coh-{company.value}",
            interested_party=owner,
            type=kind,
            direct_or_indirect="unknown",
            share=share,
            start_date=start,
            end_date=end,
            joint=joint,
            source=f"Companies House PSC, {nature}{told}",
        )
