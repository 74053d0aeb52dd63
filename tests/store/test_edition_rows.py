"""What was published never changes; of two who publish on one edition the second is told."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.desk.ports import Entry, Store
from bot.errors import BadInput, Conflict
from bot.store import KeyRing, open_store
from tests.databases import Database, apart
from tests.store.conftest import NOW, after, patiently

ONE = Entry("answer", "dibao", {"title": "低保", "phrasings": ["怎么办低保", "低保咋整"]})
TWO = Entry("hotline", "12345", {"number": "12345"})


async def test_before_the_first_edition_the_head_is_nought(store: Store) -> None:
    async with store.reading() as work:
        assert await work.editions.head() == 0
        assert await work.editions.list() == []
        assert await work.editions.draft() is None
        with pytest.raises(BadInput, match="no edition 7"):
            await work.editions.read(7)


async def test_an_edition_is_read_as_it_was_published(store: Store) -> None:
    assert await _publish(store, [ONE, TWO], 0, note="first") == 1
    assert await _publish(store, [TWO, Entry("answer", "dibao", {"title": "低保金"})], 1) == 2
    async with store.reading() as work:
        assert await work.editions.head() == 2
        assert await work.editions.read(1) == [ONE, TWO]
        assert [entry.key for entry in await work.editions.read(2)] == ["12345", "dibao"]
        info = await work.editions.info(1)
        assert [one.number for one in await work.editions.list()] == [1, 2]
    assert (info.base, info.actor, info.note, info.entries, info.published_at) == (0, "li", "first", 2, NOW)


async def test_an_editor_who_missed_an_edition_is_told(store: Store) -> None:
    await _publish(store, [ONE], 0)
    with pytest.raises(Conflict, match="made from edition 0, but edition 1 is published now"):
        await _publish(store, [TWO], 0)


async def test_of_twelve_who_publish_at_once_one_does(store: Store, second_store: Store) -> None:
    tries = (
        patiently(partial(_publish, (store, second_store)[n % 2], [ONE, Entry("words", str(n), {})], 0))
        for n in range(12)
    )
    ends = await asyncio.gather(*tries, return_exceptions=True)
    assert ends.count(1) == 1
    assert sum(isinstance(end, Conflict) for end in ends) == 11


async def test_the_one_draft_is_replaced_and_cleared_by_publishing(store: Store) -> None:
    async with store.writing() as work:
        await work.editions.save_draft([ONE], 0, "li", "one", NOW)
        await work.editions.save_draft([TWO, ONE], 0, "li", "two", after(1))
        assert await work.editions.draft() == (0, "two", [TWO, ONE])
        await work.editions.publish([ONE], 0, "li", "", after(2))
        assert await work.editions.draft() is None


async def test_entries_that_did_not_change_are_stored_once(store: Store, database: Database) -> None:
    await _publish(store, [ONE, TWO], 0)
    await _publish(store, [TWO, ONE], 1)
    async with store._writer.connect() as connection:  # type: ignore[attr-defined]
        assert (await connection.execute(text("SELECT count(*) FROM entries"))).scalar() == 2


async def test_an_entry_changed_behind_our_back_is_refused(store: Store) -> None:
    await _publish(store, [ONE, TWO], 0)
    async with store._writer.begin() as connection:  # type: ignore[attr-defined]
        await connection.execute(text("""UPDATE entries SET data = '{"number":"110"}' WHERE key = '12345'"""))
    async with store.reading() as work:
        with pytest.raises(BadInput, match="hotline 12345 of edition 1 was changed"):
            await work.editions.read(1)


async def test_what_json_cannot_hold_is_refused_by_name(store: Store) -> None:
    with pytest.raises(BadInput, match="answer dibao holds something that JSON cannot"):
        await _publish(store, [Entry("answer", "dibao", {"day": NOW})], 0)


async def test_four_thousand_entries_are_published(store: Store) -> None:
    many = [Entry("standard", f"s{n}", {"amount": str(n), "place": "420106"}) for n in range(4000)]
    await _publish(store, many, 0)
    async with store.reading() as work:
        assert await work.editions.read(1) == many


_words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
_data = st.dictionaries(
    _words, st.recursive(_words | st.integers() | st.booleans() | st.none(), lambda inner: st.lists(inner, max_size=3))
)
_entry = st.builds(Entry, st.sampled_from(["answer", "hotline", "words"]), _words, _data)
_step = st.tuples(st.sampled_from(["publish", "draft", "stale", "abandon"]), st.lists(_entry, max_size=4))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_step, max_size=6))
def test_whatever_editors_do_published_editions_stay(
    database: Database, keyring: KeyRing, steps: list[tuple[str, list[Entry]]]
) -> None:
    apart(_live(database.url, keyring, steps))


async def _live(url: str, keyring: KeyRing, steps: list[tuple[str, list[Entry]]]) -> None:
    store = await open_store(url, keyring)
    async with store.reading() as work:
        published = [await work.editions.read(info.number) for info in await work.editions.list()]
    for what, entries in steps:
        async with store.writing() as work:
            head = len(published)
            if what == "draft":
                await work.editions.save_draft(entries, head, "li", "", NOW)
            elif what == "stale":
                with pytest.raises(Conflict):
                    await work.editions.publish(entries, head - 1, "li", "", NOW)
            else:
                await work.editions.publish(entries, head, "li", "", NOW)
            if what != "abandon":
                await work.commit()
        published += [entries] if what == "publish" else []
        async with store.reading() as work:
            assert await work.editions.head() == len(published)
            for number, before in enumerate(published, 1):
                assert await work.editions.read(number) == before
    await store.close()


async def _publish(store: Store, entries: list[Entry], base: int, note: str = "") -> int:
    async with store.writing() as work:
        number = await work.editions.publish(entries, base, "li", note, NOW)
        await work.commit()
    return number
