"""What the assistant says around the answers is written anew by editors; the program's names for it are not theirs."""

from __future__ import annotations

import pytest

from bot.desk.publicity import fixed_words, proposals, publishing
from bot.desk.publicity.finding import Wanted, find
from bot.desk.publicity.hints import hints
from bot.desk.publicity.previewing import words_shown
from bot.desk.words import say
from bot.errors import BadInput, NotYours
from bot.knowledge.problems import Refused
from tests.desk.publicity.conftest import Team

DANGER = "distress_life"


async def test_new_words_are_said_once_two_people_have_read_them(team: Team) -> None:
    good = await team.approved("greet", {"text": "您好，我是救助通。\n慢慢说，我听着。\n"}, "words")
    assert "我听着" not in say(team.desk, "greet").text
    await publishing.publish(team.desk, team.abe, {good.id: good.version})
    await team.live()
    assert say(team.desk, "greet").text == "您好，我是救助通。\n慢慢说，我听着。"


async def test_none_is_added_and_none_taken_away(team: Team) -> None:
    for key, data in (("greet", None), ("no_such_words", {"text": "新的一句。"})):
        with pytest.raises(BadInput, match="只能改说法"):
            await proposals.start(team.desk, team.ed, "words", key, data)
    with pytest.raises(NotYours):
        await proposals.start(team.desk, team.wuhan, "words", "greet")


async def test_a_number_or_mark_that_gets_lost_is_pointed_out(team: Team) -> None:
    """In danger people are told a number: whoever rewrites the words is told that it is gone."""
    data = await team.entry(DANGER, "words")
    assert "12356" in data["text"]
    found = await hints(team.desk, "words", DANGER, {"text": "先别急。\n请和人说说话。\n"}, DANGER)
    assert "原来写着“12356”，现在没有了" in {one.what for one in found.all}
    assert found.refusals == 0
    place = await team.entry("place_noted", "words")
    assert "{place}" in place["text"]
    found = await hints(team.desk, "words", "place_noted", {"text": "记下了。"}, "place_noted")
    assert "原来写着“{place}”，现在没有了" in {one.what for one in found.all}
    assert (await hints(team.desk, "words", DANGER, data, DANGER)).refusals == 0


async def test_a_mark_the_program_does_not_know_is_refused(team: Team) -> None:
    draft = await proposals.start(team.desk, team.ed, "words", "greet", {"text": "您好，{xingming}。"})
    with pytest.raises(Refused, match="不认识"):
        await proposals.submit(team.desk, team.ed, {draft.id: draft.version})
    blame = await proposals.start(team.desk, team.ed, "words", "bye", {"text": "您不符合条件。"})
    with pytest.raises(Refused, match="下了结论"):
        await proposals.submit(team.desk, team.ed, {blame.id: blame.version})


async def test_they_are_found_by_what_they_are_for_and_what_they_say(team: Team) -> None:
    everything = await find(team.desk, team.ed, Wanted("words"))
    names = {code for code, _, _ in everything.tree}
    assert {"危急的时候", "查进度", fixed_words.OTHERS} <= names
    assert next(code for code, _, _ in everything.tree) == fixed_words.OTHERS
    assert all(not name.isascii() for name in names)
    danger = await find(team.desk, team.ed, Wanted("words", programme="危急的时候"))
    assert DANGER in {row.key for row in danger.rows}
    said = await find(team.desk, team.ed, Wanted("words", words="12356"))
    assert DANGER in {row.key for row in said.rows}
    assert all(row.title and row.title != row.key for row in everything.rows)


async def test_a_preview_fills_in_what_a_place_has(team: Team) -> None:
    text = (await team.entry("give_up", "words"))["text"]
    (chat, old_eyes) = words_shown(team.desk, "give_up", {"text": text}, "420111")
    assert "{hotline}" in text
    assert "{" not in chat.pages[0]
    assert chat.pages == old_eyes.pages
    assert words_shown(team.desk, "place_noted", {"text": "记下了，您在{place}。"})[0].note
    assert words_shown(team.desk, "greet", {"text": ""})[0].pages == ()
