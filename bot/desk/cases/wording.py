"""Where a case stands, in plain words: the state, who has it, until when, what is missing, what comes next, what to do
if one does not agree."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cases import STATES
from bot.clock import SHANGHAI
from bot.desk.case_ports import Case, Consent, Happening
from bot.desk.cases.moving import stage_of
from bot.desk.cases.naming import number_of, programme_name, said_day, state_of, tail
from bot.desk.cases.telling import offered
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.words import PERSON, say
from bot.messages import Choice, Outcome, Reply

_LISTED = 8
_OFFERS = {
    "submitted": ("more",),
    "need_more": ("more",),
    "rejected": ("objection",),
    "stopped": ("objection",),
    "reducing": ("hearing",),
    "approved": ("bank", "change", "unpaid", "objection"),
    "paying": ("change", "unpaid"),
    "recheck": ("change",),
}
_CHOICES = {
    "bank": ("status_bank_choice", "bank", ""),
    "more": ("status_more_choice", "more", ""),
    "change": ("status_change_choice", "change", ""),
    "unpaid": ("status_unpaid_choice", "change", "unpaid:"),
}


async def status(desk: Desk, work: Work, case: Case) -> Reply:
    """All there is to say of one case, to somebody who proved that it is theirs."""
    timeline = await work.cases.timeline(case.id)
    consents = await work.consents.of_case(case.id)
    return tell(desk, case, timeline, consents)


def tell(desk: Desk, case: Case, timeline: Sequence[Happening], consents: Sequence[Consent]) -> Reply:
    state = state_of(case)
    head = say(
        desk, "status_head", programme=programme_name(desk, case.programme), number=number_of(case), state=state.name
    )
    came = _came(case, timeline)
    lines = [head.text, state.meaning]
    if state.who and not state.final:
        lines.append(f"现在在{state.who}手里。" if state.who != "您自己" else "现在要您自己来做下一步。")
    lines += _deadline(desk, case, came)
    lines += _missing(desk, case, came)
    waiting = [one.name or f"第{one.member}位家人" for one in consents if one.state == "asked"]
    if waiting and not state.final:
        lines.append(say(desk, "status_consents", list="、".join(waiting)).text)
    if came is not None and came.reason and case.state != "need_more":
        lines.append(say(desk, "status_reason", text=came.reason).text)
    if state.next:
        lines.append(f"接下来：{state.next.removeprefix('接下来')}")
    if state.object:
        lines.append(state.object)
    return Reply("\n".join(lines), _choices(desk, case), Outcome.SMALLTALK, region=case.region, reason="status")


def _deadline(desk: Desk, case: Case, came: Happening | None) -> list[str]:
    if STATES[case.state].final:
        return []
    came_on = came.at.astimezone(SHANGHAI).date() if came else desk.today()
    stage = stage_of(desk, case.programme, case.region, case.state, came_on)
    rule = [f"规定：{stage.text.rstrip('。')}。"] if stage and stage.days else []
    if case.due is None:
        return rule
    about = bool(came and came.about.get("about"))
    if case.due < desk.today() and not about:
        return [*rule, say(desk, "status_late", region=case.region, day=said_day(case.due)).text]
    return [*rule, say(desk, "status_due_about" if about else "status_due", day=said_day(case.due)).text]


def _missing(desk: Desk, case: Case, came: Happening | None) -> list[str]:
    if case.state != "need_more" or came is None:
        return []
    papers = [str(one) for one in came.about.get("missing", ())]
    if papers:
        said = [say(desk, "status_missing", list="、".join(papers)).text]
        return [*said, *([say(desk, "status_reason", text=came.reason).text] if came.reason else [])]
    return [say(desk, "status_missing_reason", text=came.reason).text]


def what_is_missing(desk: Desk, case: Case, timeline: Sequence[Happening]) -> str:
    """What the office wants yet, as it said it last; empty where it wants nothing."""
    return "\n".join(_missing(desk, case, _came(case, timeline)))


def _came(case: Case, timeline: Sequence[Happening]) -> Happening | None:
    """How the case came into the state it is in."""
    return next((line for line in reversed(timeline) if line.new == case.state and line.old != line.new), None)


def _choices(desk: Desk, case: Case) -> tuple[Choice, ...]:
    choices = []
    for offer in _OFFERS.get(case.state, ()):
        if offer in _CHOICES:
            words, kind, before = _CHOICES[offer]
            choices.append(Choice(desk.edition.words(words).strip(), {"form": kind, "programme": before + case.id}))
        else:
            choices.append(offered(desk, offer, case.id))
    return (*choices, PERSON)


def which(desk: Desk, cases: Sequence[Case], kind: str = "lookup") -> Reply:
    """Somebody's cases to choose from, and the way to another receipt number. `kind`: the form that follows."""
    choices = [
        Choice(
            f"{programme_name(desk, case.programme)}（{tail(case)}）{state_of(case).name}",
            {"form": kind, "programme": case.id},
        )
        for case in cases[:_LISTED]
    ]
    choices.append(Choice(desk.edition.words("lookup_other_number"), {"form": "lookup", "programme": "number"}))
    return say(desk, "status_list", number=str(len(cases)), choices=tuple(choices), reason="status")
