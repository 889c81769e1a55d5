"""HEADQUARTERS: advanced-computing items need a licence to any party that is headquartered in Macau or in a destination of
Country Group D:5, or whose ultimate parent is, wherever the party itself is. No list takes part.

Its own headquarters are where its record says; else where it is organised, or where whoever asks says that it is. The
ultimate parent is found upwards, by majorities of shares or votes and by accounting consolidation; where a register
names the ultimate parent itself (GLEIF), that is the one. A natural person is nobody's parent company, and who holds for
others is not followed. What no source says is said, and not guessed.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from resolver.graph import Neighbourhood
from resolver.model import Entity, Finding, Schema, Verdict
from resolver.rules.proof import LONGEST, Proof, label
from resolver.rules.world import CONSOLIDATION, Line, World

REGIME = "us-bis"
SINCE = date(2023, 11, 17)
"""88 FR 73458 brought the headquarters test, as 744.23(a)(3); 742.6(a)(6)(iii) has it since January 2025."""

VERIFIED = (
    "the paragraphs of 742.6 and 744.23 (verify; BIS guidance of 31 May 2026 restates the rule); Cambodia's leaving of D:5 "
    "(91 FR 5091) from a second hand (verify); Cyprus, whose arms embargo is waived year by year (22 CFR 126.1(r)), is "
    "left out (verify)"
)


class Place(NamedTuple):
    """A destination that the rule names, and its days there; `until` is the first day without it."""

    name: str
    since: date = date.min
    until: date = date.max


COUNTRY_GROUP = "Country Group D:5 and Macau, Supp. No. 1 to 15 CFR part 740"
PLACES: Mapping[str, Place] = {
    "af": Place("Afghanistan"),
    "by": Place("Belarus"),
    "cd": Place("the Democratic Republic of the Congo"),
    "cf": Place("the Central African Republic"),
    "cn": Place("China"),
    "cu": Place("Cuba"),
    "er": Place("Eritrea"),
    # 85 FR 83765 struck Hong Kong from the Country Groups: it is China there.
    "hk": Place("Hong Kong"),
    "ht": Place("Haiti"),
    "iq": Place("Iraq"),
    "ir": Place("Iran"),
    "kh": Place("Cambodia", date(2021, 12, 9), date(2026, 2, 3)),
    "kp": Place("North Korea"),
    "lb": Place("Lebanon"),
    "ly": Place("Libya"),
    "mm": Place("Burma"),
    "mo": Place("Macau"),
    "ni": Place("Nicaragua", date(2024, 3, 15)),
    "ru": Place("Russia"),
    "sd": Place("Sudan"),
    "so": Place("Somalia"),
    "ss": Place("South Sudan"),
    "sy": Place("Syria"),
    "ve": Place("Venezuela"),
    "zw": Place("Zimbabwe"),
}
"""Country Group D:5, with Hong Kong as China, and Macau, by country code."""


def place(country: str, as_of: date) -> Place | None:
    """The destination of that code, where the rule names it on the day."""
    found = PLACES.get(country)
    return found if found is not None and found.since <= as_of < found.until else None


class Reach(NamedTuple):
    """An ECCN that the rule reaches, and the paragraphs that do."""

    eccn: str
    authority: str


BY_ITEM = "15 CFR 742.6(a)(6)(iii)(A)"
BY_END_USER = "15 CFR 744.23(a)(3)"
_ECCN = re.compile(r"([0-9][A-E][0-9]{3})\.?(?:([A-Z])(?![A-Z]).*)?")
_BETWEEN = re.compile(r"[|;,\s]+")


def reach(text: str) -> Reach | None:
    """The first of the ECCNs in the text that the rule reaches: 3A090 and 4A090, paragraphs .a and .b, and the .z items.

    `3A090` without its paragraph may be either.
    """
    for word in _BETWEEN.split(text.strip()):
        match = _ECCN.fullmatch(word.upper())
        if match is None:
            continue
        item, paragraph = match[1], match[2] or ""
        if item in ("3A090", "4A090") and paragraph in ("", "A", "B"):
            both = f"{BY_ITEM}; {BY_END_USER}"
            return Reach(word, {"A": BY_ITEM, "B": BY_END_USER}.get(paragraph, both))
        if paragraph == "Z" and item[0] in "345":
            return Reach(word, BY_ITEM)
    return None


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a party is, by country code: `headquartered in` it, `organised in` it, or just `in` it, and who says so where
    that is not its own record."""

    country: str
    how: str = "in"
    by: str = ""

    @property
    def explicit(self) -> bool:
        """Whether its record names its headquarters."""
        return self.how == HEADQUARTERED


