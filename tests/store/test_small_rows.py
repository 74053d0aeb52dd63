"""Tokens have one holder, signatures one body, turns one number, vectors one encoder."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from bot.desk.ports import Store
from bot.errors import Conflict
from tests.store.conftest import NOW, after, patiently


async def test_of_twenty_who_want_to_fetch_a_token_one_may(store: Store, second_store: Store) -> None:
    async def lock(n: int) -> bool:
        async with (store, second_store)[n % 2].writing() as work:
            got = await work.tokens.lock("gh_1", f"p{n}", NOW, 10)
            await work.commit()
        return got

    assert (await asyncio.gather(*(patiently(partial(lock, n)) for n in range(20)))).count(True) == 1


async def test_a_token_is_locked_until_it_is_put_or_the_time_is_over(store: Store) -> None:
    async with store.writing() as work:
        assert await work.tokens.get("gh_1") is None
        assert await work.tokens.lock("gh_1", "p1", NOW, 10)
        assert await work.tokens.lock("gh_2", "p2", NOW, 10)
        assert not await work.tokens.lock("gh_1", "p2", after(9), 10)
        assert not await work.tokens.lock("gh_1", "p1", after(9), 10)  # another task of the same process
        assert await work.tokens.get("gh_1") is None
        assert await work.tokens.lock("gh_1", "p2", after(10), 10)
        await work.tokens.put("gh_1", "token-a", after(7200), after(11))
        assert await work.tokens.get("gh_1") == ("token-a", after(7200))
        assert await work.tokens.lock("gh_1", "p3", after(12), 10)
        assert await work.tokens.get("gh_1") == ("token-a", after(7200))  # still good while a new one is fetched


async def test_only_the_token_that_failed_is_forgotten(store: Store) -> None:
    async with store.writing() as work:
        await work.tokens.drop("gh_1", "token-a")
        await work.tokens.put("gh_1", "token-a", after(7200), NOW)
        await work.tokens.put("gh_1", "token-b", after(7300), after(1))
        await work.tokens.drop("gh_1", "token-a")
        assert await work.tokens.get("gh_1") == ("token-b", after(7300))
        await work.tokens.drop("gh_1", "token-b")
        assert await work.tokens.get("gh_1") is None
        await work.tokens.drop("gh_1", "token-b")


async def test_a_signature_comes_again_only_with_its_own_body(store: Store) -> None:
    async with store.writing() as work:
        assert await work.signatures.first_seen("s1", "body one", NOW)
        assert await work.signatures.first_seen("s1", "body one", after(5))
        assert not await work.signatures.first_seen("s1", "body two", after(5))
        assert await work.signatures.first_seen("s2", "body two", after(6))
        assert await work.signatures.forget(after(1)) == 1
        assert await work.signatures.first_seen("s1", "body two", after(7))


async def test_the_engines_memory_is_the_newest_turns_oldest_first(store: Store) -> None:
    async with store.writing() as work:
        for seq in range(1, 6):
            await work.events.append("c1", seq, {"slots": {"place": "武汉"}, "turn": seq}, NOW)
        await work.events.append("c2", 1, {}, NOW)
        assert [seq for seq, _ in await work.events.read("c1", 3)] == [3, 4, 5]
        assert (await work.events.read("c1", 1))[0][1] == {"slots": {"place": "武汉"}, "turn": 5}
        assert await work.events.read("c3", 9) == []


async def test_a_doubled_save_of_a_turn_is_refused_and_the_first_stands(store: Store) -> None:
    async with store.writing() as work:
        await work.events.append("c1", 1, {"turn": "first"}, NOW)
        with pytest.raises(Conflict, match="turn 1 of conversation c1 is saved already"):
            await work.events.append("c1", 1, {"turn": "late"}, NOW)
        assert await work.events.read("c1", 9) == [(1, {"turn": "first"})]


async def test_vectors_are_found_by_encoder_and_text(store: Store) -> None:
    many = {f"h{n}": n.to_bytes(2, "little") * 512 for n in range(1200)}
    async with store.writing() as work:
        await work.vectors.put("use", many)
        await work.vectors.put("use", {"h1": many["h1"], "new": b"1"})
        await work.vectors.put("e5", {"h1": b"other"})
        await work.vectors.put("e5", {})
        assert await work.vectors.get("use", [*many, "nowhere"]) == many
        assert await work.vectors.get("e5", ["h1", "h2"]) == {"h1": b"other"}
        assert await work.vectors.get("e5", []) == {}
