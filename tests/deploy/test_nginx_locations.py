"""deploy/nginx.conf names every way into the gateway, and no other; read as nginx reads it. Where nginx is installed it is
also run (`test_through_nginx`)."""

from __future__ import annotations

import re

import pytest

from tests.deploy.front import ways_in, ways_kept_inside
from tests.deploy.nginx import DEPLOY

ONLY_OUTSIDE_A_SERVER = ("log_format", "limit_req_zone", "limit_conn_zone", "map")
_LOCATION = re.compile(r"location (?:(=|~) )?(\"[^\"]+\"|\S+) \{([^{}]*)\}")


def text(name: str) -> str:
    return re.sub(r"(?m)^\s*#.*$", "", (DEPLOY / name).read_text(encoding="utf-8"))


def body(path: str, name: str = "nginx.conf") -> str:
    """What stands in the location that takes this path: an exact one, else a pattern, else the longest beginning."""
    found = _LOCATION.findall(text(name))
    exact = [told for kind, what, told in found if kind == "=" and path == what]
    patterns = [told for kind, what, told in found if kind == "~" and re.search(what.strip('"'), path)]
    begun = sorted((what, told) for kind, what, told in found if not kind and path.startswith(what))
    return (exact + patterns + [told for _, told in begun[::-1]])[0]


def test_the_ways_in_are_those_of_every_door() -> None:
    begun = {path.split("/")[1] for path in ways_in()}
    assert begun == {"wechat", "mini", "weibo", "app", "office"}


@pytest.mark.parametrize("path", ways_in())
def test_every_way_in_is_let_through(path: str) -> None:
    assert "proxy_pass http://127.0.0.1:8080;" in body(path)


@pytest.mark.parametrize("path", ways_kept_inside())
def test_nothing_else_is(path: str) -> None:
    assert body(path).split() == ["return", "404;"]


def test_the_office_s_system_alone_reaches_its_exchange() -> None:
    assert body("/office/cases").split()[:4] == ["allow", "127.0.0.1;", "deny", "all;"]


@pytest.mark.parametrize("name", ["nginx.conf", "nginx-console.conf"])
def test_what_belongs_outside_a_server_stands_outside(name: str) -> None:
    inside = text(name).partition("server {")[2]
    assert not [word for word in ONLY_OUTSIDE_A_SERVER if re.search(rf"(?m)^\s*{word}\b", inside)]
