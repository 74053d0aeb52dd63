"""One button for what officers do all day: the words to the resident, the label, and who holds the conversation next.

Preset only, and shown before it goes. The words are published ones (`content/words.yml`), filled for this conversation.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversations import Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.handoff.deeds import ends, labels, say_to_resident, takes, waits
from bot.desk.handoff.theirs import held, name_of, theirs
from bot.desk.referring import EVERYWHERE, refer_to
from bot.desk.words import say
from bot.errors import BadInput, Conflict
from bot.knowledge.contacts import OFFICES
from bot.people import mask
from bot.staff import Staff

LONGEST_PAPER = 60


@dataclass(frozen=True, slots=True)
class Macro:
    key: str
    name: str
    """What the button says."""
    words: str
    """The key of the published words."""
    label: str
    then: Holder
    asks: str = ""
    """What must be said besides: paper or office."""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """A macro as it would go: shown, then sent."""

    macro: Macro
    text: str
    then: str
    """What becomes of the conversation, in words."""
    detail: str


MACROS = {
    one.key: one
    for one in (
        Macro("accept", "接手", "macro_accept", "已接手", Holder.OFFICER),
        Macro("paper", "要材料", "macro_paper", "等材料", Holder.WAITING, asks="paper"),
        Macro("refer", "请去找", "macro_refer", "已指路", Holder.WAITING, asks="office"),
        Macro("close", "办结", "macro_close", "已办结", Holder.CLOSED, outcome="solved"),
    )
}
_THEN = {
    Holder.OFFICER: "会话还在您手上",
    Holder.WAITING: "会话转为“等居民回复”",
    Holder.CLOSED: "会话结束，请居民评价",
}


async def ready(desk: Desk, staff: Staff, conversation: str, key: str, detail: str = "") -> Ready:
    """What would be said and done. Raises BadInput for what is not said yet, Conflict, NotYours."""
    async with desk.store.reading() as work:
        talk = await theirs(desk, work, staff, conversation, "conversations.reply", lock=False)
    return _ready(desk, staff, talk, key, detail)


async def run(desk: Desk, staff: Staff, conversation: str, key: str, detail: str, shown: str) -> Conversation:
    """All of it, or nothing. `shown`: the words the officer saw; Conflict where they would be others by now."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        talk = await theirs(desk, work, staff, conversation, "conversations.reply")
        made = _ready(desk, staff, talk, key, detail)
        if shown.replace("\r\n", "\n").strip() != made.text:
            raise Conflict("要说的话刚刚变了，请重新看过再发。")
        if made.macro.key == "accept" and talk.holder in (Holder.QUEUED, Holder.BOT, Holder.CLOSED):
            await theirs(desk, work, staff, conversation, "conversations.claim")
            talk = await takes(desk, work, staff, talk, now)
        talk = await held(desk, work, staff, conversation)
        if talk.holder_name != staff.id:
            raise Conflict(f"{await name_of(work, talk.holder_name)}正在接这个会话，您现在只能看和写备注。")
        await say_to_resident(work, staff, talk, made.text, now)
        await labels(work, staff, talk, made.macro.label, now)
        if made.macro.then is Holder.WAITING and talk.holder is not Holder.WAITING:
            talk = await waits(work, staff, talk, now)
        if made.macro.then is Holder.CLOSED:
            talk = await ends(desk, work, staff, talk, made.macro.outcome, now)
        await work.commit()
    return talk


def _ready(desk: Desk, staff: Staff, talk: Conversation, key: str, detail: str) -> Ready:
    macro = MACROS.get(key)
    if macro is None:
        raise BadInput("没有这个快捷操作，请重新选。")
    detail, office, number = " ".join(detail.split()), "", ""
    if macro.asks == "paper" and (not detail or len(detail) > LONGEST_PAPER or mask(detail)[0] != detail):
        raise BadInput(f"写上还要哪样材料，{LONGEST_PAPER}个字以内，不写号码。")
    if macro.asks == "office":
        if detail not in OFFICES:
            raise BadInput("选一个该去找的部门。")
        found = refer_to(desk, detail, talk.region)
        office, number = found.called, found.number or EVERYWHERE
    said = say(desk, macro.words, region=talk.region, name=staff.name, office_name=office, number=number, papers=detail)
    return Ready(macro, said.text, _THEN[macro.then], detail)
