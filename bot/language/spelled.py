"""What was typed in the letters of its sound, read as characters: dibao zenme shenqing → 低保怎么申请.

Who types with one finger may forget to choose the characters. Only what people say to us is known here: a text of other words (English,
an address, a password) is left as it stands, and no answer rests on a guess about it.
"""

from __future__ import annotations

import re
from functools import cache

from bot.language import programmes
from bot.language.pinyin import syllable
from bot.language.typos import WORDS

_EVERYDAY = """
我 你 他 她 您 我们 我家 家里 家人 人 老人 孩子 小孩 娃 爸爸 妈妈 爸 妈 老公 老婆 儿子 女儿 爷爷 奶奶 邻居 村里 村上 社区 街道 乡里 镇上
县里 政府 民政 干部 国家 老家 外地 本地 户口 户籍 学生 大学 残疾 残疾人 病 大病 生病 看病 住院 医院 手术 医药费 药费 学费 工作 上班 下岗
失业 打工 没钱 没饭吃 没工作 没收入 钱 工资 收入 存款 房子 车 地 存折 银行卡 身份证 户口本 证明 材料 手续 条件 标准 金额 补贴 补助 救助
救济 帮助 帮忙 困难 急 急用 申请 办理 办 报 交 领 领取 发 给 不给 批 没批 不批 批下来 审批 审核 公示 核对 调查 复核 取消 停 停了 停发 查
查询 进度
举报 投诉 复议 退 说 问 问一下 请问 想 想问 要 需要 要不要 能 能不能 可以 可不可以 会 会不会 是 是不是 有 有没有 没有 没 不 还
都 也 就 了 的 吗 呢 吧 啊 呀 嘛 得 着 过 在 去 到 从 跟 和 对 把 被 那 这 这个 那个 现在 今年 去年 明年 今天 明天 每月 每个月 一个月 一年
一次 几次 几天 几个月 多少 多少钱 多久 多长时间 什么 什么时候 什么材料 什么条件 怎么 怎么办 怎么申请 怎么样 哪里 哪儿 哪个 谁 找谁 为什么 几口人
一个人 两个人 三口人
不想活 活不下去 想死 自杀 救命 打我 饿 冷 累 撑不住 什么意思 意思 低保 低保金 生活费 人工 找人工 找人 找个人 转人工
打电话 电话 热线 你好 谢谢 帮我 告诉我 上门 网上 手机上
"""
_LETTERS = re.compile(r"[a-z]+")
_MARKS = re.compile(r"[\s'\-,.?!~]+")
_OTHERWISE = {
    "了": "le", "什": "shen", "着": "zhe", "都": "dou", "还": "hai", "行": "hang", "没": "mei", "得": "de", "地": "di", "呢": "ne",
    "会": "hui", "长": "chang", "差": "cha", "重": "zhong", "服": "fu", "度": "du", "单": "dan", "查": "cha", "调": "diao",
}  # fmt: skip
"""Characters that people use in another reading than the one their table has."""
_LEAST, _MOST = 4, 200
"""Letters of a text that is looked at: fewer may be anything (ok, hi), more is a letter in another language."""
_MEANT = 2
"""A word of so many characters has to be among those read, or nothing is known of what was meant."""
_LEFT = 0.3
"""So much of a text may be sounds that are not known (a place, a name), if a word of social assistance is among the others."""
_LONGEST, _COSTS = 30, 3
"""Letters of a word at most; and what a letter left over costs beside a word."""


def in_characters(text: str) -> str:
    """The text in characters, if its letters are the sounds of words that people use here; else the text itself."""
    if not text.isascii() or len(text) > 2 * _MOST:
        return text
    bare = _MARKS.sub("", text.lower())
    if not _LETTERS.fullmatch(bare) or not _LEAST <= len(bare) <= _MOST:
        return text
    words, left = _read(bare)
    if left > _LEFT * len(bare) or (left and not any(word in _ours() for word in words)):
        return text
    return "".join(words) if any(len(word) >= _MEANT for word in words) else text


def _read(letters: str) -> tuple[list[str], int]:
    """The words whose sounds follow each other here, as few as can be, and how many letters are left over between them."""
    known = _by_sound()
    best: list[tuple[int, list[str], int]] = [(0, [], 0)]
    for end in range(1, len(letters) + 1):
        cost, words, left = best[-1]
        now = (cost + _COSTS, words, left + 1)
        for start in range(max(0, end - _LONGEST), end):
            if (word := known.get(letters[start:end])) and best[start][0] + 1 < now[0]:
                now = (best[start][0] + 1, [*best[start][1], word], best[start][2])
        best.append(now)
    return best[-1][1:]


@cache
def _ours() -> frozenset[str]:
    named = " ".join(programmes.NAMES.values()).split()
    return frozenset((*WORDS, *(word for word in named if not any(char.isdigit() for char in word))))


@cache
def _by_sound() -> dict[str, str]:
    """Words by the letters of their sound; of two that sound alike the one that stands first in these lists."""
    known: dict[str, str] = {}
    for word in (*_EVERYDAY.split(), *sorted(_ours())):
        sound = "".join(_OTHERWISE.get(char) or syllable(char) for char in word)
        if sound.isascii():
            known.setdefault(sound, word)
            known.setdefault(sound.replace("lv", "lu").replace("nv", "nu"), word)
    return known
