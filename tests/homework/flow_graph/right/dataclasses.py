"""Dataclasses with their comparison, under postponed annotations; kinds of box in a table."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, ClassVar

import numpy as np


@dataclass
class Box:
    children: tuple[Box, ...] = ()
    value: Any = None
    grad: Any = None

    def fprop(self) -> None:
        pass

    def bprop(self) -> None:
        pass

    def collect(self, *parts) -> None:
        for child, part in zip(self.children, parts):
            target = np.shape(child.value)
            part = np.asarray(part, dtype=np.float64)
            lead = part.ndim - len(target)
            axes = tuple(range(lead)) + tuple(
                lead + i for i, n in enumerate(target) if n == 1 and part.shape[lead + i] > 1)
            child.grad = child.grad + np.sum(part, axis=axes, keepdims=True).reshape(target)


@dataclass
class _Leaf(Box):
    def __init__(self, value):
        super().__init__((), value)


class Input(_Leaf): pass
class Parameter(_Leaf): pass


def make(name: str, rule: Callable, slopes: Callable, extra: int = 0):
    @dataclass
    class Made(Box):
        more: tuple = field(default=())

        def __init__(self, *given):
            boxes = given[:len(given) - extra]
            super().__init__(tuple(boxes))
            self.more = given[len(given) - extra:]

        def fprop(self) -> None:
            self.value = rule(*(c.value for c in self.children), *self.more)

        def bprop(self) -> None:
            self.collect(*slopes(self.grad, self.value, *(c.value for c in self.children), *self.more))

    Made.__name__ = Made.__qualname__ = name
    return Made


def log_softmax(s):
    s = s - np.max(s, axis=-1, keepdims=True)
    return s - np.log(np.sum(np.exp(s), axis=-1, keepdims=True))


Add = make("Add", np.add, lambda g, y, a, b: (g, g))
Subtract = make("Subtract", np.subtract, lambda g, y, a, b: (g, np.negative(g)))
Multiply = make("Multiply", np.multiply, lambda g, y, a, b: (g * b, g * a))
Divide = make("Divide", np.divide, lambda g, y, a, b: (g / b, -g * a / np.square(b)))
MatMul = make("MatMul", np.matmul, lambda g, y, a, b: (np.einsum("ik,jk->ij", g, b), np.einsum("ij,ik->jk", a, g)))
Sum = make("Sum", np.sum, lambda g, y, a: (np.full(np.shape(a), g),))
Exp = make("Exp", np.exp, lambda g, y, a: (g * y,))
Log = make("Log", np.log, lambda g, y, a: (g / a,))
Sigmoid = make("Sigmoid", lambda a: np.exp(-np.logaddexp(0, -a)), lambda g, y, a: (g * y * (1 - y),))
Tanh = make("Tanh", np.tanh, lambda g, y, a: (g * (1 - y) * (1 + y),))
ReLU = make("ReLU", lambda a: np.clip(a, 0, None), lambda g, y, a: (g * (np.sign(a) + 1) / 2,))
Power = make("Power", lambda a, n: np.float_power(a, n), lambda g, y, a, n: (g * n * np.float_power(a, n - 1),), 1)
SoftmaxCrossEntropy = make(
    "SoftmaxCrossEntropy",
    lambda s, labels: -np.mean(np.take_along_axis(log_softmax(s), labels[:, None], 1)),
    lambda g, y, s, labels: (g * (np.exp(log_softmax(s)) - (labels[:, None] == np.arange(s.shape[1]))) / len(s),),
    1,
)


def order(output):
    """Children counted down, the ready ones first."""
    reached, parents, stack = {id(output): output}, {}, [output]
    while stack:
        box = stack.pop()
        for child in box.children:
            parents.setdefault(id(child), []).append(box)
            if id(child) not in reached:
                reached[id(child)] = child
                stack.append(child)
    missing = {key: len(box.children) for key, box in reached.items()}
    ready = [box for key, box in reached.items() if not missing[key]]
    for box in ready:
        for parent in parents.get(id(box), ()):
            missing[id(parent)] -= 1
            if not missing[id(parent)]:
                ready.append(parent)
    return ready


def forward(output):
    for box in order(output):
        box.fprop()
    return output.value


def backward(output):
    boxes = order(output)
    for box in boxes:
        box.grad = np.zeros_like(box.value, dtype=float)
    output.grad = np.ones_like(output.value, dtype=float)
    for box in reversed(boxes):
        box.bprop()


def parameters(output):
    return list(filter(lambda box: isinstance(box, Parameter), order(output)))


def train(output, steps, step_size):
    def step():
        backward(output)
        for p in parameters(output):
            p.value = p.value - step_size * p.grad
        return forward(output)
    return [forward(output), *(step() for _ in range(steps))]


def numerical_gradient(output, parameter, eps):
    kept = np.array(parameter.value, dtype=float)
    slopes = np.empty(kept.size)
    for k in range(kept.size):
        unit = np.zeros(kept.size)
        unit[k] = eps
        unit = unit.reshape(kept.shape)
        parameter.value = kept + unit
        slopes[k] = forward(output)
        parameter.value = kept - unit
        slopes[k] -= forward(output)
    parameter.value = kept
    return slopes.reshape(kept.shape) / (2 * eps)
