"""One text for many: written by one, approved by another, sent once, and until then it can be stopped.

Who may write to whom goes by the platform's tags: a tag called like a place is that place's matter; everybody, and any other
tag, is the nation's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.audit import Deed
from bot.clock import SHANGHAI
from bot.desk.broadcast_ports import KINDS, NAMES, WRITABLE, Audience, Broadcast, Limits, Stage, Step
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.publicity.theirs import APPROVE, READ, WRITE, needs, needs_place
from bot.errors import BadInput, Conflict, NotYours
from bot.knowledge.fields import NATION
from bot.knowledge.plain_language import leads_onward, long_sentences, refused_words, says_you_plainly
from bot.people import mask
from bot.staff import Staff, covers, may

GRACE = timedelta(minutes=2)
"""Between the approval and the sending, so that a mistake seen at once can be stopped."""
AHEAD = timedelta(days=60)
STOP = "broadcasts.stop"
_NOTE = 500
_EVERYBODY = "所有关注的人"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an editor fills in. `audience`: a tag; empty: everybody."""

    kind: str
    text: str
    audience: str
    send_at: datetime | None


@dataclass(frozen=True, slots=True)
class Room:
    """How many more may go out to an audience in the platform's time."""

    limits: Limits
    used: int
    since: datetime
    until: datetime

    @property
    def left(self) -> int:
        return max(0, self.limits.most - self.used)


async def audiences(desk: Desk, staff: Staff) -> list[Audience]:
    """Whom they may write to, everybody first."""
    needs(staff, READ)
    async with desk.store.reading() as work:
        known, _ = await work.broadcasts.audiences()
    everybody = Audience("", _EVERYBODY, 0)
    return [one for one in (everybody, *known) if covers(staff, region_of(desk, one), desk.regions)]


def region_of(desk: Desk, audience: Audience) -> str:
    """Whose matter it is to write to them."""
    if not audience.id:
        return NATION
    found = desk.regions.find(audience.name)
    fitting = [one for one in found if one.start == 0 and one.end == len(audience.name) and len(one.candidates) == 1]
    return fitting[0].candidates[0].code if fitting else NATION


async def room(desk: Desk, limits: Limits, audience: str, at: datetime | None = None) -> Room:
    """What is left for an audience at that moment, as far as this service knows: what somebody sent in the platform's own
    console is not counted here."""
    async with desk.store.reading() as work:
        return await room_in(work, limits, audience, at or desk.clock.now())


async def room_in(work: Work, limits: Limits, audience: str, at: datetime) -> Room:
    here = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    since = here.replace(day=1) if limits.per == "month" else here
    until = (since + timedelta(days=32)).replace(day=1) if limits.per == "month" else since + timedelta(days=1)
    # Whoever has this tag may have others: everybody's count with it, and for everybody all of them.
    used = await work.broadcasts.went(since, {"", audience} if audience else ())
    return Room(limits, used, since, until)


def problems(text: str, limits: Limits) -> list[str]:
    """Why a text is not sent; empty when it may be."""
    found = [f"写了“{word}”，{reason}；改写这一句" for word, reason in refused_words(text)]
    if not text.strip():
        found.append("正文是空的；写上要说的话")
    if len(text) > limits.longest:
        found.append(f"正文有{len(text)}个字，平台最多{limits.longest}个；写短些")
    if mask(text)[1]:
        found.append("正文里好像有身份证号或银行卡号；群发里不能有，请删去")
    return found


def hints(text: str) -> list[str]:
    """What could be plainer; nobody is stopped by it."""
    found = [f"这句有{len(sentence)}个字：“{sentence}”；拆成短句" for sentence in long_sentences(text)]
    if says_you_plainly(text):
        found.append("称呼居民用了“你”；改成“您”")
    if text.strip() and not leads_onward(text):
        found.append("没有写去哪里问、打什么电话；加一句")
    return found


async def write(desk: Desk, staff: Staff, wanted: Wanted) -> Broadcast:
    """A draft."""
    needs(staff, WRITE)
    fields = await _fields(desk, staff, wanted)
    async with desk.store.writing() as work:
        now = desk.clock.now()
        made = await work.broadcasts.add(staff.id, fields, now)
        await _line(work, staff, made, "draft", now)
        await work.commit()
    return made


async def save(desk: Desk, staff: Staff, id: str, version: int, wanted: Wanted) -> Broadcast:
    """Keep a draft. Raises Conflict if somebody saved it meanwhile."""
    needs(staff, WRITE)
    fields = await _fields(desk, staff, wanted)
    async with desk.store.writing() as work:
        now = desk.clock.now()
        found = await _seen(desk, work, staff, id, version)
        if found.stage not in WRITABLE:
            raise BadInput(f"这条群发现在是“{NAMES[found.stage]}”，不能再改")
        editors = tuple(dict.fromkeys((*found.editors, staff.id)))
        kept = await work.broadcasts.save(found, now, **fields, editors=editors)
        await _line(work, staff, kept, "saved", now)
        await work.commit()
    return kept


async def submit(desk: Desk, staff: Staff, id: str, version: int, limits: Limits) -> Broadcast:
    """Hand it over to be approved. Raises BadInput for words that may not go out."""
    needs(staff, WRITE)
    found, _ = await show(desk, staff, id)
    if wrong := problems(found.text, limits):
        raise BadInput("没有送审：" + "。".join(wrong))
    return await _step(desk, staff, id, version, {*WRITABLE}, Stage.SUBMITTED)


async def return_(desk: Desk, staff: Staff, id: str, version: int, why: str) -> Broadcast:
    """Back to the editor, with a word why."""
    needs(staff, APPROVE)
    if len(why.strip()) < 2:
        raise BadInput("请写一句要改什么，编辑才好改")
    return await _step(desk, staff, id, version, {Stage.SUBMITTED}, Stage.RETURNED, why)


