"""同意转过去吗: before somebody's name and need go to one that is no department of the government, the person is asked in their own
chat (个人信息保护法 第23条). Nothing goes anywhere before they agree; that they do not costs them nothing."""

from __future__ import annotations

from datetime import datetime

from bot.audit import Deed
from bot.clock import SHANGHAI
from bot.desk.case_ports import Case, Referral
from bot.desk.cases.notifying import Notice, notify
from bot.desk.cases.telling import call_by, shared
from bot.desk.cases.whose import applicant_of
from bot.desk.casework import referrals
from bot.desk.casework.letters import counted
from bot.desk.casework.referrals import ASKING, DECLINED, OTHER, Wish
from bot.desk.casework.theirs import case_of
from bot.desk.desk import Desk
from bot.desk.identity.codes import channel_name
from bot.desk.ports import Work
from bot.desk.words import say
from bot.errors import BadInput, Conflict
from bot.messages import Reply
from bot.staff import Staff

ANSWERS = {"yes": "本人同意", "no": "本人不同意"}
ASKS_FOR = 2
"""Working days after which an officer calls instead."""


async def ask(desk: Desk, staff: Staff, case: str, wish: Wish) -> Referral:
    """The person is asked in their chat. Raises NotThere; BadInput for one without a chat of their own, and for a department, which
    needs no such consent."""
    due = referrals.checked(desk, wish)
    if wish.office != OTHER:
        raise BadInput("转给政府部门不用单独同意；请去掉“在聊天里请本人同意”")
    async with desk.store.writing() as work:
        found = await case_of(desk, work, staff, case)
        await referrals.owned(work, found, wish.papers)
        if not await work.people.conversations(found.person):
            raise BadInput("本人没有自己的聊天。请打电话或当面问，再写明什么时候、怎样同意的")
        now, person = desk.clock.now(), await applicant_of(work, found)
        text = f"问本人同不同意把事情转给{wish.name}；聊天里没有回，就打电话问"
        by = call_by(desk, now, ASKS_FOR)
        task = await work.tasks.add("referral", found.person, found.id, found.region, text, person.phone, by, now)
        made = await work.referrals.add(
            found.id, wish.other.strip(), wish.what.strip(), wish.papers, due, now, task.id, ASKING
        )
        told = {"referral": made.id, "office": wish.office, "asked": True}
        await work.cases.note(found, f"officer:{staff.name}", "", now, **told)
        await work.audit.add(staff.id, Deed.CHANGE, f"case:{case}", now, region=found.region, about=told)
        goes = await _goes(desk, work, found, wish)
        await notify(desk, work, found, Notice("notice_share", goes, (*shared(made.id), "person"), task.id))
        await work.commit()
    return made


async def told(desk: Desk, staff: Staff, referral: str, said: str, how: str) -> Referral:
    """What the person said on the telephone or at the counter. Raises NotThere, BadInput, Conflict."""
    if said not in ANSWERS:
        raise BadInput("请选本人同意还是不同意")
    if not 4 <= len(how.strip()) <= 200:
        raise BadInput("请写明什么时候、怎样说的，4到200字")
    async with desk.store.writing() as work:
        known, case = await referrals.referral_of(desk, work, staff, referral)
        if known.state != ASKING:
            raise Conflict("这件转介已经不在等本人同意了，请刷新看看")
        now = desk.clock.now()
        changed = await _settle(desk, work, known, case, said, how.strip(), f"officer:{staff.name}", now)
        about = {"referral": referral, "state": changed.state}
        await work.audit.add(staff.id, Deed.CHANGE, f"case:{case.id}", now, region=case.region, about=about)
        await work.commit()
    return changed


async def heard(
    desk: Desk, work: Work, one: Referral, case: Case, said: str, person: str, channel: str, now: datetime
) -> list[Reply]:
    """What they answered in the chat; only the person it is about can."""
    if person != case.person:
        return [say(desk, "share_own", region=case.region)]
    if one.state != ASKING:
        return [say(desk, "helped_over", region=case.region)]
    how = f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 在{channel_name(desk, channel)}里点的"
    await _settle(desk, work, one, case, said, how, f"resident:{person}", now)
    return [say(desk, f"share_{said}", region=case.region)]


async def _goes(desk: Desk, work: Work, case: Case, wish: Wish) -> str:
    """To whom, for what, and with which papers: what is agreed to."""
    papers = counted(desk, [one for one in await work.papers.of_case(case.id) if one.id in wish.papers])
    lines = [wish.name, f"要办的事：{wish.what.strip()}", f"一起给的材料：{'、'.join(papers)}" if papers else ""]
    return "\n".join(filter(None, lines))


async def _settle(
    desk: Desk, work: Work, one: Referral, case: Case, said: str, how: str, actor: str, now: datetime
) -> Referral:
    """Agreed: the follow-up is put down, and an officer is told to send the letter. Not: nothing goes anywhere."""
    await referrals.end_reminder(work, one, actor, now)
    state, task, due = DECLINED, "", one.due
    if said == "yes":
        soonest = call_by(desk, now, ASKS_FOR).astimezone(SHANGHAI).date()
        due = max(one.due, soonest) if one.due else soonest
        task, state = (await referrals.remind(desk, work, case, one.office, due, now)).id, "open"
        phone, by = (await applicant_of(work, case)).phone, call_by(desk, now)
        text = f"本人同意了，请把转介函送给{one.office}"
        await work.tasks.add("referral", case.person, case.id, case.region, text, phone, by, now)
    note = {"referral": one.id, "consent": f"{ANSWERS[said]}：{how}"}
    await work.cases.note(case, actor, "", now, **note)
    return await work.referrals.settle(one, state, task, due, now)
