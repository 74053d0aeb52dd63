"""What runs inside Rasa. Importing this package prepares the process for Rasa, so that Rasa is never imported bare.

Telemetry is off before Rasa could look, the stand-in answers for packages that are not installed, structlog, whose
default prints residents' words at debug level, is quiet, and no library changes which warnings are shown.
"""

import os
import warnings

from bot.engine import quiet, stand_in

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
# Rasa's training cache keys on a component's own file only, so a change beside it would serve a stale model.
os.environ.setdefault("RASA_MAX_CACHE_SIZE", "0")
# Set before any OpenMP library is loaded: its threads wait for each other by spinning, which a busy machine pays for.
os.environ.setdefault("OMP_NUM_THREADS", "1")
stand_in.install()
with warnings.catch_warnings():
    # Sanic switches deprecations on for the whole process; here it is loaded first, and its switch is put back.
    import sanic.app  # noqa: F401
quiet.configure()
