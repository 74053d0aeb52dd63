"""The door of the office's own system: cases leave as signed packages, and what became of them comes back."""

from connectors.office.app import mount_office

__all__ = ["mount_office"]
