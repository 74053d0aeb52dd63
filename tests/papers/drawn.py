"""Photos drawn here: an identity card, a page of the 户口簿, both of people who do not exist, as a phone would take them."""

from __future__ import annotations

import io
import random
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

FONTS = Path("/usr/share/fonts/opentype/noto")
"""Debian's fonts-noto-cjk; `.ci/run` installs it."""


@cache
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    if not FONTS.is_dir():
        raise RuntimeError("Chinese letters cannot be drawn: apt-get install fonts-noto-cjk")
    return ImageFont.truetype(FONTS / f"NotoSansCJK-{'Bold' if bold else 'Regular'}.ttc", size)


def identity_card(name: str, number: str) -> Image.Image:
    """The front of a card, 856 × 540 as the real one's millimetres, with its guilloche and a grey portrait."""
    image = Image.new("RGB", (1284, 810), (226, 238, 243))
    pen = ImageDraw.Draw(image)
    for wave in range(0, 1400, 22):
        pen.arc((wave - 500, -300, wave + 300, 1100), 200, 340, fill=(205, 222, 232), width=2)
    blue, ink = (60, 110, 160), (25, 25, 30)
    male = int(number[16]) % 2
    rows = (
        ("姓  名", name, 90),
        ("性  别", f"{'男' if male else '女'}      民 族  汉", 185),
        ("出  生", f"{number[6:10]} 年 {int(number[10:12])} 月 {int(number[12:14])} 日", 280),
        ("住  址", "湖北省武汉市洪山区珞南街道", 375),
        ("", "某某路18号2栋301室", 435),
    )
    for label, text, top in rows:
        pen.text((70, top), label, font=font(34), fill=blue)
        pen.text((220, top - 4), text, font=font(42 if top > 100 else 48), fill=ink)
    pen.text((70, 700), "公民身份号码", font=font(36), fill=blue)
    pen.text((400, 692), " ".join(number), font=font(46, bold=True), fill=ink)
    pen.rounded_rectangle((890, 90, 1210, 500), 20, fill=(200, 205, 210))
    pen.ellipse((970, 150, 1130, 330), fill=(150, 155, 160))
    pen.pieslice((920, 330, 1180, 640), 180, 360, fill=(120, 125, 132))
    return image


def household_page(name: str, number: str, relation: str = "妻") -> Image.Image:
    """常住人口登记卡, ruled, on yellowed paper."""
    image = Image.new("RGB", (1240, 860), (244, 238, 220))
    pen = ImageDraw.Draw(image)
    pen.text((440, 30), "常住人口登记卡", font=font(46, bold=True), fill=(40, 40, 40))
    rows = (
        ("姓    名", name, "户主或与户主关系", relation),
        ("曾用名", "", "性    别", "男" if int(number[16]) % 2 else "女"),
        ("出生地", "湖北省武汉市", "民    族", "汉"),
        ("籍    贯", "湖北省武汉市", "出生日期", f"{number[6:10]}年{number[10:12]}月{number[12:14]}日"),
        ("本市（县）其他住址", "", "宗教信仰", ""),
        ("公民身份证件编号", number, "身高", "158"),
    )
    for index, (left, value, right, other) in enumerate(rows):
        top = 120 + index * 110
        pen.rectangle((50, top, 1190, top + 110), outline=(120, 100, 80), width=3)
        for text, x in ((left, 65), (value, 340), (right, 760), (other, 1040)):
            pen.text((x, top + 34), text, font=font(30), fill=(40, 40, 40))
    return image


def photographed(
    image: Image.Image,
    *,
    turn: float = 0,
    blur: float = 0,
    noise: float = 6,
    light: float = 1.0,
    width: int = 1600,
    seed: int = 1,
) -> bytes:
    """On a wooden table, turned by some degrees, in better or worse light, out of focus by `blur` pixels of 1600."""
    rng = random.Random(seed)
    table = Image.new("RGB", (1600, 1200), (122, 92, 66))
    pen = ImageDraw.Draw(table)
    for _ in range(120):
        y = rng.randrange(1200)
        pen.line((0, y, 1600, y + rng.randrange(-30, 30)), fill=(110 + rng.randrange(20), 84, 58), width=2)
    card = image.convert("RGBA").rotate(turn, expand=True, resample=Image.Resampling.BICUBIC)
    scale = min(1500 / card.width, 1100 / card.height)
    card = card.resize((int(card.width * scale), int(card.height * scale)), Image.Resampling.LANCZOS)
    table.paste(card, ((1600 - card.width) // 2, (1200 - card.height) // 2), card)
    if blur:
        table = table.filter(ImageFilter.GaussianBlur(blur))
    table = ImageEnhance.Brightness(table).enhance(light)
    if noise:
        grain = Image.effect_noise(table.size, noise).convert("RGB")
        table = Image.blend(table, grain, 0.12)
    if width != 1600:
        table = table.resize((width, width * 3 // 4), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    table.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
