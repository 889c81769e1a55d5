"""What to do next about a verdict: the question, the document that answers it, and whom to ask.

Nothing here calls anybody guilty of anything, and nothing says that a party may be dealt with: that is for a person.
"""

from __future__ import annotations

from resolver.model import Verdict

_QUESTIONS = {
    Verdict.NOT_SCREENED: (
        "Mend this row (its column error says what is wrong) and screen it again: ask whoever keeps the vendor file "
        "for the full legal name, the country and the registration number."
    ),
    Verdict.LISTED: (
        "Hold the transaction and ask {name} for its business licence or register extract: do registration number, "
        "address and names agree with the list entry?"
    ),
    Verdict.OWNED: (
        "Hold the transaction and ask {name} for its register of members and a group chart with percentages, dated "
        "and signed by an officer: does the listed side hold this much today?"
    ),
    Verdict.CONTROLLED: (
        "Hold the transaction and ask {name} for its articles, its list of directors and any agreement between its "
        "members: who may appoint or remove the majority of the board, or decide alone?"
    ),
    Verdict.POSSIBLY_OWNED: (
        "Hold the transaction and ask {name} for its register of members: what percentage does each holder in the "
        "path have today? The stated ranges leave both answers open."
    ),
    Verdict.UNKNOWN_SHARE: (
        "Hold the transaction and ask {name} for its register of members, or for the parent's last annual report: "
        "what percentage does each holder in the path have? No source states it."
    ),
    Verdict.HEADQUARTERS: (
        "Ask {name} for its register extract and its group chart up to the ultimate parent: where are they "
        "headquartered? Ask engineering for the item's ECCN: 3A090, 4A090 and their .z items need a licence to such a"
        " party."
    ),
    Verdict.SUSPENDED: (
        "The ownership rule is suspended on that day. Ask {name} for its register of members now, keep it, and screen"
        " again before the suspension ends; ask export-control counsel whether to seek the licence anyway."
    ),
    Verdict.LISTED_OWNER: (
        "Ask {name} for an end-use and end-user statement: does the listed owner itself receive, use or pay for "
        "anything? Ask compliance counsel whether house policy treats its companies as listed: no percentage rule "
        "applies here."
    ),
    Verdict.SERVES_LISTED: (
        "Ask {name} for the contract and the access records of the service: who uses it, from where, and does the "
        "listed party reach the item? Ask the same about the headquarters of its customer."
    ),
    Verdict.PARENT_OF_LISTED: (
        "Ask {name} for an end-use and end-user statement that names every group company that receives, uses or pays:"
        " is the listed subsidiary among them?"
    ),
    Verdict.SISTER_OF_LISTED: (
        "Ask {name} for an end-use and end-user statement that names every group company that receives, uses or pays:"
        " is the listed sister company among them, and do the two share people or premises?"
    ),
    Verdict.MINORITY: (
        "Ask {name} for its register of members, its list of directors and any agreement between its members: has the"
        " listed side's holding grown, or does it have rights of control?"
    ),
    Verdict.SHARED_ADDRESS: (
        "Ask {name} for its lease or register extract: which unit does it use, since when, and who else is there? Do "
        "the two share directors, staff or telephone numbers?"
    ),
    Verdict.NAME_FAMILY: (
        "Ask {name} for its register extract and group chart: does it belong to the group whose brand it bears?"
    ),
    Verdict.NO_OWNERSHIP_DATA: (
        "If the goods or the country call for it, ask {name} for its register extract and its register of members: "
        "who owns it? No source held here says so."
    ),
    Verdict.NO_FINDING: (
        "Nothing to ask from these sources. Keep this record, and screen again when lists or owners change."
    ),
}

