"""What a pre-check found, in words: each programme with its clause, what is missing, and how much it may be."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.desk import Desk
from bot.desk.referring import refer_to
from bot.desk.words import hotline, say
from bot.messages import Outcome, Reply
from bot.programmes.amount import Estimate, estimate
from bot.programmes.assess import Assessment, Reason, Result, Verdict
from bot.programmes.parts import Basis

_INDENT = "　"


def findings(desk: Desk, found: Assessment) -> tuple[Reply, ...]:
    """The list over all programmes: first what may be applied for and what is open, then what is less likely."""
    verdicts = found.all()
    by = {result: [one for one in verdicts if one.result is result] for result in Result}
    lines = []
    if by[Result.LIKELY]:
        lines += _section(desk, "precheck_likely", [_likely(desk, found, one) for one in by[Result.LIKELY]])
    else:
        lines.append(_words(desk, "precheck_none"))
    if by[Result.CANNOT_TELL]:
        lines += _section(desk, "precheck_cannot_tell", [_open(desk, one) for one in by[Result.CANNOT_TELL]])
    lines.append(say(desk, "precheck_end", day=found.household.day.isoformat()).text)
    first = Reply("\n".join(lines), outcome=Outcome.ANSWERED, reason="precheck", as_of=found.household.day.isoformat())
    if not by[Result.NOT_LIKELY]:
        return (first,)
    rest = _section(desk, "precheck_not_likely", [_unlikely(one) for one in by[Result.NOT_LIKELY]])
    return first, Reply("\n".join(rest), outcome=Outcome.ANSWERED, reason="precheck")


def reasons(desk: Desk, found: Assessment) -> tuple[Reply, ...]:
    """Every condition of what is likely or open, as it stands, with its clause and with what is doubtful about it."""
    blocks = []
    for verdict in found.all():
        if verdict.result is Result.NOT_LIKELY:
            continue
        lines = [verdict.programme.name, *(f"{_mark(one)}{_because(one)}" for one in verdict.reasons)]
        lines += [f"{_INDENT}{one.text}" for one in verdict.doubts]
        blocks.append("\n".join(lines))
    text = "\n".join(blocks) or _words(desk, "precheck_none")
    return (Reply(text, outcome=Outcome.ANSWERED, reason="precheck_why"),)


def _section(desk: Desk, key: str, items: Sequence[str]) -> list[str]:
    return [_words(desk, key), *(f"{number}. {item}" for number, item in enumerate(items, 1))]


def _words(desk: Desk, key: str) -> str:
    return desk.edition.words(key).strip()


def _likely(desk: Desk, found: Assessment, verdict: Verdict) -> str:
    lines = [verdict.programme.name]
    # Of what holds, what the most was told for: income beside the standard says more than 还没有领.
    best = sorted(verdict.telling, key=lambda one: -len(one.condition.test.reads))[:1]
    lines += [f"{_INDENT}{_because(one)}" for one in best]
    lines += [f"{_INDENT}{_amount(desk, found, one)}" for one in estimate(found, verdict.programme.id)[:1]]
    if verdict.apply:
        lines.append(f"{_INDENT}{verdict.apply.text.strip()}")
        if not verdict.programme.form and verdict.apply.office:
            region = found.household_here.region if verdict.programme.here else found.household.region
            lines.append(f"{_INDENT}{refer_to(desk, verdict.apply.office, region).line}")
    return "\n".join(lines)


def _open(desk: Desk, verdict: Verdict) -> str:
    """What is missing, by the names of the facts; where nothing more can be asked, why it stays open."""
    fields = desk.edition.fields
    missing = "、".join(fields[key].label for key in verdict.missing if key in fields)
    because = [f"{_INDENT}{_because(one)}" for one in verdict.telling[:1]]
    need = [f"{_INDENT}{say(desk, 'precheck_missing', facts=missing).text}"] if missing else []
    return "\n".join([verdict.programme.name, *because, *need])


def _unlikely(verdict: Verdict) -> str:
    return "：".join([verdict.programme.name, *(_because(one) for one in verdict.telling[:1])])


def _amount(desk: Desk, found: Assessment, one: Estimate) -> str:
    """The range with its formula and the standard behind it; where none is on file, where to ask."""
    formula = one.amount.text.strip().rstrip("。")
    if not one.known:
        number = hotline(desk, found.household.region)
        return say(desk, "precheck_amount_unknown", formula=formula, hotline=number).text
    behind = f"，{one.figure.since}起的标准，{one.figure.document}" if one.figure else _clause(one.basis)
    return say(desk, "precheck_amount", amount=one.text, formula=formula, behind=behind).text


def _because(reason: Reason) -> str:
    return f"{reason.text.strip().rstrip('。')}{_clause(reason.basis)}"


def _clause(basis: Basis | None) -> str:
    return f"（{basis.document}{basis.clause}）" if basis else ""


def _mark(reason: Reason) -> str:
    return {True: "✓ ", False: "· ", None: "？ "}[reason.value]
