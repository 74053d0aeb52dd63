"""What the bot says to one message: by fixed rules where a rule is enough, by the engine for everything in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.channels import read_as
from bot.conversations import Conversation, Holder
from bot.desk import consenting, danger, listening, receiving
from bot.desk.desk import Desk
from bot.desk.filling import private
from bot.desk.ports import Engine, Message, Turn
from bot.desk.questions import disliking
from bot.desk.tapping import tapped
from bot.desk.words import PERSON, say
from bot.errors import BadInput, TryAgain
from bot.language import telling_on, tonight
from bot.language.choosing import chosen
from bot.messages import Author, Choice, Kind, Outcome, Reply
from bot.regions import Region
from bot.scenes import place_of

NLU_CHARACTERS = 600
"""What the engine reads of a text: one of 10,000 characters would stall everyone for seconds."""
_ASKS_PERSON = re.compile(
    r"[\W_]{0,20}(?:请|我要|我想|帮我|给我)?(?:转|找|要|接)?(?:个|一?下)?(?:人工|真人)(?:客服|服务|坐席)?(?:吧|啊|呢|谢谢)?[\W_]{0,20}"
)
_WISH = re.compile(r"\W|我|要|想|就|申请|办|那个|的|吧")
"""What stands around the name of what is wanted."""
_LITTLE = 6
"""Fewer letters beside the wish for a person hold no question."""
_OFTEN_ASKED = ("低保怎么申请", "低保要什么材料", "临时救助是什么", "我们这儿的标准是多少", "被拒绝怎么办")
_MENU_QUESTIONS = {"standard": "我们这儿的标准是多少"}
_GREETING_EVENTS = {"subscribe", "SCAN", "user_enter_tempsession"}
_FIXED = {
    Kind.IMAGE: "picture",
    Kind.VOICE: "voice",
    Kind.VIDEO: "unsupported",
    Kind.LINK: "unsupported",
    Kind.UNKNOWN: "unsupported",
}


def at_once(desk: Desk, conversation: Conversation, message: Message) -> list[Reply] | None:
    """What fixed rules say to a message, so that it is said also while the engine is away; None: the engine decides."""
    if message.kind is Kind.EVENT:
        return _event(desk, conversation, message)
    if message.kind is Kind.LOCATION:
        return None if conversation.form and message.about.get("place") else _unclear_place(desk, message)
    if not _in_words(message):
        if listening.may_hear(desk, message):
            return None
        photo = message.kind is Kind.IMAGE and conversation.form and desk.photos
        return None if photo else [say(desk, _FIXED[message.kind])]
    if message.about.get("secret") and not conversation.form and _nothing_but_a_number(message.text):
        return [say(desk, "secret")]
    said = message.text[:NLU_CHARACTERS]
    rest = _without_asking(said)
    if rest != said and len(re.sub(r"\W", "", rest)) < _LITTLE:
        return [_person(desk, conversation)]
    return None


async def respond(
    desk: Desk, engine: Engine, conversation: Conversation, message: Message, history: Sequence[Message]
) -> Sequence[Reply]:
    """The replies to a message, in order. Raises TryAgain when the engine is needed and away."""
    fixed = at_once(desk, conversation, message)
    if fixed is not None:
        return fixed
    form = await _open_form(desk, conversation, message)
    if message.kind is Kind.EVENT:
        key = str(message.about.get("event_key", ""))
        return await _ask(engine, _turn(desk, conversation, message, _MENU_QUESTIONS.get(key, key), None, form))
    if message.kind is Kind.LOCATION:
        if form:
            return await _ask(engine, _turn(desk, conversation, message, str(message.about["place"]), None, form))
        (place,) = _places(desk, message)
        return await _ask(engine, _turn(desk, conversation, message, "", {"region": place.code}, ""))
    if message.kind is Kind.IMAGE:
        if not form:
            return [say(desk, _FIXED[message.kind])]
        meaning = await receiving.receive(desk, conversation, message)
        return await _ask(engine, _turn(desk, conversation, message, "", meaning, form))
    if message.kind is Kind.VOICE and not _in_words(message):
        return await listening.listen(desk, conversation, message)
    if message.kind is Kind.VOICE and form:
        # The platform wrote it down, and mishears as others do: in a form it must be right.
        return [listening.shown(desk, message.text)]
    return await _text(desk, engine, conversation, message, history, form)


async def _open_form(desk: Desk, conversation: Conversation, message: Message) -> str:
    """The draft that hears this message; the database is the truth, not what the engine remembers."""
    if not conversation.form:
        return ""
    try:
        async with desk.store.reading() as work:
            draft = await work.drafts.get(conversation.form)
    except BadInput:  # erased, or past its days
        return ""
    return draft.id if private.live(draft, conversation.id, message.id) else ""


def _in_words(message: Message) -> bool:
    """Typed, or spoken where the platform still writes down what was said."""
    return message.kind is Kind.TEXT or (message.kind is Kind.VOICE and bool(message.text.strip()))


def _event(desk: Desk, conversation: Conversation, message: Message) -> list[Reply] | None:
    """A tap on the account's menu is `person`, `faq`, or a question written into the key itself."""
    event, key = message.about.get("event", ""), message.about.get("event_key", "")
    if event in _GREETING_EVENTS:
        return [say(desk, "welcome", region=place_of(key, desk.regions))]
    if event != "CLICK":
        return []
    if key == "person":
        return [_person(desk, conversation)]
    if key == "faq":
        return [say(desk, "menu_faq", choices=tuple(Choice(text, {"say": text}) for text in _OFTEN_ASKED))]
    return None if key else []