_EFFECTS = {
    "blocking": (
        "deal no further without a licence of OFAC, and ask sanctions counsel about blocking and reporting (31 CFR 501.603)"
    ),
    "debt and equity": (
        "only the debt and equity that the directive names are prohibited: ask treasury whether any is involved"
    ),
    "investment ban": (
        "this list restricts dealing in securities, not trade in goods: ask treasury whether any security of the "
        "group is bought or held"
    ),
    "correspondent accounts": (
        "this list restricts correspondent accounts at US banks, not trade in goods: ask your bank which account the "
        "payment uses"
    ),
    "by menu item": (
        "only the measures that the entry names apply: ask sanctions counsel which of them the transaction meets"
    ),
    "transactions with": (
        "this list concerns what US financial institutions may pass on: ask your bank whether it may handle the payment"
    ),
    "evaders": ("US persons may not deal with it: ask sanctions counsel before anything more is signed"),
    "licence exceptions": (
        "use no licence exception, and get the UVL statement of 15 CFR 744.15(b) from the party before shipping"
    ),
    "licence required": (
        "items subject to the EAR need a BIS licence where it is purchaser, consignee or end user: ask export control"
        " for the ECCN and the role"
    ),
    "export privileges": (
        "take no part with it in an export of items subject to the EAR (15 CFR 736.2(b)(4)): ask export control"
    ),
    "debarred": (
        "it may take no part in ITAR business (22 CFR 127.7): ask export control whether a defence article or service"
        " is involved"
    ),
    "nonproliferation": ("read the notice for the measures imposed, and ask export control which of them apply"),
    "equipment authorisation": (
        "this list is about the FCC's authorisation of equipment, not trade in other goods: ask engineering whether "
        "such equipment is bought"
    ),
    "procurement": (
        "this list concerns contracts with the US government, not other trade: ask the contract owner whether the "
        "goods go into one"
    ),
    "import ban": (
        "goods made by it may not enter the United States: ask the supplier for records that trace the goods to their origin"
    ),
    "asset freeze": (
        "make no funds or economic resources available to it without a licence: ask sanctions counsel in that jurisdiction"
    ),
    "financial sanction": (
        "make no funds or assets available to it without a permit: ask sanctions counsel in that jurisdiction"
    ),
    "sectoral": ("only the dealings that the annex names are prohibited: ask sanctions counsel which of them apply"),
    "inform": (
        "ask the authority, or export-control counsel in that jurisdiction, whether a licence is needed before shipping"
    ),
    "counter-measures": ("ask counsel in China what the measure forbids, and to whom"),
}
"""What follows if it is the party, by words of the list's legal effect; the first that fits counts."""

_NARROW = ("investment ban", "correspondent accounts", "equipment authorisation", "procurement")
"""Effects that leave ordinary trade in goods alone."""

_IF_SO = {
    Verdict.LISTED: "If it is the same party, ",
    Verdict.OWNED: "If so, ",
    Verdict.CONTROLLED: "If it is the listed side, ",
    Verdict.POSSIBLY_OWNED: "If the threshold is reached, ",
    Verdict.UNKNOWN_SHARE: "If the threshold is reached, ",
    Verdict.SUSPENDED: "Once the rule is in force again, ",
}
_SAME_PARTY = (
    "Hold the transaction and ask compliance counsel: a registration number or an earlier decision says that {name} "
    "is the listed party."
)
_RED_FLAG = " Red Flag 29 (Supplement 3 to 15 CFR part 732): resolve the share, or get a licence, before shipping."


def next_step(verdict: Verdict, legal_effect: str, name: str, *, confirmed: bool = False) -> str:
    """What to do about a finding. `legal_effect` is the list's (several with `; `), `name` the party asked about.

    `confirmed`: an identifier or a person's judgement says that it is the party, so that nobody need compare names.
    """
    effects = [effect for part in legal_effect.split(";") if (effect := part.strip().lower())]
    narrow = bool(effects) and all(any(word in effect for word in _NARROW) for effect in effects)
    same = confirmed and verdict is Verdict.LISTED
    text = (_SAME_PARTY if same else _QUESTIONS[verdict]).replace("{name}", name.strip() or "the vendor")
    if narrow:
        text = text.replace("Hold the transaction and ask", "Ask", 1)
    notes = _notes(effects)
    if notes and (verdict in _IF_SO or narrow):
        introduction = "" if same else _IF_SO.get(verdict, "")
        text += f" {_sentence(introduction + '; '.join(notes))}."
    if verdict is Verdict.UNKNOWN_SHARE and "licence required" in effects:
        text += _RED_FLAG
    return text


def _notes(effects: list[str]) -> list[str]:
    found = (next((note for word, note in _EFFECTS.items() if word in effect), "") for effect in effects)
    return [note for note in dict.fromkeys(found) if note]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
