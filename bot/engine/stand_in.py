"""Lets Rasa be imported without the packages this product never calls: TensorFlow's family and foreign channels' SDKs.

Rasa imports them at start although no component of ours uses them: 1.9 of 3 GB installed, 3 of 9 s, 0.3 GB of
memory. `install()` answers these imports with empty modules whose every attribute is a harmless class, so it must be
called before the first `import rasa`, and nothing in this product imports Rasa without it. A real package of the
same name, if one is installed, is not used either: the engine behaves alike on every machine. Whoever wants DIET
uses `bench/stock`, which has the real TensorFlow.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

NAMES = frozenset(
    {
        *("jax", "jaxlib", "keras", "ml_dtypes", "tensorboard", "tensorflow", "tensorflow_addons"),
        *("tensorflow_estimator", "tensorflow_hub", "tensorflow_text"),
        # SDKs of channels, stores and clouds that nothing here calls; `google.protobuf` is real and stays so.
        *("aio_pika", "aiogram", "aiormq", "azure", "boto3", "botocore", "confluent_kafka", "fbmessenger"),
        *("google.auth", "google.cloud", "google.oauth2", "mattermostwrapper", "pika", "psycopg2", "pymongo"),
        *("redis", "rocketchat_API", "slack_sdk", "twilio", "webexteamssdk"),
    }
)

# Only an exception may be named in an `except` clause: a plain class there would hide the real error.
_EXCEPTION_ENDINGS = ("Error", "Exception", "Failure", "Warning", "NotFound")


class _Anything(type):
    """The class of every attribute: whatever is asked of it, it is once more something harmless."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _attribute(cls.__module__, f"{cls.__qualname__}.{name}")

    def __iter__(cls) -> Iterator[Any]:
        return iter(())

    def __or__(cls, other: Any) -> Any:
        return object

    __ror__ = __or__


class _StandIn(metaclass=_Anything):
    """Can be subclassed, called with anything, used as decorator, annotation or index."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        decorates = len(args) == 1 and not kwargs and callable(args[0]) and cls.__module__.partition(".")[0] in _ROOTS
        return args[0] if decorates else super().__new__(cls)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def __class_getitem__(cls, item: Any) -> Any:
        return cls

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return args[0] if len(args) == 1 and callable(args[0]) else self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _StandIn()


_ROOTS = frozenset(name.partition(".")[0] for name in NAMES)


def _attribute(module: str, name: str) -> type:
    bare = name.rpartition(".")[2]
    base: type = Exception if bare.endswith(_EXCEPTION_ENDINGS) else _StandIn
    return type(base)(bare, (base,), {"__module__": module, "__qualname__": name})


class _EmptyModule(ModuleType):
    """A module in which everything exists and nothing works."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        made = _attribute(self.__name__, name)
        setattr(self, name, made)
        return made


class _Empty(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _EmptyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        module.__version__ = "0.0.0+stand-in"  # type: ignore[attr-defined]  # Rasa compares versions


class StandIn(MetaPathFinder):
    """The import hook: answers for the named packages and everything below them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not any(fullname == name or fullname.startswith(name + ".") for name in NAMES):
            return None
        return ModuleSpec(fullname, _Empty(), is_package=True)


def install() -> None:
    """Answer for the named packages from now on; calling it again changes nothing."""
    if not any(isinstance(finder, StandIn) for finder in sys.meta_path):
        sys.meta_path.insert(0, StandIn())


def is_stand_in(module: ModuleType) -> bool:
    return isinstance(module, _EmptyModule)
