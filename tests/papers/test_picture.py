"""A photo as it is kept: hostile files are refused before they are decoded, honest ones come out upright, small and bare
(A-66)."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from bot.errors import BadInput
from bot.papers.picture import KEPT_BYTES, LONGEST, MOST_BYTES, settle

GPS = 0x8825
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def drawn(width: int = 800, height: int = 500, mode: str = "RGB") -> Image.Image:
    """Something with edges, not the same when turned or mirrored."""
    image = Image.new(mode, (width, height), "white" if mode in ("RGB", "L") else None)
    if mode in ("RGB", "L"):
        pen = ImageDraw.Draw(image)
        for step in range(20, min(width, height), 24):
            pen.line((step, 10, step + 60, height - 10), fill="black", width=3)
        pen.rectangle((0, 0, width // 4, height // 4), fill="red" if mode == "RGB" else 90)
    return image


def saved(image: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **how)
    return buffer.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_phones_send_is_kept_as_a_bare_jpeg(kind: str) -> None:
    kept = settle(saved(drawn(), kind))
    image = opened(kept.content)
    assert image.format == "JPEG"
    assert image.mode == "RGB"
    assert image.size == (kept.width, kept.height) == (800, 500)
    assert not image.getexif()
    assert {"icc_profile", "exif", "comment", "xmp"} & set(image.info) == set()


def test_place_and_device_are_gone_and_the_photo_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its right side
    exif[0x0110] = "CANARY-PHONE"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (30.0, 35.0, 12.5)
    content = saved(drawn(), exif=exif, comment=b"CANARY-COMMENT", icc_profile=b"CANARY-PROFILE" * 20)
    assert b"CANARY-PHONE" in content
    kept = settle(content)
    assert b"CANARY" not in kept.content
    assert (kept.width, kept.height) == (500, 800)
    # The red corner was at the top left of the lying picture: turned, it is at the top right.
    red, green, _ = opened(kept.content).getpixel((kept.width - 20, 20))  # type: ignore[misc]
    assert red > 200 > green


@given(
    width=st.integers(1, 400),
    height=st.integers(1, 400),
    mode=st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"]),
    kind=st.sampled_from(["PNG", "JPEG", "WEBP"]),
)
def test_every_mode_and_size_comes_out_the_same_shape(width: int, height: int, mode: str, kind: str) -> None:
    able = {"JPEG": {"1", "L", "RGB", "CMYK"}, "WEBP": {"L", "LA", "P", "RGB", "RGBA"}}
    if mode not in able.get(kind, {mode}) or (mode, kind) == ("CMYK", "PNG"):
        mode = "RGB"
    kept = settle(saved(Image.new(mode, (width, height)), kind))
    assert opened(kept.content).size == (width, height)
    assert len(kept.content) <= KEPT_BYTES


def test_a_large_photo_of_noise_becomes_small(  # the worst case for JPEG
) -> None:
    noise = Image.effect_noise((4000, 3000), 120).convert("RGB")
    kept = settle(saved(noise, quality=60))
    assert max(kept.width, kept.height) <= LONGEST
    assert len(kept.content) <= KEPT_BYTES
    assert abs(kept.width / kept.height - 4 / 3) < 0.01


def bomb(width: int, height: int) -> bytes:
    """A PNG of some kilobytes that says it is enormous."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))

    head = struct.pack("!IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../x.jpg", bytes(1_000_000))
    return buffer.getvalue()


def text_bomb() -> bytes:
    """A compressed text chunk that swells: an ordinary picture beside it."""
    ordinary = saved(drawn(), "PNG")
    body = b"Comment\x00\x00" + zlib.compress(bytes(50_000_000))
    chunk = struct.pack("!I", len(body)) + b"zTXt" + body + struct.pack("!I", zlib.crc32(b"zTXt" + body))
    return ordinary[:33] + chunk + ordinary[33:]


HOSTILE = {
    "nothing": b"",
    "eicar": EICAR,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "html": b"<html><img src=x onerror=alert(1)></html>",
    "zip": zipped(),
    "gif": saved(drawn(), "GIF"),
    "bmp": saved(drawn(), "BMP"),
    "tiff": saved(drawn(), "TIFF"),
    "ico": saved(drawn(64, 64), "ICO"),
    "30000x30000": bomb(30_000, 30_000),
    "9000x9000": bomb(9_000, 9_000),
    "text bomb": text_bomb(),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(x) print",
    "too long": b"\xff\xd8\xff" + bytes(MOST_BYTES),
    "only a mark": b"\xff\xd8\xff\xe0",
    "cut": saved(drawn())[:900],
    "cut png": saved(drawn(), "PNG")[:300],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_photo_is_refused_with_one_kind_of_error(name: str) -> None:
    with pytest.raises(BadInput, match="picture"):
        settle(HOSTILE[name])


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"PK\x03\x04" + bytes(100), b"%PDF-1.7", EICAR])
def test_what_hangs_on_a_photo_is_left_behind(tail: bytes) -> None:
    inside = saved(drawn(), comment=b"<html>" + tail)
    for content in (saved(drawn()) + tail, inside, saved(drawn(), "PNG") + tail):
        kept = settle(content)
        assert tail not in kept.content
        assert opened(kept.content).size == (800, 500)


@given(st.binary(max_size=400), st.integers(0, 3000))
def test_bent_bytes_never_raise_anything_else(noise: bytes, at: int) -> None:
    for good in (saved(drawn(120, 80)), saved(drawn(120, 80), "PNG"), saved(drawn(120, 80), "WEBP")):
        bent = good[: at % len(good)] + noise + good[at % len(good) + len(noise) :]
        try:
            kept = settle(bent)
        except BadInput:
            continue
        assert opened(kept.content).format == "JPEG"
