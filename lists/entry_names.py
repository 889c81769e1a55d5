"""A listed party's name, taken apart as the Bureau of Industry and Security writes it. Not a list itself.

The Entity List's prose is carried into the Consolidated Screening List cell by cell, so that one cell may hold a name and
its parent, its former name, its place, and whom else the entry reaches. Each shape below stands in the file of 2022-05-16:

    Huawei Technologies Co., Ltd. (Huawei).  Affiliated Entity:  Huawei Marine Networks Co., Ltd.   a parent and the party
    Gazprom Telekom, OOO (f.k.a. Zakrytoe Aktsionernoe Obshchestvo Gaztelekom)                     a former name
    Ardis Group of Companies LLC and any successor, sub-unit, or subsidiary thereof                a scope
    HiSilicon Tech (Suzhou) Co., Ltd., Suzhou, Jiangsu                                             a place
    Beijing Shangtang Technology Development Co., Ltd., and Sense Time                             two aliases
    FAU ?Glavgosekspertiza Rossii?                                                                 characters lost
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from resolver.model import Name, NameKind


@dataclass(frozen=True, slots=True)
class EntryName:
    """What a cell says: the party's names, its parent's name as the cell writes it, and the entry's scope."""

    names: tuple[Name, ...]
    parent: str = ""
    scope: str = ""


_SCOPE = re.compile(
    r"[,;]?\s+(?P<scope>(?:and (?:any|its|all|their)\b[^;]*?\b(?:success|sub-?unit|subsidiar|affiliate)"
    r"|including the (?:Armed Forces|national armed services)\b).*)$",
    re.IGNORECASE | re.DOTALL,
)
_PARENTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?P<parent>.+?)\.?\s+(?:Affiliated Entity|Subordinate Institution)\s*[:\-–]\s*(?P<name>.+)$",
        r"^(?P<name>.+?)\s*\(Parent Organization:\s*(?P<parent>.+)\)$",
        r"^(?P<name>.+?)\s*\(a subordinate institut(?:e|ion) of (?P<parent>[^()]+)\)$",
        r"^(?P<parent>.+?),? and subordinate entity\s+(?P<name>.+)$",
        r"^(?P<parent>Department of Atomic Energy) entity:\s*(?P<name>.+)$",
    )
)
_OTHER = re.compile(
    r"[,;]?\s*[(\[]\s*(?P<kind>[af]\.?k\.?a\.?)[,:]?\s+(?P<names>[^)\]]+(?:\([^)]*\)[^)\]]*)*)[)\]]", re.IGNORECASE
)
_ALSO = re.compile(r",?\s*\b(?P<kind>[af]\.k\.a\.),?\s+", re.IGNORECASE)
_AKA_COMMA = re.compile(r",\s+(?=[af]\.?k\.?a\.?\b)|;\s*", re.IGNORECASE)
_COMMA = re.compile(r"[,;]\s+")
_SHORT = re.compile(r"^(?P<base>.+\S)\s*\((?P<short>[A-Za-z0-9][\w&.\-– ]{1,15})\)$")
_FORM = (
    r"(?:Co|Company|Corp|Corporation|Inc|Incorporated|Ltd|Limited|L\.?L\.?C|P\.?L\.?C|LLP|GmbH|AG|S\.?A|B\.?V|Pte|Pty|Pvt|Sdn|Bhd"
    r"|JSC|PJSC|OJSC|CJSC|AO|OAO|OOO|PAO|ZAO)\.?"
)
_ENDS_IN_FORM = re.compile(rf"(?:^|[\s,]){_FORM}$", re.IGNORECASE)
_ONLY_FORMS = re.compile(rf"^{_FORM}(?:\s+{_FORM})*$", re.IGNORECASE)
_BEGINS_WITH_FORM = re.compile(r"^(?:AO|OAO|OOO|PAO|ZAO|JSC|LLC|NPP)\s")
_CAPITALS = re.compile(r"^[A-Z][A-Z0-9]{1,5}$")
_PLACE = re.compile(r"^(?P<base>.+?\b(?:Ltd\.?|Limited)),\s+(?P<place>[^,]+(?:,\s+[^,]+)?)$")
_UNIT = re.compile(r"Institut|Lab\b|Laborator|Cent(?:er|re)|Branch|Factory|Academy|Plant|Department|Bureau|Office|Group|\d")
_NUMBERED = re.compile(r"^(?:\d|Second Design Department)")
"""A part that is called by a number ("23rd Research Institute" of an academy): alone, the name of a hundred institutes."""
_LOST = (
    (re.compile(r"(?<=\w)\?s\b"), "'s"),
    (re.compile(r"(?<=[^\W\d])\?(?=[a-z])"), "'"),
    (re.compile(r"\?+"), " "),
)
_C1 = str.maketrans({code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)})
_ABBREVIATED = frozenset("co corp elec comm inc llc ltd tech st ter pvt pte bhd sdn".split())


