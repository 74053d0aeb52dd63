"""A small application for tests: an applicant, a household, sums, things owned, a reason. Written like a published one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.forms import steps
from bot.forms.model import Asked, Field, Form, Kind, Option, Sheet, Step
from bot.forms.readers import Context
from bot.logic import Test as Condition
from tests.forms.published import DAY, regions
from tests.forms.walk import identity

_NOTHING = {"low": "0", "high": "0", "about": False, "per": ""}


def options(**labels: str) -> tuple[Option, ...]:
    """value="label word word"."""
    return tuple(Option(value, said.split()[0], tuple(said.split()[1:])) for value, said in labels.items())


NAME = Field("name", "姓名", Kind.NAME, "{who}叫什么名字？", words=("名字",))
IDENTITY = Field(
    "identity", "身份证号", Kind.IDENTITY, "{who}的身份证号是多少？", private=True, words=("身份证", "证号")
)
PHONE = Field("phone", "手机号", Kind.PHONE, "{who}的手机号是多少？", private=True, words=("电话", "手机"))
CARD = Field("card", "银行卡号", Kind.BANK_CARD, "卡号是多少？", private=True, words=("卡号", "银行卡"))
SIZE = Field("size", "家里人数", Kind.NUMBER, "家里几口人？", words=("人口", "几口人"))
RELATION = Field(
    "relation",
    "关系",
    Kind.CHOICE,
    "{who}是您什么人？",
    options=options(
        spouse="配偶 老伴 爱人 丈夫 妻子 老公",
        child="子女 儿子 女儿 孩子",
        grandchild="孙子女 孙子 孙女",
        parent="父母 爸 妈 父亲 母亲",
    ),
)
HEALTH = Field(
    "health",
    "身体状况",
    Kind.CHOICE,
    "{who}身体怎么样？",
    sensitive=True,
    words=("身体",),
    options=options(
        well="健康 好 没病 身体好 挺好",
        sick="重病 大病 癌症 尿毒症",
        chronic="慢性病 慢病 高血压 糖尿病",
        disabled="残疾 残废 看不见 瘸",
    ),
)
WAGES = Field("wages", "工资", Kind.MONEY, "{who}每月工资多少？", words=("打工", "打零工", "工钱"))
PENSION = Field("pension", "养老金", Kind.MONEY, "{who}每月养老金多少？", words=("退休金",))
RENT = Field("rent", "房租", Kind.MONEY, "{who}每月收多少房租？", words=("租金",))
OWNED = Field(
    "owned",
    "财产",
    Kind.CHOICES,
    "家里有房、车、存款吗？没有就回“都没有”。",
    words=("家产",),
    options=options(house="房子 房 住房", car="车 汽车 小车", savings="存款 存钱 积蓄", shop="营业执照 开店 公司"),
)
CAR_USE = Field("car_use", "车的用途", Kind.TEXT, "车做什么用？")
BORROWED = Field("borrowed", "欠债", Kind.YES_NO, "家里有没有欠债？", words=("债", "欠钱"))
HOME = Field("home", "住址", Kind.ADDRESS, "现在住在哪里？写到街道、门牌。", words=("地址",))
HUKOU = Field("hukou", "户口", Kind.ADDRESS, "户口在哪里？写到村或社区。", words=("户籍",))
REASON = Field(
    "reason",
    "困难原因",
    Kind.CHOICE,
    "为什么困难？",
    words=("原因",),
    options=options(sick="生病 得病 重病", job="失业 下岗 没工作", accident="意外 车祸 事故"),
)
SINCE = Field("since", "什么时候开始", Kind.DATE, "从什么时候开始的？", words=("时间",))
STORY = Field("story", "经过", Kind.TEXT, "说说经过。")
HOSPITAL = Field("hospital", "看病的医院", Kind.TEXT, "在哪家医院看病？", words=("医院",))

FORM = Form(
    "household",
    "测试用的申请",
    (
        Step(
            "me",
            "姓名、身份证号、手机号？",
            tuple(map(Asked, (NAME, IDENTITY, PHONE))),
            Condition.read({"is": ["member", 1]}),
            each=True,
        ),
        Step("size", "家里几口人？", (Asked(SIZE),), section="家庭"),
        Step(
            "member",
            "{who}是谁？",
            tuple(map(Asked, (NAME, RELATION, IDENTITY))),
            Condition.read({"more": ["member", 1]}),
            each=True,
            section="家庭",
        ),
        Step("health", "大家身体怎么样？", (Asked(HEALTH),), over=True, section="家庭"),
        Step(
            "sums",
            "每月有哪些收入？",
            tuple(Asked(one, default=_NOTHING) for one in (WAGES, PENSION, RENT)),
            over=True,
            section="收入",
        ),
        Step("owned", OWNED.ask, (Asked(OWNED),), section="财产"),
        Step("car_use", CAR_USE.ask, (Asked(CAR_USE),), Condition.read({"has": ["owned", "car"]}), section="财产"),
        Step("borrowed", BORROWED.ask, (Asked(BORROWED),), section="财产"),
        Step("home", HOME.ask, (Asked(HOME),), section="住处"),
        Step(
            "reason",
            "为什么困难，从什么时候？",
            (Asked(REASON), Asked(SINCE, required=False), Asked(STORY, required=False)),
            section="困难",
        ),
        Step(
            "hospital",
            HOSPITAL.ask,
            (Asked(HOSPITAL, required=False),),
            Condition.read({"in": ["reason", ["sick", "accident"]]}),
            section="困难",
        ),
    ),
    members="size",
    confirm=True,
)

WANG, LI, BAO = identity("42010619700101122"), identity("42010619680202551"), identity("42010620150303551")
PEOPLE: Mapping[str, Any] = {
    "members.1.name": "王桂英",
    "members.1.identity": WANG,
    "members.1.phone": "13800001234",
    "members.2.name": "李建国",
    "members.2.relation": "spouse",
    "members.2.identity": LI,
    "members.3.name": "李小宝",
    "members.3.relation": "grandchild",
    "members.3.identity": BAO,
}
REST: Mapping[str, Any] = {
    "members.1.health": "well",
    "members.2.health": "well",
    "members.3.health": "disabled",
    "members.1.wages": {"low": "2300", "high": "2300", "about": False, "per": "month"},
    "members.2.pension": {"low": "130", "high": "130", "about": False, "per": "month"},
    "members.3.wages": _NOTHING,
    "owned": ["house"],
    "borrowed": False,
    "home": {"region": "420111", "detail": "关山街道1号"},
}
LAST: Mapping[str, Any] = {
    "reason": "sick",
    "since": {"first": "2026-03-01", "last": "2026-03-31", "about": False},
    "story": "三月份查出来的病",
    "hospital": "协和医院",
}


def sheet(*parts: Mapping[str, Any]) -> Sheet:
    """A sheet of three people with these answers put one part after the other, and the next question asked."""
    filled = steps.put(FORM, Sheet(FORM.id), {"size": 3}, today=DAY)
    for part in parts:
        filled = steps.put(FORM, filled, part, today=DAY)
    return steps.advance(FORM, filled, DAY)


def context(filled: Sheet, member: int = 0, region: str = "") -> Context:
    return Context(DAY, regions(), FORM, filled.answers, member, region)
