"""The bureau's own app, its site and its page: an API of ours, and Rasa's two web conventions for widgets that exist."""

from connectors.app.channel import App
from connectors.app.mounting import mount_app
from connectors.app.settings import AppSettings

__all__ = ["App", "AppSettings", "mount_app"]
