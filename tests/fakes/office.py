"""The office's own system, as somebody would write it from docs/office-exchange.md alone: nothing of ours is imported.

It fetches packages, proves them, acknowledges them under numbers of its own, and tells what became of them; `sent` keeps
what it sent and what it got.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import aiohttp


class Broken(Exception):
    """A package that does not prove."""


@dataclass
class Sent:
    method: str
    path: str
    status: int
    body: bytes


@dataclass
class FakeOffice:
    url: str
    key: str
    secret: bytes
    digest: str = "sm3"
    clock: Callable[[], float] = time.time
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What it took over, by our number."""
    sent: list[Sent] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))

    def sign(self, method: str, path: str, timestamp: str, idempotency: str, body: bytes) -> str:
        hashed = hashlib.new(self.digest, body).hexdigest()
        text = "\n".join(["jzt1", method, path, timestamp, idempotency, hashed])
        return hmac.new(self.secret, text.encode(), self.digest).hexdigest()

    async def call(
        self, method: str, path: str, data: Any = None, *, idempotency: str = "", **bent: Any
    ) -> tuple[int, bytes]:
        """One signed request; what is in `bent` replaces a header (None takes it away) or the body after signing."""
        body = b"" if data is None else json.dumps(data, ensure_ascii=False).encode()
        timestamp = str(int(self.clock()))
        headers: dict[str, Any] = {
            "X-Jzt-Key": self.key,
            "X-Jzt-Timestamp": timestamp,
            "X-Jzt-Signature": self.sign(method, path, timestamp, idempotency, body),
            "Content-Type": "application/json",
        }
        if idempotency:
            headers["Idempotency-Key"] = idempotency
        body = bent.pop("body", body)
        headers |= {name.replace("_", "-"): value for name, value in bent.items()}
        headers = {name: value for name, value in headers.items() if value is not None}
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http,
            http.request(method, self.url + path, data=body, headers=headers) as response,
        ):
            answer = await response.read()
            self.sent.append(Sent(method, path, response.status, answer))
            return response.status, answer

    async def collect(self, limit: int = 50) -> list[str]:
        """Fetch, prove and acknowledge all that waits; the numbers it took over."""
        taken, after = [], ""
        while True:
            path = f"/office/cases?limit={limit}" + (f"&after={after}" if after else "")
            status, body = await self.call("GET", path)
            assert status == 200, body
            page = json.loads(body)
            for row in page["cases"]:
                taken.append(row["number"])
                await self.take(row["number"], row["package"])
            after = page["next"]
            if not after:
                return taken

    async def take(self, number: str, path: str = "") -> dict[str, Any]:
        path = path or f"/office/cases/{number}/package"
        status, data = await self.call("GET", urlsplit(path).path)
        assert status == 200, data
        case = self.open(data)
        known = self.cases.setdefault(number, {"office_number": f"MZ-{next(self._numbers):05}", **case})
        status, body = await self.call(
            "POST",
            f"/office/cases/{number}/acknowledgement",
            {"office_number": known["office_number"]},
            idempotency=f"ack:{number}",
        )
        assert status == 200, body
        return known

    async def move(self, number: str, to: str, reason: str = "", key: str = "", **more: Any) -> tuple[int, Any]:
        data = {"to": to, **({"reason": reason} if reason else {}), **more}
        status, body = await self.call(
            "POST",
            f"/office/cases/{number}/moves",
            data,
            idempotency=key or f"move:{number}:{to}:{next(self._numbers)}",
        )
        return status, json.loads(body) if status != 403 else body

    def open(self, data: bytes) -> dict[str, Any]:
        """The case, if the package is whole and ours."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        manifest, signature = files.pop("manifest.json"), files.pop("manifest.sig").decode().strip()
        if not hmac.compare_digest(hmac.new(self.secret, manifest, self.digest).hexdigest(), signature):
            raise Broken("the manifest's signature does not hold")
        listed = json.loads(manifest)
        if set(listed["files"]) != set(files) or listed["key"] != self.key:
            raise Broken("the manifest lists other files, or is for somebody else")
        for name, data in files.items():
            if hashlib.sha256(data).hexdigest() != listed["files"][name]["sha256"]:
                raise Broken(f"{name} was changed")
        case: dict[str, Any] = json.loads(files["case.json"])
        assert case["number"] == listed["case"]
        return {"id": listed["id"], "case": case, "form": files["form.html"].decode(), "files": files}
