"""Fixed words with the place's own hotline and office in them: said when no approved answer is."""

from __future__ import annotations

from bot.desk.desk import Desk
from bot.messages import Choice, Outcome, Reply

PERSON = Choice("找人工", {"person": True})


_WAIT = {"ahead": "", "wait": ""}
"""What is known only where the reply is written (`handoff.asking`)."""


def say(
    desk: Desk,
    key: str,
    outcome: Outcome = Outcome.SMALLTALK,
    *,
    reason: str = "",
    region: str = "",
    choices: tuple[Choice, ...] = (),
    **marks: str,
) -> Reply:
    """The fixed words under `key`, their {marks} filled; a text is never used as a format string."""
    marks = {"hotline": hotline(desk, region), "office": office(desk, region), **_WAIT, **marks}
    text = desk.edition.words(key)
    for name, value in marks.items():
        text = text.replace("{" + name + "}", value)
    lines = [line for line in text.splitlines() if line.strip()]
    return Reply("\n".join(lines), choices, outcome, reason=reason or key, region=region)


def hotline(desk: Desk, region: str) -> str:
    """The narrowest published hotline for social assistance; 12345 is everywhere."""
    for line in desk.hotlines(region, "assistance"):
        if line.region != "000000":
            return line.number
    return "12345"


def office(desk: Desk, region: str) -> str:
    """The window that takes people in at this place, with its hours where they are published."""
    for found in desk.edition.offices(region, "township_window"):
        said = f"您也可以去{found.name}"
        said += f"，电话{found.phone}" if found.phone else ""
        return said + (f"，{found.hours}" if found.hours else "") + "。"
    return "您也可以去乡镇（街道）的救助窗口。"
