"""Sign in, stay signed in, sign out. Whoever is refused hears one sentence, whatever was wrong, after the same work."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from weakref import WeakValueDictionary

from bot.audit import Deed
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.staff import proofs
from bot.desk.staff_ports import Session
from bot.errors import NotYours
from bot.staff import Staff

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
_LIMITS = ((5, timedelta(minutes=5)), (10, timedelta(minutes=15)))
"""Failures for one account from one address; failures for one account from anywhere. The second only slows down: from
another address than the attacker's its owner still gets in, so that nobody can be locked out by strangers."""
_EVERYWHERE = 50
"""Failures from one address for any account in 15 minutes: one password tried on all of them."""
_QUEUES: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
"""Address → who is being checked from there; gone when nobody is."""
_OWN = {4: 24, 6: 56}
"""How many bits of an address say which network it is of."""
REFUSED = "登录名、密码或动态码不对，请再试一次。"
TOO_OFTEN = "试得太频繁了，请过15分钟再试。"


@dataclass(frozen=True, slots=True)
class SignedIn:
    token: str
    """For the browser alone."""
    session: Session
    staff: Staff


async def sign_in(desk: Desk, login: str, password: str, code: str, address: str, agent: str) -> SignedIn:
    """Raises NotYours, with the one sentence to show."""
    # One after another from one address: a hundred at the same moment are counted like a hundred in a row.
    async with _QUEUES.setdefault(address, asyncio.Lock()):
        return await _sign_in(desk, login.strip().lower(), password, code.strip(), address, agent)


async def _sign_in(desk: Desk, login: str, password: str, code: str, address: str, agent: str) -> SignedIn:
    now = desk.clock.now()
    async with desk.store.reading() as work:
        tired = await _too_often(work, login, address, now)
        staff, kept = await work.staff.with_secrets(login)
    if tired:
        await _record_tired(desk, staff, address, now)
        raise NotYours(TOO_OFTEN)
    fits = await proofs.password_fits(kept.password, password)
    step = proofs.code_step(kept.totp_key, code, now, kept.totp_step)
    async with desk.store.writing() as work:
        proved = bool(staff and staff.state == "active" and fits)
        if staff and proved:
            # Who changed the password while the old one was being checked is not answered with a session for it.
            newest = await work.staff.secrets(staff.id)
            proved = newest.password == kept.password and await _code_used(work, staff, step, code, now)
        if not staff or not proved:
            await work.staff.tried(f"{login}|{address}", now)
            await work.staff.tried(login, now)
            await work.staff.tried(address, now)
            what = f"staff:{staff.id}" if staff else "staff:unknown"
            await work.audit.add("system", Deed.SIGN_IN_REFUSED, what, now, about={"address": address})
            await work.commit()
            raise NotYours(REFUSED)
        if proofs.outdated(kept.password):
            await work.staff.keep_secrets(staff.id, now, password=await proofs.hash_password(password))
        token = proofs.new_token()
        session = await work.sessions.open(token, staff.id, address, agent, now)
        await work.audit.add(staff.id, Deed.SIGN_IN, f"staff:{staff.id}", now, about={"address": address})
        await work.commit()
    return SignedIn(token, session, staff)


async def who(desk: Desk, token: str, agent: str, address: str, counts: bool = True) -> tuple[Staff, Session] | None:
    """Who a browser's token belongs to; None when it is over: idle, too old, ended, or another browser's or network's. `counts`: whether
    they did something; a page that refreshes itself keeps nobody signed in."""
    if not token:
        return None
    now = desk.clock.now()
    async with desk.store.reading() as work:
        session = await work.sessions.by_token(token)
        if session is None or session.ended_at is not None:
            return None
        staff = await work.staff.get(session.staff)
    why = _over(session, staff, agent, address, now)
    if why or (counts and now - session.seen_at > timedelta(minutes=1)):
        async with desk.store.writing() as work:
            if why:
                await work.sessions.end(session.id, why, now)
            else:
                await work.sessions.seen(session.id, now)
            await work.commit()
    return None if why else (staff, session)


async def sign_out(desk: Desk, session: Session) -> None:
    now = desk.clock.now()
    async with desk.store.writing() as work:
        if await work.sessions.end(session.id, "signed out", now):
            await work.audit.add(session.staff, Deed.SIGN_OUT, f"staff:{session.staff}", now)
        await work.commit()


async def end_session(desk: Desk, staff: Staff, session: str) -> None:
    """One of one's own; raises NotYours for anybody else's."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        if session not in {one.id for one in await work.sessions.of_staff(staff.id)}:
            raise NotYours("没有这个登录，请刷新后再看。")
        await work.sessions.end(session, "ended by its owner", now)
        await work.audit.add(staff.id, Deed.SIGN_OUT, f"staff:{staff.id}", now, about={"session": session})
        await work.commit()


def _over(session: Session, staff: Staff, agent: str, address: str, now: datetime) -> str:
    if now - session.seen_at > IDLE:
        return "idle"
    if now - session.created_at > ABSOLUTE:
        return "twelve hours"
    if staff.state != "active":
        return "account is not active"
    if agent[:200] != session.agent:
        return "another browser"
    if _network(address) != _network(session.address):
        return "another network"
    return ""


def _network(address: str) -> str:
    """An address without its last part: a cookie that was stolen is of no use elsewhere, and a desk that gets another number
    from its office's own network stays signed in."""
    try:
        told = ip_address(address)
    except ValueError:
        return address
    told = getattr(told, "ipv4_mapped", None) or told
    if told.is_loopback:
        return "loopback"
    return str(ip_network((told, _OWN[told.version]), strict=False))


async def _too_often(work: Work, login: str, address: str, now: datetime) -> bool:
    (near, near_time), (far, far_time) = _LIMITS
    if await work.staff.tries(f"{login}|{address}", now - near_time) >= near:
        return True
    if await work.staff.tries(address, now - far_time) >= _EVERYWHERE:
        return True
    known = await work.staff.tries(f"{login}|{address}", now - far_time)
    return known > 0 and await work.staff.tries(login, now - far_time) >= far


async def _code_used(work: Work, staff: Staff, step: int | None, code: str, now: datetime) -> bool:
    """A code of the phone, or one of the recovery codes; each works once, also for two browsers at the same moment."""
    if step is not None:
        return await work.staff.use_step(staff.id, step)
    left = await work.staff.use_recovery(staff.id, proofs.recovery_hash(staff.id, code))
    if left is None:
        return False
    await work.audit.add(staff.id, Deed.ACCOUNT, f"staff:{staff.id}", now, about={"recovery_codes_left": left})
    return True


async def _record_tired(desk: Desk, staff: Staff | None, address: str, now: datetime) -> None:
    """One line a quarter of an hour and address: whoever hammers at the door does not fill the log with it."""
    async with desk.store.writing() as work:
        if not await work.staff.tries(f"tired|{address}", now - _LIMITS[1][1]):
            await work.staff.tried(f"tired|{address}", now)
            what = f"staff:{staff.id}" if staff else "staff:unknown"
            about = {"why": "too often", "address": address}
            await work.audit.add("system", Deed.SIGN_IN_REFUSED, what, now, about=about)
        await work.commit()
