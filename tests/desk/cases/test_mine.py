"""A-47, T-27: what is not yours does not exist. Every way in, with every id of somebody else's: the same answer as for an id
that is nobody's, and nothing of theirs in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversations import Conversation
from bot.desk.case_ports import Case, Consent, Draft
from bot.desk.cases import rights
from bot.desk.cases.mine import own_case, own_cases
from bot.desk.filling.kinds import Finished, Start
from bot.desk.kinds.change import Change
from bot.desk.kinds.data import Data
from bot.desk.kinds.lookup import Lookup
from bot.desk.kinds.objection import Objection
from bot.forms.model import Given, Sheet
from bot.messages import Reply
from tests.desk.cases.conftest import Town

NOBODYS = "01ZZZZZZZZZZZZZZZZZZZZZZZZ"


async def begun(
    town: Town, kind: Lookup | Change | Objection, talk: Conversation, programme: str
) -> list[Reply] | None:
    """What is said in place of a form; None: the form was opened."""
    async with town.desk.store.writing() as work:
        found = await kind.begin(town.desk, work, talk, programme)
        await work.commit()
    return list(found.replies) if isinstance(found, Finished) else None


async def two(town: Town) -> tuple[Conversation, Conversation, Case]:
    """A stranger's chat, the owner's chat, the owner's case."""
    theirs = await town.chat()
    case = await town.case(await town.person(theirs), theirs)
    stranger = await town.chat()
    await town.case(await town.person(stranger, name="张三", identity="420106197001015678"), stranger)
    return stranger, theirs, await town.set(case, "accepted", "approved", "paying")


@pytest.mark.parametrize(
    ("kind", "before"),
    [(Lookup(), ""), (Objection(), ""), (Change(), ""), (Change(), "hearing:"), (Change(), "unpaid:")],
)
async def test_anothers_case_is_answered_as_nobodys(town: Town, kind: Lookup | Change | Objection, before: str) -> None:
    stranger, theirs, case = await two(town)
    said = await begun(town, kind, stranger, before + case.id)
    assert said is not None
    assert said == await begun(town, kind, stranger, before + NOBODYS)
    assert [reply.text for reply in said] == [town.desk.edition.words("case_not_found").strip()]
    mine = await begun(town, kind, theirs, before + case.id)
    assert mine is None or "最低生活保障" in mine[0].text


async def test_the_case_of_a_draft_is_proved_again_when_the_form_ends(town: Town) -> None:
    """Whatever a draft's sheet or beside it says, also when the chat was unbound meanwhile."""
    stranger, theirs, case = await two(town)
    for talk, about in ((stranger, {"case": case.id}), (theirs, {"case": NOBODYS})):
        for kind, sheet in (
            (Change(), Sheet("change", {"change_what": Given(["income"]), "change_detail": Given("涨了")})),
            (Change(), Sheet("change", {"change_case": Given(case.id), "change_what": Given(["income"])})),
        ):
            async with town.desk.store.writing() as work:
                person = await work.people.of_conversation(talk.id)
                assert person
                draft = await work.drafts.open(talk.id, person.id, "change", "", sheet, about, town.now)
                done = await kind.finish(town.desk, work, draft, talk)
                await work.commit()
            assert [reply.text for reply in done.replies] == [town.desk.edition.words("case_not_found").strip()]
    assert not await town.tasks(case)
    assert [line for line in await town.timeline(case) if line.about.get("report")] == []


async def test_an_objection_to_anothers_case_says_nothing_of_it(town: Town) -> None:
    stranger, _, case = await two(town)
    sheet = Sheet("objection", {"against": Given("refused"), "wants": Given("请再审")})
    async with town.desk.store.writing() as work:
        person = await work.people.of_conversation(stranger.id)
        assert person
        draft = await work.drafts.open(stranger.id, person.id, "objection", "", sheet, {"case": case.id}, town.now)
        done = await Objection().finish(town.desk, work, draft, stranger)
        await work.commit()
    told = "".join(reply.text for reply in done.replies)
    assert case.number not in told.replace(" ", "")
    assert not await town.tasks(case)


async def test_anothers_consent_is_not_withdrawn(town: Town) -> None:
    stranger, theirs, _ = await two(town)
    async with town.desk.store.writing() as work:
        owner = await work.people.of_conversation(theirs.id)
        assert owner
        draft = await work.drafts.open(theirs.id, owner.id, "application", "dibao", Sheet("dibao"), {}, town.now)
        given: Consent = await work.consents.give(
            draft.id, 1, "王桂英", "check", "1", "wechat", theirs.id, owner.id, town.now
        )
        refused = await rights.withdraw(town.desk, work, stranger.id, "wechat", given.id)
        assert refused == await rights.withdraw(town.desk, work, stranger.id, "wechat", NOBODYS)
        assert [one.state for one in await work.consents.of_draft(draft.id)] == ["given"]
        await rights.withdraw(town.desk, work, theirs.id, "wechat", given.id)
        assert [one.state for one in await work.consents.of_draft(draft.id)] == ["withdrawn"]
        assert (await work.drafts.get(draft.id)).state == "cancelled", "what stands on it does not go on"


