"""Pages from templates. Everything that is put into one is escaped; nothing is ever marked safe."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web

from bot.clock import SHANGHAI
from console.browser import STAFF, form_token
from console.rights import menu, place_in_menu

_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(request: web.Request, template: str, status: int = 200, **shown: Any) -> web.Response:
    staff = request.get(STAFF)
    text = _ENVIRONMENT.get_template(template).render(
        staff=staff,
        path=request.path,
        form_token=form_token(request),
        links=menu(staff),
        current=place_in_menu(request.path),
        **shown,
    )
    return web.Response(text=text, content_type="text/html", status=status)


def problem(request: web.Request, status: int, text: str) -> web.Response:
    return page(request, "problem.html", status, text=text)


def _moment(value: datetime | None, form: str = "%m月%d日 %H:%M") -> str:
    """A moment as the office reads it: China's time."""
    return "" if value is None else value.astimezone(SHANGHAI).strftime(form)


_ENVIRONMENT.filters["moment"] = _moment
