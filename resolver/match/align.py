"""Which words of two brands are the same: exactly, joined or parted, mistyped, in another script, or shortened."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA, LCSseq
from rapidfuzz.fuzz import ratio

from resolver.match.prepared import Prepared, packaged, rare, weight
from resolver.model import Lexicon
from resolver.names import pinyin
from resolver.names.tables import meanings, words


@dataclass(frozen=True, slots=True)
class Alignment:
    """What two brands share and what is left over, in weight; `words` are the shared ones as the left name writes them.

    `likeness` 0..1: 1 where nothing is left over and nothing is mistyped. `how` says what made them alike; `exact` that it
    was no guess.
    """

    shared: float
    left: float
    right: float
    words: tuple[str, ...]
    how: str = ""
    exact: bool = False

    @property
    def likeness(self) -> float:
        """Words that stand on both sides against words that contradict one another, and words one side leaves out."""
        if not self.shared:
            return 0.0
        against = min(self.left, self.right)
        return self.shared / (self.shared + 1.6 * against + 0.8 * (max(self.left, self.right) - against))


NOTHING = Alignment(0.0, 0.0, 0.0, ())


def align(left: Prepared, right: Prepared, lexicon: Lexicon) -> Alignment:
    """The alignment of two brands, in whatever scripts they are."""
    if left.han and right.han:
        return _chinese(left, right, lexicon)
    if left.han:
        return _across(right, left, lexicon)
    if right.han:
        return _across(left, right, lexicon)
    return _latin(left, right, lexicon)


def _latin(left: Prepared, right: Prepared, lexicon: Lexicon) -> Alignment:
    ours = [word for word in left.brand if word not in right.whole]
    theirs = [word for word in right.brand if word not in left.whole]
    same = [word for word in left.brand if word in right.whole]
    same += [word for word in right.brand if word in left.whole and word not in left.brand]
    shared = sum(weight(word, lexicon) for word in same)
    how = "the same" if same else ""
    exact = bool(same)
    lost = [0.0, 0.0]
    if ours or theirs:
        if joined := _joined(left, right, ours, theirs):
            taken, ours, theirs = joined
            shared += max(
                weight("".join(taken), lexicon) if len(taken) == 1 else 0.5, *(weight(word, lexicon) for word in taken)
            )
            same, how, exact = [*same, *taken], how or "the same, written together", True
        for word in list(ours):
            other, likeness = _nearest(word, theirs, right)
            if not likeness:
                continue
            ours.remove(word)
            if other in theirs:
                theirs.remove(other)
            worth = weight(word, lexicon)
            shared += worth * likeness
            lost[0] += worth * (1 - likeness)
            lost[1] += worth * (1 - likeness)
            how = f"{how}; {word} / {other}" if how else f"{word} / {other}"
            if not exact:
                same.append(word)
        for word in list(theirs):
            other, likeness = _nearest(word, [w for w in left.trade if w not in right.whole], left)
            if likeness:
                theirs.remove(word)
                shared += 0.3 * likeness
    ours_weight = lost[0] + sum(weight(word, lexicon) for word in ours)
    theirs_weight = lost[1] + sum(weight(word, lexicon) for word in theirs)
    if not shared and (acronym := _acronym(left, right)):
        return Alignment(0.6, 0.15, 0.15, (acronym,), "initials")
    return Alignment(shared, ours_weight, theirs_weight, tuple(same), how, exact)


def _joined(
    left: Prepared, right: Prepared, ours: list[str], theirs: list[str]
) -> tuple[list[str], list[str], list[str]] | None:
    """Words written together on one side (`sensetime`) and apart on the other (`sense time`, `sino pec`)."""
    for one, others, all_others in ((ours, theirs, right.ordered), (theirs, ours, left.ordered)):
        for word in one:
            for size in (2, 3):
                for place in range(len(all_others) - size + 1):
                    window = all_others[place : place + size]
                    if "".join(window) == word:
                        rest = [other for other in others if other not in window]
                        kept = [other for other in one if other != word]
                        return ([word], kept, rest) if one is ours else ([word], rest, kept)
    if len(ours) > 1 and len(theirs) > 1 and "".join(ours) == "".join(theirs):
        return ["".join(ours)], [], []
    return None


def _nearest(word: str, others: list[str], other: Prepared) -> tuple[str, float]:
    """The word that this one is a misspelling of, and how alike they are; 0 where there is none."""
    best, most = "", 0.0
    known = word in words()
    for candidate in (*others, *(entry for entry in other.trade if len(word) > 6)):
        likeness = spelled_alike(word, candidate)
        if known and likeness < UMLAUT and (candidate in words() or candidate in other.trade):
            continue
        if likeness > most:
            best, most = candidate, likeness
    return best, most


UMLAUT = 0.97
SWAPPED = 0.85


@lru_cache(maxsize=65536)
def spelled_alike(one: str, other: str) -> float:
    """How alike two words are, 0..1, or 0 for two words: one letter may differ from five letters on, two from ten on.

    German ä, ö, ü written as two letters are the same. Words of whole pinyin syllables (`hengda`, `hongda`) are two words
    however near: there one letter is another character, unless two letters only changed places.
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
    if distance == 1 and long - short == 1 and one.rstrip("s") == other.rstrip("s"):
        return 0.95
    if distance == 1 and short == long and sorted(one) == sorted(other):
        return SWAPPED
    if is_pinyin(one) and is_pinyin(other):
        return 0.45
    return 1 - distance / short


