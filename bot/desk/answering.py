"""Answer a question from the published edition: one decision, in the order an officer would take it.

Nothing here writes and nothing is generated: what comes back is approved text, figures with their day and document, or
fixed words that say honestly what is missing and where to turn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.desk import figure_asked, following, gate, giving, referring
from bot.desk.desk import Desk
from bot.desk.giving import given
from bot.desk.placing import place_said, which_place
from bot.desk.question import Answered, Place, Question, place_in
from bot.desk.words import PERSON, hotline, say
from bot.knowledge.search import clauses
from bot.knowledge.search.candidate import Candidate
from bot.language import bereaved, departments, programmes
from bot.messages import Choice, Outcome, Reply

CLARIFY_AT_MOST = 2
_PLAINLY = 0.7
"""From this chance of the classifier on, a complaint or a question about one's own case goes to people."""

_FAIRLY = 0.4
"""From this chance on a complaint is one where nothing else fits."""

_CHINESE = re.compile(r"[一-鿿](?![^〔〕]{0,12}〕)")
"""A Chinese character that does not belong to a mark of ours (〔身份证号已隐去〕). Letters of another script change nobody's
hands: to a classifier that must choose, /ask_policy may sound like a complaint, however sure it is."""

_NAMED = "|".join(sorted(" ".join(programmes.NAMES.values()).split(), key=len, reverse=True))
_CLAUSE = re.compile(
    r"[。？！?!；;\n]+|另外|还有就?是?|顺便(?:问一?下)?|再问一?下|"
    rf"[，,](?=(?:那|还|要|能|多|怎|什|啥|去哪|几|需|{_NAMED}))"
)
"""Where a message may turn to another matter. Other commas go on with the same: 我表姐在街道上班，会不会因为这个批不下来."""
_PARTS = 4
"""So many pieces of a message are looked at, the last ones: people come to the point at the end."""
_AT_ONCE = 2
"""Replies to one message; more are not read."""
_NAMES_HELP = re.compile("救助|困难(?:家庭|群众|人员|老人|户)|低收入(?:家庭|人口)|民政|帮扶")
"""A benefit of this place that nobody wrote down yet (救助餐券) is new to the classifier too, which then hears small talk: it is
said that no answer is on file, and whoever writes answers gets to see it."""
_HELPLESS = ("nearby", "off_topic", "chitchat")
_WAVERING = 0.15
"""A chance of an intent that is not to be passed over, though another is likelier."""
_CONDOLES = "节哀"
"""An answer with this word in it hurts those whose people live."""


def answer(desk: Desk, question: Question) -> Answered:
    """The replies to one question, and what to remember for the next."""
    if question.meaning:
        return _chosen(desk, question, question.meaning)
    place = place_in(desk.regions, question.text)
    if place.only:
        return place_said(desk, question, place)
    if len(place.regions) == 1:
        question = replace(question, memory=replace(question.memory, region=place.regions[0].code))
    parts = _parts(question.text)
    if len(parts) > 1:
        several = _several(desk, question, parts)
        if several:
            return several
    return _one(desk, question, place)


def _chosen(desk: Desk, question: Question, meaning: Mapping[str, Any]) -> Answered:
    if "answer" in meaning:
        return given(desk, question, str(meaning["answer"]), 1.0)
    if "region" in meaning:
        region = desk.regions.get(str(meaning["region"]))
        return place_said(desk, question, Place((region,), True))
    return _one(desk, replace(question, meaning=None), Place((), False))


# Questions


def _parts(text: str) -> list[str]:
    """The pieces of a message that may each be a question; what only tells a story is none."""
    pieces = (part.strip() for part in _CLAUSE.split(text))
    return [piece for piece in pieces if len(re.sub(r"\W", "", piece)) >= 4 and clauses.asks(piece)][-_PARTS:]


def _several(desk: Desk, question: Question, parts: Sequence[str]) -> Answered | None:
    """Two things in one message are met in their order, if each alone is plainly something else: a question of ours
    with its answer, another department's matter with whom to ask."""
    found: list[Candidate] = []
    said: list[Reply] = []
    asked = question
    for part in parts:
        programme = _programme(part) or asked.memory.programme
        # Read quickly: what is plainly something else is plain to the fast encoder, and four parts wait for one turn.
        text = following.in_full(part, programme) or part
        best = next(iter(_candidates(desk, question, text, programme, closely=False)), None)
        if best and best.score >= gate.shipped().very_sure:
            if all(best.entry != other.entry for other in found):
                found.append(best)
                told = given(desk, asked, best.entry, best.score)
                said += told.replies
                asked = replace(question, memory=told.memory)
        elif (not best or best.score < gate.shipped().maybe) and _is_anothers(part):
            said += _elsewhere(desk, replace(asked, text=part), "nearby").replies
    if not found or len(said) < 2:
        return None
    *before, last = said[:_AT_ONCE]
    return Answered((*(replace(reply, choices=()) for reply in before), last), asked.memory)


