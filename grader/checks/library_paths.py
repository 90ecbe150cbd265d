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
Constant = float | Array
EpsAt = Literal["inside", "outside", "uncorrected"]
RADAM_LEAST = 5.0  # squares that torch and optax want to have seen


@dataclass(frozen=True)
class Descent:
    """The run of an optimiser, or several at once that differ in a constant.

    gradient(t, x): the gradients of step t = 0, 1, ... at x, (d,) or a row for each run (runs, d).
    start: (d,). step_sizes: (steps,). beta weighs the mean of the gradients (or is the momentum),
    beta2 that of squares. A constant of a rule is a number, or (runs, 1) for several runs.
    """

    gradient: Callable[[int, Array], Array]
    start: Array
    step_sizes: Array
    beta: float = 0.0
    beta2: float = 0.0
    eps: float = 0.0

    def with_penalty(self, c: Constant) -> Descent:
        """The same with c x added to each gradient, as torch's weight_decay does."""
        return replace(self, gradient=lambda t, x: self.gradient(t, x) + c * x)

    def with_short_gradients(self, most: Constant) -> Descent:
        """The same with each gradient shortened to the length `most`, as keras's clipnorm does."""

        def gradient(t: int, x: Array) -> Array:
            g = self.gradient(t, x)
            length = np.linalg.norm(g, axis=-1, keepdims=True)
            shorter: Array = g * np.minimum(1.0, most / np.maximum(length, 1e-300))
            return shorter

        return replace(self, gradient=gradient)

    def with_small_gradients(self, most: Constant) -> Descent:
        """The same with each entry of a gradient cut at +-most, as keras's clipvalue does."""
        return replace(self, gradient=lambda t, x: np.clip(self.gradient(t, x), -most, most))

    def walk(self, move: Callable[[int, float, Array, Array], Array]) -> Array:
        """The path of x - move(t, step size, x, gradient), (steps + 1, [runs,] d)."""
        path = [np.asarray(self.start, float)]
        for t, size in enumerate(self.step_sizes):
            x = path[-1]
            path.append(x - move(t, float(size), x, self.gradient(t, x)))
        return np.array(path if path[-1].ndim == 1 else np.broadcast_arrays(*path))


def momentum_path(
    d: Descent,
    mu: Constant,
    *,
    dampening: Constant = 0.0,
    nesterov: bool = False,
    in_step: bool = False,
    debiased: bool = False,
    shrink: Constant = 0.0,
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
    start: Constant = 0.0,
    lr_decay: Constant = 0.0,
    shrink: Constant = 0.0,
) -> Array:
    """AdaGrad: eps outside the root and lr_decay are torch's, a start of 0.1 is keras's."""
    v = np.zeros(len(d.start)) + start

    def move(t: int, size: float, x: Array, g: Array) -> Array:
        nonlocal v
        v = v + g**2
        return size * shrink * x + size / (1 + lr_decay * t) * _over(g, v, d.eps, outside)

    return d.walk(move)


def rmsprop_path(
    d: Descent,
    *,
    outside: bool = False,
    start: Constant = 0.0,
    centred: bool = False,
    momentum: Constant = 0.0,
    shrink: Constant = 0.0,
    beta: Constant | None = None,
) -> Array:
    """RMSProp: eps outside the root is torch's; centred and momentum as in torch, keras, optax."""
    weight = d.beta if beta is None else beta
    nothing = np.zeros(len(d.start))
    v, mean, moved = nothing + start, nothing, nothing

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
    shrink: Constant = 0.0,
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


def adamax_path(d: Descent, *, eps_outside: bool = False) -> Array:
    """Adamax: eps beside |g| in the maximum (torch, optax), or beside the maximum (keras)."""
    m, u = np.zeros(len(d.start)), np.zeros(len(d.start))

    def move(t: int, size: float, x: Array, g: Array) -> Array:
        nonlocal m, u
        m = d.beta * m + (1 - d.beta) * g
        u = np.maximum(d.beta2 * u, np.abs(g) + (0.0 if eps_outside else d.eps))
        moved: Array = size * m / (1 - d.beta ** (t + 1)) / (u + (d.eps if eps_outside else 0.0))
        return moved

    return d.walk(move)


def radam_path(d: Descent, *, eps_at: EpsAt = "inside") -> Array:
    """RAdam: Adam where enough squares were seen, the mean of the gradients before.

    eps stands beside the uncorrected root in torch, outside the corrected one in optax.
    """
    m, v, longest = np.zeros(len(d.start)), np.zeros(len(d.start)), 2 / (1 - d.beta2) - 1

    def move(t: int, size: float, x: Array, g: Array) -> Array:
        nonlocal m, v
        m, v = d.beta * m + (1 - d.beta) * g, d.beta2 * v + (1 - d.beta2) * g**2
        power = d.beta2 ** (t + 1)
        first: Array = size * m / (1 - d.beta ** (t + 1))
        long = longest - 2 * (t + 1) * power / (1 - power)
        if long <= RADAM_LEAST:
            return first
        part = (long - 4) * (long - 2) * longest / ((longest - 4) * (longest - 2) * long)
        eps = d.eps / np.sqrt(1 - power) if eps_at == "uncorrected" else d.eps
        moved: Array = np.sqrt(part) * _over(first, v / (1 - power), eps, eps_at != "inside")
        return moved

    return d.walk(move)


def adabelief_path(d: Descent, *, outside: bool = True) -> Array:
    """AdaBelief, as in optax with eps_root = 0: v is the mean of (g - m)^2."""
    m, v = np.zeros(len(d.start)), np.zeros(len(d.start))

    def move(t: int, size: float, x: Array, g: Array) -> Array:
        nonlocal m, v
        m = d.beta * m + (1 - d.beta) * g
        v = d.beta2 * v + (1 - d.beta2) * (g - m) ** 2
        first, square = m / (1 - d.beta ** (t + 1)), v / (1 - d.beta2 ** (t + 1))
        moved: Array = size * _over(first, square, d.eps, outside)
        return moved

    return d.walk(move)


def lion_path(d: Descent) -> Array:
    """Lion, as in keras and optax: the sign of one mean, which beta weighs; beta2 keeps another."""
    m = np.zeros(len(d.start))

    def move(t: int, size: float, x: Array, g: Array) -> Array:
        nonlocal m
        towards = np.sign(d.beta * m + (1 - d.beta) * g)
        m = d.beta2 * m + (1 - d.beta2) * g
        moved: Array = size * towards
        return moved

    return d.walk(move)


def adadelta_path(d: Descent) -> Array:
    """Adadelta, as in torch, keras and optax: earlier moves scale the step, too."""
    v, moves = np.zeros(len(d.start)), np.zeros(len(d.start))

    def move(t: int, size: float, x: Array, g: Array) -> Array:
        nonlocal v, moves
        v = d.beta * v + (1 - d.beta) * g**2
        step = g * np.sqrt(moves + d.eps) / np.sqrt(v + d.eps)
        moves = d.beta * moves + (1 - d.beta) * step**2
        moved: Array = size * step
        return moved

    return d.walk(move)
