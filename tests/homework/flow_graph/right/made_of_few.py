"""Subtract, Divide, Sigmoid, Tanh and ReLU are graphs of other boxes; labels are a box as well."""
import random

import numpy as np


class Box:
    def __init__(self, *children):
        self.children = list(children)
        self.value = self.grad = None
    def fprop(self): ...
    def bprop(self): ...
    def receive(self, grad):
        shape = np.shape(self.value)
        grad = np.asarray(grad) + np.zeros(np.broadcast_shapes(np.shape(grad), shape))
        while grad.ndim > len(shape): grad = grad.sum(0)
        for i, size in enumerate(shape):
            if size == 1: grad = grad.sum(i, keepdims=True)
        self.grad = self.grad + grad


class Input(Box):
    def __init__(self, value):
        super().__init__()
        self.value = value
class Parameter(Input): pass


class Add(Box):
    def fprop(self): self.value = self.children[0].value + self.children[1].value
    def bprop(self):
        for child in self.children: child.receive(self.grad)
class Multiply(Box):
    def fprop(self): self.value = self.children[0].value * self.children[1].value
    def bprop(self):
        a, b = self.children
        a.receive(self.grad * b.value)
        b.receive(self.grad * a.value)
class MatMul(Box):
    def fprop(self): self.value = self.children[0].value @ self.children[1].value
    def bprop(self):
        a, b = self.children
        a.receive(self.grad @ b.value.T)
        b.receive(a.value.T @ self.grad)
class Sum(Box):
    def fprop(self): self.value = np.sum(self.children[0].value)
    def bprop(self): self.children[0].receive(self.grad)
class Exp(Box):
    def fprop(self): self.value = np.exp(self.children[0].value)
    def bprop(self): self.children[0].receive(self.grad * self.value)
class Log(Box):
    def fprop(self): self.value = np.log(self.children[0].value)
    def bprop(self): self.children[0].receive(self.grad / self.children[0].value)
class Power(Box):
    def __init__(self, a, n):
        super().__init__(a)
        self.n = n
    def fprop(self): self.value = self.children[0].value ** self.n
    def bprop(self):
        a = self.children[0]
        a.receive(self.grad * self.n * a.value ** (self.n - 1))
class Step(Box):
    def fprop(self): self.value = np.where(np.asarray(self.children[0].value) > 0, 1.0, 0.0)


def Subtract(a, b): return Add(a, Multiply(Input(-1.0), b))
def Divide(a, b): return Multiply(a, Power(b, -1))
def Sigmoid(a): return Power(Add(Input(1.0), Exp(Multiply(a, Input(-1.0)))), -1)
def Tanh(a): return Subtract(Multiply(Input(2.0), Sigmoid(Multiply(Input(2.0), a))), Input(np.array(1.0)))
def ReLU(a): return Multiply(Step(a), a)


class SoftmaxCrossEntropy(Box):
    def __init__(self, scores, labels):
        super().__init__(scores, Input(labels))
    def shifted(self):
        S = self.children[0].value
        return S - S.max(axis=1, keepdims=True)
    def fprop(self):
        Z, y = self.shifted(), self.children[1].value
        self.value = np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(Z)), y])
    def bprop(self):
        P, y = np.exp(self.shifted()), self.children[1].value
        P /= P.sum(axis=1, keepdims=True)
        P[np.arange(len(P)), y] -= 1
        self.children[0].receive(self.grad * P / len(P))


def order(output):
    """Another right order each time."""
    found, seen, waiting = [], set(), [(output, False)]
    while waiting:
        box, done = waiting.pop()
        if done:
            found.append(box)
            continue
        if id(box) in seen: continue
        seen.add(id(box))
        waiting.append((box, True))
        children = [(child, False) for child in box.children]
        random.shuffle(children)
        waiting += children
    return found


def forward(output):
    for box in order(output): box.fprop()
    return output.value


def backward(output):
    boxes = order(output)
    for box in boxes: box.grad = np.zeros(np.shape(box.value))
    output.grad = np.ones(np.shape(output.value))
    for box in boxes[::-1]: box.bprop()


def parameters(output): return [box for box in order(output) if isinstance(box, Parameter)]


def train(output, steps, step_size):
    history = [forward(output)]
    while len(history) <= steps:
        backward(output)
        for p in parameters(output): p.value = p.value - step_size * p.grad
        history.append(forward(output))
    return np.array(history).reshape(-1)


def numerical_gradient(output, parameter, eps):
    start = parameter.value
    def f(value):
        parameter.value = value
        return forward(output)
    if np.ndim(start) == 0:
        slope = (f(start + eps) - f(start - eps)) / (2 * eps)
        parameter.value = start
        return slope
    slopes = np.zeros(start.shape)
    for i in np.ndindex(start.shape):
        d = np.zeros(start.shape)
        d[i] = eps
        slopes[i] = (f(start + d) - f(start - d)) / (2 * eps)
    parameter.value = start
    return slopes
