"""Hear a person in danger before anything else is done. Pure rules over the whole text, whatever its length.

Two strengths: URGENT stops the turn with fixed words; HEAVY (活不下去了 …) is hardship that sounds of despair: the words go
out too, and the question in it is still answered. Rules and not a classifier, because an officer must be able to read why
an alarm rang, and because a miss is mended by adding one line here and one sentence to tests/samples/distress.yml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from opencc import OpenCC


class Danger(StrEnum):
    LIFE = "life"
    VIOLENCE = "violence"
    ILLNESS = "illness"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Distress:
    danger: Danger
    urgent: bool


_ORDER = tuple(Danger)


_WHO = "(?:我|俺|咱|他|她|我们|老公|丈夫|男人|老婆|媳妇|爸|妈|爹|娘|儿子|女儿|孩子|娃|老伴|弟|妹|哥|姐|奶奶|爷爷|朋友|邻居)"

# Not danger: exaggeration, wares, and things that are named after death.
_HARMLESS = re.compile(
    "(?:气|累|烦|热|冷|吓|笑|急|困|堵|忙|恨|爱|美|香|渴|臭|痒|贵|慢|难看|无聊)死|死机|死角|死板|想死你|死循环|跳楼价|跳楼机|死亡证明|死亡赔偿|"
    "自杀式|上吊牌|(?:游戏|电影|小说|电视剧|新闻|歌)里?.{0,8}(?:自杀|跳楼|想死|死了)|(?:预防|防止|干预)自杀"
)
# A death that has happened, asked about for its papers or money.
_BEREAVED = re.compile(
    "(?:自杀|跳楼|跳河|上吊|轻生|喝农药|自尽|去世|死)(?:身亡|死亡|死了|去世|走了|过世|了|的)?.{0,14}"
    "(?:丧葬|抚恤|家属|遗属|补助|赔|保险|注销|继承|火化|还能|还发|低保|待遇|存折)"
)
_LIFE = re.compile(
    "自杀|自尽|自残|自伤|割腕|跳楼(?!价|机|梯|甩)|跳河|跳桥|跳江|上吊|烧炭|轻生|寻死|寻短见|遗书|绝笔|想不开了|"
    "(?:不想|不愿|懒得|没法)(?:再)?活(?!动|跃|干)|不活了|活够了|活腻|活着(?:也|还|都|真)?(?:没|有什么|有啥)(?:啥|什么)?(?:意思|意义|劲|盼头|用)|"
    "没(?:有)?(?:勇气|理由|意思|盼头)(?:再)?活|生不如死|一了百了|"
    "(?:想|要|真想|只想|好想|宁可|宁愿|干脆|不如)(?:去|一)?死(?!亡|角|机|磕|缠|守|盯|读|记|保)|死了算(?:了|球)|死了(?:也|就|更|才|倒)?(?:好|干净|解脱|清净|省心)|"
    "一死了之|去死(?:了|吧|算)|"
    "(?:结束|了结|了断)(?:我|自己|这)?的?(?:生命|一生|性命|自己|这辈子|这一切)|"
    "(?:喝|吃|灌)(?:了|下)?.{0,4}(?:农药|百草枯|敌敌畏|老鼠药|耗子药)|(?:一瓶|一把|很多|好多|大量|整瓶)(?:的)?安眠药|吃(?:了|下)安眠药|"
    "(?:带|抱|领)着?(?:孩子|娃|全家|老人).{0,4}(?:一起|一块|同归于尽|去)(?:死|走了算|跳)|同归于尽|全家(?:一起|一块)死|"
    "(?:最后|临死).{0,3}(?:见|看)一面|离开(?:这个|这)(?:世界|人世)|不想(?:再)?(?:待|呆|留)在这(?:个)?世"
)
_DENIED = re.compile("(?:不|没|没有|并不|从没)(?:是)?(?:想|要|打算)?(?:过)?$")
_HEAVY = re.compile(
    "活不下去|活不成|活不了|撑不下去|撑不住|熬不下去|熬不住|熬不过|过不下去|坚持不下去|走投无路|绝望|崩溃|没(?:有)?活路|没法活|"
    "逼死|等死|死路一条|(?:只有|只能)死|看不到(?:一点)?希望|心里(?:太|好|很)?(?:难受|苦)死?|天塌|活着(?:好|太|真|很)(?:难|累|苦)|不想治(?:病)?了|放弃治疗"
)
_VIOLENCE = re.compile(
    f"{_WHO}.{{0,6}}(?:正|又|还|刚|现在|天天|一直|老|总|往死里)(?:在|是)?.{{0,3}}(?:打|揍|掐|砍|踹|虐待)(?:了|着)?"
    "(?:我|俺|孩子|娃|我妈|我娘|人)|"
    f"{_WHO}.{{0,2}}打(?:了|伤|完)?(?:我|俺|我妈|我娘|孩子)(?!的?电话|的?手机|招呼|过来的)|"
    f"被.{{0,3}}{_WHO}打(?!电话|工|听|扰|发|断|分|招呼|比方|量|款|成|入|压|击|动|车)|(?:就|来|要)杀了?我|"
    "(?:要|想|说要|扬言)(?:打死|杀死|杀了|弄死|砍死|砍|杀)(?:我|俺|孩子|我们|全家)|(?:拿|提|举)(?:着|了)?(?:刀|棍|斧).{0,6}(?:我|追|砍|冲)|"
    "被.{0,6}(?:强奸|性侵|猥亵|强暴|囚禁|绑架)|(?:强奸|性侵|猥亵)(?:了)?(?:我|孩子|女儿|俺)|"
    "被.{0,6}(?:打得|打到|打成|打出)(?:头破|流血|浑身|满身|全身|站不|住院|半死|血)|"
    "(?:救命|救救我)(?!钱|药|的|之恩)|(?:把|被).{0,5}(?:关|锁)(?:在|起来).{0,8}(?:不让|打|饿)"
)
_ILLNESS = re.compile(
    "(?:没|没有|停止)(?:了)?(?:呼吸|心跳)|(?:突然|刚刚|刚才|现在|一下子).{0,8}(?:昏迷|晕倒|昏倒|昏过去|晕过去|倒地|抽搐|吐血|大出血|喘不上气|不省人事)|"
    "(?:快|要|眼看)(?:就)?(?:不行了|断气|没气)|(?:正在|一直|不停)(?:吐血|流血|出血|抽搐)|不省人事|喘不(?:上|过)(?:来)?气|"
    "(?:胸口|心口).{0,4}(?:剧痛|疼得|痛得)|(?:误食|误喝|煤气|一氧化碳|农药|食物)中毒|要生了.{0,6}(?:怎么办|没人)|触电了|溺水了"
)
# Somebody else's, found: there is an answer for that.
_FOUND = re.compile("(?:马路|大?路|街|车站|公园|桥)(?:上|边|头|底?下|里)|门口|遇到|遇见|碰到|碰见|看到|看见|捡到|发现")
_MISSING = re.compile(
    "(?:孩子|娃|女儿|儿子|孙子|孙女|老人|我妈|我爸|爷爷|奶奶|老伴|老娘|老爹).{0,4}(?:走失|走丢|丢了|不见了|找不到了|找不着了|失踪|被拐|被抱走|被人带走)"
)


# A piece is 5 ms at the most; who serves others meanwhile lets them in between two pieces.
_PIECE, _SHARED = 4_000, 200
"""Characters of a piece, and how many the next one has in common with it: more than the longest rule spans."""
_PAUSES = "，。,.!！?？；;\n"


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def listen(text: str) -> Distress | None:
    """What danger speaks from a text, or None. Reads all of it; gaps, width and script do not hide a word."""
    heard = None
    for piece in pieces(text):
        heard = worse(heard, hear(piece))
    return heard


def pieces(text: str) -> Iterator[str]:
    """The text as `hear` wants it: letters and short pauses, a stretch at a time, each beginning at a pause if there is
    one, so that no 没想过 is cut off its 自杀."""
    bare = re.sub("，+", "，", text.translate(_HEARD))
    start = 0
    while start + _PIECE < len(bare):
        yield bare[start : start + _PIECE]
        pause = bare.rfind("，", start + _PIECE - 2 * _SHARED, start + _PIECE - _SHARED)
        start = pause if pause > 0 else start + _PIECE - _SHARED
    yield bare[start:]


def worse(one: Distress | None, other: Distress | None) -> Distress | None:
    """Of two stretches of a text, what counts for all of it: urgent before heavy, life first."""
    found = [heard for heard in (one, other) if heard]
    return min(found, key=lambda heard: (not heard.urgent, _ORDER.index(heard.danger)), default=None)


class _Heard(dict[int, str]):
    """What of a character is heard: letters, in their plain form, and pauses. Remembered, as far as it is worth it."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code))
        # One sign may stand for eighteen letters (ﷺ); none of those says anything here, and a page of them took 0.6 s.
        told = folded if len(folded) <= 2 else ""
        heard = "".join(c if c.isalnum() else ("，" if c in _PAUSES else "") for c in told)
        if len(self) < 20_000:
            self[code] = heard
        return heard


