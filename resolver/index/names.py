"""Candidate names for a query: 4-grams of names in the Latin alphabet, single characters and pairs of Chinese ones.

`build` writes one file of flat arrays; `Index` maps it and looks into it with the standard library alone. A name stands in
the Latin part as `names.latin` writes it, in any script: a query in pinyin or English meets a Chinese name and the other
way round. A query walks its rarest grams first until it has read BUDGET postings, and scores the names that share most.
The file also holds the lexicon: in how many names each word stands, in how many it is all of the brand (`=huawei`), and
which brands are one party's in two scripts.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resolver.arrays import Arrays, Strings, strings, write
from resolver.model import Lexicon, Name, NameKind
from resolver.names import Anatomy, key, latin, parse
from resolver.names.tables import meanings

if TYPE_CHECKING:
    from numpy.typing import NDArray

BUDGET = 12_000
"""Postings read for a query. Measured on 47,000 and on 60,000 real names: recall at 10 is the same to .003 from 5,000 to
20,000, and the time follows the budget; more of it is for millions of names."""

POOL = 160
"""Names that share most grams with a query and are scored by their whole text."""

KINDS = tuple(NameKind)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name held that resembles a query; `score` 0..1 is a quick likeness that only ranks, `match` decides."""

    entity: str
    name: Name
    score: float


def build(path: Path, entries: Iterable[tuple[str, Name, Sequence[str]]]) -> Lexicon:
    """Writes the index of (entity id, name, its countries) to `path` and returns its lexicon.

    Names of one entity stand together. Raises StoreError if the file cannot be written.
    """
    table = _Table()
    for entity, name, _ in entries:
        table.add(entity, name)
    arrays = table.arrays()
    import hashlib

    digest = hashlib.sha256()
    for part in ("words.bytes", "words.count", "brands.bytes", "bridges.bytes"):
        digest.update(memoryview(arrays[part]).cast("B") if len(arrays[part]) else b"")
    arrays["hash"] = digest.hexdigest()[:16].encode()
    write(path, arrays)
    return Index(path).lexicon


class _Table:
    """What the index holds, while it is being gathered."""

    def __init__(self) -> None:
        self.entities: dict[str, int] = {}
        self.owner = array("I")
        self.kind = array("B")
        self.texts: list[str] = []
        self.latin: list[str] = []
        self.han: list[str] = []
        self.han_names = array("I")
        self.keys: list[str] = []
        self.words: Counter[str] = Counter()
        self.brands: dict[int, tuple[dict[str, None], dict[str, None]]] = {}
        self.last: tuple[int, dict[str, None]] = (-1, {})

    def add(self, entity: str, name: Name) -> None:
        anatomy = parse(name.text)
        if not anatomy.text:
            return
        owner = self.entities.setdefault(entity, len(self.entities))
        if anatomy.han:
            self.han_names.append(len(self.texts))
            self.han.append(_han_text(anatomy))
        self._bridge(owner, anatomy)
        self.owner.append(owner)
        self.kind.append(KINDS.index(name.kind))
        self.texts.append(name.text)
        self.latin.append(latin(anatomy))
        self.keys.append(key(name.text))
        self.words.update(set(vocabulary(anatomy)))

    def _bridge(self, owner: int, anatomy: Anatomy) -> None:
        """Keeps the brands of parties with a Chinese name; of others only the last one's, until its next name tells."""
        brand = ("" if anatomy.han else " ").join(anatomy.brand)
        if not brand:
            return
        sides = self.brands.get(owner)
        if sides is None:
            if owner != self.last[0]:
                self.last = (owner, {})
            if not anatomy.han:
                self.last[1][brand] = None
                return
            sides = self.brands[owner] = (self.last[1], {})
        sides[anatomy.han][brand] = None

    def arrays(self) -> dict[str, Any]:
        order = sorted(range(len(self.keys)), key=lambda place: (self.keys[place], place))
        words = sorted(self.words)
        bridges: dict[str, dict[str, None]] = {}
        for latin_brands, han_brands in self.brands.values():
            for one in latin_brands:
                for other in han_brands:
                    bridges.setdefault(one, {})[other] = None
                    bridges.setdefault(other, {})[one] = None
        brands = sorted(bridges)
        return {
            "owner": self.owner,
            "kind": self.kind,
            "key.order": array("I", order),
            "words.count": array("I", (self.words[word] for word in words)),
            "han.names": self.han_names,
            **strings("entities", self.entities),
            **strings("texts", self.texts),
            **strings("latin", self.latin),
            **strings("han", self.han),
            **strings("keys", (self.keys[place] for place in order)),
            **strings("words", words),
            **strings("brands", brands),
            **strings("bridges", ("\n".join(sorted(bridges[brand])) for brand in brands)),
            **_postings("latin", _latin_grams(self.latin)),
            **_postings("han", _han_grams(self.han, self.han_names)),
        }


