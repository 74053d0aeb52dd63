"""WeChat, a mini program and Weibo, simulated: to develop, demonstrate and test against, with no account and no network."""

from connectors.sandbox.app import PLATFORM, PLATFORMS, Simulated, build_sandbox, mount_phones, mount_sandbox
from connectors.sandbox.deliveries import Delivered
from connectors.sandbox.injected import LineFault, Prepared
from connectors.sandbox.platform import Platform
from connectors.sandbox.screen import FAULT, Option, Shown
from connectors.sandbox.settings import Form, MenuButton, Mode, Phone, SandboxSettings

__all__ = [
    "FAULT",
    "PLATFORM",
    "PLATFORMS",
    "Delivered",
    "Form",
    "LineFault",
    "MenuButton",
    "Mode",
    "Option",
    "Phone",
    "Platform",
    "Prepared",
    "SandboxSettings",
    "Shown",
    "Simulated",
    "build_sandbox",
    "mount_phones",
    "mount_sandbox",
]
