"""Sign in, stay signed in, sign out: T-21 to T-23, A-56, A-59, A-60 of the attack table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.audit import Deed
from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.staff import accounts
from bot.desk.staff.signing_in import REFUSED, TOO_OFTEN, end_session, sign_in, sign_out, who
from bot.errors import BadInput, NotYours
from bot.staff import Role
from tests.console.people import ADDRESS, AGENT, PASSWORD, colleague, operator, reread, signed_in


async def deeds(desk: Desk) -> list[Deed]:
    async with desk.store.reading() as work:
        return [line.deed async for line, _ in work.audit.lines()]


async def test_password_and_code_together_open_the_door(desk: Desk) -> None:
    boss = await operator(desk)
    done = await signed_in(desk, boss)
    found = await who(desk, done.token, AGENT, ADDRESS)
    assert found is not None
    assert found[0].login == "admin"
    assert (await deeds(desk))[-1] is Deed.SIGN_IN


async def test_whatever_is_wrong_sounds_the_same(desk: Desk, clock: FixedClock) -> None:
    boss = await operator(desk)
    clock.advance(seconds=30)
    wrong = [
        ("admin", "wrong password here", boss.code(desk)),
        ("admin", PASSWORD, "000000"),
        ("admin", PASSWORD, ""),
        ("nobody", PASSWORD, boss.code(desk)),
        ("", "", ""),
    ]
    for number, (login, password, code) in enumerate(wrong):
        with pytest.raises(NotYours) as refused:
            await sign_in(desk, login, password, code, f"10.0.0.{number}", AGENT)
        assert str(refused.value) == REFUSED
    assert (await deeds(desk)).count(Deed.SIGN_IN_REFUSED) == len(wrong)


async def test_a_code_works_once(desk: Desk, clock: FixedClock) -> None:
    boss = await operator(desk)
    clock.advance(seconds=30)
    code = boss.code(desk)
    await sign_in(desk, "admin", PASSWORD, code, ADDRESS, AGENT)
    with pytest.raises(NotYours):
        await sign_in(desk, "admin", PASSWORD, code, ADDRESS, AGENT)


@pytest.mark.parametrize(
    ("begun", "then", "stays"),
    [
        ("192.168.3.7", "192.168.3.91", True),
        ("192.168.3.7", "192.168.4.7", False),
        ("192.168.3.7", "203.0.113.9", False),
        ("127.0.0.1", "::1", True),
        ("::ffff:192.168.3.7", "192.168.3.8", True),
        ("2001:db8:1:2::7", "2001:db8:1:3::9", True),
        ("2001:db8:1:2::7", "2001:db8:2:2::7", False),
        ("2001:db8:1:2::7", "192.168.3.7", False),
        ("192.168.3.7", "", False),
    ],
)
async def test_a_stolen_cookie_is_of_no_use_in_another_network(desk: Desk, begun: str, then: str, stays: bool) -> None:
    """A-56: it is dead there, and dead from then on where it was stolen too; the list of sessions says why."""
    done = await signed_in(desk, await operator(desk), begun)
    assert (await who(desk, done.token, AGENT, then) is not None) is stays
    assert (await who(desk, done.token, AGENT, begun) is not None) is stays
    async with desk.store.reading() as work:
        (session,) = await work.sessions.of_staff(done.staff.id)
    assert (session.ended_at is None) is stays


async def test_a_recovery_code_works_once_in_place_of_the_phone(desk: Desk) -> None:
    boss = await operator(desk)
    await sign_in(desk, "admin", PASSWORD, f"{boss.codes[0][:5]} {boss.codes[0][5:].upper()}", ADDRESS, AGENT)
    with pytest.raises(NotYours):
        await sign_in(desk, "admin", PASSWORD, boss.codes[0], ADDRESS, AGENT)
    await sign_in(desk, "admin", PASSWORD, boss.codes[1], ADDRESS, AGENT)


async def test_five_misses_from_one_address_rest_and_its_owner_gets_in_from_another(
    desk: Desk, clock: FixedClock
) -> None:
    boss = await operator(desk)
    for _ in range(5):
        with pytest.raises(NotYours, match=REFUSED):
            await sign_in(desk, "admin", "guess after guess", "123456", "10.9.9.9", AGENT)
    clock.advance(seconds=30)
    with pytest.raises(NotYours, match=TOO_OFTEN):
        await sign_in(desk, "admin", PASSWORD, boss.code(desk), "10.9.9.9", AGENT)
    await signed_in(desk, boss)
    clock.advance(minutes=16)
    await sign_in(desk, "admin", PASSWORD, boss.code(desk), "10.9.9.9", AGENT)


async def test_one_password_on_two_hundred_accounts_is_stopped(desk: Desk) -> None:
    heard = []
    for number in range(60):
        with pytest.raises(NotYours) as refused:
            await sign_in(desk, f"user{number}", "Summer-in-Wuhan-1", "123456", "10.7.7.7", AGENT)
        heard.append(str(refused.value))
    assert heard[:50] == [REFUSED] * 50
    assert heard[50:] == [TOO_OFTEN] * 10


@pytest.mark.parametrize(
    ("minutes", "then"), [([29, 29, 29], True), ([31], False), ([29] * 24 + [25], False)], ids=["used", "idle", "old"]
)
async def test_half_an_hour_idle_or_twelve_hours_in_all(
    desk: Desk, clock: FixedClock, minutes: list[int], then: bool
) -> None:
    done = await signed_in(desk, await operator(desk))
    for passed in minutes:
        clock.advance(minutes=passed)
        found = await who(desk, done.token, AGENT, ADDRESS)
    assert (found is not None) is then
    clock.advance(minutes=-1)
    assert (await who(desk, done.token, AGENT, ADDRESS) is not None) is then


async def test_a_stolen_token_is_dead_in_another_browser_and_stays_dead(desk: Desk) -> None:
    done = await signed_in(desk, await operator(desk))
    assert await who(desk, done.token, "curl/8", ADDRESS) is None
    assert await who(desk, done.token, AGENT, ADDRESS) is None


async def test_what_ends_a_session_ends_it_at_once(desk: Desk) -> None:
    boss = await operator(desk)
    chen = await colleague(desk, boss, "chen", [Role.OFFICER])
    one, two = await signed_in(desk, chen), await signed_in(desk, chen)
    await sign_out(desk, one.session)
    assert await who(desk, one.token, AGENT, ADDRESS) is None
    await end_session(desk, two.staff, two.session.id)
    assert await who(desk, two.token, AGENT, ADDRESS) is None
    other = await signed_in(desk, boss)
    with pytest.raises(NotYours):
        await end_session(desk, chen.staff, other.session.id)
    three = await signed_in(desk, chen)
    await accounts.change(desk, await reread(desk, boss), await reread(desk, chen), roles=["supervisor"])
    assert await who(desk, three.token, AGENT, ADDRESS) is None
    four, five = await signed_in(desk, chen), await signed_in(desk, chen)
    await accounts.change_password(desk, four.staff, PASSWORD, "门前有一条不太宽的小河呢", four.session.id)
    assert await who(desk, five.token, AGENT, ADDRESS) is None
    assert await who(desk, four.token, AGENT, ADDRESS) is not None
    await accounts.change(desk, await reread(desk, boss), await reread(desk, chen), state="disabled")
    assert await who(desk, four.token, AGENT, ADDRESS) is None


async def test_an_invitation_is_used_once_and_weak_passwords_hear_why(desk: Desk) -> None:
    boss = await operator(desk)
    invitation = await accounts.invite(desk, boss.staff, "wugong", "吴工", ["officer"], ["420111"], [])
    key = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    with pytest.raises(BadInput, match="至少12"):
        await accounts.set_up(desk, invitation.token, "short", key, "123456")
    with pytest.raises(BadInput, match="动态码不对"):
        await accounts.set_up(desk, invitation.token, PASSWORD, key, "123456")
    again = await accounts.invite_again(desk, boss.staff, invitation.staff.id)
    with pytest.raises(NotYours, match="过期"):
        await accounts.invited(desk, invitation.token)
    assert (await accounts.invited(desk, again.token)).login == "wugong"


async def test_the_first_link_is_gone_once_the_first_account_is_set_up(desk: Desk) -> None:
    first = await accounts.first_invitation(desk)
    second = await accounts.first_invitation(desk)
    assert first is not None
    assert second is not None
    assert first.staff.id == second.staff.id
    with pytest.raises(NotYours):
        await accounts.invited(desk, first.token)
    await operator(desk)
    assert await accounts.first_invitation(desk) is None


async def test_who_may_not_manage_accounts_cannot(desk: Desk) -> None:
    boss = await operator(desk)
    chen = await colleague(desk, boss, "chen", [Role.OFFICER])
    with pytest.raises(NotYours):
        await accounts.invite(desk, chen.staff, "wugong", "吴工", ["operator"], [], [])
    with pytest.raises(NotYours):
        await accounts.change(desk, chen.staff, chen.staff, roles=["operator"])
    with pytest.raises(BadInput, match="至少要留一个"):
        await accounts.change(desk, await reread(desk, boss), await reread(desk, boss), state="disabled")
    for roles, word in (
        (["editor", "approver"], "两个人"),
        (["auditor", "officer"], "只做审计"),
        (["king"], "不认识"),
        ([], "至少"),
    ):
        with pytest.raises(BadInput, match=word):
            await accounts.invite(desk, await reread(desk, boss), "wugong", "吴工", roles, [], [])
    with pytest.raises(NotYours):
        await accounts.invite(desk, replace(boss.staff, state="disabled"), "wugong", "吴工", ["officer"], [], [])
