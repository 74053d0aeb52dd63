"""Fixtures that several suites share."""

pytest_plugins = ["tests.databases", "tests.canary", "tests.sharing", "tests.deploy.nginx"]
