"""docs/office-exchange.md says what the program does: its test vectors, its states, its requests, its numbers."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime

import pytest

from bot.cases import STATES, number_is_valid
from bot.desk.cases import exchange, moving, tables
from bot.desk.cases.package import FORMAT
from bot.desk.cases.signing import SHORTEST, TOLERANCE, OfficeKey, Signed, plain_hash, prove, request_text
from bot.desk.retention import REQUESTS_KEPT
from bot.errors import Forged
from tests.connectors.office.conftest import Counter
from tests.connectors.office.test_exchange import handed_in
from tests.house.house import text

DOC = text("docs/office-exchange.md")
SECRET = bytes(range(32))
STAMP = "1795572000"
VECTORS = re.findall(
    r"^\| (GET|POST) \| `(.+?)` \| (?:`(.+?)`)? \| (?:`(.+?)`)? \| (sm3|sha256) `([0-9a-f]{64})` \| `([0-9a-f]{64})` \|$",
    DOC,
    re.MULTILINE,
)


def test_the_vectors_are_there() -> None:
    assert {(method, digest) for method, *_, digest, _, _ in VECTORS} == {
        (method, digest) for method in ("GET", "POST") for digest in ("sm3", "sha256")
    }


@pytest.mark.parametrize(("method", "path", "key", "body", "digest", "hashed", "signature"), VECTORS)
def test_each_vector_holds_for_us_and_for_somebody_else(
    method: str, path: str, key: str, body: str, digest: str, hashed: str, signature: str
) -> None:
    ours = OfficeKey("shi", digest, SECRET)
    assert plain_hash(digest, body.encode()) == hashed
    assert ours.sign(request_text(method, path, STAMP, key, body.encode(), digest)) == signature
    signed = Signed(method, path, "shi", STAMP, signature, key, body.encode())
    assert prove((ours,), signed, datetime.fromtimestamp(int(STAMP), UTC)) is ours
    with pytest.raises(Forged):
        prove((ours,), signed, datetime.fromtimestamp(int(STAMP) + TOLERANCE + 1, UTC))

    assert hashlib.new(digest, body.encode()).hexdigest() == hashed
    told = f"jzt1\n{method}\n{path}\n{STAMP}\n{key}\n{hashed}".encode()
    assert hmac.new(SECRET, told, digest).hexdigest() == signature


def test_states_keys_and_limits_are_those_of_the_program() -> None:
    named = re.search(r"^\| `to` \| the new state: `(.+?)` \|", DOC, re.MULTILINE)
    assert named
    assert named[1].split() == [code for code in STATES if code != "draft"]
    needed = re.search(r"Needed for `need_more` \(or `missing`\), (.+?) \(社会救助法", DOC)
    assert needed
    assert set(re.findall(r"`(\w+)`", needed[1])) == moving.NEEDS_REASON - {"need_more"}
    assert set(re.findall(r"^\| `(\w+)` \|", DOC.split("### A move")[1].split("## A package")[0], re.MULTILINE)) == (
        exchange._MOVE_KEYS
    )
    assert f"at least {SHORTEST} random bytes" in DOC
    assert f"at most {TOLERANCE} s" in DOC
    assert f"at most {moving.LONGEST_REASON} characters" in DOC
    assert f"`{FORMAT}`" in DOC
    assert REQUESTS_KEPT.days >= 7


def test_the_table_in_the_example_is_read() -> None:
    example = DOC.split("## Tables")[1]
    rows = [line.strip() for line in example.splitlines() if line.startswith("    ")]
    moves = tables.read_moves("\n".join(rows).encode())
    assert [(move.to, move.office_number) for move in moves] == [("accepted", "MZ-00123"), ("等您补材料", "")]
    assert all(number_is_valid(move.number.replace(" ", "")) for move in moves)
    assert {state.name for state in STATES.values()} >= {"等您补材料"}


async def test_the_move_in_the_example_is_taken(counter: Counter) -> None:

    example = re.search(r"^    (\{\"to\": .+\})$", DOC, re.MULTILINE)
    assert example
    case = await handed_in(counter.town)
    path = f"/office/cases/{case.number}/moves"
    status, body = await counter.office.call("POST", path, json.loads(example[1]), idempotency="example-1")
    assert (status, json.loads(body)["office_number"]) == (200, "MZ-00123")


@pytest.mark.parametrize("path", ["/office/cases", "/office/cases/<number>/package"])
async def test_every_request_of_the_page_is_there(counter: Counter, path: str) -> None:
    listed = re.findall(r"^\| `(GET|POST) (/office/cases[^`?]*)", DOC, re.MULTILINE)
    routes = {("GET", "/office/cases"), ("GET", "/office/cases/<number>/package")}
    routes |= {("POST", f"/office/cases/<number>/{what}") for what in ("acknowledgement", "moves")}
    assert set(listed) == routes
    case = await handed_in(counter.town)
    status, _ = await counter.office.call("GET", path.replace("<number>", case.number))
    assert status == 200
