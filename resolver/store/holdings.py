"""What is held of every dataset, for people and for monitoring: rows, age, licence, legal effect, last result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from resolver.model import Dataset, PublicList
from resolver.store.snapshot import Held, Manifest


def holdings(manifest: Manifest | None, datasets: Sequence[Dataset], today: date) -> list[dict[str, Any]]:
    """One row per dataset, sorted by name: the public ones, whether held or not, and the user's own."""
    held = {one.name: one for one in manifest.datasets} if manifest else {}
    rows = [_held(one, today) for one in held.values()]
    rows += [_missing(one) for one in datasets if one.name not in held]
    return sorted(rows, key=lambda row: str(row["name"]))


def _effects(lists: Sequence[PublicList]) -> str:
    return "; ".join(f"{one.code}: {one.legal_effect}" for one in lists)


def _held(one: Held, today: date) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "publisher": one.publisher,
        "licence": one.licence,
        "url": one.url,
        "rows": one.rows,
        "kept": sum(count["kept"] for count in one.files.values()),
        "set_aside": sum(count["set_aside"] for count in one.files.values()),
        "files": one.files,
        "statements": one.statements,
        "lists": one.list_rows,
        "entries": one.entries,
        "list_date": one.list_date,
        "retrieved_at": one.retrieved_at,
        "age_days": one.age(today),
        "stale": bool(one.stale(today)),
        "last_result": f"failed: {one.problem}" if one.problem else "ok",
        "legal_effect": _effects(one.lists),
        "layout_seen": one.layout_seen,
        "imported": one.imported,
        "reasons": list(one.reasons),
        "sha256": [download["sha256"] for download in one.downloads],
    }


def _missing(dataset: Dataset) -> dict[str, Any]:
    seen = dataset.layout_seen.isoformat() if dataset.layout_seen else ""
    return {
        "name": dataset.name,
        "title": dataset.title,
        "publisher": dataset.publisher,
        "licence": dataset.licence,
        "url": dataset.url,
        "rows": 0,
        "kept": 0,
        "set_aside": 0,
        "files": {},
        "statements": {},
        "lists": {},
        "entries": {},
        "list_date": "",
        "retrieved_at": "",
        "age_days": None,
        "stale": False,
        "last_result": "never fetched",
        "legal_effect": _effects(dataset.lists),
        "layout_seen": seen,
        "imported": False,
        "reasons": [],
        "sha256": [],
    }
