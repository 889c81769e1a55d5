"""The words of the project: parties, listings, interests, links, matches, regimes and findings.

Field names are the field's own: parties and listings are FollowTheMoney's, interests the Beneficial Ownership Data
Standard's (0.4), decisions nomenklatura's. Everything is frozen; a stage takes these values and returns new ones.

Ids are strings that begin with their dataset's prefix and a hyphen, made of the publisher's own stable fields, raw.
Countries are ISO 3166-1 alpha-2 codes in lower case. Partial dates are ISO 8601 prefixes (`1962`, `1962-05`), as in
FollowTheMoney; a `datetime.date` is a whole day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction

from resolver.identifiers import Identifier
from resolver.share import Share


class Schema(Enum):
    """What kind of party it is; LEGAL_ENTITY says that the source does not tell."""

    COMPANY = "Company"
    ORGANIZATION = "Organization"
    PUBLIC_BODY = "PublicBody"
    PERSON = "Person"
    VESSEL = "Vessel"
    AIRPLANE = "Airplane"
    ADDRESS = "Address"
    LEGAL_ENTITY = "LegalEntity"


class NameKind(Enum):
    """What a name is to its party. WEAK is the publisher's own word for an alias too common to decide anything alone."""

    PRIMARY = "primary"
    ALIAS = "alias"
    WEAK = "weak"
    FORMER = "former"
    TRADING = "trading"
    TRANSLITERATED = "transliterated"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as its source writes it."""

    text: str
    kind: NameKind = NameKind.PRIMARY
    lang: str | None = None
    script: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A party. `jurisdiction` is where it is organised, `countries` every country its source ties it to."""

    id: str
    schema: Schema
    names: tuple[Name, ...]
    countries: tuple[str, ...] = ()
    jurisdiction: str | None = None
    addresses: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    incorporation_date: str | None = None
    dissolution_date: str | None = None
    birth_date: str | None = None
    topics: tuple[str, ...] = ()

    @property
    def caption(self) -> str:
        """The name to show: the first primary one, else the first."""
        for name in self.names:
            if name.kind is NameKind.PRIMARY:
                return name.text
        return self.names[0].text if self.names else self.id


@dataclass(frozen=True, slots=True)
class Listing:
    """One entry of a public list. `list` is its code (`us-bis-el`), `measure` empty the list's ordinary one, `scope` the
    entry's own words on whom else it reaches ("and its subsidiaries")."""

    id: str
    entity: str
    list: str
    authority: str
    program: tuple[str, ...] = ()
    measure: str = ""
    scope: str = ""
    listing_date: date | None = None
    end_date: date | None = None
    reason: str = ""
    licence_requirement: str = ""
    licence_policy: str = ""
    citation: str = ""
    source_url: str = ""


INTEREST_TYPES = frozenset(
    (
        "shareholding", "votingRights", "appointmentOfBoard", "otherInfluenceOrControl", "seniorManagingOfficial", "settlor",
        "trustee", "protector", "beneficiaryOfLegalArrangement", "rightsToSurplusAssetsOnDissolution",
        "rightsToProfitOrIncome", "rightsGrantedByContract", "conditionalRightsGrantedByContract",
        "controlViaCompanyRulesOrArticles", "controlByLegalFramework", "boardMember", "boardChair", "unknownInterest",
        "unpublishedInterest", "enjoymentAndUseOfAssets", "rightToProfitOrIncomeFromAssets", "nominee", "nominator",
        "consolidation",
    )
)  # fmt: skip
"""BODS 0.4 `interestType.csv`, and `consolidation`: accounting consolidation, which states no share (GLEIF)."""

DIRECT_OR_INDIRECT = frozenset(("direct", "indirect", "unknown"))


