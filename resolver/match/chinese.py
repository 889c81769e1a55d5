"""Chinese brands: against one another, and against Latin ones by sound, by meaning and by what the records say."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import LCSseq
from rapidfuzz.fuzz import ratio

from resolver.match.align import NOTHING, Alignment, guess, is_pinyin
from resolver.match.prepared import Prepared, packaged, rare
from resolver.model import Lexicon
from resolver.names import pinyin
from resolver.names.tables import abbreviations, meanings


def align_chinese(left: Prepared, right: Prepared, lexicon: Lexicon) -> Alignment:
    """The alignment of two brands, both in Chinese."""
    ours, theirs = "".join(left.brand), "".join(right.brand)
    if ours and ours == theirs:
        worth = 0.4 if len(ours) == 1 else 1.0 if rare(ours, lexicon) or not lexicon.names else 0.8
        return Alignment(worth, 0, 0, (ours,), "the same", True)
    if not ours and not theirs:
        return NOTHING
    short, long = (ours, theirs) if (len(ours), ours) <= (len(theirs), theirs) else (theirs, ours)
    if len(short) >= 2 and short in long:
        return guess(_within(short, long, left, right), short, "one within the other", exact=True)
    if likeness := _shortened(left, right):
        return guess(likeness, min(left.core, right.core, key=len), "shortened", consumed=True)
    if not ours or not theirs:
        return Alignment(0.0, float(bool(ours)), float(bool(theirs)))
    return guess(_alike(ours, theirs), ours, f"{ours} / {theirs}")


def _within(short: str, long: str, left: Prepared, right: Prepared) -> float:
    """One more character is another brand (万邦, 万邦德); several are more often a trade unknown to the tables."""
    if len(long) - len(short) == 1:
        return 0.6 if len(short) == 2 else 0.7
    if long.startswith(short):
        if len(short) > 2:
            return 0.88
        return 0.58 if left.trade and right.trade else 0.71
    return 0.76 if len(short) > 2 else 0.55


def _shortened(left: Prepared, right: Prepared) -> float:
    """A short name whose characters all stand in the long one, in order (上实发展: 上海实业发展), the brand's among them."""
    short, long = sorted((left, right), key=lambda one: (len(one.core), one.core))
    text = short.core
    if text[:1] in abbreviations("place") and text[:1] not in long.core:
        text = abbreviations("place")[text[0]][:1] + text[1:]
    if len(text) < 2 or len(text) > 8 or LCSseq.similarity(text, long.core) < len(text):
        return 0.0
    brand = "".join(long.brand)
    met = LCSseq.similarity(brand, text) / len(brand) if brand else 1.0
    if brand and brand[0] not in text:
        met = min(met, 0.2)
    return 0.35 + 0.55 * met - (0.15 if len(text) < 3 else 0.0)


def _alike(ours: str, theirs: str) -> float:
    """Brands of which some characters are the same; of two characters both must be."""
    longest = max(len(ours), len(theirs))
    part = LCSseq.similarity(ours, theirs) / longest
    if pinyin(ours) == pinyin(theirs):
        return 0.55 if longest < 3 else 0.75
    if longest < 3 or part < 0.5:
        return 0.2 * part
    return 0.75 * part


def align_across(latin: Prepared, han: Prepared, lexicon: Lexicon) -> Alignment:
    """The alignment of a brand in the Latin alphabet with one in Chinese.

    What neither side's places and trades explain is compared: a brand may sound like a place (三和, Sanhe) or a trade.
    """
    brand, spoken = "".join(han.plain), " ".join(latin.plain)
    sounds = spoken.replace(" ", "")
    if brand and sounds:
        known = {*lexicon.bridges(brand), *packaged().bridges(brand)}
        if spoken in known or sounds in known or brand in lexicon.bridges(spoken):
            return Alignment(1.0, 0.0, 0.0, (sounds,), f"{spoken} is known as {brand}", True)
    if called := _called(latin, han):
        return guess(0.95, called, f"{called} is known as {' '.join(latin.brand)}", exact=True, consumed=True)
    likeness = _translated(latin.plain, brand, han.sound) if brand and sounds else 0.0
    words = (*latin.plain, *_unshared(latin, han, places=not latin.plain))
    characters = "".join((*han.plain, *_unshared(han, latin)))
    consumed = False
    if likeness < 0.8 and words and characters and (words, characters) != (latin.plain, brand):
        more = 0.97 * _translated(words, characters, pinyin(characters))
        if more > likeness:
            likeness, consumed = more, True
    if likeness < LEAST:
        return Alignment(0.0, float(bool(brand)), float(bool(sounds)))
    shown = characters if consumed or not brand else brand
    return guess(
        likeness, sounds or "".join(words), f"{spoken or ' '.join(words)} / {shown} ({pinyin(shown)})", consumed=consumed
    )