async def approve(desk: Desk, staff: Staff, id: str, version: int, limits: Limits) -> Broadcast:
    """To be sent at its moment. Not by anybody who wrote in it, and not past what the platform lets out."""
    needs(staff, APPROVE)
    async with desk.store.writing() as work:
        now = desk.clock.now()
        found = await _seen(desk, work, staff, id, version)
        if staff.id in found.editors:
            raise NotYours("这条群发是您自己写的，要由另一位同事审核")
        if found.stage is not Stage.SUBMITTED:
            raise BadInput(f"这条群发现在是“{NAMES[found.stage]}”，不能批准")
        if wrong := problems(found.text, limits):
            raise BadInput("没有批准：" + "。".join(wrong))
        due = max(now + GRACE, found.send_at or now)
        here = await room_in(work, limits, found.audience, due)
        if not here.left:
            raise BadInput(f"{_said_of(limits)}，已经发了{here.used}次；{here.until:%m月%d日}起才能再发，没有批准")
        kept = await work.broadcasts.save(found, now, stage=Stage.APPROVED, approver=staff.id, due_at=due)
        await work.broadcasts.say(id, Stage.APPROVED.value, "", staff.id, now)
        await _line(work, staff, kept, Stage.APPROVED.value, now, due=due.isoformat())
        await work.commit()
    return kept


async def stop(desk: Desk, staff: Staff, id: str, why: str = "") -> Broadcast:
    """Before it goes out, by whoever may write or approve: of stopping and sending, one comes first. Raises Conflict when
    it was handed over already."""
    if not may(staff, STOP):
        raise NotYours("您的账号不能停下群发；请找宣传编辑或宣传审核")
    async with desk.store.writing() as work:
        now = desk.clock.now()
        found = await _theirs(desk, work, staff, id)
        if found.stage in (Stage.SENDING, Stage.SENT, Stage.UNCONFIRMED, Stage.FAILED):
            raise Conflict(f"来不及了：这条群发现在是“{NAMES[found.stage]}”")
        if found.stage is Stage.STOPPED:
            return found
        kept = await work.broadcasts.save(found, now, stage=Stage.STOPPED, due_at=None)
        await work.broadcasts.say(id, Stage.STOPPED.value, why.strip()[:_NOTE], staff.id, now)
        await _line(work, staff, kept, Stage.STOPPED.value, now)
        await work.commit()
    return kept


async def show(desk: Desk, staff: Staff, id: str) -> tuple[Broadcast, Sequence[Step]]:
    """One broadcast and its steps. Raises NotYours for another place's."""
    needs(staff, READ)
    async with desk.store.reading() as work:
        return await _theirs(desk, work, staff, id), await work.broadcasts.steps(id)


async def listed(desk: Desk, staff: Staff) -> list[Broadcast]:
    """Those of their places, the newest first."""
    needs(staff, READ)
    async with desk.store.reading() as work:
        return [one for one in await work.broadcasts.list() if covers(staff, one.region, desk.regions)]


def _said_of(limits: Limits) -> str:
    return f"平台规定一个人{'每月' if limits.per == 'month' else '每天'}最多收到{limits.most}次群发"


async def _fields(desk: Desk, staff: Staff, wanted: Wanted) -> dict[str, object]:
    if wanted.kind not in KINDS:
        raise BadInput("请选消息还是提醒")
    if len(wanted.text) > 5_000:
        raise BadInput("正文太长了，没有保存；请写短些")
    now = desk.clock.now()
    if wanted.send_at and not now < wanted.send_at <= now + AHEAD:
        raise BadInput(f"发送时间要在现在以后、{AHEAD.days}天以内；尽快发就空着")
    known = {one.id: one for one in await audiences(desk, staff)}
    if wanted.audience not in known:
        raise NotYours("这些人不归您的账号管，或者平台上没有这个标签；请重新选发给谁")
    to = known[wanted.audience]
    return {
        "kind": wanted.kind,
        "text": wanted.text.strip(),
        "region": region_of(desk, to),
        "audience": to.id,
        "audience_name": to.name,
        "send_at": wanted.send_at,
    }


async def _step(
    desk: Desk, staff: Staff, id: str, version: int, stages: set[Stage], to: Stage, why: str = ""
) -> Broadcast:
    if len(why) > _NOTE:
        raise BadInput(f"说明最多{_NOTE}字，请写短些")
    async with desk.store.writing() as work:
        now = desk.clock.now()
        found = await _seen(desk, work, staff, id, version)
        if found.stage not in stages:
            raise BadInput(f"这条群发现在是“{NAMES[found.stage]}”，不能改成“{NAMES[to]}”")
        kept = await work.broadcasts.save(found, now, stage=to)
        await work.broadcasts.say(id, to.value, why.strip(), staff.id, now)
        await _line(work, staff, kept, to.value, now)
        await work.commit()
    return kept


async def _seen(desk: Desk, work: Work, staff: Staff, id: str, version: int) -> Broadcast:
    found = await _theirs(desk, work, staff, id)
    if found.version != version:
        raise Conflict("这条群发刚刚被别人改过，请重新打开看看再办")
    return found


async def _theirs(desk: Desk, work: Work, staff: Staff, id: str) -> Broadcast:
    found = await work.broadcasts.get(id)
    needs_place(desk, staff, found.region)
    return found


async def _line(work: Work, staff: Staff, one: Broadcast, step: str, now: datetime, **more: str) -> None:
    deed = Deed.PUBLISH if step == Stage.APPROVED.value else Deed.CHANGE
    about = {"step": step, "audience": one.audience or "all"} | more
    await work.audit.add(staff.id, deed, f"broadcast:{one.id}", now, region=one.region, about=about)
