"""What a resident may ask of us about their own data: see it, correct it, take a consent back, have it deleted
(个人信息保护法 第15、45–47条)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.cases import new_number, show_number
from bot.clock import SHANGHAI
from bot.desk.case_ports import Case, Consent, Erased, Person
from bot.desk.cases.naming import number_of, programme_name, said_day, state_of
from bot.desk.cases.telling import about_case, call_by
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.words import say
from bot.errors import BadInput
from bot.messages import Reply

NAME, PHONE = "name", "phone"
CORRECT_DAYS = 3
_PHONE = re.compile(r"1[3-9]\d{9}")
_NAME = re.compile(r"[㐀-䶿一-鿿〇·]{2,15}")
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


async def see(desk: Desk, work: Work, conversation: str) -> Reply:
    """What is kept, with every number masked. A full copy is handed out at the window, to somebody who shows who they
    are: a chat can be read by whoever holds the phone."""
    person = await work.people.of_conversation(conversation)
    cases = await work.cases.of_person(person.id) if person else []
    drafts = [one for one in await work.drafts.of_person(person.id) if one.kind == "application"] if person else []
    if person is None or not (person.name or person.identity or person.phone or cases or drafts):
        # At most somebody who was made to open a form, and of whom nothing is known.
        return say(desk, "data_nothing", reason="data")
    lines = [f"姓名：{masked_name(person.name)}", f"身份证号：{masked_identity(person.identity)}"]
    lines.append(f"电话：{masked_phone(person.phone)}")
    for case in cases:
        papers = len(await work.papers.of_case(case.id))
        lines.append(
            f"{programme_name(desk, case.programme)}（回执号 {number_of(case)}）：{state_of(case).name}"
            + (f"，照片{papers}张" if papers else "")
        )
    lines += [f"没填完的申请：{programme_name(desk, draft.programme)}" for draft in drafts]
    given = await given_consents(work, person.id)
    lines += [f"同意：{_title(desk, one)}（{said_day(one.at.astimezone(SHANGHAI).date())}）" for one in given if one.at]
    lines.append(f"绑定的聊天：{len(await work.people.conversations(person.id))}个")
    return say(desk, "data_see", reason="data", list="\n".join(lines))


async def correct(desk: Desk, work: Work, conversation: str, which: str, new: str) -> Reply:
    """A phone number at once. A name, and whatever an application says that was handed in, is first compared with papers
    by a person; until then both stand in the timeline."""
    person = await work.people.of_conversation(conversation)
    if person is None:
        return say(desk, "data_nothing", reason="data")
    new = new.strip().translate(_DIGITS)
    if which == PHONE:
        new = re.sub(r"[\s-]", "", new).removeprefix("+86")
        if not _PHONE.fullmatch(new):
            return say(desk, "data_wrong_phone", reason="data")
    elif which == NAME and not _NAME.fullmatch(new):
        return say(desk, "data_wrong_name", reason="data")
    cases = await work.cases.of_person(person.id)
    mine = [case for case in cases if case.person == person.id]
    handed_in = [case for case in mine if not state_of(case).final]
    if which == PHONE or (which == NAME and not mine):
        await work.people.change(person.id, desk.clock.now(), **{which: new})
        for case in handed_in:
            await work.cases.note(case, f"resident:{person.id}", "", desk.clock.now(), corrected=which)
        return say(desk, "data_corrected", reason="data")
    if not mine:
        return say(desk, "data_nothing", reason="data")
    for case in handed_in or mine[:1]:
        await _task(desk, work, case, person, "data_task", new, which)
    return say(desk, "data_corrected_task", reason="data")


async def given_consents(work: Work, person: str) -> Sequence[Consent]:
    """The consents of this person that hold."""
    return [one for one in await work.consents.of_person(person) if one.state == "given"]


async def withdraw(desk: Desk, work: Work, conversation: str, channel: str, consent: str) -> Reply:
    """Take one consent back: from now on nothing more is done on it (第15条). An unfinished application that stands on
    it is cancelled; of one that was handed in the office is told at once."""
    person = await work.people.of_conversation(conversation)
    found = next((one for one in await given_consents(work, person.id) if one.id == consent), None) if person else None
    if person is None or found is None:
        return say(desk, "data_no_consent", reason="data")
    now = desk.clock.now()
    await work.consents.settle(found.id, "withdrawn", channel, conversation, person.id, now)
    if found.case:
        case = await work.cases.get(found.case)
        await _task(desk, work, case, person, "withdrawn_task", _title(desk, found), "consent")
    elif found.draft:
        try:
            draft = await work.drafts.get(found.draft)
        except BadInput:
            draft = None
        if draft is not None and draft.state in ("open", "paused"):
            await work.drafts.save(draft, now, state="cancelled")
    return say(desk, "data_withdrawn", reason="data")


async def erase(desk: Desk, work: Work, conversation: str, how: str) -> tuple[Erased, list[Reply]]:
    """Delete everything that may be deleted, and say with a receipt what was, and what the archive keeps."""
    now = desk.clock.now()
    person = await work.people.of_conversation(conversation) or await work.people.make(conversation, now, how)
    receipt = new_number()
    erased = await work.people.erase(person.id, receipt, now)
    replies = [
        say(desk, "data_erased", reason="data", number=show_number(receipt), day=said_day(desk.today())),
    ]
    if erased.held:
        listed = "\n".join(
            f"{programme_name(desk, case.programme)}（回执号 {number_of(case)}）" for case in erased.held
        )
        replies.append(say(desk, "data_held", reason="data", list=listed))
    return erased, replies


async def _task(desk: Desk, work: Work, case: Case, person: Person, key: str, text: str, what: str) -> None:
    now = desk.clock.now()
    await work.cases.note(case, f"resident:{person.id}", text, now, report=key.removesuffix("_task"), what=what)
    words = about_case(desk, case, key, text=text).text
    due = call_by(desk, now, CORRECT_DAYS)
    await work.tasks.add("callback", person.id, case.id, case.region, words, person.phone, due, now)


def _title(desk: Desk, consent: Consent) -> str:
    text = desk.edition.consents.get(consent.text)
    return text.title if text else consent.text


def masked_name(name: str) -> str:
    """The family name alone."""
    return name[0] + "*" * min(2, len(name) - 1) if name else "没有"


def masked_identity(identity: str) -> str:
    """At most the first three and the last four characters."""
    return f"{identity[:3]}{'*' * 11}{identity[-4:]}" if len(identity) == 18 else ("没有" if not identity else "****")


def masked_phone(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) == 11 else ("没有" if not phone else "****")
