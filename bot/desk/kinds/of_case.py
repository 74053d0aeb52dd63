"""What follows an application that was handed in: whose it is, which one is meant, and no consent asked for twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.conversations import Conversation
from bot.desk.case_ports import Case, Draft
from bot.desk.cases.mine import own_case, own_cases
from bot.desk.cases.naming import state_of
from bot.desk.cases.wording import which
from bot.desk.desk import Desk
from bot.desk.filling.kinds import Finished, Plain, Start
from bot.desk.ports import Work
from bot.desk.words import say
from bot.forms.model import Form, Kind


class OfCase(Plain):
    """A form about one case of the resident's own."""

    name: str

    def form(self, desk: Desk, draft: Draft) -> Form:
        """Who agreed to sensitive data in the application itself is not asked to agree again."""
        form = desk.edition.form(self.name)
        if not draft.about.get("agreed"):
            return form
        asks = (step for step in form.steps if not all(one.field.kind is Kind.AGREE for one in step.fields))
        return replace(form, steps=tuple(asks))

    async def begin(self, desk: Desk, work: Work, conversation: Conversation, programme: str) -> Start | Finished:
        """`programme`: a case's id; empty: the one that waits for this, or the only one."""
        if programme:
            case = await own_case(work, conversation.id, programme)
            return await _start(work, case) if case else Finished((say(desk, "case_not_found"),))
        cases = [case for case in await own_cases(work, conversation.id) if not state_of(case).final]
        cases = list(self.waiting(cases)) or cases
        if not cases:
            return Finished((say(desk, "change_none"),), then=("lookup", self.name))
        if len(cases) == 1:
            return await _start(work, cases[0])
        return Finished((which(desk, cases, self.name),))

    def waiting(self, cases: Sequence[Case]) -> Sequence[Case]:
        """Those that wait for what this form brings."""
        return ()


async def _start(work: Work, case: Case) -> Start:
    given = [one.text for one in await work.consents.of_case(case.id) if one.state == "given"]
    return Start({"case": case.id, "agreed": "sensitive" in given})