def tidy(text: str) -> str:
    """One space between words, none around, and no comma or semicolon left hanging at the end."""
    return " ".join(text.split()).strip(" ,;")


def repaired(text: str) -> str:
    """A name with its lost characters made good as far as that is safe: `People?s` and `Xi?an` take an apostrophe, any other
    question mark becomes a space, and a Windows control character what it was meant to be."""
    text = text.translate(_C1)
    for pattern, replacement in _LOST:
        text = pattern.sub(replacement, text)
    return tidy(text)


def _kind(word: str) -> NameKind:
    return NameKind.FORMER if word[0].lower() == "f" else NameKind.ALIAS


@lru_cache(maxsize=8192)
def entry_name(text: str) -> EntryName:
    """What a cell of names says. The primary name keeps its brackets, place and lost characters; a plainer form of it
    is one more alias."""
    whole = tidy(text)
    scope = ""
    if found := _SCOPE.search(whole):
        whole, scope = tidy(whole[: found.start()]), found["scope"]
    parent = ""
    for pattern in _PARENTS:
        if found := pattern.match(whole):
            whole, parent = tidy(found["name"]), tidy(found["parent"])
            break
    names: list[Name] = []
    for found in _OTHER.finditer(whole):
        kind = _kind(found["kind"])
        # Brackets of this shape list names with bare commas: "[aka A, B]", the Nonproliferation Sanctions' habit.
        parts = (_COMMA if "[" in found[0] else _AKA_COMMA).split(found["names"])
        names.extend(Name(one, kind) for part in parts if (one := _without_aka(part)))
    if names:
        whole = tidy(_OTHER.sub("", whole)) or names.pop(0).text
    (primary, _), *also = _also(whole)
    plainer = [Name(one, NameKind.ALIAS) for cut in (_place_cut, _short_cut, _short) if (one := cut(primary))]
    if parent and _NUMBERED.match(primary):
        plainer.append(Name(primary, NameKind.WEAK))
        primary = f"{parent} {primary}"
    return EntryName(_with_repairs((Name(primary), *plainer, *(Name(*one) for one in also), *names)), parent, scope)


def _without_aka(text: str) -> str:
    return tidy(re.sub(r"^[af]\.?k\.?a\.?[,:]?\s+", "", tidy(text), flags=re.IGNORECASE))


def _also(text: str) -> list[tuple[str, NameKind]]:
    """A text cut at its bare `a.k.a.` and `f.k.a.`, each part with what the word before it says."""
    kind, start, parts = NameKind.ALIAS, 0, []
    for found in _ALSO.finditer(text):
        if before := tidy(text[start : found.start()]):
            parts.append((before, kind))
        kind, start = _kind(found["kind"]), found.end()
    if last := tidy(text[start:]):
        parts.append((last, kind))
    return parts or [(text, kind)]


