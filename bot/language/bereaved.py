"""Whether words tell of a death: 老伴不在了. Pure rules; an answer that condoles is given to nobody who tells of none."""

from __future__ import annotations

import re

from bot.language.normalise import simplified

_DEATH = re.compile(
    "死|亡|故|丧|葬|殡|坟|遗|[去过离逝]世|[去区]逝|过逝|区世|过身|身后|后事|白事|寿终|咽气|牺牲|火化|骨灰|生前|往生|"
    "没了|不在了?|走[了咗咯啦嘞哒]|走(?:掉|的)|老[了咗]人|人[没冇]|销户"
)


def tells_of_death(text: str) -> bool:
    """Also where a job is gone (没了): the words are needed, they prove nothing."""
    return _DEATH.search(simplified(text)) is not None
