"""Accounts of the people who work here: invited by a link that works once, set up by themselves, changed on record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.audit import Deed
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.staff import proofs
from bot.errors import BadInput, NotYours
from bot.regions import UnknownRegion
from bot.staff import Role, Staff, login_problem, may, name_problem, password_problem, roles_problem

INVITED_FOR = timedelta(hours=24)
GONE = "这个链接已经用过，或者过期了。请让系统管理员再发一个。"


@dataclass(frozen=True, slots=True)
class Invitation:
    staff: Staff
    token: str
    """For the link /invitation/<token>: shown once, to whoever invites."""
    until: datetime


async def first_invitation(desk: Desk) -> Invitation | None:
    """At the very first start: an operator's account waits to be set up. None as soon as anybody ever set one up.

    Each start before that makes a new link and ends the one before."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        people = await work.staff.list()
        if any(one.state != "invited" for one in people):
            return None
        first = next((one for one in people if Role.OPERATOR in one.roles), None)
        if first is None:
            first = await work.staff.add("admin", "管理员", [Role.OPERATOR], ["000000"], [], "system", now)
            await work.audit.add("system", Deed.ACCOUNT, f"staff:{first.id}", now, about={"made": "first start"})
        token = proofs.new_token()
        await work.staff.invite(first.id, token, now + INVITED_FOR)
        await work.commit()
    return Invitation(first, token, now + INVITED_FOR)


async def invite(
    desk: Desk, actor: Staff, login: str, name: str, roles: Iterable[str], regions: Sequence[str], skills: Sequence[str]
) -> Invitation:
    """A new account. Raises BadInput in words for the page."""
    now = desk.clock.now()
    _needs(actor)
    if problem := login_problem(login):
        raise BadInput(problem)
    if problem := name_problem(name):
        raise BadInput(problem)
    async with desk.store.writing() as work:
        made = await work.staff.add(
            login, name.strip(), _roles(roles), _places(desk, regions), _skills(skills), actor.id, now
        )
        token = proofs.new_token()
        await work.staff.invite(made.id, token, now + INVITED_FOR)
        about = {"made": sorted(made.roles), "regions": list(made.regions)}
        await work.audit.add(actor.id, Deed.ACCOUNT, f"staff:{made.id}", now, about=about)
        await work.commit()
    return Invitation(made, token, now + INVITED_FOR)


async def invite_again(desk: Desk, actor: Staff, staff: str) -> Invitation:
    """A lost phone and lost codes, or a link that ran out: everything is set up anew, and all sessions end."""
    _needs(actor)
    async with desk.store.writing() as work:
        made = await _anew(work, await work.staff.get(staff), actor.id, desk.clock.now())
        await _somebody_left(work)
        await work.commit()
    return made


async def invite_from_the_machine(desk: Desk, login: str, by: str) -> Invitation:
    """The way back in when the last operator lost phone and codes: for whoever may run commands on the server, on record."""
    async with desk.store.writing() as work:
        found = await work.staff.by_login(login)
        if found is None:
            raise BadInput(f"no account is called {login!r}; the names are on the console's page of accounts")
        made = await _anew(work, found, by, desk.clock.now())
        await work.commit()
    return made


async def _anew(work: Work, staff: Staff, actor: str, now: datetime) -> Invitation:
    changed = await work.staff.change(staff, actor, now, state="invited")
    await work.sessions.end_all(staff.id, "set up anew", now)
    token = proofs.new_token()
    await work.staff.invite(staff.id, token, now + INVITED_FOR)
    await work.audit.add(actor, Deed.ACCOUNT, f"staff:{staff.id}", now, about={"invited": "again"})
    return Invitation(changed, token, now + INVITED_FOR)


@dataclass(frozen=True, slots=True)
class SettingUp:
    """What the page of an invitation shows; nothing is kept before the code of the phone was right."""

    staff: Staff
    key: str
    uri: str


async def invited(desk: Desk, token: str) -> Staff:
    """Raises NotYours when the link is over."""
    async with desk.store.reading() as work:
        found = await work.staff.by_invitation(token, desk.clock.now())
    if found is None or found.state != "invited":
        raise NotYours(GONE)
    return found


def setting_up(staff: Staff) -> SettingUp:
    key = proofs.new_key()
    return SettingUp(staff, key, proofs.key_uri(key, staff.login))


