"""Where a person or a company is from, in the words that people type into Companies House's forms."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

from resolver.countries import country

_KINGDOM = frozenset(
    (
        "britain", "british", "companieshouse", "companieshouseuk", "companieshouseunitedkingdom", "england",
        "englandandwales", "englandwales", "gb", "greatbritain", "northernireland", "registrarofcompaniesenglandandwales",
        "scotland", "uk", "ukcompanieshouse", "unitedkingdom", "unitedkingdomengland", "unitedkingdomenglandandwales",
        "wales", "walesandengland",
    )
)  # fmt: skip
"""Letters alone. "Registrar of Companies" is not among them: Hong Kong, Gibraltar and others have one too."""

_OTHER_WORDS = {
    "delaware": "us", "eire": "ie", "holland": "nl", "ireland, republic of": "ie", "republic of ireland": "ie",
    "southern ireland": "ie", "state of delaware": "us", "united states of america": "us", "peoples republic of china": "cn",
}  # fmt: skip
_NATIONALITIES = """
af afghan|au australian|at austrian|bd bangladeshi|be belgian|br brazilian|gb british,english,scottish,welsh,northern irish
bg bulgarian|ca canadian|cn chinese|cy cypriot|cz czech|dk danish|nl dutch|eg egyptian|ee estonian|fi finnish|fr french
de german|gh ghanaian|gr greek|hk hong konger|hu hungarian|in indian|id indonesian|ir iranian|iq iraqi|ie irish|il israeli
it italian|jp japanese|jo jordanian|kz kazakh,kazakhstani|ke kenyan|kw kuwaiti|lv latvian|lb lebanese|lt lithuanian
lu luxembourger|my malaysian|mt maltese|mu mauritian|mx mexican|md moldovan|ma moroccan|np nepalese|nz new zealander
ng nigerian|no norwegian|pk pakistani|ph filipino|pl polish|pt portuguese|ro romanian|ru russian|sa saudi arabian
rs serbian|sg singaporean|sk slovak|si slovenian|za south african|kr south korean|es spanish|lk sri lankan|se swedish
ch swiss|sy syrian|tw taiwanese|th thai|tr turkish|ua ukrainian|ae emirati|us american|uz uzbek|by belarusian|vn vietnamese
ve venezuelan|kp north korean|cu cuban|am armenian|az azerbaijani|ge georgian|kg kyrgyz|tj tajik|tm turkmen
"""
_CODES = {
    name: entry[:2]
    for entry in " ".join(_NATIONALITIES.split()).replace("| ", "|").split("|")
    for name in entry[3:].split(",")
}


@lru_cache(maxsize=4096)
def kingdom(text: str) -> bool:
    """Whether the words name the United Kingdom, one of its nations or its registrar. A slip of the pen is forgiven
    ("Englang", "United Kingdon"), another country never: "Iceland" and "Ireland" are too far from "England"."""
    word = re.sub(r"[^a-z]", "", text.lower())
    if word in _KINGDOM:
        return True
    if len(word) < 5 or country(text):
        return False
    return bool(difflib.get_close_matches(word, _KINGDOM, 1, 0.85))


@lru_cache(maxsize=4096)
def place(text: str) -> str | None:
    """The code of a country, None where the words name none."""
    return country(text) or _OTHER_WORDS.get(" ".join(text.lower().split())) or ("gb" if kingdom(text) else None)


@lru_cache(maxsize=4096)
def nationalities(text: str) -> tuple[str, ...]:
    """The codes of a nationality; people write several with a comma or a slash."""
    codes = []
    for one in re.split(r"[,/]", text.lower()):
        word = " ".join(one.split())
        if code := _CODES.get(word) or place(word):
            codes.append(code)
    return tuple(dict.fromkeys(codes))
