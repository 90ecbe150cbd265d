"""The check library for networks, on the reference: scales, slopes, paths, own errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from grader.checks.network import (
    blocks_of,
    follow_epochs,
    gradient_contributions,
    own_gradient_error,
    read_network,
    slope_used,
)
from grader.course.course import find_course
from grader.engine.context import import_reference
from grader.errors import CheckFailed


@pytest.fixture(scope="module")
def ref():
    return import_reference(find_course(Path(__file__).parents[3]).assignment("backprop"))


@pytest.fixture
def probe(ref):
    rng = np.random.default_rng(5)
    params = [(W, rng.normal(size=b.shape)) for W, b in ref.init_params([6, 5, 3], 2)]
    return params, rng.normal(size=(4, 6)), np.array([0, 2, 1, 2])


class Student:
    """Functions that answer many calls at once, as a submission's do."""

    def __init__(self, loss, backprop):
        self.loss, self.backprop = Many(loss), backprop


class Many:
    def __init__(self, function):
        self.function = function

    def map(self, calls):
        return [self.function(*args) for args in calls]


@pytest.mark.parametrize("name", ["linear", "sigmoid", "tanh", "relu"])
def test_contributions_bound_the_gradient(ref, probe, name):
    params, X, y = probe
    inputs, pre = ref._propagate(params, X, name)
    slopes = [ref.activation_gradient(name, a) for a in pre[:-1]]
    sizes = gradient_contributions(params, inputs, slopes, ref._softmax(pre[-1]), y, 0.3)
    exact = [block for layer in ref.backprop(params, X, y, name, 0.3) for block in layer]
    for block, size in zip(exact, sizes, strict=True):
        assert block.shape == size.shape
        assert np.all(np.abs(block) <= size * (1 + 1e-12))


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu"])
def test_slope_used_is_recovered(ref, probe, name):
    params, X, y = probe
    inputs, pre = ref._propagate(params, X, name)
    blocks = [block for layer in ref.backprop(params, X, y, name, 0.0) for block in layer]
    used = slope_used(blocks, params, inputs)
    assert np.abs(used - ref.activation_gradient(name, pre[0])).max() < 1e-8


def test_no_slope_where_the_gradient_has_another_form(ref, probe):
    params, X, y = probe
    inputs, _ = ref._propagate(params, X, "tanh")
    blocks = [block for layer in ref.backprop(params, X, y, "tanh", 0.0) for block in layer]
    assert slope_used([blocks[0], 2 * blocks[1], *blocks[2:]], params, inputs) is None
    assert slope_used(["text", None, 1, []], params, inputs) is None


def test_own_error_is_that_of_the_definition(ref, probe):
    params, X, y = probe
    own = own_gradient_error(Student(ref.loss, ref.backprop), params, (X, y, "tanh", 0.1), 0.2)
    assert own.value == pytest.approx(ref.gradient_error(params, X, y, "tanh", 0.1, 0.2), rel=1e-9)
    assert own.value <= own.most
    assert own.noise < 1e-9


def test_follow_epochs_tells_the_way_that_was_taken():
    ways = [1.0, 2.0, 4.0]
    taken = [2, 0, 1, 1]
    history = np.array([0.0, *np.cumsum([ways[i] for i in taken])])
    found = follow_epochs(history, 0.0, lambda x: [x + w for w in ways], lambda x: x, low=1e-6)
    assert [run.choices for run in found] == [(2, 0, 1, 1)]
    assert found[0].end == history[-1]
    history[2] += 0.5
    assert not follow_epochs(history, 0.0, lambda x: [x + w for w in ways], float, low=1e-6)


@pytest.mark.parametrize(
    "value", [None, 3.0, [], [1, 2], [[1.0], [2.0]], np.zeros((2, 3)), {"W": 1}, "ab"]
)
def test_what_is_no_network_is_told(value):
    with pytest.raises(CheckFailed):
        read_network(value, [(2, 3), (4, 2)], "params")


def test_layers_may_be_lists_tuples_or_arrays():
    layers = ([np.zeros((2, 3)).tolist(), (0.0, 0.0)], (np.ones((4, 2)), np.ones(4)))
    assert len(blocks_of(layers, 2, "params")) == 4
    read = read_network(layers, [(2, 3), (4, 2)], "params")
    assert [block.shape for layer in read for block in layer] == [(2, 3), (2,), (4, 2), (4,)]
