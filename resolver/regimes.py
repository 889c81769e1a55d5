"""The rule table: every ownership rule as data, the lists that seed it, and its text by date.

What each field of a `Regime` decides:

* `interests`: the kinds of interest that the ownership test counts. Each is a register of its own: shares and votes are
  never added (reading 6). The first is where an interest of no stated kind may belong.
* `aggregate`: holdings of different listed parties add up; else each listed party is taken on its own.
* `cascade`: what a listed party owns counts as an owner in turn, with its whole stake (OFAC FAQ 401); else direct only.
* `control_limb`: the interests that make a party CONTROLLED. `votingRights` and `appointmentOfBoard` ask for a majority;
  LARGEST_HOLDER is the EU's indicator of a dominant minority holding.
* `periods`: threshold and comparator from a day on; before the first, and where there are none, no percentage rule binds.
* `verified`: what was not read in the authority's own text. The user may override a status (`period`).

Readings, where the texts leave room; every room that follows one names its number:

1. Each regime runs on its own seeds: what one owns by its rule seeds no other. A listing seeds a regime only if its
   measure carries the ownership rule: an asset freeze, a programme of 15 CFR 744.8(a)(1); an entry without a programme is
   not in scope of us-bis.
2. In a suspended rule what is surely owned is SUSPENDED; where no rule binds, a holding of half or more is LISTED_OWNER.
3. An empty share is (0, 100]. Accounting consolidation states no share: it passes UNKNOWN_SHARE down, and indicates control
   under eu, ca and gb. POSSIBLY_OWNED holds even when every empty share is read as 0, UNKNOWN_SHARE only when it is not.
4. Parallel current rows of one owner, subject and kind from one source add up, unless joint. What a company holds in itself
   counts for nothing.
5. A sum is capped by what the others surely hold, for direct holdings of one kind; open if any end it subtracts is open.
6. gb and ca take each listed party alone, joint arrangements excepted; shares and votes are two registers; a chain link
   holds by either, and votes follow shares where a subject has no vote rows.
7. us-ofac-ssi: each directive on its own; owned under any is owned.
8. us-bis reaches foreign companies only, but ownership through a US company counts below it. A branch is the same person.
9. jp: direct holdings only, each person alone.
10. A start counts from its day on, an end from its day no more; for interests, listings and rules alike.
11. Sources on one holding are reconciled to what they all allow; the newer wins over an older one it contradicts; a
   contradiction of the same time is their union, and never certain. Wikidata, Exhibit 21 and prose alone never give OWNED.
12. An entry that is an address reaches whoever uses it (15 CFR 744.16(a)).

Nothing here is legal advice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from resolver.errors import InputError
from resolver.model import Listing, Period, PublicList, Regime, Verdict

RULES_VERSION = "2026-11"
"""Names this table in every report: the month of the state of knowledge it was written from."""

HALF = Fraction(50)
ALWAYS = date.min
LARGEST_HOLDER = "largestHolder"

EQUITY = frozenset(("shareholding",))
SHARES_OR_VOTES = frozenset(("shareholding", "votingRights"))
DOMINANCE = frozenset(
    ("appointmentOfBoard", "otherInfluenceOrControl", "controlViaCompanyRulesOrArticles", "controlByLegalFramework")
)


class Seed(NamedTuple):
    """A regime that a listing seeds, and the directive under which it does (us-ofac-ssi), else empty."""

    regime: str
    directive: str = ""


def _from(start: date, status: str = "in force", *, over: bool = False, suspended: bool = False) -> Period:
    return Period(start, status, HALF, strictly=over, suspended=suspended)


_ROWS = (
    Regime(
        code="us-ofac",
        title="OFAC 50 Percent Rule",
        authority="OFAC Revised Guidance of 13 August 2014 (50 Percent Rule); FAQ 398-402",
        lists=("us-ofac-sdn",),
        interests=EQUITY,
        aggregate=True,
        cascade=True,
        control_limb=frozenset(),
        periods=(
            # The guidance of 14 February 2008 knew no aggregation; that of 13 August 2014 replaced it (FAQ 399).
            Period(date(2008, 2, 14), "in force", HALF, strictly=False, aggregate=False),
            _from(date(2014, 8, 13)),
        ),
        verified="FAQ 400 (verify)",
        effect="its property is blocked although no list names it",
    ),
    Regime(
        code="us-ofac-ssi",
        title="OFAC Sectoral Sanctions, E.O. 13662 directives",
        authority="E.O. 13662 Directives 1-4; OFAC FAQ 373",
        lists=("us-ofac-ssi",),
        interests=EQUITY,
        aggregate=True,
        cascade=True,
        control_limb=frozenset(),
        periods=(_from(date(2014, 7, 16)),),
        verified="whether shares under different directives add up is unsettled: each directive is taken on its own",
        effect="the directive's debt and equity prohibitions reach it",
    ),
    Regime(
        code="us-bis",
        title="BIS Affiliates Rule",
        authority="15 CFR 744.11, 744.21, 744.8 and Supp. No. 8 to part 744 (90 FR 47201; stayed by 90 FR 50857)",
        lists=("us-bis-el", "us-bis-meu", "us-ofac-sdn"),
        interests=EQUITY,
        aggregate=True,
        cascade=True,
        control_limb=frozenset(),
        periods=(
            _from(date(2025, 9, 29)),
            _from(date(2025, 11, 10), "suspended from 2025-11-10 through 2026-11-09", suspended=True),
            # 90 FR 50857 re-imposes the amendments on this day absent a further rule; none was found.
            _from(date(2026, 11, 10), "re-imposed by its text, unconfirmed"),
        ),
        verified="the status after 2026-11-09 could not be confirmed (verify)",
        effect="a licence is required as for the most restrictive of its listed owners",
        exempt=frozenset(("us",)),
    ),
    Regime(
        code="us-1260h",
        title="Section 1260H Chinese military companies",
        authority="FY2021 NDAA s. 1260H; FY2024 NDAA s. 805",
        lists=("us-1260h",),
        interests=EQUITY,
        aggregate=False,
        cascade=True,
        control_limb=DOMINANCE,
        periods=(_from(date(2026, 6, 30), over=True),),
        verified="read as: a majority subsidiary is subject to the listed company's control (verify)",
        effect="a Department of Defense contracting ban reaches it (procurement only)",
        owned=Verdict.CONTROLLED,
    ),
    *(
        Regime(
            code=code,
            title=title,
            authority=authority,
            lists=(code,),
            interests=EQUITY,
            aggregate=False,
            cascade=True,
            control_limb=frozenset(),
            periods=(_from(ALWAYS, over=True),),
            verified="subsidiaries and affiliates, without a percentage: more than half is read as a subsidiary",
            effect=effect,
        )
        for code, title, authority, effect in (
            ("us-889", "NDAA section 889", "FY2019 NDAA s. 889; FAR 52.204-25", "procurement of its equipment is barred"),
            ("us-5949", "NDAA section 5949", "FY2023 NDAA s. 5949", "procurement of its semiconductors is barred"),
            ("us-fcc", "FCC Covered List", "47 CFR 1.50002", "its equipment cannot be authorised"),
        )
    ),
    Regime(
        code="us-uflpa",
        title="UFLPA Entity List",
        authority="Uyghur Forced Labor Prevention Act (Pub. L. 117-78), the entry's own words",
        lists=("us-uflpa",),
        interests=EQUITY,
        aggregate=False,
        cascade=True,
        control_limb=frozenset(),
        periods=(_from(ALWAYS, over=True),),
        verified="only where the entry itself names subsidiaries; more than half is read as a subsidiary",
        effect="the import ban reaches its goods",
        scoped=True,
    ),
    Regime(
        code="eu",
        title="EU asset freeze",
        authority="EU Best Practices on restrictive measures (11623/24), ownership and control",
        lists=("eu-fsf",),
        interests=EQUITY,
        aggregate=True,
        cascade=True,
        control_limb=DOMINANCE | {"votingRights", "enjoymentAndUseOfAssets", "consolidation", LARGEST_HOLDER},
        periods=(_from(ALWAYS, over=True), _from(date(2024, 7, 3))),
        verified="the indirect method is not prescribed: cascade is the working reading",
        effect="making funds available to it is presumed to reach the listed party; the presumption can be rebutted",
    ),
    Regime(
        code="eu-833",
        title="EU sectoral measures, Regulation 833/2014",
        authority="Regulation (EU) No 833/2014, Art. 5 and 5aa",
        lists=("eu-833-annex",),
        interests=EQUITY,
        aggregate=False,
        cascade=True,
        control_limb=frozenset(),
        periods=(_from(ALWAYS, over=True),),
        verified="more than half; the articles (verify)",
        effect="the sectoral prohibition on the listed parent reaches it",
    ),
    Regime(
        code="gb",
        title="UK asset freeze",
        authority="Russia (Sanctions) (EU Exit) Regulations 2019 reg. 7 and Sch. 1, and its kin; OFSI guidance 4.14",
        lists=("gb-uksl",),
        interests=SHARES_OR_VOTES | {"rightsToSurplusAssetsOnDissolution"},
        aggregate=False,
        cascade=True,
        control_limb=DOMINANCE | {"consolidation"},
        periods=(_from(ALWAYS, over=True),),
        verified="Sch. 1 paras 6 onwards (verify)",
        effect="the asset freeze applies to it as if it were designated",
    ),
    Regime(
        code="ch",
        title="Swiss asset freeze",
        authority="SECO FAQ on the Ukraine Ordinance (June 2024)",
        lists=("ch-seco",),
        interests=EQUITY,
        aggregate=True,
        cascade=True,
        control_limb=DOMINANCE | {"votingRights", "enjoymentAndUseOfAssets"},
        periods=(_from(ALWAYS, over=True),),
        verified="may have moved to 50 % or more with the EU (verify)",
        effect="it is presumed to be frozen with its owner; the presumption can be rebutted",
    ),
    Regime(
        code="ca",
        title="Canadian deemed ownership",
        authority="Special Economic Measures Act s. 2.1",
        lists=("ca-sema",),
        interests=SHARES_OR_VOTES,
        aggregate=False,
        cascade=True,
        control_limb=DOMINANCE | {"consolidation"},
        periods=(_from(date(2023, 6, 22)),),
        verified="no wording on aggregation: the sum of several listed parties is for review",
        effect="its property is deemed to be owned by the listed party",
    ),
    Regime(
        code="jp",
        title="Japanese asset freeze",
        authority="Foreign Exchange and Foreign Trade Act, Ministry of Finance notices",
        lists=("jp-mof",),
        interests=EQUITY,
        aggregate=False,
        cascade=False,
        control_limb=frozenset(),
        periods=(_from(ALWAYS),),
        verified="half or more than half, directly held (verify)",
        effect="the measures reach it",
    ),
    *(
        Regime(code, title, authority, (seeded_by,), EQUITY, True, True, frozenset(), (), "no number in the text")
        for code, title, authority, seeded_by in (
            ("au", "Australian targeted financial sanctions", "Autonomous Sanctions Act 2011; no percentage", "au-dfat"),
            ("un", "UN asset freeze", "UNSCR 1970 para. 17, 1907 para. 13; no percentage", "un-sc"),
        )
    ),
)  # fmt: skip

REGIMES: Mapping[str, Regime] = MappingProxyType({regime.code: regime for regime in _ROWS})
"""The regimes by code. A list that seeds none of them is a regime under its own code: `regime`."""

_WITHOUT_A_RULE = {
    "us-ofac-cmic": "E.O. 13959 as amended; OFAC FAQ 857: the 50 percent rule does not apply",
    "us-ofac-mbs": "the menu item's own directive; non-blocking items do not reach owned companies (OFAC FAQ 869)",
    "us-ofac-capta": "the directive's own text; no ownership rule (verify)",
    "us-ofac-plc": "31 CFR part 594; no ownership rule (verify)",
    "us-ofac-fse": "E.O. 13608; no ownership rule",
    "us-bis-mieu": "15 CFR 744.22; not in the Affiliates Rule (verify)",
    "us-bis-uvl": "15 CFR 744.15; not in the Affiliates Rule",
    "us-bis-dpl": "15 CFR 764.3(a)(2); related persons are named in the order",
    "us-state-dtc": "22 CFR 120.16 and 127.7; names only",
    "us-state-isn": "nonproliferation statutes; names only",
    "jp-meti-eul": "METI End User List: an inform list of names",
}


def regime(code: str) -> Regime:
    """The regime of a code; for a list without a rule, the regime that the list itself is."""
    if code in REGIMES:
        return REGIMES[code]
    authority = _WITHOUT_A_RULE.get(code, "the list's own text; it states no ownership rule")
    return Regime(code, code, authority, (code,), EQUITY, True, True, frozenset(), (), "")


def _list(code: str, effect: str, *regimes: str) -> PublicList:
    return PublicList(code, regimes, effect)


LISTS: Mapping[str, PublicList] = MappingProxyType(
    {
        one.code: one
        for one in (
            _list("us-ofac-sdn", "blocking", "us-ofac", "us-bis"),
            _list("us-ofac-ssi", "debt and equity", "us-ofac-ssi"),
            _list("us-ofac-cmic", "investment ban"),
            _list("us-ofac-mbs", "by menu item"),
            _list("us-ofac-capta", "correspondent accounts"),
            _list("us-ofac-plc", "transactions with listed members"),
            _list("us-ofac-fse", "transactions of foreign sanctions evaders"),
            _list("us-bis-el", "licence required", "us-bis"),
            _list("us-bis-meu", "licence required", "us-bis"),
            _list("us-bis-mieu", "licence required"),
            _list("us-bis-uvl", "licence exceptions suspended"),
            _list("us-bis-dpl", "export privileges denied"),
            _list("us-state-dtc", "debarred"),
            _list("us-state-isn", "nonproliferation"),
            _list("us-1260h", "procurement", "us-1260h"),
            _list("us-889", "procurement", "us-889"),
            _list("us-5949", "procurement", "us-5949"),
            _list("us-fcc", "equipment authorisation", "us-fcc"),
            _list("us-uflpa", "import ban", "us-uflpa"),
            _list("eu-fsf", "asset freeze", "eu"),
            _list("eu-833-annex", "sectoral", "eu-833"),
            _list("gb-uksl", "asset freeze", "gb"),
            _list("ch-seco", "asset freeze", "ch"),
            _list("ca-sema", "asset freeze", "ca"),
            _list("jp-mof", "asset freeze", "jp"),
            _list("au-dfat", "asset freeze", "au"),
            _list("un-sc", "asset freeze", "un"),
            _list("jp-meti-eul", "inform, licence"),
            _list("cn-uel", "counter-measures"),
            _list("cn-ecl", "export control"),
        )
    }
)
"""Every list code that is known, the regimes it may seed, and its legal effect. Any `cn-` code is a list as well."""


def is_list(code: str) -> bool:
    """Whether the list code is known."""
    return code in LISTS or bool(re.fullmatch(r"cn-[a-z0-9-]+", code))


AFFILIATES_PROGRAMS = frozenset(
    (
        "BELARUS", "BELARUS-EO14038", "UKRAINE-EO13660", "UKRAINE-EO13661", "UKRAINE-EO13662", "UKRAINE-EO13685",
        "RUSSIA-EO14024", "FTO", "SDGT", "NPWMD", "TCO", "ILLICIT-DRUGS-EO14059", "SDNT", "SDNTK",
    )
)  # fmt: skip
"""The tags of the 14 programmes of 15 CFR 744.8(a)(1) (89 FR 20107)."""

_FREEZE = re.compile(r"freez|froz|financial sanction|asset\W+block|\btfs\b", re.IGNORECASE)
_MEASURED = frozenset(("gb-uksl", "ch-seco", "un-sc", "au-dfat"))
_BETWEEN_TAGS = re.compile(r"[\[\];,\s]+")
_DIRECTIVE = re.compile(r"DIRECTIVE\W*([1-4])\b", re.IGNORECASE)
_SUBSIDIARIES = re.compile(r"subsidiar|subordinate", re.IGNORECASE)


def seeds(listing: Listing, as_of: date) -> tuple[Seed, ...]:
    """The regimes that a listing seeds on that day (`regimes`, reading 1), none where it is not in force then.

    A listing that seeds no rule is one under its list's own code: its measure does not carry the ownership rule (a UK
    travel ban), or the list has none.
    """
    if (listing.listing_date and listing.listing_date > as_of) or (listing.end_date and listing.end_date <= as_of):
        return ()
    if listing.list == "us-ofac-sdn":
        tags = {tag for program in listing.program for tag in _BETWEEN_TAGS.split(program.upper())}
        affiliates = not tags.isdisjoint(AFFILIATES_PROGRAMS)
        return (Seed("us-ofac"), Seed("us-bis")) if affiliates else (Seed("us-ofac"),)
    if listing.list == "us-ofac-ssi":
        numbers = sorted({number for text in (*listing.program, listing.measure) for number in _DIRECTIVE.findall(text)})
        return tuple(Seed("us-ofac-ssi", f"DIRECTIVE{number}") for number in numbers) or (Seed("us-ofac-ssi"),)
    if listing.list in _MEASURED and listing.measure and not _FREEZE.search(listing.measure):
        return (Seed(listing.list),)
    known = LISTS.get(listing.list)
    return tuple(Seed(code) for code in known.regimes) if known and known.regimes else (Seed(listing.list),)


def names_subsidiaries(listing: Listing) -> bool:
    """Whether the entry's own words reach the listed party's subsidiaries ("and its subsidiaries")."""
    return bool(_SUBSIDIARIES.search(listing.scope))


_STATUSES = {"in force": (True, False), "suspended": (False, True), "not in force": (False, False)}
_OVERRIDE = re.compile(r"^(?P<status>in force|suspended|not in force)(?:\s+from\s+(?P<start>\d{4}-\d\d-\d\d))?$")


def period(regime: Regime, as_of: date, overrides: Mapping[str, str] | None = None) -> Period | None:
    """The rule's text and status on that day; None before it has any.

    `overrides` maps a regime's code to the status that the user knows better: `in force`, `suspended` or `not in force`,
    with ` from YYYY-MM-DD` where it is so only from a day on. It moves no threshold. Raises InputError for another text,
    and for a regime that has no rule to override.
    """
    begun = [one for one in regime.periods if one.start <= as_of]
    found = begun[-1] if begun else None
    text = (overrides or {}).get(regime.code)
    if text is None:
        return found
    match = _OVERRIDE.match(text.strip().lower().replace("_", " "))
    if match is None:
        raise InputError(f"rule status of {regime.code}: {text!r} is none of {', '.join(_STATUSES)} [from YYYY-MM-DD]")
    if not regime.periods:
        raise InputError(f"rule status of {regime.code}: it has no ownership rule whose status could be set")
    if match["start"] and date.fromisoformat(match["start"]) > as_of:
        return found
    in_force, suspended = _STATUSES[match["status"]]
    status = f"{match['status']}, as the user says"
    return replace(found or regime.periods[0], status=status, in_force=in_force or suspended, suspended=suspended)


def check(codes: Mapping[str, str]) -> None:
    """Raises InputError where an override names a regime that is not in the table, or a status there is not."""
    for code in codes:
        if code not in REGIMES:
            raise InputError(f"no regime {code!r}: there are {', '.join(sorted(REGIMES))}")
        period(REGIMES[code], date.max, codes)
