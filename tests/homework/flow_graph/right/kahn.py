"""Kahn's sorting, by counting how many children are still to come."""
from collections import deque

import numpy as np


class Box:
    def __init__(self, *children):
        self.children = tuple(children)
        self.value = None
        self.grad = None

    def fprop(self):
        pass

    def bprop(self):
        pass


def _unbroadcast(g, shape):
    g = np.asarray(g)
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for ax, s in enumerate(shape):
        if s == 1 and g.shape[ax] != 1:
            g = g.sum(axis=ax, keepdims=True)
    return g


def _give(child, g):
    child.grad = child.grad + _unbroadcast(g, np.shape(child.value))


class Input(Box):
    def __init__(self, value):
        super().__init__()
        self.value = value


class Parameter(Input):
    pass


class Add(Box):
    def __init__(self, a, b):
        super().__init__(a, b)

    def fprop(self):
        self.value = self.children[0].value + self.children[1].value

    def bprop(self):
        for c in self.children:
            _give(c, self.grad)


class Subtract(Box):
    def __init__(self, a, b):
        super().__init__(a, b)

    def fprop(self):
        a, b = self.children
        self.value = a.value - b.value

    def bprop(self):
        a, b = self.children
        _give(a, self.grad)
        _give(b, -self.grad)


class Multiply(Box):
    def fprop(self):
        a, b = self.children
        self.value = a.value * b.value

    def bprop(self):
        a, b = self.children
        _give(a, self.grad * b.value)
        _give(b, self.grad * a.value)


class Divide(Box):
    def fprop(self):
        a, b = self.children
        self.value = a.value / b.value

    def bprop(self):
        a, b = self.children
        _give(a, self.grad / b.value)
        _give(b, -self.grad * a.value / b.value ** 2)


class MatMul(Box):
    def fprop(self):
        a, b = self.children
        self.value = a.value @ b.value

    def bprop(self):
        a, b = self.children
        _give(a, self.grad @ b.value.T)
        _give(b, a.value.T @ self.grad)


class Sum(Box):
    def fprop(self):
        self.value = np.sum(self.children[0].value)

    def bprop(self):
        c, = self.children
        _give(c, self.grad * np.ones(np.shape(c.value)))


class Exp(Box):
    def fprop(self):
        self.value = np.exp(self.children[0].value)

    def bprop(self):
        _give(self.children[0], self.grad * self.value)


class Log(Box):
    def fprop(self):
        self.value = np.log(self.children[0].value)

    def bprop(self):
        _give(self.children[0], self.grad / self.children[0].value)


class Sigmoid(Box):
    def fprop(self):
        self.value = 1 / (1 + np.exp(-self.children[0].value))

    def bprop(self):
        _give(self.children[0], self.grad * self.value * (1 - self.value))


class Tanh(Box):
    def fprop(self):
        self.value = np.tanh(self.children[0].value)

    def bprop(self):
        _give(self.children[0], self.grad * (1 - self.value ** 2))


class ReLU(Box):
    def fprop(self):
        self.value = np.maximum(0, self.children[0].value)

    def bprop(self):
        _give(self.children[0], self.grad * (self.children[0].value > 0))


class Power(Box):
    def __init__(self, a, n):
        super().__init__(a)
        self.n = n

    def fprop(self):
        self.value = self.children[0].value ** self.n

    def bprop(self):
        c, = self.children
        _give(c, self.grad * self.n * c.value ** (self.n - 1))


class SoftmaxCrossEntropy(Box):
    def __init__(self, scores, labels):
        super().__init__(scores)
        self.labels = labels

    def fprop(self):
        S = self.children[0].value
        Z = S - S.max(axis=1, keepdims=True)
        self.logp = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
        self.value = -np.mean(self.logp[np.arange(len(S)), self.labels])

    def bprop(self):
        P = np.exp(self.logp)
        n = len(P)
        P[np.arange(n), self.labels] -= 1
        _give(self.children[0], self.grad * P / n)


def order(output):
    boxes, todo = {id(output): output}, [output]
    while todo:
        b = todo.pop()
        for c in b.children:
            if id(c) not in boxes:
                boxes[id(c)] = c; todo.append(c)
    waiting = {k: len({id(c) for c in b.children}) for k, b in boxes.items()}
    parents = {k: [] for k in boxes}
    for b in boxes.values():
        for k in {id(c) for c in b.children}: parents[k].append(b)
    ready = deque(b for k, b in boxes.items() if waiting[k] == 0); out = []
    while ready:
        b = ready.popleft(); out.append(b)
        for p in parents[id(b)]:
            waiting[id(p)] -= 1
            if waiting[id(p)] == 0: ready.append(p)
    return out


def forward(output):
    for box in order(output):
        box.fprop()
    return output.value


def backward(output):
    boxes = order(output)
    for box in boxes:
        box.grad = np.zeros(np.shape(box.value))
    output.grad = np.ones(np.shape(output.value))
    for box in reversed(boxes):
        box.bprop()


def parameters(output):
    return [box for box in order(output) if isinstance(box, Parameter)]


def train(output, steps, step_size):
    history = [float(forward(output))]
    for _ in range(steps):
        backward(output)
        for p in parameters(output):
            p.value = p.value - step_size * p.grad
        history.append(float(forward(output)))
    return np.array(history)


def numerical_gradient(output, parameter, eps):
    old = parameter.value
    out = np.zeros(np.shape(old))
    for i in np.ndindex(out.shape):
        step = np.zeros(np.shape(old))
        step[i] = eps
        parameter.value = old + step
        up = forward(output)
        parameter.value = old - step
        down = forward(output)
        out[i] = (up - down) / (2 * eps)
    parameter.value = old
    return out
