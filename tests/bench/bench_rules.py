"""How long `resolver ownership` takes on a made-up register, and a single party's neighbourhood.

    python -m tests.bench.bench_rules [NODES]      (default 100,000; edges are 1.4 times as many)

The graph has the shape of a register: most companies have one or two holders, some have many; holdings are exact,
banded or of unknown size; a few hold each other; one node in a hundred is listed, over five lists.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from resolver.calculate import calculate, write
from tests.ownership_cases import run

SHARES = ("100", "100", "51", "50", "49.9", "30", "25", "10", "5", "33.3333", "(25,50]", "(50,75)", "[75,100]", "")
LISTS = ("us-ofac-sdn,RUSSIA-EO14024", "us-bis-el,", "eu-fsf,", "gb-uksl,", "us-bis-uvl,")


def world(folder: Path, nodes: int) -> tuple[Path, Path]:
    """Two files of that many parties: 1.4 edges for each, one listed in a hundred."""
    random.seed(nodes)
    edges, listed = folder / "edges.csv", folder / "listed.csv"
    with edges.open("w", encoding="utf-8") as stream:
        stream.write("owner,subject,share\n")
        for _ in range(int(nodes * 1.4)):
            subject = random.randrange(nodes)
            owner = random.randrange(max(1, subject)) if random.random() < 0.98 else random.randrange(nodes)
            share = random.choice(SHARES)
            cell = f'"{share}"' if "," in share else share
            stream.write(f"party-{owner},party-{subject},{cell}\n")
    with listed.open("w", encoding="utf-8") as stream:
        stream.write("entity,list,program\n")
        for number in range(nodes // 100):
            stream.write(f"party-{random.randrange(nodes)},{LISTS[number % len(LISTS)]}\n")
    return edges, listed


def main(nodes: int) -> None:
    """Prints the timings."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        edges, listed = world(folder, nodes)
        start = time.perf_counter()
        found = calculate(edges, listed, None, date(2026, 11, 23))
        computed = time.perf_counter()
        with (folder / "out.csv").open("w", encoding="utf-8", newline="") as stream:
            write(found, stream)
        done = time.perf_counter()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{nodes:,} nodes, {int(nodes * 1.4):,} edges: {len(found):,} findings in {computed - start:.1f} s")
        print(f"  written in {done - computed:.1f} s; {peak} MB at the most")
    facts = "; ".join(f"X>A{i} 60; A{i}>B{i} 40; N>B{i} 60" for i in range(9))
    run(facts, "X us-ofac-sdn")
    start = time.perf_counter()
    for _ in range(100):
        run(facts, "X us-ofac-sdn", subjects=("B0",))
    print(f"  one party among 20: {(time.perf_counter() - start) * 10:.2f} ms, reading the facts included")


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 100_000)
