"""`python -m bot wechat …`: what an office sets up on its official account from here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.errors import BadInput

app = typer.Typer(no_args_is_help=True)
out = Console()
Region = Annotated[str, typer.Argument(help="Six-digit code of the place, as in content/regions.csv.")]


@app.command()
def menu(
    file: Annotated[Path, typer.Option(help="The menu as a file.")] = Path("content/menu.yml"),
    check: Annotated[bool, typer.Option("--check", help="Only read the file.")] = False,
) -> None:
    """Put up the menu of the official account from a file, in the place of the one that was there."""
    from connectors.wechat.menu import put_menu, read_menu

    told = read_menu(file)
    if not check:
        _with_account(lambda client: put_menu(client, told))
    count = len(told["button"])
    out.print(
        f"菜单写得对，一共{count}个按钮。" if check else f"菜单已经换上，一共{count}个按钮，五分钟内生效。",
        markup=False,
    )


@app.command()
def code(
    region: Region,
    village: Annotated[str, typer.Option(help="Village code of 9 or 12 digits.")] = "",
    office: Annotated[str, typer.Option(help="Name of the office, as published.")] = "",
    days: Annotated[int, typer.Option(help="How many days it holds, at most 30; 0: for ever.")] = 0,
) -> None:
    """Make the QR code of a place, village or office: who scans it is taken to be there."""
    from bot.scenes import scene
    from connectors.wechat.codes import make_code

    named = scene(region, village, office)
    made = _with_account(lambda client: make_code(client, named, days))
    out.print(f"场景 {named}\n海报用的网址 {made.link}\n图片 {made.picture}", markup=False, soft_wrap=True)


@app.command()
def article(
    file: Annotated[Path, typer.Argument(help="Plain text; its first line is the title.")],
    cover: Annotated[Path, typer.Option(help="The cover: a JPEG of at most 64 KB.")],
    author: Annotated[str, typer.Option(help="Who is named as its author.")] = "",
    publish: Annotated[bool, typer.Option("--publish", help="Publish it at once.")] = False,
) -> None:
    """Put a text into the official account's drafts; --publish also publishes it, where the account may."""
    from connectors.wechat.publishing import Article, add_draft
    from connectors.wechat.publishing import publish as go

    try:
        title, _, text = file.read_text(encoding="utf-8").strip().partition("\n")
        written = Article(title.strip(), text.strip(), cover.read_bytes(), author)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"读不到 {file} 或 {cover}；请核对文件名，文字要存成 UTF-8") from error

    async def work(client: Any) -> str:
        draft = await add_draft(client, written)
        return f"草稿 {draft}" + (f"，已提交发布 {await go(client, draft)}" if publish else "，在公众平台的草稿箱里")

    out.print(_with_account(work), markup=False)


def _with_account(work: Callable[[Any], Awaitable[Any]]) -> Any:
    """Do it with the account of the settings, its token kept in the same database as the service's."""
    from bot.cli.main import run, settings
    from bot.cli.platforms import open_account
    from bot.wiring import open_house

    done: list[Any] = []

    async def once() -> None:
        async with open_house(settings()) as house:
            client = open_account(settings(), house)
            try:
                done.append(await work(client))
            finally:
                await client.close()

    run(once())
    return done[0]
