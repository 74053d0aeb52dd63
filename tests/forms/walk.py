"""Fills a published form the way a resident does: the question that stands, words for it, the next question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.forms import asking, steps
from bot.forms.model import Kind, Sheet, State
from bot.forms.moves import Answer, Skip
from bot.forms.readers import Context
from bot.forms.saying import Hints, understand
from tests.forms.published import DAY, form, regions, report

SKIP = "跳过"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(slots=True)
class Walk:
    sheet: Sheet
    questions: list[tuple[str, str]] = field(default_factory=list)
    """Step and words of every question, in order."""
    missing: list[str] = field(default_factory=list)
    """Required paths without an answer at the end."""


def identity(first: str) -> str:
    """An invented person's number, with the check character it needs."""
    return first + "10X98765432"[sum(int(one) * weight for one, weight in zip(first, _WEIGHTS, strict=True)) % 11]


def fill(name: str, said: Mapping[str, str], longest: int = 60) -> Walk:
    """`said` by step; a question without words there is skipped, a consent is given."""
    asked = form(name)
    walk = Walk(steps.advance(asked, Sheet(name), DAY))
    while (at := steps.current(asked, walk.sheet, DAY)) is not None:
        assert len(walk.questions) < longest, walk.questions
        walk.questions.append((at.id, asking.question(asked, walk.sheet, at)))
        wanted = {path: at.fields[path] for path in at.wanted or at.paths}
        text = said.get(at.id, said.get(at.step.id, SKIP))
        if all(one.field.kind is Kind.AGREE for one in wanted.values()):
            consents = report().content.consents
            values = {path: {"version": consents[one.field.key].version} for path, one in wanted.items()}
            walk.sheet = steps.put(asked, walk.sheet, values, today=DAY)
            walk.sheet = steps.advance(asked, walk.sheet, DAY)
            continue
        context = Context(DAY, regions(), asked, walk.sheet.answers, at.member)
        move = understand(text, None, at, asked, walk.sheet, context, Hints())
        if isinstance(move, Skip):
            walk.sheet = steps.put(asked, walk.sheet, dict.fromkeys(wanted), today=DAY, state=State.SKIPPED)
        else:
            assert isinstance(move, Answer), f"{at.id} took “{text}” for {move}"
            assert move.values, f"{at.id} took nothing from “{text}”: {move}"
            walk.sheet = steps.put(asked, walk.sheet, move.values, today=DAY)
        walk.sheet = steps.advance(asked, walk.sheet, DAY)
    walk.missing = steps.missing_required(asked, walk.sheet.answers, DAY)
    return walk
