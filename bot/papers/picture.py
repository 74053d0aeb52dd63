"""A photo as it may be kept: checked before it is decoded, turned upright, small, and without a word about where it was taken.

What comes out was drawn anew from its pixels: nothing a hostile file carried beside them survives.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from bot.errors import BadInput

FORMATS = ("JPEG", "PNG", "WEBP")
"""What phones send. Pillow tries only these decoders, so SVG, PDF, TIFF, EPS and the rest are never opened."""
MOST_BYTES = 10 * 2**20
"""The largest picture WeChat takes (https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia.html)."""
MOST_PIXELS = 60_000_000
"""Read from the header: beyond it nothing is decoded. The largest phone photo has 50 million."""
LONGEST = 2000
"""Pixels of the longer side: the small print of a 户口簿 page can still be read."""
KEPT_BYTES = 500_000
_SMALLEST = 100
"""Pixels of the shorter side below which no paper can be read."""
_QUALITIES = (85, 75, 65, 55)
_SHARP = 0.055
"""Below this the edges are too soft to read small print; see `sharpness`. Found on drawn cards and pages, blurred step by
step: their text could be read down to 0.08 and no more at 0.03."""
_TILE, _EXAMINED = 64, 1024


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes
    """A JPEG of at most KEPT_BYTES without any metadata."""
    width: int
    height: int
    blurred: bool


def settle(content: bytes) -> Picture:
    """The photo as it is kept. Raises BadInput when it is no photo, or one that must not be decoded."""
    image = _opened(content)
    blurred = min(image.size) < _SMALLEST or sharpness(image) < _SHARP
    kept, image = _small(image)
    return Picture(kept, image.width, image.height, blurred)


def _opened(content: bytes) -> Image.Image:
    if len(content) > MOST_BYTES:
        raise BadInput("the picture is larger than 10 MB; send a smaller one")
    try:
        with warnings.catch_warnings():
            # Pillow warns of a bomb, or refuses it, before it decodes; our own bound is lower than its warning.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=FORMATS)
    except Exception as error:
        # A decoder fails in as many ways as there are broken files: OSError, SyntaxError, struct.error, ValueError …
        raise BadInput("this is no JPEG, PNG or WebP picture; send a photo") from error
    if image.width * image.height > MOST_PIXELS:
        raise BadInput("the picture has more than 60 million pixels; send an ordinary photo")
    try:
        image.draft("RGB", (LONGEST, LONGEST))
        image.load()
        return _flat(ImageOps.exif_transpose(image))
    except Exception as error:
        raise BadInput("the picture is broken and cannot be opened; take it again") from error


def _flat(image: Image.Image) -> Image.Image:
    """RGB on white paper, no longer than LONGEST."""
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    if image.mode.startswith("I"):
        # 16 bits a pixel: converting would cut them off, not scale them.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("P", "PA", "LA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    return image.convert("RGB")


def _small(image: Image.Image) -> tuple[bytes, Image.Image]:
    while True:
        bare = Image.fromarray(np.asarray(image))  # pixels and nothing else
        for quality in _QUALITIES:
            buffer = io.BytesIO()
            bare.save(buffer, "JPEG", quality=quality, optimize=True)
            if buffer.tell() <= KEPT_BYTES:
                return buffer.getvalue(), bare
        image = image.resize((max(1, image.width * 4 // 5), max(1, image.height * 4 // 5)), Image.Resampling.LANCZOS)


def sharpness(image: Image.Image) -> float:
    """How quickly the tone changes where there is something to see: the variance of the Laplacian over that of the tone,
    in the tiles that hold edges. Free of scale and of the light; 0 for an empty page."""
    grey = image.convert("L")
    grey.thumbnail((_EXAMINED, _EXAMINED), Image.Resampling.BILINEAR)
    tone = np.asarray(grey, dtype=np.float32)
    if min(tone.shape) < 3:
        return 0.0
    # Grain is a quick change of tone, too: a mean over 3 × 3 takes it out and leaves strokes.
    tone = _smoothed(tone)
    if min(tone.shape) < 3:
        return 0.0
    around = tone[:-2, 1:-1] + tone[2:, 1:-1] + tone[1:-1, :-2] + tone[1:-1, 2:]
    edges, tone = around - 4 * tone[1:-1, 1:-1], tone[1:-1, 1:-1]
    found = [
        float(edges[y : y + _TILE, x : x + _TILE].var() / tone[y : y + _TILE, x : x + _TILE].var())
        for y in range(0, tone.shape[0], _TILE)
        for x in range(0, tone.shape[1], _TILE)
        if tone[y : y + _TILE, x : x + _TILE].std() > 8
    ]
    return float(np.percentile(found, 75)) if found else 0.0


def _smoothed(tone: np.ndarray[Any, np.dtype[np.float32]]) -> np.ndarray[Any, np.dtype[np.float32]]:
    high, wide = tone.shape[0] - 2, tone.shape[1] - 2
    total = np.zeros((high, wide), dtype=np.float32)
    for y in range(3):
        for x in range(3):
            total += tone[y : y + high, x : x + wide]
    return total / np.float32(9)
