"""The floors: a room imports from lower floors only, and each third-party package lives in its room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "resolver"

FLOORS = {
    "errors": 0,
    "share": 1, "identifiers": 1, "countries": 1, "names": 1, "arrays": 1,
    "model": 2, "record": 2,
    "catalog": 3, "fetch": 3, "store": 3, "index": 3, "match": 3, "linker": 3, "graph": 3, "regimes": 3, "ledger": 3,
    "report": 3,
    "rules": 4,
    "refresh": 5, "screen": 5, "calculate": 5, "evaluate": 5,
    "monitor": 6, "replay": 6,
    "cli": 7,
}  # fmt: skip

ROOMS_OF = {
    "rapidfuzz": {"index", "match"},
    "networkx": {"graph", "rules"},
    "requests": {"fetch"},
    "pandas": {"report"},
    "click": {"cli"},
    "sqlite3": {"store", "ledger"},
    "lxml": {"record"},
    "python_calamine": {"record"},
    "numpy": {"graph", "index"},
    "opencc": {"names"},
    "anyascii": {"names"},
    "stdnum": {"identifiers"},
    "filelock": {"store"},
    "platformdirs": {"store"},
    "xlsxwriter": {"report"},
    "lists": {"catalog"},
}

LISTS_MAY_IMPORT = {"model", "record", "share", "identifiers", "countries", "errors"}

NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "manager", "base", "core", "services"}

TOP = {
    "README.md", "CHANGELOG.md", "LICENSE", "Makefile", "setup.cfg", "pyproject.toml", ".gitignore", ".gitattributes", ".ci",
    "lists", "resolver", "fixtures", "tests", "requirements.txt", "requirements-dev.txt",
}  # fmt: skip


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every import, wherever it stands; one under TYPE_CHECKING counts as well."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import hides the room"
            module = node.module or ""
            if module in ("resolver", "lists"):
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, module


@pytest.mark.parametrize("path", modules(PACKAGE), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_down(path: Path) -> None:
    room = room_of(path)
    if room in ("__init__", "__main__"):
        return
    assert room in FLOORS, f"{room} is no room of the house: give it a floor, with the reason in the commit"
    for line, name in imported(path):
        parts = name.split(".")
        if parts[0] == "resolver" and len(parts) > 1 and parts[1] != "__version__":
            other = parts[1]
            assert other in FLOORS, f"{path}:{line} imports {name}"
            assert other == room or FLOORS[other] < FLOORS[room], f"{path}:{line}: {room} imports {other}, up or sideways"
        elif parts[0] in ROOMS_OF:
            assert room in ROOMS_OF[parts[0]], f"{path}:{line}: {parts[0]} lives in {sorted(ROOMS_OF[parts[0]])}"


@pytest.mark.parametrize("path", modules(ROOT / "lists"), ids=lambda path: path.name)
def test_lists_know_the_words_alone(path: Path) -> None:
    for line, name in imported(path):
        parts = name.split(".")
        if parts[0] == "resolver":
            assert len(parts) > 1 and parts[1] in LISTS_MAY_IMPORT, f"{path}:{line} imports {name}"
        else:
            assert parts[0] not in ROOMS_OF or parts[0] == "lists", f"{path}:{line} imports {name}"


def test_names_say_what_a_thing_is() -> None:
    for path in [*modules(PACKAGE), *modules(ROOT / "lists")]:
        assert path.stem not in NAMES_THAT_SAY_NOTHING, path


def test_nothing_unplanned_at_the_top() -> None:
    tracked = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") or path.name in TOP}
    made = {"build", "dist", "report.csv"}
    unplanned = {name for name in tracked - TOP - made if not name.endswith(".egg-info")}
    assert not unplanned
