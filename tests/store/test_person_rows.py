"""A person is who was proved to be one; a channel identity speaks for one person at a time."""

from __future__ import annotations

import pytest

from bot.desk.ports import Store
from bot.errors import BadInput, Conflict
from tests.canary import IDENTITY, NAME, PHONE
from tests.store.applications import began
from tests.store.conftest import NOW, after, opened


async def test_a_person_begins_as_a_pseudonym_and_learns_who_they_are(store: Store) -> None:
    talk = await opened(store)
    async with store.writing() as work:
        assert await work.people.of_conversation(talk.id) is None
        made = await work.people.make(talk.id, NOW, "made")
        assert (made.name, made.identity, made.phone) == ("", "", "")
        changed = await work.people.change(made.id, after(1), name=NAME, identity=IDENTITY)
        changed = await work.people.change(made.id, after(2), phone=PHONE)
        await work.commit()
    assert (changed.name, changed.identity, changed.phone, changed.created_at) == (NAME, IDENTITY, PHONE, NOW)
    async with store.reading() as work:
        assert await work.people.get(made.id) == changed
        assert await work.people.of_conversation(talk.id) == changed
        assert await work.people.conversations(made.id) == [talk.id]


async def test_only_what_is_known_of_people_changes(store: Store) -> None:
    async with store.writing() as work:
        made = await work.people.make("", NOW, "helper")
        with pytest.raises(BadInput, match="no changeable nickname"):
            await work.people.change(made.id, NOW, nickname="老王")
        with pytest.raises(BadInput, match="no person nobody"):
            await work.people.change("nobody", NOW, name="x")
        assert await work.people.conversations(made.id) == []


async def test_an_identity_speaks_for_one_person_at_a_time(store: Store) -> None:
    old, new = await opened(store, "o-1"), await opened(store, "o-2")
    async with store.writing() as work:
        first = await work.people.make(old.id, NOW, "made")
        with pytest.raises(Conflict, match="speaks for somebody already"):
            await work.people.make(old.id, NOW, "made")
        await work.people.bind(new.id, first.id, "receipt", after(1))
        assert await work.people.conversations(first.id) == [old.id, new.id]
        second = await work.people.make("", NOW, "helper")
        await work.people.bind(old.id, second.id, "receipt", after(2))  # a recycled number: the first owner is gone
        assert await work.people.conversations(first.id) == [new.id]
        assert (await work.people.of_conversation(old.id)) == second
        with pytest.raises(BadInput, match="no person nobody"):
            await work.people.bind(old.id, "nobody", "receipt", after(3))
        await work.people.unbind(new.id, after(4))
        assert await work.people.of_conversation(new.id) is None
        await work.commit()


async def test_an_unbound_identity_sees_nothing_of_before(store: Store) -> None:
    talk = await opened(store)
    async with store.writing() as work:
        made = await began(work, talk.id)
        await work.people.unbind(talk.id, after(1))
        await work.commit()
    async with store.reading() as work:
        assert await work.people.of_conversation(talk.id) is None
        assert await work.people.conversations(made.person.id) == []
