"""What comes after an application was handed in: photos that were wanted, the account for the money."""

from __future__ import annotations

from bot.desk.cases.moving import move
from tests.desk.cases.conftest import Town
from tests.desk.cases.talk import Talk, owned


async def test_papers_that_follow_reach_the_case(town: Town) -> None:
    """N-13: what is wanted is said, the photos go with the case, and a person looks whether they are enough."""
    talk, case = await owned(town)
    async with town.desk.store.writing() as work:
        case = await move(town.desk, work, case, "need_more", "officer:chen", missing=["户口簿", "残疾证"])
        await work.commit()
    said = await talk.open("more")
    assert "户口簿、残疾证" in said
    await talk.say("同意")
    async with town.desk.store.writing() as work:
        draft = await work.drafts.get(talk.form)
        papers = [
            await work.papers.add(draft.id, draft.person, 1, "more", "kept", f"jpg{n}".encode(), town.now)
            for n in (1, 2)
        ]
        await work.commit()
    for paper in papers:
        await talk.tap({"paper": paper.id, "draft": talk.form})
    said = await talk.say("确认")
    assert "收到2张" in said
    assert talk.form == ""
    async with town.desk.store.reading() as work:
        found = await work.papers.of_case(case.id)
        assert {paper.id: await work.papers.read(paper.id) for paper in found} == {
            paper.id: f"jpg{n}".encode() for n, paper in enumerate(papers, 1)
        }
        assert not await work.papers.of_draft(draft.id), "they are the case's now"
    (task,) = [task for task in await town.tasks(case) if task.kind == "callback"]
    assert "补了2张照片" in task.text
    assert (await town.get(case)).state == "need_more", "whether it is enough is not for us to say"


async def test_without_photos_nothing_is_handed_on(town: Town) -> None:
    talk, case = await owned(town, "need_more")
    await talk.open("more", case.id)
    await talk.say("同意")
    said = await talk.say("跳过")
    if talk.form:
        said = await talk.say("确认")
    assert "以后拍好了再发" in said
    assert not await town.tasks(case)


async def test_the_card_that_was_left_out_is_said_after_the_decision(town: Town) -> None:
    """11.1: the account is needed only before the first payment; it is kept with the case, and a person checks it."""
    talk, case = await owned(town, "accepted", "checking", "investigating", "publicizing", "reviewing", "approved")
    await talk.open("bank", case.id)
    await talk.say("同意")
    await talk.say("王桂英 农业银行 6228480402564890018")
    said = await talk.say("确认")
    assert "记下了" in said
    assert talk.form == ""
    async with town.desk.store.reading() as work:
        found = await work.cases.get(case.id, answers=True)
        line = (await work.cases.timeline(case.id))[-1]
    assert found.answers["bank_account"].value == "6228480402564890018"
    assert found.state == "approved"
    assert "6228" not in str(line)
    (task,) = [task for task in await town.tasks(case) if task.kind == "callback"]
    assert "收钱的账户" in task.text
    assert "6228" not in task.text


async def test_who_has_no_card_yet_loses_nothing(town: Town) -> None:
    talk, case = await owned(town, "accepted", "checking", "investigating", "publicizing", "reviewing", "approved")
    await talk.open("bank", case.id)
    await talk.say("不同意")
    assert talk.form == ""
    async with town.desk.store.reading() as work:
        assert "bank_account" not in (await work.cases.get(case.id, answers=True)).answers
    assert not await town.tasks(case)


async def test_anothers_case_takes_no_account(town: Town) -> None:
    _, case = await owned(town, "accepted")
    stranger = Talk(town, await town.chat())
    said = await stranger.open("bank", case.id)
    assert stranger.form == ""
    assert "农业银行" not in said