def _place_cut(text: str) -> str:
    """A name without the place behind its legal form; "…Co., Ltd., Beijing Research Institute" is another party."""
    found = _PLACE.match(text)
    return found["base"] if found and not _ONLY_FORMS.match(found["place"]) and not _UNIT.search(found["place"]) else ""


def _short_cut(text: str) -> str:
    found = _SHORT.match(text)
    return tidy(found["base"]) if found and _is_short(found["base"], found["short"]) else ""


def _short(text: str) -> str:
    """The abbreviation in brackets behind a name, where it has four letters or more: three decide nothing."""
    found = _SHORT.match(text)
    if not found or not _is_short(found["base"], found["short"]) or _ENDS_IN_FORM.search(found["short"]):
        return ""
    return found["short"] if sum(map(str.isalnum, found["short"])) >= 4 else ""


def _is_short(base: str, short: str) -> bool:
    return short.upper() == short or f" {short.lower()} " in f" {base.lower().replace(',', ' ')} "


def _with_repairs(names: Iterable[Name]) -> tuple[Name, ...]:
    kept = []
    for name in names:
        kept.append(name)
        if (mended := repaired(name.text)) and mended != name.text:
            kept.append(Name(mended, NameKind.ALIAS if name.kind is NameKind.PRIMARY else name.kind))
    return tuple(dict.fromkeys(kept))


def plain_aliases(text: str) -> tuple[str, ...]:
    """The aliases of a cell that joins them with semicolons and nothing else (OFAC's rows)."""
    return tuple(one for part in text.split(";") if (one := tidy(part)))


def aliases(text: str) -> tuple[Name, ...]:
    """The aliases of a cell of the Bureau's: joined by semicolons with and without a space, the last one behind an "and",
    each perhaps several in prose, with an `f.k.a.` before a former one."""
    found: list[Name] = []
    for part in text.split(";"):
        one = re.sub(r"^(?:and\b|,)\s*", "", tidy(part))
        if not one or (one.startswith("(") and one.endswith(")")):
            continue
        found.extend(Name(_unpointed(piece), kind) for piece, kind in _pieces(one))
    return _with_repairs(found)


def _pieces(text: str) -> Iterator[tuple[str, NameKind]]:
    bracketed = [(found["kind"], found["names"]) for found in _OTHER.finditer(text)]
    for piece, kind in _also(tidy(_OTHER.sub("", text)) if bracketed else text):
        for one in _listed(piece):
            yield one, kind
    for word, names in bracketed:
        yield tidy(names), _kind(word)


def _listed(text: str) -> list[str]:
    """A list in prose as its names: cut at an "and", and at commas, only behind a legal form or before a mere abbreviation,
    because "Design and Research Center" and "Communication, Telemetry and Telecontrol" are one name each."""
    head, word, tail = text.rpartition(" and ")
    head, tail = tidy(head), tidy(re.sub(r"^the\s+", "", tail))
    if not word or not head or not (_ENDS_IN_FORM.search(head) or _stands_alone(head, tail)):
        return [text]
    names: list[str] = []
    for part in head.split(", "):
        if names and _ONLY_FORMS.match(part):
            names[-1] = f"{names[-1]}, {part}"
        else:
            names.append(part)
    if not all(_ENDS_IN_FORM.search(one) for one in names):
        names = [head]
    return [*names, tail]


def _stands_alone(head: str, tail: str) -> bool:
    return bool(_CAPITALS.match(tail) or _BEGINS_WITH_FORM.match(tail) or tail.endswith(f" {head}"))


def _unpointed(text: str) -> str:
    """Without the full stop that ends the prose, unless it ends an abbreviation; without a bracket nobody opened."""
    if text.endswith(").") and text.count(")") > text.count("("):
        text = text[:-2]
    last = text.rpartition(" ")[2]
    if text.endswith(".") and "." not in last[:-1] and last[:-1].lower() not in _ABBREVIATED and len(last) > 4:
        return text[:-1]
    return text
