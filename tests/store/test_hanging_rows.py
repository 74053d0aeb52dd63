"""What hangs on a case: consents by single-use codes, photos, tasks, referrals, and the office's calls."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from bot.desk.ports import Store
from bot.errors import BadInput, Conflict
from bot.messages import State
from tests.canary import NAME, PHONE
from tests.store.applications import began, sheet, submitted
from tests.store.conftest import NOW, after, opened, took, wrote


async def test_a_code_is_asked_for_once_in_time_and_settles_one_consent(store: Store) -> None:
    talk, other = await opened(store, "o-1"), await opened(store, "o-2")
    async with store.writing() as work:
        made = await began(work, talk.id)
        asked = await work.consents.ask(made.draft.id, 2, "王小明", "check", "2026-11", "K7Q2M9", after(600), NOW)
        assert (asked.state, asked.name, asked.at, asked.code_until) == ("asked", "王小明", None, after(600))
        assert await work.consents.by_code("K7Q2M9", after(599)) == asked
        assert await work.consents.by_code("K7Q2M9", after(600)) is None
        assert await work.consents.by_code("K7Q2M8", after(1)) is None
        son = await work.people.make(other.id, NOW, "made")
        given = await work.consents.settle(asked.id, "given", "wechat", other.id, son.id, after(2))
        assert (given.state, given.person, given.at, given.code_until) == ("given", son.id, after(2), None)
        assert await work.consents.by_code("K7Q2M9", after(3)) is None
        with pytest.raises(Conflict, match="does not become refused"):
            await work.consents.settle(asked.id, "refused", "wechat", other.id, son.id, after(3))
        withdrawn = await work.consents.settle(asked.id, "withdrawn", "wechat", other.id, son.id, after(4))
        assert await work.consents.of_person(son.id) == [withdrawn]
        with pytest.raises(BadInput, match="cannot become 'asked'"):
            await work.consents.settle(asked.id, "asked", "wechat", other.id, son.id, after(5))
        with pytest.raises(Conflict, match="is not there"):
            await work.consents.settle("nothing", "given", "wechat", other.id, son.id, after(5))


async def test_two_who_type_one_code_settle_it_once(store: Store) -> None:
    talk = await opened(store)
    async with store.writing() as work:
        made = await began(work, talk.id)
        asked = await work.consents.ask(made.draft.id, 2, "王小明", "check", "1", "K7Q2M9", after(600), NOW)
        await work.consents.settle(asked.id, "given", "wechat", talk.id, made.person.id, after(1))
        with pytest.raises(Conflict):
            await work.consents.settle(asked.id, "given", "wechat", "other", "somebody", after(1))


async def test_a_consent_after_submission_belongs_to_the_case_and_names_the_member(store: Store) -> None:
    case = await submitted(store)
    async with store.writing() as work:
        about = (2, "王小明", "check", "1", "wechat", "c-2", "p-2", after(5))
        given = await work.consents.give(await _draft(store, case.id), *about, by_guardian=True)
        assert (given.case, given.by_guardian) == (case.id, True)
        assert await work.consents.of_case(case.id) == [given]
        assert await work.consents.of_case("") == []
        await work.commit()


async def test_photos_come_back_byte_for_byte_and_can_be_replaced(store: Store) -> None:
    talk = await opened(store)
    picture = bytes(range(256)) * 40
    async with store.writing() as work:
        made = await began(work, talk.id)
        kept = await work.papers.add(made.draft.id, made.person.id, 1, "identity", "kept", picture, NOW)
        blurred = await work.papers.add(made.draft.id, made.person.id, 1, "identity", "blurred", b"x", after(1))
        assert kept.size == len(picture)
        assert await work.papers.of_draft(made.draft.id) == [kept, blurred]
        await work.papers.drop(blurred.id)
        checked = await work.papers.change(kept.id, state="checked", member=2)
        await work.commit()
    async with store.reading() as work:
        assert await work.papers.read(kept.id) == picture
        assert await work.papers.get(kept.id) == checked
        assert (checked.state, checked.kind, checked.member) == ("checked", "identity", 2)
        assert await work.papers.of_case("") == []
        for lost in (work.papers.read(blurred.id), work.papers.get(blurred.id)):
            with pytest.raises(BadInput, match=f"no paper {blurred.id}"):
                await lost
    async with store.writing() as work:
        with pytest.raises(BadInput, match="no paper nothing"):
            await work.papers.drop("nothing")


async def test_photos_that_follow_later_go_into_the_case_under_its_own_key(store: Store) -> None:
    case = await submitted(store)
    async with store.writing() as work:
        later = await work.drafts.open("c", case.person, "change", "", sheet(), {}, NOW)
        paper = await work.papers.add(later.id, case.person, 1, "lease", "kept", b"lease", NOW)
        assert await work.papers.attach(later.id, case.id) == 1
        assert await work.papers.attach(later.id, case.id) == 0
        with pytest.raises(BadInput, match="no case nothing"):
            await work.papers.attach(later.id, "nothing")
        await work.drafts.save(later, after(1), state="done")
        await work.drafts.expire(after(31 * 86_400))
        await work.commit()
    async with store.reading() as work:
        assert [one.id for one in await work.papers.of_case(case.id)] == [paper.id]
        assert await work.papers.read(paper.id) == b"lease"


async def test_tasks_are_done_once_the_most_pressing_first(store: Store) -> None:
    case = await submitted(store)
    async with store.writing() as work:
        add = work.tasks.add
        emergency = await add("emergency", "", "", "420106", "老人两天没吃饭", PHONE, after(60), NOW)
        call = await add("phone_notice", case.person, case.id, "420111", "告知受理", PHONE, after(30), NOW)
        visit = await add("visit", case.person, "", "110101", "入户", "", after(90), NOW)
        assert await work.tasks.open() == [call, emergency, visit]
        assert await work.tasks.open("420000") == [call, emergency]
        assert await work.tasks.of_case(case.id) == [call]
        assert await work.tasks.of_case("") == []
        await work.tasks.done(call.id, "officer:li", after(31))
        with pytest.raises(Conflict, match="not open"):
            await work.tasks.done(call.id, "officer:wu", after(32))
        with pytest.raises(BadInput, match="no case nothing"):
            await add("visit", "", "nothing", "", "", "", NOW, NOW)
        await work.commit()
    async with store.writing() as work:
        assert (await work.tasks.get(call.id)).state == "done"
        assert await work.tasks.get(emergency.id) == emergency
        await work.tasks.done(emergency.id, "officer:li", after(40))
        assert await work.tasks.forget(after(35)) == 1
        assert await work.tasks.forget(after(50)) == 1
        assert [one.id for one in await work.tasks.open()] == [visit.id]
        await work.commit()
    found = await store._keys.find([emergency.id, case.person], held=False)  # type: ignore[attr-defined]
    assert set(found) == {case.person}  # the task of nobody had a key of its own


async def test_a_referral_is_followed_to_its_outcome(store: Store) -> None:
    case = await submitted(store)
    async with store.writing() as work:
        made = await work.referrals.add(case.id, "yibao", f"{NAME}住院费用", ["p1"], date(2026, 12, 9), NOW)
        taken = await work.referrals.change(made.id, "taken", "", after(1))
        done = await work.referrals.change(made.id, "done", "报销了", after(2))
        with pytest.raises(BadInput, match="no state 'lost'"):
            await work.referrals.change(made.id, "lost", "", after(3))
        with pytest.raises(BadInput, match="no referral nothing"):
            await work.referrals.change("nothing", "done", "", after(3))
        assert await work.referrals.of_case(case.id) == [done]
    assert (taken.what, taken.papers, taken.due, taken.outcome) == (made.what, ("p1",), date(2026, 12, 9), "")
    assert (done.state, done.outcome, done.updated_at) == ("done", "报销了", after(2))


async def test_what_residents_said_of_an_office_is_counted_and_each_number_has_its_list(
    store: Store, second_store: Store
) -> None:
    case = await submitted(store)
    day = date(2026, 12, 9)
    async with store.writing() as work:
        tasks = [
            await work.tasks.add("follow_up", case.person, case.id, case.region, "问问", "", NOW, NOW) for _ in "abcd"
        ]
        made = [await work.referrals.add(case.id, "yibao", "住院费用", [], day, NOW, one.id) for one in tasks]
        without = await work.referrals.add(case.id, "school", "学费", [], day, NOW)
        await work.referrals.change(made[3].id, "returned", "不归我们", after(1))
        await work.tasks.done(tasks[2].id, "officer:li", after(1))
        due = {one.id for one in await work.referrals.to_ask(day, day, 9)}
        assert due == {made[0].id, made[1].id}, "with a reminder that stands, and not sent back"
        assert await work.referrals.to_ask(date(2026, 12, 10), date(2026, 12, 20), 9) == []
        assert len(await work.referrals.to_ask(day, day, 1)) == 1
        await work.commit()
    async with second_store.writing() as work:
        assert await work.referrals.asked(made[0].id, after(2))
        assert not await work.referrals.asked(made[0].id, after(3)), "once"
        assert await work.referrals.asked(made[1].id, after(2))
        said = await work.referrals.helped(await work.referrals.get(made[0].id), "no", "open", "t2", after(4))
        with pytest.raises(BadInput, match="nobody says 'perhaps'"):
            await work.referrals.helped(said, "perhaps", "open", "", after(4))
        await work.commit()
    async with store.reading() as work:
        assert await work.referrals.get(made[0].id) == said
        assert (said.asked_at, said.helped, said.helped_at, said.task) == (after(2), "no", after(4), "t2")
        told = sorted((one.office, one.helped, one.number) for one in await work.referrals.tally(["420111"], NOW))
        assert told == [("yibao", "", 1), ("yibao", "no", 1)]
        assert await work.referrals.tally(["110000"], NOW) == []
        assert await work.referrals.tally(["420111"], after(9)) == []
        for which, ids in (
            ("asked", {made[1].id, made[0].id}),
            ("no", {made[0].id}),
            ("", {made[1].id}),
            ("yes", set()),
        ):
            found = await work.referrals.told(["420000"], NOW, "yibao", which, 9)
            assert {one.id for one, _ in found} == ids
            assert {whose.id for _, whose in found} <= {case.id}
        assert await work.referrals.told(["420000"], NOW, "school", "asked", 9) == []
        assert (await work.referrals.get(without.id)).task == ""


async def test_a_call_of_the_office_is_answered_once(store: Store, second_store: Store) -> None:
    async with store.writing() as work:
        assert await work.requests.get("moves", "k1") is None
        assert await work.requests.put("moves", "k1", "hash", 200, "{}", NOW)
        assert not await work.requests.put("moves", "k1", "other", 409, "", after(1))
        assert await work.requests.put("packages", "k1", "hash", 204, "", NOW)
        await work.commit()
    async with second_store.writing() as work:
        kept = await work.requests.get("moves", "k1")
        assert kept is not None
        assert (kept.body_hash, kept.status, kept.body, kept.at) == ("hash", 200, "{}", NOW)
        assert await work.requests.forget(after(1)) == 2
        assert await work.requests.get("moves", "k1") is None


async def test_the_words_before_masking_are_kept_until_the_message_is_handled(store: Store) -> None:
    async with store.writing() as work:
        talk = await work.conversations.open("wechat", "gh_1", "o-wang", NOW, "wechat")
        inbound = wrote("我的证号")
        taken = await work.messages.take(talk, inbound, "我的〔已隐去〕", {}, NOW, private="我的 420106195001011234")
        await work.commit()
    plain = await took(store, wrote("你好"))
    async with store.writing() as work:
        again = await work.messages.take(talk, inbound, "x", {}, NOW, private="not kept")
        assert not again.fresh
        assert await work.messages.private(taken.message.id) == "我的 420106195001011234"
        assert await work.messages.private(plain.message.id) == ""
        assert "420106" not in repr(await work.messages.get(taken.message.id))
        put_off = [State.RECEIVED]
        await work.messages.set_state(taken.message.id, put_off, State.RECEIVED, after(1), not_before=after(9))
        assert await work.messages.private(taken.message.id) != ""
        await work.messages.set_state(taken.message.id, put_off, State.HANDLED, after(2), reason="whatever")
        assert await work.messages.private(taken.message.id) == ""
        assert await work.messages.private("nothing") == ""


async def test_a_conversation_knows_its_open_form(store: Store) -> None:
    talk = await opened(store)
    assert talk.form == ""
    async with store.writing() as work:
        assert (await work.conversations.change(talk.id, NOW, form="d1")).form == "d1"
        assert (await work.conversations.get(talk.id)).form == "d1"
        assert (await work.conversations.change(talk.id, NOW, form="")).form == ""


async def _draft(store: Store, case: str) -> str:
    async with store._reader.connect() as connection:  # type: ignore[attr-defined]
        found = await connection.execute(text("SELECT draft FROM cases WHERE id = :case"), {"case": case})
        return str(found.scalar())
