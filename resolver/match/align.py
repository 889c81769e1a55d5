"""Which words of two brands are the same: exactly, joined or parted, or mistyped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from resolver.match.prepared import SHORT, Prepared, weight
from resolver.model import Lexicon
from resolver.names.tables import words


@dataclass(frozen=True, slots=True)
class Alignment:
    """What two brands share and what is left over, in weight; `words` are the shared ones as the left name writes them.

    `how` says what made them alike; `exact` that it was no guess; `consumed` that places and trades went into it.
    """

    shared: float
    left: float
    right: float
    words: tuple[str, ...] = ()
    how: str = ""
    exact: bool = False
    consumed: bool = False

    @property
    def likeness(self) -> float:
        """0..1: words on both sides against words that contradict one another, and words that one side leaves out."""
        if not self.shared:
            return 0.0
        against = min(self.left, self.right)
        return self.shared / (self.shared + 1.6 * against + 0.8 * (max(self.left, self.right) - against))


NOTHING = Alignment(0.0, 0.0, 0.0)


def guess(likeness: float, word: str, how: str, *, exact: bool = False, consumed: bool = False) -> Alignment:
    """An alignment of a given likeness; of none it is two brands that contradict."""
    if likeness <= 0:
        return Alignment(0.0, 1.0, 1.0)
    lost = (1 - likeness) / (1.6 * likeness)
    return Alignment(1.0, lost, lost, (word,), how, exact, consumed)


def align(left: Prepared, right: Prepared, lexicon: Lexicon) -> Alignment:
    """The alignment of two brands in the Latin alphabet."""
    ours = [word for word in left.plain if word not in right.whole]
    theirs = [word for word in right.plain if word not in left.whole]
    same = [word for word in left.brand if word in right.whole]
    same += [word for word in right.brand if word in left.whole and word not in left.brand]
    shared = sum(weight(word, lexicon) for word in same)
    how, exact = ("the same" if same else ""), bool(same)
    lost = 0.0
    if (ours or theirs) and (joined := _joined(left, right, ours, theirs)):
        taken, ours, theirs = joined
        shared += max(SHORT, weight(taken, lexicon))
        same, how, exact = [*same, taken], how or "the same, written together", True
    for word in list(ours):
        other, likeness = _nearest(word, theirs, right)
        if not likeness:
            continue
        ours.remove(word)
        if other in theirs:
            theirs.remove(other)
        worth = weight(word, lexicon)
        shared, lost = shared + worth * likeness, lost + worth * (1 - likeness)
        how = f"{how}; {word} / {other}" if how else f"{word} / {other}"
        if not exact:
            same.append(word)
    theirs = [word for word in theirs if not _nearest(word, [], left)[1]]
    if not shared and (acronym := _acronym(left, right)):
        return Alignment(0.6, 0.35, 0.35, (acronym,), "initials")
    if not shared:
        return Alignment(0.0, float(bool(ours)), float(bool(theirs)))
    ours_left, theirs_left = (lost + sum(weight(word, lexicon) for word in part) for part in (ours, theirs))
    return Alignment(shared, ours_left, theirs_left, tuple(same), how, exact)


def _joined(left: Prepared, right: Prepared, ours: list[str], theirs: list[str]) -> tuple[str, list[str], list[str]] | None:
    """A word written together on one side (`sensetime`) and apart on the other (`sense time`), and what is left."""
    for one, others, window_words in ((ours, theirs, right.words), (theirs, ours, left.words)):
        for word in one:
            for place, begun in enumerate(window_words):
                if not word.startswith(begun) or word == begun:
                    continue
                for size in (2, 3):
                    window = window_words[place : place + size]
                    if "".join(window) == word:
                        kept = [other for other in one if other != word]
                        rest = [other for other in others if other not in window]
                        return (word, kept, rest) if one is ours else (word, rest, kept)
    if len(ours) > 1 and len(theirs) > 1 and "".join(ours) == "".join(theirs):
        return "".join(ours), [], []
    return None


def _nearest(word: str, others: list[str], other: Prepared) -> tuple[str, float]:
    """The word that this one is a misspelling of, and how alike they are; 0 where there is none."""
    best, most = "", 0.0
    known = word in words()
    trades = other.trade if len(word) > 6 else ()
    for candidate in (*others, *trades):
        likeness = spelled_alike(word, candidate)
        if likeness < UMLAUT and (known or candidate in words()):
            continue
        if likeness > most:
            best, most = candidate, likeness
    return best, most


UMLAUT = 0.97
DOUBLED = 0.93
SWAPPED = 0.85


@lru_cache(maxsize=65536)
def spelled_alike(one: str, other: str) -> float:
    """How alike two words are, 0..1, or 0 for two words: one letter may differ from five letters on, two from ten on.

    German ä, ö, ü written as two letters are the same, and a doubled letter is nearly so. Words of whole pinyin syllables
    (`hengda`, `hongda`) are two words however near, for there one letter is another character; two letters that changed
    places are a slip.
    """
    short, long = sorted((len(one), len(other)))
    if one[0] != other[0] and short < 7:
        return 0.0
    if _umlauts(one) == _umlauts(other):
        return UMLAUT
    if short < 5 or long - short > 2 or one.isdigit() or other.isdigit():
        return 0.0
    distance = OSA.distance(one, other, score_cutoff=2)
    if distance > (1 if short < 10 else 2):
        return 0.0
    if _DOUBLED.sub(r"\1", one.rstrip("s")) == _DOUBLED.sub(r"\1", other.rstrip("s")):
        return DOUBLED
    if distance == 1 and short == long and sorted(one) == sorted(other):
        return SWAPPED
    if is_pinyin(one) and is_pinyin(other):
        return 0.45
    return 1 - 1.3 * distance / short


_DOUBLED = re.compile(r"(.)\1+")


def _umlauts(word: str) -> str:
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


_PINYIN = re.compile(
    "(?:(?:b|p|m|f|d|t|n|l|g|k|h|j|q|x|zh|ch|sh|r|z|c|s|y|w)?"
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ue|ui|uo|er|a|e|i|o|u|v))+"
)


@lru_cache(maxsize=65536)
def is_pinyin(word: str) -> bool:
    """Whether the word can be read as syllables of pinyin."""
    return len(word) >= 4 and _PINYIN.fullmatch(word) is not None


def _acronym(left: Prepared, right: Prepared) -> str:
    """The word of one name that is the initials of the other (IBM, GE)."""
    for one, other in ((left, right), (right, left)):
        for word in one.brand:
            if 2 <= len(word) <= 6 and len(one.brand) == 1 and len(other.words) >= len(word):
                rest = other.initials[len(word) :]
                if other.initials.startswith(word) and len(rest) <= sum(form.count(" ") + 1 for form in other.anatomy.form):
                    return word
    return ""
