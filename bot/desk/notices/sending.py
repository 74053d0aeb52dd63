"""Notices on their way out by a platform's route: each sent once, and what became of it written down.

A notice is marked before the platform is asked, and no transaction is open while it is. Where the platform did not say
whether it took it, or who asked died, the notice stays marked: the platform's report tells. Where none comes it was told
nowhere, as far as anybody knows, and the next way is taken.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.desk.cases.whose import person_of
from bot.desk.desk import Desk
from bot.desk.notices.going import address, advance
from bot.desk.notices.ports import NO_REPORT, REFUSED, SMS, UNCONFIRMED, Kept, Letter, NoticeSender, Route, Stage
from bot.desk.persisting import written
from bot.desk.ports import Work
from bot.errors import TryAgain, Undeliverable

PATIENCE = timedelta(hours=1)
"""How long a route that is away is waited for; then the next one is taken."""
STUCK = timedelta(minutes=2)
"""So long a platform has to report what it did not answer; its reports come within seconds."""
REPEATABLE = (SMS,)
"""Routes on which the same token is the same notice, for ever: there a doubt is asked about, not gone round."""
_LONGEST_WAIT = 300.0
_SOME = 20

_log = logging.getLogger(__name__)


async def send_due(desk: Desk, senders: Mapping[str, NoticeSender]) -> int:
    """Those whose moment has come, side by side; `senders` by the name of their route. How many were looked at."""
    now = desk.clock.now()
    async with desk.store.reading() as work:
        due = await work.notices.due(now, _SOME)
    done = await asyncio.gather(*(_send(desk, senders, one) for one in due), return_exceptions=True)
    for failed in done:
        if isinstance(failed, BaseException):
            raise failed
    return len(due)


async def sweep_notices(desk: Desk) -> int:
    """Those of which nobody said whether they went out: neither an answer nor a report, or whoever heard it died."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        stuck = await work.notices.stuck(now - STUCK)
        for one in stuck:
            if one.route in REPEATABLE and now - one.route_at < PATIENCE:
                await work.notices.move(one, Stage.WAITING, now, due_at=now)
                continue
            await work.notices.tried(one, one.route, UNCONFIRMED, NO_REPORT, now)
            await advance(desk, work, one, instead_of=one.route)
        if stuck:
            await work.commit()
    return len(stuck)


async def _send(desk: Desk, senders: Mapping[str, NoticeSender], notice: Kept) -> None:
    claimed = await _claim(desk, senders, notice)
    if claimed is None:
        return
    letter = claimed[1]
    try:
        platform_id = await senders[notice.route].send(letter)
    except TryAgain as away:
        await written(partial(_later, desk, *claimed, away))
    except Undeliverable as refused:
        if refused.reason != UNCONFIRMED:
            await written(partial(_next, desk, *claimed, refused.reason))
    except Exception as error:  # a fault of ours: it may have gone out
        _log.error("sending notice %s failed: %s", notice.id, type(error).__name__, exc_info=error)
    else:
        await written(partial(_sent, desk, claimed[0], platform_id))


async def _claim(desk: Desk, senders: Mapping[str, NoticeSender], seen: Kept) -> tuple[Kept, Letter] | None:
    """The notice marked, and its letter; None where it is not for now, or took another way."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        if not await work.notices.hold(seen):  # erased, or somebody was faster
            return None
        notice = await work.notices.get(seen.id)
        marked = None
        if (later := desk.notices.earliest(now)) > now:
            await work.notices.move(notice, Stage.WAITING, now, due_at=later, route_at=later)
        else:
            letter = await _letter(desk, work, notice) if notice.route in senders else "no_sender"
            if isinstance(letter, str):
                await work.notices.tried(notice, notice.route, "passed", letter, now)
                await advance(desk, work, notice, instead_of=notice.route)
            elif await work.notices.move(notice, Stage.SENDING, now, attempts=notice.attempts + 1):
                marked = await work.notices.get(notice.id), letter
        await work.commit()
    return marked


async def _letter(desk: Desk, work: Work, notice: Kept) -> Letter | str:
    """The letter, or in a word why it is not sent: what held when it was queued is looked at once more. An agreement that
    lets one notice out is used up here."""
    route = desk.notices.route(notice.route)
    template = route.template(notice.key) if route else None
    if route is None or template is None:
        return "no_template"
    person = await person_of(work, notice.person)
    if person is None:
        return "no_person"
    talks = [await work.conversations.get(one) for one in await work.people.conversations(person.id)]
    to = await address(work, route, template, person, [one for one in talks if one.id == notice.conversation])
    if isinstance(to, str):
        return to
    if _counts(route, template.lasting) and not await work.notices.spend(to.id if to else "", template.id, _now(desk)):
        return "not_agreed"
    filled = {field: notice.values.get(value, "") for field, value in template.fields.items()}
    return Letter(
        token=f"{notice.id}{route.name[:2]}".lower(),
        account=to.account if to else "",
        to=to.sender if to else person.phone,
        template=template,
        values=filled,
    )


def _counts(route: Route, lasting: bool) -> bool:
    return route.consent and not lasting


async def _sent(desk: Desk, notice: Kept, platform_id: str) -> None:
    now = _now(desk)
    async with desk.store.writing() as work:
        if await work.notices.move(notice, Stage.TOLD, now, platform_id=platform_id, due_at=None):
            await work.notices.tried(notice, notice.route, "sent", "", now)
            await work.commit()
    _log.info("notice %s left by %s", notice.id, notice.route)


async def _later(desk: Desk, notice: Kept, letter: Letter, away: TryAgain) -> None:
    """Surely not sent: the same way again, for an hour."""
    now = _now(desk)
    word = str(away).partition(":")[0]
    wait = timedelta(seconds=min(_LONGEST_WAIT, max(1.0, away.after) * 2 ** min(notice.attempts, 8)))
    async with desk.store.writing() as work:
        if not await work.notices.hold(notice):
            return
        await _give_back(desk, work, notice, letter, now)
        if now + wait - notice.route_at < PATIENCE:
            await work.notices.move(notice, Stage.WAITING, now, due_at=now + wait)
        else:
            await work.notices.tried(notice, notice.route, "later", word, now)
            await advance(desk, work, notice, instead_of=notice.route)
        await work.commit()


async def _next(desk: Desk, notice: Kept, letter: Letter, reason: str) -> None:
    """It never will: the next way."""
    now = _now(desk)
    async with desk.store.writing() as work:
        if not await work.notices.hold(notice):
            return
        route = desk.notices.route(notice.route)
        if route and route.consent and reason == REFUSED:
            await work.notices.agreed(notice.conversation, letter.template.id, yes=False, now=now)
        else:
            await _give_back(desk, work, notice, letter, now)
        await work.notices.tried(notice, notice.route, "refused", reason, now)
        await advance(desk, work, notice, instead_of=notice.route)
        await work.commit()


async def _give_back(desk: Desk, work: Work, notice: Kept, letter: Letter, now: datetime) -> None:
    route = desk.notices.route(notice.route)
    if route and _counts(route, letter.template.lasting):
        await work.notices.spare(notice.conversation, letter.template.id, now)


def _now(desk: Desk) -> datetime:
    return desk.clock.now()
