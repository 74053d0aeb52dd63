"""My information: see it, correct it, take a consent back, have it deleted with a receipt."""

from __future__ import annotations

from dataclasses import replace

from bot.conversations import Conversation
from bot.desk.case_ports import Draft
from bot.desk.cases import rights
from bot.desk.desk import Desk
from bot.desk.filling.kinds import Finished, Noticed, Plain, Start
from bot.desk.ports import Work
from bot.desk.words import say
from bot.forms.model import Form, Option, Sheet, State
from bot.messages import Choice, Reply

WANT, WHICH, NEW, CONSENT, SURE = "data_want", "data_which", "data_new", "data_consent", "data_sure"
SEE, CORRECT, WITHDRAW, ERASE = "see", "correct", "withdraw", "erase"
ERASED = "erased"
"""How the form ends when its own draft was deleted with everything else: nothing of it is written any more."""


class Data(Plain):
    name = "data"

    def form(self, desk: Desk, draft: Draft) -> Form:
        form = desk.edition.form("data")
        options = tuple(Option(str(one["id"]), str(one["label"])) for one in draft.about.get("consents", ()))
        steps = []
        for step in form.steps:
            keys = {one.field.key for one in step.fields}
            if WANT in keys and draft.programme:
                continue
            if CONSENT in keys:
                fields = tuple(replace(one, field=replace(one.field, options=options)) for one in step.fields)
                step = replace(step, fields=fields)
            if draft.programme and keys & _ASKED.get(draft.programme, set()):
                step = replace(step, when=None, fields=tuple(replace(one, when=None) for one in step.fields))
            elif draft.programme:
                continue
            steps.append(step)
        return replace(form, steps=tuple(steps))

    async def begin(self, desk: Desk, work: Work, conversation: Conversation, programme: str) -> Start | Finished:
        """`programme`: what is wanted, where it is known already."""
        wish = programme if programme in (SEE, *_ASKED) else ""
        if wish == SEE:
            return Finished((await _see(desk, work, conversation),))
        person = await work.people.of_conversation(conversation.id)
        given = await rights.given_consents(work, person.id) if person else ()
        if wish == WITHDRAW and not given:
            return Finished((say(desk, "data_no_consent"),))
        titles = desk.edition.consents
        consents = [
            {"id": one.id, "label": titles[one.text].title if one.text in titles else one.text} for one in given
        ]
        return Start({"consents": consents})

    async def noticed(self, desk: Desk, work: Work, draft: Draft) -> Noticed:
        want = _said(draft.sheet, WANT)
        ends = want == SEE or (want == WITHDRAW and not draft.about.get("consents"))
        return Noticed(end=ends)

    async def finish(self, desk: Desk, work: Work, draft: Draft, conversation: Conversation) -> Finished:
        want = draft.programme or _said(draft.sheet, WANT)
        sheet = draft.sheet
        if want == SEE:
            return Finished((await _see(desk, work, conversation),), "cancelled")
        if want == CORRECT:
            reply = await rights.correct(desk, work, conversation.id, _said(sheet, WHICH), _said(sheet, NEW))
            return Finished((reply,), "cancelled")
        if want == WITHDRAW:
            consent = _said(sheet, CONSENT)
            reply = await rights.withdraw(desk, work, conversation.id, conversation.channel, consent)
            return Finished((reply,), "cancelled")
        given = sheet.answers.get(SURE)
        if want != ERASE or given is None or given.value is not True:
            return Finished((say(desk, "data_kept"),), "cancelled")
        _, replies = await rights.erase(desk, work, conversation.id, "data")
        return Finished(tuple(replies), ERASED)


_ASKED = {CORRECT: {WHICH, NEW}, WITHDRAW: {CONSENT}, ERASE: {SURE}}


async def _see(desk: Desk, work: Work, conversation: Conversation) -> Reply:
    shown = await rights.see(desk, work, conversation.id)
    offers = ((CORRECT, "data_correct_choice"), (WITHDRAW, "data_withdraw_choice"), (ERASE, "data_erase_choice"))
    choices = tuple(Choice(desk.edition.words(key), {"form": "data", "programme": what}) for what, key in offers)
    return replace(shown, choices=choices if shown.reason == "data" else ())


def _said(sheet: Sheet, path: str) -> str:
    given = sheet.answers.get(path)
    return str(given.value) if given and given.state is State.SAID and given.value is not None else ""
