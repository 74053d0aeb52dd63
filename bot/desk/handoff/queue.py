"""The lists an officer works from, and one conversation opened. All masked; opening one stands in the audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot import people
from bot.audit import Deed
from bot.conversations import URGENT, Conversation, Holder
from bot.desk.casework.masking import answers_of
from bot.desk.desk import Desk
from bot.desk.handoff.records import VIEWS, Fact, Row, Shared, Talk
from bot.desk.handoff.theirs import name_of, theirs
from bot.desk.kinds import KINDS
from bot.desk.kinds.tip import KIND as TIP
from bot.desk.ports import Message, Work
from bot.errors import BadInput, NotYours
from bot.forms import steps
from bot.forms.model import Form, Given
from bot.messages import Author, State
from bot.staff import Staff, covers, may

TRANSCRIPT = 200
"""The newest messages shown of one conversation."""
_PREVIEW = 40
REASONS = {
    "asked": "想找人工",
    "emergency": "急难",
    "failed": "机器人没处理好",
    "complaint": "投诉",
    "transferred": "同事转来",
    "distress:life": "有轻生的话",
    "distress:violence": "有人身危险",
    "distress:disaster": "有人被困、受灾",
    "distress:illness": "有人病危",
    "distress:missing": "有人走失",
    "distress:felt": "话里让人担心",
}


async def waiting(desk: Desk, staff: Staff, view: str, limit: int = 100) -> Sequence[Row]:
    """A list of conversations of the officer's places (`records.VIEWS`), the most pressing first, masked. BadInput for an
    unknown view."""
    if view not in VIEWS:
        raise BadInput(f"没有“{view[:20]}”这个列表。")
    if not may(staff, "conversations.read"):
        return []
    now = desk.clock.now()
    async with desk.store.reading() as work:
        talks = await work.talks.list(view, staff.id, staff.regions, now, limit)
        return await masked_rows(desk, work, talks, now)


async def listed(desk: Desk, staff: Staff, conversations: Sequence[str]) -> Sequence[Row]:
    """These conversations in this order, masked: those that are (still) theirs."""
    async with desk.store.reading() as work:
        found = []
        for one in conversations:
            try:
                found.append(await theirs(desk, work, staff, one, "conversations.read", lock=False))
            except NotYours:
                continue
        return await masked_rows(desk, work, found, desk.clock.now())


async def counts(desk: Desk, staff: Staff) -> Mapping[str, int]:
    """How many stand in each view but `closed`, for the tabs and for live updates: counters only; a supervisor's have
    `escalated` besides."""
    if not may(staff, "conversations.read"):
        return {view: 0 for view in VIEWS if view != "closed"}
    async with desk.store.reading() as work:
        found = dict(await work.talks.counts(staff.id, staff.regions, desk.clock.now()))
        if may(staff, "conversations.assign"):
            found["escalated"] = await work.supervising.count_open(staff.id)
        return found


async def shared(desk: Desk, regions: Sequence[str]) -> Shared:
    """The counters of all who work for these places, by one look."""
    async with desk.store.reading() as work:
        return await work.talks.shared(regions, desk.clock.now())


def counts_among(seen: Shared, staff: Staff) -> Mapping[str, int] | None:
    """The counters of one of them; None for whom they are not the same: a supervisor, and whom somebody complains of."""
    if staff.id in seen.complained or may(staff, "conversations.assign"):
        return None
    return {**seen.counts, "mine": seen.mine.get(staff.id, 0)}


async def pulse(desk: Desk) -> str:
    """Another word whenever a message, a move or a note was added anywhere."""
    async with desk.store.reading() as work:
        return await work.talks.pulse()


async def opened(desk: Desk, staff: Staff, conversation: str, again: bool = False) -> Talk:
    """One conversation; writes a READ line. Raises NotYours for another place's and for none.

    `again`: the page that is open already looks once more; its opening stands in the log, and who calls must know so.
    """
    now = desk.clock.now()
    async with desk.store.reading() if again else desk.store.writing() as work:
        talk = await theirs(desk, work, staff, conversation, "conversations.read", lock=False)
        messages = await work.messages.history(conversation, TRANSCRIPT)
        form, answers = await filled(desk, work, talk)
        person = await work.people.of_conversation(conversation)
        cases = await work.cases.of_person(person.id) if person else ()
        (row,) = await masked_rows(desk, work, [talk], now)
        shown = Talk(
            row=row,
            conversation=talk,
            messages=messages,
            leaving=[one for one in messages if one.author is Author.BOT and one.state is State.SENDING],
            form=form.title if form else "",
            facts=facts(desk, form, answers, messages),
            missing=_missing(desk, form, answers),
            cases=[case for case in cases if covers(staff, case.region, desk.regions)],
            notes=await work.talks.notes(conversation),
            pictures=await work.talk_pictures.of_conversation(conversation),
            closing=await work.talks.closing(conversation),
            may_reply=talk.holder in (Holder.OFFICER, Holder.WAITING) and talk.holder_name == staff.id,
            open_window=talk.ledger.allows(now),
        )
        if not again:
            await work.audit.add(staff.id, Deed.READ, f"conversation:{conversation}", now, region=talk.region)
            await work.commit()
    return shown


def facts(desk: Desk, form: Form | None, answers: Mapping[str, Given], messages: Sequence[Message]) -> Sequence[Fact]:
    """What was told in the form, masked as in a case, each with the message it came from."""
    numbers = {row.id: row.seq for row in messages}
    found = []
    for one in answers_of(form, answers, desk.today(), desk.regions):
        given = answers[one.path]
        fact = Fact(
            one.path,
            one.label,
            one.shown,
            one.hidden,
            str(given.state),
            one.message,
            numbers.get(one.message, 0),
            given.at,
        )
        found.append(fact)
    return found


def why(reason: str) -> str:
    """A reason in an officer's words."""
    return (
        REASONS.get(reason)
        or REASONS.get(reason.partition(":")[0])
        or ("说得很难过" if reason[:8] == "distress" else reason)
    )


