"""A newcomer's first quarter of an hour: a clone without anything, `make run`, a question; then once more, in seconds."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.house.house import ROOT, ours

pytestmark = [pytest.mark.proof, pytest.mark.alone]

FIRST_MINUTES, SECOND_SECONDS = 15, 15


class Clone:
    """A copy of what a commit would hold, and its `make run`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for path in ours():
            copy = folder / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        ports = _free_ports(3)
        self.base = f"http://127.0.0.1:{ports[0]}"
        # As in a terminal of a fresh machine; only where packages come from is this machine's own affair.
        kept = {key: value for key, value in os.environ.items() if key.startswith("PIP_") or key in ("HOME", "LANG")}
        names = ("JIUZHUTONG_PORT", "JIUZHUTONG_OPS_PORT", "JIUZHUTONG_ENGINE_PORT")
        self.environment = {
            **kept,
            **dict(zip(names, map(str, ports), strict=True)),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
        }

    @contextlib.contextmanager
    def running(self, patience: float) -> Iterator[None]:
        """`make run` until its sandbox answers; ended by its own id."""
        log = self.folder / "run.log"
        with log.open("wb") as out:
            run = subprocess.Popen(
                ["make", "run"], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        try:
            until = time.monotonic() + patience
            while "ready: " not in log.read_text("utf-8", "replace"):
                ended = run.poll() is not None or time.monotonic() > until
                assert not ended, log.read_text("utf-8", "replace")[-3000:]
                time.sleep(0.2)
            yield
        finally:
            os.killpg(run.pid, signal.SIGTERM)
            run.wait(60)

    def ask(self, question: str, patience: float) -> str:
        """As a resident of the sandbox, through the simulated platform; the words of the reply."""
        resident = self._get("/sandbox/api/state")["residents"][0]["id"]
        before = len(self._get(f"/sandbox/api/residents/{resident}")["messages"])
        body = json.dumps({"kind": "text", "text": question}).encode()
        headers = {"Content-Type": "application/json"}
        urlopen(Request(f"{self.base}/sandbox/api/residents/{resident}/acts", body, headers), timeout=5).close()
        until = time.monotonic() + patience
        while time.monotonic() < until:
            said = self._get(f"/sandbox/api/residents/{resident}")["messages"][before:]
            if len(said) > 1:
                return json.dumps(said[1:], ensure_ascii=False)
            time.sleep(0.1)
        raise AssertionError(f"no reply within {patience:.0f} s")

    def _get(self, path: str) -> Any:
        with urlopen(self.base + path, timeout=5) as answer:
            return json.load(answer)


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as open_sockets:
        sockets = [open_sockets.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@pytest.fixture
def clone() -> Iterator[Clone]:
    """Outside of pytest's own folders: it holds a gigabyte, and the canaries' own source."""
    with tempfile.TemporaryDirectory(prefix="jiuzhutong-clone-") as folder:
        yield Clone(Path(folder) / "clone")


def test_a_newcomer_gets_a_cited_answer_and_gets_it_in_seconds_the_second_time(
    clone: Clone, record_testsuite_property: Callable[[str, object], None]
) -> None:
    assert not (clone.folder / ".venv").exists()

    with clone.running(patience=60 * FIRST_MINUTES), urlopen(f"{clone.base}/sandbox/", timeout=5) as page:
        assert page.status == 200
        assert "依据" in clone.ask("低保要满足哪些条件", patience=20)

    began = time.monotonic()
    with clone.running(patience=60):
        assert "依据" in clone.ask("低保要满足哪些条件", patience=20)
        took = time.monotonic() - began
    record_testsuite_property("second start to first answer, seconds", round(took, 1))
    assert took <= SECOND_SECONDS, f"the first answer came {took:.1f} s after the second start"
