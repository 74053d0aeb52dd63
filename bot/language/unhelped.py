"""Whether somebody says that the answer they just got did not help: 没解决, 不是我问的. Pure rules over the whole text: 没用 inside
a longer sentence is about something else."""

from __future__ import annotations

import re

_ABOUT = (
    "(?:(?:可是|但是|但|可|这个?|那个?|你|您|你们|它|这样|这些|这句|回答|答案|说的?|讲的?|答的?|回的"
    "|上面的?|刚才的?|还|还是|都|也|根本|完全|好像|对我|我|觉得|感觉|并)[，,]*)*"
)
_SAID = (
    "(?:没有?(?:用|解决|帮助|帮到我?|帮上忙?|回答(?:到点|我的问题)?|答到点上?)|不(?:管用|顶用|解决问题|是我?(?:想|要)?问的(?:这个|问题)?|是这个(?:意思|问题)?|"
    "对题?|是这样|满意|是我要的)|解决不了(?:问题)?|答非所问|没说(?:清楚|明白|到点上)|(?:没|不)(?:看|听)(?:懂|明白)|白问了|牛头不对马嘴|"
    "等于没说|跟没说一样|问题(?:还是)?没(?:有)?解决)"
)
_UNHELPED = re.compile(rf"\W*{_ABOUT}{_SAID}(?:啊|呀|呢|吧|哦|了|嘛|的|我的问题|问题)*\W*")
_LONGEST = 24


def says_unhelped(text: str) -> bool:
    return len(text) <= _LONGEST and _UNHELPED.fullmatch(text) is not None
