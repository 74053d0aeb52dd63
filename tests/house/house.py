"""Where the house stands, and which files belong to it."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURES = {".png", ".jpg", ".ico"}


@cache
def ours() -> tuple[Path, ...]:
    """Every file that is tracked or about to be, as the next commit would hold it."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=30).stdout.decode()
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")
