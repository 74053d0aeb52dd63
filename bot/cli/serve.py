"""The gateway's process: it takes messages in and hands replies out."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

from aiohttp import web

from bot.cli.platforms import open_platforms
from bot.desk.cases.signing import read_keys
from bot.desk.notices.ports import SMS, NoticeSender
from bot.desk.paper_ports import Photos
from bot.desk.speech_ports import Speech
from bot.desk.turns import Breaker, TurnWorker
from bot.errors import BadInput, PortTaken
from bot.log import configure
from bot.messages import Reply
from bot.papers.room import PictureRoom
from bot.settings import Settings
from bot.supervisor import stop_signal
from bot.wiring import House, open_desk, open_house
from connectors import render
from connectors.app import App, AppSettings, mount_app
from connectors.app.assertions import read_app_keys
from connectors.app.settings import read_origins
from connectors.doorbell import Doorbell
from connectors.engine import HttpEngine
from connectors.gateway import Gateway, listen
from connectors.loops import Loops
from connectors.media import ChannelMedia
from connectors.office import mount_office
from connectors.ops import ops_app
from connectors.sandbox import Platform, mount_phones
from connectors.sms.sender import SmsSender
from connectors.speech.servers import SpeechServer


async def gateway(settings: Settings) -> None:
    configure(settings.log)
    stop = await stop_signal()
    async with open_house(settings) as house, open_gateway(settings, house):
        await stop.wait()


@contextlib.asynccontextmanager
async def open_gateway(settings: Settings, house: House) -> AsyncIterator[Loops]:
    """Listening, with turns, outbox and sweeper at work; what has begun is finished before it ends."""
    keys = read_keys(settings.office_key)
    platforms = open_platforms(settings, house)
    app_channel = App(house.store) if settings.app == "on" else None
    channels = dict(platforms.channels)
    if app_channel:
        channels[app_channel.name] = app_channel
    room = PictureRoom()
    media = ChannelMedia(channels)
    server = _speech(settings)
    speech = Speech(media, server) if server else None
    desk = replace(await open_desk(house), photos=Photos(media, room), speech=speech)
    mounted: list[Platform] = []
    desk = replace(desk, as_of=lambda: mounted[0].as_of if mounted else None)
    sms = _sms(settings, house)
    notices: dict[str, NoticeSender] = {**platforms.notices, **({SMS: sms} if sms else {})}
    bell, breaker = Doorbell(), Breaker()
    engine = HttpEngine(settings.engine_base, settings.shared_secret())

    def pages(name: str, reply: Reply) -> list[Reply]:
        return render.pages(reply, channels[name].capabilities)

    loops = Loops(
        desk,
        settings.workers,
        lambda n: TurnWorker(desk, engine, f"{settings.port}-{n}", breaker, bell.answered, pages),
        engine.alive,
        channels,
        bell,
        assigns=settings.assign == "on",
        broadcaster=platforms.broadcaster,
        notices=notices,
    )
    app = Gateway(desk, platforms.channels, breaker, bell).app()
    if app_channel:
        mount_app(app, desk, app_channel, _app_settings(settings), bell, breaker)
        platforms.mount(app, settings.session_secret(), house.clock)
    if keys:
        mount_office(app, desk, keys)
    if platforms.simulated:
        mounted.extend(mount_phones(app, platforms.simulated, house.clock))
    async with contextlib.AsyncExitStack() as ending:
        for one in channels.values():
            ending.push_async_callback(one.close)
        if server:
            ending.push_async_callback(server.close)
        if sms:
            ending.push_async_callback(sms.close)
        ending.push_async_callback(engine.close)
        ending.push_async_callback(room.close)
        front = await _listen(app, settings.host, settings.port)
        ending.push_async_callback(front.cleanup)
        ops = await _listen(ops_app(desk, engine, breaker), "127.0.0.1", settings.ops_port)
        ending.push_async_callback(ops.cleanup)
        loops.start()
        # First of all: while turns end, pushes are still taken and acknowledged, for the next start to answer.
        ending.push_async_callback(loops.drain)
        yield loops


def _speech(settings: Settings) -> SpeechServer | None:
    if settings.asr_kind == "off":
        return None
    return SpeechServer(settings.asr_kind, settings.asr_url, settings.asr_key, settings.asr_model)


def _sms(settings: Settings, house: House) -> SmsSender | None:
    """The office's gateway for text messages, where it has one."""
    if not settings.sms_url:
        return None
    keys = read_keys(settings.sms_key, "JIUZHUTONG_SMS_KEY")
    if len(keys) != 1:
        raise BadInput("JIUZHUTONG_SMS_URL needs one key in JIUZHUTONG_SMS_KEY")
    return SmsSender(settings.sms_url, keys[0], house.clock)


def _app_settings(settings: Settings) -> AppSettings:
    return AppSettings(
        settings.session_secret(),
        read_app_keys(settings.app_keys),
        read_origins(settings.app_origins),
        settings.app_per_address,
    )


async def _listen(app: web.Application, host: str, port: int) -> web.AppRunner:
    try:
        return await listen(app, host, port)
    except OSError as error:
        raise PortTaken(port, host) from error


__all__ = ["gateway", "open_gateway"]
