"""One case as it is shown to an officer: masked, with what is known of its household, papers, consents and time. That it
was looked at stands in the audit log before it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.audit import Deed
from bot.cases import MOVES, STATES
from bot.desk.case_ports import Case, Consent, Happening, Paper, Person, Referral, Task
from bot.desk.cases.moving import days_entered, stage_of
from bot.desk.cases.naming import form_of, number_of, paper_name, place_name, programme_name
from bot.desk.cases.rights import masked_identity, masked_name, masked_phone
from bot.desk.cases.whose import applicant_of, person_of
from bot.desk.casework.channels import Bound, bound
from bot.desk.casework.listing import OPEN
from bot.desk.casework.masking import Answer, answers_of, fields_of, names_in, without_names
from bot.desk.casework.theirs import case_of, days_left
from bot.desk.desk import Desk
from bot.desk.notices.ports import Try
from bot.desk.ports import Work
from bot.forms.model import Field, State, split_path
from bot.forms.readers.showing import show
from bot.messages import Source
from bot.programmes.parts import Stage
from bot.staff import Staff


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody of the case; each value masked unless it was asked for."""

    key: str
    """applicant or helper: `applicant.phone` is asked for in full."""
    called: str
    name: str
    identity: str
    phone: str


@dataclass(frozen=True, slots=True)
class Member:
    number: int
    name: str
    relation: str


@dataclass(frozen=True, slots=True)
class Seen:
    case: Case
    number: str
    programme: str
    place: str
    people: Sequence[Who]
    household: Sequence[Member]
    answers: Sequence[Answer]
    consents: Sequence[tuple[Consent, str, str]]
    """With the text's title and the masked name."""
    papers: Sequence[tuple[Paper, str]]
    """With what the form calls it."""
    timeline: Sequence[tuple[Happening, str]]
    """With the words, as far as they are shown."""
    channels: Sequence[Bound]
    """The chats that speak for them."""
    tries: Sequence[Try]
    """What became of notices on each way, oldest first."""
    tasks: Sequence[Task]
    referrals: Sequence[Referral]
    moves: Sequence[str]
    """What it may become now."""
    stage: Stage | None
    """The rule whose days run."""
    sources: Sequence[Source]
    left: int | None
    """Working days until the last day; negative: late."""


async def look(desk: Desk, staff: Staff, case: str) -> Seen:
    """Raises NotThere."""
    async with desk.store.writing() as work:
        found = await case_of(desk, work, staff, case)
        seen = await seen_of(desk, work, found)
        await work.audit.add(staff.id, Deed.READ, f"case:{found.id}", desk.clock.now(), region=found.region)
        await work.commit()
    return seen


async def seen_of(desk: Desk, work: Work, case: Case, revealed: Sequence[str] = ()) -> Seen:
    whole = await work.cases.get(case.id, answers=True)
    form, fields = form_of(desk, case.programme), fields_of(form_of(desk, case.programme))
    timeline = await work.cases.timeline(case.id)
    people = await _people(work, whole, revealed)
    applicant = await applicant_of(work, whole)
    names = sorted({*names_in(whole.answers), *filter(None, [applicant.name])}, key=len, reverse=True)
    stage = _stage(desk, whole, timeline)
    consents = await work.consents.of_case(case.id)
    papers = [paper for paper in await work.papers.of_case(case.id) if paper.state != "blurred"]
    titles = desk.edition.consents
    tasks = await work.tasks.of_case(case.id)
    return Seen(
        case=whole,
        number=number_of(case),
        programme=programme_name(desk, case.programme),
        place=place_name(desk, case.region) or case.region or "地区还不知道",
        people=people,
        household=_household(whole, fields),
        answers=answers_of(form, whole.answers, desk.today(), desk.regions, revealed, desk.edition.fields),
        consents=[
            (one, titles[one.text].title if one.text in titles else one.text, masked_name(one.name)) for one in consents
        ],
        papers=[(paper, paper_name(desk, paper.kind)) for paper in papers],
        timeline=[(line, _words(line, names, revealed)) for line in timeline],
        channels=await bound(desk, work, whole),
        tries=await work.notices.tries(case.id),
        tasks=[_masked(task, names) for task in tasks],
        referrals=await work.referrals.of_case(case.id),
        moves=[state for state in STATES if state in MOVES.get(case.state, ())],
        stage=stage,
        sources=[desk.edition.source(one.document, one.clause, desk.today()) for one in stage.bases] if stage else [],
        left=days_left(desk, case.due) if case.state in OPEN else None,
    )


async def _people(work: Work, case: Case, revealed: Sequence[str]) -> list[Who]:
    found: list[tuple[str, str, Person]] = [("applicant", "申请人", await applicant_of(work, case))]
    helper = await person_of(work, case.helper)
    if helper:
        found.append(("helper", "代办人", helper))
    return [
        Who(
            key,
            called,
            person.name if f"{key}.name" in revealed else masked_name(person.name),
            person.identity if f"{key}.identity" in revealed else masked_identity(person.identity),
            person.phone if f"{key}.phone" in revealed else masked_phone(person.phone),
        )
        for key, called, person in found
    ]


def _household(case: Case, fields: Mapping[str, Field]) -> list[Member]:
    numbers = sorted({split_path(path)[0] for path in case.answers} - {0})
    members = []
    for number in numbers:
        told = {
            key: given.value
            for key in ("name", "relation")
            if (given := case.answers.get(f"members.{number}.{key}")) and given.state is State.SAID
        }
        field = fields.get("relation")
        relation = show(field, told["relation"]) if field and "relation" in told else ""
        name = masked_name(str(told["name"])) if told.get("name") else "没说"
        members.append(Member(number, name, "申请人" if number == 1 else relation))
    return members


def _words(line: Happening, names: Sequence[str], revealed: Sequence[str]) -> str:
    """What staff and offices wrote is theirs to read; what a resident wrote is shown when it was asked for."""
    if not line.reason or "timeline" in revealed:
        return line.reason
    if line.actor.partition(":")[0] in ("officer", "office", "system"):
        return without_names(line.reason, names)
    return "（居民说了话，未显示）"


def _masked(task: Task, names: Sequence[str]) -> Task:
    return Task(
        task.id,
        task.kind,
        task.case,
        task.person,
        task.region,
        without_names(task.text, names),
        masked_phone(task.phone),
        task.state,
        task.due_at,
        task.created_at,
    )


def _stage(desk: Desk, case: Case, timeline: Sequence[Happening]) -> Stage | None:
    if not case.region:
        return None
    since = days_entered(timeline).get(case.state, desk.today())
    return stage_of(desk, case.programme, case.region, case.state, since)
