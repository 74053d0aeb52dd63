"""An article of the publicity desk as a draft of the official account, and published where the account may.

Publishing puts it on the account's page; it is pushed to nobody. Since July 2025 unverified and personal accounts have
lost these interfaces (48001), which is said as it is; the draft can then be sent by hand from the platform's own pages.
https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/api_draft_add.html
"""

from __future__ import annotations

import html
from dataclasses import dataclass

from bot.errors import BadInput, Undeliverable
from connectors.wechat.client import WeChatClient

DRAFT, PUBLISH = "/cgi-bin/draft/add", "/cgi-bin/freepublish/submit"
LONGEST_TITLE, LONGEST = 64, 20_000
LARGEST_COVER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Article:
    title: str
    text: str
    """Plain text; blank lines part paragraphs."""
    cover: bytes
    """A JPEG of at most 64 KB."""
    author: str = ""


async def add_draft(client: WeChatClient, article: Article) -> str:
    """The draft's id. Raises BadInput for what no article can be, else what `verdicts.fault` names."""
    _check(article)
    cover = await client.add_material(article.cover, "thumb", "cover.jpg")
    told = {
        "title": article.title,
        "author": article.author,
        "content": _as_page(article.text),
        "thumb_media_id": cover,
        "need_open_comment": 0,
    }
    answer = await client.post(DRAFT, {"articles": [told]})
    return _named(answer.get("media_id"), "a draft")


async def publish(client: WeChatClient, draft: str) -> str:
    """The number by which PUBLISHJOBFINISH tells how it ended."""
    answer = await client.post(PUBLISH, {"media_id": draft})
    return _named(answer.get("publish_id"), "a publication")


def _check(article: Article) -> None:
    if not 1 <= len(article.title.strip()) <= LONGEST_TITLE:
        raise BadInput(f"标题要有1到{LONGEST_TITLE}个字")
    if not article.text.strip() or len(_as_page(article.text)) >= LONGEST:
        raise BadInput(f"正文不能空，也不能到{LONGEST}个字")
    if not article.cover.startswith(b"\xff\xd8\xff") or len(article.cover) > LARGEST_COVER:
        raise BadInput("封面要是 JPEG 图片，最多 64 KB")


def _as_page(text: str) -> str:
    """Paragraphs and nothing else: no word of the text can be a tag."""
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    return "".join(f"<p>{html.escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in parts)


def _named(found: object, what: str) -> str:
    if not isinstance(found, str | int) or not found:
        raise Undeliverable(f"unreadable: WeChat took {what} and named no id for it", "unreadable")
    return str(found)
