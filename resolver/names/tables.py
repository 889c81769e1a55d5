"""The packaged lexicon, `resolver/lexicon/*.tsv`, as dictionaries; each is read the first time it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent.parent / "lexicon"


class Phrase(NamedTuple):
    """What a word or phrase is in the name of a company: `kind` place, trade or form; `sense` the word it stands for.

    `level` is the table's own grading: country, region, city or area of a place, generic, trade, body or branch of a
    trade word, the family of a legal form. `country` is a place's, in two letters; `near` the provinces of a Chinese city
    or the kin of a trade word.
    """

    kind: str
    sense: str
    level: str
    country: str = ""
    near: frozenset[str] = frozenset()


NOTHING = Phrase("", "", "")


def rows(table: str) -> Iterator[list[str]]:
    """The rows of a table without its comments, each a list of columns."""
    for line in (FOLDER / f"{table}.tsv").read_text(encoding="utf-8").splitlines():
        if line and line[0] != "#":
            yield line.split("\t")


def _spellings(row: list[str], column: int) -> list[str]:
    others = row[column].split("|") if len(row) > column and row[column] else []
    return [row[0], *others]


def _set(cell: str) -> frozenset[str]:
    return frozenset(cell.split("|")) if cell else frozenset()


@cache
def forms() -> dict[str, Phrase]:
    """Every spelling of a legal form."""
    return {text: Phrase("form", row[0], row[1]) for row in rows("forms") for text in _spellings(row, 3)}


@cache
def phrases() -> dict[str, Phrase]:
    """Every spelling of a place or a trade word; a spelling that is both is a place."""
    found: dict[str, Phrase] = {}
    for row in rows("places"):
        phrase = Phrase("place", row[0], row[2], row[1], _set(row[3]))
        for text in _spellings(row, 4):
            found.setdefault(text, phrase)
    for row in rows("trades"):
        phrase = Phrase("trade", row[0], row[1], "", _set(row[2]))
        for text in _spellings(row, 3):
            found.setdefault(text, phrase)
    return found


@cache
def longest() -> dict[str, int]:
    """The number of words of the longest phrase or form that begins with a word; words that begin none are absent."""
    lengths: dict[str, int] = {}
    for table in (phrases(), forms()):
        for text in table:
            first, space, _ = text.partition(" ")
            size = text.count(" ") + 1 if space else 1
            if lengths.get(first, 0) < size:
                lengths[first] = size
    return lengths


@cache
def words() -> frozenset[str]:
    """Words that many companies use and that are therefore no one's brand."""
    return frozenset(row[0] for row in rows("words"))


@cache
def scripts() -> dict[str, str]:
    """Words of other scripts and what each is read as."""
    return {row[0]: row[1] for row in rows("scripts")}


@cache
def traditional() -> frozenset[str]:
    """The characters that become others in simplified Chinese."""
    return frozenset(character for row in rows("traditional") for character in row[0])


@cache
def readings() -> dict[str, str]:
    """Chinese characters and words with their readings, where the usual table's first reading is another."""
    return {row[0]: row[1] for row in rows("readings")}


@cache
def meanings() -> dict[str, tuple[str, ...]]:
    """What a Chinese brand, or a part of one, is called where that is not its sound."""
    return {row[0]: tuple(row[1].split("|")) for row in rows("meanings")}


@cache
def abbreviations(kind: str) -> dict[str, str]:
    """What a Chinese name begins with, `bank` or `place` in short, and what that is short for."""
    return {row[0]: row[2] for row in rows("abbreviations") if row[1] == kind}