def _translated(words: tuple[str, ...], characters: str, sound: str) -> float:
    """How alike words are to Chinese characters: as a whole by ear, piece by piece, or in their first word."""
    letters = "".join(words).replace(" ", "")
    return max(_covered(letters, characters), _sounded(letters, sound), _begun(words, characters))


def _begun(words: tuple[str, ...], characters: str) -> float:
    """One of the words is the pinyin of the first characters, and what is left over on both sides may be a trade that no
    table knows (恒林椅业, Henglin Chair)."""
    for word in words:
        for size in (2, 3, 4):
            if size <= len(characters) and len(word) > 4 and pinyin(characters[:size]).replace("lv", "lu") == word:
                left_over = len(characters) - size
                return 0.6 if left_over == 1 and len(words) == 1 else 0.86 if len(words) > 1 and left_over else 0.78
    return 0.0


def _called(latin: Prepared, han: Prepared) -> str:
    """The beginning of the Chinese name that is publicly known as a word of the Latin brand (中国电子科技: CETC)."""
    names = {*latin.brand, " ".join(latin.brand)}
    for size in range(min(9, len(han.core)), 2, -1):
        if any(name in names for name in meanings().get(han.core[:size], ())):
            return han.core[:size]
    return ""


LEAST = 0.5
"""Below this two brands of different scripts say nothing of one another."""


def _unshared(one: Prepared, other: Prepared, places: bool = False) -> list[str]:
    """The words of a name's trades, and of its places, that the other does not have, as they are written."""
    found = [word for word, entry in zip(one.anatomy.trade, one.trade, strict=False) if entry not in other.trade]
    if places:
        found += [word for word, entry in zip(one.anatomy.place, one.place, strict=False) if entry not in other.place]
    return found


@lru_cache(maxsize=16384)
def _sounded(sounds: str, spoken: str) -> float:
    """How alike the Latin brand is to the pinyin of the Chinese one."""
    plain, other = spoken.replace("lv", "lu").replace("nv", "nu"), sounds.replace("lv", "lu").replace("nv", "nu")
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
    """The consonants, those alike drawn together: what stays of a name that is translated by ear (迈克, Maccura)."""
    plain = word.replace("ch", "c").replace("sh", "s").replace("zh", "s").replace("ng", "n").translate(_SOUNDS)
    return re.sub("[aeiou]+", "", plain)


def _covered(letters: str, brand: str) -> float:
    """The part of both brands that is met piece by piece, by sound or by meaning; less where the pieces do not adjoin."""
    left, met, place, last, gaps = letters, 0, 0, 0, 0
    while place < len(brand):
        for size in (4, 3, 2, 1):
            piece = brand[place : place + size]
            if len(piece) == size and (found := _met(piece, left)):
                gaps += met > 0 and place > last
                left = left.replace(found, " ", 1)
                met += size
                place += size
                last = place
                break
        else:
            place += 1
    part_of_letters = 1 - len(left.replace(" ", "")) / len(letters)
    part_of_brand = met / len(brand)
    total = part_of_letters + part_of_brand
    return (2 * part_of_letters * part_of_brand / total) * 0.8**gaps if total else 0.0


def _met(piece: str, letters: str) -> str:
    for name in (*meanings().get(piece, ()), pinyin(piece).replace("lv", "lu")):
        plain = name.replace(" ", "")
        if len(plain) > 1 and plain in letters:
            return plain
    return ""