async def test_what_is_seen_is_ones_own(town: Town) -> None:
    stranger, _, case = await two(town)
    async with town.desk.store.reading() as work:
        mine = await rights.see(town.desk, work, stranger.id)
    number = case.number
    assert number not in mine.text.replace(" ", "")
    assert "王" not in mine.text
    assert "张**" not in mine.text
    assert "张*" in mine.text


async def test_an_old_binding_sees_no_new_case(town: Town) -> None:
    """A-50: unbound, rebound, and two channels of one person."""
    old, new = await town.chat(), await town.chat()
    owner = await town.person(old)
    first = await town.case(owner, old)
    async with town.desk.store.writing() as work:
        assert [case.id for case in await own_cases(work, old.id)] == [first.id]
        assert not await own_cases(work, new.id), "the same person by name, on another channel: no merge without proof"
        await work.people.unbind(old.id, town.now)
        await work.people.bind(new.id, owner.id, "receipt and facts", town.now)
        await work.commit()
    second = await town.case(owner, new)
    async with town.desk.store.reading() as work:
        assert not await own_cases(work, old.id)
        assert await own_case(work, old.id, second.id) is None
        assert await own_case(work, old.id, first.id) is None
        assert {case.id for case in await own_cases(work, new.id)} == {first.id, second.id}


async def test_the_same_facts_do_not_make_the_same_person(town: Town) -> None:
    """A recycled phone, the same name: two files stay two."""
    one, other = await town.chat(), await town.chat()
    await town.case(await town.person(one), one)
    await town.person(other)
    async with town.desk.store.reading() as work:
        assert not await own_cases(work, other.id)


async def test_proof_binds_a_chat_only_when_its_holder_says_so(town: Town) -> None:
    owner = await town.person()
    case = await town.case(owner)
    for answer, bound in ((False, False), (True, True)):
        talk = await town.chat()
        async with town.desk.store.writing() as work:
            stranger = await work.people.make(talk.id, town.now, "lookup")
            sheet = Sheet("lookup", {"receipt": Given(case.number), "proof": Given("王桂英 1234")})
            draft: Draft = await work.drafts.open(talk.id, stranger.id, "lookup", "", sheet, {}, town.now)
            noticed = await Lookup().noticed(town.desk, work, draft)
            assert "最低生活保障" in noticed.replies[0].text
            assert not noticed.end
            assert noticed.sheet is not None
            assert not noticed.sheet.answers, "number and facts are not kept"
            assert not await own_cases(work, talk.id)
            asked = replace(draft, about=noticed.about or {}, sheet=Sheet("lookup", {"bind": Given(answer)}))
            assert [step.id for step in Lookup().form(town.desk, asked).steps] == ["bind"]
            done = await Lookup().finish(town.desk, work, asked, talk)
            assert done.state == "cancelled"
            assert bool(await own_cases(work, talk.id)) is bound
            await work.commit()


async def test_a_chat_that_speaks_for_somebody_is_not_bound_to_another(town: Town) -> None:
    """A son who applied for himself looks up his mother's case: he sees it, and stays himself."""
    talk = await town.chat()
    son = await town.person(talk, name="王小明", identity="420106198001012222")
    await town.case(son, talk)
    mother = await town.case(await town.person())
    async with town.desk.store.writing() as work:
        sheet = Sheet("lookup", {"receipt": Given(mother.number), "proof": Given("王桂英 1234")})
        draft = await work.drafts.open(talk.id, son.id, "lookup", "number", sheet, {}, town.now)
        noticed = await Lookup().noticed(town.desk, work, draft)
        assert noticed.end
        ended = replace(draft, about=noticed.about or {}, sheet=noticed.sheet or sheet)
        done = await Lookup().finish(town.desk, work, ended, talk)
        assert "最低生活保障" in done.replies[0].text
        assert (await work.people.of_conversation(talk.id)) == son
        assert mother.id not in {case.id for case in await own_cases(work, talk.id)}


async def test_data_opens_for_everybody_and_holds_only_their_own_consents(town: Town) -> None:
    stranger, theirs, _ = await two(town)
    async with town.desk.store.writing() as work:
        owner = await work.people.of_conversation(theirs.id)
        assert owner
        draft = await work.drafts.open(theirs.id, owner.id, "application", "dibao", Sheet("dibao"), {}, town.now)
        await work.consents.give(draft.id, 1, "王桂英", "check", "1", "wechat", theirs.id, owner.id, town.now)
        mine = await Data().begin(town.desk, work, theirs, "")
        other = await Data().begin(town.desk, work, stranger, "")
    assert isinstance(mine, Start)
    assert isinstance(other, Start)
    assert (len(mine.about["consents"]), len(other.about["consents"])) == (1, 0)
