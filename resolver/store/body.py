"""A statement as the JSON that a segment keeps of it, without the keys that stand in columns of their own."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from typing import Any

from resolver.identifiers import Identifier
from resolver.model import Entity, Interest, Link, Listing, Name, NameKind, Schema
from resolver.share import Share


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _read_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def entity_body(entity: Entity) -> str:
    """An entity as JSON, without its id."""
    return _compact(
        [
            entity.schema.value,
            [[name.text, name.kind.value, name.lang, name.script] for name in entity.names],
            entity.countries,
            entity.jurisdiction,
            entity.addresses,
            [[one.scheme, one.value] for one in entity.identifiers],
            entity.incorporation_date,
            entity.dissolution_date,
            entity.birth_date,
            entity.topics,
        ]
    )


def read_entity(id: str, body: str) -> Entity:
    """An entity from its JSON."""
    schema, names, countries, jurisdiction, addresses, identifiers, incorporated, dissolved, born, topics = json.loads(body)
    return Entity(
        id=id,
        schema=Schema(schema),
        names=tuple(Name(text, NameKind(kind), lang, script) for text, kind, lang, script in names),
        countries=tuple(countries),
        jurisdiction=jurisdiction,
        addresses=tuple(addresses),
        identifiers=tuple(Identifier(scheme, value) for scheme, value in identifiers),
        incorporation_date=incorporated,
        dissolution_date=dissolved,
        birth_date=born,
        topics=tuple(topics),
    )


def listing_body(listing: Listing) -> str:
    """A listing as JSON, without its id, entity and list."""
    return _compact(
        [
            listing.authority,
            listing.program,
            listing.measure,
            listing.scope,
            _day(listing.listing_date),
            _day(listing.end_date),
            listing.reason,
            listing.licence_requirement,
            listing.licence_policy,
            listing.citation,
            listing.source_url,
        ]
    )


def read_listing(id: str, entity: str, list_code: str, body: str) -> Listing:
    """A listing from its JSON."""
    authority, program, measure, scope, start, end, reason, requirement, policy, citation, url = json.loads(body)
    return Listing(
        id=id,
        entity=entity,
        list=list_code,
        authority=authority,
        program=tuple(program),
        measure=measure,
        scope=scope,
        listing_date=_read_day(start),
        end_date=_read_day(end),
        reason=reason,
        licence_requirement=requirement,
        licence_policy=policy,
        citation=citation,
        source_url=url,
    )


def interest_body(interest: Interest) -> str:
    """An interest as JSON, without its id and its two ends."""
    share = interest.share
    ends = [str(share.minimum), str(share.maximum), share.exclusive_minimum, share.exclusive_maximum] if share else None
    return _compact(
        [
            interest.type,
            interest.direct_or_indirect,
            ends,
            _day(interest.start_date),
            _day(interest.end_date),
            interest.joint,
            interest.source,
        ]
    )


def read_interest(id: str, subject: str, interested_party: str, body: str) -> Interest:
    """An interest from its JSON."""
    type_, direct_or_indirect, ends, start, end, joint, source = json.loads(body)
    share = Share(Fraction(ends[0]), Fraction(ends[1]), ends[2], ends[3]) if ends else None
    return Interest(
        id=id,
        subject=subject,
        interested_party=interested_party,
        type=type_,
        direct_or_indirect=direct_or_indirect,
        share=share,
        start_date=_read_day(start),
        end_date=_read_day(end),
        joint=joint,
        source=source,
    )


def link_body(link: Link) -> str:
    """A link as JSON, without its id and its two ends."""
    return _compact([link.kind, _day(link.start_date), _day(link.end_date), link.source])


def read_link(id: str, subject: str, object: str, body: str) -> Link:
    """A link from its JSON."""
    kind, start, end, source = json.loads(body)
    return Link(id, kind, subject, object, _read_day(start), _read_day(end), source)
