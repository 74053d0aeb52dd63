"""Stop an answer or a programme at once, and lift it again: by one approver, because every minute counts; on record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.audit import Deed
from bot.desk.desk import Desk
from bot.desk.publicity import in_words
from bot.desk.publicity.checking import refuse_faults
from bot.desk.publicity.publishing import next_edition
from bot.desk.publicity.theirs import STOP, needs, needs_place
from bot.errors import BadInput, Conflict
from bot.knowledge import entry as kinds
from bot.knowledge.answers import PROGRAMMES
from bot.knowledge.applying import Change, applied
from bot.knowledge.fields import knows
from bot.knowledge.stops import ANSWER, PROGRAMME
from bot.staff import Staff

WORDS = "这一条正在核实，暂时不能答。\n请打12345问，或回复“人工”。"
"""What residents are told where the approver writes nothing else."""
_TRIES = 5


async def stop(
    desk: Desk, staff: Staff, of: str, target: str, region: str, reason: str, instead: str = "", words: str = ""
) -> int:
    """Nobody in this place is given it from now on; the new edition. Residents get `instead`, or are told `words`."""
    needs(staff, STOP)
    if of not in (ANSWER, PROGRAMME):
        raise BadInput("请选停一条答案还是停一个项目")
    if of == PROGRAMME and target not in PROGRAMMES:
        raise BadInput("请从列表里选项目")
    if not knows(desk.regions, region):
        raise BadInput("请选停哪里，从行政区划里选")
    needs_place(desk, staff, region)
    why = _reason(reason)
    said = "" if instead else (words.strip() or WORDS)
    key = f"{of}-{target}-{region}"
    data = {"id": key, "of": of, "target": target, "region": region, "from": desk.today().isoformat(), "reason": why}
    data |= {"instead": instead} if instead else {"words": said}
    return await _put(
        desk, staff, "stop", key, data, region, f"停用{in_words.value(desk, 'target', target)}：{why}", why
    )


async def lift(desk: Desk, staff: Staff, key: str, reason: str) -> int:
    """It is given again."""
    needs(staff, STOP)
    found = desk.edition.content.stops.get(key)
    if found is None:
        async with desk.store.reading() as work:
            entries = await work.editions.read(await work.editions.head())
        data = next((one.data for one in entries if (one.kind, one.key) == (kinds.STOP, key)), None)
        if data is None:
            raise Conflict("这一条已经恢复了，请刷新看看")
        region, what = str(data["region"]), str(data["target"])
    else:
        region, what = found.region, found.target
    needs_place(desk, staff, region)
    why = _reason(reason)
    return await _put(desk, staff, "lift", key, None, region, f"恢复{in_words.value(desk, 'target', what)}：{why}", why)


async def _put(
    desk: Desk,
    staff: Staff,
    step: str,
    key: str,
    data: Mapping[str, str] | None,
    region: str,
    note: str,
    why: str,
) -> int:
    """A publication of somebody else meanwhile is no reason not to stop: it is tried on top of theirs."""
    for _ in range(_TRIES):
        async with desk.store.reading() as work:
            head = await work.editions.head()
            entries: Sequence[kinds.Entry] = await work.editions.read(head) if head else ()
        made = applied(entries, [Change(kinds.STOP, key, data)])
        await refuse_faults(desk, entries, made, {key})
        try:
            async with desk.store.writing() as work:
                number = await next_edition(work, made, head, staff.id, note, desk)
                about = {"edition": number, "step": step}
                now = desk.clock.now()
                await work.audit.add(staff.id, Deed.PUBLISH, f"stop:{key}", now, region=region, reason=why, about=about)
                await work.commit()
            return number
        except Conflict:
            continue
    raise Conflict("一直有人在发布，这次没有停成；请马上再试一次")


def _reason(text: str) -> str:
    reason = re.sub(r"\s+", " ", text).strip()
    if not 2 <= len(reason) <= 200:
        raise BadInput("请写明为什么，2到200字，会记进审计")
    return reason
