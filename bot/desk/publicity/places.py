"""Places offered while somebody types one: a walk down the tree of divisions, or names that hold what was typed."""

from __future__ import annotations

from bot.desk.desk import Desk
from bot.knowledge.fields import NATION
from bot.regions import Region

MOST = 40


def offered(desk: Desk, typed: str) -> tuple[Region, ...]:
    """Nothing typed: the provinces. A whole place: it and what is right below it. Else the places whose name holds the
    words, wide ones first."""
    tree, words = desk.regions, typed.strip()[:60]
    if not words or words in ("全国", NATION):
        return (tree.get(NATION), *tree.children(NATION))
    found = tree.find(words)
    if len(found) == 1 and len(found[0].candidates) == 1 and found[0].text == words:
        whole = found[0].candidates[0]
        return (whole, *tree.children(whole.code))[:MOST]
    fitting = [one for one in _all(desk, NATION) if words in tree.full_name(one.code) or one.code.startswith(words)]
    return tuple(sorted(fitting, key=lambda one: (one.level, one.code))[:MOST])


def _all(desk: Desk, under: str) -> list[Region]:
    below = desk.regions.children(under)
    return [one for child in below for one in (child, *_all(desk, child.code))]
