"""Judge a multilayer network: its layers, the gradient of its loss, the path of its training.

A network is a list of layers (W, b) with W (out, in) and b (out,), and its gradient a list of
(dW, db). "Blocks" are the arrays of such a list in one row: W1, b1, W2, b2, ...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from grader.checks.compare import Floats, array, number, sequence

Layers = list[tuple[Floats, Floats]]
P = TypeVar("P")


class Network(Protocol):
    """The student's functions that `own_gradient_error` calls."""

    @property
    def loss(self) -> Any: ...

    @property
    def backprop(self) -> Any: ...


def blocks_of(
    value: object, count: int, name: str, parts: tuple[str, str] = ("W", "b")
) -> list[Any]:
    """The 2 `count` blocks of what a student returned as a list of layers, not looked at.

    parts: the names of the two blocks of a layer. Raises CheckFailed if it is not such a list.
    """
    blocks: list[Any] = []
    for k, layer in enumerate(sequence(value, count, name), start=1):
        blocks += sequence(layer, 2, f"layer {k} of {name}, ({parts[0]}, {parts[1]})")
    return blocks


def block_names(count: int, parts: tuple[str, str] = ("W", "b")) -> list[str]:
    """What the blocks of `count` layers are called in messages."""
    return [f"{part} of layer {k}" for k in range(1, count + 1) for part in parts]


def read_network(value: object, shapes: Sequence[tuple[int, int]], name: str) -> Layers:
    """`value` as a network whose W have the `shapes` (out, in). Raises CheckFailed."""
    blocks = blocks_of(value, len(shapes), name)
    names = block_names(len(shapes))
    layers = []
    for k, (out, fan_in) in enumerate(shapes):
        W = array(blocks[2 * k], names[2 * k], shape=(out, fan_in))
        b = array(blocks[2 * k + 1], names[2 * k + 1], shape=(out,))
        layers.append((W, b))
    return layers


def gradient_contributions(
    params: Layers,
    inputs: Sequence[Floats],
    slopes: Sequence[Floats],
    probabilities: Floats,
    y: Any,
    lam: float,
) -> list[Floats]:
    """What is added up, in absolute value, to each entry of the gradient, block by block.

    The backward pass with the sign taken off everything: the derivative at the output, the
    weights, the inputs, the slopes. Rounding grows with these sums and not with the gradient.

    inputs: of each layer, (n, in). slopes: g'(A) of each hidden layer, (n, out).
    probabilities: (n, k). lam: of the penalty lam ||W||^2.
    """
    n = len(probabilities)
    delta = np.array(probabilities, dtype=np.float64)
    delta[np.arange(n), y] += 1
    delta /= n
    blocks: list[Floats] = []
    for k in reversed(range(len(params))):
        W = np.abs(params[k][0])
        blocks[:0] = [delta.T @ np.abs(inputs[k]) + 2 * lam * W, delta.sum(axis=0)]
        if k > 0:
            delta = (delta @ W) * np.abs(slopes[k - 1])
    return blocks


def slope_used(blocks: Sequence[object], params: Layers, inputs: Sequence[Floats]) -> Floats | None:
    """The activation derivative that a gradient of a network with one hidden layer was made with.

    Two linear systems give it back: dW2 = E' H and dW1 = D' X with D = (E W2) * slope, where the
    rows of E and D belong to the examples. Solvable with a penalty of 0 and no more examples than
    features or hidden units. Returns (n, hidden), or None if the gradient is not of this form.

    blocks: dW1, db1, dW2, db2 as the student returned them. inputs: X and H.
    """
    X, H = inputs
    try:
        dW1, db1, dW2, db2 = (np.asarray(block, dtype=np.float64) for block in blocks)
    except (ValueError, TypeError):
        return None
    W2 = params[1][0]
    fits = dW1.shape == params[0][0].shape and dW2.shape == W2.shape
    if not fits or not all(np.isfinite(block).all() for block in (dW1, db1, dW2, db2)):
        return None
    E = (dW2 @ np.linalg.pinv(H)).T
    D = (dW1 @ np.linalg.pinv(X)).T
    if not (_close(D.T @ X, dW1) and _close(E.T @ H, dW2)):
        return None
    if not (_close(D.sum(axis=0), db1) and _close(E.sum(axis=0), db2)):
        return None
    with np.errstate(all="ignore"):
        slope = D / (E @ W2)
    return slope if np.isfinite(slope).all() else None


