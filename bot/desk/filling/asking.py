"""A form's question as a reply: its words, its options, and after two misses what else can be done."""

from __future__ import annotations

from typing import Any

from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.filling.noting import overview
from bot.desk.words import PERSON, say
from bot.forms import asking, steps
from bot.forms.model import Form, Kind, split_path
from bot.forms.steps import StepAt
from bot.language import programmes
from bot.messages import Choice, Outcome, Reply

MISSES = 2
"""So often a question is asked again with an example; after it a person or leaving it out is offered too."""


def ask(desk: Desk, form: Form, draft: Draft, note: str = "") -> Reply:
    """The question where the draft stands. `note` is a line said before it, in the same message."""
    if "sure" in draft.about:
        return _sure(desk, draft)
    if "which" in draft.about:
        return _which(desk, form, draft)
    if "wish" in draft.about:
        return _wish(desk, form, draft)
    at = steps.current(form, draft.sheet, desk.today())
    if at is None:
        return _summary(desk, form, draft, note)
    offered = asking.options(draft.sheet, at)
    several = any(at.fields[path].field.kind is Kind.CHOICES for path, _ in offered)
    lines = [note, *consent_lines(desk, at), asking.question(form, draft.sheet, at)]
    if several and len(offered) > 1:
        lines.append(desk.edition.words("form_several").strip())
    choices = [
        option(draft, label=one.label, field=path, value=[one.value] if several else one.value) for path, one in offered
    ]
    if none := asking.none_of_them(at):
        choices.append(option(draft, label=none[1], field=none[0], value=[]))
    if draft.sheet.tries >= MISSES:
        choices += _ways_out(desk, draft, at)
    return Reply("\n".join(line for line in lines if line), tuple(choices), Outcome.ASKED, reason=at.id)


def option(draft: Draft, label: str, **meaning: Any) -> Choice:
    """Something to tap that belongs to this form, and to no other."""
    return Choice(label, {"draft": draft.id, **meaning})


def consent_lines(desk: Desk, at: StepAt) -> list[str]:
    """A consent is asked for under its whole published text."""
    return [desk.edition.consents[at.fields[path].field.key].text.strip() for path in agrees(at)]


def agrees(at: StepAt) -> list[str]:
    """The consents it asks for now."""
    return [path for path in at.wanted or at.paths if at.fields[path].field.kind is Kind.AGREE]


def optional(at: StepAt) -> bool:
    return not any(one.required for one in at.fields.values())


def _summary(desk: Desk, form: Form, draft: Draft, note: str) -> Reply:
    lines = (
        note,
        say(desk, "form_summary").text,
        overview(desk, form, draft.sheet),
        say(desk, "form_summary_end").text,
    )
    # No options: their numbers would be taken for the numbers of the lines.
    return Reply("\n".join(filter(None, lines)), (), Outcome.ASKED, reason=steps.SUMMARY)


def _sure(desk: Desk, draft: Draft) -> Reply:
    what = str(draft.about["sure"])
    choices = (
        option(draft, label=desk.edition.words(f"form_sure_{what}_yes").strip(), sure=True),
        option(draft, label=desk.edition.words(f"form_sure_{what}_no").strip(), sure=False),
    )
    return say(desk, f"form_sure_{what}", Outcome.ASKED, choices=choices)


def _which(desk: Desk, form: Form, draft: Draft) -> Reply:
    """A correction that may mean several answers."""
    choices = []
    for path in draft.about["which"]["paths"]:
        field = steps.field_of(form, draft.sheet.answers, path)
        if field is not None:
            member = split_path(path)[0]
            whose = f"{asking.who(form, draft.sheet.answers, member)}的" if member else ""
            choices.append(option(draft, label=f"{whose}{field.label}", which=path))
    key = "form_which" if choices else "form_which_number"
    return say(desk, key, Outcome.ASKED, choices=tuple(choices))


def _wish(desk: Desk, form: Form, draft: Draft) -> Reply:
    """Another programme is wished for: first that one, or on with this."""
    wish = str(draft.about["wish"])
    other, this = programmes.called(wish), programmes.called(programmes.of_part(draft.programme))
    choices = (
        Choice(say(desk, "form_wish_yes", programme=other).text, {"form": "application", "programme": wish}),
        Choice(say(desk, "form_wish_no", programme=this).text, {"form": "resume", "programme": draft.id}),
    )
    return say(desk, "form_wish", Outcome.ASKED, title=form.title, programme=other, choices=choices)


def _ways_out(desk: Desk, draft: Draft, at: StepAt) -> list[Choice]:
    if agrees(at):
        return [PERSON]
    word = "form_skip" if optional(at) else "form_unknown_option"
    move = "skip" if optional(at) else "unknown"
    return [option(draft, label=desk.edition.words(word).strip(), move=move), PERSON]
