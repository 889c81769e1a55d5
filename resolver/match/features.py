"""The parts of a score, in the order in which they are read aloud."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from resolver.match.align import Alignment, align
from resolver.match.prepared import NUMBER, WEIGHTS, Prepared, prepared, rare
from resolver.model import Entity, Feature, Lexicon, NameKind, Query, Schema
from resolver.names.tables import Phrase

WEAK_LIMIT = 0.65
GATE = 0.6
UNKNOWN_BRAND = 0.55


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
        return align(self.left, self.right, self.lexicon)

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
                worth = WEIGHTS[entry.level]
                if word in yours:
                    shared += worth
                else:
                    ours += worth
            theirs += sum(WEIGHTS[entry.level] for word, entry in yours.items() if word not in mine)
        for number in self.left.number | self.right.number:
            if number in self.left.number and number in self.right.number:
                shared += NUMBER
            elif number in self.left.number:
                ours += NUMBER
            else:
                theirs += NUMBER
        return Alignment(shared, ours, theirs, ()).likeness

    def score(self) -> float:
        """0..1, of four decimals."""
        total = sum(part.score for part in self.features())
        return round(min(1.0, max(0.0, total)), 4)

    def features(self) -> tuple[Feature, ...]:
        """The parts of the score; together they are the score, where it lies between 0 and 1."""
        found: list[Feature] = []
        for part in FEATURES:
            if feature := part(self):
                found.append(feature)
                if not feature.score and feature.name == "brand":
                    break
        total = sum(feature.score for feature in found)
        for limit in LIMITS:
            if (feature := limit(self, total)) is not None:
                found.append(feature)
                total += feature.score
        return tuple(found)

    def brand(self) -> str | None:
        """The rare brand that both names share, if they do."""
        if self.person or not self.alignment.exact:
            return None
        distinctive = [word for word in self.alignment.words if rare(word, self.lexicon)]
        return " ".join(distinctive) or None


def brand(pair: Pair) -> Feature:
    """The brand carries identity; of a brand of common words, and of a name without one, all words together do."""
    if pair.same:
        return Feature("name", 1.0, "the same words")
    alignment = pair.alignment
    if pair.person:
        return _person(pair)
    if not alignment.shared:
        if pair.left.brand or pair.right.brand:
            both = bool(pair.left.brand) and bool(pair.right.brand)
            across = both and pair.left.han is not pair.right.han
            value = UNKNOWN_BRAND * pair.whole if across else 0.0
            what = f"{_words(pair.left.brand)} / {_words(pair.right.brand)}"
            if across:
                return Feature("name", round(_agreement(pair) * UNKNOWN_BRAND, 4), f"no distinctive word in common: {what}")
            return Feature("brand", round(value, 4), f"no distinctive word in common: {what}")
        return Feature("name", round(pair.whole, 4), "no brand on either side: all words together")
    sure = min(1.0, alignment.shared) ** 2
    value = sure * alignment.likeness + (1 - sure) * min(pair.whole, alignment.likeness)
    return Feature("brand", round(value, 4), f"{_words(alignment.words)}: {alignment.how}")


def _agreement(pair: Pair) -> float:
    """Likeness of places and trades alone, where the brands are in two scripts and cannot be compared."""
    shared, ours, theirs = 0.0, 0.5, 0.5
    for mine, yours in ((pair.left.place, pair.right.place), (pair.left.trade, pair.right.trade)):
        shared += sum(WEIGHTS[entry.level] for word, entry in mine.items() if word in yours)
        ours += sum(WEIGHTS[entry.level] for word, entry in mine.items() if word not in yours)
        theirs += sum(WEIGHTS[entry.level] for word, entry in yours.items() if word not in mine)
    return Alignment(shared, ours, theirs, ()).likeness


def _person(pair: Pair) -> Feature:
    """A person's names stand in any order: the words that both have, against those of either."""
    mine, yours = list(pair.left.ordered), list(pair.right.ordered)
    same = [word for word in mine if word in yours]
    ours = [word for word in mine if word not in same]
    theirs = [word for word in yours if word not in same]
    shared, left, right = (float(sum(0.3 if len(word) == 1 else 1.0 for word in part)) for part in (same, ours, theirs))
    alignment = Alignment(shared, left, right, ())
    return Feature("person", round(alignment.likeness, 4), f"words of both names: {_words(same)}")


