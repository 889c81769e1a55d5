"""The parts of a score, in the order in which they are read aloud."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from rapidfuzz.distance import LCSseq
from rapidfuzz.fuzz import token_sort_ratio

from resolver.match.align import Alignment, align
from resolver.match.chinese import align_across, align_chinese
from resolver.match.prepared import NUMBER, SHORT, WEIGHTS, Prepared, prepared, rare
from resolver.model import Entity, Feature, Lexicon, NameKind, Query, Schema
from resolver.names.tables import Phrase

WEAK_LIMIT = 0.65
GATE = 0.6
UNKNOWN_BRAND = 0.6


class Pair:
    """Two names side by side, with what is known of their parties."""

    def __init__(
        self,
        left: Prepared,
        right: Prepared,
        lexicon: Lexicon,
        query: Query | None = None,
        entity: Entity | None = None,
        kind: NameKind = NameKind.PRIMARY,
    ) -> None:
        self.left, self.right, self.lexicon = left, right, lexicon
        self.query, self.entity, self.kind = query, entity, kind

    @classmethod
    def of(
        cls,
        left: str,
        right: str,
        lexicon: Lexicon,
        query: Query | None = None,
        entity: Entity | None = None,
        kind: NameKind = NameKind.PRIMARY,
    ) -> Pair:
        """The pair of two names as they are written."""
        return cls(prepared(left), prepared(right), lexicon, query, entity, kind)

    @cached_property
    def alignment(self) -> Alignment:
        """What the brands share."""
        left, right = self.left, self.right
        if left.han and right.han:
            return align_chinese(left, right, self.lexicon)
        if left.han or right.han:
            return align_across(right, left, self.lexicon) if left.han else align_across(left, right, self.lexicon)
        return align(left, right, self.lexicon)

    @cached_property
    def same(self) -> bool:
        """Whether the names have the same words, forms aside."""
        return bool(self.left.whole) and self.left.whole == self.right.whole

    @cached_property
    def person(self) -> bool:
        """Whether the party is a person: its names are then compared word for word."""
        return self.entity is not None and self.entity.schema is Schema.PERSON

    @cached_property
    def whole(self) -> float:
        """Likeness of all words together, each by its weight: for names without a brand, or whose brand is common words."""
        shared, ours, theirs = self.alignment.shared, self.alignment.left, self.alignment.right
        for mine, yours in ((self.left.place, self.right.place), (self.left.trade, self.right.trade)):
            for word, entry in mine.items():
                worth = _worth(entry)
                if word in yours:
                    shared += worth
                else:
                    ours += worth
            theirs += sum(_worth(entry) for word, entry in yours.items() if word not in mine)
        for number in self.left.number | self.right.number:
            if number in self.left.number and number in self.right.number:
                shared += NUMBER
            elif number in self.left.number:
                ours += NUMBER
            else:
                theirs += NUMBER
        if not self.left.plain and not self.right.plain:
            small = min(ours, theirs)
            return shared / (shared + 1.6 * small + 1.2 * (max(ours, theirs) - small)) if shared else 0.0
        return Alignment(shared, ours, theirs).likeness

    def score(self) -> float:
        """0..1, of four decimals."""
        total = sum(part.score for part in self.features())
        return round(min(1.0, max(0.0, total)), 4)

    def features(self) -> tuple[Feature, ...]:
        """The parts of the score; together they are the score, where it lies between 0 and 1."""
        found = [brand(self)]
        if found[0].score and not self.strangers:
            found += [feature for part in FEATURES[1:] if (feature := part(self))]
        total = sum(feature.score for feature in found)
        for limit in LIMITS:
            if (feature := limit(self, total)) is not None:
                found.append(feature)
                total += feature.score
        return tuple(found)

    @cached_property
    def strangers(self) -> bool:
        """Whether the brands stand in two scripts and have nothing in common that anyone could know."""
        across = self.left.han is not self.right.han and bool(self.left.plain or self.right.plain)
        return across and not self.alignment.shared and not self.same

    def brand(self) -> str | None:
        """The rare brand that both names share, if they do."""
        if self.person or not self.alignment.exact:
            return None
        distinctive = [word for word in self.alignment.words if rare(word, self.lexicon)]
        return " ".join(distinctive) or None


def _worth(entry: Phrase) -> float:
    """What a place or trade word weighs among words alone; `China` weighs little, Chinese names have it or not."""
    return 0.2 if entry.sense == "china" or entry.level == "generic" else WEIGHTS[entry.level]


def brand(pair: Pair) -> Feature:
    """The brand carries identity; of a brand of common words, and of a name without one, all words together do."""
    if pair.person:
        return _person(pair)
    alignment = pair.alignment
    branded = bool(pair.left.plain or pair.right.plain)
    if pair.same and (pair.left.brand or pair.right.brand):
        return Feature("name", 1.0, "the same words")
    if not branded and not alignment.shared:
        return _without_brand(pair)
    if not alignment.shared:
        what = f"{_words(pair.left.brand) or '-'} / {_words(pair.right.brand) or '-'}"
        if pair.strangers:
            return Feature("name", round(UNKNOWN_BRAND * _agreement(pair), 4), f"brands that cannot be compared: {what}")
        return Feature("brand", 0.0, f"no distinctive word in common: {what}")
    sure = min(1.0, alignment.shared) ** 2
    likeness = alignment.likeness
    if pair.left.han is not pair.right.han and not alignment.exact:
        likeness += (1 - likeness) * 0.5 * _support(pair)
    value = sure * likeness + (1 - sure) * min(pair.whole, likeness)
    return Feature("brand", round(value, 4), f"{_words(alignment.words)}: {alignment.how}")


def _support(pair: Pair) -> float:
    """0..1: what places and trades in common add to brands that were compared by ear."""
    shared = 0.0
    for mine, yours in ((pair.left.place, pair.right.place), (pair.left.trade, pair.right.trade)):
        shared += sum(WEIGHTS[entry.level] for word, entry in mine.items() if word in yours)
    return min(1.0, shared)


def _without_brand(pair: Pair) -> Feature:
    """Names of places and trades alone: all words together, and in one script they must be the same words, not translations
    of one another (Oil and Natural Gas Corporation is not Gaz-Oil)."""
    value = 1.0 if pair.same else pair.whole
    if not pair.left.han and not pair.right.han and value:
        worded = token_sort_ratio(pair.left.core, pair.right.core) / 100
        value *= min(1.0, worded + 0.35) if min(len(pair.left.whole), len(pair.right.whole)) > 2 else worded
    return Feature("name", round(value, 4), "no brand on either side: all words together")


def _agreement(pair: Pair) -> float:
    """Likeness of places and trades alone, where the brands are in two scripts and cannot be compared."""
    shared, ours, theirs = 0.0, 0.3, 0.3
    for mine, yours in ((pair.left.place, pair.right.place), (pair.left.trade, pair.right.trade)):
        shared += sum(WEIGHTS[entry.level] for word, entry in mine.items() if word in yours)
        ours += sum(WEIGHTS[entry.level] for word, entry in mine.items() if word not in yours)
        theirs += sum(WEIGHTS[entry.level] for word, entry in yours.items() if word not in mine)
    return Alignment(shared, ours, theirs).likeness


def _person(pair: Pair) -> Feature:
    """A person's names stand in any order: the words that both have, against those of either."""
    mine, yours = list(pair.left.words), list(pair.right.words)
    same = [word for word in mine if word in yours]
    ours = [word for word in mine if word not in same]
    theirs = [word for word in yours if word not in same]
    shared, left, right = (float(sum(0.3 if len(word) == 1 else 1.0 for word in part)) for part in (same, ours, theirs))
    alignment = Alignment(shared, left, right)
    return Feature("person", round(alignment.likeness, 4), f"words of both names: {_words(same)}")


