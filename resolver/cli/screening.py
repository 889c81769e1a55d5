"""Who is screened: screen, batch, explain."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from resolver.cli.program import Day, Pairs, check_regimes, cli, data_folder, shown_progress, written

if TYPE_CHECKING:
    from resolver.screen import Options
    from resolver.store import Snapshot

LEVELS = ("act", "review", "all")


def _screening_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that screen, batch and explain share."""
    options = (
        click.option("--as-of", type=Day(), default=lambda: date.today(), help="What was true on that day. Default: today."),
        click.option("--known-on", type=Day(), help="What was known on that day: the newest snapshot kept from then."),
        click.option("--regime", "regimes", multiple=True, metavar="CODE", help="Only this regime (repeatable)."),
        click.option("--level", type=click.Choice(LEVELS), default="review", show_default=True),
        click.option("--threshold", type=click.FloatRange(0, 1), help="The least score of a name match. Default: 0.7."),
        click.option("--rule-status", "overrides", multiple=True, type=Pairs(), metavar="REGIME=STATUS",
                     help="Your own reading of a rule's status: us-bis=suspended."),
        click.option("--fail-on", type=click.Choice(("act", "review")), help="Exit with 10 when such a finding stands."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def _options(
    as_of: date, regimes: Sequence[str], level: str, threshold: float | None, overrides: Sequence[tuple[str, str]]
) -> Options:
    from resolver import regimes as table
    from resolver.match import DEFAULT_THRESHOLD
    from resolver.model import Level
    from resolver.screen import Options

    check_regimes(regimes)
    table.check(dict(overrides))
    if threshold is not None and math.isnan(threshold):
        raise click.UsageError("--threshold nan is no score")
    least = DEFAULT_THRESHOLD if threshold is None else threshold
    return Options(as_of, tuple(regimes), Level(level), least, dict(overrides))


def _snapshot(known_on: date | None) -> Snapshot:
    if known_on is None:
        return data_folder().current()
    snapshot, warning = data_folder().known_on(known_on)
    if warning:
        click.echo(f"resolver: {warning}", err=True)
    return snapshot


def _against(snapshot: Snapshot) -> str:
    held = snapshot.manifest.datasets
    stale = [f"{one.name} (of {one.list_date})" for one in held if one.stale(date.today())]
    text = f"Screened against snapshot {snapshot.version}: {', '.join(one.name for one in held)}."
    return text + (f" Stale: {', '.join(stale)}." if stale else "")


def _fail_on(rows: Sequence[Mapping[str, str]], level: str | None) -> None:
    serious = {"act": ("act",), "review": ("act", "review"), None: ()}[level]
    if any(row["level"] in serious for row in rows):
        sys.exit(10)


@cli.command()
@click.argument("name", nargs=-1, required=True)
@click.option("--country", default="", metavar="CC", help="Two-letter country of the vendor.")
@click.option("--id", "ids", multiple=True, metavar="SCHEME:VALUE", help="An identifier: lei:..., uscc:..., gb-coh:...")
@click.option("--address", "addresses", multiple=True)
@click.option("--eccn", default="", metavar="ECCN", help="The item's ECCN: 3A090.a and its kin ask for headquarters.")
@_screening_options
@click.option("--format", "form", type=click.Choice(("table", "json", "csv")), default="table", show_default=True)
def screen(
    name: tuple[str, ...], country: str, ids: tuple[str, ...], addresses: tuple[str, ...], eccn: str, as_of: date,
    known_on: date | None, regimes: tuple[str, ...], level: str, threshold: float | None,
    overrides: tuple[tuple[str, str], ...], fail_on: str | None, form: str,
) -> None:  # fmt: skip
    """Screens one vendor; further names are its aliases.

    \b
    Example:  resolver screen "Shenzhen SenseTime Technology Co., Ltd." --country cn
    """
    from resolver import report
    from resolver.screen import Party, Screener, as_reported
    from resolver.screen.vendors import query

    options = _options(as_of, regimes, level, threshold, overrides)
    asked, problems = query(name, country, ids, addresses)
    if problems:
        raise click.UsageError("; ".join(problems))
    snapshot = _snapshot(known_on)
    screening = Screener(snapshot).screen(name[0], Party("", asked, eccn=eccn), options)
    rows = as_reported(screening.rows, options)
    if form == "json":
        answer = {"query": list(name), "snapshot": snapshot.version, "as_of": as_of.isoformat(), "rows": rows}
        answer["matches"] = [_match_json(hit.entity.id, hit.status, hit.match) for hit in screening.hits.hits]
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    elif form == "csv":
        report.write_csv(rows, (), sys.stdout)
    else:
        click.echo(report.table(rows, _width()))
        click.echo(_against(snapshot), err=True)
    _fail_on(rows, fail_on)


def _width() -> int:
    import shutil

    return shutil.get_terminal_size((100, 24)).columns


def _match_json(id: str, status: str, match: Any) -> dict[str, Any]:
    features = [{"name": one.name, "score": one.score, "detail": one.detail} for one in match.features]
    return {"entity": id, "status": status, "name": match.name.text, "score": match.score, "features": features}


@cli.command()
@click.argument("vendors", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, metavar="REPORT.csv", help="Where the report goes; - is stdout.")
@click.option("--xlsx", type=click.Path(path_type=Path), help="The same report as a workbook.")
@click.option("--map", "columns", multiple=True, type=Pairs(), help="Which field a column of another name holds.")
@click.option("--print", "shown", is_flag=True, help="Show the report as a table too, a line a row.")
@click.option("--excel", is_flag=True, help="Begin the file with a byte order mark, for Excel.")
@_screening_options
def batch(
    vendors: Path, output: str, xlsx: Path | None, columns: tuple[tuple[str, str], ...], shown: bool, excel: bool,
    as_of: date,
    known_on: date | None, regimes: tuple[str, ...], level: str, threshold: float | None,
    overrides: tuple[tuple[str, str], ...], fail_on: str | None,
) -> None:  # fmt: skip
    """Screens a vendor file: every row of it comes back at least once.

    \b
    Example:  resolver batch fixtures/world/vendors.csv -o report.csv
    """
    from resolver import report
    from resolver.screen.batch import batch as run

    options = _options(as_of, regimes, level, threshold, overrides)
    if any(target is not None and Path(target).absolute() == vendors.absolute() for target in (output, xlsx)):
        raise click.UsageError("the report would overwrite the vendor file: give it another name")
    done = run(_snapshot(known_on), vendors, dict(columns), options, shown_progress())
    if xlsx is not None:
        report.write_xlsx(done.rows, xlsx, input_columns=done.columns)
    with written(output) as stream:
        report.write_csv(done.rows, done.columns, stream, excel=excel)
    if shown:
        click.echo(report.overview(done.rows, _width()))
    click.echo(done.summary(), err=True)
    _fail_on(done.rows, fail_on)


@cli.command()
@click.argument("party", metavar="ENTITY|NAME")
@_screening_options
def explain(
    party: str, as_of: date, known_on: date | None, regimes: tuple[str, ...], level: str, threshold: float | None,
    overrides: tuple[tuple[str, str], ...], fail_on: str | None,
) -> None:  # fmt: skip
    """The ownership neighbourhood of a party, and the proof of each finding.

    \b
    Example:  resolver explain "SenseTime Group Inc."
    """
    from resolver.report import DISCLAIMER
    from resolver.screen.explain import explain as run

    options = _options(as_of, regimes, level, threshold, overrides)
    text, rows = run(_snapshot(known_on), party, options)
    click.echo(text)
    click.echo(DISCLAIMER, err=True)
    _fail_on(rows, fail_on)
