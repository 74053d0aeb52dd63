"""Starts, watches and ends the processes under measurement; every one is ended by its id."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answers(url: str) -> Callable[[], bool]:
    """Whether somebody answers 200 there by now."""

    def ready() -> bool:
        with contextlib.suppress(OSError), urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    return ready


@dataclass
class Server:
    """A running process, and how long it took to answer."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    ready_seconds: float = 0.0

    @property
    def megabytes(self) -> float:
        """What it and its children hold in memory; what several of them share counts once."""
        return sum(_held(pid) for pid in _family(self.process.pid)) / 2**20

    @property
    def cpu_seconds(self) -> float:
        """Processor time it and its children used since their start: what a busy machine cannot blur."""
        return sum(_ticks(pid) for pid in _family(self.process.pid)) / os.sysconf("SC_CLK_TCK")

    @property
    def last_words(self) -> str:
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-15:])

    def end(self) -> None:
        """Ask, then insist."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(15)


def start(
    name: str,
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    ready: Callable[[], bool],
    patience: float,
) -> Server:
    """Start it and wait until `ready` says so; its output goes to a log that is shown when it dies."""
    log = Path(environment["BENCH_LOGS"]) / f"{name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
    server, began = Server(name, process, log), time.perf_counter()
    while not ready():
        if process.poll() is not None or time.perf_counter() - began > patience:
            server.end()
            raise RuntimeError(f"{name} did not come up in {patience:.0f} s; its last words:\n{server.last_words}")
        time.sleep(0.1)
    server.ready_seconds = time.perf_counter() - began
    return server


def timed(name: str, command: Sequence[str], folder: Path, environment: Mapping[str, str], patience: float) -> float:
    """Run a command to its end; seconds it took."""
    log, began = Path(environment["BENCH_LOGS"]) / f"{name}.log", time.perf_counter()
    with log.open("wb") as out:
        code = subprocess.run(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            timeout=patience,
            check=False,
        ).returncode
    if code:
        raise RuntimeError(
            f"{name} ended with code {code}; its last words:\n{log.read_text('utf-8', 'replace')[-2000:]}"
        )
    return time.perf_counter() - began


def folder_megabytes(folder: Path) -> float:
    """Size of everything in a folder, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 2**20


def _family(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parents[int(entry.name)] = int(fields[1])
    family = [root]
    for pid in family:
        family += [child for child, parent in parents.items() if parent == pid]
    return family


def _stat(pid: int) -> list[str]:
    """What follows the name in the process table; nothing when it ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _ticks(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[11]) + int(fields[12]) if fields else 0


def _held(pid: int) -> int:
    """Its share of memory in bytes (PSS): a page that three processes map is a third each."""
    try:
        fields = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(1024 * int(field.split()[1]) for field in fields if field.startswith("Pss:"))
