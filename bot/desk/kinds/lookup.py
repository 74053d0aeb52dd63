"""Where does my application stand: at once for somebody we know, else after a receipt number and two facts."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.cases import read_number
from bot.conversations import Conversation
from bot.desk.case_ports import Draft
from bot.desk.cases import wording
from bot.desk.cases.lookup import PAUSE, TRIES, Found, look
from bot.desk.cases.mine import own_case, own_cases
from bot.desk.cases.proof import read_facts
from bot.desk.cases.whose import is_somebody, person_of
from bot.desk.desk import Desk
from bot.desk.filling.asking import MISSES
from bot.desk.filling.kinds import Finished, Noticed, Plain, Start
from bot.desk.ports import Work
from bot.desk.words import PERSON, say
from bot.forms import steps
from bot.forms.model import Form, Given, Sheet
from bot.forms.readers.plain import digits, fold
from bot.messages import Choice, Reply

RECEIPT, PROOF, BIND = "receipt", "proof", "bind"
OTHER_NUMBER = "number"
"""As `programme`: ask for a receipt number, also where somebody's own cases are known."""
_HIDDEN = "已隐去〕"
_CASE, _PERSON, _ENDED = "case", "proved", "ended"
_NO_NUMBER = "no number"
"""How a look-up ends for whoever has no receipt."""
_MISTYPED = re.compile(r"\d(?:\W?\d){5}")
"""As many digits in a row are a number with something wrong; fewer are none."""
_HAS_NONE = re.compile(
    "没有?(?:[给得拿发收带见找]|回执|号|书面|单|纸|收据|$)|没了|[丢掉]了|弄丢|找不[到着见]|不见了|忘|不[知晓]|[记想]不"
)
_THEN = ("change", "more", "objection")
"""As `programme`: what the number was wanted for; that form follows once this chat is the applicant's own."""


