"""Read arguments, call one function, print."""

from __future__ import annotations

import contextlib
import csv
import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from resolver import __version__
from resolver.errors import InputError, ResolverError, StoreError

if TYPE_CHECKING:
    from resolver.refresh import Refreshed
    from resolver.screen import Options
    from resolver.store import Home, Snapshot

LEVELS = ("act", "review", "all")
SHOWN_REASONS = 5
"""Rows set aside whose reasons are shown; `lists --format json` has more."""


class Day(click.ParamType[date]):
    """A whole day, as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a usage error."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day: write YYYY-MM-DD", param, ctx)


class Pairs(click.ParamType[tuple[str, str]]):
    """LEFT=RIGHT."""

    name = "COLUMN=FIELD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The two sides, or a usage error."""
        if isinstance(value, tuple):
            return value
        left, equals, right = value.partition("=")
        if not equals or not left.strip() or not right.strip():
            wanted = param.metavar if isinstance(param, click.Option) and param.metavar else self.name
            self.fail(f"{value!r} is not {wanted}", param, ctx)
        return left.strip(), right.strip()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="resolver")
@click.option("--debug", is_flag=True, envvar="RESOLVER_DEBUG", help="Show a traceback where something fails.")
def cli(debug: bool) -> None:
    """Finds unlisted companies that sanctioned and export-controlled parties own, control or stand beside.

    Potential matches and what public sources say; no clearance, and not legal advice.
    """


def main() -> None:
    """The command `resolver`: 0 done, 1 an error in one line, 2 usage, 10 a finding under --fail-on."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        if any("\udc80" <= character <= "\udcff" for argument in sys.argv for character in argument):
            raise InputError("an argument is not UTF-8 text: check the terminal's encoding")
        with _store_errors():
            cli(standalone_mode=True)
    except ResolverError as error:
        _fail(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


@contextmanager
def _store_errors() -> Iterator[None]:
    """Turns what SQLite says of a damaged file into one line."""
    try:
        yield
    except Exception as error:
        from resolver.store.disk import is_damage

        if not is_damage(error):
            raise
        line = f"the data folder is damaged: {error}; remove its folder `segments` and run `resolver refresh`"
        raise StoreError(line) from error


def _fail(error: ResolverError) -> None:
    if "--debug" in sys.argv[1:] or os.environ.get("RESOLVER_DEBUG", "").lower() in ("1", "true", "yes", "on"):
        raise error
    click.echo(f"resolver: {' '.join(str(error).split())}", err=True)
    sys.exit(1)


def _home() -> Home:
    from resolver.store import Home, default_home

    return Home(default_home())


def _progress() -> Callable[[str], None]:
    """Says what is being done on a terminal, and nothing in a pipe."""
    if sys.stderr.isatty():
        return lambda line: click.echo(line, err=True)
    return lambda line: None


@contextmanager
def _output(target: str) -> Iterator[TextIO]:
    """Where a report goes: `-` is stdout, and a file is in place only when it is whole."""
    if target == "-":
        yield sys.stdout
        return
    path = Path(target)
    if not path.name or path.is_dir():
        raise InputError(f"cannot write {target!r}: it is no file")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "w", encoding="utf-8", newline="") as stream:
            yield stream
        os.replace(temporary, path)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


# ---------------------------------------------------------------------------------------------------- lists and refresh


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
        manifest = _home().current().manifest
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

    _tell(run(_home(), datasets, source=source, strict=strict, progress=_progress()))


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
    _tell(import_file(_home(), file, name, chosen, dict(columns)))


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


# ------------------------------------------------------------------------------------------------------------- screening


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

    _check_regimes(regimes)
    table.check(dict(overrides))
    if threshold is not None and math.isnan(threshold):
        raise click.UsageError("--threshold nan is no score")
    least = DEFAULT_THRESHOLD if threshold is None else threshold
    return Options(as_of, tuple(regimes), Level(level), least, dict(overrides))


def _check_regimes(codes: Sequence[str]) -> None:
    """Refuses a code that is no regime; a list's code is one only where no regime takes the list."""
    from resolver import regimes as table

    for code in codes:
        listed = table.LISTS.get(code)
        if listed is not None and listed.regimes and code not in table.REGIMES:
            raise click.UsageError(f"{code} is a list: ask for its regime, {' or '.join(listed.regimes)}")
        if code not in table.REGIMES and not table.is_list(code):
            raise click.UsageError(f"no regime {code}: there are {', '.join(table.REGIMES)}")


def _snapshot(known_on: date | None) -> Snapshot:
    if known_on is None:
        return _home().current()
    snapshot, warning = _home().known_on(known_on)
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
    done = run(_snapshot(known_on), vendors, dict(columns), options, _progress())
    if xlsx is not None:
        report.write_xlsx(done.rows, xlsx, input_columns=done.columns)
    with _output(output) as stream:
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


# ------------------------------------------------------------------------------------------- rules, names and snapshots


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

    _check_regimes(regimes)
    findings = calculate.calculate(edges, listed, entities, as_of, list(regimes) or None, dict(overrides))
    with _output(output) as stream:
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
    with _output(output) as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows({column: as_text(cell) for column, cell in row.items()} for row in rows)


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

    home = _home()
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


def _named_in_the_environment(commands: Mapping[str, click.Command]) -> None:
    """Lets every option be set as RESOLVER_<COMMAND>_<OPTION>, by the name that the option has on the command line."""
    for name, command in commands.items():
        for option in command.params:
            if isinstance(option, click.Option):
                longest = max(option.opts, key=len).lstrip("-").replace("-", "_")
                option.envvar = f"RESOLVER_{name}_{longest}".upper()


_named_in_the_environment(cli.commands)

if __name__ == "__main__":
    main()
