"""How residents call the people of their household. Groups of words that mean the same relative."""

from __future__ import annotations

_GROUPS = """
老伴 老伴儿 爱人 妻子 老婆 丈夫 老公 配偶 对象 媳妇 媳妇儿 婆娘 堂客 老头子 老婆子 老头 男人 女人 屋里人 先生 太太
儿子 大儿子 小儿子 二儿子 老大 老二 男孩 伢子 崽 幺儿
女儿 闺女 丫头 大女儿 小女儿 二女儿 姑娘 女孩 妹子 囡
儿媳 儿媳妇
女婿
孙子 大孙子 小孙子 孙娃 孙儿
孙女 孙女儿 大孙女 小孙女
外孙 外孙子
外孙女
父亲 爸 爸爸 爹 老爸 老爹 老父亲 我爸 老汉儿
母亲 妈 妈妈 娘 老妈 老娘 老母亲 我妈
公公 岳父 老丈人 丈人
婆婆 岳母 丈母娘
爷爷 祖父 外公 姥爷
奶奶 祖母 外婆 姥姥
哥哥 哥 大哥
弟弟 弟
姐姐 姐 大姐
妹妹 妹
"""
GROUPS = tuple(frozenset(line.split()) for line in _GROUPS.strip().splitlines())
CHILD = frozenset({"孩子", "娃", "娃儿", "小孩", "娃娃", "小的", "小朋友", "小孩子"})
"""Whoever is under eighteen, where no relation says so."""
ELDER = frozenset({"老人", "老的", "老人家"})
_MEN = """
丈夫 老公 老头子 老头 男人 先生 儿子 大儿子 小儿子 二儿子 男孩 伢子 女婿 孙子 大孙子 小孙子 孙娃 孙儿 外孙 外孙子 父亲 爸 爸爸 爹
老爸 老爹 老父亲 我爸 老汉儿 公公 岳父 老丈人 丈人 爷爷 祖父 外公 姥爷 外祖父 哥哥 哥 大哥 弟弟 弟 侄子 外甥 叔叔 伯伯 舅舅
"""
_WOMEN = """
妻子 老婆 媳妇 媳妇儿 婆娘 堂客 老婆子 女人 太太 女儿 闺女 丫头 大女儿 小女儿 二女儿 姑娘 女孩 妹子 囡 儿媳 儿媳妇 孙女 孙女儿 大孙女
小孙女 外孙女 母亲 妈 妈妈 娘 老妈 老娘 老母亲 我妈 婆婆 岳母 丈母娘 奶奶 祖母 外婆 姥姥 外祖母 姐姐 姐 大姐 妹妹 妹 侄女 外甥女 姑姑 姨
"""
BY_SEX = {"male": frozenset(_MEN.split()), "female": frozenset(_WOMEN.split())}
"""Words only for men, and only for women: an identity number tells which of two children is the son."""
COUPLE = frozenset({"我们老两口", "我们两口子", "我们俩", "老两口", "两口子", "夫妻俩", "我们夫妻", "我们两个"})
"""The applicant and their husband or wife."""
MYSELF = ("我自己", "本人", "自己", "我", "俺", "咱")
KIN = frozenset(word for group in GROUPS for word in group if len(word) > 1) | CHILD | {"爸", "妈", "爹", "娘"}
ANY_OF_KIN = "|".join(sorted(KIN, key=len, reverse=True))
"""Of an expression: any word for a relative, the longest first."""


def same(word: str) -> frozenset[str]:
    """Every word for the relatives this word may mean."""
    return frozenset().union(*(group for group in GROUPS if word in group)) | {word}
