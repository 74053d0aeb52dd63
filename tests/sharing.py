"""How several workers share the tests: a file is one worker's, all that need the trained engine are one worker's, and what
takes longest begins first, so that nobody is left alone with it at the end.

In one process the order is the same, and nothing else changes.
"""

from __future__ import annotations

import gc
import re
from typing import Any
from zlib import crc32

import pytest

ENGINE = ("tests/journeys/", "tests/engine/", "tests/security/test_canary.py", "tests/security/test_slash.py",
          "tests/security/test_hostile_text.py", "tests/security/test_long_session.py")  # fmt: skip
"""Each worker that runs one of these opens Rasa, two encoders and the content: twenty seconds, half a gigabyte."""
LONG = (
    "tests/forms/test_properties.py",
    *(
        "tests/browser/",
        "tests/desk/filling/",
        "tests/desk/cases/",
        "tests/console/",
        "tests/connectors/",
        "tests/store/",
    ),
    *("tests/desk/", "tests/security/"),
)
"""The longest folders, longest first; whatever is named nowhere comes last."""
STORE = ("tests/store/", "tests/house/")
POSTGRES = re.compile(r"\[(?:.*-)?postgresql(?:-.*)?\]$")


def share(nodeid: str) -> str:
    """Tests with the same share run in the same worker, one after the other."""
    file = nodeid.partition("::")[0]
    return "engine" if file.startswith(ENGINE) else file


def turn(nodeid: str) -> int:
    """The lower, the earlier."""
    if share(nodeid) == "engine":
        return 0
    return next((number for number, folder in enumerate(LONG, 1) if nodeid.startswith(folder)), len(LONG) + 1)


def sampled(nodeid: str) -> bool:
    """Whether a test's turn on PostgreSQL is one of those that `make test` takes: all that are about the store, and of those
    that are about something else every third, always the same ones. The others have theirs in `make proof`."""
    return nodeid.startswith(STORE) or crc32(nodeid.encode()) % 3 == 0


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if POSTGRES.search(item.nodeid) and not sampled(item.nodeid):
            item.add_marker(pytest.mark.proof)
    items.sort(key=lambda item: turn(item.nodeid))


def pytest_collection_finish() -> None:
    """What was imported by now stays: looking through all of it for garbage would cost a second each time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadScopeScheduling

    class Sharing(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return share(nodeid)

    config.option.loadscopereorder = False
    return Sharing(config, log)
