"""Rasa's own command line on the files in the root, with our guards: train, test, shell, run, data validate."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.desk import here
from bot.desk.ports import Finder
from bot.engine import signature

_SECRET = "JIUZHUTONG_ENGINE_SECRET"  # noqa: S105  # the variable's name, not its value


def rasa_main(argv: Sequence[str], key: bytes, desk: Any = None, finder: Finder | None = None) -> None:
    """Run `rasa …`; models it trains are signed with `key`, and models it opens must be. May end with SystemExit.

    `shell`, `run` and `interactive` run our actions, which answer from `desk` and `finder`.
    """
    from rasa import __main__ as rasa_command
    from rasa.core.utils import AvailableEndpoints

    from bot.engine import guards

    guards.install(key)
    if desk is not None:
        here.install(desk, finder=finder)
    if list(argv[:1]) != ["run"]:
        # credentials.yml names it; in these commands nobody listens.
        os.environ.setdefault(_SECRET, secrets.token_hex(16))
    _read, began, before = AvailableEndpoints.read_endpoints, time.time(), sys.argv
    AvailableEndpoints.read_endpoints = classmethod(_with_actions_inside(_read))
    sys.argv = ["rasa", *argv]
    try:
        rasa_command.main()
    finally:
        sys.argv, AvailableEndpoints.read_endpoints = before, _read
        if list(argv[:1]) == ["train"]:
            _sign_new(_out(argv), since=began, key=key)


def _with_actions_inside(read: Any) -> Any:
    """`url: in-process` in endpoints.yml means the package `actions`, run in this process."""

    def read_endpoints(cls: Any, endpoint_file: str) -> Any:
        endpoints = read(endpoint_file)
        if endpoints.action is not None and endpoints.action.url == "in-process":
            from bot.engine.in_process import from_package

            endpoints.action = from_package("actions")
        return endpoints

    return read_endpoints


def _out(argv: Sequence[str]) -> Path:
    options = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    options.add_argument("--out", default="models")
    return Path(options.parse_known_args(list(argv))[0].out)


def _sign_new(folder: Path, since: float, key: bytes) -> None:
    for model in folder.glob("*.tar.gz"):
        if model.stat().st_mtime >= since - 1:
            signature.sign(model, key)
