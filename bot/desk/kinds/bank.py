"""Where the money is to go, for those who left it out of the application: needed only before the first payment."""

from __future__ import annotations

from dataclasses import replace

from bot.conversations import Conversation
from bot.desk.case_ports import Case, Draft
from bot.desk.cases import aftercare
from bot.desk.cases.mine import own_case, own_cases
from bot.desk.cases.naming import state_of
from bot.desk.cases.wording import which
from bot.desk.desk import Desk
from bot.desk.filling.kinds import Finished, Plain, Start
from bot.desk.ports import Work
from bot.desk.words import PERSON, say
from bot.forms.model import Form, Kind, State

FIELDS = ("account_name", "bank_name", "bank_account")


class Bank(Plain):
    name = "bank"

    def form(self, desk: Desk, draft: Draft) -> Form:
        """Who agreed to sensitive data in the application itself is not asked to agree again."""
        form = desk.edition.form("bank")
        if not draft.about.get("agreed"):
            return form
        asks = (step for step in form.steps if not all(one.field.kind is Kind.AGREE for one in step.fields))
        return replace(form, steps=tuple(asks))

    async def begin(self, desk: Desk, work: Work, conversation: Conversation, programme: str) -> Start | Finished:
        """`programme`: a case's id; empty: the only one that goes on."""
        if programme:
            case = await own_case(work, conversation.id, programme)
            return await _start(work, case) if case else Finished((say(desk, "case_not_found"),))
        cases = [case for case in await own_cases(work, conversation.id) if not state_of(case).final]
        if not cases:
            return Finished((say(desk, "change_none"),), then=("lookup", self.name))
        if len(cases) == 1:
            return await _start(work, cases[0])
        return Finished((which(desk, cases, self.name),))

    async def finish(self, desk: Desk, work: Work, draft: Draft, conversation: Conversation) -> Finished:
        case = await own_case(work, conversation.id, str(draft.about.get("case", "")))
        if case is None:
            return Finished((say(desk, "case_not_found", choices=(PERSON,)),), "cancelled")
        given = {key: draft.sheet.answers[key] for key in FIELDS if key in draft.sheet.answers}
        if any(one.state is not State.SAID for one in given.values()) or "bank_account" not in given:
            return Finished((say(desk, "bank_later"),), "cancelled")
        return Finished(tuple(await aftercare.bank(desk, work, case, draft.person, given)))


async def _start(work: Work, case: Case) -> Start:
    given = [one.text for one in await work.consents.of_case(case.id) if one.state == "given"]
    return Start({"case": case.id, "agreed": "sensitive" in given})