def _places(desk: Desk, message: Message) -> Sequence[Region]:
    """A shared place counts by its words: one division is taken, several are asked."""
    found = desk.regions.find(str(message.about.get("place", "")))
    return found[-1].candidates if found else ()


def _unclear_place(desk: Desk, message: Message) -> list[Reply] | None:
    places = _places(desk, message)
    if len(places) == 1:
        return None
    if not places:
        return [say(desk, "place_unknown", Outcome.CLARIFIED)]
    options = tuple(Choice(desk.regions.full_name(place.code), {"region": place.code}) for place in places[:6])
    return [say(desk, "unclear_place", Outcome.CLARIFIED, choices=options)]


def _without_asking(text: str) -> str:
    """The text less the clauses that ask for a person."""
    clauses = re.findall(r"[^，,。.；;！!？?\n]*[，,。.；;！!？?\n]*", text)
    return "".join(clause for clause in clauses if not (clause.strip() and _ASKS_PERSON.fullmatch(clause)))


def _nothing_but_a_number(text: str) -> bool:
    # Bounded: from each of 48,000 opening brackets to the end of the text took 0.7 s.
    return (
        len(text) <= NLU_CHARACTERS
        and len(re.sub(r"〔[^〔〕]{0,12}〕|\W|我|的|是|身份证|号码?|卡号?|银行", "", text)) < 4
    )


