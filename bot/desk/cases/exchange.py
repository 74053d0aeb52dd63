"""Both ways with the office's own system: cases leave as signed packages, numbers and moves come back.

Everything can be repeated: a package of the same case has the same id, and a change under an idempotency key that was
used before gets the first answer and changes nothing. A key sees the cases of its own region and no others.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from bot.audit import Deed
from bot.cases import STATES, number_is_valid
from bot.desk.case_ports import Case
from bot.desk.cases import moving, package
from bot.desk.cases.gathering import gather
from bot.desk.cases.naming import place_name, programme_name
from bot.desk.cases.signing import OfficeKey
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.errors import BadInput, Conflict
from bot.regions import UnknownRegion

NOT_FOUND: Mapping[str, Any] = MappingProxyType({"error": "this key has no such case"})
OTHER_BODY: Mapping[str, Any] = MappingProxyType(
    {"error": "this idempotency key was used for another request; the first one stands, use a new key for a new change"}
)
_MOVE_KEYS = frozenset({"to", "reason", "missing", "on", "office_number"})
LONGEST_NUMBER = 64


@dataclass(frozen=True, slots=True)
class Told:
    """What the office's system is told, with the status HTTP has for it."""

    status: int
    body: Mapping[str, Any]


Change = Callable[[Desk, Work, OfficeKey, Case, Mapping[str, Any]], Awaitable[Case]]


async def waiting(desk: Desk, key: OfficeKey, after: str, limit: int) -> dict[str, Any]:
    """The cases not acknowledged yet, oldest first; `next` is what to give as `after` for more."""
    async with desk.store.reading() as work:
        found = await work.cases.waiting_to_leave(key.region, after, limit)
    rows = [
        {
            "number": case.number,
            "programme": {"id": case.programme, "name": programme_name(desk, case.programme)},
            "region": {"code": case.region, "name": place_name(desk, case.region)},
            "state": case.state,
            "priority": case.priority,
            "submitted_at": package.moment(case.submitted_at),
            "package": f"/office/cases/{case.number}/package",
        }
        for case in found
    ]
    return {"cases": rows, "next": found[-1].id if len(found) == limit else ""}


async def fetch(desk: Desk, key: OfficeKey, number: str) -> package.Package | None:
    """The case's package; None where this key has no such case. That it left is noted once for each package, before it
    leaves."""
    async with desk.store.reading() as work:
        case = await _case(desk, work, key, number)
        contents = await gather(desk, work, case) if case else None
    if case is None or contents is None:
        return None
    # Photos are megabytes: nobody else's writing waits for them, and no other message for the packing.
    made = await asyncio.to_thread(package.pack, contents, key)
    async with desk.store.writing() as work:
        seen = await work.cases.timeline(case.id)
        if not any(line.about.get("package") == made.id and line.actor == _actor(key) for line in seen):
            await work.cases.note(case, _actor(key), "", desk.clock.now(), package=made.id)
            what, about = f"case:{case.id}", {"package": made.id}
            await work.audit.add(_actor(key), Deed.EXPORT, what, desk.clock.now(), region=case.region, about=about)
            await work.commit()
    return made


async def once(
    desk: Desk, key: OfficeKey, idempotency: str, body_hash: str, number: str, data: Mapping[str, Any], change: Change
) -> Told:
    """Do a change under its idempotency key. Only what was done is remembered: a refused one may be mended and sent
    again. Raises BadInput and Conflict, and then nothing was changed."""
    scope = f"office:{key.name}"
    async with desk.store.writing() as work:
        before = await work.requests.get(scope, idempotency)
        if before is None:
            case = await _case(desk, work, key, number)
            if case is None:
                return Told(404, NOT_FOUND)
            body = _state(await change(desk, work, key, case, data))
            if await work.requests.put(scope, idempotency, body_hash, 200, json.dumps(body), desk.clock.now()):
                await work.commit()
                return Told(200, {"number": number, **body})
    # Another process was faster with the same key: what it did stands, and what was done here is rolled back.
    async with desk.store.reading() as work:
        before = await work.requests.get(scope, idempotency)
    if before is None:
        raise Conflict("the request was answered by another process and its answer is not there yet; send it again")
    if before.body_hash != body_hash:
        return Told(422, OTHER_BODY)
    # The number is not kept with the answer: the hash says that it is the one that was asked for then.
    return Told(before.status, {"number": number, **json.loads(before.body)})


async def acknowledge(desk: Desk, work: Work, key: OfficeKey, case: Case, data: Mapping[str, Any]) -> Case:
    """The office's system has the case, under a number of its own."""
    _only(data, {"office_number"})
    return await give_number(desk, work, case, _office_number(data.get("office_number")), _actor(key))


async def give_number(desk: Desk, work: Work, case: Case, office_number: str, actor: str) -> Case:
    """Raises Conflict when the case has another number already: two systems would work on it."""
    if case.office_number == office_number:
        return case
    if case.office_number:
        raise Conflict(f"case {case.number} is acknowledged as {case.office_number}; look at it again")
    changed = await work.cases.change(case.id, desk.clock.now(), office_number=office_number)
    await work.cases.note(changed, actor, "", desk.clock.now(), office_number=office_number)
    return changed


async def move(desk: Desk, work: Work, key: OfficeKey, case: Case, data: Mapping[str, Any]) -> Case:
    """What the office decided or did; the resident is told."""
    _only(data, _MOVE_KEYS)
    to = _text(data, "to", 40)
    if to not in STATES:
        raise BadInput(f"the state {to!r} is unknown; send one of {', '.join(STATES)}")
    missing = data.get("missing", [])
    if not isinstance(missing, list) or not all(isinstance(one, str) and one.strip() for one in missing):
        raise BadInput("missing is not a list of texts; send the papers that are wanted, all at once")
    if "office_number" in data:
        case = await give_number(desk, work, case, _office_number(data["office_number"]), _actor(key))
    reason = _text(data, "reason", moving.LONGEST_REASON, required=False)
    return await moving.move(
        desk, work, case, to, _actor(key), reason, missing=[one.strip() for one in missing], on=_day(data.get("on"))
    )


async def _case(desk: Desk, work: Work, key: OfficeKey, number: str) -> Case | None:
    case = await work.cases.by_number(number) if number_is_valid(number) else None
    if case is None or not key.region:
        return case
    try:
        return case if desk.regions.is_within(case.region, key.region) else None
    except UnknownRegion:
        return None


def _actor(key: OfficeKey) -> str:
    return f"office:{key.name}"


def _state(case: Case) -> dict[str, Any]:
    return {
        "office_number": case.office_number,
        "state": case.state,
        "due": case.due.isoformat() if case.due else None,
        "version": case.version,
    }


def _only(data: Mapping[str, Any], known: set[str] | frozenset[str]) -> None:
    unknown = sorted(set(map(str, data)) - known)
    if unknown:
        raise BadInput(f"the body has the unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}")


def _text(data: Mapping[str, Any], name: str, longest: int, required: bool = True) -> str:
    value = data.get(name, "")
    if not isinstance(value, str) or (required and not value.strip()):
        raise BadInput(f"{name} is not a text; send one")
    if len(value) > longest:
        raise BadInput(f"{name} has {len(value)} characters; send at most {longest}")
    return value.strip()


def _office_number(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST_NUMBER or not value.isprintable():
        raise BadInput(f"office_number is not a text of 1 to {LONGEST_NUMBER} visible characters; send your own number")
    return value.strip()


def _day(value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise BadInput(f"on is {value!r}, not a day; send one like 2026-11-25, or leave it out") from error
