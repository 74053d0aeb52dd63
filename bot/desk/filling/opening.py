"""Begin a form, go on with one that was put aside, or go over from one to another: exactly once for each message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.channels import personal
from bot.conversations import Conversation
from bot.desk import offering
from bot.desk.answering import answer
from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.elsewhere import not_here
from bot.desk.filling import asking, heard, wanting
from bot.desk.filling.heard import Heard
from bot.desk.filling.kinds import Finished, FormKind, Start
from bot.desk.filling.parting import going_on
from bot.desk.filling.wanting import RESUME, Wanted
from bot.desk.kinds import KINDS
from bot.desk.kinds.precheck import begins_still, said_still
from bot.desk.ports import Work
from bot.desk.question import Question
from bot.desk.words import say
from bot.errors import BadInput
from bot.forms import steps
from bot.forms.model import Given, Sheet
from bot.messages import Choice, Outcome, Reply


async def begin(desk: Desk, conversation: str, message: str, question: Question) -> Heard:
    """The form this message wants, opened; or an answer, where it wants none, with the form offered under it."""
    wish = wanting.wanted(desk, question)
    if wish is None:
        return _answered(desk, question)
    async with desk.store.writing() as work:
        try:
            talk = await work.conversations.get(conversation)
        except BadInput:
            return _answered(desk, question)  # asked outside any conversation: nothing could be kept
        if not personal(talk.channel):
            told = await not_here(desk, work, talk, wish.kind, wish.programme)
            await work.commit()
            return Heard((told,), "", question.memory)
        for draft in await work.drafts.of_conversation(conversation):
            if draft.last_message == message:
                return heard.again(draft, question.memory)
        done = await _opened(desk, work, wish, message, question, talk)
        await work.commit()
    return done


async def unfinished(desk: Desk, conversation: str) -> tuple[Choice, ...]:
    """To go on with what lies half filled: offered when somebody comes back."""
    async with desk.store.reading() as work:
        drafts = await _lying(work, conversation)
    return tuple(going_on(desk, draft) for draft in drafts[:1])


async def _lying(work: Work, conversation: str) -> list[Draft]:
    """Forms half filled here, then those of the same person elsewhere: a talk is bound to a person only after proof."""
    here = list(await work.drafts.of_conversation(conversation))
    person = await work.people.of_conversation(conversation)
    theirs = await work.drafts.of_person(person.id) if person else ()
    known = {draft.id for draft in here}
    return here + [draft for draft in theirs if draft.id not in known]


async def switched(
    desk: Desk, work: Work, old: Draft, draft: Draft, message: str, question: Question, talk: Conversation
) -> Heard:
    """Another form is wanted while one is open: this one is put aside. `old` is the draft as it was read."""
    meaning = question.meaning or {}
    wish = wanting.wanted(desk, question)
    if wish == Wanted(RESUME):
        aside = [one.id for one in await work.drafts.of_conversation(talk.id) if one.id != draft.id]
        wish = Wanted(RESUME, aside[0]) if aside else None
    if wish is None or (wish.kind == RESUME and wish.programme == draft.id):
        form = KINDS[draft.kind].form(desk, draft)
        replies = heard.closing([asking.ask(desk, form, draft)], draft.id)
        await heard.keep(desk, work, old, draft, message, replies)
        return Heard(replies, draft.id, question.memory)
    opened = await _opened(desk, work, replace(wish, anew=wish.anew or "anew" in meaning), message, question, talk)
    note, first, *rest = say(desk, "form_put_aside"), *opened.replies
    # The question of a form that is open is said by the form, as it was written down: a line of its own stands before it.
    before = [note, first] if opened.form else [replace(first, text=f"{note.text}\n{first.text}")]
    replies = heard.closing([*before, *rest], opened.form)
    await heard.keep(desk, work, old, draft, message, replies, "paused")
    return Heard(replies, opened.form, opened.memory)


async def next_form(
    desk: Desk, work: Work, finished: Finished, message: str, question: Question, talk: Conversation
) -> Heard:
    """The form that follows one that is finished, with the answers it may take over."""
    assert finished.then is not None
    kind, programme = finished.then
    return await _opened(desk, work, Wanted(kind, programme, anew=True), message, question, talk, finished.carry)


async def _opened(
    desk: Desk,
    work: Work,
    wish: Wanted,
    message: str,
    question: Question,
    talk: Conversation,
    carry: Mapping[str, Given] | None = None,
) -> Heard:
    lying = await _lying(work, talk.id)
    if wish.kind == RESUME:
        found = [one for one in lying if wish.programme in ("", one.id)]
        if not found and (begins := begins_still(question.meaning or {})):
            return await _opened(desk, work, Wanted(*begins), message, question, talk)
        if not found:
            told = said_still(desk, question.meaning or {}, talk.region) or say(desk, "form_nothing_lying")
            return Heard(heard.closing([told], ""), "", question.memory)
        return await _resumed(desk, work, found[0], message, question, talk)
    if wish.kind not in KINDS:
        raise BadInput(f"there is no form of the kind {wish.kind!r}; the option was made by another version")
    if wish.kind == "application" and wish.programme not in dict(offering.applicable(desk)):
        return Heard((_which_programme(desk, wish.programme),), "", question.memory)
    same = [one for one in lying if (one.kind, one.programme) == (wish.kind, wish.programme)]
    if same and not wish.anew:
        return Heard((_which_draft(desk, wish, same[0]),), "", question.memory)
    kind = KINDS[wish.kind]
    started = await kind.begin(desk, work, talk, wish.programme)
    if isinstance(started, Finished):
        if started.then:
            opened = await next_form(desk, work, started, message, question, talk)
            return replace(opened, replies=(*started.replies, *opened.replies))
        return Heard(started.replies, "", question.memory)
    return await _new(desk, work, kind, wish, started, message, question, talk, carry or {})


async def _new(
    desk: Desk,
    work: Work,
    kind: FormKind,
    wish: Wanted,
    started: Start,
    message: str,
    question: Question,
    talk: Conversation,
    carry: Mapping[str, Given],
) -> Heard:
    now = desk.clock.now()
    person = await work.people.of_conversation(talk.id) or await work.people.make(talk.id, now, kind.name)
    sheet = Sheet(f"{wish.kind}:{wish.programme}")
    draft = await work.drafts.open(talk.id, person.id, kind.name, wish.programme, sheet, started.about, now)
    form = kind.form(desk, draft)
    sheet = steps.advance(form, _carried(desk, form, replace(sheet, form=form.id), carry), desk.today())
    filled = replace(draft, sheet=sheet)
    opening = [*await kind.opening(desk, work, filled)]
    return await _asked(desk, work, draft, filled, opening, message, question, form.intro.strip())


def _carried(desk: Desk, form: Any, sheet: Sheet, carry: Mapping[str, Given]) -> Sheet:
    """Answers given elsewhere, as far as this form has their fields; each is proved again."""
    for path, given in carry.items():
        try:
            sheet = steps.put(
                form,
                sheet,
                {path: given.value},
                today=desk.today(),
                message=given.message,
                at=given.at,
                state=given.state,
            )
        except BadInput:
            continue  # a field this form does not have, or has otherwise: it is asked
    return sheet


async def _resumed(desk: Desk, work: Work, draft: Draft, message: str, question: Question, talk: Conversation) -> Heard:
    """Where it stood, also when it was begun on another channel: from now on it is filled here."""
    if draft.conversation != talk.id:
        draft = await work.drafts.save(draft, desk.clock.now(), conversation=talk.id)
    form = KINDS[draft.kind].form(desk, draft)
    done, all_ = steps.progress(form, draft.sheet.answers, desk.today())
    sheet = draft.sheet if draft.sheet.asked else steps.advance(form, draft.sheet, desk.today())
    note = say(desk, "form_resumed", title=form.title, done=str(done), all=str(all_)).text
    return await _asked(desk, work, draft, replace(draft, sheet=replace(sheet, tries=0)), [], message, question, note)


async def _asked(
    desk: Desk,
    work: Work,
    old: Draft,
    draft: Draft,
    before: Sequence[Reply],
    message: str,
    question: Question,
    note: str = "",
) -> Heard:
    """The draft open, its question last, written down."""
    form = KINDS[draft.kind].form(desk, draft)
    replies = heard.closing([*before, asking.ask(desk, form, draft, note)], draft.id)
    await heard.keep(desk, work, old, draft, message, replies, "open")
    return Heard(replies, draft.id, heard.about(draft, question.memory))


def _answered(desk: Desk, question: Question) -> Heard:
    answered = answer(desk, question)
    offers = wanting.offered(desk, question)
    last = answered.replies[-1]
    offers = tuple(one for one in offers if all(one.meaning != choice.meaning for choice in last.choices))
    if offers and last.outcome in (Outcome.ANSWERED, Outcome.DECLINED, Outcome.REDIRECTED):
        return Heard((*answered.replies[:-1], replace(last, choices=(*offers, *last.choices))), "", answered.memory)
    return Heard(answered.replies, "", answered.memory)


def _which_programme(desk: Desk, named: str) -> Reply:
    """申请 names no programme, or one that is several."""
    found = offering.applicable(desk, named) or offering.applicable(desk)
    choices = [Choice(name, {"form": "application", "programme": code}) for code, name in found]
    if "precheck" in KINDS:
        choices.append(offering.begin(desk, "precheck"))
    return say(desk, "form_which_programme", Outcome.CLARIFIED, choices=tuple(choices))


def _which_draft(desk: Desk, wish: Wanted, draft: Draft) -> Reply:
    anew = Choice(
        desk.edition.words("form_anew").strip(), {"form": wish.kind, "programme": wish.programme, "anew": True}
    )
    return say(desk, "form_half_filled", Outcome.CLARIFIED, choices=(going_on(desk, draft), anew))
