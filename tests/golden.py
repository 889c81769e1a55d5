"""What a list says of its fixture, one line of JSON for each row: `fixtures/<dataset>/statements.jsonl`.

    python -m tests.golden us_trade_csl us_ofac_sdn     rewrites the two
    python -m tests.golden                              rewrites every one

Read the difference before committing it: the golden file is what the list promises. Fields that are empty are left out;
enumerations stand as their value, shares as their text, dates in ISO 8601.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from enum import Enum
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, BinaryIO

import lists
from resolver.model import Dataset, Statement
from resolver.record import SetAside, Taken
from resolver.share import Share

FIXTURES = Path(__file__).parents[1] / "fixtures"
GOLDEN = "statements.jsonl"

OWN = "own_"
"""A format of the user's own files is a template: its `parse` is told which dataset it reads."""

Outcome = Taken[Statement] | SetAside


def datasets() -> list[str]:
    """The name of every module of `lists` that has a DATASET."""
    names = sorted(module.name for module in pkgutil.iter_modules(lists.__path__))
    return [name for name in names if hasattr(importlib.import_module(f"lists.{name}"), "DATASET")]


def dataset(name: str) -> Dataset:
    """The DATASET of a list."""
    found = importlib.import_module(f"lists.{name}").DATASET
    assert isinstance(found, Dataset)
    return found


def sources(name: str, folder: Path) -> dict[str, Path]:
    """Resource key -> the one file of the folder whose name fits its patterns. Raises LookupError where several do, or
    where none does and the resource is required."""
    found: dict[str, Path] = {}
    for resource in dataset(name).resources:
        fitting = [
            path
            for path in sorted(folder.iterdir())
            if path.is_file() and path.name != GOLDEN and any(fnmatch(path.name.lower(), one) for one in resource.patterns)
        ]
        if len(fitting) > 1:
            raise LookupError(f"{name}: several files for {resource.key}: {', '.join(path.name for path in fitting)}")
        if fitting:
            found[resource.key] = fitting[0]
        elif resource.required:
            raise LookupError(f"{name}: no file in {folder} for {resource.key} ({', '.join(resource.patterns)})")
    return found


def outcomes(name: str, folder: Path | None = None) -> list[Outcome]:
    """What the list's `parse` says of the files of a folder (the dataset's fixture), in its order."""
    with ExitStack() as stack:
        paths = sources(name, folder or FIXTURES / name)
        files: Mapping[str, BinaryIO] = {key: stack.enter_context(path.open("rb")) for key, path in paths.items()}
        parse = importlib.import_module(f"lists.{name}").parse
        return list(parse(files, dataset(name)) if name.startswith(OWN) else parse(files))


def statements(found: Iterable[Outcome]) -> Iterator[Statement]:
    """Every statement of the rows that were kept."""
    for outcome in found:
        if isinstance(outcome, Taken):
            yield from outcome.values


def _plain(value: Any) -> Any:
    if isinstance(value, Share):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if dataclasses.is_dataclass(value):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {key: _plain(one) for key, one in fields.items() if one not in (None, "", ())}
    return value


def lines(found: Iterable[Outcome]) -> list[str]:
    """One line of JSON for each row."""
    written = []
    for outcome in found:
        line: dict[str, Any] = {"file": outcome.where.file, "row": outcome.where.row}
        if isinstance(outcome, SetAside):
            line["set_aside"] = outcome.reason
        else:
            line["statements"] = [{"statement": type(one).__name__, **_plain(one)} for one in outcome.values]
        written.append(json.dumps(line, ensure_ascii=False))
    return written


def golden_file(name: str) -> Path:
    """Where the golden file of a dataset stands."""
    return FIXTURES / name / GOLDEN


def main(names: list[str]) -> None:
    """Rewrites the golden files of the datasets named; of every dataset that has a fixture where none is."""
    for name in names or [one for one in datasets() if (FIXTURES / one).is_dir()]:
        written = lines(outcomes(name))
        golden_file(name).write_text("".join(f"{line}\n" for line in written), encoding="utf-8")
        print(f"{golden_file(name)}: {len(written)} rows")


if __name__ == "__main__":
    main(sys.argv[1:])
