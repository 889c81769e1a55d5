"""One way of writing: case, width, punctuation, accents, simplified Chinese, the Latin alphabet for other scripts."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from resolver.names import tables

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 2000
"""Characters of a name that are read. Unicode normalisation takes quadratic time on long runs of combining marks."""

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_WORDS = re.compile("[a-z0-9]+|&")
_JOINED = re.compile(
    "['`\u2018\u2019\u201a\u201b\u02b9-\u02bf\u00b4\u2032\u055a\uff07?\ufffd\u00ad\u200b-\u200f\u2060-\u2064\ufeff]"
)
_ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]+")
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "ı": "i", "þ": "th", "ð": "d", "ħ": "h", "ß": "ss", "ー": ""}
)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Compiled when first needed: the classes of Chinese characters take longer than a whole Latin name."""
    return re.compile(text)


def _han() -> re.Pattern[str]:
    return _pattern(f"[{HAN}]")


def _other() -> re.Pattern[str]:
    return _pattern(f"[^\x00-\x7f{HAN}]+")


def fold(text: str) -> str:
    """The form in which names are compared: words of a-z and 0-9, and runs of simplified Chinese, one space between.

    NFKC, case, accents, punctuation, apostrophes and zero-width characters fall away; `?` stands in old files for a
    character that was lost and falls away as well. Single letters are drawn together (`S. A.`, `S.A.`, `SA`); any script
    but Chinese is transliterated. Folding twice changes nothing. Only the first 2,000 characters are read.
    """
    text = text[:LONGEST]
    if not text.isascii():
        text = _to_ascii(text)
    text = text.lower()
    if "'" in text or "?" in text or "`" in text:
        text = _JOINED.sub("", text)
    return " ".join(_drawn_together((_WORDS if text.isascii() else _pattern(f"[a-z0-9]+|[{HAN}]+|&")).findall(text)))


def _drawn_together(tokens: list[str]) -> list[str]:
    """Runs of single letters become one word; `&` joins letters (P&G, AT&T) and is `and` between words."""
    if all(len(token) > 1 or not token.isascii() or token.isdigit() for token in tokens):
        return tokens
    out: list[str] = []
    run = ""
    for place, token in enumerate(tokens):
        if token == "&":
            following = tokens[place + 1] if place + 1 < len(tokens) else ""
            if _letter(following) and (run or (out and len(out[-1]) == 2 and out[-1].isalpha() and out[-1].isascii())):
                run = run or out.pop()
                continue
            token = "and"
        elif _letter(token):
            run += token
            continue
        if run:
            out.append(run)
            run = ""
        out.append(token)
    if run:
        out.append(run)
    return out


def _letter(token: str) -> bool:
    return len(token) == 1 and "a" <= token <= "z"


def _to_ascii(text: str) -> str:
    text = text.encode("utf-8", "ignore").decode("utf-8")
    text = _JOINED.sub("", unicodedata.normalize("NFKC", text).casefold())
    if _han().search(text):
        text = simplified(text)
    if not _other().search(text):
        return text
    if any(ord(character) > 0x24F for character in text if not _han().match(character)):
        text = _other_words().sub(_read_word, text)
    text = text.translate(_LETTERS)
    return _other().sub(_transliterated, _ACCENTED.sub(_unaccented, text))


def _unaccented(found: re.Match[str]) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", found[0]) if not unicodedata.combining(part))


@cache
def _other_words() -> re.Pattern[str]:
    """Hangul and kana are written without spaces and read anywhere; words of other scripts only where they stand alone."""
    words = sorted(tables.scripts(), key=lambda word: (-len(word), word))
    return re.compile(
        "|".join(re.escape(word) if word[-1] >= "\u3000" or word[0] == "(" else rf"\b{word}\b" for word in words)
    )


def _read_word(found: re.Match[str]) -> str:
    return f" {tables.scripts()[found[0]]} "


def _transliterated(found: re.Match[str]) -> str:
    from anyascii import anyascii

    return _JOINED.sub("", anyascii(found[0]))


def has_han(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return not text.isascii() and _han().search(text) is not None


def simplified(text: str) -> str:
    """Traditional Chinese characters as simplified ones (OpenCC's t2s), until nothing changes."""
    if tables.traditional().isdisjoint(text):
        return text
    for _ in range(3):
        changed = str(_converter()(text))
        if changed == text:
            break
        text = changed
    return text


@cache
def _converter() -> Callable[[str], Any]:
    from opencc import OpenCC

    convert: Callable[[str], Any] = OpenCC("t2s").convert
    return convert


@lru_cache(maxsize=16_384)
def pinyin(text: str) -> str:
    """Folded text with its Chinese in Hanyu Pinyin, without tones or spaces inside a run; ü is v."""
    if text.isascii():
        return text
    readings = tables.readings()
    out: list[str] = []
    place = 0
    while place < len(text):
        pair = text[place : place + 2]
        if len(pair) == 2 and pair in readings:
            out.append(readings[pair])
            place += 2
            continue
        out.append(_syllable(text[place]))
        place += 1
    return "".join(out)


@cache
def _syllable(character: str) -> str:
    if character.isascii():
        return character
    if reading := tables.readings().get(character):
        return reading
    from anyascii import anyascii

    return re.sub("[^a-z]", "", anyascii(character).lower())
