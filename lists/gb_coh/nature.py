"""The 86 natures of control (psc_descriptions.yml of Companies House, 2026-08-18): what each gives, and in which band.

The bands read "more than 25% but not more than 50%", "more than 50% but less than 75%" and "75% or more": each end is as
open or closed as its words. A right to appoint or remove is one over a majority of the board, and never a percentage. What
`-as-trust`, `-as-firm` and `-as-control-over-...` say, that the right is held through trustees or a firm, changes no band.
"""

from __future__ import annotations

from fractions import Fraction

from resolver.share import Share

BANDS = {
    "25-to-50-percent": Share(Fraction(25), Fraction(50), exclusive_minimum=True),
    "50-to-75-percent": Share(Fraction(50), Fraction(75), exclusive_minimum=True, exclusive_maximum=True),
    "75-to-100-percent": Share(Fraction(75), Fraction(100)),
}
MORE_THAN_25 = Share(Fraction(25), Fraction(100), exclusive_minimum=True)

_THROUGH = ("", "-as-trust", "-as-firm")
_OVER = ("-as-control-over-trust", "-as-control-over-firm")
_LLP = "-limited-liability-partnership"
_OVERSEAS = "-registered-overseas-entity"


def _natures() -> dict[str, tuple[str, Share | None]]:
    natures: dict[str, tuple[str, Share | None]] = {}
    for band, share in BANDS.items():
        for through in _THROUGH:
            natures[f"ownership-of-shares-{band}{through}"] = ("shareholding", share)
            for partnership in ("", _LLP):
                natures[f"voting-rights-{band}{through}{partnership}"] = ("votingRights", share)
            surplus = ("rightsToSurplusAssetsOnDissolution", share)
            natures[f"right-to-share-surplus-assets-{band}{through}{_LLP}"] = surplus
            natures[f"part-right-to-share-surplus-assets-{band}{through}"] = surplus
    board: tuple[str, None] = ("appointmentOfBoard", None)
    control: tuple[str, None] = ("otherInfluenceOrControl", None)
    for through in _THROUGH:
        natures[f"right-to-appoint-and-remove-directors{through}"] = board
        natures[f"right-to-appoint-and-remove-members{through}{_LLP}"] = board
        natures[f"right-to-appoint-and-remove-person{through}"] = board
        for kind in ("", _LLP):
            natures[f"significant-influence-or-control{through}{kind}"] = control
    for through in (*_THROUGH, *_OVER):
        natures[f"right-to-appoint-and-remove-directors{through}{_OVERSEAS}"] = board
        natures[f"significant-influence-or-control{through}{_OVERSEAS}"] = control
        natures[f"ownership-of-shares-more-than-25-percent{through}{_OVERSEAS}"] = ("shareholding", MORE_THAN_25)
        natures[f"voting-rights-more-than-25-percent{through}{_OVERSEAS}"] = ("votingRights", MORE_THAN_25)
    for holder in ("person", "another-entity"):
        for nation in ("england-wales", "scotland", "northern-ireland"):
            natures[f"registered-owner-as-nominee-{holder}-{nation}{_OVERSEAS}"] = ("nominee", None)
    return natures


NATURES = _natures()
"""Slug -> BODS interest type, and the band where it has one."""
