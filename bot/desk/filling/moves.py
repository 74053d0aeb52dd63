"""What a message changes on the sheet and what is said to it, by what it does (`bot.forms.saying`). Nothing is stored here.

Every move ends in an `Effect`: the sheet to go on with, what is said before the question, and whether the form goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.desk import offering
from bot.desk.filling import asking as forms_asking
from bot.desk.filling.aside import said_aside
from bot.desk.filling.effect import Effect, Here
from bot.desk.filling.noting import noted, overview
from bot.desk.words import say
from bot.forms import asking, moves, readers, saying, steps
from bot.forms.model import Sheet, State, split_path
from bot.forms.moves import Change
from bot.forms.readers.base import Refused, Said
from bot.forms.readers.plain import asks
from bot.language import programmes
from bot.messages import Choice, Outcome, Reply

_REFUSED_CONSENT = "refused_consent"


def act(here: Here, move: moves.Move) -> Effect:
    match move:
        case moves.Answer():
            return _answered(here, move)
        case moves.Correct():
            return _corrected(here, move)
        case moves.Which():
            before = () if move.paths else (_overview(here),)
            return here.effect(before=before, about={"which": {"paths": list(move.paths), "said": move.said}})
        case moves.Why():
            return here.effect(before=(_reason(here),))
        case moves.Skip():
            return _skipped(here)
        case moves.DontKnow():
            return _unknown(here)
        case moves.Back():
            return here.effect(sheet=steps.back(here.form, here.sheet, here.desk.today()), stay=True)
        case moves.Stop():
            return here.effect(do="stop")
        case moves.Cancel():
            return here.effect(about={"sure": "cancel"})
        case moves.Repeat():
            return here.effect()
        case moves.Simplify():
            return here.effect(note=_example(here))
        case moves.Person():
            return here.effect(before=(say(here.desk, "person", Outcome.PERSON),))
        case moves.Overview():
            return here.effect(before=(_overview(here),))
        case moves.Confirm():
            return _confirmed(here)
        case moves.Ask():
            return _aside(here, move.text)
        case moves.Apply():
            return _wished(here, move)
        case moves.GoOn():
            return here.effect(do="switch", over={"form": "resume"})
        case moves.Unclear():
            return _unclear(here, move.key)


def _answered(here: Here, move: moves.Answer) -> Effect:
    refused = [one for one in move.refused.values() if one.key == _REFUSED_CONSENT]
    if refused and not move.values:
        # At the promise a whole application may hang on one word.
        return (
            here.effect(about={"sure": "cancel"}) if saying.tells(here.form, here.sheet) else here.effect(do="disagree")
        )
    if not move.values:
        return _refused(here, here.sheet, move.refused, move.ask)
    values = dict(move.values)
    if here.at is not None and set(values) <= set(agrees := forms_asking.agrees(here.at)):
        # Texts that were read out together are agreed to together.
        values |= {path: {} for path in agrees}
    sheet = here.put(values)
    note = noted(here.desk, here.form, sheet, tuple(values))
    if move.refused:
        told = _refused(here, sheet, move.refused, "")
        return replace(told, note=_lines(note, told.note), stored=True, stay=False)
    effect = here.effect(sheet=sheet, note=note, stored=True)
    return _with_aside(here, effect, move.ask)


def _corrected(here: Here, move: moves.Correct) -> Effect:
    values = {change.path: change.value for change in move.changes if change.value is not None}
    refused = {change.path: change.refused for change in move.changes if change.refused is not None}
    sheet = here.put(values) if values else here.sheet
    note = noted(here.desk, here.form, sheet, tuple(values), key="form_changed") if values else ""
    open_ = [change.path for change in move.changes if change.value is None]
    if open_:
        sheet = here.ask_again(open_, sheet)
    words = [here.note(one.key, **one.marks) for one in refused.values()]
    choices = _meant(here, refused)
    effect = here.effect(sheet=sheet, note=_lines(note, *words), choices=choices, stored=bool(values), stay=bool(open_))
    return _with_aside(here, effect, move.ask)


def _refused(here: Here, sheet: Sheet, refused: Mapping[str, Refused], ask: str) -> Effect:
    """Meant as an answer, and not right: said what is wrong with it, and the question stays."""
    words = dict.fromkeys(here.note(one.key, **one.marks) for one in refused.values())
    sheet = replace(sheet, tries=sheet.tries + 1)
    effect = here.effect(sheet=sheet, note=_lines(*words), choices=_meant(here, refused), stay=True)
    return _with_aside(here, effect, ask)


def _meant(here: Here, refused: Mapping[str, Refused]) -> tuple[Choice, ...]:
    return tuple(
        forms_asking.option(here.draft, label=label, field=path, value=value)
        for path, one in refused.items()
        for label, value in one.options
    )


def _with_aside(here: Here, effect: Effect, text: str) -> Effect:
    """What was noted, then the answer to what was asked in the same breath."""
    if not text:
        return effect
    replies, asked = said_aside(here.desk, here.question, text, effect.sheet)
    if not replies:
        return effect
    first = replace(replies[0], text=_lines(effect.note, replies[0].text))
    return replace(effect, before=(*effect.before, first, *replies[1:]), note="", memory=asked.memory)


def _aside(here: Here, text: str) -> Effect:
    replies, asked = said_aside(here.desk, here.question, text, here.sheet)
    if not replies or (not asks(text) and all(reply.outcome is Outcome.DECLINED for reply in replies)):
        return _unclear(here, "form_unclear")
    # Chat that comes again and again is somebody who does not get on: a way out is offered as after a miss.
    tries = here.sheet.tries + (asked.intent == "chitchat" and not asks(text))
    return here.effect(sheet=replace(here.sheet, tries=tries), before=replies, memory=asked.memory)


def _wished(here: Here, wish: moves.Apply) -> Effect:
    """To apply for another programme is asked about first; for what cannot be applied for here there is an answer."""
    if wish.named == programmes.of_part(here.draft.programme):
        return here.effect(note=here.note("form_wish_same", title=here.form.title))
    if not offering.applicable(here.desk, wish.named):
        return _aside(here, wish.text)
    return here.effect(about={"wish": wish.named})


def _reason(here: Here) -> Reply:
    if here.at is None:
        return say(here.desk, "form_why_summary")
    words, clauses = asking.why(here.sheet, here.at)
    day = here.desk.today()
    sources = tuple(here.desk.edition.source(document, clause, day) for document, clause in clauses)
    first = next(iter(here.at.fields.values())).field
    kept = here.note(f"kept_{first.kept}")
    return Reply(_lines(words, kept), outcome=Outcome.ANSWERED, reason="form_why", sources=sources)


def _skipped(here: Here) -> Effect:
    """What must be known is not left out; but whoever cannot say it goes on too."""
    if here.at is None:
        return _unclear(here, "form_unclear")
    if forms_asking.agrees(here.at):
        return here.effect(note=here.note("form_agree_needed"))
    if not forms_asking.optional(here.at):
        return here.effect(note=here.note("form_required"))
    sheet = here.put(dict.fromkeys(here.at.wanted or here.at.paths), State.SKIPPED)
    return here.effect(sheet=sheet, note=here.note("form_skipped"), stored=True)


def _unknown(here: Here) -> Effect:
    if here.at is None:
        return _unclear(here, "form_unclear")
    if forms_asking.agrees(here.at):
        return here.effect(before=(_reason(here),))
    sheet = here.put(dict.fromkeys(here.at.wanted or here.at.paths), State.UNKNOWN)
    return here.effect(sheet=sheet, note=here.note("form_unknown"), stored=True)


def _confirmed(here: Here) -> Effect:
    """Nothing leaves before every required question was answered, or plainly could not be."""
    if here.at is not None:
        return _unclear(here, "form_unclear")
    answers = here.sheet.answers
    missing = [
        path
        for path in steps.missing_required(here.form, answers, here.desk.today())
        if path not in answers or answers[path].state is not State.UNKNOWN
    ]
    if not missing:
        return here.effect(do="finish")
    note = here.note("form_missing", number=str(len(missing)))
    return here.effect(sheet=here.ask_again(missing), note=note, stay=True)


def _overview(here: Here) -> Reply:
    text = overview(here.desk, here.form, here.sheet)
    if not text:
        return say(here.desk, "form_nothing_yet")
    done, all_ = steps.progress(here.form, here.sheet.answers, here.desk.today())
    head = here.note("form_so_far", done=str(done), all=str(all_))
    return Reply(_lines(head, text), reason="form_so_far")


def _unclear(here: Here, key: str) -> Effect:
    sheet = replace(here.sheet, tries=here.sheet.tries + 1)
    note = _lines(here.note(key or "form_unclear"), _example(here))
    if sheet.tries == forms_asking.MISSES:
        note = _lines(here.note("form_slowly"), _example(here))
    return here.effect(sheet=sheet, note=note, stay=True)


def _example(here: Here) -> str:
    if here.at is None:
        return ""
    found = asking.example(here.sheet, here.at)
    return here.note("form_example", example=found) if found else ""


def picked(here: Here, path: str) -> moves.Move:
    """Of several answers a correction may have meant, the resident chose one."""
    said = str(here.draft.about.get("which", {}).get("said", ""))
    asked = here.asked(path)
    if not said or asked is None:
        return moves.Correct((Change(path),))
    result = readers.read(asked.field, said, here.context(split_path(path)[0]))
    if isinstance(result, Said):
        return moves.Correct((Change(path, result.value),))
    return moves.Correct((Change(path, refused=result if isinstance(result, Refused) else None),))


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
