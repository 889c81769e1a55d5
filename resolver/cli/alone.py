"""The rules and the names alone, without a snapshot: ownership, compare."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import click

from resolver.cli.program import Day, Pairs, check_regimes, cli, written
from resolver.errors import InputError


@cli.command()
@click.argument("edges", type=click.Path(path_type=Path))
@click.option("--listed", required=True, type=click.Path(path_type=Path))
@click.option("--entities", type=click.Path(path_type=Path))
@click.option("--as-of", required=True, type=Day())
@click.option("--regime", "regimes", multiple=True, metavar="CODE", help="Only this regime (repeatable).")
@click.option("--rule-status", "overrides", multiple=True, type=Pairs(), metavar="REGIME=STATUS",
              help="Your own reading of a rule's status: us-bis=suspended.")  # fmt: skip
@click.option("-o", "--output", required=True, metavar="OUT.csv", help="Where the findings go; - is stdout.")
def ownership(
    edges: Path, listed: Path, entities: Path | None, as_of: date, regimes: tuple[str, ...],
    overrides: tuple[tuple[str, str], ...], output: str,
) -> None:  # fmt: skip
    """The rules alone, on your own edges: no snapshot needed.

    \b
    Example:  resolver ownership edges.csv --listed listed.csv --as-of 2026-11-23 -o findings.csv
    """
    from resolver import calculate

    check_regimes(regimes)
    findings = calculate.calculate(edges, listed, entities, as_of, list(regimes) or None, dict(overrides))
    with written(output) as stream:
        calculate.write(findings, stream)


@cli.command()
@click.argument("names", nargs=-1, metavar="[LEFT RIGHT]")
@click.option("--pairs", type=click.Path(path_type=Path), help="A CSV file with columns id, left, right.")
@click.option("-o", "--output", metavar="OUT", help="Where the scored pairs go; - is stdout.")
def compare(names: tuple[str, ...], pairs: Path | None, output: str | None) -> None:
    """The score of two names and why; or of a file of pairs.

    \b
    Example:  resolver compare "HUAWEI TECH. CO., LIMITED" "Huawei Technologies Co., Ltd."
    """
    from resolver.match import compare as run

    if pairs is not None and not names and output:
        _compare_pairs(pairs, output)
        return
    if pairs is not None or len(names) != 2 or output:
        raise click.UsageError("give two names, or --pairs FILE with -o OUT")
    match = run(names[0], names[1])
    click.echo(f"{match.score:.4f}")
    for feature in match.features:
        click.echo(f"  {feature.score:+.4f}  {feature.name}: {feature.detail}")


def _compare_pairs(pairs: Path, output: str) -> None:
    from resolver.match import compare as run
    from resolver.record import Malformed, csv_rows
    from resolver.report import as_text

    if not pairs.is_file():
        raise InputError(f"{pairs}: no such file")
    rows: list[dict[str, str]] = []
    with pairs.open("rb") as file:
        for row in csv_rows(file, pairs.name, required=("id", "left", "right")):
            if isinstance(row, Malformed):
                raise InputError(f"{pairs.name}, row {row.where.row}: {row.reason}")
            match = run(row.whole()["left"], row.whole()["right"])
            cells = {
                f"input_{column}" if column in ("score", "reason") else column: cell for column, cell in row.whole().items()
            }
            cells["score"] = f"{match.score:.4f}"
            cells["reason"] = "; ".join(f"{one.name} {one.score:+.2f}: {one.detail}" for one in match.features)
            rows.append(cells)
    columns = list(dict.fromkeys([*(rows[0] if rows else ("id", "left", "right")), "score", "reason"]))
    with written(output) as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows({column: as_text(cell) for column, cell in row.items()} for row in rows)
