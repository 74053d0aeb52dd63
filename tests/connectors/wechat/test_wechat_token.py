"""One token for all processes: fetched once, early, and never in a crowd."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.errors import TryAgain
from connectors.wechat import token as token_module
from tests.connectors.wechat.conftest import Site
from tests.fakes.wechat import TOKEN


async def locked_by_another(site: Site, account: str) -> None:
    async with site.store.writing() as work:
        assert await work.tokens.lock(account, "another process", site.clock.now(), 10)
        await work.commit()


async def test_a_hundred_askers_in_four_processes_fetch_once(site: Site) -> None:
    keepers = [site.client().tokens for _ in range(4)]
    site.fake.slow = 0.05
    found = await asyncio.gather(*(keepers[i % 4].get() for i in range(100)))
    assert set(found) == {"TOKEN-1"}
    assert len(site.fake.to(TOKEN)) == 1


async def test_a_token_is_renewed_at_four_fifths_of_its_life(site: Site) -> None:
    keeper = site.client().tokens
    await keeper.get()
    site.clock.advance(seconds=7200 * 0.8 - 1)
    assert await keeper.get() == "TOKEN-1"
    site.clock.advance(seconds=2)
    assert await keeper.get() == "TOKEN-2"
    assert await site.client().tokens.get() == "TOKEN-2"


async def test_an_old_token_serves_while_no_new_one_can_be_had(site: Site) -> None:
    keeper = site.client().tokens
    await keeper.get()
    site.clock.advance(seconds=7200 * 0.9)
    site.fake.prepare(TOKEN, {"errcode": -1})
    assert await keeper.get() == "TOKEN-1"
    site.clock.advance(seconds=30)
    assert await keeper.get() == "TOKEN-2"


async def test_a_token_another_process_replaced_is_not_dropped(site: Site) -> None:
    one, two = site.client().tokens, site.client().tokens
    old = await one.get()
    assert await two.replace(old) == "TOKEN-2"
    assert await one.replace(old) == "TOKEN-2"
    assert len(site.fake.to(TOKEN)) == 2


async def test_who_cannot_have_a_token_is_told_at_once_and_not_in_a_queue(site: Site) -> None:
    keeper = site.client().tokens
    site.fake.always[TOKEN] = {"errcode": -1}
    began = asyncio.get_running_loop().time()
    results = await asyncio.gather(*(keeper.get() for _ in range(200)), return_exceptions=True)
    assert {type(result) for result in results} == {TryAgain}
    assert asyncio.get_running_loop().time() - began < 2
    assert len(site.fake.to(TOKEN)) == 1


async def test_a_process_waits_for_the_one_that_fetches(site: Site) -> None:
    keeper = site.client().tokens
    await locked_by_another(site, keeper._account)
    waiting = asyncio.create_task(keeper.get())
    await asyncio.sleep(0.05)
    async with site.store.writing() as work:
        now = site.clock.now()
        await work.tokens.put(keeper._account, "THEIRS", now + timedelta(hours=1), now)
        await work.commit()
    assert await waiting == "THEIRS"
    assert site.fake.received == []


async def test_a_process_that_died_while_fetching_blocks_nobody_for_long(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_module, "LOCK_SECONDS", 0.4)
    keeper = site.client().tokens
    await locked_by_another(site, keeper._account)
    with pytest.raises(TryAgain, match=r"^token_awaited"):
        await keeper.get()
    site.clock.advance(seconds=11)
    assert await keeper.get() == "TOKEN-1"


@pytest.mark.parametrize(
    "answer",
    [{}, {"access_token": "", "expires_in": 7200}, {"access_token": "T"}, {"access_token": "T", "expires_in": "x"}],
)
async def test_an_unreadable_token_is_no_token(site: Site, answer: dict[str, object]) -> None:
    site.fake.prepare(TOKEN, answer)
    with pytest.raises(TryAgain, match=r"^token_unreadable"):
        await site.client().tokens.get()


async def test_a_refused_token_that_another_process_put_again_is_dropped_again(site: Site) -> None:
    site.fake.always[TOKEN] = {"access_token": "SAME", "expires_in": 7200}
    one, two = site.client().tokens, site.client().tokens
    assert await one.get() == await two.get() == "SAME"
    await one.replace("SAME")
    site.clock.advance(seconds=61)
    await two.replace("SAME")
    await one.replace("SAME")
    assert len(site.fake.to(TOKEN)) == 4
