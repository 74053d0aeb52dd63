"""A case keeps what was said, is found by its number alone, moves only as the procedure allows, and every move is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from sqlalchemy import event, text

from bot.cases import number_is_valid
from bot.desk.ports import Store
from bot.errors import BadInput, Conflict
from bot.forms.model import Given, State
from bot.store import cases as cases_module
from tests.canary import IDENTITY, NAME
from tests.store.applications import SECTIONS, began, sheet, submitted
from tests.store.conftest import NOW, after, opened


async def test_a_case_holds_all_that_was_said_in_its_draft(store: Store) -> None:
    talk = await opened(store)
    async with store.writing() as work:
        made = await began(work, talk.id)
        paper = await work.papers.add(made.draft.id, made.person.id, 1, "identity", "kept", b"picture", NOW)
        consent = await work.consents.give(
            made.draft.id, 1, NAME, "notice", "2026-11", "wechat", talk.id, made.person.id, NOW
        )
        case = await work.cases.add(made.draft, "dibao", "420111", "submitted", "", after(1), sections=SECTIONS)
        await work.drafts.save(made.draft, after(2), state="done")
        await work.commit()
    assert number_is_valid(case.number)
    assert (case.state, case.version, case.submitted_at, case.accepted_at) == ("submitted", 1, after(1), None)
    assert (case.answers, case.about) == (made.draft.sheet.answers, made.draft.about)
    async with store.reading() as work:
        assert await work.cases.get(case.id, answers=True) == case
        assert await work.cases.get(case.id) == replace(case, answers={}, about={})
        assert await work.papers.of_case(case.id) == [replace(paper, case=case.id)]
        assert await work.consents.of_case(case.id) == [replace(consent, case=case.id)]
        assert await work.papers.read(paper.id) == b"picture"


async def test_a_draft_becomes_one_case_however_often_it_is_added(store: Store) -> None:
    talk = await opened(store)
    async with store.writing() as work:
        made = await began(work, talk.id)
        first = await work.cases.add(made.draft, "dibao", "420111", "submitted", "", NOW)
        again = await work.cases.add(made.draft, "dibao", "420111", "submitted", "", after(5))
        assert again == first
        assert len(await work.cases.timeline(first.id)) == 1


async def test_a_number_that_is_taken_is_drawn_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await submitted(store, "o-1")
    drawn = iter([first.number, first.number, "7310512345674"])
    monkeypatch.setattr(cases_module, "new_number", lambda: next(drawn))
    second = await submitted(store, "o-2", after(1))
    assert second.number == "7310512345674"
    async with store.reading() as work:
        assert [one.number for one in await work.cases.list()] == [second.number, first.number]
        assert (await work.cases.by_number(first.number) or second).id == first.id


async def test_household_incomes_and_properties_are_reachable_as_such(store: Store) -> None:
    case = await submitted(store)
    async with store._writer.connect() as connection:  # type: ignore[attr-defined]
        members = (await connection.execute(text("SELECT case_id, number, person FROM members ORDER BY number"))).all()
        incomes = (await connection.execute(text("SELECT case_id, member, path FROM incomes"))).all()
        properties = (await connection.execute(text("SELECT case_id, member, path FROM properties"))).all()
    assert [tuple(row) for row in members] == [(case.id, 1, case.person), (case.id, 2, "")]
    assert [tuple(row) for row in incomes] == [(case.id, 1, "members.1.wage")]
    assert [tuple(row) for row in properties] == [(case.id, 0, "holdings")]


async def test_a_case_is_found_by_its_number_and_by_nothing_near_it(store: Store) -> None:
    case = await submitted(store)
    async with store.reading() as work:
        assert await work.cases.by_number(case.number) == replace(case, answers={}, about={})
        assert await work.cases.by_number(case.number[:-1] + str((int(case.number[-1]) + 1) % 10)) is None
        assert await work.cases.by_number("") is None


async def test_a_look_up_costs_the_same_whether_there_is_a_case_or_not(store: Store) -> None:
    """Statements are counted, and records opened; a clock would tell more about the machine than about us."""
    case = await submitted(store)
    async with store.writing() as work:
        helper = await work.people.make("", NOW, "helper")
        helped = await work.drafts.open("c", case.person, "application", "dibao", sheet(), {}, NOW)
        with_helper = await work.cases.add(helped, "dibao", "420111", "submitted", helper.id, NOW)
        await work.commit()
    costs = []
    for number in (case.number, with_helper.number, "0000000000000", case.number, "1111111111111"):
        costs.append(await _cost(store, number))
    assert len(set(costs)) == 1
    assert costs[0][1] > 0
    async with store.reading() as work:
        found, known = await work.cases.proof(case.number)
        assert found == replace(case, answers={}, about={})
        assert [one.identity for one in known] == [IDENTITY]
        assert len((await work.cases.proof(with_helper.number))[1]) == 2
        assert await work.cases.proof("0000000000000") == (None, [])


async def _cost(store: Store, number: str) -> tuple[int, int]:
    """(statements, seals opened) of one look-up."""
    statements: list[str] = []
    opened_seals = 0
    real = Cipher.decryptor

    def counting(self: Cipher) -> object:  # type: ignore[type-arg]
        nonlocal opened_seals
        opened_seals += 1
        return real(self)

    engines = [store._writer, store._reader, store._keys._reader]  # type: ignore[attr-defined]
    targets = {id(engine.sync_engine): engine.sync_engine for engine in engines}.values()

    def heard(*about: object) -> None:
        statements.append(str(about[2]))

    for target in targets:
        event.listen(target, "before_cursor_execute", heard)
    Cipher.decryptor = counting  # type: ignore[method-assign]
    try:
        async with store.reading() as work:
            await work.cases.proof(number)
    finally:
        Cipher.decryptor = real  # type: ignore[method-assign]
        for target in targets:
            event.remove(target, "before_cursor_execute", heard)
    return len(statements), opened_seals


async def test_moves_follow_the_table_and_are_told_with_who_and_why(store: Store) -> None:
    case = await submitted(store)
    async with store.writing() as work:
        accepted = await work.cases.move(
            case, "accepted", "officer:li", "材料齐了", after(1), date(2027, 1, 8), ticket="T-1"
        )
        with pytest.raises(Conflict, match="cannot go from accepted to paying"):
            await work.cases.move(accepted, "paying", "officer:li", "", after(2), None)
        with pytest.raises(Conflict, match="was changed since version 1"):
            await work.cases.move(case, "need_more", "officer:wu", "", after(3), None)
        await work.cases.note(accepted, "system", "已告知", after(4), channel="wechat")
        await work.commit()
    assert (accepted.state, accepted.version, accepted.accepted_at) == ("accepted", 2, after(1))
    assert accepted.due == date(2027, 1, 8)
    async with store.reading() as work:
        lines = await work.cases.timeline(case.id)
        assert await work.cases.timeline("nothing") == []
    assert [(one.actor, one.old, one.new, one.reason, dict(one.about)) for one in lines] == [
        (f"resident:{case.person}", "", "submitted", "", {}),
        ("officer:li", "submitted", "accepted", "材料齐了", {"ticket": "T-1"}),
        ("system", "accepted", "accepted", "已告知", {"channel": "wechat"}),
    ]


async def test_an_answer_is_corrected_after_submission_with_a_line_in_the_timeline(store: Store) -> None:
    case = await submitted(store)
    wage = {"members.1.wage": Given({"low": "900", "high": "900", "about": False, "per": "month"}, State.SAID, "m9")}
    async with store.writing() as work:
        corrected = await work.cases.correct(case, wage, f"resident:{case.person}", after(1))
        with pytest.raises(Conflict):
            await work.cases.correct(case, wage, "resident:x", after(2))
        await work.commit()
    async with store.reading() as work:
        read = await work.cases.get(case.id, answers=True)
        told = (await work.cases.timeline(case.id))[-1]
    assert read == corrected
    assert read.answers["members.1.wage"].value["low"] == "900"
    assert read.answers["members.2.name"] == case.answers["members.2.name"]
    assert told.about == {"corrected": ["members.1.wage"]}
    async with store._writer.connect() as connection:  # type: ignore[attr-defined]
        section = (await connection.execute(text("SELECT path FROM incomes"))).scalars().all()
    assert section == ["members.1.wage"]


async def test_lists_are_newest_first_by_state_programme_and_place_with_all_below(store: Store) -> None:
    places = ["420111", "420106", "429004", "110101"]
    made = [await submitted(store, f"o-{n}", after(n), region) for n, region in enumerate(places)]
    async with store.writing() as work:
        await work.cases.move(made[0], "accepted", "officer:li", "", after(9), None)
        await work.commit()

    async def ids(**wanted: object) -> list[str]:
        async with store.reading() as work:
            return [one.id for one in await work.cases.list(**wanted)]  # type: ignore[arg-type]

    newest = [one.id for one in reversed(made)]
    assert await ids() == newest
    assert await ids(limit=2) == newest[:2]
    assert await ids(after=newest[1]) == newest[2:]
    assert await ids(region="420000") == newest[1:]
    assert await ids(region="420100") == newest[2:]
    assert await ids(region="420106") == [made[1].id]
    assert await ids(region="000000") == newest
    assert await ids(state="accepted") == [made[0].id]
    assert await ids(programme="tekun") == []


async def test_what_no_office_acknowledged_waits_to_leave_oldest_first(store: Store) -> None:
    made = [await submitted(store, f"o-{n}", after(n)) for n in range(3)]
    async with store.writing() as work:
        changed = await work.cases.change(made[1].id, after(9), office_number="鄂低保2026-17", priority=5)
        with pytest.raises(BadInput, match="no changeable state"):
            await work.cases.change(made[0].id, NOW, state="paying")
        with pytest.raises(BadInput, match="no case nothing"):
            await work.cases.change("nothing", NOW, priority=1)
        await work.commit()
    assert (changed.office_number, changed.priority, changed.version) == ("鄂低保2026-17", 5, 2)
    async with store.reading() as work:
        assert [one.id for one in await work.cases.waiting_to_leave()] == [made[0].id, made[2].id]
        assert [one.id for one in await work.cases.waiting_to_leave(after=made[0].id)] == [made[2].id]
        assert await work.cases.waiting_to_leave("110000") == []


async def test_a_person_sees_their_cases_as_applicant_and_as_helper(store: Store) -> None:
    talk = await opened(store)
    async with store.writing() as work:
        helper = await work.people.make(talk.id, NOW, "made")
        applicant = await work.people.make("", NOW, "helper")
        draft = await work.drafts.open(talk.id, applicant.id, "application", "dibao", sheet(), {}, NOW)
        case = await work.cases.add(draft, "dibao", "420111", "submitted", helper.id, NOW)
        await work.commit()
    async with store.reading() as work:
        for one in (helper, applicant):
            assert [found.id for found in await work.cases.of_person(one.id)] == [case.id]
        assert await work.cases.of_person("") == []
        assert (await work.cases.timeline(case.id))[0].actor == f"resident:{helper.id}"


async def test_wrong_guesses_are_counted_by_key_and_forgotten(store: Store) -> None:
    async with store.writing() as work:
        for n in range(3):
            await work.cases.tried("number:1", after(n))
        await work.cases.tried("number:2", NOW)
        assert await work.cases.tries("number:1", NOW) == 3
        assert await work.cases.tries("number:1", after(1)) == 2
        assert await work.cases.tries("number:3", NOW) == 0
        assert await work.cases.forget_tries(after(1)) == 2
        assert await work.cases.tries("number:1", NOW) == 2
        await work.commit()
