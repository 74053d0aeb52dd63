"""A QR poster and share cards for a village or an office: what stands on the paper, from what is published."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.desk.desk import Desk
from bot.desk.publicity.theirs import READ, needs, needs_place
from bot.desk.words import hotline
from bot.errors import BadInput
from bot.knowledge.contacts import Office
from bot.knowledge.fields import NATION, knows
from bot.scenes import scene
from bot.staff import Staff

LONGEST = 150
"""Signs of an address: more, and the code's dots get too small for an old phone on a card of 32 mm."""
_NAME = 30


@dataclass(frozen=True, slots=True)
class Poster:
    title: str
    """Village or office, else the place."""
    place: str
    phone: str
    hours: str
    hotline: str
    link: str
    scene: str


def offices(desk: Desk, region: str) -> tuple[Office, ...]:
    """Those that are of the place itself."""
    return tuple(one for one in desk.edition.offices(region) if one.region == region)


def poster(desk: Desk, staff: Staff, region: str, village: str, name: str, office: str, link: str) -> Poster:
    """Raises BadInput for what cannot be printed, NotYours for another's place."""
    needs(staff, READ)
    if not knows(desk.regions, region) or region == NATION:
        raise BadInput("请选海报贴在哪个省、市或区县")
    needs_place(desk, staff, region)
    found = next((one for one in offices(desk, region) if one.name == office), None)
    if office and found is None:
        raise BadInput("这个窗口不在已发布的窗口里；请重新选")
    if len(name.strip()) > _NAME:
        raise BadInput(f"名称最多{_NAME}个字，太长印不下")
    chain = desk.edition.chain(region)
    return Poster(
        title=name.strip() or (found.name if found else desk.regions.get(region).name),
        place=desk.regions.full_name(region),
        phone=found.phone if found else "",
        hours=(found.hours if found else "") or desk.service_hours.said(chain),
        hotline=hotline(desk, region),
        link=_address(link),
        scene=scene(region, village.strip(), office),
    )


def _address(link: str) -> str:
    """What the code leads to: the platform's address for this scene, or the office's own page."""
    link = link.strip()
    try:
        parts = urlsplit(link)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and link.isascii() and link.isprintable()
    except ValueError:
        good = False
    if not good or " " in link:
        raise BadInput("网址要以 http:// 或 https:// 开头，照平台给的抄全")
    if len(link) > LONGEST:
        raise BadInput(f"网址有{len(link)}个字符，最多{LONGEST}个；太长的码印小了扫不出")
    return link
