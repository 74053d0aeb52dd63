"""Lists, the head of a conversation and what stands beside it, in an officer's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cases import STATES
from bot.clock import SHANGHAI
from bot.conversations import FIRST, Conversation, Holder
from bot.desk.case_ports import Case, Paper, Step
from bot.desk.cases.naming import paper_name, programme_name, said_day, state_of, tail
from bot.desk.casework.listing import called
from bot.desk.desk import Desk
from bot.desk.handoff.pressing import PRIORITIES
from bot.desk.handoff.records import Row, Talk
from bot.messages import Author
from bot.regions import UnknownRegion
from bot.staff import Staff

VIEWS = (
    ("mine", "我的"),
    ("queue", "待接"),
    ("distress", "紧急"),
    ("overdue", "超时"),
    ("waiting", "等居民"),
    ("closed", "已结束"),
)
NOTHING = {
    "mine": "您手上没有会话。到“待接”里认领一个。",
    "queue": "现在没有人在等。有人找人工时，会出现在这里。",
    "distress": "没有紧急的会话。",
    "overdue": "没有超时的会话。",
    "waiting": "没有在等居民回复的会话。",
    "closed": "还没有结束的会话。",
}
CHANNELS = {
    "wechat": "微信",
    "mini": "小程序",
    "weibo": "微博",
    "app": "手机应用",
    "senior": "老年机",
    "staff": "电话代办",
    "sandbox": "模拟微信",
}
OUTCOMES = {
    "solved": "办好了",
    "answered": "说清楚了",
    "referred": "转给了别的部门",
    "unreachable": "联系不上",
    "other": "其他",
}
PICTURES = {
    "wanted": "照片正在取，取到就能看",
    "refused": "打不开：不是照片，或照片坏了",
    "gone": "平台上已经没有这张照片，请居民重发",
}
SCORES = {3: "帮上了", 2: "帮了一点", 1: "没帮上"}
_STEPS = 3
"""Moves of a case shown beside a conversation; all of them stand in the case."""
_SAYS_SOMETHING = 4
"""Signs: a shorter last word (人工, 好的) tells nobody whose conversation it is."""
_HOLDERS = {Holder.BOT: "机器人在答", Holder.QUEUED: "待接", Holder.CLOSED: "已结束"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a list."""

    url: str
    current: bool
    who: str
    place: str
    why: str
    wait: str
    flag: str
    flag_word: str
    labels: Sequence[str]


def shown(desk: Desk, row: Row, view: str, current: str, now: datetime) -> Shown:
    flag, word = "", ""
    if row.distress:
        flag, word = "urgent", "紧急"
    elif row.overdue:
        flag, word = "late", "超时"
    elif row.priority >= FIRST:
        flag, word = "first", PRIORITIES[FIRST]
    elif row.holder == Holder.WAITING:
        flag, word = "waiting", "等居民"
    return Shown(
        url=f"/conversations/{row.conversation}?view={view}",
        current=row.conversation == current,
        who=row.preview if len(row.preview) > _SAYS_SOMETHING else resident(row.conversation),
        place=short_place(desk, row.region) or row.place,
        why=row.why or _HOLDERS.get(Holder(row.holder), "") or row.holder_name,
        wait=ago(row.since, now),
        flag=flag,
        flag_word=word,
        labels=row.labels,
    )


def short_place(desk: Desk, region: str) -> str:
    """武汉市洪山区: enough among colleagues of one city; empty where none is known."""
    try:
        names = [one.name for one in desk.regions.chain(region)[:-1]]
    except UnknownRegion:
        return ""
    return "".join(reversed(names[:2]))


def resident(conversation: str) -> str:
    """Somebody whose name is not known: by the end of the conversation's id."""
    return f"居民 {conversation[-4:]}"


def ago(since: datetime, now: datetime) -> str:
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 1:
        return "刚刚"
    if minutes < 60:
        return f"{minutes}分钟"
    return f"{minutes // 60}小时" if minutes < 60 * 24 else f"{minutes // 60 // 24}天"


def state(talk: Talk, staff: Staff) -> tuple[str, str]:
    """Who holds it, in words, and how that is marked."""
    holder, name = talk.conversation.holder, talk.row.holder_name
    if holder is Holder.OFFICER:
        return ("您在办", "done") if talk.may_reply else (f"{name or '同事'}在办", "waiting")
    if holder is Holder.WAITING:
        return (f"{'您' if talk.may_reply else name}在等居民回复", "waiting")
    return _HOLDERS[holder], "waiting" if holder is Holder.QUEUED else ""


@dataclass(frozen=True, slots=True)
class Window:
    """What the platform still lets out, in words around the time that is left; the page counts that down."""

    before: str
    rest: str = ""
    after: str = ""
    seconds: int = 0
    over: bool = False
    """Nothing, or hardly anything any more."""


