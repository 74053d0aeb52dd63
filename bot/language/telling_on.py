"""Whether somebody wants to report an office, a cadre, or a fraud: 我要举报. Such words are read above the office complained
of, and stand in no transcript that its people see. Pure."""

from __future__ import annotations

import re

_WANTS = re.compile(r"(?:我|俺|咱)?(?:要|想|来)(?:实名|匿名|具名|不具名)?(?:地)?(?:举报|检举|揭发)")
_PLAIN = re.compile(
    r"\W{0,9}(?:实名|匿名)?(?:举报|检举|揭发)(?!事项|反馈|电话|热线|信箱|方式|渠道|中心|平台|网站|奖|有奖|要|能|会|了|后|以后|的|人|材料)\S{0,80}"
)
_I_REPORT = re.compile(r"我(?:实名|匿名)?(?:举报|检举|揭发)")
_QUESTION = re.compile(
    r"[?？]|怎么|咋|如何|哪里|哪儿|去哪|找谁|打什么|什么电话|电话是|多少号|保密|会不会|能不能|可不可以|有没有|是不是|吗|呢$|多久|谁管|归谁"
)
_NOT_OURS = re.compile(
    r"(?:诈骗|传销|噪音|扰民|违建|排污|污染|黑车|假药|假酒|食品|物业|快递|外卖|商家|网店|淘宝|公积金|拖欠工资|赌|毒|嫖|偷税|短信|号码|主播|游戏)"
)


def wants_to_report(text: str) -> bool:
    """我要举报村支书给亲戚办低保; not 举报电话是多少, and not what other departments hear."""
    said = text.strip()[:600]
    if _QUESTION.search(said) or _NOT_OURS.search(said):
        return False
    return bool(_WANTS.search(said) or _I_REPORT.search(said) or _PLAIN.fullmatch(said))
