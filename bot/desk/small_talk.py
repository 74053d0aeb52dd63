"""What is not a question: greetings, once more, in fewer words, a person, never mind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.desk import following, gate, giving
from bot.desk.answering import answer, likely, offer
from bot.desk.desk import Desk
from bot.desk.question import Answered, Question
from bot.desk.words import say
from bot.messages import Outcome, Reply

_WORDS = {
    "greet": "greet",
    "thanks": "thanks",
    "bye": "bye",
    "affirm": "affirm",
    "deny": "deny",
    "bot_identity": "identity",
    "chitchat": "chitchat",
}
_WORDLESS = 3
"""Up to so many letters nothing is asked: 你好啊, 好的."""
_SURELY = 0.7
"""Below this chance a farewell, thanks or never mind is a guess, if no word of the text takes leave."""
_LEAVES = re.compile("不|别|算了|再见|拜|走了|谢|取消|停|这样|下次|改天|回头|退|撤|够了|懂|知道|明白|晓得|行|好|晚安|8")


def small_talk(desk: Desk, question: Question) -> Answered:
    """Polite words for polite words; but 您好，低保怎么申请 is a question."""
    letters = len(re.sub(r"\W", "", question.text))
    found = desk.finder.find(question.text) if desk.finder and letters > _WORDLESS else ()
    bars = gate.shipped()
    vague = question.intent == "chitchat" and following.says_nothing(question.text)
    # 不对，是北京: a no that carries an answer.
    place = question.intent in ("affirm", "deny") and bool(desk.regions.find(question.text))
    if question.meaning or vague or place or any(bars.chance(one, question.ranking) >= bars.sure for one in found):
        return answer(desk, replace(question, intent="ask_policy"))
    if _is_a_guess(question):
        return _asked_back(desk, question)
    return Answered((say(desk, _WORDS.get(question.intent, "chitchat")),), question.memory)


def _is_a_guess(question: Question) -> bool:
    """62了, 昨天出的事: substance the classifier has no better name for."""
    chance = question.ranking.get(question.intent, 1.0)
    return question.intent in ("bye", "thanks", "cancel") and chance < _SURELY and not _LEAVES.search(question.text)


def _asked_back(desk: Desk, question: Question) -> Answered:
    """The answer, where the words alone have one; else what it is about is asked, for it may be half a sentence. A guess
    is not completed from the talk: 我已经转了 after 低保 is no question about 低保."""
    alone = replace(question, intent="ask_policy", memory=replace(question.memory, programme=""))
    answered = answer(desk, alone)
    if answered.replies[-1].reason not in ("no_content", "unclear"):
        return answered
    return offer(desk, question, question.memory.programme)


def repeat(desk: Desk, question: Question, last: Sequence[Reply]) -> Answered:
    """再说一遍: the last words again, with their options."""
    said = tuple(last) or (say(desk, "nothing_to_repeat"),)
    return Answered(said, question.memory)


def simplify(desk: Desk, question: Question) -> Answered:
    """说简单点: the approved short form of the last answer; after it a person may be better."""
    memory = question.memory
    if not memory.entry:
        return answer(desk, replace(question, intent="ask_policy"))
    given = giving.give(desk, memory.entry, memory.region, question.day, question.channel, 1.0)
    if not given.reply.short:
        return Answered((given.reply,), memory)
    return Answered((replace(given.reply, text=given.reply.short, choices=()),), memory)


def ask_person(desk: Desk, question: Question) -> Answered:
    if not likely(question):
        return answer(desk, replace(question, intent="ask_policy"))
    return Answered((say(desk, "person", Outcome.PERSON),), replace(question.memory, asked="", clarifications=0))


def cancel(desk: Desk, question: Question) -> Answered:
    """算了: whether there is a queue to leave is known where the reply is written."""
    if not likely(question):
        return answer(desk, replace(question, intent="ask_policy"))
    if _is_a_guess(question):
        return _asked_back(desk, question)
    return Answered((say(desk, "person_cancelled"),), replace(question.memory, asked="", clarifications=0))
