"""Identifiers of companies, people and ships: one normal form for each scheme, and its check digit.

Two records that share an identifier of a STRONG scheme are one party whatever their names are, so a normal form must
never make two different numbers equal: what does not fit its scheme raises, and is no identifier at all. Where a number
carries a check digit it is verified: lei (ISO 17442, ISO 7064 mod 97-10), uscc (GB 32100-2015, mod 31), imo (IMO
resolution A.1117), inn and ogrn (Russian Federal Tax Service), isin (ISO 6166), with python-stdnum where it has them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier in its scheme's normal form. `scheme` is one of SCHEMES, in lower case."""

    scheme: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


def identifier(scheme: str, raw: str) -> Identifier:
    """The identifier in its normal form. `scheme` is one of SCHEMES, `reg:` and a country's two letters, or an alias.

    `reg:gb` with a number in the form of Companies House is gb-coh. Raises ValueError for an unknown scheme, a value
    that does not have the scheme's form, and a wrong check digit.
    """
    name = scheme.strip().lower()
    name = ALIASES.get(name, name)
    text = unicodedata.normalize("NFKC", raw).strip()
    if not text:
        raise ValueError(f"{name}: empty")
    if name == "reg:gb":
        name = "gb-coh"
    if name in SCHEMES:
        return Identifier(name, SCHEMES[name](text))
    if _REGISTER.fullmatch(name):
        return Identifier(name, _register(text))
    raise ValueError(f"unknown scheme of identifier {scheme!r}; known: {', '.join(sorted(SCHEMES))}, reg:<country>")


def read(text: str) -> Identifier | None:
    """The identifier in a text `scheme:value`, or None for a text without a known scheme before its colon.

    A bare LEI or Unified Social Credit Code with a right check digit is recognised without its scheme. Raises ValueError
    where the scheme is known and the value is malformed.
    """
    text = text.strip()
    scheme, colon, value = text.partition(":")
    scheme = scheme.strip().lower()
    if scheme == "reg" and value[2:3] == ":":
        scheme, value = f"reg:{value[:2].lower()}", value[3:]
    if colon and (scheme in SCHEMES or scheme in ALIASES or _REGISTER.fullmatch(scheme)):
        return identifier(scheme, value)
    for bare in ("lei", "uscc"):
        try:
            return identifier(bare, text)
        except ValueError:
            continue
    return None


_REGISTER = re.compile(r"reg:[a-z]{2}")
_SEPARATORS = re.compile(r"[\s\-./]+")


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", text).upper()


def _checked(name: str, validate: Callable[[str], str], text: str) -> str:
    from stdnum.exceptions import ValidationError

    try:
        return str(validate(_compact(text)))
    except ValidationError as error:
        raise ValueError(f"{name}: {text!r}: {error}") from error


def _lei(text: str) -> str:
    value = _compact(text)
    if not re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", value, re.ASCII):
        raise ValueError(f"lei: {text!r} is not of 18 letters or digits and two check digits")
    if int("".join(str(int(character, 36)) for character in value)) % 97 != 1:
        raise ValueError(f"lei: {text!r} has a wrong check digit")
    return value


def _uscc(text: str) -> str:
    from stdnum.cn import uscc

    return _checked("uscc", uscc.validate, text)


def _imo(text: str) -> str:
    from stdnum import imo

    return _checked("imo", imo.validate, re.sub(r"^\s*IMO\s*(NO\.?|NUMBER)?[\s:.]*", "", text, flags=re.IGNORECASE))


def _inn(text: str) -> str:
    from stdnum.ru import inn

    return _checked("inn", inn.validate, text)


def _ogrn(text: str) -> str:
    from stdnum.ru import ogrn

    return _checked("ogrn", ogrn.validate, text)


def _isin(text: str) -> str:
    from stdnum import isin

    return _checked("isin", isin.validate, text)


COMPANIES_HOUSE = frozenset(
    "AC BR CE CS ES FC FE GE GN GS IC IP LP NA NC NF NI NL NO NP NR NV NZ OC OE PC R RC RS SA SC SE SF SG SI SL SO SP SR SZ "
    "ZC".split()
)
"""Prefixes of Companies House numbers ("Uniform resource identifiers", 2023); England and Wales has none."""

_GB_NUMBER = re.compile(r"([A-Z]{0,2})([0-9]{1,8})(R?)")
_GB_WORDS = frozenset(
    "UNITED KINGDOM ENGLAND AND WALES SCOTLAND NORTHERN IRELAND UK GB COMPANIES HOUSE COMPANY REGISTERED REGISTRATION REG "
    "NUMBER NUM NO CRN CO THE IN AT".split()
)


