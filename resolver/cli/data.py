"""What is held: lists, refresh, import, diff."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict, astuple, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from resolver.cli.program import Pairs, cli, data_folder, shown_progress
from resolver.errors import InputError

if TYPE_CHECKING:
    from resolver.refresh import Refreshed

SHOWN_REASONS = 5
"""Rows set aside whose reasons are shown; `lists --format json` has more."""


@cli.command()
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
def lists(form: str) -> None:
    """Every dataset: title, licence, rows, snapshot date, age, legal effect, last result.

    \b
    Example:  resolver lists --format json
    """
    from resolver import catalog
    from resolver.errors import EmptyStoreError
    from resolver.store.holdings import holdings

    try:
        manifest = data_folder().current().manifest
    except EmptyStoreError:
        manifest = None
    rows = holdings(manifest, [module.dataset for module in catalog.datasets().values()], date.today())
    if form == "json":
        answer = {"snapshot": manifest.version if manifest else None, "datasets": rows}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    click.echo(f"snapshot {manifest.version}" if manifest else "nothing was fetched yet: run `resolver refresh`")
    for row in rows:
        mark = "!" if row["stale"] else " "
        when = f"{row['list_date']} ({row['age_days']} days)" if row["list_date"] else "never fetched"
        click.echo(f"{mark} {row['name']:<18} {row['rows']:>10,} rows  {when:<24} {row['licence']:<14} {row['title']}")
        if row["legal_effect"]:
            click.echo(f"    {row['legal_effect']}")
        if row["last_result"] != "ok":
            click.echo(f"    {row['last_result']}")


@cli.command()
@click.argument("datasets", nargs=-1)
@click.option("--from", "source", metavar="DIR|URL", help="Take the publishers' files from DIR/<dataset>/ or a base URL.")
@click.option("--strict", is_flag=True, help="Let floors and canaries bind under --from too.")
def refresh(datasets: tuple[str, ...], source: str | None, strict: bool) -> None:
    """Fetches the lists and registers, and builds a new snapshot.

    A list that fails keeps its last good data, is named, and makes the exit status 1; the others still come in.

    \b
    Example:  resolver refresh --from fixtures/world
    """
    from resolver.refresh import refresh as run

    _tell(run(data_folder(), datasets, source=source, strict=strict, progress=shown_progress()))


@cli.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="The name of the dataset that the file becomes.")
@click.option("--format", "form", type=click.Choice(("csv", "xlsx", "bods")), help="Default: by the file's ending.")
@click.option("--map", "columns", multiple=True, type=Pairs(), help="Which field a column of another name holds.")
def import_(file: Path, name: str, form: str | None, columns: tuple[tuple[str, str], ...]) -> None:
    """Makes your own ownership or ties a dataset.

    \b
    Example:  resolver import fixtures/world/own/ownership.csv --name research
    """
    from resolver.refresh import import_file

    endings = {".csv": "csv", ".xlsx": "xlsx", ".json": "bods", ".jsonl": "bods", ".zip": "bods"}
    chosen = form or endings.get(file.suffix.lower())
    if chosen is None:
        raise InputError(f"{file.name}: say what it is with --format csv, xlsx or bods")
    _tell(import_file(data_folder(), file, name, chosen, dict(columns)))


def _tell(refreshed: Refreshed) -> None:
    held = {one.name: one for one in refreshed.manifest.datasets} if refreshed.manifest else {}
    for result in refreshed.results:
        click.echo(f"{result.dataset}: {result.message}", err=result.status == "failed")
        if result.set_aside and result.dataset in held:
            for reason in held[result.dataset].reasons[:SHOWN_REASONS]:
                click.echo(f"  set aside: {reason}", err=True)
    if refreshed.manifest is not None:
        click.echo(f"snapshot {refreshed.manifest.version}")
    if refreshed.failed:
        sys.exit(1)


@cli.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--format", "form", type=click.Choice(("table", "csv", "json")), default="table", show_default=True)
def diff(old: str | None, new: str | None, form: str) -> None:
    """What changed between two snapshots; by default the newest two.

    \b
    Example:  resolver diff
    """
    from resolver import report
    from resolver.store.difference import Change, difference

    home = data_folder()
    versions = home.versions()
    newer = new or (versions[-1] if versions else "")
    older = old or next((version for version in reversed(versions) if version < newer), "")
    if not newer or not older:
        raise InputError("two snapshots are needed, and fewer are kept: run `resolver refresh` on another day")
    changes = list(difference(home.snapshot(older), home.snapshot(newer)))
    columns = [field.name for field in fields(Change)]
    if form == "json":
        click.echo(json.dumps([asdict(change) for change in changes], ensure_ascii=False, indent=1))
    elif form == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(columns)
        writer.writerows(map(report.as_text, astuple(change)) for change in changes)
    else:
        for change in changes:
            click.echo(f"{change.change:<8} {change.dataset} {change.kind} {change.name or change.entity}: {change.detail}")
        click.echo(f"{len(changes):,} changes from {older} to {newer}", err=True)
