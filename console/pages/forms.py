"""What pages with forms share: a number and a day as they were sent, the status of a refusal, who is who."""

from __future__ import annotations

from datetime import date

from bot.desk.ports import Work
from bot.errors import BadInput, Conflict, NotYours, TryAgain


def whole_number(said: object, digits: int = 9) -> int:
    """A whole number as a form or an address brings it; 0 for whatever is none, or is longer than that."""
    text = str(said or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else 0


def day_typed(said: str) -> date:
    """Raises BadInput for what is no day."""
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise BadInput("日期写成 2026-12-31 这样") from error


def status_of(refused: Exception) -> int:
    match refused:
        case TryAgain():
            return 503
        case Conflict():
            return 409
        case NotYours():
            return 403
        case _:
            return 400


async def names_in(work: Work) -> dict[str, str]:
    """Whoever did something → what colleagues call them; what happened by itself too."""
    return {"system": "系统"} | {one.id: one.name for one in await work.staff.list()}