def place(pair: Pair) -> Feature | None:
    """Two places of one rank contradict; a place that one side leaves out says little, a country says subsidiary."""
    mine, yours = pair.left.place, pair.right.place
    if pair.same or pair.person or (not mine and not yours):
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
    known = _countries(pair)
    cost = max((_omission(entry, known) for entry in left_out), default=0.0)
    if len(mine) and len(yours):
        cost /= 2
    return Feature("place", -cost, f"place on one side only: {named}") if cost else None


def _contradict(one: Phrase, other: Phrase) -> bool:
    if one.country != other.country and "xx" not in (one.country, other.country):
        return True
    return one.level == other.level or (
        one.country == other.country == "cn" and {one.level, other.level} == {"area", "city"}
    )


def _omission(entry: Phrase, known: frozenset[str]) -> float:
    if entry.country in ("cn", "hk", "tw", "mo") or entry.country in known:
        return 0.06 if entry.level == "country" else 0.03
    return 0.32 if entry.level == "country" else 0.15


def _countries(pair: Pair) -> frozenset[str]:
    countries = [*(pair.query.countries if pair.query else ()), *(pair.entity.countries if pair.entity else ())]
    return frozenset(countries)


def trade(pair: Pair) -> Feature | None:
    """Two trades with nothing in common contradict; a trade that one side leaves out says little."""
    if pair.same or pair.person:
        return None
    mine, yours = pair.left.trade, pair.right.trade
    shared = sum(WEIGHTS[entry.level] for word, entry in mine.items() if word in yours)
    ours = [entry for word, entry in mine.items() if word not in yours]
    theirs = [entry for word, entry in yours.items() if word not in mine]
    left, right = (sum(WEIGHTS[entry.level] for entry in part) for part in (ours, theirs))
    if not left and not right:
        return None
    against = min(left, right) * (0.4 if shared else 1.0)
    cost = min(0.34, against) + 0.2 * min(0.6, max(left, right) - min(left, right))
    return Feature("trade", -round(cost, 4), f"trade: {_senses(ours) or '-'} / {_senses(theirs) or '-'}")


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
    mine, yours = frozenset(pair.left.branch), frozenset(pair.right.branch)
    if mine == yours or pair.person:
        return None
    named = f"{_words(pair.left.branch) or '-'} / {_words(pair.right.branch) or '-'}"
    if mine and yours:
        return Feature("branch", -0.08 if mine & yours - {"branch"} else -0.4, f"different branches: {named}")
    return Feature("branch", -0.25, f"branch on one side only: {named}")


def form(pair: Pair) -> Feature | None:
    """Legal forms of different families, where both names state theirs."""
    mine, yours = pair.left.families, pair.right.families
    if not mine or not yours or mine & yours:
        return None
    if {*mine, *yours} <= {"limited", "company", "corporation", "stock"}:
        return Feature("form", -0.01, f"legal form: {_words(pair.left.anatomy.form)} / {_words(pair.right.anatomy.form)}")
    return Feature("form", -0.08, f"legal form: {_words(pair.left.anatomy.form)} / {_words(pair.right.anatomy.form)}")


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
    if pair.entity.schema in (Schema.PERSON, Schema.VESSEL, Schema.AIRPLANE):
        return Feature("kind", -0.3, f"a company's name against a {pair.entity.schema.value.lower()}'s")
    return None


FEATURES: tuple[Callable[[Pair], Feature | None], ...] = (brand, place, trade, number, branch, form, country, kind)
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
    if pair.alignment.shared >= 0.5 or (not pair.left.brand and not pair.right.brand):
        return None
    return Feature("gate", round(GATE - total, 4), "no distinctive word in common")


LIMITS: tuple[Callable[[Pair, float], Feature | None], ...] = (gate, weak_alias)
"""What a score may not pass."""


def _words(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _senses(entries: Iterable[Phrase]) -> str:
    return ", ".join(entry.sense for entry in entries)
