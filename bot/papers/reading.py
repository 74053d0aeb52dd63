"""Reads the print on a photo with RapidOCR: its models come inside the wheel, nothing is fetched, nothing leaves.

Only the child process of `room` imports this: the models take 200 MB.
"""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from PIL import Image

from bot.papers.card import Line

_THREADS = 2
_LONGEST, _SEARCHED = 1600, 960
"""Pixels of the longer side: of what is read, and of what is searched for lines. At 2,000 for both a card took four times
the time and 900 MB, and nothing more was read."""


class Reader:
    """Opens its models when it first reads."""

    def __init__(self) -> None:
        self._engine: Any = None

    def lines(self, image: Image.Image) -> list[Line]:
        """The runs of characters on the photo, wherever they are and however they lie."""
        if self._engine is None:
            self._engine = _engine()
        image = image.convert("RGB")
        image.thumbnail((_LONGEST, _LONGEST))
        boxes, lines = self._read(image)
        if _lies(boxes):
            # Taken with the phone on its side: what is left of it may be upside down, and that can be read.
            _, lines = self._read(image.transpose(Image.Transpose.ROTATE_90))
        return lines

    def _read(self, image: Image.Image) -> tuple[list[Any], list[Line]]:
        # RapidOCR works in the order of colours of OpenCV.
        result = self._engine(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]))
        if result.boxes is None:
            return [], []
        return list(result.boxes), [
            _line(box, text, sure) for box, text, sure in zip(result.boxes, result.txts, result.scores, strict=True)
        ]


def _lies(boxes: list[Any]) -> bool:
    """Whether most of what is written runs up or down."""
    sides = [np.ptp(box, axis=0) for box in boxes]
    tall = sum(float(high) for wide, high in sides if high > 1.5 * wide)
    return tall > sum(float(wide) for wide, high in sides if high <= 1.5 * wide)


def _engine() -> Any:
    import onnxruntime
    from rapidocr import RapidOCR

    onnxruntime.disable_telemetry_events()
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    settings = {
        "Global.log_level": "error",
        "Det.limit_type": "max",
        "Det.limit_side_len": _SEARCHED,
        "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
        # The arena keeps the largest picture's memory for good.
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
    }
    return RapidOCR(params=settings)


def _line(box: Any, text: str, sure: float) -> Line:
    xs, ys = box[:, 0], box[:, 1]
    return Line(str(text), float(xs.mean()), float(ys.mean()), float(ys.max() - ys.min()), float(sure))