def _close(got: Floats, expected: Floats) -> bool:
    if got.shape != expected.shape:
        return False
    size = max(float(np.abs(expected).max(initial=0.0)), 1e-300)
    return bool(np.abs(got - expected).max(initial=0.0) <= 1e-7 * size)


@dataclass(frozen=True)
class OwnError:
    """How far a student's gradient is from the slopes of the student's own loss.

    value: the largest |a - n| / max(|a| + |n|, 1e-8). most: the largest value of any usual
    reading of "relative". noise: by how much rounding alone can move it.
    """

    value: float
    most: float
    noise: float


def own_gradient_error(
    student: Network, params: Layers, rest: tuple[Any, ...], eps: float
) -> OwnError:
    """Compute from the student's `backprop` and `loss` what their gradient check should say.

    rest: the arguments of both after params. eps: the step of the central difference.
    """
    count = len(params)
    raw = blocks_of(student.backprop(params, *rest), count, "backprop(...)", ("dW", "db"))
    points = [block for layer in params for block in layer]
    calls = []
    for b, block in enumerate(points):
        for place in np.ndindex(block.shape):
            for step in (eps, -eps):
                moved = [point.copy() for point in points]
                moved[b][place] += step
                calls.append(([(moved[2 * k], moved[2 * k + 1]) for k in range(count)], *rest))
    values = np.array([number(v, "loss(...)") for v in student.loss.map(calls)])
    n = (values[::2] - values[1::2]) / (2 * eps)
    names = block_names(count, ("dW", "db"))
    a = np.concatenate(
        [
            array(block, name, shape=point.shape).ravel()
            for block, name, point in zip(raw, names, points, strict=True)
        ]
    )
    gaps, sizes = np.abs(a - n), np.maximum(np.abs(a) + np.abs(n), 1e-8)
    with np.errstate(over="ignore"):
        narrow = bool(np.all(values.astype(np.float32) == values))
    rounding = 8 * (2.0**-23 if narrow else 2.0**-52) * float(np.abs(values).max()) / eps
    # |a| + |n|, half of it, the larger of the two, either alone.
    readings = [sizes / 2, *(np.maximum(by, 1e-8) for by in (np.abs(a), np.abs(n)))]
    return OwnError(
        float((gaps / sizes).max()),
        float(max((gaps / by).max() for by in readings)),
        float((rounding / sizes).max()),
    )


@dataclass(frozen=True)
class TrainingPath(Generic[P]):
    """A training run that was explained: which choice each epoch made, and where it ended."""

    choices: tuple[int, ...]
    end: P


def follow_epochs(
    history: Floats,
    start: P,
    ways: Callable[[P], Sequence[P]],
    value: Callable[[P], float],
    *,
    low: float,
    most: int = 8,
) -> list[TrainingPath[P]]:
    """Explain a history of losses as a path on which every epoch goes one of a few ways.

    Students draw different random orders. With few examples the orders fall into few classes that
    lead to different parameters, so that the loss after an epoch tells which one it was.

    start: the parameters. ways: the parameters to which one epoch can lead. value: the loss.
    low: by how much a loss may be off, relative to itself. most: where ways are too much alike to
    tell them apart, so many paths are followed at once.
    Returns the paths that explain every loss, the closest first; none where there is none.
    """
    paths: list[tuple[float, TrainingPath[P]]] = [(0.0, TrainingPath((), start))]
    for wanted in history[1:]:
        longer = []
        for off, path in paths:
            for choice, point in enumerate(ways(path.end)):
                error = abs(value(point) - wanted) / max(abs(wanted), 1e-300)
                if error <= low:
                    longer.append((max(off, error), TrainingPath((*path.choices, choice), point)))
        paths = sorted(longer, key=lambda found: found[0])[:most]
    return [path for _, path in paths]
