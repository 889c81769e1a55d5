"""Two indexes asked as one: the listed parties, and everybody else.

A register holds a hundred companies of one name, and each question takes the best few: apart, nobody crowds out the listed
party that bears it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from resolver.index.names import Candidate, Index, build
from resolver.model import Lexicon, Name

Entry = tuple[str, Name, Sequence[str]]


def build_directory(folder: Path, listed: Iterable[Entry], others: Iterable[Entry]) -> None:
    """Writes both indexes into an existing folder. Raises StoreError where they cannot be written."""
    build(folder / "listed", listed)
    build(folder / "others", others)


class Directory:
    """Both indexes. Raises StoreError where they cannot be read."""

    def __init__(self, folder: Path) -> None:
        self.listed, self.others = Index(folder / "listed"), Index(folder / "others")
        left, right = self.listed.lexicon, self.others.lexicon
        self.lexicon = Lexicon(
            f"{left.hash}-{right.hash}",
            left.names + right.names,
            lambda word: left.frequencies(word) + right.frequencies(word),
            lambda brand: tuple(dict.fromkeys((*left.bridges(brand), *right.bridges(brand)))),
        )
        self.listed.bridges = self.others.bridges = self.lexicon.bridges

    def candidates(self, name: str, limit: int = 50) -> Iterator[Candidate]:
        """The listed parties whose names resemble `name`, `limit` of them at most; then as many others."""
        yield from self.listed.candidates(name, limit)
        yield from self.others.candidates(name, limit)

    def exact(self, name: str) -> Iterator[Candidate]:
        """The names held that differ in nothing but word order, abbreviation and legal form."""
        yield from self.listed.exact(name)
        yield from self.others.exact(name)
