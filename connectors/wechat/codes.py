"""QR codes that say where they hang: one for each office or village, to be printed on its poster.

https://developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode.html
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from bot.errors import BadInput, Undeliverable
from bot.scenes import LONGEST
from connectors.wechat.client import WeChatClient

CREATE = "/cgi-bin/qrcode/create"
PICTURE = "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="
MOST_DAYS = 30


@dataclass(frozen=True, slots=True)
class Code:
    link: str
    """What the code says; our posters draw it themselves from this."""
    picture: str
    """WeChat's own picture of it."""


async def make_code(client: WeChatClient, scene: str, days: int = 0) -> Code:
    """For this scene (`bot.scenes`). `days`: how long it holds, at most 30; 0: for ever (an account has 100,000 of those).
    Raises what `verdicts.fault` names."""
    if not 1 <= len(scene) <= LONGEST:
        raise BadInput(f"a scene has 1 to {LONGEST} characters")
    if not 0 <= days <= MOST_DAYS:
        raise BadInput(f"a code for a time holds 1 to {MOST_DAYS} days; 0 makes one that holds for ever")
    asked: dict[str, object] = {
        "action_name": "QR_STR_SCENE" if days else "QR_LIMIT_STR_SCENE",
        "action_info": {"scene": {"scene_str": scene}},
    }
    if days:
        asked["expire_seconds"] = days * 86_400
    answer = await client.post(CREATE, asked)
    ticket, link = answer.get("ticket"), answer.get("url")
    if not isinstance(ticket, str) or not isinstance(link, str):
        raise Undeliverable("unreadable: WeChat made a code and named no address for it", "unreadable")
    return Code(link, PICTURE + quote(ticket, safe=""))
