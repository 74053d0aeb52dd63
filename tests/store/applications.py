"""An application as the tests of this suite know it: who applies, what they said, and the case it becomes.

They say the suite's canaries, so that the sweep after the last test reads every database that a case was in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.desk.case_ports import Case, Draft, Person
from bot.desk.ports import Store, Work
from bot.forms.model import Given, Sheet, State
from tests.canary import ADDRESS, CARD, IDENTITY, NAME, PHONE
from tests.store.conftest import NOW, opened

ANSWERS = {
    "household_size": Given(2, State.SAID, "m1"),
    "members.1.name": Given(NAME, State.SAID, "m2"),
    "members.1.wage": Given({"low": "2300", "high": "2300", "about": False, "per": "month"}, State.SAID, "m3"),
    "members.2.name": Given("王小明", State.SAID, "m4"),
    "holdings": Given(["car"], State.SAID, "m5"),
    "address": Given({"region": "420111", "detail": ADDRESS}, State.SAID, "m2"),
    "account": Given(CARD, State.SAID, "m2"),
    "spending": Given(None, State.SKIPPED, "m6"),
}
SECTIONS = {"wage": "收入", "holdings": "财产", "name": "家庭成员", "household_size": "家庭成员"}


def sheet(answers: dict[str, Given] | None = None, **more: Any) -> Sheet:
    return Sheet("dibao", ANSWERS if answers is None else answers, **more)


@dataclass(frozen=True, slots=True)
class Application:
    conversation: str
    person: Person
    draft: Draft


async def began(work: Work, conversation: str, now: datetime = NOW, **sheet_is: Any) -> Application:
    """A known person with a form half filled."""
    person = await work.people.make(conversation, now, "made")
    person = await work.people.change(person.id, now, name=NAME, identity=IDENTITY, phone=PHONE)
    about = {"notice": "2026-11", "helps": ""}
    draft = await work.drafts.open(conversation, person.id, "application", "dibao", sheet(**sheet_is), about, now)
    return Application(conversation, person, draft)


async def submitted(store: Store, sender: str = "o-wang", now: datetime = NOW, region: str = "420111") -> Case:
    """An application that became a case."""
    talk = await opened(store, sender)
    async with store.writing() as work:
        made = await began(work, talk.id, now)
        case = await work.cases.add(made.draft, "dibao", region, "submitted", "", now, sections=SECTIONS)
        await work.drafts.save(made.draft, now, state="done", message="m7", replies=[{"text": "收到了"}])
        await work.commit()
    return case
