"""Signs and proves model files. A model archive names classes to import: opening a foreign one runs foreign code.

The signature is an HMAC over the whole file, kept beside it as `<model>.sig`; the key is this installation's own.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

from bot.errors import BadInput

_ENDING = ".sig"
_PURPOSE = b"jiuzhutong model file v1\n"


def sign(model: Path, key: bytes) -> Path:
    """Vouch for a model that was trained here; returns the signature's path."""
    beside = model.with_name(model.name + _ENDING)
    beside.write_text(_mac(model.read_bytes(), key) + "\n", encoding="ascii")
    return beside


def proved(model: Path, key: bytes) -> bytes:
    """The bytes of a model that was signed with this key and not changed since; BadInput for every other."""
    if os.getcwd() == "/":
        # Rasa's own check of archive members against path traversal is void there.
        raise BadInput("models are not opened with / as the working directory; start in the installation's folder")
    if not key:
        raise BadInput(f"no key to prove {model.name} with; set the model key, then train again")
    beside = model.with_name(model.name + _ENDING)
    if not beside.is_file():
        raise BadInput(f"{model.name} is not signed; train it here (make train) instead of copying a model in")
    content, told = model.read_bytes(), beside.read_text(encoding="ascii", errors="replace").strip()
    if not hmac.compare_digest(_mac(content, key).encode(), told.encode()):
        raise BadInput(f"{model.name} is not the file that was signed here; train again (make train)")
    return content


def newest(path: Path) -> Path:
    """The model itself, or the newest one in a folder of models."""
    if path.is_file():
        return path
    models = sorted(path.glob("*.tar.gz"), key=lambda model: (model.stat().st_mtime, model.name))
    if not models:
        raise BadInput(f"there is no model at {path}; train one first (make train)")
    return models[-1]


def _mac(content: bytes, key: bytes) -> str:
    return hmac.new(key, _PURPOSE + content, hashlib.sha256).hexdigest()
