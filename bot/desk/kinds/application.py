"""The application for a benefit programme: any programme whose content names a form, without code of its own.

The bot prepares, people decide: at the end there is a case with a receipt number, and what is said of it is where it is,
by when the office has to answer, and what is still missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.calendar import Deadline
from bot.cases import show_number
from bot.codes import show
from bot.conversations import Conversation
from bot.desk import consenting, papers
from bot.desk.case_ports import Case, Draft
from bot.desk.cases.moving import due_of, stage_of
from bot.desk.desk import Desk
from bot.desk.filling.kinds import Finished, Plain, Start
from bot.desk.ports import Work
from bot.desk.words import say
from bot.errors import BadInput
from bot.forms.facts import facts_of
from bot.forms.model import Form, Sheet, State
from bot.messages import Choice, Outcome, Reply
from bot.programmes.model import Programme
from bot.programmes.parts import Paper

SUBMITTED, ACCEPTED = "submitted", "accepted"
OWN = "self"
"""The way to apply in which the one who types is the applicant; in any other they are a helper (代办)."""
HOW, _KNOWN = "apply_as", ("name", "identity", "phone")
_PRIVATE_ABOUT = (papers.READ, papers.HANDLED, papers.BLURRED)
"""What was read off pictures belongs to the draft alone."""


class Application(Plain):
    name = "application"

    def form(self, desk: Desk, draft: Draft) -> Form:
        return desk.edition.form(programme_of(desk, draft.programme).form)

    async def begin(self, desk: Desk, work: Work, conversation: Conversation, programme: str) -> Start | Finished:
        programme_of(desk, programme)
        return Start()

    async def finish(self, desk: Desk, work: Work, draft: Draft, conversation: Conversation) -> Finished:
        done = await handed_in(desk, work, draft, conversation.channel, conversation.region)
        form, programme = self.form(desk, draft), programme_of(desk, draft.programme)
        replies = [_receipt(desk, programme, done.case, done.deadline)]
        if done.waiting:
            replies.append(_codes(desk, done.waiting))
        if missing := papers_missing(desk, programme, form, draft.sheet):
            listed = "、".join(dict.fromkeys(one.text.rstrip("。") for one in missing))
            replies.append(say(desk, "application_papers", papers=listed))
        replies[-1] = replace(replies[-1], choices=_next(desk, done.case))
        return Finished(tuple(replies))


@dataclass(frozen=True, slots=True)
class HandedIn:
    case: Case
    waiting: tuple[consenting.Wanted, ...]
    """Whose consent is still missing."""
    deadline: Deadline | None


async def handed_in(desk: Desk, work: Work, draft: Draft, channel: str, region: str) -> HandedIn:
    """A finished form as a case. `channel`: where its consents were given; `region`: where it was filled in."""
    now, programme = desk.clock.now(), programme_of(desk, draft.programme)
    form = desk.edition.form(programme.form)
    about = {key: value for key, value in draft.about.items() if key not in _PRIVATE_ABOUT}
    about |= {"form": form.id, "edition": desk.edition.number}
    draft = replace(draft, about=about)
    waiting = await consenting.ask_household(desk, work, draft, form, channel, now)
    draft, helper = await _whose(desk, work, draft)
    region = office_region(desk, programme, form, draft.sheet) or region
    deadline = due_of(desk, programme.id, region, SUBMITTED, {SUBMITTED: desk.today()})
    case = await work.cases.add(
        draft,
        programme.id,
        region,
        SUBMITTED,
        helper,
        now,
        sections={one.field.key: step.section for step in form.steps for one in step.fields},
        due=deadline.day if deadline else None,
    )
    return HandedIn(case, waiting, deadline)


def programme_of(desk: Desk, id: str) -> Programme:
    """Raises BadInput where it is not on file, or cannot be applied for here."""
    found = desk.edition.programmes.get(id)
    if found is None or not found.form:
        raise BadInput(
            f"there is no programme {id!r} with a form in edition {desk.edition.number}; offer those there are"
        )
    return found


async def _whose(desk: Desk, work: Work, draft: Draft) -> tuple[Draft, str]:
    """The draft under the applicant's own key, and who helps them: the two are never one person."""
    now, said = desk.clock.now(), _said(draft.sheet, HOW)
    helper = ""
    if said and said != OWN:
        helper = draft.person
        if own := {key: value for key in _KNOWN if (value := _said(draft.sheet, f"helper_{key}"))}:
            await work.people.change(helper, now, **own)
        applicant = await work.people.make("", now, "helper")
        draft = replace(draft, person=applicant.id)
    known = {key: value for key in _KNOWN if (value := _of_applicant(draft.sheet, key))}
    if known:
        await work.people.change(draft.person, now, **known)
    return draft, helper


def office_region(desk: Desk, programme: Programme, form: Form, sheet: Sheet) -> str:
    """The division whose office takes it: where the household is registered, or where the hardship is."""
    order = {"hukou": ("hukou",), "here": ("emergency_place", "address", "hukou")}
    apply = programme.apply_on(("000000",), desk.today())
    wanted = order.get(apply.at if apply else "", ("address", "hukou"))
    places = {
        path: str(given.value["region"])
        for path, given in sheet.answers.items()
        if given.state is State.SAID and isinstance(given.value, dict) and given.value.get("region")
    }
    return next((places[key] for key in wanted if key in places), next(iter(places.values()), ""))


def papers_missing(desk: Desk, programme: Programme, form: Form, sheet: Sheet) -> Sequence[Paper]:
    """Papers to bring that were not sent as photos. What the office can look up itself is not asked for."""
    facts = facts_of(form, sheet.answers, desk.today())
    needed = [*programme.papers.needed]
    needed += [one for one in programme.papers.sometimes if one.when is None or one.when(facts)]
    return [one for one in needed if not (one.field and _sent(sheet, one.field))]


def _sent(sheet: Sheet, field: str) -> bool:
    given = sheet.answers.get(field)
    return given is not None and given.state is State.SAID and bool(given.value)


def _said(sheet: Sheet, path: str) -> str:
    given = sheet.answers.get(path)
    return str(given.value) if given and given.state is State.SAID and given.value is not None else ""


def _of_applicant(sheet: Sheet, key: str) -> str:
    return _said(sheet, f"members.1.{key}") or _said(sheet, key)


def _receipt(desk: Desk, programme: Programme, case: Case, deadline: Deadline | None) -> Reply:
    """What was handed in, its number, and how long the rules give the office: never what it will say."""
    words = say(desk, "application_receipt", programme=programme.name, number=show_number(case.number))
    taken = stage_of(desk, programme.id, case.region, ACCEPTED, desk.today())
    if deadline is not None:
        when = say(desk, "application_until", until=str(deadline)).text
    elif taken is not None:
        when = say(desk, "application_time", text=taken.text).text
    else:
        when = say(desk, "application_no_time").text
    return replace(words, text=f"{words.text}\n{when}", outcome=Outcome.ANSWERED, reason="application_receipt")


def _codes(desk: Desk, waiting: Sequence[consenting.Wanted]) -> Reply:
    lines = [say(desk, "application_code", name=one.name, code=show(one.code)).text for one in waiting if one.code]
    return say(desk, "application_codes", codes="\n".join(lines))


def _next(desk: Desk, case: Case) -> tuple[Choice, ...]:
    offers = (
        ("lookup", case.id, "application_next_status"),
        ("more", case.id, "application_next_papers"),
        ("precheck", "", "application_next_more"),
    )
    return tuple(
        Choice(desk.edition.words(key).strip(), {"form": kind, "programme": what}) for kind, what, key in offers
    )
