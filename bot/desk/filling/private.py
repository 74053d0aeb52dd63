"""When a form may see what the transcript may not: a number that identifies somebody, as it was typed.

Personal data are taken only after the notice was accepted (个人信息保护法 第13、17条). So the raw text of a message is kept,
sealed and only until it is handled, if a form is open whose notice is answered, or that asks for none.
"""

from __future__ import annotations

from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.kinds import KINDS
from bot.desk.ports import Work
from bot.errors import BadInput
from bot.forms.model import Form, Kind, Sheet, State


async def may_be_kept(desk: Desk, work: Work, form: str) -> bool:
    """Whether the open form, if one is open, may be told private numbers now."""
    if not form:
        return False
    try:
        draft = await work.drafts.get(form)
        return draft.state == "open" and agreed(KINDS[draft.kind].form(desk, draft), draft.sheet)
    except (BadInput, LookupError):  # erased, or a form of another edition
        return False


def agreed(form: Form, sheet: Sheet) -> bool:
    """The first consent a form asks for is its notice."""
    for step in form.steps:
        for asked in step.fields:
            if asked.field.kind is Kind.AGREE:
                given = sheet.answers.get(asked.field.key)
                return given is not None and given.state is State.SAID
    return True


async def written(work: Work, message: str, text: str) -> str:
    """All that was written in a message, private numbers in it where they may be kept. `text` is what the engine was
    told of it: no longer than it reads."""
    if private := await work.messages.private(message):
        return private
    row = await work.messages.get(message)
    return row.text if text and row.text.startswith(text) else text


def live(draft: Draft, conversation: str, message: str) -> bool:
    """Whether this draft hears this message: it is open here and nowhere else, or was ended by this very message."""
    return draft.conversation == conversation and (draft.state == "open" or draft.last_message == message)