def place(pair: Pair) -> Feature | None:
    """Two places of one rank contradict; a place that one side leaves out says little, a country says subsidiary."""
    mine, yours = pair.left.place, pair.right.place
    shortened = pair.alignment.consumed and pair.left.han and pair.right.han
    if pair.same or pair.person or shortened or (not mine and not yours):
        return None
    ours = [entry for word, entry in mine.items() if word not in yours]
    theirs = [entry for word, entry in yours.items() if word not in mine]
    if not ours and not theirs:
        return None
    named = f"{_senses(ours) or '-'} / {_senses(theirs) or '-'}"
    if ours and theirs:
        against = any(_contradict(one, other) for one in ours for other in theirs)
        shared = len(ours) < len(mine) or len(theirs) < len(yours)
        if against:
            return Feature("place", -0.2 if shared else -0.36, f"different places: {named}")
        return Feature("place", -0.05, f"places of different rank: {named}")
    left_out = ours or theirs
    if not yours and (elsewhere := _full_name_elsewhere(pair, ours)):
        return Feature("place", -0.36, f"different places: {named.rpartition(' / ')[0]} / {elsewhere} in its full name")
    known = _countries(pair, of_query=not ours)
    cost = max((_omission(entry, known) for entry in left_out), default=0.0)
    if len(mine) and len(yours):
        cost /= 2
    return Feature("place", -cost, f"place on one side only: {named}") if cost else None