def _is_anothers(text: str) -> bool:
    return bool(departments.find(text)) and not programmes.find(text)


def _one(desk: Desk, question: Question, place: Place) -> Answered:
    bars = gate.shipped()
    memory = question.memory
    if following.says_nothing(question.text):
        return offer(desk, question, memory.programme)
    if figure := figure_asked.plainly(desk, question):
        return given(desk, question, figure, 1.0)
    if each := following.of_each_help(desk, question):
        return _unclear(desk, question, [Candidate(entry, 0.0) for entry in each], "which_help")
    candidates = _in_this_talk(desk, question) or _candidates(desk, question, question.text, memory.programme)
    best = candidates[0] if candidates else None
    score = best.score if best else 0.0
    if (
        question.intent in ("complaint", "ask_status")
        and question.ranking.get(question.intent, 0.0) >= _PLAINLY
        and likely(question)
        and (not best or "exact" not in best.raw)
    ):
        return _for_people(desk, question)
    if best and score >= bars.sure:
        if len(place.regions) > 1 and giving.needs_place(desk, best.entry, question):
            wanted = giving.pending(desk, *giving.as_asked(desk, question, best.entry))
            return which_place(desk, question, place.regions, wanted)
        entry = (figure_asked.instead(desk, question, candidates) if place.regions else "") or best.entry
        return given(desk, *giving.as_asked(desk, question, entry), score)
    plainly = question.ranking.get("inform_place", 0.0) >= _PLAINLY
    if question.intent == "inform_place" and len(place.regions) == 1 and score < (bars.sure if plainly else bars.maybe):
        return place_said(desk, question, place)
    if (
        question.intent not in _HELPLESS
        and question.memory.asked.startswith("place:")
        and not place.regions
        and score < bars.maybe
    ):
        return _unclear(desk, question, (), "place_unknown")
    whose = _whose(question)
    if whose and (score < bars.maybe or (question.intent in _HELPLESS and not programmes.find(question.text))):
        return _elsewhere(desk, question, whose)
    # What was named stays what the talk is about, though it is not answered yet.
    question = replace(question, memory=replace(memory, programme=_programme(question.text) or memory.programme))
    if best and score >= bars.maybe:
        return _unclear(desk, question, candidates, "unclear")
    if named := following.only_names(question.text):
        return offer(desk, question, named)
    if question.intent in ("ask_status", "ask_apply") or (question.intent == "complaint" and _complains(question)):
        return _for_people(desk, question)
    return _nothing(desk, question)


def _complains(question: Question) -> bool:
    """A complaint that is only the likeliest of many guesses (a name and a number) queues nobody."""
    return question.ranking.get("complaint", 1.0) >= _FAIRLY and likely(question)


def likely(question: Question) -> bool:
    """Whether words that would change who holds the talk are words at all."""
    return _CHINESE.search(question.text) is not None


def offer(desk: Desk, question: Question, programme: str) -> Answered:
    """Ask back with what is asked most, where the words name a programme and no more, or nothing at all."""
    memory = replace(question.memory, programme=programme)
    offered = following.first_questions(desk, programme, memory.region, question.day, question.channel)
    return _unclear(desk, replace(question, memory=memory), [Candidate(entry, 0.0) for entry in offered], "unclear")


def _for_people(desk: Desk, question: Question) -> Answered:
    """What only the office can do: hear a complaint, look a case up, take an application."""
    if question.intent == "complaint":
        return Answered((say(desk, "complaint", Outcome.PERSON, reason="complaint"),), question.memory)
    key = question.intent.removeprefix("ask_")
    return Answered((say(desk, key, Outcome.REDIRECTED, region=question.memory.region),), question.memory)


