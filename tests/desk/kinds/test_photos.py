"""Photos in an application: fetched once, kept sealed, read where it saves typing, and never the end of anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.desk import papers, receiving
from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.errors import TryAgain
from bot.forms.model import Field, Given, Sheet
from bot.messages import Kind
from bot.papers.card import Read
from tests.desk.kinds.conftest import Album, Chat
from tests.desk.kinds.test_consent import LI, WANG

CARD = b"card of wang"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


async def at_name(chat: Chat) -> None:
    """An application that asks for name and number."""
    await chat.open("application", "linshi_jinan")
    for _ in range(12):
        if "identity" in {path.rsplit(".", 1)[-1] for path in (await chat.draft()).sheet.asked_paths}:
            return
        await chat.say("同意" if "同意" in chat.said[-1].text else "给自己家办")
    raise AssertionError(chat.text)


async def test_a_card_gives_name_and_number_after_a_yes(chat: Chat, album: Album, desk: Desk) -> None:
    await at_name(chat)
    album.holds["m1"], album.shows[CARD] = CARD, [Read("王桂英", WANG)]
    await chat.photo("m1")
    assert "王桂英" in chat.text
    assert WANG not in chat.text
    assert WANG[-4:] in chat.text
    draft = await chat.draft()
    assert WANG not in str([given.value for given in draft.sheet.answers.values()])
    assert not any(WANG in str(choice.meaning) for choice in chat.said[-1].choices), "the number goes to the engine"
    await chat.tap("对，就是这个")
    answers = await chat.answers()
    said = {path.rsplit(".", 1)[-1]: given.value for path, given in answers.items()}
    assert (said["name"], said["identity"]) == ("王桂英", WANG)
    async with desk.store.reading() as work:
        (paper,) = await work.papers.of_draft(chat.form)
        assert await work.papers.read(paper.id) == b"jpeg:" + CARD
    assert (paper.kind, paper.state) == ("identity", "kept")
    assert said["paper_identity"] == [paper.id], "the card would be asked for once more"


async def test_a_no_leaves_it_to_typing(chat: Chat, album: Album) -> None:
    await at_name(chat)
    before, asked = await chat.answers(), chat.said[-1].text
    album.holds["m1"], album.shows[CARD] = CARD, [Read("王桂英", WANG)]
    await chat.photo("m1")
    await chat.tap("不对，我打字说")
    left = {path: given for path, given in (await chat.answers()).items() if path != papers.CARD}
    assert left == before
    assert chat.said[-1].text == asked


async def test_a_card_that_cannot_be_read_is_said_kindly(chat: Chat, album: Album) -> None:
    await at_name(chat)
    asked = chat.said[-1].text
    album.holds["m1"] = b"something"
    await chat.photo("m1")
    assert "没认出来" in chat.text
    assert chat.said[-1].text.endswith(asked)


async def test_too_blurred_is_said_once_and_the_second_is_kept(chat: Chat, album: Album, desk: Desk) -> None:
    await at_name(chat)
    album.holds |= {"m1": b"soft", "m2": b"soft"}
    album.blurred = {b"soft"}
    await chat.photo("m1")
    assert "看不清" in chat.text
    async with desk.store.reading() as work:
        assert await work.papers.of_draft(chat.form) == []
    await chat.photo("m2")
    async with desk.store.reading() as work:
        assert [one.state for one in await work.papers.of_draft(chat.form)] == ["blurred"]


async def test_a_blurred_card_whose_number_holds_is_good_enough(chat: Chat, album: Album) -> None:
    await at_name(chat)
    album.holds["m1"], album.shows[CARD], album.blurred = CARD, [Read("王桂英", WANG)], {CARD}
    await chat.photo("m1")
    assert "对吗" in chat.text


@pytest.mark.parametrize(
    ("content", "words", "asked"),
    [
        (None, "重新发一次", 1),
        (TryAgain("busy"), "重新发一次", 2),
        (b"no photo", "打不开", 1),
        (b"deadly", "重新发一次", 1),
    ],
    ids=["gone", "away", "no photo", "deadly"],
)
async def test_what_cannot_be_had_is_asked_for_again_and_not_for_ever(
    chat: Chat, album: Album, content: bytes | Exception | None, words: str, asked: int
) -> None:
    """A-68, A-66."""
    await at_name(chat)
    question, before = chat.said[-1].text, await chat.answers()
    if content is not None:
        album.holds["m1"] = content
    await chat.photo("m1")
    assert words in chat.text
    assert chat.said[-1].text == question
    assert await chat.answers() == before
    assert album.fetched == ["m1"] * asked


async def test_before_the_notice_no_photo_is_fetched_or_kept(chat: Chat, album: Album, desk: Desk) -> None:
    """A-52, T-36: a card sent as the first thing."""
    await chat.open("application", "linshi_jinan")
    album.holds["m1"], album.shows[CARD] = CARD, [Read("王桂英", WANG)]
    await chat.photo("m1")
    assert "没有保存" in chat.text
    assert album.fetched == []
    async with desk.store.reading() as work:
        assert await work.papers.of_draft(chat.form) == []


async def test_the_same_message_again_keeps_one_paper(chat: Chat, album: Album, desk: Desk) -> None:
    await at_name(chat)
    album.holds["m1"] = CARD
    row = await chat._taken("", kind=Kind.IMAGE, media="m1")
    first = await receiving.receive(desk, await chat.talk(), row)
    assert await receiving.receive(desk, await chat.talk(), row) == first
    assert album.fetched == ["m1"]
    async with desk.store.reading() as work:
        assert len(await work.papers.of_draft(chat.form)) == 1


async def test_of_two_people_on_a_page_the_one_asked_for_is_proposed(chat: Chat, album: Album) -> None:
    await at_name(chat)
    album.holds["m1"], album.shows[CARD] = CARD, [Read("王桂英", WANG), Read("李建国", LI)]
    await chat.photo("m1")
    await chat.tap("对，就是这个")
    draft = await chat.draft()
    asked = [("members.2.name", desk_field(chat, "name")), ("members.2.identity", desk_field(chat, "identity"))]
    paper = next(iter(draft.about[papers.READ]))
    assert papers.proposed(draft, asked, paper) == {"members.2.name": "李建国", "members.2.identity": LI}


async def test_a_card_sent_after_its_number_was_said_is_held_beside_it(chat: Chat, album: Album, desk: Desk) -> None:
    await at_name(chat)
    await chat.say(f"王桂英 {WANG} 13800001234")
    album.holds |= {"m1": CARD, "m2": b"card of li"}
    album.shows = {CARD: [Read("王桂英", WANG)], b"card of li": [Read("李建国", LI)]}
    async with desk.store.writing() as work:
        draft = await work.drafts.get(chat.form)
        sheet = replace(draft.sheet, asked="paper_identity", asked_paths=(papers.CARD,))
        await work.drafts.save(draft, chat.clock.now(), sheet=sheet)
        await work.commit()
    form = desk.edition.form("dibao")
    assert papers.wanted(form, sheet, desk.today()) == papers.CARD
    asked = [(papers.CARD, desk_field(chat, papers.CARD))]
    draft = replace(draft, sheet=sheet, about={papers.READ: {"p1": [{"name": "李建国", "identity": LI}]}})
    other = papers.taken(desk, draft, asked, "p1", form)
    assert other.values == {papers.CARD: ["p1"]}
    assert "不一样" in other.replies[0].text
    draft = replace(draft, about={papers.READ: {"p1": [{"name": "王桂英", "identity": WANG}]}})
    assert "收到" in papers.taken(desk, draft, asked, "p1", form).replies[0].text


def test_an_album_arrives_one_by_one(chat: Chat) -> None:
    """The second photo comes when another question is open already: it goes to the paper the first one answered."""
    form = chat.desk.edition.form("dibao")
    sheet = Sheet(form.id, {papers.CARD: Given(["p1"])}, asked="truth", asked_paths=("truth",), last_put=(papers.CARD,))
    draft = Draft("d", "c", "p", "application", "dibao", {}, sheet, "open", 1, "", [], NOW, NOW, NOW)
    asked = [("truth", desk_field(chat, "truth"))]
    taken = papers.taken(chat.desk, draft, asked, "p2", form)
    assert taken.values == {papers.CARD: ["p1", "p2"]}
    assert "一共2张" in taken.replies[0].text
    elsewhere = replace(draft, sheet=replace(sheet, last_put=("truth",)))
    assert papers.taken(chat.desk, elsewhere, asked, "p2", form).values == {}


def desk_field(chat: Chat, key: str) -> Field:
    return chat.desk.edition.fields[key]
