"""Somebody does not agree: which way is open, until when, where to, and a letter to copy. Also without a case of ours."""

from __future__ import annotations

from datetime import date

from bot.conversations import Conversation
from bot.desk.case_ports import Draft
from bot.desk.cases import aftercare
from bot.desk.cases.mine import own_case
from bot.desk.cases.objecting import Against
from bot.desk.desk import Desk
from bot.desk.filling.kinds import Finished, Plain, Start
from bot.desk.ports import Work
from bot.desk.words import say
from bot.forms.model import Form, Sheet, State
from bot.messages import Outcome, Reply

AGAINST, TOLD, WRITTEN, APPLIED, WANTS = "against", "told_on", "written", "applied_on", "wants"


class Objection(Plain):
    name = "objection"

    def form(self, desk: Desk, draft: Draft) -> Form:
        return desk.edition.form("objection")

    async def begin(self, desk: Desk, work: Work, conversation: Conversation, programme: str) -> Start | Finished:
        """`programme`: a case's id; empty: an objection to something that was decided elsewhere, too."""
        if not programme:
            return Start()
        case = await own_case(work, conversation.id, programme)
        return Start({"case": case.id}) if case else Finished((say(desk, "case_not_found"),))

    async def finish(self, desk: Desk, work: Work, draft: Draft, conversation: Conversation) -> Finished:
        case_id = str(draft.about.get("case", ""))
        case = await own_case(work, conversation.id, case_id) if case_id else None
        sheet = draft.sheet
        against = Against(str(_value(sheet, AGAINST)))
        told = _day(sheet, APPLIED if against is Against.NO_ANSWER else TOLD)
        written = _value(sheet, WRITTEN)
        objection = aftercare.Objection(
            against, told, written if isinstance(written, bool) else None, str(_value(sheet, WANTS) or "")
        )
        region = case.region if case else conversation.region
        replies = await aftercare.object_to(desk, work, case, draft.person, region, objection)
        if case is None and against in (Against.STAFF, Against.UNPAID):
            # Nobody's case of ours: a person is asked for, since nothing else would reach anybody.
            replies.append(Reply(say(desk, "person").text, outcome=Outcome.PERSON, region=region, reason="complaint"))
        return Finished(tuple(replies), "done" if case else "cancelled")


def _value(sheet: Sheet, path: str) -> object:
    given = sheet.answers.get(path)
    return given.value if given and given.state is State.SAID else None


def _day(sheet: Sheet, path: str) -> date | None:
    """The earliest day it can have been: a deadline counted from it is safe."""
    value = _value(sheet, path)
    first = value.get("first") if isinstance(value, dict) else None
    try:
        return date.fromisoformat(str(first)) if first else None
    except ValueError:
        return None
