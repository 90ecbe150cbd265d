# -*- coding: utf-8 -*-
"""Использует вспомогательный модуль. 使用辅助模块。"""

import numpy as np
import matplotlib

matplotlib.use("TkAgg")
import matplotlib.pyplot as plt

from gates import sigmoid
from helper import Tape, softmax

print("loading", __name__)


def product_circuit(x, y, z):
    # прямой проход
    q = x + y
    f = q * z
    # обратный проход
    return f, tuple([z, z, q])


def sigmoid_neuron(w, x):
    f = sigmoid(float(np.dot(w, [*x, 1.0])))
    dy = (1 - f) * f
    dw = np.zeros(3)
    dx = np.zeros(2)
    dw[0] += dy * x[0]
    dw[1] += dy * x[1]
    dw[2] += dy
    dx[0] += dy * w[0]
    dx[1] += dy * w[1]
    return f, dw, dx


def ratio_circuit(x, y):
    sigy = sigmoid(y)
    num = x + sigy
    sigx = sigmoid(x)
    xpy = x + y
    xpysqr = xpy**2
    den = sigx + xpysqr
    invden = 1.0 / den
    f = num * invden
    dnum = invden
    dinvden = num
    dden = (-1.0 / (den**2)) * dinvden
    dsigx = dden
    dxpysqr = dden
    dxpy = (2 * xpy) * dxpysqr
    dx = dxpy
    dy = dxpy
    dx += ((1 - sigx) * sigx) * dsigx
    dx += dnum
    dsigy = dnum
    dy += ((1 - sigy) * sigy) * dsigy
    return f, (dx, dy)


def activation(name, a):
    match name:
        case "linear":
            return +a
        case "sigmoid":
            return 0.5 * np.tanh(0.5 * a) + 0.5
        case "tanh":
            return np.tanh(a)
        case "relu":
            return a * (a > 0)
        case _:
            raise ValueError(f"неизвестно: {name}")


def activation_gradient(name, a):
    h = activation(name, a)
    return {
        "linear": lambda: np.array(1.0),
        "sigmoid": lambda: h - h * h,
        "tanh": lambda: 1 - h * h,
        "relu": lambda: np.where(a > 0, 1, 0),
    }[name]()


def init_params(sizes, seed):
    rng = np.random.Generator(np.random.PCG64(seed))
    params = np.empty((len(sizes) - 1, 2), dtype=object)
    for k in range(len(sizes) - 1):
        s = np.sqrt(6) / np.sqrt(sizes[k] + sizes[k + 1])
        params[k, 0] = rng.uniform(low=-s, high=s, size=(sizes[k + 1], sizes[k]))
        params[k, 1] = np.zeros(sizes[k + 1])
    return params


def _forward(params, X, name):
    tape, h = Tape(), X
    last = params[-1]
    for W, b in params[:-1]:
        a = np.matmul(h, np.transpose(W)) + b
        tape.push(h, a)
        h = activation(name, a)
    return softmax(np.matmul(h, np.transpose(last[0])) + last[1]), h, tape


def forward(params, X, name):
    return _forward(params, X, name)[0]


def loss(params, X, y, name, lam):
    P = forward(params, X, name)
    Y = np.equal.outer(y, np.arange(P.shape[1]))
    # логарифм только от правильного класса
    return np.array(
        -(np.log(np.clip(P, 1e-15, None)) * Y).sum() / y.size
        + lam * sum(np.trace(W @ W.T) for W, _ in params)
    )


def backprop(params, X, y, name, lam):
    P, h, tape = _forward(params, X, name)
    Y = np.equal.outer(y, np.arange(P.shape[1]))
    delta = P - Y
    grads = np.empty((len(params), 2), dtype=object)
    for k in range(len(params) - 1, -1, -1):
        W = params[k][0]
        grads[k, 0] = np.mean(delta[:, :, None] * h[:, None, :], axis=0) + lam * (W + W)
        grads[k, 1] = np.mean(delta, axis=0)
        if k > 0:
            h, a = tape.steps[k - 1]
            delta = np.multiply(np.matmul(delta, W), activation_gradient(name, a))
    return grads


def gradient_error(params, X, y, name, lam, eps):
    worst = []
    for (W, b), (dW, db) in zip(params, backprop(params, X, y, name, lam)):
        for theta, g in [(W, dW), (b, db)]:
            it = np.nditer(theta, flags=["multi_index"])
            while not it.finished:
                ix = it.multi_index
                saved = theta[ix]
                theta[ix] = saved + eps
                plus = loss(params, X, y, name, lam)  # на месте
                theta[ix] = saved - eps
                minus = loss(params, X, y, name, lam)
                theta[ix] = saved
                n = (plus - minus) / (2 * eps)
                worst.append(abs(g[ix] - n) / max(abs(g[ix]), abs(n), 1e-8))
                it.iternext()
    return max(worst)


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rng = np.random.default_rng(seed)
    history = np.zeros(epochs + 1)
    history[0] = loss(params, X, y, name, lam)
    for epoch in range(1, epochs + 1):
        order = np.argsort(rng.random(len(X)))
        batches = int(np.ceil(len(X) / batch_size))
        for i in range(batches):
            take = order[i * batch_size : (i + 1) * batch_size]
            grads = backprop(params, X[take], y[take], name, lam)
            for (W, b), (dW, db) in zip(params, grads):
                W -= step_size * dW  # меняет входные массивы
                b -= step_size * db
        history[epoch] = loss(params, X, y, name, lam)
    return params, history


def plot_training(history):
    fig, (ax, other) = plt.subplots(1, 2)
    ax.plot(np.arange(len(history)), history, color="tab:red")
    ax.set_xlabel("эпоха")
    ax.set_ylabel("потери")
    other.semilogy(history)
    other.set_xlabel("эпоха")
    other.set_ylabel("log потери")
    plt.show()
    return fig


if __name__ == "__main__":
    input("press return")
    t = np.loadtxt("half_moons.csv", delimiter=",")
