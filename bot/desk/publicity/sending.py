"""Broadcasts on their way out: handed to the platform once, whatever breaks, and what became of them is kept.

A row is marked before the platform is asked. Who dies in between leaves it marked, and the next one asks again under the same
token, by which the platform knows a repeat and sends nothing twice. It remembers tokens for a day: later than that nobody asks
again, and a person has to look.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.audit import Deed
from bot.desk.broadcast_ports import Broadcast, Broadcaster, Stage, Taken
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.publicity.broadcasting import room_in
from bot.errors import Conflict, Misconfigured, Paused, TryAgain, Undeliverable

FINISHED = "masssendjobfinish"
"""The platform's event when a broadcast is through."""
STUCK = timedelta(minutes=2)
REMEMBERED = timedelta(hours=20)
"""How long a repeat is surely known as one; the platform says a day."""
MOST_TRIES = 8
UNCONFIRMED = "unconfirmed"
_WAIT = timedelta(minutes=1)
_LATE = "超过一天不知道发出没有；请到公众平台查看，需要的话另写一条"
_TOLD = re.compile(r"(?P<id>[0-9]{1,20}):(?P<status>.*?)(?::(?P<sent>[0-9]{1,9}):(?P<missed>[0-9]{1,9}))?", re.ASCII)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _End:
    """How one attempt ended."""

    stage: Stage
    outcome: str
    said: str
    platform_id: str = ""
    again_at: datetime | None = None


async def send_due(desk: Desk, broadcaster: Broadcaster) -> int:
    """Every broadcast whose moment has come, one after the other; how many were handed over or given up."""
    now = desk.clock.now()
    async with desk.store.reading() as work:
        due = await work.broadcasts.due(now, now - STUCK)
    done = 0
    for one in due:
        try:
            taken = await _take(desk, broadcaster, one)
        except Conflict:
            # Somebody stopped it, or another process took it.
            continue
        if taken is not None:
            await _keep(desk, taken, await _attempt(desk, broadcaster, taken))
            done += 1
    return done


async def note_audiences(desk: Desk, broadcaster: Broadcaster) -> int:
    """The platform's tags, for editors to choose from."""
    found = await broadcaster.audiences()
    async with desk.store.writing() as work:
        await work.broadcasts.note_audiences(broadcaster.account, found, desk.clock.now())
        await work.commit()
    return len(found)


async def finished(work: Work, told: str, now: datetime) -> None:
    """What the platform reports at the end: `id:status`, and how many got it and how many did not, where it says so."""
    match = _TOLD.fullmatch(told)
    if match is None:
        return
    found = await work.broadcasts.by_platform_id(match["id"]) or await _only_one_on_its_way(work)
    if found is None or found.stage not in (Stage.SENT, Stage.SENDING, Stage.UNCONFIRMED):
        return
    status = match["status"].strip()
    reached, missed = (int(match[name]) if match[name] else None for name in ("sent", "missed"))
    good = status.lower() == "send success"
    said = "平台报告：发完了。" if good else f"平台报告没有发成：{status[:60]}；请到公众平台查看原因。"
    await work.broadcasts.save(
        found,
        now,
        stage=Stage.SENT if good else Stage.FAILED,
        outcome="ok" if good else status[:60],
        said=said,
        platform_id=match["id"],
        reached=reached,
        missed=missed,
    )
    await work.broadcasts.say(found.id, "finished", said, "system", now)


async def _only_one_on_its_way(work: Work) -> Broadcast | None:
    """The report can be faster than the answer that names its number."""
    on_their_way = [one for one in await work.broadcasts.list() if one.stage is Stage.SENDING and not one.platform_id]
    return on_their_way[0] if len(on_their_way) == 1 else None


