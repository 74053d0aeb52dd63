"""A component that keeps one `Softmax` model: how it is made, kept and found again in Rasa's storage."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.desk import here
from bot.engine.nlu.encoding import vector_of
from bot.engine.nlu.softmax import Floats, Softmax
from bot.errors import BadInput


class Learnt(GraphComponent):
    FILE: ClassVar[str]
    """Where in the component's own folder the model lies."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: Softmax | None = None
    ) -> None:
        self._config, self._storage, self._resource, self._model = config, storage, resource, model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """Raises BadInput for a model that was trained with another encoder: it would answer noise."""
        with model_storage.read_from(resource) as folder:
            model = Softmax.from_bytes((folder / cls.FILE).read_bytes())
        if model.encoder != here.encoder().name:
            raise BadInput(
                f"the model was trained with the encoder {model.encoder} but this process runs {here.encoder().name}; "
                "train again (make train)"
            )
        return cls(config, model_storage, resource, model)

    def _keep(self, model: Softmax) -> Resource:
        self._model = model
        with self._storage.write_to(self._resource) as folder:
            (folder / self.FILE).write_bytes(model.to_bytes())
        return self._resource

    def _chances(self, message: Message) -> dict[str, float]:
        """Of each label, likeliest first; none for a message without words, or before training."""
        text = message.get(TEXT)
        if not text or self._model is None:
            return {}
        chances: Floats = self._model.chances(text, vector_of(message))
        return {self._model.labels[at]: float(chances[at]) for at in (-chances).argsort()}