def _umlauts(word: str) -> str:
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


_INITIALS = "b|p|m|f|d|t|n|l|g|k|h|j|q|x|zh|ch|sh|r|z|c|s|y|w"
_PINYIN = re.compile(
    f"(?:(?:{_INITIALS})?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ue|ui|uo|er|a|e|i|o|u|v))+"
)


@lru_cache(maxsize=65536)
def is_pinyin(word: str) -> bool:
    """Whether the word can be read as two or more syllables of pinyin."""
    return len(word) >= 4 and _PINYIN.fullmatch(word) is not None


def _acronym(left: Prepared, right: Prepared) -> str:
    for one, other in ((left, right), (right, left)):
        for word in one.brand:
            if 2 <= len(word) <= 6 and len(other.ordered) >= len(word) and len(word) >= min(3, len(other.ordered)):
                plain = other.initials
                if plain.startswith(word) and len(plain) - len(word) <= len(other.anatomy.form) + 1:
                    return word
    return ""


def _chinese(left: Prepared, right: Prepared, lexicon: Lexicon) -> Alignment:
    ours, theirs = "".join(left.brand), "".join(right.brand)
    if ours and ours == theirs:
        return Alignment(_chinese_weight(ours, lexicon), 0, 0, (ours,), "the same", True)
    mine, yours = left.anatomy, right.anatomy
    full_left = "".join((*mine.place, *mine.brand, *mine.trade))
    full_right = "".join((*yours.place, *yours.brand, *yours.trade))
    if not ours and not theirs:
        return NOTHING
    short, long = (ours, theirs) if len(ours) <= len(theirs) else (theirs, ours)
    if len(short) >= 2 and short in long:
        extra = 0.25 * (len(long) - len(short))
        side = (0.0, extra) if short == ours else (extra, 0.0)
        return Alignment(_chinese_weight(short, lexicon), *side, (short,), "one within the other", True)
    return _shortened(full_left, full_right, ours, theirs, lexicon)


def _chinese_weight(brand: str, lexicon: Lexicon) -> float:
    return COMMON_HAN if len(brand) == 1 else 1.0 if rare(brand, lexicon) else 0.8


COMMON_HAN = 0.4


