"""Figures in plain Chinese: approved fragments around data, each value with its first day and its document. Pure."""

from __future__ import annotations

from datetime import date

from bot.knowledge.figures import FigureLine, FigureResult, FigureState
from bot.knowledge.standards import UNITS, Standard
from bot.knowledge.subsidies import SubsidyResult

SHORT = 120
_NAMES = {
    "dibao": "低保标准",
    "tekun": "特困供养标准",
    "bianyuan": "低保边缘收入线",
    "gangxing": "刚性支出困难家庭收入线",
}
# Values of a line people are measured by are often taken for money they would get.
_ONLY_A_LINE = {"bianyuan": "这是认定用的收入线，不是发的钱。", "gangxing": "这是认定用的收入线，不是发的钱。"}


def figure_text(result: FigureResult, phone: str = "12345", now: bool = True) -> str:
    """What is on file for the place, line by line; honest when it is old, or nothing. `now`: about today."""
    if result.state is FigureState.NONE:
        return none_text(result, phone)
    said: list[str] = []
    if result.state is FigureState.HISTORY:
        said.append(f"{result.place}{'现在的' if now else ''}{_name(result)}，截至{said_day(result.day)}没有查到。")
    for line in result.lines:
        said += _line(line, result)
    said += dict.fromkeys(line.standard.say for line in result.lines if line.standard.say)
    if only := _ONLY_A_LINE.get(result.programme):
        said.append(only)
    if result.state is FigureState.CURRENT:
        said.append(f"这是{said_day(result.day)}那天适用的数。")
    elif result.state is FigureState.LAST_PUBLISHED:
        said.append(f"截至{said_day(result.day)}只查到这些，可能已调整，请打{phone}核实。")
    elif now:
        said.append(f"以前的数不能当现在的用，请打{phone}问。")
    else:
        said.append(f"那天适用的是不是这个数，请打{phone}问。")
    if result.asks == "county":
        said.append("告诉我您在哪个区（县），我说得更准。")
    return "\n".join(said)


def figure_short(result: FigureResult, phone: str = "12345") -> str:
    """The same in at most 120 characters: fewer words, never a value without its day."""
    if result.state is FigureState.NONE:
        return f"{result.place}的{_name(result)}没有查到，别处的数不能用。请打{phone}，或问街道（乡镇）。"
    end = {
        FigureState.CURRENT: f"这是{said_day(result.day)}那天适用的数。",
        FigureState.LAST_PUBLISHED: f"可能已调整，请打{phone}核实。",
        FigureState.HISTORY: f"这是以前的数，现在的没有查到，请打{phone}问。",
    }[result.state]
    lines = [f"{_where(line)}{_values(line)}（{_when(line)}）" for line in result.lines]
    short = f"{_name(result)}：{'；'.join(lines)}。{end}"
    if len(short) <= SHORT:
        return short
    if result.asks == "county":
        return f"{result.place}各区县的{_name(result)}不一样。告诉我您在哪个区（县），我说那里的数；也可打{phone}问。"
    return f"{_name(result)}：{lines[0]}。还有{len(lines) - 1}个数，请看详细的。{end}"


def none_text(result: FigureResult, phone: str) -> str:
    return "\n".join(
        (
            f"{result.place}的{_name(result)}，截至{said_day(result.day)}没有查到。",
            "别处的数不能拿来用，怕误了您。",
            f"请打{phone}，或问街道（乡镇）。",
        )
    )


def subsidy_text(result: SubsidyResult, phone: str = "12345") -> str:
    """What is on file for the place and month; not on file does not mean not paid."""
    month, own = said_month(result.month), result.own
    said = [f"{month}："] if result.measure and not own else []
    if own and own.triggered == "yes":
        amount = f"，每人{own.amount}元" if own.amount else "，每人多少没有查到"
        said.append(f"{own.region_name}{month}启动了价格补贴{amount}。")
        said.append(f"{said_day(own.paid_on)}发放。" if own.paid_on else "哪天发放没有查到。")
        said.append(f"文件：{result.notice}。")
    elif own and own.triggered == "no":
        said += [f"{own.region_name}{month}物价没到启动条件，没有发。", f"文件：{result.notice}。"]
    else:
        if result.measure:
            said += [f"{part.strip()}。" for part in result.measure.note.split("；") if part.strip()]
            said.append(f"文件：{result.notice}。")
        said.append(f"{result.place}{month}发没发价格补贴，没有查到。")
    said.append(f"想问准，请打{phone}，或问街道（乡镇）。")
    return "\n".join(said)


def said_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def said_month(month: str) -> str:
    return f"{int(month[:4])}年{int(month[5:])}月"


def _line(line: FigureLine, result: FigureResult) -> list[str]:
    began = {FigureState.LAST_PUBLISHED: "最近一次公布：", FigureState.HISTORY: "以前公布过："}.get(line.state, "")
    what = f"{began}{_where(line)}{_name(result)}，{_values(line)}。"
    return [what, f"{_when(line)}，文件：{line.document}。"]


def _name(result: FigureResult) -> str:
    return _NAMES.get(result.programme, "标准")


def _where(line: FigureLine) -> str:
    return line.standard.region_name + line.standard.area


def _values(line: FigureLine) -> str:
    unit = UNITS[line.standard.unit]
    if line.urban and line.urban == line.rural:
        # Notes of 特困 and 边缘 often give one number without saying whether it holds for both.
        return f"城乡都是{unit}{line.urban}元" if line.standard.programme == "dibao" else f"{unit}{line.urban}元"
    sides = (("城市", line.urban), ("农村", line.rural))
    area = line.standard.area
    return "，".join(f"{'' if name in area else name}{unit}{value}元" for name, value in sides if value)


def _when(line: FigureLine) -> str:
    row: Standard = line.standard
    if row.start is None:
        return f"到{said_day(row.last)}为止，哪天开始没有查到" if row.last else ""
    since = f"{row.start.said}，月份没有查到" if row.start.said.endswith("年") else f"{row.start.said}起"
    return f"{since}，到{said_day(row.last)}" if row.last else since
