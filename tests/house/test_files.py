"""No file names a package registry or a path of one machine: an office's own mirror must serve, on any machine."""

from __future__ import annotations

import re

import pytest

from tests.house.house import PICTURES, ROOT, ours

# Written apart, so that this file does not name them either.
HOSTS = [
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("crates", "io"),
    ("proxy.golang", "org"),
    ("maven", "org"),
    ("rubygems", "org"),
    ("deb.debian", "org"),
    ("security.debian", "org"),
    ("tsinghua.edu", "cn"),
    ("npmmirror", "com"),
    ("aliyun", "com"),
    ("ustc.edu", "cn"),
]
MACHINE = re.compile(r"(?<![\w./-])/(?:work|root|opt|home|Users|mnt|media)/\w|[A-Z]:\\\\")
FOREIGN_SHELF = re.compile(r"\.\./shared/")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    files = [path for path in ours() if path.suffix not in PICTURES]
    return {str(path.relative_to(ROOT)): path.read_text("utf-8", "replace") for path in files}


def test_no_package_registry_is_named(texts: dict[str, str]) -> None:
    hosts = re.compile("|".join(re.escape(".".join(parts)) for parts in HOSTS))
    named = {name: found[0] for name, text in texts.items() if (found := hosts.search(text))}
    assert not named


def test_no_path_of_one_machine(texts: dict[str, str]) -> None:
    named = {name: found[0] for name, text in texts.items() if (found := MACHINE.search(text))}
    assert not named


def test_nothing_reads_the_projects_reference_shelf(texts: dict[str, str]) -> None:
    """It is not part of the product, and a clone does not have it."""
    code = {name: text for name, text in texts.items() if name.endswith((".py", ".yml", "Makefile"))}
    assert not [
        name for name, text in code.items() if FOREIGN_SHELF.search(text) and name != "tests/house/test_files.py"
    ]


def test_no_file_is_made_of_secrets(texts: dict[str, str]) -> None:
    assert not [name for name in texts if re.search(r"(^|/)(\.env|keys|model-key|engine-secret|.*\.pem)$", name)]


def test_vendored_front_end_files_carry_version_licence_and_hash() -> None:
    """Whatever lies in a `vendor` folder is listed beside it with version, licence and the SHA-256 of its bytes."""
    import hashlib

    for path in ours():
        if "vendor" in path.parts[:-1] and path.name != "VENDORED.md":
            listed = (path.parent / "VENDORED.md").read_text("utf-8")
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            line = next((line for line in listed.splitlines() if path.name in line), "")
            assert digest in line, f"{path.name} is not listed with its hash"
            assert re.search(r"\d+\.\d+", line)
            assert re.search(r"MIT|BSD|Apache|ISC|0BSD", line)
