"""What `resolver ownership` takes on a made-up register, as a whole process, and what one party's neighbourhood takes.

    python -m tests.bench.bench_rules [NODES] [--full]      (100,000 nodes, 3 times in turn; --full: 1,000,000, once)

Beside it, in the same run: reading the same edges with csv.reader alone, and building a networkx graph of them, which
computes nothing. Ratios are what to compare: machines are shared and noisy.

The graph has the shape of a register, with 1.4 edges for each node: most companies have one or two holders, some have
many; holdings are exact, banded or of unknown size; a few hold each other. Three in a thousand are listed, on five lists.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.ownership_cases import run

SHARES = ("100", "100", "51", "50", "49.9", "30", "25", "10", "5", "33.3333", "(25,50]", "(50,75)", "[75,100]", "")
LISTS = ("us-ofac-sdn,RUSSIA-EO14024", "us-bis-el,", "eu-fsf,", "gb-uksl,", "us-bis-uvl,")


def world(folder: Path, nodes: int) -> tuple[Path, Path]:
    """Two files of that many parties: 1.4 edges for each, three listed in a thousand."""
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
        for number in range(nodes * 3 // 1000):
            stream.write(f"party-{random.randrange(nodes)},{LISTS[number % len(LISTS)]}\n")
    return edges, listed


READ = """
import csv, sys
with open(sys.argv[1], encoding="utf-8", newline="") as stream:
    for row in csv.reader(stream):
        pass
"""
DRAW = """
import csv, sys
import networkx
graph = networkx.DiGraph()
with open(sys.argv[1], encoding="utf-8", newline="") as stream:
    for owner, subject, share in csv.reader(stream):
        graph.add_edge(owner, subject, share=share)
"""
OWNERSHIP = "from resolver.cli import main; main()"


def process(*arguments: str) -> tuple[float, float]:
    """The seconds and the most megabytes that Python takes for these arguments."""
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-c", *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"a benchmarked process ended with status {child.returncode}")
    return time.perf_counter() - start, used.ru_maxrss / 1024


def whole(nodes: int, times: int) -> None:
    """Prints the command's time and memory, and how they stand to the baselines."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        edges, listed = world(folder, nodes)
        out = folder / "out.csv"
        command = (OWNERSHIP, "ownership", str(edges), "--listed", str(listed), "--as-of", "2026-11-23", "-o", str(out))
        each = [(process(*command), process(READ, str(edges)), process(DRAW, str(edges))) for _ in range(times)]
        with out.open(encoding="utf-8") as stream:
            found = sum(1 for _ in stream) - 1
    print(f"{nodes:,} nodes, {int(nodes * 1.4):,} edges, {nodes * 3 // 1000:,} listings: {found:,} findings")
    seconds, megabytes = (statistics.median(one[0][part] for one in each) for part in (0, 1))
    print(f"  resolver ownership: {seconds:.1f} s, {megabytes:.0f} MB, the whole process, proofs and all")
    for place, what in ((1, "csv.reader alone"), (2, "a networkx graph of the edges")):
        slower, larger = (statistics.median(one[0][part] / one[place][part] for one in each) for part in (0, 1))
        print(f"  against {what}: {slower:.1f} times the time, {larger:.2f} times the memory")


def one_party() -> None:
    """Prints what the rules take for one party among twenty."""
    facts = "; ".join(f"X>A{i} 60; A{i}>B{i} 40; N>B{i} 60" for i in range(9))
    run(facts, "X us-ofac-sdn")
    each = []
    for _ in range(300):
        start = time.perf_counter()
        run(facts, "X us-ofac-sdn", subjects=("B0",))
        each.append(time.perf_counter() - start)
    print(f"  one party among 20: {statistics.median(each) * 1000:.2f} ms, reading the facts included")


def main(arguments: Sequence[str]) -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_rules")
    parser.add_argument("nodes", nargs="?", type=lambda text: int(text.replace(",", "")), default=100_000)
    parser.add_argument("--full", action="store_true", help="1,000,000 nodes, once")
    given = parser.parse_args(arguments)
    if given.full:
        whole(1_000_000, 1)
    else:
        whole(given.nodes, 3)
    one_party()


if __name__ == "__main__":
    main(sys.argv[1:])