def _in_this_talk(desk: Desk, question: Question) -> list[Candidate]:
    """Candidates for a text that is only whole together with what was said before; none when it plainly stands alone."""
    memory, bars = question.memory, gate.shipped()
    last = desk.edition.answer(memory.entry, memory.region, question.day, question.channel) if memory.entry else None
    # What a fragment sounds like to the classifier says nothing.
    fragment = replace(question, ranking={})
    if text := following.of_another(question.text, memory.programme, last.title if last else ""):
        named = following.only_names(question.text)
        found = _candidates(desk, fragment, text, "")
        return [one for one in found if desk.edition.answers[one.entry].programme == named and one.score >= bars.maybe]
    text = following.in_full(question.text, memory.programme)
    found = _candidates(desk, fragment, text, "") if text else []
    # 我想睡觉 is no question about 低保 only because that was talked of before.
    elsewhere = question.intent in _HELPLESS and question.ranking.get(question.intent, 1.0) >= _PLAINLY
    bar = bars.very_sure if elsewhere else bars.sure
    return found if found and found[0].score >= bar else []


def _whose(question: Question) -> str:
    """Which of the helpless intents this is, if no answer of ours fits; empty where it may still be a question for us.
    A department's matter named in the text outweighs a classifier that only wavers."""
    chances = {intent: question.ranking.get(intent, 0.0) for intent in _HELPLESS}
    wavering = question.intent not in ("off_topic", "chitchat") or chances["nearby"] >= _WAVERING
    if wavering and _is_anothers(question.text):
        return "nearby"
    if question.intent != "nearby" and _NAMES_HELP.search(question.text):
        return ""
    if question.intent in _HELPLESS:
        return question.intent
    likeliest = max(chances, key=lambda intent: chances[intent])
    return likeliest if chances[likeliest] >= 2 * _WAVERING else ""


def _elsewhere(desk: Desk, question: Question, what: str) -> Answered:
    """Matters of other departments, and things that are not ours: where to turn, or what this service is for."""
    named = departments.find(question.text)
    if what == "nearby":
        key = f"nearby_{named[0].code}" if named else "nearby_other"
        own = referring.elsewhere(desk, named[0].code, question.memory.region) if named else ""
        said = say(desk, key, Outcome.REDIRECTED)
        return Answered((replace(said, text=f"{said.text}\n{own}".strip()),), replace(question.memory, asked=""))
    reply = say(desk, what, Outcome.DECLINED if what == "off_topic" else Outcome.SMALLTALK)
    return Answered((reply,), replace(question.memory, asked=""))


def _candidates(desk: Desk, question: Question, text: str, programme: str, closely: bool = True) -> list[Candidate]:
    """What the finder offers, in its order, less what does not hold at this place, on this day, on this channel; the
    score is now the chance that it is right to give it."""
    if desk.finder is None:
        return []
    named = _programme(text)
    offered = desk.finder.find(text, "" if named else programme, closely=closely)
    memory = question.memory
    return [
        replace(one, score=gate.shipped().chance(one, question.ranking))
        for one in offered
        if (found := desk.edition.answer(one.entry, memory.region, question.day, question.channel))
        and (_CONDOLES not in found.text or one.entry == memory.entry or bereaved.tells_of_death(text))
    ]


def _programme(text: str) -> str:
    found = programmes.find(text)
    return found[0].code if found else ""


def _unclear(desk: Desk, question: Question, candidates: Sequence[Candidate], key: str) -> Answered:
    """Ask back, with numbers to tap; the third time a person is better."""
    memory = question.memory
    if memory.clarifications >= CLARIFY_AT_MOST:
        reply = say(desk, "give_up", Outcome.DECLINED, reason="unclear", region=memory.region, choices=(PERSON,))
        return Answered((reply,), replace(memory, asked="", clarifications=0))
    options: list[Choice] = []
    for candidate in candidates[:3]:
        found = desk.edition.answer(candidate.entry, memory.region, question.day, question.channel)
        if found:
            title = programmes.titled(found.programme, found.title) if key == "which_help" else found.title
            options.append(Choice(title, {"answer": found.id}))
    other = Choice(desk.edition.words("other_choice").strip(), {"person": True})
    reply = say(desk, key, Outcome.CLARIFIED, reason=key, choices=(*options, other) if options else ())
    reply = replace(reply, score=candidates[0].score if candidates else 0.0)
    asked = memory.asked if key == "place_unknown" else "which"
    return Answered((reply,), replace(memory, asked=asked, clarifications=memory.clarifications + 1))


def _nothing(desk: Desk, question: Question) -> Answered:
    """No approved answer: said as it is, with where to turn."""
    memory = replace(question.memory, asked="", clarifications=0)
    if not desk.edition.answers_in_scope(memory.region, question.day, question.channel):
        reply = say(desk, "no_rule_on_day", Outcome.DECLINED, day=question.day.isoformat(), choices=(PERSON,))
    else:
        reply = say(desk, "no_content", Outcome.DECLINED, hotline=hotline(desk, memory.region), choices=(PERSON,))
    return Answered((reply,), memory)