def _gb_coh(text: str) -> str:
    """Eight characters, filled up with zeros behind the prefix; the words people write around it are passed over."""
    words = re.sub(r"[^A-Z0-9]+", " ", text.upper()).split()
    places = [place for place, word in enumerate(words) if any(map(str.isdigit, word))]
    found = _GB_NUMBER.fullmatch(words[places[0]]) if len(places) == 1 else None
    if found is None:
        raise ValueError(f"gb-coh: {text!r} is not a Companies House number")
    prefix, digits, suffix = found.groups()
    before = words[: places[0]]
    if not prefix and before and before[-1] in COMPANIES_HOUSE and (before[-1] not in _GB_WORDS or len(digits) == 6):
        prefix = before.pop()
    rest = [word for word in before + words[places[0] + 1 :] if word not in _GB_WORDS]
    value = prefix + digits.lstrip("0").zfill(8 - len(prefix) - len(suffix)) + suffix
    if rest or (prefix and prefix not in COMPANIES_HOUSE) or len(value) != 8 or not int(digits):
        raise ValueError(f"gb-coh: {text!r} is not a Companies House number")
    return value


_SPACES = re.compile(r"\s+")


def _digits(name: str, shortest: int, longest: int) -> Callable[[str], str]:
    """A scheme of digits whose leading zeros mean nothing."""

    def read_digits(text: str) -> str:
        value = _compact(text).lstrip("0")
        if not (value.isascii() and value.isdigit() and shortest <= len(value) <= longest):
            raise ValueError(f"{name}: {text!r} is not a number of {shortest} to {longest} digits")
        return value

    return read_digits


def _duns(text: str) -> str:
    value = _compact(text)
    if not re.fullmatch(r"[0-9]{9}", value, re.ASCII):
        raise ValueError(f"duns: {text!r} is not of nine digits")
    return value


def _wikidata(text: str) -> str:
    value = text.strip().rpartition("/")[2].upper()
    if not re.fullmatch(r"Q[1-9][0-9]*", value, re.ASCII):
        raise ValueError(f"wikidata: {text!r} is not an item such as Q42")
    return value


def _opencorporates(text: str) -> str:
    found = re.fullmatch(
        r"(?:https?://opencorporates\.com/companies/|/?companies/)?([a-z]{2}(?:_[a-z]{2,3})?)/([\w.\- ]+?)/?",
        text.strip(),
        re.I,
    )
    if found is None:
        raise ValueError(f"opencorporates: {text!r} is not <jurisdiction>/<number>")
    return f"{found[1].lower()}/{found[2].upper().strip()}"


def _register(text: str) -> str:
    """A national register's number: letters and digits in capitals, nothing else; zeros in front belong to it."""
    capitals = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.upper()).upper())
    value = "".join(character for character in capitals if character.isalnum())
    if not any(character.isdigit() for character in value):
        raise ValueError(f"register number {text!r} holds no digit")
    return value


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _capitals(text: str) -> str:
    value = _SPACES.sub("", text).upper()
    if not value.isascii():
        raise ValueError(f"{text!r} is not of letters and digits")
    return value


SCHEMES: dict[str, Callable[[str], str]] = {
    "bic": _capitals,
    "call-sign": _capitals,
    "cik": _digits("cik", 1, 10),
    "duns": _duns,
    "entity": _plain,
    "figi": _capitals,
    "gb-coh": _gb_coh,
    "imo": _imo,
    "inn": _inn,
    "isin": _isin,
    "lei": _lei,
    "mmsi": _digits("mmsi", 9, 9),
    "national-id": _register,
    "ofac-uid": _digits("ofac-uid", 1, 10),
    "ogrn": _ogrn,
    "opencorporates": _opencorporates,
    "passport": _register,
    "permid": _digits("permid", 1, 12),
    "registration": _register,
    "swift": _capitals,
    "tax": _register,
    "ticker": _capitals,
    "uscc": _uscc,
    "website": _plain,
    "wikidata": _wikidata,
}
"""Every scheme and the function that reads its values; `reg:<country>` (a national register) stands beside them."""

ALIASES = {
    "companies-house": "gb-coh",
    "company-number": "registration",
    "crn": "gb-coh",
    "gb_coh": "gb-coh",
    "id": "entity",
    "ofac": "ofac-uid",
    "ofac_uid": "ofac-uid",
    "usci": "uscc",
    "usc": "uscc",
}

STRONG = frozenset(
    ("cik", "duns", "entity", "figi", "gb-coh", "imo", "inn", "lei", "ofac-uid", "ogrn", "opencorporates", "permid", "uscc",
     "wikidata")
)  # fmt: skip
"""Schemes whose values belong to one party for good. An ISIN names a security; a ticker, a call sign or an MMSI may
pass on; passport and tax numbers lack their country. Every `reg:<country>` is strong as well: ask `strong`."""


def strong(one: Identifier) -> bool:
    """Whether the identifier alone decides that two records are one party."""
    return one.scheme in STRONG or one.scheme.startswith("reg:")