def _full_name_elsewhere(pair: Pair, ours: list[Phrase]) -> str:
    """The places of the party's own full name, where all of them contradict the query's: a bare brand among the aliases
    (`Sense Time` of Beijing SenseTime) does not make a company of another city the same."""
    primary = next((name for name in pair.entity.names if name.kind is NameKind.PRIMARY), None) if pair.entity else None
    theirs = list(prepared(primary.text).place.values()) if primary else []
    apart = bool(ours and theirs) and all(_contradict(one, other) for one in ours for other in theirs)
    return _senses(theirs) if apart else ""


def _contradict(one: Phrase, other: Phrase) -> bool:
    if one.country != other.country and "xx" not in (one.country, other.country):
        return True
    if one.level == other.level:
        return True
    for city, wider in ((one, other), (other, one)):
        if city.country == "cn" and city.level == "city" and wider.level == "region":
            return wider.sense not in city.near
    return {one.level, other.level} == {"city", "area"}


def _omission(entry: Phrase, known: frozenset[str]) -> float:
    if entry.country in ("cn", "hk", "tw", "mo") or entry.country in known:
        return 0.06 if entry.level == "country" else 0.03
    return 0.32 if entry.level == "country" else 0.15


def _countries(pair: Pair, of_query: bool) -> frozenset[str]:
    """The countries stated for the side whose name leaves a place out."""
    if pair.query is None or pair.entity is None:
        return frozenset()
    return frozenset(pair.query.countries if of_query else (*pair.entity.countries, pair.entity.jurisdiction or ""))


def trade(pair: Pair) -> Feature | None:
    """Two trades with nothing in common contradict, of one kin less; a trade that one side leaves out says little."""
    if pair.same or pair.person or pair.alignment.consumed or not (pair.left.plain or pair.right.plain):
        return None
    mine, yours = pair.left.trade, pair.right.trade
    ours = [entry for word, entry in mine.items() if word not in yours]
    theirs = [entry for word, entry in yours.items() if word not in mine]
    left, right = (sum(WEIGHTS[entry.level] for entry in part) for part in (ours, theirs))
    if not left and not right:
        return None
    against = min(left, right) * _opposed(pair, ours, theirs) if ours and theirs else 0.0
    bodies = any(entry.level == "body" for entry in ours + theirs)
    opposed = 0.1 if against and against >= min(left, right) else 0.0
    if _parent_and_member(pair, ours, theirs):
        opposed += 0.28
    cost = min(0.34, against + opposed) + (0.5 if bodies else 0.2) * min(0.6, abs(left - right))
    return Feature("trade", -round(cost, 4), f"trade: {_senses(ours) or '-'} / {_senses(theirs) or '-'}")


PARENTS = frozenset(("group", "holding"))


def _parent_and_member(pair: Pair, ours: list[Phrase], theirs: list[Phrase]) -> bool:
    """One name is a group's, the other has a trade or place of its own (SenseTime Group; Shenzhen SenseTime Technology)."""
    for own, other, place, other_place in (
        (ours, theirs, pair.left.place, pair.right.place),
        (theirs, ours, pair.right.place, pair.left.place),
    ):
        group = any(entry.sense in PARENTS for entry in own) and not any(entry.sense in PARENTS for entry in other)
        if group and other and (len(own) == 1 or set(other_place) - set(place)):
            return True
    return False


def _opposed(pair: Pair, ours: list[Phrase], theirs: list[Phrase]) -> float:
    """How much the trades that only one side has speak against the other's: 0 for one word shortened, 1 for two trades."""
    if pair.left.han and pair.right.han:
        short, long = sorted(("".join(one.anatomy.trade) for one in (pair.left, pair.right)), key=len)
        if LCSseq.similarity(short, long) == len(short):
            return 0.0
    if any(one.near & other.near and one.level == other.level for one in ours for other in theirs):
        return 0.35
    return 0.4 if len(ours) < len(pair.left.trade) else 1.0


def number(pair: Pair) -> Feature | None:
    """Numbers tell sisters apart (No. 54 and No. 55, II and none)."""
    mine, yours = pair.left.number, pair.right.number
    if mine == yours or pair.person:
        return None
    named = f"{_words(sorted(mine - yours)) or '-'} / {_words(sorted(yours - mine)) or '-'}"
    if mine and yours and (mine - yours) and (yours - mine):
        return Feature("number", -0.5, f"different numbers: {named}")
    small = any(len(one) < 3 for one in mine ^ yours)
    return Feature("number", -0.35 if small else -0.2, f"number on one side only: {named}")