class Lookup(Plain):
    name = "lookup"

    def form(self, desk: Desk, draft: Draft) -> Form:
        """Whether this chat may look without proof from now on is asked only of somebody who proved themselves, in a
        chat that speaks for nobody yet."""
        form = desk.edition.form("lookup")
        proved = bool(draft.about.get(_PERSON))
        asked = tuple(
            replace(step, when=None, fields=tuple(replace(one, when=None) for one in step.fields))
            for step in form.steps
            if (step.id == BIND) == proved
        )
        return replace(form, steps=asked)

    async def begin(self, desk: Desk, work: Work, conversation: Conversation, programme: str) -> Start | Finished:
        if programme in (OTHER_NUMBER, *_THEN):
            return Start()
        if programme:
            case = await own_case(work, conversation.id, programme)
            return Finished((await wording.status(desk, work, case) if case else say(desk, "case_not_found"),))
        cases = await own_cases(work, conversation.id)
        if len(cases) == 1:
            return Finished((await wording.status(desk, work, cases[0]),))
        return Finished((wording.which(desk, cases),)) if cases else Start()

    async def noticed(self, desk: Desk, work: Work, draft: Draft) -> Noticed:
        sheet, answers = draft.sheet, draft.sheet.answers
        if RECEIPT in answers and PROOF not in answers and read_number(_said(sheet, RECEIPT)) is None:
            return self._no_number(desk, draft, _said(sheet, RECEIPT))
        if PROOF not in answers or draft.about.get(_PERSON):
            return Noticed()
        number, facts = read_number(_said(sheet, RECEIPT)), read_facts(_said(sheet, PROOF))
        if number is None:
            return self._again(desk, draft, "lookup_mistyped", RECEIPT, PROOF)
        if not facts.enough:
            key = "lookup_number_covered" if _HIDDEN in _said(sheet, PROOF) else "lookup_facts"
            return self._again(desk, draft, key, PROOF)
        conversation = await work.conversations.get(draft.conversation)
        looked = await look(desk, work, conversation, number, facts)
        if looked.case is None:
            return await self._missed(desk, work, looked.found, draft)
        about = {**draft.about, _CASE: looked.case.id}
        clean = _without(sheet, RECEIPT, PROOF)
        if await _speaks_for_somebody(work, draft, looked.person):
            return Noticed(sheet=clean, about={**about, _ENDED: Found.FOUND}, end=True)
        shown = await wording.status(desk, work, looked.case)
        proved = replace(draft, about={**about, _PERSON: looked.person})
        asks = steps.advance(self.form(desk, proved), clean, desk.today())
        return Noticed((replace(shown, choices=()),), asks, proved.about)

    def _no_number(self, desk: Desk, draft: Draft, said: str) -> Noticed:
        """没给我书面的 is no mistyped number: what can be done without one is said, and only who may have one is asked again."""
        if _HIDDEN in said or _MISTYPED.search(digits(fold(said))):
            return self._again(desk, draft, "lookup_mistyped", RECEIPT)
        if not said or _HAS_NONE.search(said):
            about = {**draft.about, _ENDED: _NO_NUMBER}
            return Noticed(sheet=_without(draft.sheet, RECEIPT), about=about, end=True)
        again = self._again(desk, draft, "lookup_wordless", RECEIPT)
        # With the ways out under the question, as after two misses.
        return replace(again, sheet=replace(again.sheet, tries=MISSES)) if again.sheet else again

    async def _missed(self, desk: Desk, work: Work, found: Found, draft: Draft) -> Noticed:
        """The fifth miss ends the form; before that it begins again, with the same words whatever was wrong."""
        if found is Found.MISSED:
            lately = await work.cases.tries(f"conversation:{draft.conversation}", desk.clock.now() - PAUSE)
            if lately < TRIES:
                return self._again(desk, draft, "lookup_missed", RECEIPT, PROOF)
            found = Found.PAUSED
        clean = _without(draft.sheet, RECEIPT, PROOF)
        return Noticed(sheet=clean, about={**draft.about, _ENDED: found}, end=True)

    def _again(self, desk: Desk, draft: Draft, key: str, *paths: str) -> Noticed:
        """What was wrong in a line, and these asked once more."""
        sheet = steps.advance(self.form(desk, draft), _without(draft.sheet, *paths), desk.today())
        return Noticed((say(desk, key),), sheet)

    async def finish(self, desk: Desk, work: Work, draft: Draft, conversation: Conversation) -> Finished:
        ended, case_id = draft.about.get(_ENDED), str(draft.about.get(_CASE, ""))
        if ended == Found.FOUND:
            return Finished((await wording.status(desk, work, await work.cases.get(case_id)),), "cancelled")
        if ended == _NO_NUMBER:
            without = say(desk, "lookup_without", region=conversation.region, choices=(PERSON,))
            return Finished((without,), "cancelled")
        if ended:
            return Finished((_resting(desk, Found(ended), conversation.region),), "cancelled")
        answer = draft.sheet.answers.get(BIND)
        if answer is None or answer.value is not True or not draft.about.get(_PERSON):
            key = "lookup_not_bound_then" if draft.programme in _THEN else "lookup_not_bound"
            return Finished((say(desk, key, choices=(PERSON,)),), "cancelled")
        proved = await person_of(work, str(draft.about[_PERSON]))
        if proved is None:  # had themselves forgotten while this form lay aside
            return Finished((say(desk, "case_not_found", choices=(PERSON,)),), "cancelled")
        await work.people.bind(conversation.id, proved.id, "receipt and facts", desk.clock.now())
        if draft.programme in _THEN:
            return Finished((), "cancelled", then=(draft.programme, case_id))
        more = Choice(desk.edition.words("lookup_again"), {"form": "lookup", "programme": case_id})
        return Finished((say(desk, "lookup_bound", choices=(more, PERSON)),), "cancelled")


def _resting(desk: Desk, found: Found, region: str) -> Reply:
    if found is Found.LATER:
        return say(desk, "lookup_later", region=region, choices=(PERSON,))
    minutes = str(int(PAUSE.total_seconds() // 60))
    return say(desk, "lookup_paused", region=region, minutes=minutes, choices=(PERSON,))


async def _speaks_for_somebody(work: Work, draft: Draft, proved: str) -> bool:
    """Whether this chat is somebody's already, the same one or another: then nothing is bound anew."""
    person = await work.people.of_conversation(draft.conversation)
    return person is not None and (person.id == proved or await is_somebody(work, person))


def _said(sheet: Sheet, path: str) -> str:
    given: Given | None = sheet.answers.get(path)
    return str(given.value or "") if given else ""


def _without(sheet: Sheet, *paths: str) -> Sheet:
    """The sheet as if these had not been answered; what comes next is found anew."""
    answers = {path: given for path, given in sheet.answers.items() if path not in paths}
    last = tuple(path for path in sheet.last_put if path not in paths)
    return replace(sheet, answers=answers, asked="", asked_paths=(), last_put=last)
