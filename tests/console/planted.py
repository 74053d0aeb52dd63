"""Something of each kind on the console's pages, with a mark in every field that is somebody's own."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse

from bot.conversations import Holder
from bot.desk.casework import acting, referrals
from bot.desk.casework.referrals import Wish
from bot.desk.intake import take_in
from bot.forms.model import Given, Sheet
from bot.staff import Staff
from tests.console.hall import ANSWERS, IDENTITY, PHONE, PICTURE, SUM, Hall
from tests.desk.conftest import message

MARKS: Mapping[str, str] = {
    "name": "欧阳秋水", "relative": "欧阳小满", "identity": IDENTITY, "phone": PHONE, "health": "尿毒症每周透析三次", "sum": "2317.85",
    "words": "屋顶漏雨半年了", "note": "听力不好要慢慢说", "wish": "想要一台轮椅", "task": "去看看屋顶", "letter": "请减免学费",
    "tip": "给亲戚办低保", "tip_who": "刘会计", "tip_contact": "13800001234",
}  # fmt: skip
"""Field → what stands in it. `words` were said in a conversation, `wish` in the timeline of a case."""
PHOTOS: Mapping[str, bytes] = {"paper": PICTURE, "picture": b"\xff\xd8\xff\xe0 sent in a talk"}


@dataclass(frozen=True)
class Planted:
    ids: Mapping[str, str]
    """The marks of the router's paths, and what to put there."""
    member: str
    """The path of an answer of the form that is open in the conversation."""

    def path(self, canonical: str) -> str:
        for mark, value in self.ids.items():
            canonical = canonical.replace(mark, value)
        while "{" in canonical:
            canonical = canonical[: canonical.index("{")] + "0" + canonical[canonical.index("}") + 1 :]
        return canonical


async def plant(hall: Hall, boss: Staff) -> Planted:
    desk, now = hall.office.desk, hall.town.now
    told: dict[str, Any] = {
        "members.1.name": MARKS["name"],
        "members.2.name": MARKS["relative"],
        "health_detail": MARKS["health"],
    }
    told |= {"monthly_wage": SUM | {"low": MARKS["sum"], "high": MARKS["sum"]}}
    case = await hall.case(ANSWERS | told, name=MARKS["name"])
    day = desk.today().replace(day=1).replace(month=12, day=9).isoformat()
    await acting.book(desk, boss, case.id, "visit", day, "09:30", MARKS["task"])
    made = await referrals.refer(desk, boss, case.id, Wish("school", "", MARKS["letter"], day, ""))
    talk = (await take_in(desk, message(MARKS["words"], "o-planted"))).conversation
    async with desk.store.writing() as work:
        await work.referrals.asked(made.id, now)
        await work.cases.note(case, f"resident:{case.person}", MARKS["wish"], now)
        talk = await work.conversations.change(talk.id, now, region="420111")
        await work.people.bind(talk.id, case.person, "test", now)
        answers = {"members.1.identity": Given(IDENTITY), "members.1.phone": Given(PHONE)}
        sheet = Sheet(desk.edition.programmes["dibao"].form, answers)
        draft = await work.drafts.open(talk.id, case.person, "application", "dibao", sheet, {}, now)
        await work.conversations.change(talk.id, now, form=draft.id)
        await work.conversations.move(talk.id, Holder.QUEUED, "resident", "asked", now)
        await work.talks.note(talk.id, MARKS["note"], boss.id, now)
        inbound = (await work.messages.history(talk.id, 1))[0]
        await work.talk_pictures.want(talk.id, inbound.id, now)
        wanted = await work.talk_pictures.lease(now, now)
        assert wanted is not None
        await work.talk_pictures.keep(wanted.id, PHOTOS["picture"], now)
        who, what, contact = MARKS["tip_who"], MARKS["tip"], MARKS["tip_contact"]
        tip = await work.tips.add("cadre", "420111", "420100", who, what, now, conversation=talk.id, contact=contact)
        await work.commit()
    async with desk.store.reading() as work:
        (paper,) = await work.papers.of_case(case.id)
        task = next(one for one in await work.tasks.of_case(case.id) if one.kind == "visit")
    ids = {
        "{case}": case.id, "{paper}": paper.id, "{task}": task.id, "{referral}": made.id, "{conversation}": talk.id,
        "{picture}": wanted.id, "{tip}": tip.id, "{staff}": boss.id, "{name}": "console.css",
    }  # fmt: skip
    return Planted(ids, "members.1.identity")


async def shown(answer: ClientResponse) -> set[str]:
    """The fields whose marks stand in an answer, also inside a file that is sent."""
    data = await answer.read()
    pieces = [data]
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as made:
            pieces = [made.read(name) for name in made.namelist()]
    text = b"\n".join(pieces)
    found = {field for field, mark in MARKS.items() if mark.encode() in text}
    for field, photo in PHOTOS.items():
        if photo in text or base64.b64encode(photo) in text:
            found.add(field)
    return found
