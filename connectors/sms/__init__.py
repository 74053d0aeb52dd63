"""Text messages by the office's own gateway: docs/notices.md is the contract."""
