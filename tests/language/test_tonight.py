"""Nothing to eat, nowhere to sleep: said plainly it is a call for help; asked about, or long ago, it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.language.tonight import needs_help_now

CONTENT = Path(__file__).parents[2] / "content"
CALLS = """
今晚没地方住，也没饭吃了
我今晚没地方睡，身上一分钱没有
楼上老人没饭吃
楼上老人好几天没饭吃了，没人管
邻居大爷两天没吃东西了
家里断粮了
家里揭不开锅了
我带着娃睡在车站
我们一家三口没饭吃
俺没地方去，睡桥洞
屋头没得米了，娃饿了一天
有个流浪的睡在天桥下，没东西吃
我现在无家可归
孩子一天没吃饭了
被房东赶出来，今晚露宿街头
活路停了三个月，屋头没得米了，哪个管不？
我家没米了，有人管吗
之前借的米吃完了，家里没米了
那年断粮，现在又断粮了
"""
NOT = """
今天就没饭吃能马上救助吗
没饭吃的人怎么救助
我没地方住，想申请公租房
以前家里没饭吃
没地方住有什么政策
如果没饭吃了找谁
低保怎么申请
没有米面补贴
流浪的人有没有人管
我怕以后没饭吃
没饭吃可以申请低保
救助站管饭吗
六零年那会儿三天没饭吃，如今顿顿有肉
之前说家里没米，村里送来了
排队排得像三天没吃饭一样
想给断粮的老人免费送面包
"""


@pytest.mark.parametrize("text", CALLS.split())
def test_a_call(text: str) -> None:
    assert needs_help_now(text)


@pytest.mark.parametrize("text", NOT.split())
def test_no_call(text: str) -> None:
    assert not needs_help_now(text)


def test_of_what_is_published_only_calls_for_help_ring() -> None:
    """Those ten are answered with the way to quick help under the answer (`responding`)."""
    rang = {
        answer["id"]
        for file in sorted((CONTENT / "faq").glob("*.yml"))
        for answer in yaml.safe_load(file.read_text(encoding="utf-8"))["answers"]
        if any(needs_help_now(phrasing) for phrasing in answer["phrasings"])
    }
    assert rang <= {"linshi-tonight", "liulang-help", "liulang-days", "shiye-graduate", "yiqing-elderly-alone"}


@pytest.mark.parametrize("text", ["没" * 80, "饿" * 80, "睡" * 80, "一天" * 40, "没地方" * 26])
def test_no_text_takes_long(text: str) -> None:
    needs_help_now(text)
