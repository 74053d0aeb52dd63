"""Whether somebody has nothing to eat or nowhere to sleep now, and says so: that is a call for help, whatever it is near to.

Rules and not the classifier, for the same reason as `distress`: an officer must be able to read why it rang. A question
(没饭吃的怎么救助) is a question, and a wish for a flat is no night in the street.
"""

from __future__ import annotations

import re

from bot.language.third_person import about_somebody_else

_LONGEST = 80
"""A longer text is a story, which the classifier reads."""
_MANY = "(?:一|两|二|三|四|五|几|好几|多少|整整|快)?[一两二三四五几多]?"
_FOOD = re.compile(
    "(?:没有?|冇|莫得|无)(?:得|啥|什么)?(?:饭吃|饭|东西吃|吃的|吃喝|米下锅|米|粮)|断粮|断顿|揭不开锅|"
    f"饿(?:了|着)?(?:肚子)?{_MANY}(?:天|顿)|{_MANY}(?:天|顿)(?:都|就|也)?没(?:怎么)?吃|吃不上饭"
)
_BED = re.compile(
    "(?:没有?|冇|莫得|无)(?:得|个)?(?:地方|地儿|处|屋|房子?)(?:可)?(?:住|睡|去|落脚|过夜|待)|无家可归|流落街头|露宿|"
    "(?:睡|住|蹲|窝)(?:在|到)?.{0,4}(?:桥洞|桥下|桥底|马路|街上|大街|车站|公园|天桥|地下通道|网吧门口)"
)
_NOW = re.compile("今晚|今天|今夜|现在|眼下|这会|已经|刚|马上|天黑|[一两二三四五几]天|了[\\s。！!，,]|了$|快")
_OURS = re.compile("^(?:我|俺|咱|家里|屋头|屋里|娃|孩子|老人)")
_NOT_NOW = re.compile(
    "去年|前年|以前|当年|小时候|疫情|从前|过去|那时|如果|要是|万一|怕|会不会|申请|公租|廉租|补贴|政策|规定|标准|条件|材料|进度|低保|特困|"
    # What was so then (六零年那会儿断粮), if nothing says that it is so now; what only looks so; who gives.
    "(?:那会儿|那年|那阵|之前|当初|年头)(?!.*(?:现在|今天|今晚|又|还|眼下)(?:也|都|是)*(?:没|冇|断|饿|揭不开|睡|露宿))"
    "(?!.*(?:吃完|吃光|断粮|断顿|没(?:有|得)?(?:米|粮|饭|饭吃|吃的|地方住|地方睡|处去)?)了)|"
    "(?:吃|睡|饭|东西|饿)(?:一样|似的)|想给.{0,12}(?:免费|捐|送)"
)
_ASKS = re.compile("[吗么?？]|怎么|咋|如何|哪|什么|啥(?!吃)|多少|能不能|可不可以|可以|是不是|有没有|管不|谁|呢")
_CRY = re.compile(
    r"(?:有没有人|有人|哪个|谁|政府|你们)(?:来|能)?(?:管(?:不管|不|吗|一?下|我们?)?|帮帮?我?们?)[嘛啊呀吗吧\s?？!！]*$"
)
"""Words of a question that only cry for help: 屋头没得米了，哪个管不？"""


def needs_help_now(text: str) -> bool:
    """A plain statement about tonight, of oneself or of somebody else."""
    if len(text) > _LONGEST or _ASKS.search(_CRY.sub("", text)) or _NOT_NOW.search(text):
        return False
    if not (_FOOD.search(text) or _BED.search(text)):
        return False
    return bool(_NOW.search(text) or _OURS.search(text) or about_somebody_else(text))
