"""Scene codes of printed QR codes: which place, village or office a sheet of paper hangs in. Pure.

`place-420111`, `place-420111003005` (a village), either with `.0a1b2c3d` for one office: at most 36 of the 64 signs a
platform carries. Who scans one is taken to be there until they say otherwise.
"""

from __future__ import annotations

import hashlib
import re

from bot.errors import BadInput
from bot.regions import RegionTree, UnknownRegion

LONGEST = 64
_SCENE = re.compile(r"place-(\d{6})(\d{3}(?:\d{3})?)?(?:\.[0-9a-f]{8})?", re.ASCII)


def scene(region: str, village: str = "", office: str = "") -> str:
    """`village`: its code of 9 or 12 digits, where one is meant. Raises BadInput if it lies elsewhere."""
    if village and not (re.fullmatch(r"\d{9}(\d{3})?", village, re.ASCII) and village.startswith(region)):
        raise BadInput(f"村（社区）的代码要以{region}开头，一共9位或12位数字")
    named = "." + hashlib.sha256(office.encode()).hexdigest()[:8] if office else ""
    return f"place-{village or region}{named}"


def place_of(scene: str, tree: RegionTree) -> str:
    """The division a scanned code stands for; empty for any other code."""
    found = _SCENE.fullmatch(scene)
    try:
        return tree.get(found[1]).code if found else ""
    except UnknownRegion:
        return ""
