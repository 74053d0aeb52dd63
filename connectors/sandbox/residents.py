"""The people on the simulated platform: invented samples to try with, and what the platform knows of each."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.sandbox.ledger import Ledger
from connectors.sandbox.screen import Shown
from connectors.sandbox.settings import Phone, SandboxSettings


@dataclass(frozen=True, slots=True)
class Sample:
    """An invented person. The questions are in that person's own words, misspellings and dialect meant."""

    name: str
    about: str
    city: str
    place: str
    """What this person's phone says when a position is sent."""
    latitude: float
    longitude: float
    questions: tuple[str, ...]
    large: bool = False
    """Whether the page starts in large type for this person."""
    follows: bool = True


SAMPLES = (
    Sample(
        "王奶奶",
        "72 岁，独居",
        "武汉",
        "湖北省武汉市洪山区珞南街道",
        30.52,
        114.36,
        ("我一个人过，能吃低保吗？", "武汉的低保一个月多少钱？", "要带些什么材料？"),
        large=True,
    ),
    Sample(
        "老李",
        "58 岁，活路断了，说方言",
        "重庆",
        "重庆市万州区太白街道",
        30.81,
        108.38,
        ("活路停了三个月，屋头没得米了，哪个管不？", "临时救助咋个申请嘛", "找个人跟我说"),
    ),
    Sample(
        "小陈",
        "26 岁，外来务工，刚失业",
        "深圳",
        "广东省深圳市宝安区西乡街道",
        22.57,
        113.86,
        ("跑了三趟都说缺材料，到底要什么？！", "没交够一年社保能领失业钱吗", "户口在老家，在深圳能申请临时救助吗"),
    ),
    Sample(
        "刘姐",
        "社区工作者，替邻居问",
        "西安",
        "陕西省西安市雁塔区小寨路街道",
        34.22,
        108.94,
        ("邻居腿脚不便，我可以代他申请低保吗？", "特困供养要符合哪些条件？", "审核要多少个工作日？"),
    ),
    Sample(
        "张叔",
        "45 岁，腿有残疾，识字不多",
        "云南昭通",
        "云南省昭通市昭阳区凤凰街道",
        27.34,
        103.72,
        ("残及人 有 钱 没", "底保 咋办", "听不懂 说简单点"),
        large=True,
    ),
    Sample(
        "赵女士",
        "33 岁，孩子生重病，还没关注",
        "商丘",
        "河南省商丘市梁园区平原街道",
        34.44,
        115.65,
        ("孩子看病欠了十几万，有什么救助？", "孩子的困境补贴怎么申请", "找人工"),
        follows=False,
    ),
)


@dataclass(slots=True)
class Resident:
    """What the platform knows of one person, and the screen this person sees."""

    openid: str
    name: str = ""
    sample: Sample | None = None
    follows: bool = True
    refuses: bool = False
    """The person has switched the account's messages off: 48002."""
    ledger: Ledger = field(default_factory=Ledger)
    screen: list[Shown] = field(default_factory=list)
    touched: datetime | None = None
    """The last act; a typing sign needs one within 30 seconds."""
    typing_until: datetime | None = None

    def budget(self, now: datetime) -> dict[str, Any]:
        """How many messages the account may send on its own, and until when; for the page."""
        until = self.ledger.until
        if until is None or now >= until:
            return {"left": 0, "until": ""}
        return {"left": self.ledger.left, "until": until.isoformat()}


def openid_of(appid: str, name: str) -> str:
    """28 characters like a real one, the same after every start, so that a conversation goes on."""
    digest = hashlib.sha256(f"{appid}:{name}".encode()).digest()
    return "o" + base64.urlsafe_b64encode(digest).decode()[:27]


def number_of(account: str, name: str) -> str:
    """Ten digits, as Weibo numbers its users; the same after every start."""
    digest = hashlib.sha256(f"{account}:{name}".encode()).digest()
    return str(10**9 + int.from_bytes(digest[:4], "big"))


def samples(settings: SandboxSettings) -> dict[str, Resident]:
    """The same people on every phone; whoever opens a mini program follows nothing."""
    named = number_of if settings.phone is Phone.WEIBO else openid_of
    mini = settings.phone is Phone.MINI
    people = (Resident(named(settings.appid, s.name), s.name, s, s.follows or mini) for s in SAMPLES)
    return {person.openid: person for person in people}
