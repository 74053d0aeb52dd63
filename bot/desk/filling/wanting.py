"""Whether a message wants a form begun, and which. A question about applying stays a question; the form is then offered."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.desk import gate, offering
from bot.desk.desk import Desk
from bot.desk.kinds import KINDS
from bot.desk.question import Question
from bot.forms.readers.plain import asks
from bot.language import programmes
from bot.messages import Choice

RESUME = "resume"
_PLAINLY = 0.6
"""From this chance of the classifier on, somebody wants to do a thing rather than to know about it."""
_BY_INTENT = {
    "ask_apply": "application",
    "precheck": "precheck",
    "emergency": "emergency",
    "ask_status": "lookup",
    "my_information": "data",
    "report_change": "change",
    "object": "objection",
    RESUME: RESUME,
}
_DIALECT = re.compile("点样|点算|点解|边度|乜|几时|咋|哪样")
"""Asking, in speech of the south and west, beside what `asks` knows."""
_HOW = re.compile("怎么|如何|能不能|可不可以|可以|多久|为什么|为啥|吗")
"""Asking about one's data, and not for it."""
_MAY_BE_ASKED = frozenset({"precheck", "ask_status", RESUME})
"""Wishes that sound like questions: 我能申请什么, 办到哪了."""


@dataclass(frozen=True, slots=True)
class Wanted:
    kind: str
    programme: str = ""
    """A programme, a draft to go on with, or what the kind calls by that name; empty: not said."""
    anew: bool = False
    """Not the draft that lies there half filled."""


def wanted(desk: Desk, question: Question) -> Wanted | None:
    meaning = question.meaning
    if meaning and "form" in meaning:
        return Wanted(str(meaning["form"]), str(meaning.get("programme", "")), bool(meaning.get("anew")))
    if meaning and "draft" in meaning:
        return Wanted(RESUME, str(meaning["draft"]))
    kind = _BY_INTENT.get(question.intent, "")
    if meaning or not (kind in KINDS or kind == RESUME) or _is_a_question(desk, question):
        return None
    return Wanted(kind, _programme(desk, question.text) if kind == "application" else "")


def offered(desk: Desk, question: Question) -> tuple[Choice, ...]:
    """To begin what a question was about: under its answer."""
    kind = _BY_INTENT.get(question.intent, "")
    if kind not in KINDS or question.ranking.get(question.intent, 1.0) < _PLAINLY:
        return ()
    programme = _programme(desk, question.text) if kind == "application" else ""
    return (offering.begin(desk, kind, programme, question.channel),)


def _programme(desk: Desk, text: str) -> str:
    """The one programme a text names, if it can be applied for here."""
    named = programmes.find(text)
    return named[0].code if named and offering.applicable(desk, named[0].code) else ""


def _is_a_question(desk: Desk, question: Question) -> bool:
    """Something to know: worded as a question, or wavering, or an approved wording letter for letter."""
    if question.ranking.get(question.intent, 1.0) < _PLAINLY:
        return True
    if question.intent == "my_information" and not _HOW.search(question.text):
        return False
    if question.intent not in _MAY_BE_ASKED and (asks(question.text) or _DIALECT.search(question.text)):
        return True
    found = desk.finder.find(question.text) if desk.finder else ()
    return bool(found) and "exact" in found[0].raw and gate.same_words(found[0])
