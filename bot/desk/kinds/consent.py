"""An adult's own consent to the economic check, given in their own chat with the code a family member passed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.conversations import Conversation
from bot.desk import consenting
from bot.desk.case_ports import Consent, Draft
from bot.desk.desk import Desk
from bot.desk.filling.kinds import Finished, Noticed, Plain, Start
from bot.desk.ports import Work
from bot.desk.words import say
from bot.forms.model import Form, Sheet
from bot.messages import Author, Outcome, Reply, State

CODE, AGREE = "code", "agree"
OPEN = "consent"
"""In the draft's `about`: [the consent the code stands for, the draft it belongs to]."""


class ConsentForm(Plain):
    name = "consent"

    def form(self, desk: Desk, draft: Draft) -> Form:
        form = desk.edition.form(self.name)
        if draft.about.get(OPEN):
            # A code that came with the opening words, or stood the test, is not asked for again.
            return replace(form, steps=tuple(step for step in form.steps if not _asks(step, CODE)))
        return form

    async def begin(self, desk: Desk, work: Work, conversation: Conversation, programme: str) -> Start | Finished:
        """`programme` is a code that was typed already, or empty."""
        if not programme:
            return Start()
        found, wrong = await self._opened(desk, work, conversation.id, programme)
        return Start({OPEN: [found.id, found.draft]}) if found else Finished((wrong,), state="cancelled")

    async def opening(self, desk: Desk, work: Work, draft: Draft) -> Sequence[Reply]:
        found = await self._of(work, draft)
        return (await self._text(desk, work, found),) if found else ()

    async def noticed(self, desk: Desk, work: Work, draft: Draft) -> Noticed:
        given = draft.sheet.answers.get(CODE)
        if draft.about.get(OPEN) or given is None:
            return Noticed()
        found, wrong = await self._opened(desk, work, draft.conversation, consenting.code_said(str(given.value)))
        if found:
            return Noticed((await self._text(desk, work, found),), about={**draft.about, OPEN: [found.id, found.draft]})
        tries = int(draft.about.get("tries", 0)) + 1
        about = {**draft.about, "tries": tries}
        if tries >= consenting.TRIES:
            return Noticed((wrong,), about=about, end=True)
        return Noticed((wrong,), sheet=_without(draft.sheet, CODE), about=about)

    async def finish(self, desk: Desk, work: Work, draft: Draft, conversation: Conversation) -> Finished:
        found = await self._of(work, draft)
        given = draft.sheet.answers.get(AGREE)
        if found is None or given is None:
            return Finished((say(desk, "consent_ended"),), state="cancelled")
        now = desk.clock.now()
        state = consenting.GIVEN if given.value is True else consenting.REFUSED
        settled = await work.consents.settle(found.id, state, conversation.channel, conversation.id, draft.person, now)
        left = consenting.missing(await work.consents.of_draft(settled.draft))
        await _tell_applicant(desk, work, settled, left)
        key = "consent_given" if state == consenting.GIVEN else "consent_refused"
        return Finished((say(desk, key, version=settled.version, on=desk.today().isoformat()),))

    async def _opened(self, desk: Desk, work: Work, conversation: str, code: str) -> tuple[Consent | None, Reply]:
        """The consent, or the words why not: a code that is wrong, used, too old or guessed gets the same ones."""
        wrong = say(desk, "consent_code_wrong", Outcome.CLARIFIED)
        found = await consenting.open_code(work, conversation, code, desk.clock.now())
        if found is None:
            return None, wrong
        if not await consenting.is_own_chat(work, found, conversation):
            return None, say(desk, "consent_own_chat", Outcome.CLARIFIED, name=found.name)
        return found, wrong

    async def _of(self, work: Work, draft: Draft) -> Consent | None:
        """The consent this draft is about, if it is still asked for."""
        wanted, whose = draft.about.get(OPEN, ("", ""))
        if not wanted:
            return None
        asked = (one for one in await work.consents.of_draft(str(whose)) if one.state == consenting.ASKED)
        return next((one for one in asked if one.id == wanted), None)

    async def _text(self, desk: Desk, work: Work, consent: Consent) -> Reply:
        """Who asks, for what, and the whole text in the version that was current when they were asked."""
        applicant = await work.people.get((await work.drafts.get(consent.draft)).person)
        text = desk.edition.consents[consenting.CHECK]
        head = say(desk, "consent_who", applicant=applicant.name or "您的家人", name=consent.name)
        return Reply(f"{head.text}\n{text.title}（版本{consent.version}）\n{text.text.strip()}", reason="consent_who")


def _asks(step: object, key: str) -> bool:
    return any(one.field.key == key for one in getattr(step, "fields", ()))


def _without(sheet: Sheet, path: str) -> Sheet:
    answers = {at: given for at, given in sheet.answers.items() if at != path}
    return replace(sheet, answers=answers, asked="", asked_paths=())


async def _tell_applicant(desk: Desk, work: Work, consent: Consent, left: Sequence[str]) -> None:
    """The applicant hears who answered and who is still missing, where the application was made."""
    draft = await work.drafts.get(consent.draft)
    conversation = await work.conversations.get(draft.conversation)
    key = "consent_heard_given" if consent.state == consenting.GIVEN else "consent_heard_refused"
    rest = say(desk, "consent_left", names="、".join(left)) if left else say(desk, "consent_complete")
    told = say(desk, key, name=consent.name)
    reply = Reply(f"{told.text}\n{rest.text}", outcome=Outcome.SMALLTALK, reason=key)
    open_ = conversation.ledger.allows(desk.clock.now())
    await work.messages.add(
        conversation,
        Author.SYSTEM,
        reply,
        desk.clock.now(),
        actor="system",
        state=State.QUEUED if open_ else State.HELD,
    )
