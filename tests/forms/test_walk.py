"""Whole applications in a resident's words, with the readers as they are: few questions, nothing required left open."""

from __future__ import annotations

import pytest

from bot.forms.model import State
from tests.forms.published import APPLICATIONS, HOUSEHOLD
from tests.forms.walk import fill, identity

WIFE, HUSBAND, GRANDSON = (identity(one) for one in ("42010619580101124", "42010619560303125", "42011120160505127"))
PLAIN = {
    "apply_as": "给自己家办",
    "me#1": f"王桂英 {WIFE} 13871234567",
    "hukou": "武汉市洪山区关山街道新竹社区，也住那里",
    "household_size": "三口人",
    "member#2": f"老伴 李建国 {HUSBAND}",
    "member#3": f"孙子 李小宝 {GRANDSON}",
    "health": "我高血压，能干轻活；老伴身体一般，能干轻活；孙子健康",
    "work": "我在家带孙子，老伴种地，孙子上小学",
    "incomes": "我养老金一百三，别的没有；老伴种地一年三千，养老金一百五",
    "benefits": "都没有",
    "home": "自家的老房子，六十平",
    "assets": "都没有",
    "reasons": "两个人都老了，前年起就干不动了，钱不够用",
    "ties": "都没有",
    "reach": "发短信",
    "spending": "看病三万，生活费一万五",
    "supporters": "没有",
    "officials": "没有",
    "self_care": "没有",
    "emergency_place": "武汉市洪山区关山街道",
    "tonight": "没吃的",
}
MUCH = {
    **PLAIN,
    "health": "我高血压，能干轻活；老伴中风，干不了活；孙子残疾",
    "disability#3": "肢体二级",
    "assets": "有点存款，还有个三轮车",
    "savings": "五千来块",
    "vehicle": "三轮车，拉货",
    "reasons": "老伴去年腊月中风，住院把钱花光了",
    "ties": "儿子不住在一起",
    "obligors": "儿子李强，在广州打工，过年给一千",
}


def test_a_household_of_three_is_asked_at_most_22_questions() -> None:
    walk = fill("dibao", PLAIN)
    assert len(walk.questions) <= 22, [step for step, _ in walk.questions]
    assert walk.missing == []


@pytest.mark.parametrize("name", APPLICATIONS)
@pytest.mark.parametrize("said", [PLAIN, MUCH], ids=["plain", "much to tell"])
def test_every_application_ends_with_nothing_required_left_open(name: str, said: dict[str, str]) -> None:
    assert fill(name, said).missing == []


@pytest.mark.parametrize("name", HOUSEHOLD)
def test_a_person_alone_is_not_asked_about_others(name: str) -> None:
    alone = {**PLAIN, "household_size": "就我一个", "contact": "跳过", "health": "高血压，能干轻活", "work": "在家养老"}
    walk = fill(name, {**alone, "incomes": "养老金一百三，别的没有", "marital": "老伴去世了"})
    assert walk.missing == []
    assert not any("第2位" in words for _, words in walk.questions)
    assert walk.sheet.answers["members.1.marital"].value == "widowed"


def test_what_was_not_mentioned_is_shown_as_nothing() -> None:
    answers = fill("dibao", PLAIN).sheet.answers
    assert answers["members.1.income_wages"].value["low"] == "0"
    assert answers["members.2.income_business"].value == {"low": "3000", "high": "3000", "about": False, "per": "year"}
    assert answers["excluded"].value == []
    assert answers["visit"].value == "home"
    assert answers["bank_account"].state is State.SKIPPED


def test_a_helper_is_kept_apart_from_the_applicant() -> None:
    helper = {
        **PLAIN,
        "apply_as": "替别人办",
        "helper": f"张明 {identity('42010619900101123')} 13900001111 邻居",
        "delegation": "还没写",
    }
    walk = fill("dibao", helper)
    assert walk.missing == []
    asked = [step for step, _ in walk.questions]
    assert "check" not in asked
    assert walk.sheet.answers["helper_name"].value == "张明"
    assert walk.sheet.answers["members.1.name"].value == "王桂英"
    assert dict(walk.questions)["me#1"].startswith("申请人的姓名")
    assert dict(walk.questions)["hukou"].startswith("王桂英的户口")
