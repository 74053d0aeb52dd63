"""Runs actions inside the engine: no second process, no HTTP, and an error ends the turn instead of an empty reply."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import ActionExecutionRejection
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as SdkRejection

from bot.errors import BadInput


class InProcessActions(EndpointConfig):
    """Rasa's action endpoint whose request is a function call; the contract of both sides stays the same."""

    def __init__(self, executor: ActionExecutor) -> None:
        super().__init__("in-process", enable_selective_domain=True)
        self._executor = executor

    async def request(self, method: str = "post", *args: Any, json: Any = None, **kwargs: Any) -> Any:
        try:
            return await self._executor.run(json)
        except SdkRejection as rejection:
            raise ActionExecutionRejection(rejection.action_name, rejection.message) from rejection


def from_package(package: str) -> InProcessActions:
    """All actions of a package (`actions`)."""
    executor = ActionExecutor()
    try:
        executor.register_package(package)
    except SystemExit as error:  # the SDK's loader ends the process when a module cannot be imported
        raise BadInput(f"the package {package!r} cannot be imported; mend the module named in the log above") from error
    return InProcessActions(executor)
