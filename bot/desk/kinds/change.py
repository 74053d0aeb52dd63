"""After a decision: something changed at home, the money did not come, or somebody is heard before a cut."""

from __future__ import annotations

from dataclasses import replace

from bot.conversations import Conversation
from bot.desk.case_ports import Case, Draft
from bot.desk.cases import aftercare
from bot.desk.cases.mine import own_case, own_cases
from bot.desk.cases.naming import programme_name, state_of, tail
from bot.desk.desk import Desk
from bot.desk.filling.kinds import Finished, Plain, Start
from bot.desk.ports import Work
from bot.desk.words import PERSON, say
from bot.forms import readers
from bot.forms.model import Form, Option, Sheet, State

HEARING, UNPAID = "hearing:", "unpaid:"
CASE, WHAT, SINCE, DETAIL, AMOUNT, OPINION = (
    "change_case",
    "change_what",
    "change_since",
    "change_detail",
    "change_amount",
    "opinion",
)
_CLOSED = frozenset({"withdrawn", "referred"})


class Change(Plain):
    name = "change"

    def form(self, desk: Desk, draft: Draft) -> Form:
        if draft.about.get("hearing"):
            return desk.edition.form("hearing")
        form = desk.edition.form("change")
        known = {CASE} if draft.about.get("case") else set()
        known |= {WHAT} if draft.about.get("unpaid") else set()
        steps = tuple(step for step in form.steps if not {one.field.key for one in step.fields} & known)
        options = tuple(Option(str(one["id"]), str(one["label"])) for one in draft.about.get("cases", ()))
        if CASE not in known:
            steps = tuple(
                replace(
                    step,
                    fields=tuple(
                        replace(one, field=replace(one.field, options=options)) if one.field.key == CASE else one
                        for one in step.fields
                    ),
                )
                for step in steps
            )
        return replace(form, steps=steps)

    async def begin(self, desk: Desk, work: Work, conversation: Conversation, programme: str) -> Start | Finished:
        """`programme`: a case's id, with `hearing:` or `unpaid:` before it where that is known; empty: any of theirs."""
        about: dict[str, object] = {
            "hearing": programme.startswith(HEARING),
            "unpaid": programme.startswith(UNPAID),
        }
        wanted = programme.removeprefix(HEARING).removeprefix(UNPAID)
        if wanted:
            case = await own_case(work, conversation.id, wanted)
            return Start({**about, "case": case.id}) if case else Finished((say(desk, "case_not_found"),))
        cases = [case for case in await own_cases(work, conversation.id) if case.state not in _CLOSED]
        if not cases:
            return Finished((say(desk, "change_none"),), then=("lookup", "change"))
        if len(cases) == 1:
            return Start({**about, "case": cases[0].id})
        return Start({**about, "cases": [{"id": case.id, "label": _label(desk, case)} for case in cases[:8]]})

    async def finish(self, desk: Desk, work: Work, draft: Draft, conversation: Conversation) -> Finished:
        case = await own_case(work, conversation.id, str(draft.about.get("case") or _said(draft.sheet, CASE)))
        if case is None:
            return Finished((say(desk, "case_not_found", choices=(PERSON,)),), "cancelled")
        if draft.about.get("hearing"):
            replies = await aftercare.hear(desk, work, case, draft.person, _said(draft.sheet, OPINION))
            return Finished(tuple(replies))
        form = self.form(desk, draft)
        fields = {one.field.key: one.field for step in form.steps for one in step.fields}
        kinds = [aftercare.UNPAID] if draft.about.get("unpaid") else list(_value(draft.sheet, WHAT) or [])
        what = fields.get(WHAT)
        labels = [readers.show(what, [kind]) if what else "钱没到账" for kind in kinds]
        told = aftercare.Report(kinds, labels, _details(desk, draft.sheet, form), _plain(draft.sheet))
        replies = await aftercare.report(desk, work, case, draft.person, told)
        return Finished(tuple(replies))


def _label(desk: Desk, case: Case) -> str:
    return f"{programme_name(desk, case.programme)}（{tail(case)}）{state_of(case).name}"


def _details(desk: Desk, sheet: Sheet, form: Form) -> str:
    """Everything said, in words: since when, how much, and what they wrote."""
    lines = []
    for step in form.steps:
        for one in step.fields:
            given = sheet.answers.get(one.field.key)
            if one.field.key in (SINCE, AMOUNT, DETAIL) and given and given.state is State.SAID:
                lines.append(f"{one.field.label}：{readers.show(one.field, given.value, regions=desk.regions)}")
    return "；".join(lines)


def _plain(sheet: Sheet) -> dict[str, object]:
    """The answers as they stand, for the office's system."""
    return {
        path: given.value
        for path, given in sheet.answers.items()
        if path in (WHAT, SINCE, AMOUNT) and given.state is State.SAID
    }


def _value(sheet: Sheet, path: str) -> list[str] | None:
    given = sheet.answers.get(path)
    return given.value if given and given.state is State.SAID else None


def _said(sheet: Sheet, path: str) -> str:
    given = sheet.answers.get(path)
    return str(given.value) if given and given.state is State.SAID and given.value is not None else ""