async def filled(desk: Desk, work: Work, talk: Conversation) -> tuple[Form | None, Mapping[str, Given]]:
    """The form that is open here, or was put aside last, and what it says."""
    # What is reported of an office is read elsewhere (`tips`).
    drafts = [one for one in await work.drafts.of_conversation(talk.id) if one.kind != TIP]
    draft = next((one for one in drafts if one.id == talk.form), drafts[0] if drafts else None)
    if draft is None or draft.kind not in KINDS:
        return None, {}
    return KINDS[draft.kind].form(desk, draft), draft.sheet.answers


def _missing(desk: Desk, form: Form | None, answers: Mapping[str, Given]) -> Sequence[str]:
    if form is None:
        return ()
    open_ = [at for at in steps.steps(form, answers, desk.today()) if at.wanted]
    return list(dict.fromkeys(at.fields[path].field.label for at in open_ for path in at.wanted))


async def masked_rows(desk: Desk, work: Work, talks: Sequence[Conversation], now: datetime) -> list[Row]:
    ids = [one.id for one in talks]
    said, labels = await work.talks.last_said(ids), await work.talks.labels(ids)
    held = {one.holder_name for one in talks if one.holder in (Holder.OFFICER, Holder.WAITING)}
    names = {staff: await name_of(work, staff) for staff in sorted(held - {""})}
    return [_row(desk, one, said.get(one.id, ""), labels.get(one.id, ()), names, now) for one in talks]


def _row(
    desk: Desk, talk: Conversation, said: str, labels: Sequence[str], names: Mapping[str, str], now: datetime
) -> Row:
    place = desk.regions.full_name(talk.region) if talk.region else "地区未知"
    preview = people.mask(" ".join(said.split()))[0]
    holder = talk.holder_name if talk.holder_name in names else ""
    return Row(
        conversation=talk.id,
        channel=talk.channel,
        region=talk.region,
        place=place,
        holder=talk.holder,
        holder_id=holder,
        holder_name=names.get(holder, ""),
        reason=talk.reason,
        why=why(talk.reason) if talk.reason else "",
        distress=talk.priority >= URGENT,
        priority=talk.priority,
        preview=preview if len(preview) <= _PREVIEW else preview[:_PREVIEW] + "…",
        labels=labels,
        since=talk.queued_at or talk.updated_at,
        answer_by=talk.answer_by,
        overdue=talk.answer_by is not None and talk.answer_by < now,
        quota_left=talk.quota_left,
        window_until=talk.window_until,
        version=f"{talk.updated_at.timestamp():.6f}-{talk.holder}-{talk.holder_name}-{talk.priority}-{'.'.join(labels)}",
    )
