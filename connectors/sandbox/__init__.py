"""WeChat itself, simulated: a platform to develop, demonstrate and test against, with no account and no network."""

from connectors.sandbox.app import PLATFORM, build_sandbox, mount_sandbox
from connectors.sandbox.deliveries import Delivered
from connectors.sandbox.injected import LineFault, Prepared
from connectors.sandbox.platform import Platform
from connectors.sandbox.screen import FAULT, Option, Shown
from connectors.sandbox.settings import Form, MenuButton, Mode, SandboxSettings

__all__ = [
    "FAULT",
    "PLATFORM",
    "Delivered",
    "Form",
    "LineFault",
    "MenuButton",
    "Mode",
    "Option",
    "Platform",
    "Prepared",
    "SandboxSettings",
    "Shown",
    "build_sandbox",
    "mount_sandbox",
]
