"""One spelling for matching: what differs only in width, script, numerals, politeness or decoration becomes equal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from bot.language.numerals import to_digits

# WeChat writes its yellow faces into the text as [微笑]; only known names go, so that a real [低保] stays.
_FACES = """
微笑 撇嘴 色 发呆 得意 流泪 害羞 闭嘴 睡 大哭 尴尬 发怒 调皮 呲牙 惊讶 难过 囧 抓狂 吐 偷笑 愉快 白眼 傲慢 困
惊恐 憨笑 悠闲 咒骂 疑问 嘘 晕 衰 骷髅 敲打 再见 擦汗 抠鼻 鼓掌 坏笑 右哼哼 鄙视 委屈 快哭了 阴险 亲亲 可怜 笑脸
生病 脸红 破涕为笑 恐惧 失望 无语 嘿哈 捂脸 奸笑 机智 皱眉 耶 吃瓜 加油 汗 天啊 社会社会 旺柴 好的 打脸 哇
翻白眼 让我看看 叹气 苦涩 裂开 嘴唇 爱心 心碎 拥抱 强 弱 握手 胜利 抱拳 勾引 拳头 ok 合十 啤酒 咖啡 蛋糕 玫瑰
凋谢 菜刀 炸弹 便便 月亮 太阳 庆祝 礼物 红包 發 福 烟花 爆竹 猪头 跳跳 发抖 转圈 流汗 大兵 奋斗 左哼哼 哈欠
"""
_FACE = re.compile(
    r"\[(?:" + "|".join(sorted(_FACES.split(), key=len, reverse=True)) + r"|[a-z ]{2,12})\]|/:[:a-z|<>()*@!~&$,;-]{1,8}"
)
_NOISE = re.compile(r"[\s，、。！？；：,.!?;:~～…—_*#^“”\"'‘’()（）<>《》【】\[\]{}|/\\·`=+-]+")
_HAN_GAP = re.compile(r"(?<=[一-鿿]) +(?=[一-鿿0-9])|(?<=[0-9]) +(?=[一-鿿])")
_REPEATED = re.compile(r"([，。！？!?~、…,.;:\-—])[\s，。！？!?~、…,.;:\-—]+")
# A run is tried from its first sign only: from each of 600 dots to the end of the text would be 180,000 steps.
_ENDS = re.compile(r"^[\s，。！？!?~、…,.;:\-—]+|(?<![\s，。！？!?~、…,;:\-—.])[\s，。！？!?~、…,;:\-—.]+$")

_SMALL = r"(?:一下下|一下子|一下|1下|下子|哈子|一哈|下|哈)?"
_HELLO = re.compile(
    r"^(?:(?:您好|你好|妳好|你们好|您们好|大家好|哈喽|哈啰|嗨|喂|在吗|在不在|在不|在么|有人吗|hello|hi|"
    r"(?:早上|上午|中午|下午|晚上)好|领导好?|老师好?|师傅|同志们?好?|工作人员|客服|小编|亲们?|美女|帅哥|大哥|大姐)(?=[\W啊呀哈哦吗]|$|请|我|想|问|咨)[啊呀哈哦]?|"
    r"不好意思|打扰" + _SMALL + r"了?|麻烦(?:你们?|您|大家)?(?=请?问|帮|查|看|说|讲|告诉)|劳驾|辛苦了?)[\W_]*"
)
_ASK = re.compile(
    r"^(?:(?:我|俺|咱|偶)?(?:就是|就|是)?(?:想要?|要|来)"
    r"(?:请问|咨询|问问|询问|问|了解|打听|知道|请教)" + _SMALL + r"(?!题)|"
    r"(?:请问|请教|咨询|问问|打听|了解|询问)" + _SMALL + r"(?!题)|问(?:一下下|一下|1下|下|一哈|哈|个事儿?|个问题)|"
    r"(?:请|麻烦)?(?:你们?|您)?(?:能不能|可以|能)?帮(?:我|俺|忙)?"
    r"(?:查|问|看|解答)(?:查|看|问|一看|一问)?" + _SMALL + r"|"
    r"(?:请|麻烦)?(?:能不能|可以|能)?(?:告诉|跟我说|给我讲|讲讲|说说|给我说)(?:我|俺)?" + _SMALL + r"(?!的)|请(?=问)|"
    r"(?:那个|这个|嗯+|呃+|额(?=\W)|哎+|唉+|诶+|欸+|啊+|哦+|噢+)(?=[\W]|嗯|呃|我|请|就是)|是这样的?(?=\W|我)|就是(?:说|那个)?(?=[\W]|我|请问|想))[\W_]*"
)
_ASK_ANYWHERE = re.compile(r"请问" + _SMALL + r"|[嗯呃]+(?=[\W]|$)|(?<=[\W])那个(?=[\W])")
_THANKS = re.compile(
    r"(?<![\W_])[\W_]*(?:谢谢(?:了|啦|您了?|你了?|老师|大家|啊|哈|哦)*|谢谢|多谢了?|感谢|辛苦(?:您|你)?了|麻烦(?:您|你)?(?:了|啦)|拜托了?|"
    r"求(?:解答|回复|告知|解)|急急+|在线等|谢+)[\W_]*$"
)
_TAIL = re.compile(r"(?<=..)[啊呀哈哦噢喔哇嘞咯噻咧啦哟滴捏]+$")
_LETTER = re.compile(r"[^\W_]")


def normalise(text: str) -> str:
    """The text as matching sees it. Never empty when it held a letter or digit; doing it twice changes nothing."""
    return _settled(_bare, text)


def tidy(text: str) -> str:
    """Only width, script, numerals and decoration made equal: every word and the question mark stay, because a
    sentence encoder reads them as a hint (请问 in both of two questions is no accident)."""
    return _settled(_tidied, text)


def match_key(text: str) -> str:
    """Equal for two texts that differ in nothing but decoration: the key of an exact match."""
    plain = normalise(text)
    return _NOISE.sub("", plain) or plain


def simplified(text: str) -> str:
    """The text in simplified characters; most need no converter."""
    return str(_converter().convert(text)) if any(_traditional(char) for char in text) else text


def _settled(once: Callable[[str], str], text: str) -> str:
    # Each pass only shortens or settles; a filler under a filler (那个，请问…) needs another. Few texts need three.
    for _ in range(8):
        before, text = text, once(text)
        if text == before:
            break
    return text


def _bare(text: str) -> str:
    plain = _tidied(text)
    plain = _ENDS.sub("", plain) or plain
    return _without_fillers(plain) if _LETTER.search(plain) else plain


def _tidied(text: str) -> str:
    # One sign may stand for eighteen letters (ﷺ); of a text of them no more is read than of letters.
    plain = unicodedata.normalize("NFKC", text).lower()[: 2 * len(text)]
    plain = _FACE.sub(" ", plain)
    plain = "".join(_visible(char) for char in plain)
    plain = simplified(plain)
    return to_digits(_REPEATED.sub(r"\1", _HAN_GAP.sub("", " ".join(plain.split()))))


def _without_fillers(text: str) -> str:
    for pattern in (_HELLO, _ASK, _ASK_ANYWHERE, _THANKS, _TAIL):
        shorter = _ENDS.sub("", pattern.sub("", text))
        # A greeting or thanks that stands alone is the message itself.
        if _LETTER.search(shorter):
            text = shorter
    return text


@lru_cache(maxsize=8192)
def _visible(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in ("Zs", "Zl", "Zp", "Cc"):
        return " "
    # So: emoji and dingbats; Sk: their skin tones; Cf, Mn: joiners, variation selectors; Cs, Cn, Co: nothing to read.
    return "" if kind in ("So", "Sk", "Cf", "Mn", "Me", "Cs", "Cn", "Co") else char


@lru_cache(maxsize=32768)
def _traditional(char: str) -> bool:
    return char > "㐀" and _converter().convert(char) != char


@cache
def _converter() -> Any:
    from opencc import OpenCC  # 12 ms to read its tables, and most texts need none of them

    return OpenCC("t2s")