SeatOf = Callable[[str], Seat | None]

HEADQUARTERED = "headquartered in"
_ASKED = "by the country given with the question"
_HEADQUARTERS = "headquarters:"
_UNKNOWN_PARENT = "parent-unknown:"
_NO_PARENT = frozenset(("NATURAL_PERSONS", "NO_KNOWN_PERSON"))
"""GLEIF's reasons that say that there is no parent company, not that it is unknown."""
_FOR_OTHERS = re.compile(r"\bnominees?\b|\bcustodian\b|\bdepository\b", re.IGNORECASE)


def seat(entity: Entity | None) -> Seat | None:
    """Where a party's record puts it; None where it says nothing, or names several countries."""
    if entity is None:
        return None
    for topic in entity.topics:
        if topic.startswith(_HEADQUARTERS):
            return Seat(topic.removeprefix(_HEADQUARTERS), HEADQUARTERED)
    if entity.jurisdiction:
        return Seat(entity.jurisdiction[:2].lower(), "organised in")
    return stated(entity.countries)


def stated(countries: Sequence[str], by: str = "") -> Seat | None:
    """The one country that somebody states; of several ones, the first, where the rule names them all."""
    if len(countries) == 1 or (countries and all(country in PLACES for country in countries)):
        return Seat(countries[0], by=by)
    return None


OF_CUSTOMER = ", of its customer"