@dataclass(frozen=True, slots=True)
class Interest:
    """What one party holds in another. `share` None: no source states its size. `joint`: one id for the rows of a joint
    arrangement. A start counts from its day on, an end from its day no more (`regimes`, reading 10)."""

    id: str
    subject: str
    interested_party: str
    type: str = "shareholding"
    direct_or_indirect: str = "unknown"
    share: Share | None = None
    start_date: date | None = None
    end_date: date | None = None
    joint: str | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if self.type not in INTEREST_TYPES:
            raise ValueError(f"unknown interest type {self.type!r}")
        if self.direct_or_indirect not in DIRECT_OR_INDIRECT:
            raise ValueError(f"unknown direct_or_indirect {self.direct_or_indirect!r}")


LINK_KINDS = frozenset(
    ("directorship", "succession", "branch", "same_address", "provides_compute_to", "supplies", "linked_to", "affiliate")
)


@dataclass(frozen=True, slots=True)
class Link:
    """A tie that is not ownership. It reads `subject kind object`: the lessor provides_compute_to its customer, the
    branch is a branch of its head office, the successor's predecessor is the object of a succession."""

    id: str
    kind: str
    subject: str
    object: str
    start_date: date | None = None
    end_date: date | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if self.kind not in LINK_KINDS:
            raise ValueError(f"unknown kind of link {self.kind!r}")


Statement = Entity | Listing | Interest | Link


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of a dataset: the shell patterns its name may have (lower case, zipped or not), and where it is fetched.

    `principal` files are the ones whose rows are the dataset's rows; the others are joined to them.
    """

    key: str
    patterns: tuple[str, ...]
    url: str | None = None
    principal: bool = True
    required: bool = True


@dataclass(frozen=True, slots=True)
class PublicList:
    """A list that a dataset carries: its code, the regimes it may seed, and its legal effect."""

    code: str
    regimes: tuple[str, ...]
    legal_effect: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a public list or registry is. `at_least` rows and the `canaries` (names that must be there) bind the publisher's
    own addresses; `layout_seen` is the day its layout was last confirmed on a real file."""

    name: str
    title: str
    publisher: str
    url: str
    resources: tuple[Resource, ...]
    licence: str
    prefix: str
    frequency: str
    country: str
    lists: tuple[PublicList, ...] = ()
    at_least: int = 0
    canaries: tuple[str, ...] = ()
    layout_seen: date | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """One part of a score: what was compared, what it adds or takes away, and why, in words."""

    name: str
    score: float
    detail: str


@dataclass(frozen=True, slots=True)
class Query:
    """A party that someone asks about. The first name is the one asked; the others are its aliases."""

    names: tuple[Name, ...]
    countries: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """How alike a query and a party are. `name` is the party's name that matched best, `brand` the rare brand both share
    where there is one, whatever the score."""

    query: str
    entity: str
    name: Name
    score: float
    features: tuple[Feature, ...] = ()
    brand: str | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """How often each word stands in the names held, and which brands are the same in two scripts.

    `frequencies` gives, for a folded word, in how many of `names` it stands; `bridges` a brand's known spellings.
    `hash` names this lexicon in every record that rests on it.
    """

    hash: str
    names: int
    frequencies: Callable[[str], int]
    bridges: Callable[[str], tuple[str, ...]]


class Judgement(Enum):
    """A person's decision on whether two records are one party."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNSURE = "unsure"
    NO_JUDGEMENT = "no_judgement"


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided that two records are, or are not, one party, on what evidence."""

    left: str
    right: str
    judgement: Judgement
    score: float | None
    user: str
    created_at: str
    reason: str
    evidence_hash: str


class Level(Enum):
    """How a finding is to be taken: act on it, review it, or know of it."""

    ACT = "act"
    REVIEW = "review"
    ALL = "all"


