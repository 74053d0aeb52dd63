"""Which question comes next: only one that can still change a verdict, and of these the most useful.

Useful is: how many verdicts its answer settles, to be expected. For a question with options each option is tried. An
amount, a number or a place cannot be tried out; for these a verdict that waits for k answers counts 1/k. Questions of
urgent programmes come before all others and are not weighed: who has no bed tonight is asked where they are, not where
they are registered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from bot.forms.model import Field, Kind
from bot.programmes.assess import Assessment, Result, Verdict

MOST = 12
"""No household is asked more than this (held by tests over random households)."""


def next_question(assessment: Assessment, fields: Mapping[str, Field]) -> str:
    """The field to ask now; empty when every verdict is settled."""
    waiting = sorted((one for one in assessment.all() if one.missing), key=lambda one: one.programme.order)
    urgent = next((one.next for one in waiting if one.programme.urgent), ())
    if urgent:
        return urgent[0]
    usefulness = worth(assessment, fields, waiting)
    # The first of equals is the one a programme wants earliest: dictionaries keep that order.
    return max(usefulness, key=lambda fact: usefulness[fact], default="")


def worth(assessment: Assessment, fields: Mapping[str, Field], waiting: Sequence[Verdict]) -> dict[str, float]:
    """Each question that can still change a verdict, with the number of verdicts it is expected to settle."""
    waits: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in waiting:
        for fact in verdict.next:
            waits[fact].append(verdict)
    return {fact: _settles(assessment, fact, fields.get(fact), verdicts) for fact, verdicts in waits.items()}


def _settles(assessment: Assessment, fact: str, field: Field | None, waiting: Sequence[Verdict]) -> float:
    answers = _answers(field)
    if not answers:
        return sum(1 / len(verdict.missing) for verdict in waiting)
    then = [assessment.with_answer(fact, answer) for answer in answers]
    ids = [verdict.programme.id for verdict in waiting]
    settled = sum(one.result(id) is not Result.CANNOT_TELL for one in then for id in ids)
    return settled / len(answers)


def _answers(field: Field | None) -> list[Any]:
    """Answers to try a question with; none where it has no fixed ones."""
    if field is None:
        return []
    values = [option.value for option in field.options]
    if field.kind is Kind.CHOICES:
        return [[], *([value] for value in values)]
    return [True, False] if field.kind is Kind.YES_NO else list(values)