@dataclass(frozen=True, slots=True)
class Basis:
    """Why the rule reaches a party: `kind` is `own` or `ultimate parent`, OF_CUSTOMER after it where it is a customer's;
    `said` is the fact in words."""

    kind: str
    said: str
    path: str
    interests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Every basis on which the rule reaches a party on a day, and what no source says of its ultimate parent."""

    bases: tuple[Basis, ...]
    unknown: str = ""


def standing(
    neighbourhood: Neighbourhood, as_of: date, subject: str, seat_of: SeatOf, asked: Sequence[str] = ()
) -> Standing:
    """How the rule stands to a party of the neighbourhood on a day.

    `asked` are the countries that whoever asks states. They count where its record names no headquarters.
    """
    world = World(neighbourhood, as_of, (subject,))
    number = world.numbered(subject)
    own = seat_of(world.ids[number])
    if own is None or (not own.explicit and place(own.country, as_of) is None):
        own = stated(asked, _ASKED) or own
    branch = f"{world.caption_of(subject)} -[branch of]-> " if world.ids[number] != subject else ""
    bases = list(_based("own", world.caption(number), own, as_of, branch))
    way = _Way(world, number)
    for top in way.tops():
        above = seat_of(world.ids[top])
        shown = way.down(top)
        for basis in _based("ultimate parent", world.caption(top), above, as_of):
            bases.append(Basis(basis.kind, basis.said, f"{shown.path}; {basis.path}", shown.interests))
    return Standing(tuple(bases), _unknown(world, number, way, seat_of))


def alone(name: str, countries: Sequence[str], as_of: date) -> Standing:
    """How the rule stands to a party of which nothing is held but what whoever asks states."""
    own = stated(countries, _ASKED)
    return Standing(tuple(_based("own", name, own, as_of)), _nothing_above(name))


def _based(kind: str, name: str, found: Seat | None, as_of: date, before: str = "") -> Iterable[Basis]:
    where = place(found.country, as_of) if found is not None else None
    if found is not None and where is not None:
        said = f"{name} is {found.how} {where.name}" + (f", {found.by}" if found.by else "")
        yield Basis(kind, said, f"{before}{name} -[{found.how}]-> {where.name}")


def _nothing_above(name: str) -> str:
    return f"no source held here says who the ultimate parent of {name} is"


def _unknown(world: World, subject: int, way: _Way, seat_of: SeatOf) -> str:
    """What is not known of the ultimate parent; empty where it is known, or there is none."""
    texts = []
    for top in way.tops() or [subject]:
        reasons = _reasons(world.entity(top))
        withheld = [reason for reason in reasons if reason not in _NO_PARENT]
        name = world.caption(top)
        if withheld:
            texts.append(f"the ultimate parent of {name} is unknown: its register says {', '.join(withheld)}")
        elif top == subject:
            texts += [] if reasons or way.of_persons else [_nothing_above(name)]
        elif seat_of(world.ids[top]) is None:
            texts.append(f"no source held here says where the ultimate parent {name} is headquartered")
    return "; ".join(texts)


def _reasons(entity: Entity | None) -> list[str]:
    topics = entity.topics if entity is not None else ()
    return sorted({topic.removeprefix(_UNKNOWN_PARENT) for topic in topics if topic.startswith(_UNKNOWN_PARENT)})


class _Way:
    """The way up from a party, parent by parent: `step` leads from each of them back down."""

    def __init__(self, world: World, subject: int) -> None:
        self.world = world
        self.subject = subject
        self.of_persons = False
        self.step: dict[int, tuple[int, Line]] = {}
        self._tops: list[int] = []
        seen, queue = {subject}, deque([subject])
        while queue:
            company = queue.popleft()
            parents = self._parents(company)
            if not parents and company != subject:
                self._tops.append(company)
            for parent, line in parents.items():
                if parent not in seen:
                    seen.add(parent)
                    self.step[parent] = (company, line)
                    queue.append(parent)

    def tops(self) -> list[int]:
        """The parents that have none themselves."""
        return sorted(self._tops, key=self.world.ids.__getitem__)

    def down(self, top: int) -> Proof:
        """The path from a parent down to the party, and the interests on it."""
        text, ids = self.world.caption(top), []
        for _ in range(LONGEST):
            if top == self.subject:
                break
            top, line = self.step[top]
            text += f" -{label(line)}-> {self.world.caption(top)}"
            ids += [one.id for one in line.holding.interests]
        return Proof(text, tuple(ids))

    def _parents(self, company: int) -> dict[int, Line]:
        """Who holds a majority of shares or votes, or consolidates; a named ultimate parent before a direct one."""
        book = self.world.book(company)
        found: dict[int, Line] = {}
        for register in ("shareholding", "votingRights"):
            for owner, lines in _by_owner(book.lines.get(register, ())).items():
                held, half = sum(line.low for line in lines), 50 * book.scale
                if held > half or (held == half and any(line.low_open for line in lines)):
                    found.setdefault(owner, lines[0])
        consolidating = book.lines.get(CONSOLIDATION, ())
        ultimate = [line for line in consolidating if line.holding.interests[0].direct_or_indirect == "indirect"]
        if ultimate:
            for line in consolidating:
                found.pop(line.owner, None)
        for line in ultimate or consolidating:
            found.setdefault(line.owner, line)
        return {owner: line for owner, line in sorted(found.items()) if owner != company and self._is_parent(owner)}

    def _is_parent(self, owner: int) -> bool:
        entity = self.world.entity(owner)
        if entity is not None and entity.schema is Schema.PERSON:
            self.of_persons = True
            return False
        return not _FOR_OTHERS.search(self.world.caption(owner))


def _by_owner(lines: Iterable[Line]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = {}
    for line in lines:
        found.setdefault(line.owner, []).append(line)
    return found


def finding(subject: str, bases: Sequence[Basis], unknown: str, reached: Reach | None, as_of: date) -> Finding | None:
    """The finding on a party by its bases; None without one, and before the rule began."""
    if not bases or as_of < SINCE:
        return None
    facts = "; ".join(f"basis {basis.kind}: {basis.said}" for basis in bases)
    if reached is not None:
        effect = f"{reached.eccn} needs a licence to such a party, wherever it is itself ({reached.authority})"
        if all(OF_CUSTOMER in basis.kind for basis in bases):
            effect += "; whether that customer receives or uses the item is to be asked"
    else:
        effect = "no ECCN that the rule reaches was given: it is about 3A090, 4A090 and the related .z items"
    authority = reached.authority if reached is not None else f"{BY_ITEM}; {BY_END_USER}"
    return Finding(
        subject=subject,
        regime=REGIME,
        verdict=Verdict.HEADQUARTERS,
        share=None,
        listed_parties=(),
        path="; ".join(basis.path for basis in bases),
        authority=f"{authority}; {COUNTRY_GROUP}",
        as_of=as_of,
        reason="; ".join(filter(None, (facts, effect, unknown))),
        rule_status="in force",
        interests=tuple(dict.fromkeys(one for basis in bases for one in basis.interests)),
    )
