"""Whether a cry for help is about somebody else: 楼上老人没饭吃. Pure rules; only the wording of what is said next hangs on it."""

from __future__ import annotations

import re

_OTHER = re.compile(
    "楼上|楼下|邻居|隔壁|对门|同村|村里|村上|小区|院里|路边|街上|马路|桥下|公园|车站|门口|工友|同事|同学|朋友|亲戚|"
    "有(?:个|位|名|一家|户)|(?:一|这|那)(?:个|位|名|家|户)(?:老人|老头|老太|大爷|大妈|阿姨|孩子|小孩|娃|人|女的|男的|流浪)|"
    "(?:帮|替|代)(?:他|她|人|别人|邻居|老人)|(?<![其吉])他们?|她们?"
)
_OURS = re.compile("(?:我|俺|咱)(?:们|家)*(?:的)?(?=楼上|楼下|邻居|隔壁|对门|小区|村|院|工友|同事|同学|朋友|亲戚)")
"""我们小区 is where somebody lives, not who is meant."""
_SELF = re.compile("(?:我|俺|咱)(?:们|家|自己|一家|俩|跟|和|带|现在|今晚|今天|已经|身上|没|饿|冻|住|睡|就|也|在)")


def about_somebody_else(text: str) -> bool:
    """Who speaks of themselves, too, is asked as themselves."""
    return bool(_OTHER.search(text)) and not _SELF.search(_OURS.sub("", text))


_REPORTED = re.compile(
    "有(?:个|位|名)(?:老人|老头|老太|大爷|大妈|老奶奶|老爷爷|女的|男的|女人|男人|女孩|男孩|小伙|姑娘|学生|流浪)|"
    "邻居|隔壁(?=家|的|老|大|[王李张刘陈杨赵黄周吴]|婆|奶|爷|叔|婶)|(?:村|社区|楼)里(?:的|有)?(?=老人|老太|老头|大爷)"
)
_ANY_SELF = re.compile("我|俺|咱|自己|本人")


def reports_another(text: str) -> bool:
    """Whether somebody surely tells of another person, and not a word of themselves. Who speaks of their own end without an I
    (该走了，孩子们他们都大了) must never be answered as if they told of a neighbour, so pronouns and places prove nothing here."""
    return bool(_REPORTED.search(text)) and not _ANY_SELF.search(_OURS.sub("", text))
