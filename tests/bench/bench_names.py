"""Name matching against a rapidfuzz baseline in the same run: `python -m tests.bench.bench_names [NAMES [SIZE]]`.

NAMES is a text file of names, one a line (gzipped or not); without it names are made up. Figures are ratios where they can
be, for a machine's own speed says nothing. Nothing is asserted.
"""

from __future__ import annotations

import gzip
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process

from resolver.index import Index, build
from resolver.match import compare
from resolver.model import Name
from resolver.names import fold, key, latin, parse

SYLLABLES = "ba ko ri ta me lu ze fan shi dor vek nal prim ost hai wen jin tor gal mir".split()
TAILS = "Technology Co., Ltd.|Trading LLC|Shipping GmbH|Energy S.A.|Electronics Limited|Holdings PLC|Steel JSC".split("|")
PLACES = "Beijing|Shenzhen|Moscow|Dubai|Tehran|Hong Kong|Munich||||".split("|")


def made_up(size: int) -> list[str]:
    """Names of the shape of real ones."""
    draw = random.Random(1)
    brands = ("".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))).title() for _ in range(size))
    return [" ".join(filter(None, (draw.choice(PLACES), brand, draw.choice(TAILS)))) for brand in brands]


def read(path: Path, size: int) -> list[str]:
    """The first names of a file."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return [line.strip() for line, _ in zip(file, range(size), strict=False) if line.strip()]


def mistyped(name: str, draw: random.Random) -> str:
    """The name with one letter gone from its longest word, and less its last word."""
    words = name.split()
    words = words[:-1] if len(words) > 2 else words
    longest = max(range(len(words)), key=lambda place: len(words[place]))
    word = words[longest]
    cut = draw.randrange(1, len(word)) if len(word) > 4 else 0
    words[longest] = word[:cut] + word[cut + 1 :] if cut else word
    return " ".join(words)


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def retrieval(names: Sequence[str], path: Path) -> None:
    """Recall and time of the index against a scan of every name."""
    took = seconds(lambda: build(path, ((str(place), Name(name), ()) for place, name in enumerate(names))))
    index, draw = Index(path), random.Random(2)
    print(f"build: {took:.2f} s for {len(names)} names, {path.stat().st_size / len(names):.0f} bytes a name")
    asked = [
        (key(names[place]), mistyped(names[place], draw)) for place in draw.sample(range(len(names)), min(1000, len(names)))
    ]
    started, at_1, at_10 = time.perf_counter(), 0, 0
    for wanted, query in asked:
        found = [key(one.name.text) for one in index.candidates(query, 10)]
        at_1, at_10 = at_1 + (wanted in found[:1]), at_10 + (wanted in found)
    ours = (time.perf_counter() - started) / len(asked)
    folded = [latin(parse(name)) for name in names]
    scanned = asked[:50]
    scan = seconds(
        lambda: [process.extract(latin(parse(q)), folded, scorer=fuzz.token_sort_ratio, limit=10) for _, q in scanned]
    )
    print(f"query: {ours * 1e3:.2f} ms, recall at 1 {at_1 / len(asked):.3f}, at 10 {at_10 / len(asked):.3f}")
    print(f"a rapidfuzz scan takes {scan / len(scanned) / ours:.0f} times as long")


def comparison(names: Sequence[str]) -> None:
    """Time of one comparison against rapidfuzz's on folded names."""
    draw = random.Random(3)
    pairs = [(draw.choice(names), draw.choice(names)) for _ in range(5000)]
    first = seconds(lambda: [compare(left, right) for left, right in pairs])
    again = seconds(lambda: [compare(left, right) for left, right in pairs])
    base = seconds(lambda: [fuzz.token_sort_ratio(fold(left), fold(right)) for left, right in pairs])
    print(f"compare: {len(pairs) / first:.0f} pairs/s, {len(pairs) / again:.0f} when names repeat")
    print(f"against fold + token_sort_ratio: {first / base:.1f} and {again / base:.1f} times as long")


def main() -> None:
    """Prints the figures."""
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 60_000
    names = read(Path(sys.argv[1]), size) if len(sys.argv) > 1 else made_up(size)
    with tempfile.TemporaryDirectory() as folder:
        retrieval(names, Path(folder) / "names")
    comparison(names)


if __name__ == "__main__":
    main()
