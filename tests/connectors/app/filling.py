"""A town with a room for pictures, and a resident there who fills in an application."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.desk.case_ports import Draft
from bot.desk.ports import Store
from bot.forms.model import Given, Sheet
from bot.papers.room import PictureRoom
from tests.connectors.app.town import Client, Town, a_town

AGREED = Given({"version": "2026-11-25"})


@pytest.fixture
async def town(store: Store, quick: None) -> AsyncIterator[Town]:
    room = PictureRoom()
    async with a_town(store, pictures=room) as made:
        yield made
    await room.close()


async def form(town: Town, who: Client, asked: str, programme: str = "dibao") -> Draft:
    """This resident fills in an application that asks for this now."""
    await who.say("您好")
    await who.until(1)
    now = town.clock.now()
    answers = {"notice": AGREED, "sensitive": AGREED, "apply_as": Given("self")}
    known = town.desk.edition.form(programme)
    sheet = Sheet(known.id, answers, asked=asked, asked_paths=(asked,))
    async with town.store.writing() as work:
        talk = await work.conversations.by_sender("app", "app", who.sender)
        assert talk is not None
        person = await work.people.of_conversation(talk.id) or await work.people.make(talk.id, now, "application")
        draft = await work.drafts.open(talk.id, person.id, "application", programme_of(town, programme), sheet, {}, now)
        await work.conversations.change(talk.id, now, form=draft.id)
        await work.commit()
    return draft


def programme_of(town: Town, form: str) -> str:
    return next(id for id, one in town.desk.edition.programmes.items() if one.form == form)
