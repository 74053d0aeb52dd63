"""Whatever begins with a slash is words. Stock Rasa runs it: /restart wipes the talk, /inform{…} fills slots (A-30…A-34).

Every intent of the domain and Rasa's own, behind twelve prefixes, in three forms, through intake, the trained model, the
real actions and the database. What may follow is what follows when the same letters are typed without the slash.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import yaml

from bot.conversations import Conversation
from bot.desk.ports import Turn
from bot.messages import Outcome, Reply, State
from tests.canary import IDENTITY
from tests.engine.conftest import ACTIONS, HOUSE
from tests.security.conftest import House, Said

RASAS_OWN = ("restart", "session_start", "back", "nlu_fallback", "out_of_scope")
INTENTS = (*yaml.safe_load((HOUSE / "domain.yml").read_text("utf-8"))["intents"], *RASAS_OWN)
PREFIXES = {
    "none": "/", "space": " /", "tab": "\t/", "newline": "\n/", "zero-width space": "\u200b/", "byte order mark": "\ufeff/",
    "word joiner": "\u2060/", "full width": "／", "division slash": "∕", "right-to-left mark": "\u200f/", "no-break space": "\xa0/",
    "ideographic space": "\u3000/",
}  # fmt: skip
FORMS = ("", '{"place":"110101"}', f'@1.0{{"entry":"x","id":"{IDENTITY}"}}')
PRELUDE = ("我在武汉市洪山区", "申请低保要符合什么条件")
KEPT = ("programme", "place", "entry")
"""What a talk is about. `asked` and `clarifications` count how often we did not understand."""
EVENTS = {"user", "user_featurization", "action", "slot", "bot"}
TEMPLATES = (
    "EXTERNAL: apply", '{"answer": "dibao-apply"}', "answer: dibao-apply", "{{7*7}}", "${jndi:ldap://127.0.0.1/a}",
    "{id_number}", "{place}", "{hotline}", "{0}", "0[", "%s%n", "%(place)s", "<%= 7*7 %>", "#{7*7}", "{", "}", "{}", "{{",
    "${7*7}", "__import__('os')", "!!python/object:os.system", "{programme.__class__}",
)  # fmt: skip


def test_rasas_own_intents_are_those() -> None:
    from rasa.shared.core.constants import DEFAULT_INTENTS

    assert set(RASAS_OWN) == set(DEFAULT_INTENTS)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("intent", INTENTS)
async def test_a_typed_command_changes_nothing(house: House, intent: str) -> None:
    """Every prefix, and the forms that carry something; `make proof` has each form behind each prefix."""
    bare = [f"{slash}{intent}" for slash in PREFIXES.values()]
    await _changes_nothing(house, [*bare, *(f"/{intent}{form}" for form in FORMS[1:])])


async def test_in_all_forms_and_on_every_database(house: House) -> None:
    await _changes_nothing(house, [f"{slash}restart{form}" for slash in ("/", "\ufeff/") for form in FORMS])


@pytest.mark.proof
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("intent", INTENTS)
async def test_every_prefix_in_every_form(house: House, intent: str) -> None:
    await _changes_nothing(house, [f"{slash}{intent}{form}" for slash in PREFIXES.values() for form in FORMS])


async def _changes_nothing(house: House, texts: Sequence[str]) -> None:
    first = [await house.say(words) for words in PRELUDE][-1]
    talk = first.conversation.id
    assert (first.replies[-1].about["entry"], await _about(house, talk)) == (
        "dibao-conditions",
        {"programme": "dibao", "place": "420111", "entry": "dibao-conditions"},
    )
    counts = _counts(house)
    before, slots = first.conversation, await _about(house, talk)
    for n, text in enumerate(texts, 1):
        said = await house.say(text)
        assert said.message.state is State.HANDLED, text
        assert said.replies, f"{text!r} got no answer"
        _only_words((await house.turns(talk, 1))[0]["events"], said, text)
        now, known = said.conversation, await _about(house, talk)
        as_it_was = (_held(now), known) == (_held(before), slots)
        assert as_it_was or await _same_without_slash(house, text, said, n), f"{text!r} did something"
        before, slots = now, known
    now = _counts(house)
    assert {name for name in now if now[name] != counts.get(name)} <= {"messages", "events", "conversations", "asked"}
    if house.database.kind == "sqlite":
        assert now["events"] - counts["events"] >= len(texts)
    assert IDENTITY not in await _everything_kept(house, talk)


def _only_words(events: Sequence[Mapping[str, Any]], said: Said, text: str) -> None:
    """What the engine wrote down of the turn: the words, one of our actions, what it said."""
    assert {event["event"] for event in events} <= EVENTS, f"{text!r}: {[event['event'] for event in events]}"
    (user,) = [event for event in events if event["event"] == "user"]
    assert user["text"] == said.message.text.strip()  # Rasa trims every message
    assert user["parse_data"]["intent"]["confidence"] < 1.0
    assert not any(entity.get("extractor") == "RegexMessageHandler" for entity in user["parse_data"]["entities"])
    ran = [event["name"] for event in events if event["event"] == "action"]
    assert set(ran) <= {*ACTIONS, "action_listen"}, ran
    assert all(event["name"] in (*KEPT, "asked", "clarifications") for event in events if event["event"] == "slot")


async def _same_without_slash(house: House, text: str, said: Said, n: int) -> bool:
    """Whether somebody with the same talk behind them who types the letters alone is answered the same."""
    bare, twin = text.replace("/", "").replace("／", "").replace("∕", "").strip(), f"o-twin-{n}"
    for words in PRELUDE:
        await house.say(words, sender=twin)
    answered = await house.say(bare, sender=twin)
    return [reply.text for reply in answered.replies] == [reply.text for reply in said.replies]


async def _about(house: House, talk: str) -> dict[str, Any]:
    slots = await house.slots(talk)
    return {name: slots[name] for name in KEPT}


def _held(conversation: Conversation) -> tuple[Any, ...]:
    return (
        conversation.holder,
        conversation.holder_name,
        conversation.region,
        conversation.reason,
        conversation.priority,
    )


def _counts(house: House) -> dict[str, int]:
    """Rows of each table."""
    if house.database.kind != "sqlite":
        return {}
    connection = sqlite3.connect(house.database.path)
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
    finally:
        connection.close()


async def _everything_kept(house: House, talk: str) -> str:
    """All that was stored of a conversation, opened."""
    rows = [(row.text, dict(row.about), row.channel_message_id, row.reason) for row in await house.transcript(talk)]
    return json.dumps([rows, await house.turns(talk)], ensure_ascii=False, default=str)


async def test_a_number_inside_a_command_is_covered_like_any_other(house: House) -> None:
    """A-31"""
    said = await house.say(f'/inform{{"id_number":"{IDENTITY}"}}')
    assert "身份证号已隐去" in said.message.text
    assert "隐去" in said.replies[0].text
    assert IDENTITY not in await _everything_kept(house, said.conversation.id)
    assert "id_number" not in await house.slots(said.conversation.id)


async def test_what_was_copied_from_another_persons_talk_is_plain_text(house: House) -> None:
    """A-33: option ids, meanings and marks of theirs do nothing here."""
    theirs = await house.say("申请低保要符合什么条件", sender="o-other")
    number, option = next(
        (number, one) for number, one in enumerate(theirs.replies[-1].choices, 1) if "answer" in one.meaning
    )
    copied = [
        f"{theirs.replies[-1].seq}-{number}",
        f"/choose{json.dumps(dict(option.meaning))}",
        json.dumps(dict(option.meaning)),
        f"bizmsgmenuid={theirs.replies[-1].seq}-1&msgmenucontent=1",
        '{"person": true}',
        '{"region": "110101"}',
        theirs.message.id,
    ]
    asked = Listening(house)
    for text in copied:
        taken = await house.take(text, sender="o-me")
        await house.work(asked)
        house.clock.advance(seconds=5)
        mine = await house.said(taken.id)
        assert mine.replies[-1].about["entry"] != option.meaning["answer"]
        assert (mine.conversation.holder, mine.conversation.region) == ("bot", "")
    await house.take("某个选项", sender="o-me", choice=f"{theirs.replies[-1].seq}-1")
    await house.work(asked)
    assert [turn.meaning for turn in asked.turns] == [None] * (len(copied) + 1)


class Listening:
    """The house's engine, and what it was asked."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.turns: list[Turn] = []

    async def turn(self, turn: Turn) -> Sequence[Reply]:
        self.turns.append(turn)
        return await self._house.engine.turn(turn)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_looks_like_a_template_is_answered_like_any_other_nonsense(house: House) -> None:
    """A-34: nothing is filled in, nothing is counted out, nothing comes back."""
    await house.say("我在武汉市洪山区")
    helpless = {Outcome.DECLINED, Outcome.CLARIFIED, Outcome.SMALLTALK, Outcome.REDIRECTED}
    for text in TEMPLATES:
        said = await house.say(text)
        seen = "\n".join(reply.text for reply in said.replies)
        assert said.message.text == text
        assert {reply.about["outcome"] for reply in said.replies} <= helpless, text
        assert len(text) < 3 or text not in seen
        assert "49" not in seen
        assert "420111" not in seen
        assert not any(mark in seen for mark in "{}"), seen
        assert said.conversation.region == "420111"
