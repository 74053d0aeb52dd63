"""The file in which an office writes down the templates its platforms approved (docs/notices.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.desk.notices.ports import SMS, SUBSCRIPTION, TEMPLATE, VALUES, Route, Template
from bot.errors import BadInput

_ROUTES = (SUBSCRIPTION, TEMPLATE, SMS)
_TEMPLATE = {"id", "fields", "page", "lasting"}


def read_routes(path: Path) -> tuple[Route, ...]:
    """Raises BadInput that says what is wrong and where."""
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInput(f"the routes {path.name} cannot be read ({type(error).__name__}); mend the file") from error
    if not isinstance(told, dict) or not told or not set(told) <= set(_ROUTES):
        raise BadInput(f"{path.name} must name one or more of {', '.join(_ROUTES)}, each once")
    return tuple(_route(f"{path.name}: {name}", name, told[name]) for name in _ROUTES if name in told)


def _route(where: str, name: str, told: Any) -> Route:
    if not isinstance(told, dict) or not set(told) <= {"channel", "templates"}:
        raise BadInput(f"{where} must be a channel and templates")
    channel, templates = str(told.get("channel", "")), told.get("templates")
    if bool(channel) == (name == SMS):
        raise BadInput(f"{where}: only {SMS} has no channel")
    if not isinstance(templates, dict) or not templates:
        raise BadInput(f"{where} has no templates; name one for a notice, or for all of them under '*'")
    read = {str(key): _template(f"{where}: {key}", one) for key, one in templates.items()}
    return Route(name, channel, name == SUBSCRIPTION, read)


def _template(where: str, told: Any) -> Template:
    if not isinstance(told, dict) or not set(told) <= _TEMPLATE or not str(told.get("id") or ""):
        raise BadInput(f"{where} must have an id, and may have {', '.join(sorted(_TEMPLATE - {'id'}))}")
    fields = told.get("fields") or {}
    if not isinstance(fields, dict) or not all(value in VALUES for value in fields.values()):
        raise BadInput(f"{where}: each field is filled with one of {', '.join(VALUES)}")
    if not isinstance(told.get("lasting", False), bool):
        raise BadInput(f"{where}: lasting is true or false")
    fields = {str(key): str(value) for key, value in fields.items()}
    return Template(str(told["id"]), fields, str(told.get("page") or ""), bool(told.get("lasting", False)))
