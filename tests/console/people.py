"""Staff for tests: set up as in life, by invitation, with a phone that makes codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyotp

from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.staff import accounts, proofs
from bot.desk.staff.signing_in import SignedIn, sign_in
from bot.staff import Role, Staff

PASSWORD = "院子里有两棵枣树和一口井吗"
ADDRESS, AGENT = "127.0.0.1", "Firefox"


@dataclass
class Colleague:
    """Somebody who works here, with what is in their head and in their pocket."""

    staff: Staff
    key: str
    password: str = PASSWORD
    codes: list[str] = field(default_factory=list)

    def code(self, desk: Desk) -> str:
        return pyotp.TOTP(self.key).at(desk.clock.now())


async def operator(desk: Desk) -> Colleague:
    """The first account, set up by the link of the first start."""
    invitation = await accounts.first_invitation(desk)
    assert invitation is not None
    return await _set_up(desk, invitation)


async def colleague(
    desk: Desk, by: Colleague, login: str, roles: Sequence[Role], regions: Sequence[str] = ("420111",)
) -> Colleague:
    boss = await reread(desk, by)
    invitation = await accounts.invite(desk, boss, login, f"{login}工", roles, list(regions), [])
    return await _set_up(desk, invitation)


async def hired(desk: Desk) -> dict[str, Colleague]:
    """Who works at an office in Wuhan, by the name residents see."""
    boss = await operator(desk)
    crew: dict[str, Colleague] = {"管理员": boss}
    for login, name in (("chengong", "陈工"), ("ligong", "李工")):
        made = await colleague(desk, boss, login, [Role.OFFICER], ["420100"])
        async with desk.store.writing() as work:
            made.staff = await work.staff.change(made.staff, "test", desk.clock.now(), name=name)
            await work.commit()
        crew[name] = made
    return crew


async def reread(desk: Desk, who: Colleague) -> Staff:
    async with desk.store.reading() as work:
        return await work.staff.get(who.staff.id)


async def signed_in(desk: Desk, who: Colleague, address: str = ADDRESS, agent: str = AGENT) -> SignedIn:
    """In a step of the clock whose code was not used yet."""
    assert isinstance(desk.clock, FixedClock)
    desk.clock.advance(seconds=proofs.STEP_SECONDS)
    return await sign_in(desk, who.staff.login, who.password, who.code(desk), address, agent)


async def _set_up(desk: Desk, invitation: accounts.Invitation) -> Colleague:
    key = proofs.new_key()
    made = Colleague(invitation.staff, key)
    made.codes = await accounts.set_up(desk, invitation.token, PASSWORD, key, made.code(desk))
    made.staff = await reread(desk, made)
    return made