async def _text(
    desk: Desk, engine: Engine, conversation: Conversation, message: Message, history: Sequence[Message], form: str
) -> Sequence[Reply]:
    before: list[Reply] = []
    if message.about.get("secret") and not message.about.get("private"):
        before.append(say(desk, "secret"))
    meaning = _meaning(message, history, bool(form))
    if meaning and listening.RETYPE in meaning:
        return [*before, say(desk, "voice_retype")]
    if meaning and listening.HEARD in meaning:
        message, meaning = replace(message, text=str(meaning[listening.HEARD])), None
    if meaning is None and (code := consenting.code_in(message.text)):
        meaning = {"form": "consent", "programme": code}
    if meaning is None and not form and telling_on.wants_to_report(message.text):
        meaning = {"form": "tip", "programme": ""}
    if meaning is None and not form and tonight.needs_help_now(message.text) and not _published(desk, message.text):
        meaning = {"form": "emergency", "programme": ""}
    if (meaning or {}).get("person"):
        return [*before, _person(desk, conversation)]
    if meaning is None and not form and (sorry := disliking.heard(desk, conversation, message, history)):
        return [*before, sorry]
    text = str(meaning["say"]) if meaning and "say" in meaning else message.text[:NLU_CHARACTERS]
    asks = not meaning and _without_asking(text) != text
    text = _without_asking(text)
    turn = _turn(desk, conversation, message, text, None if "say" in (meaning or {}) else meaning, form)
    replies = list(await _ask(engine, turn))
    if message.about.get("danger"):
        # Heavy words went out already.
        replies = danger.after_words(replies)
    if any(row.about.get("reason") == danger.OFFERED for row in history):
        replies = [reply for reply in replies if reply.reason != danger.OFFERED]
    if asks:
        # 低保要什么材料，转人工: the answer, if there is one, and the person.
        felt = [reply for reply in replies if reply.reason == danger.FELT]
        replies = [*felt, *danger.after_words(replies)]
        replies.insert(len(replies) - bool(form and replies), _person(desk, conversation))
    if len(message.text) > NLU_CHARACTERS and not form:
        before.append(say(desk, "long_text"))
        replies[-1:] = [replace(reply, choices=(*reply.choices, PERSON)) for reply in replies[-1:]]
    return [*before, *(_settled(desk, conversation, reply) for reply in replies)]


def _settled(desk: Desk, conversation: Conversation, reply: Reply) -> Reply:
    """The engine asks for a person without knowing the queue; here it is known."""
    if reply.outcome is Outcome.PERSON and reply.reason == "person":
        return _person(desk, conversation)
    if reply.reason == "person_cancelled" and conversation.holder is not Holder.QUEUED:
        return say(desk, "nothing_to_cancel")
    return reply


def _person(desk: Desk, conversation: Conversation) -> Reply:
    key = "person_again" if conversation.holder is Holder.QUEUED else "person"
    return replace(say(desk, key, Outcome.PERSON, reason="asked"), region=conversation.region)


def _meaning(message: Message, history: Sequence[Message], in_form: bool) -> Mapping[str, Any] | None:
    """What was chosen: a tapped option of any of our messages here, or a number or label of the newest ones. In a form a
    number may be an answer: there only the options of what was said last have numbers."""
    ours = [row for row in history if row.author is not Author.RESIDENT and row.choices and row.seq < message.seq]
    if there := tapped(message, ours):
        asked, option = there
        return asked.choices[option].meaning
    if in_form:
        last = next(
            (row.reply_to for row in reversed(history) if row.author is Author.BOT and row.seq < message.seq), ""
        )
        ours = [row for row in ours if row.reply_to == last]
    if not ours:
        return None
    options = ours[-1].choices
    index = chosen(message.text, [choice.label for choice in options])
    return _named(message.text, options) if index is None else options[index].meaning


def _named(text: str, options: Sequence[Choice]) -> Mapping[str, Any] | None:
    """急难型, where one of the forms offered is 临时救助（急难型）."""
    said = _WISH.sub("", text[:NLU_CHARACTERS])
    found = [choice for choice in options if "form" in choice.meaning and len(said) > 1 and said in choice.label]
    return found[0].meaning if len(found) == 1 else None


def _turn(
    desk: Desk, conversation: Conversation, message: Message, text: str, meaning: Mapping[str, Any] | None, form: str
) -> Turn:
    region, channel = conversation.region, read_as(conversation.channel)
    return Turn(conversation.id, message.id, text, meaning, channel, region, desk.as_of(), form)


def _published(desk: Desk, text: str) -> bool:
    """Whether these very words have an answer, under which the way to quick help is offered."""
    return any(text in answer.phrasings for answer in desk.edition.answers.values())


async def _ask(engine: Engine, turn: Turn) -> Sequence[Reply]:
    replies = await engine.turn(turn)
    if not replies:
        # Rasa says nothing when an action failed while its tracker claims success: an error, not an answer.
        raise TryAgain(f"the engine gave no reply to message {turn.message_id}; it is asked again")
    return replies
