"""Papers that follow: photos for an application that was handed in, laid before the office that asked for them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversations import Conversation
from bot.desk.case_ports import Case, Draft
from bot.desk.cases import aftercare
from bot.desk.cases.mine import own_case
from bot.desk.cases.wording import what_is_missing
from bot.desk.desk import Desk
from bot.desk.filling.kinds import Finished
from bot.desk.kinds.of_case import OfCase
from bot.desk.ports import Work
from bot.desk.words import PERSON, say
from bot.messages import Reply


class More(OfCase):
    name = "more"

    def waiting(self, cases: Sequence[Case]) -> Sequence[Case]:
        return [case for case in cases if case.state == "need_more"]

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
