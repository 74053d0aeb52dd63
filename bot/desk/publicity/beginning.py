"""A new entry: what its boxes begin with, and what it is called once it is kept."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from bot.desk.desk import Desk
from bot.knowledge import entry as kinds
from bot.knowledge.answers import PROGRAMMES
from bot.knowledge.fields import NATION, knows
from bot.staff import Staff

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look like another."""


def blank(desk: Desk, staff: Staff, kind: str, programme: str = "", region: str = "") -> dict[str, Any]:
    """What is known before anything was typed: the editor's own place, from today on."""
    own = staff.regions[0] if len(staff.regions) == 1 else NATION
    place = region if region and knows(desk.regions, region) else own
    today = desk.today().isoformat()
    if kind == kinds.ANSWER:
        scope = ({} if place == NATION else {"region": place}) | {"from": today}
        return {"programme": programme if programme in PROGRAMMES else "general", "scope": scope}
    if kind == kinds.DOCUMENT:
        return {"status": "unknown", "verified": "no"}
    found: dict[str, Any] = {"region": place, "verified": "no"}
    if kind == kinds.STANDARD:
        found |= {"programme": programme if programme in PROGRAMMES else "dibao", "unit": "month"}
    if kind == kinds.SUBSIDY:
        found |= {"month": today[:7], "triggered": "unknown"}
    if kind in (kinds.HOURS, kinds.PROTECTED):
        del found["verified"]
    return found


def named(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """With the names the program needs, where the editor is not asked for them."""
    made = dict(data)
    if kind == kinds.ANSWER:
        made["aspect"] = made.get("aspect") or _name()
        made["id"] = made.get("id") or f"{made.get('programme', 'general')}-{made['aspect']}"
    elif kind == kinds.HOTLINE:
        made["id"] = made.get("id") or f"h-{_name()}"
    elif kind == kinds.PROTECTED:
        made["id"] = made.get("id") or f"p-{_name()}"
    return made


def _name() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(6))