class Verdict(Enum):
    """Every verdict, most serious first: the order of the members is the order of seriousness."""

    NOT_SCREENED = "NOT_SCREENED"
    LISTED = "LISTED"
    OWNED = "OWNED"
    CONTROLLED = "CONTROLLED"
    POSSIBLY_OWNED = "POSSIBLY_OWNED"
    UNKNOWN_SHARE = "UNKNOWN_SHARE"
    HEADQUARTERS = "HEADQUARTERS"
    SUSPENDED = "SUSPENDED"
    LISTED_OWNER = "LISTED_OWNER"
    SERVES_LISTED = "SERVES_LISTED"
    PARENT_OF_LISTED = "PARENT_OF_LISTED"
    SISTER_OF_LISTED = "SISTER_OF_LISTED"
    MINORITY = "MINORITY"
    SHARED_ADDRESS = "SHARED_ADDRESS"
    NAME_FAMILY = "NAME_FAMILY"
    NO_OWNERSHIP_DATA = "NO_OWNERSHIP_DATA"
    NO_FINDING = "NO_FINDING"

    @property
    def level(self) -> Level:
        """How a finding with this verdict is to be taken."""
        return _LEVELS[self]

    @property
    def rank(self) -> int:
        """0 for the most serious."""
        return _RANKS[self]


_ACT = tuple(Verdict)[: tuple(Verdict).index(Verdict.HEADQUARTERS)]
_ALL = (Verdict.NO_OWNERSHIP_DATA, Verdict.NO_FINDING)
_LEVELS = {verdict: Level.ACT if verdict in _ACT else Level.ALL if verdict in _ALL else Level.REVIEW for verdict in Verdict}
_RANKS = {verdict: rank for rank, verdict in enumerate(Verdict)}


@dataclass(frozen=True, slots=True)
class Period:
    """A rule's text from a day on, until the next period's day. `status` is `in force`, `suspended` or `not yet`, and
    whatever of it stays unconfirmed (`re-imposed by its text, unconfirmed`). `aggregate` None: as the regime says."""

    start: date
    status: str
    threshold: Fraction
    strictly: bool
    suspended: bool = False
    in_force: bool = True
    aggregate: bool | None = None


@dataclass(frozen=True, slots=True)
class Regime:
    """One ownership rule as data . See `regimes` for the rows and what each field decides.

    `owned` is the verdict that its ownership test yields, `effect` what that means in words; `exempt` the jurisdictions
    whose companies it does not reach; `scoped`: only entries whose own words name subsidiaries carry it.
    """

    code: str
    title: str
    authority: str
    lists: tuple[str, ...]
    interests: frozenset[str]
    aggregate: bool
    cascade: bool
    control_limb: frozenset[str]
    periods: tuple[Period, ...]
    verified: str
    effect: str = ""
    owned: Verdict = Verdict.OWNED
    exempt: frozenset[str] = frozenset()
    scoped: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules say of one party under one regime, with its proof.

    `listed_parties` are entity ids; `path` reads like a sentence; `interests` and `listings` are the ids of the evidence
    that carries the finding, the smallest set; `arithmetic` is the sum as a person would write it.
    """

    subject: str
    regime: str
    verdict: Verdict
    share: Share | None
    listed_parties: tuple[str, ...]
    path: str
    authority: str
    as_of: date
    reason: str
    rule_status: str = ""
    threshold: str = ""
    arithmetic: str = ""
    interests: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    links: tuple[str, ...] = field(default=())


def merged(entities: Iterable[Entity]) -> Entity:
    """Several records of one party under one id as one: the first one's single facts, and every name, country, address
    and identifier once, in the order met."""
    records = list(entities)
    first = records[0]
    return Entity(
        id=first.id,
        schema=next((e.schema for e in records if e.schema is not Schema.LEGAL_ENTITY), first.schema),
        names=tuple(dict.fromkeys(name for e in records for name in e.names)),
        countries=tuple(dict.fromkeys(country for e in records for country in e.countries)),
        jurisdiction=next((e.jurisdiction for e in records if e.jurisdiction), None),
        addresses=tuple(dict.fromkeys(address for e in records for address in e.addresses)),
        identifiers=tuple(dict.fromkeys(identifier for e in records for identifier in e.identifiers)),
        incorporation_date=next((e.incorporation_date for e in records if e.incorporation_date), None),
        dissolution_date=next((e.dissolution_date for e in records if e.dissolution_date), None),
        birth_date=next((e.birth_date for e in records if e.birth_date), None),
        topics=tuple(dict.fromkeys(topic for e in records for topic in e.topics)),
    )
