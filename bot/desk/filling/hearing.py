"""One message for the open form: understood, written down and answered in one unit of work, exactly once.

The draft is the truth. Its version refuses a second writer, and the id of the message heard last gives a repeat the
replies it had. What takes time, searching, is done before the unit of work begins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.conversations import Conversation
from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.filling import agreeing, aside, asking, heard, moves, picturing, private
from bot.desk.filling.effect import Effect, Here
from bot.desk.filling.heard import Heard
from bot.desk.filling.kinds import FormKind
from bot.desk.filling.opening import next_form, switched
from bot.desk.filling.parting import part
from bot.desk.kinds import KINDS
from bot.desk.ports import Work
from bot.desk.question import Memory, Question
from bot.desk.words import say
from bot.errors import Conflict
from bot.forms import saying, steps
from bot.forms.model import Form
from bot.forms.moves import Ask, Back, Cancel, Confirm, DontKnow, Move, Skip, Stop, Why
from bot.forms.readers.plain import asks, fold
from bot.messages import Choice, Reply

_PENDING = ("sure", "which", "wish")
ERASED = "erased"
"""How a form ends that left nobody to write it down for: all that was known of the person is gone."""
COVERED = "已隐去〕"
"""Ends every mark that `people.mask` puts in place of a number."""


async def hear(desk: Desk, conversation: str, message: str, draft_id: str, question: Question, said: str) -> Heard:
    """`said` is what the engine was told, before it tidied it: in -3 the sign counts.

    Raises Conflict if another worker wrote the draft meanwhile: the turn is repeated.
    """
    async with desk.store.reading() as work:
        draft = await work.drafts.get(draft_id)
        if draft.last_message == message:
            return heard.again(draft, question.memory)
        text = await private.written(work, message, said)
    if not private.live(draft, conversation, message):
        return Heard(heard.closing([say(desk, "form_gone")], ""), "", question.memory)
    kind = KINDS[draft.kind]
    here = _here(desk, kind, draft, question, message, text)
    effect = understood(here, text)
    async with desk.store.writing() as work:
        if (await work.drafts.get(draft_id)).version != draft.version:
            raise Conflict(f"draft {draft_id} changed while message {message} was read; read it again")
        talk = await work.conversations.get(conversation)
        done = await _carry_out(desk, work, kind, draft, here, effect, talk)
        await work.commit()
    return done


async def question(desk: Desk, draft_id: str) -> Reply:
    """What the open form asks now."""
    async with desk.store.reading() as work:
        draft = await work.drafts.get(draft_id)
    return heard.again(draft, Memory()).replies[-1]


def _here(desk: Desk, kind: FormKind, draft: Draft, asked: Question, message: str, text: str) -> Here:
    form = kind.form(desk, draft)
    region = aside.region_of(draft.sheet) or asked.memory.region
    asked = replace(asked, memory=replace(asked.memory, region=region))
    return Here(desk, form, draft, steps.current(form, draft.sheet, desk.today()), asked, message, text)


def understood(here: Here, text: str) -> Effect:
    """What a message does. Options come back as what they mean; everything else is words."""
    meaning = here.question.meaning or {}
    if "paper" in meaning or "picture" in meaning:
        return picturing.pictured(here, meaning)
    if "form" in meaning:
        return here.effect(do="switch", over=meaning)
    if "answer" in meaning or "region" in meaning:
        return moves.act(here, Ask(here.question.text))
    if meaning.get("draft", here.draft.id) != here.draft.id:
        return here.effect(note=here.note("form_old_option"))
    if "sure" in here.draft.about and (sure := _sure(meaning, text)) is not None:
        return here.effect(do=str(here.draft.about["sure"])) if sure else here.effect()
    if "wish" in here.draft.about and (goes := agreeing.goes_over(text)) is not None:
        over = {"form": "application", "programme": here.draft.about["wish"]}
        return here.effect(do="switch", over=over) if goes else here.effect()
    if "which" in meaning:
        return moves.act(here, moves.picked(here, str(meaning["which"])))
    if "move" in meaning:
        return _moved(here, str(meaning["move"]))
    if agreeing.withdraws(text) or agreeing.takes_back(here, meaning):
        return here.effect(about={"sure": "withdraw"})
    if COVERED in text and here.at and (asking.agrees(here.at) or _wants_numbers(here)):
        # A number that came before the notice was accepted: it was not kept, and is asked for when it may be.
        return here.effect(note="" if asking.agrees(here.at) else here.note("form_covered"))
    told = {key: meaning[key] for key in ("field", "value")} if "field" in meaning else None
    if told is None and (late := KINDS[here.draft.kind].elsewhere(here.desk, here.draft, text)) is not None:
        return moves.act(here, late)
    context = here.context(here.at.member if here.at else 0)
    hints = aside.hints(here.desk, here.question, heard.applied_for(here.draft))
    if KINDS[here.draft.kind].urgent and not asks(fold(text)):
        hints = replace(hints, question_chance=0.0, exact=False)
    move = saying.understand(text, told, here.at, here.form, here.sheet, context, hints)
    if isinstance(move, Cancel) and here.draft.about.get("sure") == "cancel":
        return here.effect(do="cancel")  # said twice is meant
    return moves.act(here, move)


def _wants_numbers(here: Here) -> bool:
    return here.at is not None and any(one.field.private for one in here.at.fields.values())


_MOVES: Mapping[str, Move] = {
    "confirm": Confirm(),
    "skip": Skip(),
    "unknown": DontKnow(),
    "back": Back(),
    "why": Why(),
    "stop": Stop(),
    "cancel": Cancel(),
}


def _moved(here: Here, move: str) -> Effect:
    known = _MOVES.get(move)
    return moves.act(here, known) if known else here.effect()


def _sure(meaning: Mapping[str, Any], text: str) -> bool | None:
    """Whether the resident meant it; None where something else was said, which then counts as it stands."""
    if "sure" in meaning:
        return bool(meaning["sure"])
    return agreeing.yes_or_no(text)


async def _carry_out(
    desk: Desk, work: Work, kind: FormKind, draft: Draft, here: Here, effect: Effect, talk: Conversation
) -> Heard:
    about = {key: value for key, value in draft.about.items() if key not in _PENDING} | dict(effect.about)
    before = replace(draft, sheet=effect.sheet, about=about)
    if effect.do == "switch":
        over = replace(here.question, meaning=effect.over)
        return await switched(desk, work, draft, before, here.message, over, talk)
    if effect.do in ("stop", "cancel", "withdraw", "disagree"):
        return await part(desk, work, draft, before, effect, here.message, talk)
    said, ends = list(effect.before), effect.do == "finish"
    form = here.form
    if effect.stored:
        await agreeing.record(desk, work, form, draft, before, talk)
        noticed = await kind.noticed(desk, work, before)
        said += noticed.replies
        before = replace(before, sheet=noticed.sheet or before.sheet, about=noticed.about or before.about)
        form = kind.form(desk, before)
        if not (effect.stay or noticed.sheet):
            before = replace(before, sheet=steps.advance(form, before.sheet, desk.today()))
        ends = ends or noticed.end or before.sheet.asked == steps.END
    if ends:
        return await _finish(desk, work, kind, before, here, said, effect.note, talk)
    return await _go_on(desk, work, form, before, here, said, effect)


async def _go_on(
    desk: Desk, work: Work, form: Form, draft: Draft, here: Here, said: list[Reply], effect: Effect
) -> Heard:
    if effect.silent:
        # The last reply is a question of its own (what was read from a picture: 对吗).
        replies = heard.closing(said, draft.id)
    else:
        asked = asking.ask(desk, form, draft, effect.note)
        asked = replace(asked, choices=_once((*effect.choices, *asked.choices)))
        replies = heard.closing([*said, asked], draft.id)
    await heard.keep(desk, work, here.draft, draft, here.message, replies)
    return Heard(replies, draft.id, effect.memory)


def _once(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Each thing to tap once: what an unclear answer may have meant stands among the options of the question too. One
    label may stand for the answers of two people."""
    kept: list[Choice] = []
    for one in choices:
        if not any(one.meaning == other.meaning or _alike(one, other) for other in kept):
            kept.append(one)
    return tuple(kept)


def _alike(one: Choice, other: Choice) -> bool:
    return one.label == other.label and one.meaning.get("field") == other.meaning.get("field")


async def _finish(
    desk: Desk,
    work: Work,
    kind: FormKind,
    draft: Draft,
    here: Here,
    said: list[Reply],
    note: str,
    talk: Conversation,
) -> Heard:
    """The kind does what the form was for. Another form may follow it in the same breath."""
    finished = await kind.finish(desk, work, draft, talk)
    replies = [*said, *finished.replies]
    if note and replies:
        replies[0] = replace(replies[0], text=f"{note}\n{replies[0].text}")
    form, memory = "", here.question.memory
    if finished.then:
        opened = await next_form(desk, work, finished, here.message, here.question, talk)
        replies, form = [*replies, *opened.replies], opened.form
    replies = list(heard.closing(replies or [say(desk, "form_done")], form))
    if finished.state != ERASED:
        await heard.keep(desk, work, here.draft, draft, here.message, replies, finished.state)
    return Heard(tuple(replies), form, memory)