def _shortened(full_left: str, full_right: str, ours: str, theirs: str, lexicon: Lexicon) -> Alignment:
    """A short name whose characters all stand in the long one, in order (上实发展: 上海实业发展)."""
    short, long = sorted((full_left, full_right), key=len)
    common = LCSseq.similarity(short, long)
    if len(short) >= 3 and common == len(short) and short[0] == long[0]:
        return Alignment(0.8, 0.1, 0.15, (short,), "shortened")
    brand = min(ours, theirs, key=len) or max(ours, theirs, key=len)
    if brand and len(brand) >= 2 and brand in (full_right if brand == ours else full_left):
        return Alignment(0.7, 0.1, 0.15, (brand,), "one within the other")
    if not ours or not theirs:
        return Alignment(0.0, float(bool(ours)), float(bool(theirs)), ())
    alike = LCSseq.similarity(ours, theirs)
    part = alike / max(len(ours), len(theirs))
    if max(len(ours), len(theirs)) < 3 or part < 0.6:
        sounds = 0.35 if pinyin(ours) == pinyin(theirs) else 0.2 * part
        return Alignment(sounds, 1 - sounds, 1 - sounds, (), "alike")
    return Alignment(part * 0.8, 1 - part * 0.8, 1 - part * 0.8, (ours,), f"{ours} / {theirs}")


def _across(latin: Prepared, han: Prepared, lexicon: Lexicon) -> Alignment:
    """A brand in the Latin alphabet and one in Chinese: the same by its sound, its meaning, or the records held."""
    brand = "".join(word for word in han.brand)
    sounds = "".join(latin.brand)
    if not brand or not sounds:
        return _across_no_brand(latin, han)
    spoken = " ".join(latin.brand)
    known = {*lexicon.bridges(brand), *packaged().bridges(brand)}
    if spoken in known or sounds in known or brand in lexicon.bridges(spoken):
        return Alignment(1.0, 0.0, 0.0, (sounds,), f"{spoken} is known as {brand}", True)
    likeness = max(_covered(latin, brand), _sounded(sounds, han.sound))
    if likeness < 0.6:
        return Alignment(0.0, 1.0, 1.0, ())
    return Alignment(likeness, 1 - likeness, 1 - likeness, (sounds,), f"{spoken} / {brand} ({han.sound})")


def _across_no_brand(latin: Prepared, han: Prepared) -> Alignment:
    if not latin.brand and not han.brand:
        return NOTHING
    return Alignment(0.0, float(bool(latin.brand)), float(bool(han.brand)), ())


@lru_cache(maxsize=16384)
def _sounded(sounds: str, spoken: str) -> float:
    """How alike the Latin brand is to the pinyin of the Chinese one."""
    plain, other = spoken.replace("v", "u"), sounds.replace("lv", "lu").replace("nv", "nu")
    if plain == other:
        return 1.0
    alike = ratio(plain, other) / 100
    if is_pinyin(other) and is_pinyin(plain):
        return alike * 0.75
    skeleton = ratio(_skeleton(plain), _skeleton(other)) / 100
    return max(alike, 0.45 * alike + 0.5 * skeleton) if plain[:1] == other[:1] else alike * 0.9


_SOUNDS = str.maketrans(
    {"q": "c", "k": "c", "x": "s", "z": "s", "j": "c", "g": "c", "b": "p", "d": "t", "v": "f", "w": "f", "y": "i"}
)


def _skeleton(word: str) -> str:
    return re.sub(
        "[aeiou]+", "", word.replace("ch", "c").replace("sh", "s").replace("zh", "s").replace("ng", "n").translate(_SOUNDS)
    )


def _covered(latin: Prepared, brand: str) -> float:
    """The part of both brands that is met piece by piece, by sound or by meaning."""
    left = "".join(latin.brand)
    total = len(left)
    met = 0
    place = 0
    while place < len(brand):
        for size in (4, 3, 2, 1):
            piece = brand[place : place + size]
            if len(piece) < size:
                continue
            names = (*meanings().get(piece, ()), pinyin(piece))
            found = next((name.replace(" ", "") for name in names if len(name) > 1 and name.replace(" ", "") in left), "")
            if found:
                left = left.replace(found, " ", 1)
                met += size
                break
        place += size if found else 1
    letters = 1 - len(left.replace(" ", "")) / total
    characters = met / len(brand)
    return 2 * letters * characters / (letters + characters) if letters + characters else 0.0
