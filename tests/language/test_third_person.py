"""A cry for help about somebody else is heard as such; who speaks of themselves is asked as themselves."""

from __future__ import annotations

import pytest

from bot.language.third_person import about_somebody_else

OTHERS = """
楼上老人没饭吃
邻居大爷一个人，两天没吃东西了
桥下有个流浪的，天冷没地方住
隔壁那家孩子没人管没饭吃
路边看到一个老人，没地方去
有位老太太在车站睡了三晚
我们小区有个人揭不开锅了
我家楼上老人没人管，饿了两天
他没钱吃饭了，你们管不管
工友被赶出来了，今晚睡桥洞
她带着两个娃没地方住
帮邻居问一下，家里断粮了
村里有户人家断粮了
"""
OURSELVES = """
我今晚没地方住
我们一家三口没饭吃了
俺带着娃没地方去
家里揭不开锅了
没米下锅了
今晚睡哪儿都不知道
我家断粮了
我和邻居都没饭吃
身上一分钱没有，一天没吃饭
老板跑了，我现在没地方住
其他办法都试过了，家里没吃的
"""


@pytest.mark.parametrize("text", OTHERS.split())
def test_about_another(text: str) -> None:
    assert about_somebody_else(text)


@pytest.mark.parametrize("text", OURSELVES.split())
def test_about_oneself(text: str) -> None:
    assert not about_somebody_else(text)
