from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from resolver.errors import EmptyStoreError, LayoutError, StoreError
from resolver.identifiers import Identifier
from resolver.model import Entity, Interest, Link, Listing, Name, NameKind, PublicList, Schema, Statement
from resolver.record import SetAside, Taken, Where
from resolver.share import parse_share
from resolver.store import Held, Home, Proposal, Segment
from resolver.store.difference import difference
from resolver.store.snapshot import write_links
from resolver.store.writing import shared_identifiers, write

ACME = Entity(
    id="xx-1",
    schema=Schema.COMPANY,
    names=(Name("Acme Ltd"), Name("阿克米有限公司", NameKind.ALIAS, "zh", "Hani")),
    countries=("gb",),
    jurisdiction="gb",
    addresses=("1 High Street, London",),
    identifiers=(Identifier("gb-coh", "01234567"),),
    incorporation_date="1999-05",
    topics=("fund",),
)
LISTING = Listing("xx-1-a", "xx-1", "us-bis-el", "BIS", ("P1", "P2"), listing_date=date(2020, 1, 2), citation="85 FR 1")
HOLDING = Interest("xx-h", "xx-2", "xx-1", share=parse_share("(25,50]"), start_date=date(2021, 1, 1), joint="j", source="s")
TIE = Link("xx-l", "provides_compute_to", "xx-2", "xx-1", end_date=date(2024, 1, 1), source="press")
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def taken(*statements: Statement) -> Iterator[Taken[Statement]]:
    for number, statement in enumerate(statements, 1):
        yield Taken(Where("file.csv", number), (statement,))


def held(segment: str, **changes: object) -> Held:
    one = Held(
        name="xx", title="X", publisher="P", url="u", licence="l", country="gb", prefix="xx", format="xx", frequency="daily",
        imported=False, lists=(PublicList("us-bis-el", ("us-bis",), "licence required"),), layout_seen="", segment=segment,
        key=segment, rows=1, files={}, statements={"link": 1}, list_rows={}, entries={}, reasons=(), downloads=(),
        list_date="2026-11-20", retrieved_at="2026-11-20T00:00:00Z",
    )  # fmt: skip
    return replace(one, **changes)  # type: ignore[arg-type]


def test_what_is_written_is_read_back_equal(tmp_path: Path) -> None:
    bare = Entity("xx-2", Schema.LEGAL_ENTITY, ())
    counts = write(tmp_path / "a.sqlite", taken(ACME, bare, LISTING, HOLDING, TIE))
    segment = Segment(tmp_path / "a.sqlite")
    assert segment.entity("xx-1") == ACME
    assert segment.entity("xx-2") == bare
    assert segment.listings("xx-1") == [LISTING]
    assert list(segment.all_interests()) == [HOLDING]
    assert segment.links("xx-1") == segment.links("xx-2") == [TIE]
    assert segment.identified(Identifier("gb-coh", "01234567")) == ["xx-1"]
    assert counts.statements == {"entity": 2, "listing": 1, "interest": 1, "link": 1}
    assert counts.list_rows == {"us-bis-el": 1}


def test_records_of_one_id_become_one(tmp_path: Path) -> None:
    second = replace(ACME, names=(Name("Acme Limited"),), addresses=("2 Low Street",), countries=("cn",), identifiers=())
    write(tmp_path / "a.sqlite", taken(ACME, second))
    one = Segment(tmp_path / "a.sqlite").entity("xx-1")
    assert one is not None
    assert [name.text for name in one.names] == ["Acme Ltd", "阿克米有限公司", "Acme Limited"]
    assert one.addresses == ("1 High Street, London", "2 Low Street")
    assert one.countries == ("gb", "cn")


def test_one_id_cannot_say_two_things(tmp_path: Path) -> None:
    write(tmp_path / "same.sqlite", taken(LISTING, LISTING))
    with pytest.raises(LayoutError, match="xx-1-a"):
        write(tmp_path / "other.sqlite", taken(LISTING, replace(LISTING, citation="86 FR 2")))
    assert [path.name for path in tmp_path.iterdir()] == ["same.sqlite"]


def test_rows_are_counted_and_set_aside_with_their_reason(tmp_path: Path) -> None:
    nothing: tuple[Statement, ...] = ()
    outcomes = [*taken(ACME), SetAside(Where("file.csv", 2), "no name", "{}"), Taken(Where("other.csv", 1), nothing)]
    counts = write(tmp_path / "a.sqlite", outcomes)
    assert {name: (one.read, one.kept, one.set_aside) for name, one in counts.files.items()} == {
        "file.csv": (2, 1, 1),
        "other.csv": (1, 1, 0),
    }
    assert counts.reasons == ["file.csv, row 2: no name"]
    rows = sqlite3.connect(tmp_path / "a.sqlite").execute("SELECT file, row, reason FROM set_aside").fetchall()
    assert rows == [("file.csv", 2, "no name")]


def test_a_list_that_breaks_off_leaves_no_segment(tmp_path: Path) -> None:
    def broken() -> Iterator[Taken[Statement]]:
        yield from taken(ACME)
        raise ValueError("cut off")

    with pytest.raises(ValueError, match="cut off"):
        write(tmp_path / "a.sqlite", broken())
    assert list(tmp_path.iterdir()) == []


def test_an_empty_home_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(EmptyStoreError, match="resolver refresh"):
        Home(tmp_path / "nowhere").current()


