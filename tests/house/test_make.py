"""`make help` explains every target, and both readmes name the same ones."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from tests.house.house import ROOT, text


def targets() -> list[str]:
    declared = re.search(r"^\.PHONY: (.+)$", text("Makefile"), re.MULTILINE)
    assert declared
    return declared[1].split()


def made(*arguments: str) -> str:
    """What `make` prints to somebody at a terminal, also when the tests themselves run under make."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", "--no-print-directory", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=30)
    return done.stdout


@pytest.fixture(scope="module")
def help_text() -> str:
    return made("help")


def test_help_gives_one_line_to_each_target(help_text: str) -> None:
    explained = [line.split()[1] for line in help_text.splitlines()]
    assert sorted(explained) == sorted(targets())


def test_make_alone_explains_itself(help_text: str) -> None:
    assert made() == help_text


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_readmes_name_every_target(readme: str) -> None:
    named = set(re.findall(r"make ([a-z]+)", text(readme)))
    assert set(targets()) <= named, f"{readme} does not name every target"