async def _take(desk: Desk, broadcaster: Broadcaster, one: Broadcast) -> Broadcast | None:
    """Mark it as being sent; None when it ended here. Raises Conflict when it changed."""
    async with desk.store.writing() as work:
        now = desk.clock.now()
        # Whoever asked before and did not hear a clear no may have been heard.
        doubtful = one.stage is Stage.SENDING or one.outcome == UNCONFIRMED
        if doubtful and (one.sent_at is None or now - one.sent_at > REMEMBERED):
            await _end(work, one, _End(Stage.UNCONFIRMED, UNCONFIRMED, _LATE), now)
            await work.commit()
            return None
        if not doubtful:
            here = await room_in(work, broadcaster.limits, one.audience, now)
            if not here.left:
                said = f"平台的次数用完了，没有发；{here.until:%m月%d日}起再发"
                await _end(work, one, _End(Stage.FAILED, "limit", said), now)
                await work.commit()
                return None
        more = {"outcome": UNCONFIRMED} if doubtful else {"sent_at": now}
        kept = await work.broadcasts.save(one, now, stage=Stage.SENDING, attempts=one.attempts + 1, **more)
        await work.commit()
    return kept


async def _attempt(desk: Desk, broadcaster: Broadcaster, one: Broadcast) -> _End:
    now = desk.clock.now()
    try:
        taken = await broadcaster.broadcast(one.text, one.audience, one.token)
    except (Paused, Misconfigured) as away:
        return _later(one, away, now)
    except TryAgain as away:
        if one.attempts >= MOST_TRIES:
            return _End(Stage.FAILED, _first_word(away), f"试了{one.attempts}次都没有发成：{away}")
        return _later(one, away, now)
    except Undeliverable as refused:
        if refused.reason == UNCONFIRMED and one.attempts < MOST_TRIES:
            # Asked again under the same token: it is sent once or was sent already.
            return _End(Stage.SENDING, UNCONFIRMED, str(refused))
        stage = Stage.UNCONFIRMED if refused.reason == UNCONFIRMED else Stage.FAILED
        return _End(stage, refused.reason, str(refused).partition(": ")[2] or str(refused))
    return _taken(taken)


def _taken(taken: Taken) -> _End:
    said = "平台以前收到过，没有重发。" if taken.again else "平台收下了。"
    return _End(Stage.SENT, "ok", said, taken.platform_id)


def _later(one: Broadcast, away: TryAgain, now: datetime) -> _End:
    again = now + max(_WAIT, timedelta(seconds=away.after))
    word = _first_word(away)
    # A server's error page says nothing of whether it was heard; and a doubt stays one.
    outcome = UNCONFIRMED if word.startswith("http_") or one.outcome == UNCONFIRMED else word
    return _End(Stage.APPROVED, outcome, str(away).partition(": ")[2] or str(away), again_at=again)


def _first_word(error: Exception) -> str:
    return str(error).partition(":")[0][:60]


async def _keep(desk: Desk, one: Broadcast, end: _End) -> None:
    async with desk.store.writing() as work:
        now = desk.clock.now()
        # As it stands now: the platform's report may have come before our own answer.
        found = await work.broadcasts.get(one.id)
        if found.stage is Stage.SENDING:
            await _end(work, found, end, now)
            await work.commit()


async def _end(work: Work, one: Broadcast, end: _End, now: datetime) -> None:
    fields: dict[str, object] = {"stage": end.stage, "outcome": end.outcome, "said": end.said}
    if end.platform_id:
        fields["platform_id"] = end.platform_id
    if end.again_at:
        fields["due_at"] = end.again_at
    kept = await work.broadcasts.save(one, now, **fields)
    if end.stage not in (Stage.SENDING, Stage.APPROVED):
        about = {"step": end.stage.value, "outcome": end.outcome}
        await work.broadcasts.say(one.id, end.stage.value, end.said, "system", now)
        await work.audit.add("system", Deed.PUBLISH, f"broadcast:{one.id}", now, region=one.region, about=about)
    _log.info("broadcast %s is %s (%s)", kept.id, end.stage, end.outcome)
