"""Mends words of social assistance that were typed by sound: 底保 → 低保, 临事救助 → 临时救助, 多少前 → 多少钱.

For search only. A long word is known by its sound, a short one only with one character right and no everyday word
around it: a wrong repair costs more than a missed one, because search hears homophones anyway.
"""

from __future__ import annotations

import re

from bot.language.pinyin import rough, syllable

# Any spelling that sounds alike, in a dialect too, with half of the characters right. Words that are a shorter word of
# this list and one common syllable (低保金, 失业金, 户口簿) are left out: 低保今天 must stay.
_LONG_WORDS = """
低保边缘 低保标准 最低生活保障 社会救助 社会救助法 临时救助 医疗救助 教育救助 住房救助 就业救助 受灾救助
司法救助 救助管理站 特困供养 特困人员 特困供养金 边缘家庭 刚性支出 支出型 急难型 小额救助 先行救助 价格补贴
物价补贴 临时补贴 困难补贴 失业保险 失业补助 残疾人 残疾证 残疾补贴 两项补贴 护理补贴 生活补贴 高龄津贴 高龄补贴
养老金 养老院 敬老院 福利院 孤儿津贴 事实孤儿 无人抚养 困境儿童 留守儿童 流浪乞讨 流浪人员 法律援助 大病救助
危房改造 公租房 廉租房 助学金 民政局 民政部门 街道办 居委会 村委会 户口本 居住证 银行卡 收入证明 授权书 申请表
申请书 申请救助 经济状况 家庭收入 家庭财产 家庭成员 入户调查 民主评议 行政复议 行政诉讼 信息核对 多少钱 怎么申请
要什么材料 什么材料 什么条件 打零工 丧葬费 安葬费 赡养费 住院费 医药费 农民工 大学生 研究生 单人户 共同生活
"""
# Two characters: sound exactly alike, one character right, and no word of `_REAL` around them.
_SHORT_WORDS = "特困 救助 申请 残疾 孤儿 赡养 供养 乞讨 流浪 民政 医疗 津贴 补贴 街道 押金"
_BY_HAND = {
    "低保": "底保 第保 抵保 低包 低宝 滴保 低堡 低饱 敌保 低褒",
    "社救": "社求",
    "边缘": "边源 边原 边圆 边园",
    "五保": "伍保 五包 五宝",
    "材料": "才料 材科 财料",
    "条件": "条见",
    "标准": "标淮 标谁",
    "收入": "收人",
    "证明": "正明 证名",
    "什么": "什莫",
    "失业": "师业",
    "房子": "放子",
    "通过": "通国",
    "不服": "不伏",
    "提交": "提郊",
    "能改": "能该",
    "怎么办": "怎么半 怎么版",
}
# Right words that sound like one of ours, or hold it across their border: 兜底保障 is not 兜低保障.
_REAL = re.compile(
    "兜底|第保障|第保险|第保证|第保护|第保健|第保密|第保姆|到底|彻底|年底|月底|摸底|托底|谷底|心底|家底|底保证|抵保险|重申|精神|不贴|民证|街到|接到|神情|扶养|职工|员工|就助学|"
    "疗程|收人民|收人工|收人头|收人家|收人钱|收人均|正明确|正明显|押进|压金属|五包装|包扎|低饱和|低包容|滴保温|条见面|社求助|流浪者"
)


def _sound(word: str) -> tuple[str, ...]:
    return tuple(map(rough if len(word) > 2 else syllable, word))


_HANDS = {wrong: right for right, all_ in _BY_HAND.items() for wrong in all_.split()}
WORDS = (*_SHORT_WORDS.split(), *_LONG_WORDS.split())
"""The words of social assistance, spelt right."""
_SOUNDS = {_sound(word): word for word in WORDS}
_RIGHT = frozenset((*WORDS, *_BY_HAND))
_STARTS: dict[str, int] = {}
for _word in (*_RIGHT, *_HANDS):
    _STARTS[rough(_word[0])] = max(len(_word), _STARTS.get(rough(_word[0]), 0))


def repair(text: str) -> str:
    """The normalised text with words of ours spelt right; doing it twice changes nothing."""
    kept = [match.span() for match in _REAL.finditer(text)]
    out, at = [], 0
    while at < len(text):
        word, length = _mended(text, at, kept)
        out.append(word)
        at += length
    return "".join(out)


def _mended(text: str, at: int, kept: list[tuple[int, int]]) -> tuple[str, int]:
    """What stands here, mended if it is a misspelt word of ours, and how many characters it took."""
    longest = _STARTS.get(rough(text[at]), 0)
    for length in range(min(longest, len(text) - at), 1, -1):
        said = text[at : at + length]
        if said in _RIGHT:
            return said, length
        right = _HANDS.get(said) or _SOUNDS.get(_sound(said))
        if right is None or any(start < at + length and at < end for start, end in kept):
            continue
        if said in _HANDS or sum(a == b for a, b in zip(said, right, strict=True)) * 2 >= length - 1 >= 1:
            return right, length
    return text[at], 1
