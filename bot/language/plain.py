"""Other words for the same thing: dialect and office names become the words most people use.

For search only: the text that a resident or an officer sees is never changed. Only words with one meaning are here
(哪个 is which or who, 走了 is left or died: they stay), and none that is a piece of another: 偶 is in 配偶, 么子 in 为什么子女.
"""

from __future__ import annotations

import re

# Office language and older names → the name answers use.
_NAMES = {
    "低保": "最低生活保障 最低生活费 最低生活补助 最低保障",
    "低保金": "最低生活保障金 最低生活保障费 低保费",
    "低保标准": "最低生活保障标准 最低生活保障线 低保线",
    "低保边缘": "最低生活保障边缘",
    "特困": "五保",
    "特困人员": "五保户 五保老人 五保对象 三无人员 三无老人 三无对象 特困供养人员 特困供养对象",
    "临时救助": "临时救济",
    "失业保险金": "待业金",
}
# Said in the north, the south-west, Wu and Yue speech, and everyday short forms.
_SPOKEN = {
    "怎么": "咋个 咋么 咋 怎地 咋样 杂个",
    "怎么办": "咋办 咋整 咋弄 咋搞 怎么整 哪样办",
    "什么": "啥子 啥 乜嘢 咩 嘛玩意",
    "什么时候": "啥时候 啥时 啥会儿 啥辰光",
    "为什么": "为啥子 为啥",
    "我": "俺",
    "我们": "俺们 咱们 阿拉 我哋",
    "你": "恁 侬 妳",
    "他": "佢",
    "不": "唔",
    "没有": "冇 冇得 木有 莫得 呒没",
    "的": "嘅",
    "了": "咗",
    "这些": "呢啲 这啲",
    "这里": "呢度 这旮旯 这疙瘩 这块儿",
    "那里": "嗰度 那旮旯 那疙瘩",
    "哪里": "哪儿 哪疙瘩 哪旮旯 边度",
    "孩子": "娃儿 娃娃 娃 伢子 伢 崽 小囡",
    "多少钱": "多少前 几多钱 几钿 多少银子",
    "多少": "几多",
    "可以吗": "得不得 得唔得 中不中 要得不",
    "知道": "晓得",
    "申请": "递申请 打申请",
    "村委会": "大队部 村部",
}
# Those that are right words elsewhere: 花了好多钱, 等了好久才批, 没得到, 低边缘.
_RULES = (
    (re.compile(r"(?<![了着花费])好多钱"), "多少钱"),
    (re.compile(r"(?<=[准钱贴助金领发拿补是])好多(?=$|[\W嘛哦呢块元]|[一1]个?[月年])"), "多少"),
    (re.compile(r"(?<=[要得])好[久旧](?!没|不)|(?<![了过这那很])好[久旧](?=能|可以|才|发|下来|批|到账|有)"), "多久"),
    (re.compile(r"(?<=[能可好]报)(?=[点些]|多少|几成|[不吗]?$)|(?<=可以报)(?=[点些]|多少|几成|[不吗]?$)"), "销"),
    (re.compile(r"没得(?![到了过])"), "没有"),
    (re.compile(r"低边(?=户|家庭|对象|人)"), "低保边缘"),
    (re.compile(r"(?<=..)(?:不嘞|不咯|不|否|伐)$|(?<=了)没$"), "吗"),
    (re.compile(r"㗎+$"), ""),
)


def _table(words: dict[str, str]) -> dict[str, str]:
    return {said: plain for plain, all_ in words.items() for said in all_.split()}


_PLAIN = _table(_NAMES) | _table(_SPOKEN)
_WORDS = re.compile("|".join(sorted(map(re.escape, _PLAIN), key=len, reverse=True)))


def plain_words(text: str) -> str:
    """A normalised text in plain words."""
    text = _WORDS.sub(lambda match: _PLAIN[match[0]], text)
    for pattern, plain in _RULES:
        text = pattern.sub(plain, text) or text
    return text
