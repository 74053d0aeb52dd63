"""A person's phone as a story plays on it: what stands on its screen, and what is done with it. Here those of the sandbox, over
HTTP like a browser; a test brings others."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
from PIL import Image, ImageDraw

from bot.errors import BadInput
from connectors.sandbox.screen import Option


@dataclass(frozen=True, slots=True)
class Bubble:
    seq: int
    mine: bool
    """Said by whoever holds the phone."""
    text: str
    """All that can be read in it."""
    options: tuple[Option, ...] = ()
    """Lines that can be tapped."""

    @property
    def read(self) -> str:
        """The words, and below them the lines that do not stand in them."""
        more = [f"· {one.label}" for one in self.options if one.label not in self.text]
        return "\n".join([self.text, *more])


class Handset(Protocol):
    async def screen(self) -> Sequence[Bubble]: ...

    async def do(self, deed: str, said: str) -> None:
        """Raises BadInput for what this phone cannot do."""
        ...


class Phones(Protocol):
    async def of(self, phone: str, who: str) -> Handset:
        """The phone of this kind that this person holds. Raises BadInput where there is none."""
        ...


class SandboxPhones:
    """`base`: where the gateway with the sandbox is."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session, self._base = session, base

    async def of(self, phone: str, who: str) -> Handset:
        state = await _get(self._session, f"{self._base}/sandbox/api/state")
        page = next((self._base + one["page"] for one in state["phones"] if one["phone"] == phone), "")
        if not page:
            raise BadInput(f"the sandbox has no phone {phone!r}")
        people = (await _get(self._session, f"{page}api/state"))["residents"]
        openid = next((one["id"] for one in people if one["name"] == who), "")
        if not openid:
            raise BadInput(f"nobody in the sandbox is called {who}")
        return SandboxHandset(self._session, f"{page}api/residents/{openid}")


@dataclass(frozen=True, slots=True)
class SandboxHandset:
    session: aiohttp.ClientSession
    address: str

    async def screen(self) -> Sequence[Bubble]:
        return [_bubble(one) for one in (await _get(self.session, self.address))["messages"]]

    async def do(self, deed: str, said: str) -> None:
        if deed == "picture":
            async with self.session.post(f"{self.address}/picture", data=paper(said)) as response:
                await _taken(response)
            return
        act: dict[str, str] = {"kind": deed}
        match deed:
            case "text" | "mention":
                act["text"] = said
            case "tap":
                act["option"] = said
            case "menu":
                act["key"] = said
            case "location":
                act["label"] = said or (await _get(self.session, self.address))["place"]
        async with self.session.post(f"{self.address}/acts", json=act) as response:
            await _taken(response)


def paper(said: str) -> bytes:
    """A photo of an invented paper: a sheet with lines, another one for each name."""
    sheet = Image.new("RGB", (480, 320), "#f3efe4")
    pen = ImageDraw.Draw(sheet)
    for number, letter in enumerate(said or "?"):
        pen.line((40, 40 + 24 * number % 240, 60 + ord(letter) % 380, 40 + 24 * number % 240), fill="#444444", width=3)
    made = io.BytesIO()
    sheet.save(made, "JPEG", quality=80)
    return made.getvalue()


def _bubble(shown: Mapping[str, Any]) -> Bubble:
    options = tuple(Option(str(one["id"]), str(one["label"])) for one in shown.get("options", ()))
    text = "\n".join(filter(None, (str(shown.get("text", "")), str(shown.get("tail") or ""))))
    return Bubble(int(shown["seq"]), shown["who"] == "resident", text, options)


async def _get(session: aiohttp.ClientSession, address: str) -> Any:
    async with session.get(address) as response:
        if response.status != 200:
            raise BadInput(f"the sandbox answered {response.status} at {address}; is it on?")
        return await response.json()


async def _taken(response: aiohttp.ClientResponse) -> None:
    if response.status != 202:
        raise BadInput(f"the sandbox did not take that: {(await response.text()).strip()}")
