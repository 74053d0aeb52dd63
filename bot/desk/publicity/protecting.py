"""Protected questions, asked on the old edition and on the one to come, by the code that answers residents.

No classifier stands beside the search here, as none stands in the console's process: a question is taken as one for us
(docs/decisions/0025).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.desk import answering
from bot.desk.desk import Desk
from bot.desk.publicity.editions import desk_over
from bot.desk.question import Memory, Question
from bot.knowledge.edition import Edition
from bot.knowledge.fields import NATION
from bot.knowledge.protected import Protected
from bot.language import distress
from bot.messages import Outcome

GONE = "gone"
"""The question is protected no more: that too is somebody's decision."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A protected question that would be met otherwise. `before` and `after` as `Protected.expect` says it."""

    id: str
    question: str
    region: str
    why: str
    before: str
    after: str
    expect: str

    @property
    def mended(self) -> bool:
        """Whether it gets now what it should: nobody needs to accept that."""
        return self.after == self.expect


def met(desk: Desk, one: Protected, day: date) -> str:
    """How a question is met: `danger:life`, `answer:<id>`, `outcome:clarified`."""
    heard = distress.listen(one.question)
    if heard is not None and heard.urgent:
        return f"danger:{heard.danger}"
    memory = Memory(region="" if one.region == NATION else one.region)
    replies = answering.answer(desk, Question(one.question, day, memory=memory)).replies
    if not replies:
        return f"outcome:{Outcome.DECLINED}"
    first = replies[0]
    if first.reason == "stopped":
        return f"stopped:{first.entry}"
    # An answer that asks for the place first is that answer all the same.
    given = first.entry and (first.outcome is Outcome.ANSWERED or first.reason in ("ask_place", "no_rule_here"))
    return f"answer:{first.entry}" if given else f"outcome:{first.outcome}"


async def asked(desk: Desk, edition: Edition, questions: Iterable[Protected], day: date) -> Mapping[str, str]:
    """How an edition meets each of them, by the question's id. Off the loop: it searches."""
    over = await desk_over(desk, edition)
    wanted = tuple(questions)
    return await asyncio.to_thread(lambda: {one.id: met(over, one, day) for one in wanted})


async def changes(desk: Desk, before: Edition, after: Edition, day: date) -> tuple[Changed, ...]:
    """Every protected question that the new edition meets otherwise than the old one, the worst for residents first."""
    old, new = before.content.protected, after.content.protected
    questions = {**new, **{id: one for id, one in old.items() if id not in new}}
    if not questions:
        return ()
    was = await asked(desk, before, questions.values(), day)
    will = await asked(desk, after, new.values(), day)
    found = [
        Changed(
            id,
            one.question,
            one.region,
            one.why,
            was[id] if id in old else one.expect,
            will.get(id, GONE),
            one.expect,
        )
        for id, one in questions.items()
    ]
    return tuple(sorted((one for one in found if one.before != one.after and not one.mended), key=lambda one: one.id))