def window(talk: Talk, now: datetime) -> Window:
    left, until = talk.row.quota_left, talk.row.window_until
    if talk.row.channel == "app":
        return Window("随时能发：居民打开页面就看到")
    if talk.open_window and until is not None:
        seconds = int((until - now).total_seconds())
        after = f"（到{until.astimezone(SHANGHAI):%m月%d日 %H:%M}）"
        return Window(f"还能发 {left} 条，剩 ", _rest(seconds), after, seconds, left <= 1 or seconds < 3600)
    why = "条数用完了" if until is not None and until > now else "时间过了"
    return Window(f"平台现在不让发（{why}）：您写的会先存着，居民再说话时发出，同时安排打电话", over=True)


def _rest(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}小时{minutes}分" if hours else f"{minutes}分钟"


def silent(talk: Talk) -> str:
    """Why there is no box for a reply."""
    match talk.conversation.holder:
        case Holder.OFFICER | Holder.WAITING:
            return f"{talk.row.holder_name or '同事'}在办这个会话。您可以写便签。"
        case Holder.QUEUED:
            return "认领后就可以回复。机器人现在不答话。"
        case Holder.CLOSED:
            return "已经结束。要再联系居民，先认领。"
        case _:
            return "机器人在答。认领后机器人就不说话了，由您回复。"


def alarm(talk: Talk, now: datetime) -> str:
    """What must be answered at once: danger that was said after our last word; empty when there is none."""
    last = max((one.created_at for one in talk.messages if one.author is Author.OFFICER), default=None)
    for message in reversed(talk.messages):
        if message.author is not Author.RESIDENT or (last and message.created_at < last):
            continue
        if message.about.get("danger") and now - message.created_at < timedelta(days=1):
            return f"居民{ago(message.created_at, now)}前说的话有危险，请马上回应。".replace("刚刚前", "刚刚")
    return ""


def closing_line(talk: Talk, names: Mapping[str, str], now: datetime) -> str:
    """How it ended last, and what the resident said to that; empty where nobody ended it yet."""
    if talk.closing is None:
        return ""
    one = talk.closing
    said = f"居民评价：{SCORES[one.score]}" if one.score in SCORES else "居民还没有评价"
    return f"{ago(one.at, now)}前{names.get(one.staff, '同事')}办结（{OUTCOMES.get(one.outcome, one.outcome)}），{said}".replace(
        "刚刚前", "刚刚"
    )


def answered(talk: Talk) -> str:
    count = sum(1 for one in talk.messages if one.author is Author.BOT)
    return f"机器人答过 {count} 条" if count else "机器人还没有答过"


@dataclass(frozen=True, slots=True)
class CaseLine:
    programme: str
    tail: str
    state: str
    due: str
    late: bool
    url: str
    steps: Sequence[str]
    """Its last moves, the newest first: 11-08 已受理."""


def case_line(desk: Desk, case: Case, url: str, moves: Sequence[Step]) -> CaseLine:
    """`moves`: of this case among others, the oldest first."""
    due, late = "", False
    if case.due and not state_of(case).final:
        left = working_days_left(desk, case)
        late = case.due < desk.today()
        due = f"最后一天 {said_day(case.due)}，" + ("已超时" if late else f"还剩{left}个工作日")
    return CaseLine(
        programme_name(desk, case.programme), tail(case), state_of(case).name, due, late, url, _steps(case, moves)
    )


def _steps(case: Case, moves: Sequence[Step]) -> list[str]:
    mine = [one for one in moves if one.case == case.id and one.new in STATES]
    return [f"{one.at.astimezone(SHANGHAI):%m-%d} {called(one.new)}" for one in reversed(mine[-_STEPS:])]


def working_days_left(desk: Desk, case: Case) -> int:
    """Working days from tomorrow to the last day, that day counted."""
    if case.due is None:
        return 0
    days = (desk.today() + timedelta(days=one) for one in range(1, (case.due - desk.today()).days + 1))
    return sum(desk.calendar.works(day) for day in days)


def paper_lines(desk: Desk, papers: Sequence[Paper]) -> list[str]:
    """户口本：2张（第1位家人）."""
    counted: dict[tuple[str, int, str], int] = {}
    for paper in papers:
        counted[paper.kind, paper.member, paper.state] = counted.get((paper.kind, paper.member, paper.state), 0) + 1
    told = []
    for (kind, member, kept), count in counted.items():
        blurred = "，看不清" if kept == "blurred" else ""
        whose = f"（第{member}位家人）" if member > 1 else ""
        told.append(f"{paper_name(desk, kind)}{whose}：{count}张{blurred}")
    return told


def found(desk: Desk, talk: Conversation, names: Mapping[str, str], now: datetime) -> Shown:
    """A line for a conversation that was looked for by a number. `names`: account id → name."""
    place = short_place(desk, talk.region) or "地区未知"
    why = _HOLDERS.get(talk.holder, "") or f"{names.get(talk.holder_name, '同事')}在办"
    return Shown(
        f"/conversations/{talk.id}?view=mine",
        False,
        resident(talk.id),
        place,
        why,
        ago(talk.updated_at, now),
        "",
        "",
        (),
    )
