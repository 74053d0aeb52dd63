"""The application for 低保 of a household of three: in 25 messages, whole, and with a receipt."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.cases import number_is_valid, read_number
from bot.forms import steps
from bot.forms.model import State
from tests.desk.filling.talk import ANSWERS, BAO, LI, WANG, Talk

MOST_MESSAGES = 25
REQUIRED = (
    *("apply_as", "hukou", "lives", "household_size", "benefits", "home", "home_area", "assets"),
    *("reasons", "reasons_since", "ties", "delivery", "check", "guardian", "truth", "notice", "sensitive"),
    *("members.1.name", "members.1.identity", "members.1.phone"),
    *(f"members.{n}.{key}" for n in (2, 3) for key in ("name", "relation", "identity")),
    *(f"members.{n}.{key}" for n in (1, 2, 3) for key in ("health", "work")),
    *(f"members.{n}.{key}" for n in (1, 2) for key in ("labour", "income_wages", "income_business")),
    *(f"members.{n}.{key}" for n in (1, 2) for key in ("income_property", "income_transfer")),
    "members.3.study",
)
"""What an application form asks of everybody in one way or another; written down here apart from the form's own words.
A couple's marriage is told by their relation, a child's by its age."""


async def submitted(talk: Talk) -> str:
    await talk.until(":summary")
    return await talk.say("确认")


async def test_three_people_in_twenty_five_messages(talk: Talk) -> None:
    said = await submitted(talk)
    assert talk.number <= MOST_MESSAGES
    number = read_number(said)
    assert number is not None
    assert number_is_valid(number)
    assert re.search(r"\d{4} \d{4} \d{4} \d", said)
    async with talk.desk.store.reading() as work:
        case = await work.cases.by_number(number)
        assert case is not None
        case = await work.cases.get(case.id, answers=True)
    assert (case.programme, case.state, case.region, case.helper) == ("dibao", "submitted", "420111", "")
    missing = [path for path in REQUIRED if path not in case.answers or case.answers[path].state is not State.SAID]
    assert missing == []
    form = talk.desk.edition.form("dibao")
    assert steps.missing_required(form, case.answers, talk.desk.today()) == []
    assert case.answers["members.2.identity"].value == LI
    assert case.answers["members.3.identity"].value == BAO


async def test_the_applicant_is_known_and_bound_to_their_talk(talk: Talk) -> None:
    await submitted(talk)
    async with talk.desk.store.reading() as work:
        person = await work.people.of_conversation(talk.conversation)
        assert person is not None
        (case,) = await work.cases.of_person(person.id)
    assert (person.name, person.identity, person.phone) == ("王桂英", WANG, "13800001234")
    assert case.person == person.id


async def test_every_adult_is_asked_for_consent_by_a_code_of_their_own(talk: Talk) -> None:
    said = await submitted(talk)
    (code,) = re.findall(r"李建国：授权码 (\d{4} \d{4})", said)
    async with talk.desk.store.reading() as work:
        (case,) = await work.cases.list()
        consents = {one.member: one for one in await work.consents.of_case(case.id) if one.text == "check"}
        asked = await work.consents.by_code(code.replace(" ", ""), talk.desk.clock.now())
    assert {number: one.state for number, one in consents.items()} == {1: "given", 2: "asked", 3: "given"}
    assert consents[3].by_guardian
    assert asked is not None
    assert asked.member == 2
    assert asked.code_until == pytest.approx(talk.desk.clock.now() + timedelta(days=7), abs=timedelta(minutes=1))


async def test_nothing_of_the_form_is_left_beside_the_case(talk: Talk) -> None:
    draft = await talk.until(":summary")
    await talk.say("确认")
    after = await talk.draft(draft.id)
    assert (after.state, dict(after.sheet.answers), dict(after.about)) == ("done", {}, {})
    assert (await talk.talk()).form == ""


async def test_a_helper_and_the_one_they_help_are_two_people(talk: Talk) -> None:
    answers = {
        **ANSWERS,
        "apply_as": "受人委托替他办",
        "helper": "张明 420111199001010010 13700009999，我是他邻居",
        "delegation": "有委托书",
        "helper_agreed": "同意",
        "paper_delegation": "跳过",
    }
    await talk.say("我要申请低保")
    for _ in range(40):
        draft = await talk.draft()
        if draft.sheet.asked == ":summary":
            break
        await talk.say(answers[draft.sheet.asked])
    said = await talk.say("确认")
    assert "回执号" in said
    async with talk.desk.store.reading() as work:
        helper = await work.people.of_conversation(talk.conversation)
        assert helper is not None
        (case,) = await work.cases.of_person(helper.id)
        applicant = await work.people.get(case.person)
        given = [one for one in await work.consents.of_case(case.id) if one.text == "check" and one.state == "given"]
    assert case.helper == helper.id != case.person
    assert (applicant.name, applicant.identity) == ("王桂英", WANG)
    assert (helper.name, helper.phone) == ("张明", "13700009999")
    # Whoever did not write here has not agreed to be checked.
    assert [one.member for one in given] == []


async def test_what_is_said_at_the_end_promises_nothing(talk: Talk) -> None:
    said = await submitted(talk)
    assert "批不批由工作人员按规定定" in said
    assert not [word for word in ("一定", "能批", "符合", "通过了") if word in said]
    labels = [choice.label for row in talk.rows for choice in row.choices]
    assert "查进度" in labels
