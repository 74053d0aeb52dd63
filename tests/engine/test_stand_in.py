"""Rasa runs without TensorFlow's family and foreign SDKs: an import hook answers for them, and only for them."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from bot.engine import stand_in


def test_rasa_is_running_on_it_here() -> None:
    importlib.import_module("rasa.core.agent")
    assert stand_in.is_stand_in(sys.modules["tensorflow"])
    assert stand_in.is_stand_in(sys.modules["boto3"])


@pytest.mark.parametrize("name", sorted(stand_in.NAMES))
def test_every_name_answers_and_so_does_all_below_it(name: str) -> None:
    assert stand_in.is_stand_in(importlib.import_module(name))
    assert stand_in.is_stand_in(importlib.import_module(f"{name}.something.deep"))


def test_the_real_neighbour_of_a_stood_in_package_stays_real() -> None:
    message = importlib.import_module("google.protobuf.message")
    assert not stand_in.is_stand_in(message)
    assert issubclass(message.Message, object)


def test_an_attribute_can_be_subclassed_called_decorated_with_annotated_and_indexed() -> None:
    tf = importlib.import_module("tensorflow")

    class Model(tf.keras.Model):
        def weigh(self, by: tf.Tensor | None = None) -> str:
            return "mine"

    @tf.function
    def plain() -> str:
        return "mine"

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int64)])
    def configured() -> str:
        return "mine"

    assert Model("any", thing=1).weigh() == plain() == configured() == "mine"
    assert isinstance(tf.Tensor[int], type)
    assert list(tf.config.list_physical_devices) == []


def test_an_error_of_theirs_can_stand_in_an_except_clause() -> None:
    errors = importlib.import_module("pymongo.errors")
    with pytest.raises(ZeroDivisionError):
        try:
            raise ZeroDivisionError
        except errors.ConnectionFailure:
            pytest.fail("nothing of theirs is ever raised")


def test_installing_twice_leaves_one_hook() -> None:
    stand_in.install()
    assert sum(isinstance(finder, stand_in.StandIn) for finder in sys.meta_path) == 1


@pytest.mark.proof
def test_an_operator_sees_no_deprecations_of_third_parties() -> None:
    """Sanic switches them on for the whole process, when it is imported."""
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "import bot.engine, rasa.core.agent"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert told.stderr == ""
