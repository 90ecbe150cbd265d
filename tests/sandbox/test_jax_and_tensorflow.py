"""jax and tensorflow in the jail: loaded once, forked, computing; and their values on the way out.

CI installs neither, for they are large: `pip install jax tensorflow-cpu` before this file is run.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from grader.checks import dtype_name
from grader.engine.values import narrow_float
from grader.errors import SandboxUnavailable, StudentRaised
from grader.sandbox.host.fork_server import ForkServerLauncher
from grader.sandbox.host.launch import Limits
from grader.sandbox.host.session import Session
from grader.submission.program import Part, Program

JAX = """
import sys
WARM = "jax" in sys.modules
import jax
import jax.numpy as jnp

KEPT = []

def warm(): return WARM
def gradient(w): return jax.grad(lambda w: jnp.sum(w**2))(jnp.asarray(w))
def compiled(w): return jax.jit(lambda w: w @ w.T)(w)
def half(): return jnp.ones(2, jnp.bfloat16)
def tree(): return {"W": jnp.ones((2, 2)), "b": [jnp.zeros(1)]}
def place(w): jnp.asarray(w)[0] = 1
def tracer():
    jax.jit(lambda x: KEPT.append(x) or x)(1.0)
    return KEPT[0] + 1
"""

TENSORFLOW = """
import sys
WARM = "tensorflow" in sys.modules
import keras
import tensorflow as tf

def warm(): return WARM
def gradient(w):
    w = tf.Variable(w)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(w**2)
    return tape.gradient(loss, w)
def gradient_of_rows(w):
    w = tf.Variable(w)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.gather(w, [0, 0]))
    return tape.gradient(loss, w)
@tf.function
def compiled(w): return 2 * w
@tf.function
def branches(w):
    if tf.reduce_sum(w) > 0:
        return 2 * w
    return w
def half(): return tf.ones(2, tf.bfloat16)
def sparse(): return tf.sparse.from_dense([[1, 0], [0, 2]])
def ragged(): return tf.ragged.constant([[1], [2, 3]])
def shape(w): return tf.constant(w).shape
def weights():
    model = keras.Sequential([keras.layers.Dense(2, kernel_initializer="ones")])
    model(tf.ones((1, 3)))
    return model.weights
"""

W = np.arange(6.0).reshape(2, 3)


def has(distribution: str) -> bool:
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        return bool(importlib.metadata.version(distribution))
    return False


needs_jax = pytest.mark.skipif(not has("jax"), reason="jax is not installed")
of_tensorflow = next(filter(has, ("tensorflow", "tensorflow-cpu")), None)
needs_tensorflow = pytest.mark.skipif(not of_tensorflow, reason="tensorflow is not installed")


def served(package: str, source: str, level: str) -> Iterator[Session]:
    launcher = ForkServerLauncher(level, packages=(package,), wait=False)
    try:
        launcher.expect(many=False)
        launcher.wait_ready()
    except SandboxUnavailable as exc:
        pytest.skip(f"{level} is not available here: {exc}")
    with launcher, contextlib.closing(Session(launcher, Limits())) as session:
        session.load(Program("demo", (Part("demo.py", "demo.py", source.encode()),)))
        yield session


@pytest.fixture(scope="module", params=["full", "landlock"])
def of_jax(request: pytest.FixtureRequest) -> Iterator[Session]:
    yield from served("jax", JAX, request.param)


@pytest.fixture(scope="module", params=["full", "landlock"])
def of_tf(request: pytest.FixtureRequest) -> Iterator[Session]:
    yield from served(str(of_tensorflow), TENSORFLOW, request.param)


def value_of(session: Session, name: str, *args: Any) -> Any:
    answer = session.call(name, [(args, {})], None)
    return answer.values[0]


@needs_jax
def test_arrays_of_jax_come_as_plain_arrays(of_jax: Session) -> None:
    assert value_of(of_jax, "warm") is True
    gradient = value_of(of_jax, "gradient", W)
    assert gradient.tolist() == (2 * W).tolist()
    assert dtype_name(gradient) == "jax.float32"
    assert narrow_float(gradient) is None  # what jax computes in is no mistake of the student's
    assert value_of(of_jax, "compiled", W).tolist() == (W @ W.T).tolist()
    assert dtype_name(value_of(of_jax, "half")) == "jax.bfloat16"
    tree = value_of(of_jax, "tree")
    assert tree["W"].tolist() == [[1, 1], [1, 1]]
    assert tree["b"][0].tolist() == [0]


@needs_jax
@pytest.mark.parametrize(
    ("name", "args", "told"),
    [("place", (W,), "immutable"), ("tracer", (), "UnexpectedTracerError")],
)
def test_mistakes_with_jax_are_told_in_its_words(
    of_jax: Session, name: str, args: tuple[Any, ...], told: str
) -> None:
    with pytest.raises(StudentRaised, match=told):
        value_of(of_jax, name, *args)


@needs_tensorflow
def test_values_of_tensorflow_come_as_plain_arrays(of_tf: Session) -> None:
    assert value_of(of_tf, "warm") is True
    gradient = value_of(of_tf, "gradient", W)
    assert gradient.tolist() == (2 * W).tolist()
    assert dtype_name(gradient) == "tensorflow.float64"
    assert value_of(of_tf, "gradient_of_rows", W).tolist() == [[2, 2, 2], [0, 0, 0]]
    assert value_of(of_tf, "compiled", W).tolist() == (2 * W).tolist()
    assert dtype_name(value_of(of_tf, "half")) == "tensorflow.bfloat16"
    assert value_of(of_tf, "sparse").tolist() == [[1, 0], [0, 2]]
    assert value_of(of_tf, "ragged") == [[1], [2, 3]]
    assert value_of(of_tf, "shape", W) == [2, 3]


@needs_tensorflow
@pytest.mark.parametrize("of_tf", ["full"], indirect=True)  # it writes what it generates to a file
def test_a_compiled_function_of_tensorflow_may_branch(of_tf: Session) -> None:
    assert value_of(of_tf, "branches", W).tolist() == (2 * W).tolist()


@needs_tensorflow
def test_weights_of_keras_come_as_plain_arrays(of_tf: Session) -> None:
    kernel, bias = value_of(of_tf, "weights")
    assert kernel.tolist() == [[1, 1]] * 3
    assert bias.tolist() == [0, 0]
    assert narrow_float(kernel) is None
