"""看看能申请什么: a few taps, then every programme as likely, not to be told yet, or less likely, with clause and reason.

Nothing of it is a decision and nothing is kept: the answers go when the talk about them ends, or become the beginning of the
application that is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.conversations import Conversation
from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.filling.kinds import Finished, Noticed, Plain
from bot.desk.kinds.findings import findings, reasons
from bot.desk.ports import Work
from bot.desk.words import say
from bot.forms.model import Asked, Field, Form, Given, Kind, Option, State, Step
from bot.messages import Outcome, Reply
from bot.programmes import facts, precheck, sheets
from bot.programmes.assess import Assessment, Result, Verdict

NEXT = "precheck_next"
"""The last question: what to do with what was found. It is made here, because its options are what was found."""
APPLY, WHY, PERSON, ENOUGH, URGENT = "apply:", "why", "person", "enough", "emergency"
_OFFERED = 3


class Precheck(Plain):
    name = "precheck"

    def form(self, desk: Desk, draft: Draft) -> Form:
        """What was asked so far, and the one question that is most useful now."""
        form = desk.edition.form(self.name)
        known = {step.fields[0].field.key: step for step in form.steps}
        asked = [known[key] for key in _in_order(draft.sheet.answers) if key in known]
        now = next_question(desk, draft)
        last = known[now] if now else self._what_next(desk, draft)
        return replace(form, steps=(*asked, last))

    async def opening(self, desk: Desk, work: Work, draft: Draft) -> Sequence[Reply]:
        return (say(desk, "precheck_first"),)

    async def noticed(self, desk: Desk, work: Work, draft: Draft) -> Noticed:
        chosen = draft.sheet.answers.get(NEXT)
        if chosen and chosen.value == WHY:
            answers = {key: given for key, given in draft.sheet.answers.items() if key != NEXT}
            sheet = replace(draft.sheet, answers=answers, asked="", asked_paths=())
            return Noticed(reasons(desk, assessment(desk, draft)), sheet=sheet)
        if chosen or next_question(desk, draft):
            return Noticed()
        return Noticed(findings(desk, assessment(desk, draft)))

    async def finish(self, desk: Desk, work: Work, draft: Draft, conversation: Conversation) -> Finished:
        chosen = str(draft.sheet.answers[NEXT].value) if NEXT in draft.sheet.answers else ENOUGH
        carry = {key: given for key, given in draft.sheet.answers.items() if key != NEXT}
        if begins := _begins(chosen):
            return Finished((), "cancelled", begins, _in_words(desk, carry) if chosen == URGENT else carry)
        return Finished((_parting(desk, chosen, conversation.region),), "cancelled")

    def _what_next(self, desk: Desk, draft: Draft) -> Step:
        field = Field(
            key=NEXT,
            label=desk.edition.words("precheck_next").strip(),
            kind=Kind.CHOICE,
            ask=desk.edition.words("precheck_next").strip(),
            options=tuple(_options(desk, draft)),
        )
        return Step(NEXT, field.ask, (Asked(field),))


def begins_still(meaning: Mapping[str, Any]) -> tuple[str, str] | None:
    """(kind, programme) of the form that an option of the last question begins, also when the pre-check is over; None:
    it is no such option. Nothing was kept of the answers, so they are not carried over."""
    return _begins(str(meaning.get("value"))) if meaning.get("field") == NEXT else None


def said_still(desk: Desk, meaning: Mapping[str, Any], region: str) -> Reply | None:
    """What another option of the last question says when the pre-check is over; None: it is none, or asks for what is gone."""
    chosen = meaning.get("value") if meaning.get("field") == NEXT else None
    return _parting(desk, str(chosen), region) if chosen in (PERSON, ENOUGH) else None


def _parting(desk: Desk, chosen: str, region: str) -> Reply:
    if chosen == PERSON:
        return say(desk, "person", Outcome.PERSON, reason="asked", region=region)
    return say(desk, "precheck_bye")


def _begins(chosen: str) -> tuple[str, str] | None:
    if chosen.startswith(APPLY):
        return "application", chosen.removeprefix(APPLY)
    return ("emergency", "") if chosen == URGENT else None


def assessment(desk: Desk, draft: Draft) -> Assessment:
    """All programmes in the light of what was said; what somebody could not say is not asked again."""
    answers = {key: given for key, given in draft.sheet.answers.items() if key != NEXT}
    household = facts.Household(
        sheets.from_answers(answers, desk.today()),
        desk.today(),
        desk.edition.figure,
        asked=answers.keys(),
    )
    return Assessment(desk.edition.going_on(desk.today()), household, desk.edition.chain)


def next_question(desk: Desk, draft: Draft) -> str:
    """The fact to ask for now; empty when all is settled, or enough was asked."""
    asked = [key for key in draft.sheet.answers if key != NEXT]
    if len(asked) >= precheck.MOST:
        return ""
    return precheck.next_question(assessment(desk, draft), desk.edition.fields)


def _in_words(desk: Desk, carry: Mapping[str, Given]) -> dict[str, Given]:
    """A place as an emergency keeps it: in words, for somebody who goes there."""
    words = dict(carry)
    given = words.get("place_now")
    if given and isinstance(given.value, dict):
        place = desk.regions.full_name(str(given.value["region"])) if given.value.get("region") else ""
        words["place_now"] = replace(given, value=f"{place}{given.value.get('detail', '')}")
    return words


def _in_order(answers: Mapping[str, Given]) -> list[str]:
    early = datetime.min.replace(tzinfo=UTC)
    return sorted(answers, key=lambda key: (answers[key].at or early, key))


def _options(desk: Desk, draft: Draft) -> list[Option]:
    words = desk.edition.words
    options = []
    tonight = draft.sheet.answers.get("tonight")
    if tonight and tonight.state is State.SAID and tonight.value:
        options.append(Option(URGENT, words("precheck_urgent").strip()))
    for verdict in _worth_applying(assessment(desk, draft).all()):
        label = words("precheck_apply").strip().replace("{name}", verdict.programme.name)
        options.append(Option(APPLY + verdict.programme.id, label))
    options += [
        Option(WHY, words("precheck_why").strip(), ("为什么", "为啥", "怎么看出来的", "原因")),
        Option(PERSON, words("precheck_person").strip(), ("人工", "找人")),
        Option(ENOUGH, words("precheck_enough").strip(), ("不用了", "好了", "没了", "知道了", "算了")),
    ]
    return options


def _worth_applying(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Those with a form here: the likely ones, then those nobody can tell of yet. One may apply for any other, too."""
    found = [one for one in verdicts if one.programme.form and one.result is not Result.NOT_LIKELY]
    return sorted(found, key=lambda one: one.result is not Result.LIKELY)[:_OFFERED]