def branch(pair: Pair) -> Feature | None:
    """A branch is its company, but not the branch next door."""
    mine, yours = pair.left.branch, pair.right.branch
    ours, theirs = pair.left.anatomy.branch, pair.right.anatomy.branch
    if pair.person or (mine == yours and ours[-1:] == theirs[-1:]):
        return None
    if {*pair.left.anatomy.place, *ours} == {*pair.right.anatomy.place, *theirs}:
        return None
    named = f"{_words(ours) or '-'} / {_words(theirs) or '-'}"
    if not mine or not yours:
        return Feature("branch", -0.25, f"branch on one side only: {named}")
    if mine == yours or ours[-1] != theirs[-1]:
        return Feature("branch", -0.3 if ours[-1:] != theirs[-1:] else -0.05, f"branches of different kind: {named}")
    short, long = sorted(("".join(ours[:-1]), "".join(theirs[:-1])), key=len)
    if short and LCSseq.similarity(short, long) == len(short):
        return Feature("branch", -0.05 if len(long) - len(short) < 2 else -0.12, f"branches: {named}")
    return Feature("branch", -0.4, f"different branches: {named}")


def form(pair: Pair) -> Feature | None:
    """Legal forms of different families, where both names state theirs."""
    mine, yours = pair.left.families, pair.right.families
    if not mine or not yours or mine & yours:
        return None
    if {*mine, *yours} <= {"limited", "company", "corporation", "stock"}:
        return Feature("form", -0.01, f"legal form: {_words(pair.left.anatomy.form)} / {_words(pair.right.anatomy.form)}")
    return Feature("form", -0.08, f"legal form: {_words(pair.left.anatomy.form)} / {_words(pair.right.anatomy.form)}")


def short(pair: Pair) -> Feature | None:
    """A brand of two or three letters is many companies' (TA, IAC): what else the names say must be the same."""
    alignment = pair.alignment
    if pair.same or pair.person or pair.left.han or pair.right.han or not alignment.shared or alignment.shared > SHORT:
        return None
    if any(len(word) > 3 for word in alignment.words):
        return None
    return Feature("short", -0.16, f"a short brand: {_words(alignment.words)}")


def country(pair: Pair) -> Feature | None:
    """The countries that the query and the party's source state."""
    if pair.query is None or pair.entity is None:
        return None
    mine = frozenset(pair.query.countries)
    yours = frozenset((*pair.entity.countries, *filter(None, (pair.entity.jurisdiction,))))
    if not mine or not yours:
        return None
    if mine & yours:
        return Feature("country", 0.03, f"the same country: {_words(sorted(mine & yours))}")
    return Feature("country", -0.08, f"different countries: {_words(sorted(mine))} / {_words(sorted(yours))}")


def kind(pair: Pair) -> Feature | None:
    """A company is no person and no ship."""
    if pair.entity is None or not (pair.left.families or pair.left.trade):
        return None
    if sorted(pair.left.words) == sorted(pair.right.words):
        return None
    if pair.entity.schema in (Schema.PERSON, Schema.VESSEL, Schema.AIRPLANE):
        return Feature("kind", -0.32, f"a company's name against a {pair.entity.schema.value.lower()}'s")
    return None


FEATURES: tuple[Callable[[Pair], Feature | None], ...] = (brand, place, trade, number, branch, short, form, country, kind)
"""What a score is made of."""


def weak_alias(pair: Pair, total: float) -> Feature | None:
    """OFAC's weak aliases are too common to decide alone (OFAC FAQ 122, 123)."""
    if pair.kind is not NameKind.WEAK or total <= WEAK_LIMIT:
        return None
    if pair.query and pair.entity and set(pair.query.countries) & {*pair.entity.countries, pair.entity.jurisdiction}:
        return None
    return Feature(
        "weak alias", round(WEAK_LIMIT - min(total, 1.0), 4) - max(0.0, total - 1.0), "a weak alias decides nothing alone"
    )


def gate(pair: Pair, total: float) -> Feature | None:
    """Without a distinctive word in common there is no match, unless every word is the same."""
    if pair.same or pair.person or total <= GATE:
        return None
    if pair.alignment.shared >= 0.5 or (not pair.left.plain and not pair.right.plain):
        return None
    if pair.alignment.likeness > 0.9 and pair.whole > 0.9:
        return None
    return Feature("gate", round(GATE - total, 4), "no distinctive word in common")


LIMITS: tuple[Callable[[Pair, float], Feature | None], ...] = (gate, weak_alias)
"""What a score may not pass."""


def _words(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _senses(entries: Iterable[Phrase]) -> str:
    return ", ".join(entry.sense for entry in entries)