def snapshot_of(home: Home, name: str, *statements: Statement, joined: str = "j", now: datetime = NOW) -> None:
    write(home.segments / name, taken(*statements))
    with home.new_joined(joined) as folder:
        if folder is not None:
            for other in ("graph", "listed", "others"):
                (folder / other).write_bytes(b"")
            write_links(
                folder / "links.sqlite", [("xx-2", "xx-1"), ("xx-1", "xx-1")], [Proposal("xx-1", "yy-1", "Acme", 0.9)]
            )
    home.publish(joined, (held(name),), "0", now)


def test_a_reader_keeps_its_snapshot_while_another_is_published(tmp_path: Path) -> None:
    home = Home(tmp_path)
    snapshot_of(home, "old.sqlite", ACME, LISTING)
    reader = home.current()
    snapshot_of(home, "new.sqlite", replace(ACME, names=(Name("Renamed"),)), now=NOW.replace(hour=7))
    assert reader.entity("xx-1") == ACME
    assert reader.listings("xx-1") == [LISTING]
    newer = home.current().entity("xx-1")
    assert newer is not None and newer.caption == "Renamed"
    assert len(home.versions()) == 2


def test_records_of_a_cluster_and_proposals(tmp_path: Path) -> None:
    home = Home(tmp_path)
    snapshot_of(home, "a.sqlite", ACME)
    links = home.current().links_file
    assert links.canonical("xx-2") == "xx-1"
    assert links.canonical("xx-9") == "xx-9"
    assert links.members("xx-1") == ["xx-1", "xx-2"]
    assert links.members("xx-9") == ["xx-9"]
    assert links.proposals("xx-1") == [Proposal("xx-1", "yy-1", "Acme", 0.9)]


def test_a_lookup_opens_the_dataset_of_the_longest_prefix(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write(home.segments / "a.sqlite", taken(ACME))
    write(home.segments / "b.sqlite", taken(replace(ACME, id="xx-y-1")))
    datasets = (held("a.sqlite"), held("b.sqlite", name="xy", prefix="xx-y"))
    home.publish("j", datasets, "0", NOW)
    snapshot = home.current()
    assert [one.name if (one := snapshot.held(id)) else None for id in ("xx-1", "xx-y-1", "zz-1")] == ["xx", "xy", None]


def test_what_was_known_on_a_day(tmp_path: Path) -> None:
    home = Home(tmp_path)
    snapshot_of(home, "a.sqlite", ACME, now=datetime(2026, 1, 5, tzinfo=UTC))
    snapshot_of(home, "b.sqlite", ACME, now=datetime(2026, 3, 5, tzinfo=UTC))
    assert home.known_on(date(2026, 2, 1))[0].version.startswith("20260105")
    assert home.known_on(date(2026, 3, 5))[0].version.startswith("20260305")
    snapshot, warning = home.known_on(date(2025, 1, 1))
    assert snapshot.version.startswith("20260105") and "stands in" in warning


def test_one_writer_at_a_time_and_leftovers_are_swept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.segments.mkdir(parents=True)
    (home.segments / ".tmp-1-x.sqlite").write_text("half")
    with home.locked():
        assert list(home.segments.iterdir()) == []
        with pytest.raises(StoreError, match="another refresh"), Home(tmp_path).locked():
            pass


def test_shared_identifiers_name_the_records_that_carry_them(tmp_path: Path) -> None:
    other = Entity("yy-1", Schema.COMPANY, (), identifiers=(Identifier("gb-coh", "01234567"), Identifier("entity", "xx-1")))
    alone = Entity("yy-2", Schema.COMPANY, (), identifiers=(Identifier("ticker", "ACME"),))
    write(tmp_path / "a.sqlite", taken(ACME))
    write(tmp_path / "b.sqlite", taken(other, alone))
    segments = [Segment(tmp_path / "a.sqlite"), Segment(tmp_path / "b.sqlite")]
    shared = list(shared_identifiers(segments, lambda one: one.scheme != "ticker", tmp_path / "scratch"))
    assert shared == [
        ("entity:xx-1", "xx-1"),
        ("entity:xx-1", "yy-1"),
        ("gb-coh:01234567", "xx-1"),
        ("gb-coh:01234567", "yy-1"),
    ]


def test_difference_of_two_snapshots(tmp_path: Path) -> None:
    home = Home(tmp_path)
    gone, kept = replace(LISTING, id="xx-1-b"), replace(LISTING, id="xx-1-c")
    snapshot_of(home, "a.sqlite", ACME, LISTING, gone, HOLDING)
    older = home.current()
    longer = replace(HOLDING, share=parse_share("60"))
    snapshot_of(home, "b.sqlite", ACME, replace(LISTING, citation="85 FR 1; 86 FR 2"), kept, longer, now=NOW.replace(hour=9))
    changes = list(difference(older, home.current()))
    assert [(one.kind, one.change, one.id) for one in changes] == [
        ("listing", "amended", "xx-1-a"),
        ("listing", "removed", "xx-1-b"),
        ("listing", "added", "xx-1-c"),
        ("interest", "amended", "xx-h"),
    ]
    assert changes[0].detail == "citation: 85 FR 1 -> 85 FR 1; 86 FR 2"
    assert changes[3].detail == "share: (25..50] -> [60]"
    assert list(difference(older, older)) == []
