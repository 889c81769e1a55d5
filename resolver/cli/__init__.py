"""Read arguments, call one function, print."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from resolver.cli import alone, data, screening
from resolver.cli.program import cli, named_in_the_environment
from resolver.errors import InputError, ResolverError, StoreError

__all__ = ["alone", "cli", "data", "main", "screening"]

named_in_the_environment(cli.commands)


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
