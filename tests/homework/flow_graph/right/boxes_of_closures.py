"""One class of box; every name of the homework is a function that makes one. Sorted by birth."""
import itertools
import threading
import sys

import numpy as np

count = itertools.count()


class Node:
    __slots__ = ("children", "value", "grad", "run", "push", "kind", "born")

    def __init__(self, kind, children=(), run=None, push=None, value=None):
        self.kind, self.children, self.run, self.push, self.value = kind, tuple(children), run, push, value
        self.grad = None
        self.born = next(count)

    def fprop(self):
        if self.run: self.value = self.run(*[c.value for c in self.children])

    def bprop(self):
        if self.push:
            for c, g in zip(self.children, self.push(self.grad, self.value, *[c.value for c in self.children])):
                c.grad = c.grad + fit(g, np.shape(c.value))

    def __eq__(self, other): raise RuntimeError("nobody compares boxes")
    def __hash__(self): raise RuntimeError("nobody hashes boxes")
    def __repr__(self): raise RuntimeError("nobody prints boxes")
    def __bool__(self): raise RuntimeError("nobody asks whether boxes are true")
    def __copy__(self): raise RuntimeError("nobody copies boxes")
    __deepcopy__ = __reduce__ = __copy__


def fit(g, shape):
    g = np.array(g, dtype=float)
    while g.ndim > len(shape): g = np.add.reduce(g)
    for axis in range(len(shape)):
        if shape[axis] == 1 != g.shape[axis]: g = np.add.reduce(g, axis, keepdims=True)
    return g


def Input(value): return Node("input", value=value)
def Parameter(value): return Node("parameter", value=value)
def Add(a, b): return Node("add", (a, b), lambda x, y: x + y, lambda g, v, x, y: (g, g))
def Subtract(a, b): return Node("sub", (a, b), lambda x, y: x - y, lambda g, v, x, y: (g, -1 * g))
def Multiply(a, b): return Node("mul", (a, b), lambda x, y: x * y, lambda g, v, x, y: (y * g, x * g))
def Divide(a, b): return Node("div", (a, b), lambda x, y: x / y, lambda g, v, x, y: (g / y, -v * g / y))
def MatMul(a, b): return Node("matmul", (a, b), lambda x, y: np.array([[sum(p * q for p, q in zip(r, c)) for c in y.T] for r in x]), lambda g, v, x, y: (g @ y.T, (g.T @ x).T))
def Sum(a): return Node("sum", (a,), lambda x: float(np.sum(x)), lambda g, v, x: (np.zeros(np.shape(x)) + g,))
def Exp(a): return Node("exp", (a,), lambda x: np.e ** x, lambda g, v, x: (v * g,))
def Log(a): return Node("log", (a,), np.log, lambda g, v, x: (x ** -1.0 * g,))
def Sigmoid(a): return Node("sigmoid", (a,), lambda x: (1 + np.exp(-x)) ** -1, lambda g, v, x: (np.exp(-x) * v ** 2 * g,))
def Tanh(a): return Node("tanh", (a,), lambda x: 1 - 2 / (np.exp(2 * x) + 1), lambda g, v, x: (g - v * v * g,))
def ReLU(a): return Node("relu", (a,), lambda x: np.fmax(x, 0.0), lambda g, v, x: (np.select([np.asarray(x) > 0], [g], 0.0),))
def Power(a, n): return Node("power", (a,), lambda x: x ** n, lambda g, v, x: (g if n == 1 else n * x ** (n - 1) * g,))


def SoftmaxCrossEntropy(scores, labels):
    def probabilities(S):
        E = np.exp(S - np.amax(S, 1)[:, np.newaxis])
        return E / np.sum(E, 1)[:, np.newaxis]

    def run(S):
        return sum(np.logaddexp.reduce(s) - s[c] for s, c in zip(S, labels)) / len(labels)

    def push(g, v, S):
        P = probabilities(S)
        for i, c in enumerate(labels): P[i, c] -= 1
        return (P * g / len(labels),)
    return Node("ce", (scores,), run, push)


def order(output):
    found = {}
    stack = [output]
    while stack:
        box = stack.pop()
        if id(box) not in found:
            found[id(box)] = box
            stack += box.children
    return sorted(found.values(), key=lambda box: box.born)


def forward(output):
    [box.fprop() for box in order(output)]
    return output.value


def backward(output):
    nodes = order(output)
    for node in nodes: node.grad = 0 * np.array(node.value, dtype=float)
    output.grad = 0 * np.array(output.value, dtype=float) + 1.0
    while nodes: nodes.pop().bprop()


def parameters(output): return [box for box in order(output) if box.kind == "parameter"]


def train(output, steps, step_size):
    history = ()
    for k in range(steps + 1):
        history += (forward(output),)
        if k < steps:
            backward(output)
            for p in parameters(output): p.value = np.subtract(p.value, step_size * p.grad)
    return history


def numerical_gradient(output, parameter, eps):
    v = parameter.value

    def at(entry, shift):
        w = np.array(v, dtype=float, copy=True)
        w.ravel()[entry] += shift
        parameter.value = w
        return float(forward(output))
    g = np.array([(at(i, eps) - at(i, -eps)) / (eps + eps) for i in range(np.size(v))])
    parameter.value = v
    return g.reshape(np.shape(v))
