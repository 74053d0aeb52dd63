"""What a photo of a paper answers in a form. It was received and sealed before (`receiving`); here only its id is known,
and what was read off it, which stays in the draft's sealed `about`. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.words import say
from bot.forms.model import Field, Form, Given, Kind, Sheet, State, split_path
from bot.forms.steps import current, find_step
from bot.messages import Choice, Outcome, Reply
from bot.papers.card import Read

READ, HANDLED, BLURRED = "read", "pictures", "blurred"
"""Keys of a draft's `about`: what was read off a paper, what became of each message with a photo, and for which question
a photo was refused as too blurred. None of them belongs to the case that is made of the draft."""
CARDS = ("identity", "hukou")
"""Papers that are read; every other one is only kept."""
CARD = "paper_identity"
"""The field of the applicant's own card."""
Asked = Sequence[tuple[str, Field]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a kept photo does at the question that is open."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """To put on the sheet now, by path."""
    replies: tuple[Reply, ...] = ()
    """To say before whatever is asked next."""
    asks: bool = False
    """Whether the last of them is itself a question: nothing else is asked then."""


def wanted(form: Form, sheet: Sheet, today: date) -> str:
    """The path a photo would answer now: a paper that is asked for, a name or number that a card can say, or once more
    the paper that was sent last (an album arrives photo by photo)."""
    at = current(form, sheet, today)
    asked = {path: at.fields[path].field for path in sheet.asked_paths or at.paths if path in at.fields} if at else {}
    papers = [path for path, one in asked.items() if one.kind is Kind.PAPER]
    cards = [path for path, one in asked.items() if one.kind in (Kind.IDENTITY, Kind.NAME)]
    more = [path for path in sheet.last_put if _field(form, path).kind is Kind.PAPER]
    unanswered = [path for path in papers if path not in sheet.answers]
    return next(iter((*unanswered, *papers, *cards, *more)), "")


def _field(form: Form, path: str) -> Field:
    key = split_path(path)[1]
    return next(one.field for step in form.steps for one in step.fields if one.field.key == key)


def paper_kind(form: Form, path: str) -> str:
    found = _field(form, path)
    return found.key.removeprefix("paper_") if found.kind is Kind.PAPER else "identity"


def taken(desk: Desk, draft: Draft, asked: Asked, paper: str, form: Form) -> Taken:
    """What the kept photo does at this question: `asked` is what it still wants, in order."""
    sheet = draft.sheet
    papers = [path for path, one in asked if one.kind is Kind.PAPER]
    cards = [path for path, one in asked if one.kind in (Kind.IDENTITY, Kind.NAME)]
    if papers:
        path = next((one for one in papers if one not in sheet.answers), papers[0])
        return Taken({path: _with(sheet, path, paper)}, _compared(desk, draft, path, paper))
    if cards:
        found = _pick(draft, asked, paper)
        if found is None:
            return Taken(replies=(say(desk, "picture_unread"),))
        # The card need not be sent once more where the form asks for its photo.
        own = all(split_path(path)[0] <= 1 for path in cards)
        also = own and find_step(form, sheet.answers, desk.today(), CARD) is not None
        values = {CARD: _with(sheet, CARD, paper)} if also else {}
        return Taken(values, (_proposal(desk, draft, found, paper),), asks=True)
    more = [path for path in sheet.last_put if isinstance(_value(sheet, path), list)]
    if more:
        kept = _with(sheet, more[0], paper)
        return Taken({more[0]: kept}, (say(desk, "picture_added", number=str(len(kept))),))
    return Taken(replies=(say(desk, "picture_not_now"),))


def proposed(draft: Draft, asked: Asked, paper: str) -> Mapping[str, str]:
    """What was read off this paper, by path, as if it had been typed; empty when nothing was."""
    found = _pick(draft, asked, paper)
    if found is None:
        return {}
    said = {Kind.NAME: found.name, Kind.IDENTITY: found.identity}
    return {path: said[one.kind] for path, one in asked if said.get(one.kind)}


def _with(sheet: Sheet, path: str, paper: str) -> list[str]:
    before = _value(sheet, path)
    return [*(before if isinstance(before, list) else ()), paper]


def _value(sheet: Sheet, path: str) -> Any:
    given = sheet.answers.get(path)
    return given.value if given and given.state is State.SAID else None


def _read(draft: Draft, paper: str) -> list[Read]:
    return [Read(str(one["name"]), str(one["identity"])) for one in draft.about.get(READ, {}).get(paper, ())]


def _pick(draft: Draft, asked: Asked, paper: str) -> Read | None:
    """Whom of the people on the photo this question is about: the one of the name said already, else the first whose
    number nobody on the sheet has."""
    people = _read(draft, paper)
    member = next((split_path(path)[0] for path, _ in asked), 0)
    name = _said(draft.sheet.answers, member, Kind.NAME.value)
    if name:
        return next((one for one in people if one.name == name), people[0] if len(people) == 1 else None)
    used = {given.value for given in draft.sheet.answers.values() if isinstance(given.value, str)}
    return next((one for one in people if one.identity not in used), None)


def _said(answers: Mapping[str, Given], member: int, key: str) -> str:
    path = f"members.{member}.{key}" if member else key
    given = answers.get(path)
    return given.value if given and isinstance(given.value, str) else ""


def _proposal(desk: Desk, draft: Draft, found: Read, paper: str) -> Reply:
    hidden = f"{found.identity[:4]}{'*' * 10}{found.identity[-4:]}"
    key = "picture_read" if found.name else "picture_read_number"
    told = {"draft": draft.id, "paper": paper}
    choices = (
        Choice(desk.edition.words("picture_yes").strip(), {**told, "use": True}),
        Choice(desk.edition.words("picture_no").strip(), {**told, "use": False}),
    )
    return say(desk, key, Outcome.CLARIFIED, name=found.name, number=hidden, choices=choices)


def _compared(desk: Desk, draft: Draft, path: str, paper: str) -> tuple[Reply, ...]:
    """A card sent as a paper, beside what was said: nobody is told they are wrong, they are asked to look."""
    numbers = {one.identity for one in _read(draft, paper)}
    said = {
        given.value
        for at, given in draft.sheet.answers.items()
        if isinstance(given.value, str) and split_path(at)[1] == Kind.IDENTITY.value
    }
    if numbers and said and not numbers & said:
        return (say(desk, "picture_differs"),)
    return (say(desk, "picture_kept"),)