async def set_up(desk: Desk, token: str, password: str, key: str, code: str) -> list[str]:
    """The recovery codes, shown once. Raises BadInput in words for the page, NotYours when the link is over."""
    now = desk.clock.now()
    staff = await invited(desk, token)
    if problem := password_problem(password, staff.login, staff.name):
        raise BadInput(problem)
    step = proofs.code_step(key, code.strip(), now, 0) if proofs.is_key(key) else None
    if step is None:
        raise BadInput("动态码不对。看看手机的时间准不准，再输一次新的")
    hashed, codes = await proofs.hash_password(password), proofs.new_recovery_codes()
    async with desk.store.writing() as work:
        found = await work.staff.by_invitation(token, now)
        if found is None or found.state != "invited":
            raise NotYours(GONE)
        kept = [proofs.recovery_hash(found.id, one) for one in codes]
        await work.staff.keep_secrets(found.id, now, password=hashed, totp_key=key, totp_step=step, recovery=kept)
        await work.staff.invite(found.id, "", now)
        await work.staff.change(found, found.id, now, state="active")
        await work.audit.add(found.id, Deed.ACCOUNT, f"staff:{found.id}", now, about={"set": "up"})
        await work.commit()
    return codes


async def change(desk: Desk, actor: Staff, staff: Staff, **fields: object) -> Staff:
    """Roles, regions, skills, name or state. Whoever loses a role loses their sessions with it; nobody changes what they may
    do themselves. Raises Conflict if `staff` is not what is on file any more."""
    now = desk.clock.now()
    _needs(actor)
    if "name" in fields and (problem := name_problem(str(fields["name"]))):
        raise BadInput(problem)
    if "roles" in fields:
        fields["roles"] = _roles(fields["roles"])  # type: ignore[arg-type]
    if "regions" in fields:
        fields["regions"] = _places(desk, fields["regions"])
    if "skills" in fields:
        fields["skills"] = _skills(fields["skills"])
    async with desk.store.writing() as work:
        changed = await work.staff.change(staff, actor.id, now, **fields)
        await _somebody_left(work)
        if actor.id == staff.id and (changed.roles, changed.regions) != (staff.roles, staff.regions):
            raise NotYours("自己的角色和地区，要请另一位系统管理员来改。")
        if changed.roles != staff.roles or changed.state != "active":
            await work.sessions.end_all(staff.id, "account changed", now)
        about = {"roles": sorted(changed.roles), "regions": list(changed.regions), "state": changed.state}
        await work.audit.add(actor.id, Deed.ROLE, f"staff:{staff.id}", now, about=about)
        await work.commit()
    return changed


async def change_password(desk: Desk, staff: Staff, old: str, new: str, session: str) -> None:
    """Every other session ends."""
    now = desk.clock.now()
    if problem := password_problem(new, staff.login, staff.name):
        raise BadInput(problem)
    async with desk.store.reading() as work:
        kept = await work.staff.secrets(staff.id)
        tired = await work.staff.tries(f"password|{staff.id}", now - timedelta(minutes=15)) >= 5
    if tired or not await proofs.password_fits(kept.password, old):
        async with desk.store.writing() as work:
            await work.staff.tried(f"password|{staff.id}", now)
            await work.commit()
        raise BadInput("原来的密码不对，没有改" if not tired else "试得太频繁了，请过15分钟再试")
    hashed = await proofs.hash_password(new)
    async with desk.store.writing() as work:
        await work.staff.keep_secrets(staff.id, now, password=hashed)
        await work.sessions.end_all(staff.id, "password changed", now, but=session)
        await work.audit.add(staff.id, Deed.ACCOUNT, f"staff:{staff.id}", now, about={"password": "changed"})
        await work.commit()


def _needs(actor: Staff) -> None:
    if not may(actor, "staff.write"):
        raise NotYours("您没有管理账号的权限。")


async def _somebody_left(work: Work) -> None:
    """Raises BadInput when nobody could let anybody in any more."""
    if not any(one.state == "active" and may(one, "staff.write") for one in await work.staff.list()):
        raise BadInput("至少要留一个能用的系统管理账号，这次没有改")


def _roles(named: Iterable[str]) -> list[str]:
    try:
        roles = sorted({Role(role) for role in named})
    except ValueError as error:
        raise BadInput("有一个角色不认识，请重新选") from error
    if problem := roles_problem(roles):
        raise BadInput(problem)
    return [role.value for role in roles]


def _places(desk: Desk, regions: object) -> list[str]:
    places = [str(region) for region in regions] if isinstance(regions, list | tuple) else []
    try:
        return [desk.regions.get(place).code for place in places]
    except UnknownRegion as error:
        raise BadInput("有一个地区代码不认识，写名字也可以，比如“湖北省武汉市洪山区”") from error


def _skills(skills: object) -> list[str]:
    """Words colleagues are found by. Raises BadInput for too many or too long ones."""
    words = [str(skill) for skill in skills] if isinstance(skills, list | tuple) else []
    if len(words) > 20 or any(name_problem(word) or len(word) > 20 for word in words):
        raise BadInput("专长最多20个，每个不超过20个字")
    return list(dict.fromkeys(words))
