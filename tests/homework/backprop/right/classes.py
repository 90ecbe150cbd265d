from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import numpy as np
from matplotlib.figure import Figure


class Node:
    """Reverse mode on scalars, after micrograd."""

    def __init__(self, data, parents=()):
        self.data = float(data)
        self.grad = 0.0
        self._parents = parents
        self._back = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        out = Node(self.data + other.data, (self, other))

        def back():
            self.grad += out.grad
            other.grad += out.grad

        out._back = back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        out = Node(self.data * other.data, (self, other))

        def back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._back = back
        return out

    def __pow__(self, p):
        out = Node(self.data**p, (self,))

        def back():
            self.grad += p * self.data ** (p - 1) * out.grad

        out._back = back
        return out

    def sigmoid(self):
        s = 1 / (1 + np.exp(-self.data))
        out = Node(s, (self,))

        def back():
            self.grad += s * (1 - s) * out.grad

        out._back = back
        return out

    def backward(self):
        order, seen = [], set()

        def visit(v):
            if id(v) not in seen:
                seen.add(id(v))
                for p in v._parents:
                    visit(p)
                order.append(v)

        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            v._back()


def product_circuit(x, y, z):
    x, y, z = Node(x), Node(y), Node(z)
    f = (x + y) * z
    f.backward()
    return f.data, (x.grad, y.grad, z.grad)


def sigmoid_neuron(w, x):
    w, x = [Node(v) for v in w], [Node(v) for v in x]
    f = (w[0] * x[0] + w[1] * x[1] + w[2]).sigmoid()
    f.backward()
    return f.data, np.array([v.grad for v in w]), np.array([v.grad for v in x])


def ratio_circuit(x, y):
    x, y = Node(x), Node(y)
    f = (x + y.sigmoid()) * (x.sigmoid() + (x + y) ** 2) ** -1
    f.backward()
    return np.float64(f.data), np.array([x.grad, y.grad])


class Activation(ABC):
    @abstractmethod
    def value(self, a):
        raise NotImplementedError

    @abstractmethod
    def slope(self, a):
        raise NotImplementedError


class Linear(Activation):
    def value(self, a):
        return a

    def slope(self, a):
        return 1


class Sigmoid(Activation):
    def value(self, a):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-a))

    def slope(self, a):
        return self.value(a) * self.value(-a)


class Tanh(Activation):
    value = staticmethod(np.tanh)

    def slope(self, a):
        return 1 - np.tanh(a) ** 2


class Relu(Activation):
    def value(self, a):
        return a.clip(min=0)

    def slope(self, a):
        return a >= 0


class UnknownActivation(ValueError):
    pass


_KNOWN: dict[str, Activation] = {
    "linear": Linear(),
    "sigmoid": Sigmoid(),
    "tanh": Tanh(),
    "relu": Relu(),
}


def _lookup(name) -> Activation:
    try:
        return _KNOWN[name]
    except KeyError:
        raise UnknownActivation(f"{name}?") from None


def activation(name, a):
    return _lookup(name).value(a)


def activation_gradient(name, a):
    return _lookup(name).slope(a)


@dataclass
class Layer:
    W: np.ndarray
    b: np.ndarray
    g: Activation | None
    dW: np.ndarray | None = None
    db: np.ndarray | None = None
    cache: tuple = field(default=(), repr=False)

    def forward(self, h):
        a = h.dot(self.W.T) + self.b[np.newaxis, :]
        self.cache = h, a
        return a if self.g is None else self.g.value(a)

    def backward(self, upstream):
        h, a = self.cache
        delta = upstream if self.g is None else upstream * self.g.slope(a)
        self.dW = np.einsum("no,ni->oi", delta, h)
        self.db = np.einsum("no->o", delta)
        return delta.dot(self.W)


class MLP:
    def __init__(self, params, name):
        last = len(params) - 1
        g = _lookup(name)
        self.layers = [Layer(W, b, None if k == last else g) for k, (W, b) in enumerate(params)]

    def __call__(self, X):
        for layer in self.layers:
            X = layer.forward(X)
        Z = X - X.max(1)[:, None]
        return np.exp(Z) / np.exp(Z).sum(1)[:, None]

    def penalty(self):
        return sum(np.sum(np.square(layer.W)) for layer in self.layers)

    def gradient(self, X, y, lam):
        P = self(X)
        d = P.copy()
        d[range(len(y)), y] -= 1.0
        d = d / len(y)
        for layer in reversed(self.layers):
            d = layer.backward(d)
            layer.dW = layer.dW + 2 * lam * layer.W
        return [(layer.dW, layer.db) for layer in self.layers]


def init_params(sizes, seed):
    state = np.random.RandomState(seed)
    return tuple(
        (state.uniform(-1, 1, (o, i)) * np.sqrt(6 / (i + o)), np.zeros(o))
        for i, o in zip(sizes[:-1], sizes[1:])
    )


def forward(params, X, name):
    return MLP(params, name)(X)


def loss(params, X, y, name, lam):
    net = MLP(params, name)
    P = net(X)
    return np.mean([-np.log(p[c] + 1e-12) for p, c in zip(P, y)]) + lam * net.penalty()


def backprop(params, X, y, name, lam):
    return MLP(params, name).gradient(X, y, lam)


class GradientCheck:
    """Callable object."""

    def __call__(self, params, X, y, name, lam, eps):
        flat = np.concatenate([np.r_[W.ravel(), b] for W, b in params])
        exact = np.concatenate([np.r_[W.ravel(), b] for W, b in backprop(params, X, y, name, lam)])

        def unflat(v):
            out, at = [], 0
            for W, b in params:
                out.append(
                    (v[at : at + W.size].reshape(W.shape), v[at + W.size : at + W.size + b.size])
                )
                at += W.size + b.size
            return out

        numeric = np.array(
            [
                (
                    loss(unflat(flat + eps * e), X, y, name, lam)
                    - loss(unflat(flat - eps * e), X, y, name, lam)
                )
                / (2 * eps)
                for e in np.eye(flat.size)
            ]
        )
        return np.max(np.abs(exact - numeric) / np.maximum(np.abs(exact) + np.abs(numeric), 1e-8))


gradient_error = GradientCheck()


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    state = np.random.RandomState(seed)
    net = MLP([(W.copy(), b.copy()) for W, b in params], name)

    def now():
        return [(layer.W, layer.b) for layer in net.layers]

    history = np.empty(epochs + 1)
    history[0] = loss(now(), X, y, name, lam)
    for e in range(epochs):
        order = state.permutation(X.shape[0])
        while order.size:
            batch, order = order[:batch_size], order[batch_size:]
            net.gradient(X[batch], y[batch], lam)
            for layer in net.layers:
                layer.W -= step_size * layer.dW
                layer.b -= step_size * layer.db
        history[e + 1] = loss(now(), X, y, name, lam)
    return now(), history


def plot_training(history):
    fig = Figure()
    ax = fig.add_subplot()
    ax.step(range(1, len(history) + 1), history, where="mid")
    ax.set(xlabel="$e$ (epochs)", ylabel="$L$", yscale="log", title="Lernkurve")
    return fig, ax
