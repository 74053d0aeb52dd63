"""What came of a message to a form, and how it is given again when the same message comes again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.question import Memory
from bot.language import programmes
from bot.messages import Reply
from bot.wire import reply_from_json, reply_to_json


@dataclass(frozen=True, slots=True)
class Heard:
    replies: tuple[Reply, ...]
    """While a form is open its question comes last."""
    form: str
    """The draft that is open now; empty: none."""
    memory: Memory


def closing(replies: Sequence[Reply], form: str) -> tuple[Reply, ...]:
    """The replies, the last of which says which form is open from here on."""
    return (*replies[:-1], replace(replies[-1], form=form))


def about(draft: Draft, memory: Memory) -> Memory:
    """What the talk is about once a form has asked: its programme, whatever was spoken of before. A question in between
    is about that only as long as nothing else was asked."""
    programme = applied_for(draft)
    return replace(memory, programme=programme, entry="", asked="") if programme else memory


def applied_for(draft: Draft) -> str:
    """The programme a form applies for; empty for every other form."""
    return programmes.of_part(draft.programme) if draft.kind == "application" else ""


def recorded(replies: Sequence[Reply]) -> list[Mapping[str, Any]]:
    return [reply_to_json(reply) for reply in replies]


async def keep(
    desk: Desk, work: Work, old: Draft, new: Draft, message: str, replies: Sequence[Reply], state: str = ""
) -> None:
    """Write down what became of a draft with the replies it gave. `old` is the draft as it was read: what differs from
    it is what is written."""
    await work.drafts.save(
        old,
        desk.clock.now(),
        sheet=new.sheet,
        about=new.about,
        state=state,
        message=message,
        replies=recorded(replies),
    )


def again(draft: Draft, memory: Memory) -> Heard:
    """The replies its last message got, unchanged."""
    replies = tuple(reply_from_json(dict(data)) for data in draft.last_replies)
    return Heard(replies, replies[-1].form or "", memory)
