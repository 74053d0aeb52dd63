"""Each adult agrees in their own chat by a single-use code; a code says nothing to whoever guesses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from bot.clock import FixedClock
from bot.desk import consenting
from bot.desk.case_ports import Consent, Draft
from bot.desk.desk import Desk
from bot.desk.filling.kinds import Finished
from bot.desk.kinds.consent import ConsentForm
from bot.forms.model import Given, Sheet
from tests.desk.kinds.conftest import Chat
from tests.papers.persons import a_number

WANG = a_number("420106", date(1956, 3, 2), 122)
LI = a_number("420111", date(1954, 7, 9), 451)
SON = a_number("420111", date(1990, 5, 1), 453)
CHILD = a_number("420111", date(2015, 1, 1), 452)
AGREED = {"version": "2026-11-25"}
HOUSEHOLD = {
    "household_size": 4,
    "name": "王桂英",
    "identity": WANG,
    "members.2.name": "李建国",
    "members.2.identity": LI,
    "members.3.name": "李小军",
    "members.3.identity": SON,
    "members.4.name": "李小宝",
    "members.4.identity": CHILD,
    "apply_as": "self",
    "check": AGREED,
    "guardian": AGREED,
}


@dataclass
class Family:
    desk: Desk
    clock: FixedClock
    draft: Draft
    codes: dict[str, str]

    async def consents(self) -> dict[str, Consent]:
        async with self.desk.store.reading() as work:
            return {one.name: one for one in await work.consents.of_draft(self.draft.id)}


async def family(chat: Chat, answers: Mapping[str, Any] = HOUSEHOLD, form: str = "dibao") -> Family:
    """An application that was filled in, with everybody asked."""
    desk, now = chat.desk, chat.clock.now()
    async with desk.store.writing() as work:
        talk = await work.conversations.open("wechat", "gh_1", chat.sender, now, "resident")
        person = await work.people.make(talk.id, now, "application")
        await work.people.change(person.id, now, name="王桂英")
        sheet = Sheet(form, {path: Given(value) for path, value in answers.items()})
        draft = await work.drafts.open(talk.id, person.id, "application", form, sheet, {}, now)
        wanted = await consenting.ask_household(desk, work, draft, desk.edition.form(form), "wechat", now)
        again = await consenting.ask_household(desk, work, draft, desk.edition.form(form), "wechat", now)
        await work.commit()
    assert [(one.member, one.name) for one in again] == [(one.member, one.name) for one in wanted]
    assert not any(one.code for one in again)
    return Family(desk, chat.clock, draft, {one.name: one.code for one in wanted})


async def test_adults_are_asked_and_minors_are_spoken_for(chat: Chat) -> None:
    home = await family(chat)
    assert set(home.codes) == {"李建国", "李小军"}
    assert all(len(code) == 8 and code.isdigit() for code in home.codes.values())
    found = await home.consents()
    assert {name: (one.state, one.by_guardian) for name, one in found.items()} == {
        "王桂英": ("given", False),
        "李建国": ("asked", False),
        "李小军": ("asked", False),
        "李小宝": ("given", True),
    }
    assert consenting.missing(list(found.values())) == ("李建国", "李小军")


async def test_a_form_without_a_check_asks_nobody(chat: Chat) -> None:
    assert (await family(chat, form="linshi_xiaoe")).codes == {}


async def test_whoever_is_helped_agrees_for_themselves_and_a_child_s_guardian_too(chat: Chat) -> None:
    """Nothing is given by a helper; only the fields of consent are missing from their sheet."""
    answers = {key: value for key, value in HOUSEHOLD.items() if key not in ("check", "guardian")}
    home = await family(chat, answers | {"apply_as": "village"})
    assert set(home.codes) == {"王桂英", "李建国", "李小军", "李小宝的监护人"}
    assert not [one for one in (await home.consents()).values() if one.state == "given"]


async def test_the_code_opens_who_asks_what_for_and_the_whole_text(chat: Chat, desk: Desk) -> None:
    home = await family(chat)
    other = Chat(desk, chat.clock, "o-li")
    await other.open("consent", home.codes["李建国"])
    text = desk.edition.consents["check"]
    assert "王桂英正在申请" in other.text
    assert "李建国" in other.text
    assert text.text.strip() in other.text
    assert text.version in other.text
    assert other.asked == "agree"
    await other.say("同意")
    one = (await home.consents())["李建国"]
    talk = await other.talk()
    assert (one.state, one.channel, one.conversation, one.version) == ("given", "wechat", talk.id, text.version)
    assert one.at is not None
    assert other.form == ""


async def test_the_code_may_come_as_an_answer(chat: Chat, desk: Desk) -> None:
    home = await family(chat)
    other = Chat(desk, chat.clock, "o-li")
    await other.open("consent")
    assert other.asked == "code"
    code = home.codes["李建国"]
    await other.say(f"{code[:4]} {code[4:]}")
    assert other.asked == "agree"
    await other.say("不同意")
    assert (await home.consents())["李建国"].state == "refused"


async def test_the_applicant_hears_who_answered_and_who_is_missing(chat: Chat, desk: Desk) -> None:
    home = await family(chat)
    other = Chat(desk, chat.clock, "o-li")
    await other.open("consent", home.codes["李建国"])
    await other.say("同意")
    async with desk.store.reading() as work:
        rows = await work.messages.history(home.draft.conversation)
    assert "李建国已经同意" in rows[-1].text
    assert "李小军" in rows[-1].text


async def test_a_code_works_once(chat: Chat, desk: Desk) -> None:
    home = await family(chat)
    first = Chat(desk, chat.clock, "o-li")
    await first.open("consent", home.codes["李建国"])
    await first.say("同意")
    second = Chat(desk, chat.clock, "o-thief")
    await second.open("consent", home.codes["李建国"])
    assert second.form == ""
    wrong = second.text
    await second.open("consent", "00000000")
    assert second.text == wrong


async def test_wrong_used_and_expired_codes_sound_the_same_and_guessing_ends(chat: Chat, desk: Desk) -> None:
    home = await family(chat)
    thief = Chat(desk, chat.clock, "o-thief")
    heard = set()
    for number in range(consenting.TRIES):
        await thief.open("consent", f"0000000{number}")
        heard.add(thief.text)
    # From here on the right one is not found either, for a while.
    await thief.open("consent", home.codes["李小军"])
    heard.add(thief.text)
    assert len(heard) == 1
    assert "李小军" not in thief.text
    chat.clock.advance(days=8)
    await thief.open("consent", home.codes["李小军"])
    assert {thief.text} == heard


async def test_after_five_wrong_answers_the_question_ends(chat: Chat, desk: Desk) -> None:
    other = Chat(desk, chat.clock, "o-li")
    await other.open("consent")
    for number in range(consenting.TRIES):
        assert other.form
        await other.say(f"1111 000{number}")
    assert other.form == ""


@pytest.mark.parametrize("sender", ["o-wang", "o-li"])
async def test_nobody_agrees_for_another_adult_in_the_same_chat(chat: Chat, desk: Desk, sender: str) -> None:
    home = await family(chat)
    other = Chat(desk, chat.clock, sender)
    if sender == "o-li":
        await other.open("consent", home.codes["李建国"])
        await other.say("同意")
    await other.open("consent", home.codes["李小军"])
    assert "本人" in other.text
    assert "窗口" in other.text
    assert other.form == ""
    assert (await home.consents())["李小军"].state == "asked"


async def test_a_guardian_speaks_for_a_child_beside_themselves(chat: Chat, desk: Desk) -> None:
    answers = {key: value for key, value in HOUSEHOLD.items() if key not in ("check", "guardian")}
    home = await family(chat, answers | {"apply_as": "village"})
    other = Chat(desk, chat.clock, "o-li")
    for name in ("李建国", "李小宝的监护人"):
        await other.open("consent", home.codes[name])
        await other.say("同意")
        assert (await home.consents())[name].state == "given", other.text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("授权码 1234 5678", "12345678"),
        ("授权码：１２３４５６７８", "12345678"),
        ("妈让我发授权码12345678给你们", "12345678"),
        ("授权码1234", ""),
        ("授权码 1234 56789", ""),
        ("12345678", ""),
        ("电话13800001234", ""),
    ],
)
def test_a_code_is_heard_only_as_a_code(text: str, code: str) -> None:
    assert consenting.code_in(text) == code


def test_alone_it_counts_only_where_it_was_asked_for() -> None:
    assert consenting.code_said("1234 5678") == "12345678"
    assert consenting.code_said("我的码是12345678") == "12345678"
    assert consenting.code_said("低保多少钱") == ""


async def test_begin_never_opens_a_form_for_a_code_of_nobody(desk: Desk, chat: Chat) -> None:
    await chat.open("emergency")
    async with desk.store.writing() as work:
        started = await ConsentForm().begin(desk, work, await chat.talk(), "99999999")
    assert isinstance(started, Finished)
