"""The paths of optimisers as libraries compute them.

Libraries differ from textbooks in where eps stands, where sums start, how momentum meets the step
size and what weight decay does. Sources: torch 2.13 (torch.optim), keras 3.15, optax 0.2.8,
scikit-learn 1.9; findings/optimizer-rules.sh holds the same formulas against these libraries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

Array = np.ndarray[Any, Any]
EpsAt = Literal["inside", "outside", "uncorrected"]


@dataclass(frozen=True)
class Descent:
    """The run of an optimiser.

    gradient(t, x): (d,), the gradient of step t = 0, 1, ... at x. start: (d,). step_sizes:
    (steps,). beta weighs the mean of the gradients (or is the momentum), beta2 that of squares.
    """

    gradient: Callable[[int, Array], Array]
    start: Array
    step_sizes: Array
    beta: float = 0.0
    beta2: float = 0.0
    eps: float = 0.0

    def with_penalty(self, c: float) -> Descent:
        """The same with c x added to each gradient, as torch's weight_decay does."""
        return replace(self, gradient=lambda t, x: self.gradient(t, x) + c * x)

    def walk(self, move: Callable[[int, float, Array, Array], Array]) -> Array:
        """The path (steps + 1, d) of x - move(t, step size, x, gradient)."""
        path = [np.asarray(self.start, float)]
        for t, size in enumerate(self.step_sizes):
            x = path[-1]
            path.append(x - move(t, float(size), x, self.gradient(t, x)))
        return np.array(path)


def momentum_path(
    d: Descent,
    mu: float,
    *,
    dampening: float = 0.0,
    nesterov: bool = False,
    in_step: bool = False,
    debiased: bool = False,
    shrink: float = 0.0,
) -> Array:
    """SGD with momentum: torch's, or keras's with `in_step`, whose velocity holds the step size.

    debiased: optax's ema of the gradients, divided by 1 - mu^t. shrink: decoupled weight decay.
    """
    v = np.zeros(len(d.start))

    def move(t: int, size: float, x: Array, g: Array) -> Array:
        nonlocal v
        if in_step:
            v = mu * v + size * g
            return size * shrink * x + (mu * v + size * g if nesterov else v)
        if debiased:
            v = mu * v + (1 - mu) * g
            return size * (shrink * x + v / (1 - mu ** (t + 1)))
        v = g if t == 0 else mu * v + (1 - dampening) * g
        return size * (shrink * x + (g + mu * v if nesterov else v))

    return d.walk(move)


def _over(g: Array, v: Array, eps: float, outside: bool) -> Array:
    return g / (np.sqrt(v) + eps) if outside else g / np.sqrt(v + eps)


def adagrad_path(
    d: Descent,
    *,
    outside: bool = False,
    start: float = 0.0,
    lr_decay: float = 0.0,
    shrink: float = 0.0,
) -> Array:
    """AdaGrad: eps outside the root and lr_decay are torch's, a start of 0.1 is keras's."""
    v = np.full(len(d.start), start)

    def move(t: int, size: float, x: Array, g: Array) -> Array:
        nonlocal v
        v = v + g**2
        return size * shrink * x + size / (1 + lr_decay * t) * _over(g, v, d.eps, outside)

    return d.walk(move)


def rmsprop_path(
    d: Descent,
    *,
    outside: bool = False,
    start: float = 0.0,
    centred: bool = False,
    momentum: float = 0.0,
    shrink: float = 0.0,
    beta: float | None = None,
) -> Array:
    """RMSProp: eps outside the root is torch's; centred and momentum as in torch, keras, optax."""
    weight = d.beta if beta is None else beta
    v, mean, moved = np.full(len(d.start), start), np.zeros(len(d.start)), np.zeros(len(d.start))

    def move(t: int, size: float, x: Array, g: Array) -> Array:
        nonlocal v, mean, moved
        v, mean = weight * v + (1 - weight) * g**2, weight * mean + (1 - weight) * g
        moved = momentum * moved + size * _over(g, v - mean**2 if centred else v, d.eps, outside)
        return size * shrink * x + moved

    return d.walk(move)


def adam_path(
    d: Descent,
    *,
    eps_at: EpsAt = "inside",
    corrected: bool = True,
    amsgrad: Literal["torch", "optax", None] = None,
    nadam: Literal["torch", "keras", "optax", None] = None,
    shrink: float = 0.0,
) -> Array:
    """Adam: eps outside the corrected root is torch's and optax's, outside the uncorrected keras's.

    amsgrad: the largest v (torch, keras) or the largest vhat so far (optax). nadam: how beta
    rises with t. shrink: AdamW's decay.
    """
    m, v, most, product = (
        np.zeros(len(d.start)),
        np.zeros(len(d.start)),
        np.zeros(len(d.start)),
        1.0,
    )

    def move(t: int, size: float, x: Array, g: Array) -> Array:
        nonlocal m, v, most, product
        m, v = d.beta * m + (1 - d.beta) * g, d.beta2 * v + (1 - d.beta2) * g**2
        last = 1 - d.beta2 ** (t + 1) if corrected else 1.0
        most = np.maximum(most, v / last if amsgrad == "optax" else v)
        square = v / last if amsgrad is None else most / (1.0 if amsgrad == "optax" else last)
        first = m / (1 - d.beta ** (t + 1) if corrected else 1.0)
        if nadam == "optax":
            first = d.beta * m / (1 - d.beta ** (t + 2)) + (1 - d.beta) * g / (
                1 - d.beta ** (t + 1)
            )
        elif nadam is not None:
            power = 0.004 if nadam == "torch" else 1.0
            now, after = (d.beta * (1 - 0.5 * 0.96 ** (power * n)) for n in (t + 1, t + 2))
            product *= now
            first = after * m / (1 - product * after) + (1 - now) * g / (1 - product)
        if eps_at == "uncorrected":
            step = first / (np.sqrt(square) + d.eps / np.sqrt(last))
        else:
            step = _over(first, square, d.eps, eps_at == "outside")
        moved: Array = size * (shrink * x + step)
        return moved

    return d.walk(move)
