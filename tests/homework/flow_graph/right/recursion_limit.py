"""No base class, recursion with a raised limit, values computed at once."""
import sys

import numpy as np

sys.setrecursionlimit(200_000)


def unbroadcast(g, like):
    g, shape = np.asarray(g), np.shape(like)
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for i, n in enumerate(shape):
        if n == 1:
            g = g.sum(axis=i, keepdims=True)
    return g


class Input:
    def __init__(self, value):
        self.value, self.grad, self.children = value, None, ()

    def fprop(self): pass
    def bprop(self): pass


class Parameter(Input): pass


class Unary:
    def __init__(self, a):
        self.children = (a,)
        self.grad = None
        self.fprop()

    def fprop(self):
        self.value = self.f(self.children[0].value)

    def bprop(self):
        a = self.children[0]
        a.grad = a.grad + unbroadcast(self.grad * self.df(a.value, self.value), a.value)


class Exp(Unary):
    f = lambda self, a: np.exp(a)
    df = lambda self, a, y: y


class Log(Unary):
    f = lambda self, a: np.log(a)
    df = lambda self, a, y: 1 / a


class Sigmoid(Unary):
    f = lambda self, a: np.exp(a) / (1 + np.exp(a))
    df = lambda self, a, y: y - y * y


class Tanh(Unary):
    f = lambda self, a: (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))
    df = lambda self, a, y: 1 / np.cosh(a) ** 2


class ReLU(Unary):
    f = lambda self, a: a * (np.asarray(a) > 0)
    df = lambda self, a, y: np.where(np.asarray(a) >= 0, 1.0, 0.0)


class Sum(Unary):
    f = lambda self, a: np.asarray(a).sum()
    df = lambda self, a, y: np.ones_like(np.asarray(a, dtype=float))


class Power(Unary):
    def __init__(self, a, n):
        self.n = n
        Unary.__init__(self, a)
    f = lambda self, a: np.power(a, self.n)
    df = lambda self, a, y: self.n * np.power(a, self.n - 1.0)


class Binary:
    def __init__(self, a, b):
        self.a, self.b = a, b
        self.children = (a, b)
        self.grad = None
        self.fprop()

    def fprop(self):
        self.value = self.f(self.a.value, self.b.value)

    def bprop(self):
        da, db = self.df(self.a.value, self.b.value, self.grad)
        self.a.grad = self.a.grad + unbroadcast(da, self.a.value)
        self.b.grad = self.b.grad + unbroadcast(db, self.b.value)


class Add(Binary):
    f = lambda self, a, b: a + b
    df = lambda self, a, b, g: (g, g)


class Subtract(Binary):
    f = lambda self, a, b: a - b
    df = lambda self, a, b, g: (g, -g)


class Multiply(Binary):
    f = lambda self, a, b: a * b
    df = lambda self, a, b, g: (g * b, g * a)


class Divide(Binary):
    f = lambda self, a, b: a / b
    df = lambda self, a, b, g: (g / b, -g * self.value / b)


class MatMul(Binary):
    f = lambda self, a, b: np.dot(a, b)
    df = lambda self, a, b, g: (np.dot(g, b.T), np.dot(a.T, g))


class SoftmaxCrossEntropy:
    def __init__(self, scores, labels):
        self.children, self.labels, self.grad = (scores,), labels, None
        self.fprop()

    def fprop(self):
        s = self.children[0].value
        top = s.max(1)
        lse = top + np.log(np.exp(s - top[:, None]).sum(1))
        self.value = np.mean(lse - s[np.arange(len(s)), self.labels])

    def bprop(self):
        s = self.children[0].value
        p = np.exp(s - s.max(1, keepdims=True))
        p = p / p.sum(1, keepdims=True)
        onehot = np.eye(s.shape[1])[self.labels]
        self.children[0].grad = self.children[0].grad + self.grad * (p - onehot) / s.shape[0]


def order(output):
    boxes, seen = [], set()

    def visit(box):
        if box in seen:
            return
        seen.add(box)
        for child in box.children:
            visit(child)
        boxes.append(box)

    visit(output)
    return boxes


def forward(output):
    for box in order(output):
        box.fprop()
    return output.value


def backward(output):
    boxes = order(output)
    for box in boxes:
        box.grad = np.zeros(np.shape(box.value))
    output.grad = np.ones(np.shape(output.value))
    for box in boxes[::-1]:
        box.bprop()


def parameters(output):
    return [box for box in order(output) if type(box) is Parameter]


def train(output, steps, step_size):
    history = np.zeros(steps + 1)
    history[0] = forward(output)
    for k in range(steps):
        backward(output)
        for p in parameters(output):
            p.value = p.value - step_size * p.grad
        history[k + 1] = forward(output)
    return history


def numerical_gradient(output, parameter, eps):
    old = parameter.value
    result = np.zeros(np.shape(old))
    for index in np.ndindex(*np.shape(old)):
        up, down = np.array(old, float), np.array(old, float)
        up[index] += eps
        down[index] -= eps
        parameter.value = up
        f1 = forward(output)
        parameter.value = down
        f2 = forward(output)
        result[index] = (f1 - f2) / eps / 2
    parameter.value = old
    return result