def vocabulary(anatomy: Anatomy) -> tuple[str, ...]:
    """The words of a name that are counted: all but its legal form, and behind a `=` the brand as a whole."""
    return (*anatomy.brand, *anatomy.place, *anatomy.trade, *anatomy.number, "=" + "".join(anatomy.brand))


def _han_text(anatomy: Anatomy) -> str:
    """A Chinese name less its legal form, for grams and for comparison."""
    return "".join((*anatomy.place, *anatomy.brand, *anatomy.trade, *anatomy.number, *anatomy.branch))


def _latin_grams(texts: list[str]) -> tuple[NDArray[Any], NDArray[Any]]:
    """(gram, name) of every four characters in a row of a text with a space at both ends; a gram is its four bytes."""
    import numpy as np

    padded = [f" {text} " if len(text) > 1 else f" {text}  " for text in texts]
    data = np.frombuffer("".join(padded).encode("ascii", "replace"), dtype=np.uint8)
    lengths = np.fromiter(map(len, padded), dtype=np.int64, count=len(padded))
    return _windows(data.astype(np.uint64), lengths, 4, 8)


def _windows(data: NDArray[Any], lengths: NDArray[Any], size: int, bits: int) -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    if len(data) < size:
        return np.empty(0, np.uint64), np.empty(0, np.uint32)
    count = len(data) - size + 1
    grams = np.zeros(count, np.uint64)
    for step in range(size):
        grams = (grams << np.uint64(bits)) | data[step : step + count]
    names = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)
    inside = names[:count] == names[size - 1 :]
    return grams[inside], names[:count][inside]


def _han_grams(texts: list[str], names: array[int]) -> tuple[NDArray[Any], NDArray[Any]]:
    """(gram, name) of every character and every pair of characters; a gram is one or two code points of 21 bits."""
    import numpy as np

    data = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    ids = np.frombuffer(names, dtype=np.uint32) if len(names) else np.empty(0, np.uint32)
    grams, places = [], []
    for size in (1, 2):
        found, where = _windows(data, lengths, size, 21)
        grams.append(found)
        places.append(ids[where])
    return np.concatenate(grams), np.concatenate(places)


