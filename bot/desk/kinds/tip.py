"""举报: what somebody reports of an office, a cadre or a fraud (社会救助法 第68条). Anonymous where they wish; read by the people of
the division above the one it happened in, so that nobody reads what is said of themselves."""

from __future__ import annotations

from bot.conversations import Conversation
from bot.desk.case_ports import Draft
from bot.desk.cases.naming import place_name
from bot.desk.desk import Desk
from bot.desk.filling.kinds import Finished, Plain, Start
from bot.desk.ports import Work
from bot.desk.words import say
from bot.forms.model import Form, State
from bot.knowledge.fields import NATION
from bot.language.telling_on import wants_to_report
from bot.messages import Author, Outcome
from bot.regions import RegionTree, UnknownRegion

KIND = "tip"
NAMED = "named"
_DISCIPLINE = "12388"
_SAYS_SOMETHING = 12
"""Signs: a shorter first word (我要举报) says nothing of the matter."""


class Tip(Plain):
    name = KIND

    def form(self, desk: Desk, draft: Draft) -> Form:
        return desk.edition.form(KIND)

    async def begin(self, desk: Desk, work: Work, conversation: Conversation, programme: str) -> Start:
        """What was said first belongs to it: 我要举报村支书给亲戚办低保."""
        rows = await work.messages.history(conversation.id, 3)
        said = next((row.text for row in reversed(rows) if row.author is Author.RESIDENT), "")
        return Start({"first": said} if len(said) >= _SAYS_SOMETHING and wants_to_report(said) else {})

    async def finish(self, desk: Desk, work: Work, draft: Draft, conversation: Conversation) -> Finished:
        told = {key: one.value for key, one in draft.sheet.answers.items() if one.state is State.SAID}
        place = told["tip_place"]
        level = above(desk.regions, str(place["region"]))
        named = told.get("tip_named") == NAMED
        where = f"{place_name(desk, str(place['region']))}{place['detail']}"
        what = "\n".join(filter(None, [str(draft.about.get("first", "")), str(told.get("tip_what", ""))]))
        await work.tips.add(
            str(told["tip_about"]),
            str(place["region"]),
            level,
            f"{told.get('tip_who', '')}（{where}）",
            what,
            desk.clock.now(),
            conversation=conversation.id if named else "",
            contact=str(told.get("phone", "")) if named else "",
        )
        lines = desk.edition.hotlines(str(place["region"]), "discipline")
        reply = say(
            desk,
            "tip_done_named" if named else "tip_done",
            Outcome.ANSWERED,
            place=place_name(desk, level) if level != NATION else "上一级",
            number=lines[0].number if lines else _DISCIPLINE,
        )
        # Cancelled: nothing of the form is kept, so that nothing leads from a report back to who made it.
        return Finished((reply,), "cancelled")


def above(regions: RegionTree, region: str) -> str:
    """The division whose people read it: one above where it happened; of a place nobody knows, the nation's."""
    try:
        return regions.get(region).parent or NATION
    except UnknownRegion:
        return NATION
