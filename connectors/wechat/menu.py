"""The menu of an official account, from the office's file to the platform.

https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.html
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from bot.errors import BadInput
from connectors.wechat.client import WeChatClient

CREATE = "/cgi-bin/menu/create"
MOST, MOST_UNDER = 3, 5
NAME_BYTES, UNDER_BYTES, KEY_BYTES, LINK_BYTES = 16, 60, 128, 1024


def read_menu(path: Path) -> dict[str, Any]:
    """What menu/create takes. Raises BadInput that names the button."""
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInput(f"the menu {path.name} cannot be read ({type(error).__name__}); mend the file") from error
    buttons = told.get("buttons") if isinstance(told, Mapping) and set(told) == {"buttons"} else None
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= MOST:
        raise BadInput(f"{path.name} must hold `buttons`, 1 to {MOST} of them")
    return {"button": [_button(path.name, one, NAME_BYTES) for one in buttons]}


async def put_menu(client: WeChatClient, menu: Mapping[str, Any]) -> None:
    """In the place of the one that was there. Raises what `verdicts.fault` names."""
    await client.post(CREATE, menu)


def _button(file: str, told: Any, most: int) -> dict[str, Any]:
    name = told.get("name") if isinstance(told, Mapping) else None
    if not isinstance(name, str) or not name.strip():
        raise BadInput(f"{file}: every button needs a name")
    where = f"{file}: 按钮“{name}”"
    if len(name.encode()) > most:
        raise BadInput(f"{where}：名字太长，最多{most // 3}个汉字")
    kinds = set(told) - {"name"}
    if kinds == {"under"} and most == NAME_BYTES:
        under = told["under"]
        if not isinstance(under, list) or not 1 <= len(under) <= MOST_UNDER:
            raise BadInput(f"{where}：下面要有1到{MOST_UNDER}个按钮")
        return {"name": name, "sub_button": [_button(file, one, UNDER_BYTES) for one in under]}
    if kinds == {"say"} and isinstance(told["say"], str) and told["say"].strip():
        if len(told["say"].encode()) > KEY_BYTES:
            raise BadInput(f"{where}：要问的话太长，最多{KEY_BYTES // 3}个汉字")
        return {"name": name, "type": "click", "key": told["say"]}
    if kinds == {"link"}:
        return {"name": name, "type": "view", "url": _link(where, told["link"])}
    if kinds == {"mini"} and isinstance(told["mini"], Mapping) and set(told["mini"]) == {"appid", "page", "link"}:
        mini = {key: str(value) for key, value in told["mini"].items()}
        link = _link(where, mini["link"])
        return {"name": name, "type": "miniprogram", "appid": mini["appid"], "pagepath": mini["page"], "url": link}
    raise BadInput(f"{where}：写一项 say、link 或 mini（第一层也可以写 under），不能多也不能少")


def _link(where: str, value: Any) -> str:
    link = str(value)
    try:
        good = urlsplit(link).scheme in ("http", "https") and bool(urlsplit(link).hostname)
    except ValueError:
        good = False
    if not good or len(link.encode()) > LINK_BYTES:
        raise BadInput(f"{where}：网址要以 http:// 或 https:// 开头，最多{LINK_BYTES}个字节")
    return link
