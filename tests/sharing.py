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
    *("tests/forms/test_properties.py", "tests/forms/test_every_step.py"),
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


ONE_IN = {
    "tests/browser/test_app_axe.py::test_nobody_stumbles": 4,
    "tests/browser/test_app_look.py::test_nothing_is_too_small": 3,
    "tests/browser/test_console_cases_look.py::test_each_page_fits": 3,
    "tests/browser/test_console_questions_look.py::test_each_page_fits": 3,
    "tests/browser/test_publicity_look.py::test_each_page_fits": 3,
    "tests/browser/test_sandbox_look.py::test_nothing_is_too_small": 3,
    "tests/browser/test_supervising_look.py::test_nothing_runs_over": 4,
    "tests/connectors/test_three_phones.py::test_a_push_that_came_twice": 3,
    "tests/connectors/wechat/test_mini_login.py::test_a_code_that_opens_nothing": 2,
    "tests/console/test_fields.py::test_each_field_stands": 3,
    "tests/console/test_permissions.py::test_each_route_is_open": 3,
    "tests/desk/casework/test_masking.py::test_no_form_shows": 3,
    "tests/desk/filling/test_every_form.py::test_every_question": 4,
    "tests/desk/filling/test_hearing.py::test_two_misses": 3,
    "tests/desk/filling/test_walks.py::test_a_random_walk": 2,
    "tests/desk/filling/test_wishing.py::test_": 2,
    "tests/desk/notices/test_laws.py::test_every_notice_ends": 3,
    "tests/desk/publicity/test_plain_files.py::test_no_table_holds": 3,
    "tests/papers/test_reading.py::test_an_identity_card_is_read": 2,
    "tests/security/test_slash.py::test_a_typed_command": 3,
    "tests/store/test_case_views.py::test_every_count": 3,
    "tests/store/test_onehop.py::test_who_is_cancelled": 3,
    "tests/store/test_staff_rows.py::test_tampering_is_found": 3,
}
"""What takes long and says one thing of many (every form, page, role, width): of so many `make test` takes one, always the same;
all of them have their turn in `make proof`."""


def on_one_database(items: list[pytest.Item]) -> list[pytest.Item]:
    """Which are left to `make proof` because their twin on the other database is run: what is about the store itself runs on both,
    anything else on one; of every three tests one on PostgreSQL, always the same ones."""
    quick = {item.nodeid: item for item in items if not item.get_closest_marker("proof")}
    left = []
    for name, item in quick.items():
        if name.startswith(STORE) or not POSTGRES.search(name):
            continue
        test, bracket, chosen = name.rpartition("[")
        twin = quick.get(f"{test}{bracket}{chosen.replace('postgresql', 'sqlite')}")
        if twin:
            left.append(twin if crc32(name.encode()) % 3 == 0 else item)
    return left


def one_of_many(items: list[pytest.Item]) -> list[pytest.Item]:
    """Which are left to `make proof` because another of their kind is run."""
    left = []
    for start, many in ONE_IN.items():
        kind = [item for item in items if item.nodeid.startswith(start) and not item.get_closest_marker("proof")]
        left += [item for number, item in enumerate(kind) if number % many]
    return left


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for choose in (on_one_database, one_of_many):
        for item in choose(items):
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
