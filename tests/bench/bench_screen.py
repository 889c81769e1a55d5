"""A one-shot `resolver screen` against a bare interpreter, and what a refresh of the Consolidated Screening List costs.

Both on a list of the full size: the publisher's own file where it lies beside the project, else one of the same shape.
Ratios are medians of pairs run in turn, because machines are shared and noisy.
"""

from __future__ import annotations

import csv
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

REAL = Path(__file__).parents[3] / "shared" / "data" / "mirror" / "us_trade_csl" / "2022-05-16" / "consolidated.csv"
WORLD = Path(__file__).parents[2] / "fixtures" / "world" / "us_trade_csl" / "consolidated.csv"
ROWS = 14_160
RUNS = 15


def generated(path: Path) -> None:
    """A list of ROWS rows with the header and the kinds of rows of the bundled one, each name made its own."""
    with WORLD.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if "(" not in row["name"]]
    chance = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for number in range(ROWS):
            row = dict(chance.choice(rows))
            word = "".join(chance.choice("abcdefghiklmnoprstuvz") for _ in range(8)).title()
            row["name"] = f"{word} {row['name']}"
            row["alt_names"] = "; ".join(f"{word} {alias.strip()}" for alias in row["alt_names"].split(";") if alias.strip())
            row[next(iter(row))] = f"generated-{number}"
            if row["entity_number"]:
                row["entity_number"] = row[next(iter(row))] = str(100_000 + number)
            writer.writerow(row)


def seconds(command: Sequence[str], home: Path) -> float:
    """The wall time of a command, as a whole process."""
    environment = {**os.environ, "RESOLVER_HOME": str(home)}
    start = time.perf_counter()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Prints the two figures."""
    resolver = [sys.executable, "-m", "resolver.cli"]
    with tempfile.TemporaryDirectory() as folder:
        home, source = Path(folder) / "home", Path(folder) / "source"
        (source / "us_trade_csl").mkdir(parents=True)
        target = source / "us_trade_csl" / "consolidated.csv"
        if REAL.is_file():
            shutil.copyfile(REAL, target)
        else:
            generated(target)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds([*resolver, "refresh", "--from", str(source)], home)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        which = "the publisher's file of 2022-05-16" if REAL.is_file() else "a generated file of its size"
        print(f"refresh of the Consolidated Screening List ({which}): {cpu:.1f} s of CPU, {after.ru_maxrss / 1024:.0f} MB")
        bare = [sys.executable, "-c", "pass"]
        for name in ("Beijing SenseTime Technology Development", "Bluebird Garden Centre Ltd", "北京市商汤科技开发有限公司"):
            screen = [*resolver, "screen", name]
            pairs = [(seconds(screen, home), seconds(bare, home)) for _ in range(RUNS)]
            ratio = statistics.median(one / other for one, other in pairs)
            print(f"one-shot screen of {name!r}: {ratio:.1f} times a bare interpreter")


if __name__ == "__main__":
    main()