def _postings(name: str, pairs: tuple[NDArray[Any], NDArray[Any]]) -> dict[str, Any]:
    """For each gram the names that hold it, ascending: `grams` (Q, sorted), `starts` (one more), `postings`."""
    import numpy as np

    grams, names = pairs
    if len(grams) and int(grams.max()) < 1 << 32:
        both = np.unique(grams << np.uint64(32) | names)
        grams, names = both >> np.uint64(32), (both & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    elif len(grams):
        order = np.lexsort((names, grams))
        grams, names = grams[order], names[order]
        fresh = np.ones(len(grams), bool)
        fresh[1:] = (grams[1:] != grams[:-1]) | (names[1:] != names[:-1])
        grams, names = grams[fresh], names[fresh]
    unique, starts = np.unique(grams, return_index=True)
    ends = np.append(starts, len(grams)).astype(np.uint32)
    return {
        f"{name}.grams": array("Q", unique.astype(np.uint64).tobytes()),
        f"{name}.starts": array("I", ends.tobytes()),
        f"{name}.postings": array("I", names.astype(np.uint32).tobytes()),
    }


def latin_grams(text: str) -> set[int]:
    """The grams of a text, as the index holds them."""
    data = (f" {text} " if len(text) > 1 else f" {text}  ").encode("ascii", "replace")
    return {int.from_bytes(data[place : place + 4], "big") for place in range(len(data) - 3)}


def han_grams(text: str) -> set[int]:
    """The pairs of characters of a Chinese text, as the index holds them, and of a short one the characters as well."""
    points = [ord(character) for character in text]
    return {*(points if len(points) < 4 else ()), *(first << 21 | second for first, second in pairwise(points))}


class Index:
    """The index in a file. Raises StoreError where it cannot be read."""

    def __init__(self, path: Path) -> None:
        arrays = Arrays(path)
        self._owner, self._kind = arrays["owner"], arrays["kind"]
        self._entities, self._texts = Strings(arrays, "entities"), Strings(arrays, "texts")
        self._latin, self._han, self._han_names = Strings(arrays, "latin"), Strings(arrays, "han"), arrays["han.names"]
        self._keys, self._order = Strings(arrays, "keys"), arrays["key.order"]
        self._words, self._counts = Strings(arrays, "words"), arrays["words.count"]
        self._known: dict[str, int] = {}
        self._brands, self._bridges = Strings(arrays, "brands"), Strings(arrays, "bridges")
        self._grams = {
            part: (arrays[f"{part}.grams"], arrays[f"{part}.starts"], arrays[f"{part}.postings"])
            for part in ("latin", "han")
        }
        self.lexicon = Lexicon(arrays["hash"].tobytes().decode(), len(self._owner), self._frequency, self._bridge)
        self.bridges: Callable[[str], tuple[str, ...]] = self._bridge

    def __len__(self) -> int:
        return len(self._owner)

    def candidates(self, name: str, limit: int = 50) -> list[Candidate]:
        """The names held that resemble `name`, one for each entity, the most alike first, `limit` at most; then those that
        resemble its brand alone, half as many at most."""
        anatomy = parse(name)
        if not anatomy.text:
            return []
        found: dict[int, float] = dict.fromkeys(self._same_key(name), 1.0)
        text = latin(anatomy)
        for query in (text, *self._bridged(anatomy)):
            self._score_latin(query, found, anatomy.han)
        if anatomy.han:
            self._score_han(_han_text(anatomy), found)
        for brand in self._bridged(anatomy, han=True):
            self._score_han(brand, found)
        ranked = self._ranked(found, limit)
        met = {candidate.entity for candidate in ranked}
        return ranked + [one for one in self._by_brand(anatomy, limit // 2) if one.entity not in met]

    def _by_brand(self, anatomy: Anatomy, limit: int) -> list[Candidate]:
        """The names that resemble the brand alone: of a hundred names that begin with `Beijing` none is `Megvii`.

        A Chinese brand is sought by its characters alone: by their sound it resembles half the names held.
        """
        if not anatomy.brand or not (anatomy.place or anatomy.trade or anatomy.number or anatomy.branch):
            return []
        found: dict[int, float] = {}
        if anatomy.han:
            self._score_han("".join(anatomy.brand), found)
        else:
            self._score_latin(" ".join(anatomy.brand), found, han=False)
        return self._ranked(found, limit)

    def _ranked(self, found: dict[int, float], limit: int) -> list[Candidate]:
        """The best name of each entity, the best first."""
        best: dict[int, tuple[float, int]] = {}
        for place, score in found.items():
            owner = self._owner[place]
            if owner not in best or (-score, place) < (-best[owner][0], best[owner][1]):
                best[owner] = (score, place)
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:limit]
        return [Candidate(self._entities[owner], self._name(place), round(score, 4)) for owner, (score, place) in ranked]

    def exact(self, name: str) -> list[Candidate]:
        """The names held whose `names.key` is that of `name`, in the order in which they came."""
        return [Candidate(self._entities[self._owner[place]], self._name(place), 1.0) for place in self._same_key(name)]

    def _name(self, place: int) -> Name:
        return Name(self._texts[place], KINDS[self._kind[place]])

    def _same_key(self, name: str) -> list[int]:
        wanted = key(name)
        first = bisect_left(self._keys, wanted)
        found = []
        while wanted and first < len(self._keys) and self._keys[first] == wanted:
            found.append(self._order[first])
            first += 1
        return found

    def _frequency(self, word: str) -> int:
        known = self._known.get(word)
        if known is None:
            place = self._words.find(word)
            known = self._known[word] = self._counts[place] if place >= 0 else 0
        return known

    def _bridge(self, brand: str) -> tuple[str, ...]:
        place = self._brands.find(brand)
        return tuple(self._bridges[place].split("\n")) if place >= 0 else ()

    def _bridged(self, anatomy: Anatomy, han: bool = False) -> tuple[str, ...]:
        """The brand's known spellings in the other script."""
        if not anatomy.brand or anatomy.han is han:
            return ()
        brand = ("" if anatomy.han else " ").join(anatomy.brand)
        return tuple(dict.fromkeys((*self.bridges(brand), *(meanings().get(brand, ()) if anatomy.han else ()))))[:3]

    def _score_latin(self, text: str, found: dict[int, float], han: bool) -> None:
        """Scores by the Latin alphabet; of two Chinese names it tells less than their own characters."""
        from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

        for place, share in self._pool("latin", latin_grams(text)):
            held = self._latin[place]
            score = (max(token_sort_ratio(text, held), 0.95 * token_set_ratio(text, held)) / 100 + share) / 2
            if han and not self._texts[place].isascii():
                score *= 0.8
            if score > found.get(place, 0.0):
                found[place] = score

    def _score_han(self, text: str, found: dict[int, float]) -> None:
        from rapidfuzz.fuzz import partial_ratio, ratio

        for row, share in self._pool("han", han_grams(text)):
            held = self._han[bisect_left(self._han_names, row)]
            score = (max(ratio(text, held), 0.95 * partial_ratio(text, held)) / 100 + share) / 2
            if score > found.get(row, 0.0):
                found[row] = score

    def _pool(self, part: str, wanted: set[int]) -> list[tuple[int, float]]:
        """The names that share most with a query, rarest grams first within the budget, and what part they share.

        A rare gram counts up to six times: what is rare in the names held is the brand (`sensetime`), and a hundred names
        share `shenzhen` and `technology`.
        """
        grams, starts, postings = self._grams[part]
        spans = []
        for gram in wanted:
            place = bisect_left(grams, gram)
            if place < len(grams) and grams[place] == gram:
                spans.append((starts[place + 1] - starts[place], starts[place]))
        spans.sort()
        shared: Counter[int] = Counter()
        spent = total = 0
        for size, start in spans:
            times = max(1, min(6, (len(self._owner) // size).bit_length() - 4))
            total += times
            if spent and spent + size > BUDGET:
                continue
            for _ in range(times):
                shared.update(postings[start : start + size])
            spent += size
        return [(name, count / total) for name, count in _most(shared, POOL)]


def _most(shared: Counter[int], limit: int) -> list[tuple[int, int]]:
    """The names counted most often; of those that tie for the last places the first ones, up to half as many again."""
    if len(shared) <= limit:
        return list(shared.items())
    taken, least = 0, 0
    for count, names in sorted(Counter(shared.values()).items(), reverse=True):
        if taken and taken + names > limit:
            break
        taken, least = taken + names, count
    found = sorted(((name, count) for name, count in shared.items() if count >= least), key=lambda item: (-item[1], item[0]))
    return found[: limit + limit // 2]
