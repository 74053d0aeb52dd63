"""Every application there is can be filled in by talking, every question of it is asked of somebody, and it ends with a
receipt: a form that is added as a file is walked here by itself."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.desk.desk import Desk
from tests.databases import sqlite_first
from tests.desk.filling.talk import ANSWERS, Talk

ALONE: Mapping[str, str] = {
    **ANSWERS,
    "household_size": "就我一个人",
    "health": "身体还行，干不了重活，只能干轻活",
    "work": "我种地",
    "marital": "没结过婚",
    "incomes": "我种地一年两千",
    "contact": "侄子王强 13600001111",
    "spending": "生活费一年八千，别的没有",
    "debts": "没有",
    "emergency_place": "武汉市洪山区关山街道",
    "tonight": "都有",
    "paper_event": "跳过",
    "self_care": "能自己吃饭穿衣，能走路",
    "care_place": "在家",
    "opinion": "同意",
    "officials": "没有",
    "supporters": "没有",
}
"""Somebody who lives alone and has little."""

MUCH: Mapping[str, str] = {
    **ALONE,
    "apply_as": "受人委托替他办",
    "helper": "张明 420111199001010010 13700009999，我是他邻居",
    "delegation": "写好了",
    "helper_agreed": "同意",
    "hukou": "武汉市洪山区关山街道南望山社区",
    "lives": "住在别处",
    "address": "武汉市江夏区纸坊街道北华街5号",
    "residence_permit": "有",
    "permit": "武汉市江夏区发的，到2028年5月1日",
    "household_size": "三口人",
    "member#2": "儿子 王强 420111198806150016",
    "health": "王桂英残疾，干不了活；儿子重病，干不了活；孙子健康",
    "disability#1": "肢体二级",
    "work": "王桂英没干活；儿子在厂里上班；孙子上小学",
    "employer#2": "武汉某某纸箱厂",
    "marital": "王桂英老伴走了，儿子离婚了",
    "incomes": "王桂英养老金一百三；儿子打工两千，房租三百",
    "benefits": "残疾人补贴",
    "assets": "还有一套房，有三轮车，有点存款，有营业执照",
    "second_house": "一套，八十平，有房产证，出租着",
    "vehicle": "三轮车，拉货",
    "savings": "银行存了五千块",
    "business": "个体户，早就没做了",
    "ties": "都有",
    "obligors": "女儿王芳，嫁到外地，日子也紧",
    "officials_who": "表弟在街道上班",
    "bank": "王桂英，农业银行，6228480402564890018",
    "paper_delegation": "跳过",
    "paper_disability": "跳过",
    "paper_school": "跳过",
    "spending": "生活费一万五，看病三万，学费五千",
    "debts": "欠亲戚两万",
    "supporters": "有人能养",
    "officials": "有",
}
"""A household that is asked everything, told by a neighbour."""


async def filled(desk: Desk, programme: str, answers: Mapping[str, str], sender: str) -> tuple[set[str], str]:
    """(the steps that were asked, what was said at the end)."""
    talk, asked = Talk(desk, sender), set()
    await talk.say("我要申请救助")  # anything; the option decides
    talk.acts.intents["开始"] = "ask_apply"
    await talk.say("开始")
    name = desk.edition.programmes[programme].name
    said = await talk.tap(name)
    for _ in range(60):
        conversation = await talk.talk()
        if not conversation.form:
            return asked, said
        sheet = (await talk.draft()).sheet
        step = sheet.asked.partition("#")[0]
        partial = sheet.asked_paths[0].rpartition(".")[2] if sheet.asked_paths else ""
        words = answers.get(sheet.asked) or answers.get(step)
        assert words is not None, f"{programme} asks {sheet.asked}, and nobody here has an answer to it: {said}"
        if step in asked and partial in answers:
            words = answers[partial]  # asked once more, for what was not told
        before = sheet
        said = await talk.say(words)
        asked.add(step)
        if (await talk.talk()).form:
            after = (await talk.draft()).sheet
            assert after != before, f"{programme}: “{words}” at {sheet.asked} {sheet.asked_paths}: {said}"
            assert after.tries < 2, f"{programme}: “{words}” at {sheet.asked} {sheet.asked_paths}: {said}"
    raise AssertionError(f"{programme} does not end")


def programmes() -> list[str]:
    from tests.in_force import without_answers as entries

    return sorted(str(entry.key) for entry in entries() if entry.kind == "programme" and entry.data.get("form"))


@sqlite_first
@pytest.mark.parametrize("programme", programmes())
async def test_every_question_is_asked_and_the_end_is_a_receipt(desk: Desk, programme: str) -> None:
    first, receipt = await filled(desk, programme, ALONE, "o-alone")
    assert "回执号" in receipt
    second, receipt = await filled(desk, programme, MUCH, "o-much")
    assert "回执号" in receipt
    form = desk.edition.form(desk.edition.programmes[programme].form)
    never = {step.id for step in form.steps if step.ask or step.fields} - first - second - {"me", "member"}
    assert never == set()
