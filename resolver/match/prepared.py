"""A name made ready for many comparisons: its parts as sets of senses, and what each of its words weighs."""

from __future__ import annotations

from functools import cache, lru_cache

from resolver.model import Lexicon
from resolver.names import Anatomy, parse, pinyin, sense
from resolver.names.tables import Phrase, forms, meanings, phrases, words

RARE_SHARE = 2000
"""A word is a rare brand if at most one name in so many holds it; three names are always few."""

WEIGHTS = {
    "country": 0.4,
    "region": 0.4,
    "city": 0.4,
    "area": 0.3,
    "generic": 0.12,
    "trade": 0.3,
    "body": 0.3,
    "branch": 0.2,
}
"""What a word of a place's or trade word's level weighs in a name that has no brand."""

COMMON = 0.3
SHORT = 0.5
NUMBER = 0.6


class Prepared:
    """A name's parts for comparison.

    `place` and `trade` lead from a sense to its table entry; `whole` holds every sense and brand word; `plain` is the
    brand less the name's own initials; `core` the text less its form and branch, without spaces if it is Chinese.
    """

    __slots__ = (
        "anatomy", "branch", "brand", "core", "families", "han", "initials", "number", "own_initials", "place", "plain",
        "sound", "trade", "whole", "words",
    )  # fmt: skip

    def __init__(self, anatomy: Anatomy) -> None:
        self.anatomy = anatomy
        self.han = anatomy.han and (not anatomy.brand or any(not word.isascii() for word in anatomy.brand))
        self.words = tuple(anatomy.text.split())
        self.initials = _initials(self.words)
        self.brand = tuple(dict.fromkeys(anatomy.brand))
        self.own_initials = self._own_initials()
        self.plain = tuple(word for word in self.brand if word not in self.own_initials)
        self.sound = pinyin("".join(self.plain))
        self.place = {entry.sense: entry for entry in map(_entry, anatomy.place)}
        self.trade = {entry.sense: entry for entry in map(_entry, anatomy.trade)}
        self.number = frozenset(anatomy.number)
        self.branch = frozenset(map(sense, anatomy.branch))
        self.families = frozenset(forms()[word].level for word in anatomy.form if word in forms())
        self.whole = frozenset((*self.place, *self.trade, *self.brand, *self.number, *self.branch))
        self.core = _core(anatomy)

    def _own_initials(self) -> frozenset[str]:
        """`(CETC)` behind the words it is short for adds nothing to them."""
        if self.han or len(self.words) < 4:
            return frozenset()
        return frozenset(w for w in self.brand if 2 < len(w) < 7 and w != self.words[0] and self._spells(w))

    def _spells(self, word: str) -> bool:
        rest = _initials(tuple(other for other in self.words if other != word))
        return rest.startswith(word)


def _initials(words: tuple[str, ...]) -> str:
    return "".join(word[0] for word in words if word not in ("and", "of", "the", "for"))


def _core(anatomy: Anatomy) -> str:
    forms_out = {word for form in anatomy.form for word in form.split()}
    if not anatomy.han:
        return " ".join(word for word in anatomy.text.split() if word not in forms_out)
    core = anatomy.text.replace(" ", "")
    for form in anatomy.form:
        core = core.replace(form, "", 1)
    if anatomy.branch and (place := core.rfind(anatomy.branch[0])) > 0:
        core = core[:place]
    return core


def _entry(word: str) -> Phrase:
    return phrases().get(word) or Phrase("trade", word, "trade")


@lru_cache(maxsize=16384)
def prepared(text: str) -> Prepared:
    """The prepared form of a name as it is written; the last few thousand are remembered."""
    return Prepared(parse(text))


def rare(word: str, lexicon: Lexicon) -> bool:
    """Whether the word may be a brand that tells a family of companies: no dictionary word, and in few of the names held.

    A name that many hold as their whole brand (`huawei`) is a large family's, not a common word.
    """
    if len(word) < (2 if not word.isascii() else 3) or word in words() or word.isdigit():
        return False
    held = lexicon.frequencies(word)
    return held <= max(3, lexicon.names // RARE_SHARE) or 2 * lexicon.frequencies(f"={word}") > held


def weight(word: str, lexicon: Lexicon) -> float:
    """What a brand's word says of identity, 0..1: a rare word all, a common one little."""
    if word in words() or len(word) == 1:
        return COMMON
    if len(word) < 4 and word.isascii():
        return SHORT
    return 1.0 if rare(word, lexicon) else 0.6


@cache
def packaged() -> Lexicon:
    """The lexicon that comes with the program: it knows common words and well-known brands, and no names."""
    return Lexicon("packaged", 0, _no_frequency, _meanings)


def _no_frequency(word: str) -> int:
    return 0


def _meanings(brand: str) -> tuple[str, ...]:
    return meanings().get(brand, ())
