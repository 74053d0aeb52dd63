"""From a conversation to an answer for everybody: an officer hands on what was asked and what they said, without the person;
an editor makes a draft of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.audit import Deed
from bot.desk.asking_ports import Proposed
from bot.desk.desk import Desk
from bot.desk.ports import Message
from bot.desk.publicity import proposals
from bot.desk.publicity.theirs import WRITE
from bot.desk.publicity.theirs import needs as needs_right
from bot.desk.publicity_ports import Proposal
from bot.desk.questions.making import new_answer
from bot.desk.questions.seeing import SUGGEST, needs
from bot.errors import BadInput, Conflict, NotYours
from bot.knowledge import entry as kinds
from bot.language import programmes
from bot.language.impersonal import impersonal, wording
from bot.messages import WITHHELD, Author
from bot.staff import Staff, covers

_READ = 60
LONGEST = 600
"""Characters of each part."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What would be handed on."""

    conversation: str
    question: str
    answer: str


async def exchange(desk: Desk, staff: Staff, conversation: str) -> Exchange:
    """The newest question an officer answered and their answer, as far as rules can without the person. What rules cannot see
    is for the officer to take out."""
    needs(staff, SUGGEST)
    async with desk.store.writing() as work:
        talk = await work.conversations.get(conversation)
        if not covers(staff, talk.region, desk.regions):
            raise NotYours("这个会话不归您的账号管")
        rows = await work.messages.history(conversation, _READ)
        await work.audit.add(staff.id, Deed.READ, f"conversation:{conversation}", desk.clock.now(), region=talk.region)
        await work.commit()
    # What reports an office, and what was said to it, is nobody's reading but of those above it.
    withheld = {row.id for row in rows if row.about.get(WITHHELD)}
    said = [row for row in rows if row.text.strip() and not withheld & {row.id, row.reply_to}]
    last = max((at for at, row in enumerate(said) if row.author is Author.OFFICER), default=-1)
    if last < 0:
        raise BadInput("这个会话里还没有工作人员的回复，没有可提的内容")
    first = last
    while first > 0 and said[first - 1].author is Author.OFFICER:
        first -= 1
    question = next((row for row in reversed(said[:first]) if _asks(row)), None)
    answer = "\n".join(impersonal(row.text.strip()) for row in said[first : last + 1])
    return Exchange(conversation, impersonal(question.text)[:LONGEST] if question else "", answer[:LONGEST])


async def hand_on(desk: Desk, staff: Staff, conversation: str, question: str, answer: str) -> Proposed:
    """Keep it for the publicity desk, covered once more: whoever looked it over may have missed something."""
    needs(staff, SUGGEST)
    question, answer = impersonal(question.strip()), impersonal(answer.strip())
    if len(question) < 2 or len(answer) < 2:
        raise BadInput("问题和回答都要写，没有保存")
    if len(question) > LONGEST or len(answer) > LONGEST:
        raise BadInput(f"问题和回答各不超过{LONGEST}个字，没有保存；请删短一些")
    now = desk.clock.now()
    async with desk.store.writing() as work:
        talk = await work.conversations.get(conversation)
        if not covers(staff, talk.region, desk.regions):
            raise NotYours("这个会话不归您的账号管")
        made = await work.questions.propose(conversation, talk.region, question, answer, staff.id, now)
        about = {"handed_on": made.id}
        await work.audit.add(
            staff.id, Deed.CHANGE, f"conversation:{conversation}", now, region=talk.region, about=about
        )
        await work.commit()
    return made


async def take_up(desk: Desk, staff: Staff, proposed: str) -> Proposal:
    """A draft of what an officer handed on. Raises Conflict if somebody was faster."""
    needs(staff)
    needs_right(staff, WRITE)
    async with desk.store.writing() as work:
        one = await work.questions.proposed_one(proposed)
        _theirs(desk, staff, one)
        named = programmes.find(one.question)
        data = new_answer(desk, staff, named[0].code if named else "", [wording(one.question)], one.answer)
        note, source = "来自一次人工答复", f"talk:{one.id}"
        key = str(data["id"])
        made = await proposals.open_in(desk, work, staff, kinds.ANSWER, key, data, note=note, source=source)
        if not await work.questions.settle(one.id, "draft", made.id):
            raise Conflict("同事刚刚处理了这一条，请刷新后再看")
        await work.commit()
    return made


async def put_aside(desk: Desk, staff: Staff, proposed: str) -> None:
    """It does not become an answer."""
    needs(staff)
    needs_right(staff, WRITE)
    now = desk.clock.now()
    async with desk.store.writing() as work:
        one = await work.questions.proposed_one(proposed)
        _theirs(desk, staff, one)
        if not await work.questions.settle(one.id, "dropped", ""):
            raise Conflict("同事刚刚处理了这一条，请刷新后再看")
        await work.audit.add(
            staff.id, Deed.CHANGE, f"handed_on:{one.id}", now, region=one.region, about={"dropped": True}
        )
        await work.commit()


def _asks(row: Message) -> bool:
    return row.author is Author.RESIDENT and len(row.text.strip()) > 1


def _theirs(desk: Desk, staff: Staff, one: Proposed) -> None:
    if not covers(staff, one.region, desk.regions):
        raise NotYours("这一条不在您负责的地区里")
