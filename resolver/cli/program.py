"""The program, the types of its arguments, and what its commands share: the data folder, progress, where output goes."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from resolver import __version__
from resolver.errors import InputError

if TYPE_CHECKING:
    from resolver.store import Home


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


def data_folder() -> Home:
    """The data folder that RESOLVER_HOME names, or the platform's."""
    from resolver.store import Home, default_home

    return Home(default_home())


def shown_progress() -> Callable[[str], None]:
    """Says what is being done on a terminal, and nothing in a pipe."""
    if sys.stderr.isatty():
        return lambda line: click.echo(line, err=True)
    return lambda line: None


@contextmanager
def written(target: str) -> Iterator[TextIO]:
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


def check_regimes(codes: Sequence[str]) -> None:
    """Refuses a code that is no regime; a list's code is one only where no regime takes the list."""
    from resolver import regimes as table

    for code in codes:
        listed = table.LISTS.get(code)
        if listed is not None and listed.regimes and code not in table.REGIMES:
            raise click.UsageError(f"{code} is a list: ask for its regime, {' or '.join(listed.regimes)}")
        if code not in table.REGIMES and not table.is_list(code):
            raise click.UsageError(f"no regime {code}: there are {', '.join(table.REGIMES)}")


def named_in_the_environment(commands: Mapping[str, click.Command]) -> None:
    """Lets every option be set as RESOLVER_<COMMAND>_<OPTION>, by the name that the option has on the command line."""
    for name, command in commands.items():
        for option in command.params:
            if isinstance(option, click.Option):
                longest = max(option.opts, key=len).lstrip("-").replace("-", "_")
                option.envvar = f"RESOLVER_{name}_{longest}".upper()
