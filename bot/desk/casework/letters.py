"""The letter that goes along when a case, or a part of its need, is handed to another office: on which clause, about whom, what is
asked, with which papers, by when, and whom to answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.audit import Deed
from bot.desk.case_ports import Case, Paper, Person, Referral
from bot.desk.cases.naming import number_of, paper_name, place_name, programme_name
from bot.desk.cases.whose import applicant_of
from bot.desk.casework.referrals import ASKING, DECLINED, addressed, referral_of
from bot.desk.casework.theirs import NotThere
from bot.desk.desk import Desk
from bot.desk.referring import refer, refer_to
from bot.knowledge.contacts import OFFICES
from bot.knowledge.documents import Standing
from bot.messages import Source
from bot.staff import Staff

BASIS = ("社会救助法", "第64条")
"""及时受理、转办申请事项: said where it is in force."""


@dataclass(frozen=True, slots=True)
class Letter:
    """With the name and number in full: the office must find them."""

    referral: Referral
    case: Case
    number: str
    programme: str
    person: Person
    receiver: str
    receiver_contact: str
    """Its telephone and hours, where the place has them on file."""
    sender: str
    """The place it comes from."""
    sender_contact: str
    """The window that has the case, and its telephone."""
    papers: Sequence[str]
    basis: Source | None


async def letter(desk: Desk, staff: Staff, referral: str) -> Letter:
    """Raises NotThere, also before the person agreed. That it was looked at stands in the audit log."""
    async with desk.store.writing() as work:
        known, case = await referral_of(desk, work, staff, referral)
        if known.state in (ASKING, DECLINED):
            raise NotThere(referral)
        person = await applicant_of(work, await work.cases.get(case.id, answers=True))
        papers = [one for one in await work.papers.of_case(case.id) if one.id in known.papers]
        about = {"referral": referral, "office": known.office}
        await work.audit.add(
            staff.id, Deed.EXPORT, f"case:{case.id}", desk.clock.now(), region=case.region, reason="转介函", about=about
        )
        await work.commit()
    return Letter(
        known,
        case,
        number_of(case),
        programme_name(desk, case.programme),
        person,
        addressed(desk, known, case),
        _receiver(desk, known, case),
        place_name(desk, case.region),
        _sender(desk, case),
        counted(desk, papers),
        _basis(desk),
    )


def _receiver(desk: Desk, referral: Referral, case: Case) -> str:
    """Only of a counter that is on file for this place: another's number leads nowhere."""
    found = refer_to(desk, referral.office, case.region) if referral.office in OFFICES and case.region else None
    return _told(found.office.phone, found.office.hours) if found and found.office else ""


def _sender(desk: Desk, case: Case) -> str:
    if not case.region:
        return ""
    found = refer(desk, "help", case.region)
    return f"{found.called}，电话 {found.number}"


def _told(phone: str, hours: str) -> str:
    return "，".join(filter(None, [f"电话 {phone}" if phone else "", hours]))


def counted(desk: Desk, papers: Sequence[Paper]) -> list[str]:
    """身份证照片2张."""
    kinds = Counter(paper_name(desk, one.kind) for one in papers)
    return [f"{kind}{number}张" for kind, number in kinds.items()]


def _basis(desk: Desk) -> Source | None:
    name, clause = BASIS
    document = desk.edition.documents.get(name)
    if document is None or document.standing(desk.today()) is not Standing.IN_FORCE:
        return None
    return desk.edition.source(name, clause, desk.today())