_HEARD = _Heard()


def _simplified(piece: str) -> str:
    # The converter looks every position up in its tables: 100,000 characters took a second, and most texts need none.
    return _simplifier().convert(piece) if any(map(_traditional, set(piece))) else piece


@lru_cache(maxsize=16_384)
def _traditional(char: str) -> bool:
    return char > "\u3400" and _simplifier().convert(char) != char


def hear(piece: str) -> Distress | None:
    """The rules, on one of the `pieces`."""
    plain = _HARMLESS.sub("，", _simplified(piece))
    together = plain.replace("，", "")
    life = _LIFE.search(_BEREAVED.sub("，", plain)) or _LIFE.search(_BEREAVED.sub("，", together))
    if life and not _DENIED.search(together[: max(0, together.find(life.group()))][-5:]):
        return Distress(Danger.LIFE, urgent=True)
    if _VIOLENCE.search(plain):
        return Distress(Danger.VIOLENCE, urgent=True)
    if _ILLNESS.search(plain):
        return Distress(Danger.ILLNESS, urgent=True)
    if _MISSING.search(plain) and not _FOUND.search(plain):
        return Distress(Danger.MISSING, urgent=True)
    if life or _HEAVY.search(plain):
        return Distress(Danger.LIFE, urgent=False)
    return None
