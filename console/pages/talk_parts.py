"""What stands on the page of a conversation beside the transcript: what may be done, what is known, what can be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.desk.case_ports import Paper, Person
from bot.desk.cases.naming import programme_name, tail
from bot.desk.cases.rights import masked_phone
from bot.desk.desk import Desk
from bot.desk.handoff import booking, macros, picturing, transferring
from bot.desk.handoff.records import Fact, Talk
from bot.desk.officer_ports import KEPT
from bot.desk.ports import Work
from bot.desk.supervising import routing
from bot.messages import Author
from bot.staff import Staff, may
from console import rights
from console.talks import canned, lines, showing


@dataclass(frozen=True, slots=True)
class Box:
    """What was written and not taken, and what there is to say about it."""

    problem: str = ""
    done: str = ""
    status: int = 200
    reply: str = ""
    note: str = ""
    note_question: str = ""
    q: str = ""
    """What is looked for."""
    revealed: Mapping[str, str] = field(default_factory=dict)
    """Path → the value that was asked for with a reason."""
    photo: Mapping[str, str] = field(default_factory=dict)
    """Picture → its address with the whole photo in it, asked for in the same way."""
    macro: macros.Ready | None = None
    """What is shown before it goes."""
    booked: Mapping[str, str] = field(default_factory=dict)
    transfer: Mapping[str, str] = field(default_factory=dict)


def may_of(talk: Talk, staff: Staff) -> dict[str, bool]:
    holder = talk.conversation.holder
    return {
        "claim": not talk.may_reply and may(staff, "conversations.claim") and holder not in ("officer", "waiting"),
        "reply": talk.may_reply,
        "hold": talk.may_reply,
        "give_back": talk.may_reply or (may(staff, "conversations.assign") and holder in ("officer", "waiting")),
        "note": may(staff, "conversations.reply"),
        "press": may(staff, "conversations.reply") and holder in ("queued", "officer", "waiting"),
        "transfer": talk.may_reply or (may(staff, "conversations.assign") and holder in ("officer", "waiting")),
    }


def fact_of(fact: Fact, box: Box, may_reveal: bool) -> dict[str, Any]:
    open_now = fact.path in box.revealed
    return {
        "path": fact.path,
        "label": fact.label,
        "shown": box.revealed.get(fact.path, fact.shown),
        "link": fact.message if fact.seq else "",
        "hidden": fact.masked and not open_now and may_reveal,
    }


def pictures_of(talk: Talk, box: Box, may_reveal: bool) -> dict[str, dict[str, Any]]:
    """By message. The photo itself stands here only when it was asked for with a reason."""
    return {
        one.message: {
            "id": one.id,
            "said": showing.PICTURES.get(one.state, ""),
            "size": (one.size + 1023) // 1024,
            "shown": box.photo.get(one.id, ""),
            "hidden": one.state == KEPT and one.id not in box.photo and may_reveal,
            "kept": one.state == KEPT,
        }
        for one in talk.pictures
    }


def homes_of(desk: Desk, talk: Talk, staff: Staff) -> list[tuple[str, str]]:
    """Where a photo of this talk can be put: a case and a kind of paper, and how that is called."""
    if not may(staff, "cases.move"):
        return []
    return [
        (f"{case.id}:{kind}", f"{programme_name(desk, case.programme)} 尾号{tail(case)}：{label}")
        for case in talk.cases
        for kind, label in picturing.kinds(desk, case).items()
    ]


def macros_of(talk: Talk, staff: Staff) -> list[macros.Macro]:
    """Those that can be used now: taking over also before it is theirs, the others by who holds it."""
    free = talk.conversation.holder not in ("officer", "waiting") and may(staff, "conversations.claim")
    return [one for one in macros.MACROS.values() if talk.may_reply or (one.key == "accept" and free)]


def booking_of(desk: Desk, person: Person | None, box: Box) -> dict[str, Any]:
    tomorrow = (desk.today() + timedelta(days=1)).isoformat()
    told = {"kind": "callback", "day": tomorrow, "hour": "09:30", "what": "", "phone": ""} | dict(box.booked)
    phone = masked_phone(person.phone) if person and person.phone else ""
    return told | {"known": phone, "kinds": list(booking.KINDS.items()), "open": bool(box.booked)}


def case_url(staff: Staff, case: str) -> str:
    """Where the case is opened; empty for who may not."""
    right = rights.table().get(("GET", "/cases/{case}"))
    return f"/cases/{case}" if right and rights.allowed(right, staff) else ""


async def papers_of(work: Work, talk: Talk) -> list[Paper]:
    papers = [paper for case in talk.cases for paper in await work.papers.of_case(case.id)]
    if talk.conversation.form:
        papers += await work.papers.of_draft(talk.conversation.form)
    return list({paper.id: paper for paper in papers}.values())


async def transfer_of(desk: Desk, work: Work, staff: Staff, talk: Talk, box: Box) -> dict[str, Any]:
    """Who can take it, the best first as a supervisor is shown them; those who know a matter; what was chosen and refused."""
    crew = await routing.Crew.of(desk, work)
    able = [
        (one.staff.id, one.staff.name, _about(one))
        for one in await routing.candidates(desk, work, talk.conversation, crew)
        if one.staff.id != staff.id
    ]
    told = {"to": "", "reason": "", "place": ""} | dict(box.transfer)
    skills = transferring.skills_here(desk, crew.people, talk.conversation)
    return told | {"colleagues": able, "skills": skills, "open": bool(box.transfer)}


def _about(one: routing.Candidate) -> str:
    """在岗，懂低保，手上2个."""
    words = ["在岗" if one.here else "", "懂" + "、".join(one.staff.skills) if one.staff.skills else ""]
    return "，".join(filter(None, [*words, f"手上{one.held}个"]))


def canned_of(request: web.Request, desk: Desk, talk: Talk) -> dict[str, Any]:
    """What was looked for, else what fits the resident's last words."""
    asked = "canned" in request.query
    q = request.query.get("canned", "").strip()[:60]
    hidden = lines.withheld(talk.messages)
    said = (one.text for one in reversed(talk.messages) if one.author is Author.RESIDENT and one.id not in hidden)
    words = q or next((text for text in said if text), "")
    found = canned.search(desk, words[:200], talk.conversation.region, talk.conversation.channel)
    nothing = "没有找到。换个词，比如“低保 材料”。" if q else "没有和居民这句话相近的答案，可以自己找。"
    return {"q": q, "open": asked, "found": found, "nothing": nothing}


def used_words(desk: Desk, entry: str, talk: Talk) -> str:
    said = canned.put(desk, entry[:80], talk.conversation.region, talk.conversation.channel)
    return said.text if said else ""
