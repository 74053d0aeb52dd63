"""Where the money is to go, for those who left it out of the application: needed only before the first payment."""

from __future__ import annotations

from bot.conversations import Conversation
from bot.desk.case_ports import Draft
from bot.desk.cases import aftercare
from bot.desk.cases.mine import own_case
from bot.desk.desk import Desk
from bot.desk.filling.kinds import Finished
from bot.desk.kinds.of_case import OfCase
from bot.desk.ports import Work
from bot.desk.words import PERSON, say
from bot.forms.model import State

FIELDS = ("account_name", "bank_name", "bank_account")


class Bank(OfCase):
    name = "bank"

    async def finish(self, desk: Desk, work: Work, draft: Draft, conversation: Conversation) -> Finished:
        case = await own_case(work, conversation.id, str(draft.about.get("case", "")))
        if case is None:
            return Finished((say(desk, "case_not_found", choices=(PERSON,)),), "cancelled")
        given = {key: draft.sheet.answers[key] for key in FIELDS if key in draft.sheet.answers}
        if any(one.state is not State.SAID for one in given.values()) or "bank_account" not in given:
            return Finished((say(desk, "bank_later"),), "cancelled")
        return Finished(tuple(await aftercare.bank(desk, work, case, draft.person, given)))
