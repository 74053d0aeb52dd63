"""What can be begun here and now, as options under an answer."""

from __future__ import annotations

from bot.channels import personal
from bot.desk.desk import Desk
from bot.knowledge.answers import Answer
from bot.language import programmes
from bot.messages import Choice

BEFORE_APPLYING = ("apply", "how", "conditions", "materials", "papers", "what")
"""Aspects of answers after which people apply."""
UNDER = {
    "banli-which": "precheck",
    "dibao-report-change": "change",
    "linshi-tonight": "emergency",
    "quanli-refused": "objection",
    "quanli-review-where": "objection",
    "yinsi-delete": "data",
}
"""What the question behind a published answer can be done about, right here; an answer that is not there offers nothing."""


def under(desk: Desk, answer: Answer, channel: str = "") -> tuple[Choice, ...]:
    """What can be begun where this answer was asked for."""
    if answer.id in UNDER:
        return (begin(desk, UNDER[answer.id]),)
    if answer.aspect in BEFORE_APPLYING and applicable(desk, answer.programme):
        return (begin(desk, "application", answer.programme, channel),)
    return ()


def applicable(desk: Desk, named: str = "") -> tuple[tuple[str, str], ...]:
    """(id, name) of the programmes that can be applied for here; `named` narrows them to what residents call so
    (临时救助 is several of them)."""
    day = desk.today()
    return tuple(
        (one.id, one.name)
        for one in desk.edition.programmes.values()
        if one.form
        and desk.edition.programme(one.id, day)
        and (not named or named in (one.id, programmes.of_part(one.id)))
    )


def begin(desk: Desk, kind: str, programme: str = "", channel: str = "") -> Choice:
    """Where nothing personal may be said it begins elsewhere, and its line does not say here."""
    there = "_elsewhere" if kind == "application" and not personal(channel) else ""
    return Choice(desk.edition.words(f"form_begin_{kind}{there}").strip(), {"form": kind, "programme": programme})
