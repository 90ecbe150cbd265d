"""Recursion in a thread with a stack of 512 MB; properties; everything in place; float arrays."""
import sys
import threading
from abc import ABC, abstractmethod

import numpy as np


class Knoten(ABC):
    zahl = 0

    def __init__(self, *kinder):
        Knoten.zahl += 1
        self._kinder = list(kinder)
        self._wert = None
        self._grad = None

    @property
    def children(self):
        return tuple(self._kinder)

    @property
    def value(self):
        return self._wert

    @value.setter
    def value(self, neu):
        self._wert = np.array(neu, dtype=float)

    @property
    def grad(self):
        return self._grad

    @grad.setter
    def grad(self, neu):
        self._grad = None if neu is None else np.array(neu, dtype=float)

    @abstractmethod
    def fprop(self): ...

    @abstractmethod
    def bprop(self): ...

    def gib(self, kind, g):
        g = np.broadcast_to(g, np.broadcast_shapes(np.shape(g), kind.value.shape))
        vorn = g.ndim - kind.value.ndim
        achsen = [*range(vorn), *(vorn + i for i in range(kind.value.ndim) if kind.value.shape[i] == 1)]
        kind._grad += g.sum(axis=tuple(achsen)).reshape(kind.value.shape)


class Input(Knoten):
    def __init__(self, value):
        super().__init__()
        self.value = value
    def fprop(self): return None
    def bprop(self): return None


class Parameter(Input):
    def __init__(self, value, name="w"):
        super().__init__(value)
        self.name = name


class Add(Knoten):
    def fprop(self):
        a, b = self._kinder
        self.value = a.value + b.value
    def bprop(self):
        for kind in self._kinder:
            self.gib(kind, self.grad)


class Subtract(Add):
    def fprop(self):
        a, b = self._kinder
        self.value = a.value - b.value
    def bprop(self):
        self.gib(self._kinder[0], self.grad)
        self.gib(self._kinder[1], -self.grad)


class Multiply(Knoten):
    def fprop(self):
        a, b = self._kinder
        self.value = a.value * b.value
    def bprop(self):
        a, b = self._kinder
        self.gib(a, self.grad * b.value)
        self.gib(b, self.grad * a.value)


class Divide(Multiply):
    def fprop(self):
        a, b = self._kinder
        self.value = a.value * (1 / b.value)
    def bprop(self):
        a, b = self._kinder
        self.gib(a, self.grad / b.value)
        self.gib(b, -self.grad * a.value * b.value ** -2.0)


class MatMul(Knoten):
    def fprop(self):
        a, b = self._kinder
        self.value = a.value.dot(b.value)
    def bprop(self):
        a, b = self._kinder
        a._grad += self.grad.dot(b.value.T)
        b._grad += a.value.T.dot(self.grad)


class Sum(Knoten):
    def fprop(self): self.value = self._kinder[0].value.sum()
    def bprop(self): self._kinder[0]._grad += self.grad


class Elementweise(Knoten):
    def fprop(self): self.value = self.f(self._kinder[0].value)
    def bprop(self): self._kinder[0]._grad += self.grad * self.steigung(self._kinder[0].value)


class Exp(Elementweise):
    def f(self, a): return np.exp(a)
    steigung = f


class Log(Elementweise):
    def f(self, a): return np.log(a)
    def steigung(self, a): return 1 / a


class Sigmoid(Elementweise):
    def f(self, a): return np.where(a > 0, 1 / (1 + np.exp(-np.abs(a))), np.exp(-np.abs(a)) / (1 + np.exp(-np.abs(a))))
    def steigung(self, a): return self.f(a) * self.f(-a)


class Tanh(Elementweise):
    def f(self, a): return np.sinh(a) / np.cosh(a)
    def steigung(self, a): return 1 - np.tanh(a) ** 2


class ReLU(Elementweise):
    def f(self, a): return (a + abs(a)) / 2
    def steigung(self, a): return np.heaviside(a, 1.0)


class Power(Elementweise):
    def __init__(self, a, n):
        super().__init__(a)
        self.n = n
    def f(self, a): return a ** self.n
    def steigung(self, a): return self.n * a ** (self.n - 1)


class SoftmaxCrossEntropy(Knoten):
    def __init__(self, scores, labels):
        super().__init__(scores)
        self.y = np.asarray(labels)
    def fprop(self):
        s = self._kinder[0].value
        verlust = 0.0
        for zeile, c in zip(s, self.y):
            rest = zeile - zeile[c]
            m = rest.max()
            verlust += m + np.log(np.exp(rest - m).sum())
        self.value = verlust / len(s)
    def bprop(self):
        s = self._kinder[0].value
        for i, c in enumerate(self.y):
            p = np.exp(s[i] - s[i].max())
            p /= p.sum()
            p[c] -= 1
            self._kinder[0]._grad[i] += self.grad * p / len(s)


def im_faden(arbeit):
    ergebnis = []
    alt = sys.getrecursionlimit()
    sys.setrecursionlimit(10 ** 7)
    threading.stack_size(512 * 1024 * 1024)
    faden = threading.Thread(target=lambda: ergebnis.append(arbeit()))
    faden.start()
    faden.join()
    threading.stack_size(0)
    sys.setrecursionlimit(alt)
    return ergebnis[0]


def order(output):
    def alle():
        liste, gesehen = [], set()
        def besuche(k):
            if id(k) in gesehen: return
            gesehen.add(id(k))
            for kind in k.children: besuche(kind)
            liste.append(k)
        besuche(output)
        return liste
    return im_faden(alle)


def forward(output):
    for k in order(output): k.fprop()
    return output.value


def backward(output):
    forward(output)
    alle = order(output)
    for k in alle: k.grad = np.zeros(k.value.shape)
    output.grad = np.ones(output.value.shape)
    for k in reversed(alle): k.bprop()


def parameters(output):
    return [k for k in order(output) if isinstance(k, Parameter)]


def train(output, steps, step_size):
    werte = np.empty(steps + 1)
    for schritt in range(steps):
        backward(output)
        werte[schritt] = output.value
        for p in parameters(output):
            p.value -= step_size * p.grad
    werte[steps] = forward(output)
    return werte


def numerical_gradient(output, parameter, eps):
    p = parameter._wert
    g = np.zeros(p.shape)
    it = np.nditer(p, flags=["multi_index"])
    for _ in it:
        i = it.multi_index
        alt = p[i].copy()
        p[i] = alt + eps
        oben = forward(output).copy()
        p[i] = alt - eps
        unten = forward(output).copy()
        p[i] = alt
        g[i] = (oben - unten) / (2 * eps)
    return g
