"""Papers that follow: photos for an application that was handed in, laid before the office that asked for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.conversations import Conversation
from bot.desk.case_ports import Case, Draft
from bot.desk.cases import aftercare
from bot.desk.cases.mine import own_case, own_cases
from bot.desk.cases.naming import state_of
from bot.desk.cases.wording import what_is_missing, which
from bot.desk.desk import Desk
from bot.desk.filling.kinds import Finished, Plain, Start
from bot.desk.ports import Work
from bot.desk.words import PERSON, say
from bot.forms.model import Form, Kind
from bot.messages import Reply


class More(Plain):
    name = "more"

    def form(self, desk: Desk, draft: Draft) -> Form:
        """Who agreed to sensitive data in the application itself is not asked to agree again."""
        form = desk.edition.form("more")
        if not draft.about.get("agreed"):
            return form
        asks = (step for step in form.steps if not all(one.field.kind is Kind.AGREE for one in step.fields))
        return replace(form, steps=tuple(asks))

    async def begin(self, desk: Desk, work: Work, conversation: Conversation, programme: str) -> Start | Finished:
        """`programme`: a case's id; empty: the one that waits for papers, or the only one."""
        if programme:
            case = await own_case(work, conversation.id, programme)
            return await _start(work, case) if case else Finished((say(desk, "case_not_found"),))
        cases = [case for case in await own_cases(work, conversation.id) if not state_of(case).final]
        waiting = [case for case in cases if case.state == "need_more"] or cases
        if not waiting:
            return Finished((say(desk, "change_none"),), then=("lookup", self.name))
        if len(waiting) == 1:
            return await _start(work, waiting[0])
        return Finished((which(desk, waiting, self.name),))

    async def opening(self, desk: Desk, work: Work, draft: Draft) -> Sequence[Reply]:
        case = await work.cases.get(str(draft.about["case"]))
        wanted = what_is_missing(desk, case, await work.cases.timeline(case.id))
        return (Reply(wanted, reason="status"),) if wanted else ()

    async def finish(self, desk: Desk, work: Work, draft: Draft, conversation: Conversation) -> Finished:
        case = await own_case(work, conversation.id, str(draft.about.get("case", "")))
        if case is None:
            return Finished((say(desk, "case_not_found", choices=(PERSON,)),), "cancelled")
        count = await work.papers.attach(draft.id, case.id)
        if not count:
            return Finished((say(desk, "more_none", choices=(PERSON,)),), "cancelled")
        return Finished(tuple(await aftercare.more_papers(desk, work, case, draft.person, count)))


async def _start(work: Work, case: Case) -> Start:
    given = [one.text for one in await work.consents.of_case(case.id) if one.state == "given"]
    return Start({"case": case.id, "agreed": "sensitive" in given})
