"""The transcript as colleagues read it: who said what, what the bot answered with and on what ground, what was noted down,
who held the conversation, and the private notes in between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.conversations import Holder
from bot.desk.handoff.records import Fact, Talk
from bot.desk.officer_ports import TalkPicture
from bot.desk.ports import Message
from bot.messages import WITHHELD, Author, Kind
from console.talks import delivery

BY = {Author.RESIDENT: "居民", Author.BOT: "机器人", Author.OFFICER: "工作人员", Author.SYSTEM: "系统"}
_KINDS = {
    Kind.IMAGE: "（发来一张照片）",
    Kind.VOICE: "（发来一段语音）",
    Kind.VIDEO: "（发来一段视频）",
    Kind.LOCATION: "（发来一个位置）",
    Kind.LINK: "（发来一个链接）",
    Kind.EVENT: "（关注或点了菜单）",
    Kind.UNKNOWN: "（发来的东西系统不认识）",
}
_OUTCOMES = {
    "clarified": "没听准，请居民再说",
    "declined": "没有能用的答案",
    "redirected": "不归救助管，说了该找谁",
    "distress": "听到危险，说了固定的话",
    "person": "说了会请人来",
    "asked": "表里的问题",
}
_HIDDEN = "（举报的内容，由上一级的人看）"
_MOVES = {
    Holder.BOT: "交还机器人",
    Holder.QUEUED: "进入待接",
    Holder.OFFICER: "{name}接手",
    Holder.WAITING: "{name}等居民回复",
    Holder.CLOSED: "会话结束",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in the transcript. `kind`: resident, bot, officer, system, note, moved."""

    kind: str
    at: datetime
    text: str
    by: str = ""
    id: str = ""
    danger: bool = False
    state: str = ""
    failed: bool = False
    why: str = ""
    """Why it did not arrive, and what can be done instead."""
    options: Sequence[str] = ()
    under: Sequence[str] = ()
    picture: TalkPicture | None = None


def lines(
    talk: Talk, moves: Iterable[Mapping[str, Any]], names: Mapping[str, str], refusals: Mapping[str, str]
) -> list[Line]:
    """`names`: account id → name. `refusals`: what the reasons of this platform mean (`delivery`)."""
    noted: dict[str, list[Fact]] = {}
    for fact in talk.facts:
        noted.setdefault(fact.message, []).append(fact)
    pictures = {one.message: one for one in talk.pictures}
    hidden = withheld(talk.messages)
    told = [
        _withheld(message, names)
        if message.id in hidden
        else _said(message, names, noted.get(message.id, ()), pictures.get(message.id), refusals)
        for message in talk.messages
    ]
    told += [Line("note", note.at, note.text, f"便签 · {names.get(note.actor, '系统')}") for note in talk.notes]
    told += [_moved(move, names) for move in moves]
    # Of one moment a message stands before the move it brought about.
    return sorted(told, key=lambda line: (line.at, line.kind == "moved"))


def withheld(messages: Sequence[Message]) -> frozenset[str]:
    """What was reported of an office, and what was answered to it: it is read where reports are read, and nowhere else."""
    told = {one.id for one in messages if one.about.get(WITHHELD)}
    return frozenset(told | {one.id for one in messages if one.reply_to in told})


def _withheld(message: Message, names: Mapping[str, str]) -> Line:
    return Line(str(message.author), message.created_at, _HIDDEN, _by(message, names), message.id)


def _by(message: Message, names: Mapping[str, str]) -> str:
    by = BY[message.author]
    return f"{by} · {names.get(message.actor, '同事')}" if message.author is Author.OFFICER else by


def _said(
    message: Message,
    names: Mapping[str, str],
    noted: Sequence[Fact],
    picture: TalkPicture | None,
    refusals: Mapping[str, str],
) -> Line:
    ours = message.author is not Author.RESIDENT
    arrived = delivery.of(message, refusals)
    return Line(
        str(message.author),
        message.created_at,
        message.text or _KINDS.get(message.kind, ""),
        _by(message, names),
        message.id,
        danger=bool(message.about.get("danger")),
        state=arrived.state,
        failed=arrived.failed,
        why=arrived.why,
        options=[choice.label for choice in message.choices],
        under=_answered(message) if ours else _noted(noted),
        picture=picture,
    )


def _noted(facts: Sequence[Fact]) -> list[str]:
    """Which answers of the form this message gave."""
    return [f"记下：{'；'.join(f'{fact.label} {fact.shown}' for fact in facts)}"] if facts else []


def _answered(message: Message) -> list[str]:
    """Which approved answer it was, and where that stands."""
    about = message.about
    found = [_OUTCOMES[outcome]] if (outcome := str(about.get("outcome", ""))) in _OUTCOMES else []
    if about.get("entry") and about.get("title"):
        found.append(f"答案：{about['title']}")
    ground = source_line(about.get("sources", ()), str(about.get("as_of", "")), str(about.get("place", "")))
    return [part for part in ("，".join(found), ground) if part]


def source_line(sources: Iterable[Any], as_of: str, place: str) -> str:
    """依据：《社会救助法》第18条 · 截至 2026-11-23 · 武汉市."""
    named = []
    for source in sources:
        title, clause = (
            (source["title"], source["clause"]) if isinstance(source, Mapping) else (source.title, source.clause)
        )
        named.append(f"《{title}》{clause}" if not title.startswith("《") else f"{title}{clause}")
    if not named:
        return ""
    return " · ".join(part for part in (f"依据：{'；'.join(named)}", f"截至 {as_of}" if as_of else "", place) if part)


def _moved(move: Mapping[str, Any], names: Mapping[str, str]) -> Line:
    name = names.get(move["name"]) or names.get(move["actor"]) or "同事"
    return Line("moved", move["at"], _MOVES[move["to"]].replace("{name}", name))
