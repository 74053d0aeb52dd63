"""Accounts: duties stay apart, nobody raises themselves, names are what they look like, and nobody writes over another."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.desk.desk import Desk
from bot.desk.ports import Store
from bot.desk.staff import accounts
from bot.desk.staff.signing_in import sign_in
from bot.errors import BadInput, Conflict, NotYours
from bot.staff import Role
from tests.console.people import ADDRESS, AGENT, PASSWORD, colleague, operator, reread


@pytest.mark.parametrize("roles", [["operator", "officer"], ["operator", "supervisor"], ["operator", "auditor"]])
async def test_who_runs_the_machine_does_nothing_else(desk: Desk, roles: list[str]) -> None:
    boss = await operator(desk)
    with pytest.raises(BadInput, match=r"系统管理|审计"):
        await accounts.invite(desk, boss.staff, "wugong", "吴工", roles, ["420111"], [])


async def test_nobody_changes_what_they_may_do_themselves(desk: Desk) -> None:
    boss = await operator(desk)
    await colleague(desk, boss, "second", [Role.OPERATOR])
    before = await reread(desk, boss)
    for fields in ({"roles": ["officer"]}, {"regions": ["420111"]}):
        with pytest.raises(NotYours, match="另一位"):
            await accounts.change(desk, before, before, **fields)
    assert await reread(desk, boss) == before
    renamed = await accounts.change(desk, before, before, name="总管")
    assert renamed.name == "总管"


async def test_the_last_operator_cannot_lock_everybody_out(desk: Desk) -> None:
    boss = await operator(desk)
    await colleague(desk, boss, "chen", [Role.OFFICER])
    with pytest.raises(BadInput, match="至少要留一个"):
        await accounts.invite_again(desk, boss.staff, boss.staff.id)
    assert (await reread(desk, boss)).state == "active"


@pytest.mark.parametrize("name", ["", "  ", "陈\u202e工", "陈\u200b工", "陈\x00工", "陈\n工", "陈\u2066工", "长" * 61])
async def test_a_name_with_what_nobody_sees_is_refused(desk: Desk, name: str) -> None:
    boss = await operator(desk)
    with pytest.raises(BadInput, match="名字"):
        await accounts.invite(desk, boss.staff, "wugong", name, ["officer"], ["420111"], [])
    chen = await colleague(desk, boss, "chen", [Role.OFFICER])
    with pytest.raises(BadInput, match="名字"):
        await accounts.change(desk, boss.staff, chen.staff, name=name)


@pytest.mark.parametrize(
    ("places", "skills", "word"),
    [(["999999"], [], "地区代码"), ([], ["长" * 21], "专长"), ([], [str(n) for n in range(21)], "专长")],
)
async def test_odd_places_and_skills_are_refused_in_words(
    desk: Desk, places: list[str], skills: list[str], word: str
) -> None:
    boss = await operator(desk)
    with pytest.raises(BadInput, match=word):
        await accounts.invite(desk, boss.staff, "wugong", "吴工", ["officer"], places, skills)


async def test_who_saves_what_was_changed_meanwhile_looks_again(desk: Desk) -> None:
    boss = await operator(desk)
    chen = await colleague(desk, boss, "chen", [Role.OFFICER])
    await accounts.change(desk, boss.staff, chen.staff, name="陈科")
    with pytest.raises(Conflict):
        await accounts.change(desk, boss.staff, chen.staff, state="disabled")


async def test_a_recovery_code_opens_one_of_two_doors_at_the_same_moment(desk: Desk, second_store: Store) -> None:
    boss = await operator(desk)
    two = replace(desk, store=second_store)
    code = boss.codes[3]
    # From two addresses, so that neither waits for the other at our own queue.
    tries = [
        sign_in(desk, "admin", PASSWORD, code, ADDRESS, AGENT),
        sign_in(two, "admin", PASSWORD, code, "10.0.0.2", AGENT),
    ]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["NotYours", "SignedIn"]
    async with desk.store.reading() as work:
        assert len((await work.staff.secrets(boss.staff.id)).recovery) == 9


async def test_failed_tries_and_old_sessions_are_forgotten(desk: Desk) -> None:
    from bot.clock import FixedClock
    from bot.desk.retention import forget

    boss = await operator(desk)
    assert isinstance(desk.clock, FixedClock)
    with pytest.raises(NotYours):
        await sign_in(desk, "admin", "wrong password here", "123456", ADDRESS, AGENT)
    desk.clock.advance(seconds=30)
    old = await sign_in(desk, "admin", PASSWORD, boss.code(desk), ADDRESS, AGENT)
    began = desk.clock.now()
    await forget(desk)
    async with desk.store.reading() as work:
        assert await work.staff.tries("admin", began.replace(year=2020)) == 1
    desk.clock.advance(days=181)
    await forget(desk)
    async with desk.store.reading() as work:
        assert await work.staff.tries("admin", began.replace(year=2020)) == 0
        assert await work.sessions.by_token(old.token) is None
