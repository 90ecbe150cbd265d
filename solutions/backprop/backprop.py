"""Backpropagation, from a circuit of a few gates to a multilayer network.

Sizes: n examples, d features, k classes. X (n, d), y (n,) integers from 0 to k - 1. A network is a
list of layers (W, b) with W (out, in) and b (out,).
"""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np


def product_circuit(x, y, z):
    """f = (x + y) z and its derivatives, by one pass forward and one back.

    Returns (f, (df/dx, df/dy, df/dz)).
    """
    q = x + y
    f = q * z
    # Back through the product: each factor gets the other one. Back through the sum: both
    # summands get what arrives.
    dq, dz = z, q
    dx, dy = dq, dq
    return f, (dx, dy, dz)


def sigmoid_neuron(w, x):
    """f = sigmoid(w0 x0 + w1 x1 + w2) and its gradients.

        df/da = f (1 - f)     df/dw = df/da (x0, x1, 1)     df/dx = df/da (w0, w1)

    Shapes: w (3,), x (2,). Returns (f, dw, dx) with dw (3,), dx (2,).
    """
    f = _sigmoid(w[0] * x[0] + w[1] * x[1] + w[2])
    da = f * (1 - f)
    return f, da * np.array([x[0], x[1], 1.0]), da * np.array([w[0], w[1]])


def ratio_circuit(x, y):
    """f = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^2) and its derivatives.

    Returns (f, (df/dx, df/dy)).
    """
    sig_x, sig_y = _sigmoid(x), _sigmoid(y)
    total = x + y
    top, bottom = x + sig_y, sig_x + total**2
    f = top / bottom

    d_top, d_bottom = 1 / bottom, -top / bottom**2
    d_total = 2 * total * d_bottom
    # x reaches f on three ways and y on two: the derivatives along the ways add up.
    dx = d_top + sig_x * (1 - sig_x) * d_bottom + d_total
    dy = sig_y * (1 - sig_y) * d_top + d_total
    return f, (dx, dy)


def _sigmoid(a):
    # 1 / (1 + exp(-a)) in a form in which nothing overflows.
    return 0.5 * (1 + np.tanh(0.5 * a))


def activation(name, a):
    """g(a), element-wise: a, sigmoid(a), tanh(a) or max(0, a). ValueError for another name."""
    if name == "linear":
        return a
    if name == "sigmoid":
        return _sigmoid(a)
    if name == "tanh":
        return np.tanh(a)
    if name == "relu":
        return np.maximum(0, a)
    raise ValueError(f"no activation is called {name!r}: linear, sigmoid, tanh or relu")


def activation_gradient(name, a):
    """g'(a), element-wise, given the pre-activation a.

        1     g(a) (1 - g(a))     1 - g(a)^2     1[a > 0]

    relu has no derivative at 0; every value in [0, 1] is a subgradient, and we take 0.
    """
    h = activation(name, a)
    if name == "linear":
        return np.ones_like(a)
    if name == "sigmoid":
        return h * (1 - h)
    if name == "tanh":
        return 1 - h**2
    return (a > 0).astype(float)


def init_params(sizes, seed):
    """Random weights and zero biases for layers of the given sizes [d, h1, ..., k].

        W_ij ~ U[-s, s],   s = sqrt(6 / (in + out))

    The bound keeps the spread of activations and of gradients about the same from layer to layer.
    """
    rng = np.random.default_rng(seed)
    params = []
    for fan_in, fan_out in pairwise(sizes):
        s = np.sqrt(6 / (fan_in + fan_out))
        params.append((rng.uniform(-s, s, size=(fan_out, fan_in)), np.zeros(fan_out)))
    return params


def _propagate(params, X, name):
    """The input H[k] of every layer k and its pre-activation A[k] = H[k] W' + b."""
    H, A = [X], []
    for W, b in params:
        if A:
            H.append(activation(name, A[-1]))
        A.append(H[-1] @ W.T + b)
    return H, A


def _softmax(Z):
    # exp overflows above 709. Subtracting the row's largest score changes nothing, since the
    # factor exp(-max) cancels, and leaves no exponent above 0.
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def forward(params, X, name):
    """Class probabilities f(x_i), shape (n, k): softmax of the last layer's pre-activations."""
    return _softmax(_propagate(params, X, name)[1][-1])


def loss(params, X, y, name, lam):
    """Mean negative log-likelihood plus weight decay.

        L = -1/n sum_i log f(x_i)[y_i] + lam sum_k ||W_k||_F^2

    Returns a float.
    """
    p = forward(params, X, name)[np.arange(len(y)), y]
    decay = sum(np.sum(W**2) for W, _ in params)
    return float(-np.log(p).mean() + lam * decay)


def backprop(params, X, y, name, lam):
    """Gradient of `loss`, one (dW, db) per layer, from the last layer to the first.

        D = (P - Y) / n                         at the output, before softmax
        dW = D' H + 2 lam W     db = sum_i D_i
        D <- (D W) * g'(A)                      at the layer below, before its activation

    Row i of D is the derivative of L with respect to example i's pre-activations.
    """
    H, A = _propagate(params, X, name)
    D = forward(params, X, name)
    D[np.arange(len(y)), y] -= 1
    D /= len(y)
    grads = []
    for k in reversed(range(len(params))):
        W, _ = params[k]
        grads.append((D.T @ H[k] + 2 * lam * W, D.sum(axis=0)))
        if k > 0:
            D = (D @ W) * activation_gradient(name, A[k - 1])
    return grads[::-1]


def gradient_error(params, X, y, name, lam, eps):
    """How far `backprop` is from the slopes of `loss`.

        max over all parameters of |a - n| / max(|a| + |n|, 1e-8)
        n = (L(theta + eps) - L(theta - eps)) / (2 eps),   one parameter theta moved at a time

    Returns a float.
    """
    grads = backprop(params, X, y, name, lam)
    moved = [(W.copy(), b.copy()) for W, b in params]
    worst = 0.0
    for layer, layer_grads in zip(moved, grads, strict=True):
        for theta, analytic in zip(layer, layer_grads, strict=True):
            for place in np.ndindex(theta.shape):
                kept = theta[place]
                theta[place] = kept + eps
                above = loss(moved, X, y, name, lam)
                theta[place] = kept - eps
                below = loss(moved, X, y, name, lam)
                theta[place] = kept
                a, n = analytic[place], (above - below) / (2 * eps)
                worst = max(worst, abs(a - n) / max(abs(a) + abs(n), 1e-8))
    return float(worst)


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    """Mini-batch stochastic gradient descent on `loss`.

        theta <- theta - step_size dL_batch/dtheta

    L_batch is the mean over the batch plus the whole weight decay. Every epoch visits each example
    once, in a new order; the last batch may be short. Returns (params, history), history
    (epochs + 1,) with the loss on all examples before the first and after each epoch.
    """
    rng = np.random.default_rng(seed)
    history = [loss(params, X, y, name, lam)]
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), batch_size):
            batch = order[start : start + batch_size]
            grads = backprop(params, X[batch], y[batch], name, lam)
            # A new list, not an update in place: the caller's params stay as they are.
            params = [
                (W - step_size * dW, b - step_size * db)
                for (W, b), (dW, db) in zip(params, grads, strict=True)
            ]
        history.append(loss(params, X, y, name, lam))
    return params, np.array(history)


def plot_training(history):
    """Draw the loss against the epoch. Returns the Figure."""
    figure, axes = plt.subplots()
    axes.plot(np.arange(len(history)), history)
    axes.set_xlabel("epoch")
    axes.set_ylabel("loss")
    axes.set_title("Training")
    return figure


if __name__ == "__main__":
    table = np.loadtxt("half_moons.csv", delimiter=",")
    X, y = table[:, :2], table[:, 2].astype(int)
    start = init_params([2, 16, 2], seed=0)
    print(f"gradient error {gradient_error(start, X[:20], y[:20], 'tanh', 1e-3, 1e-5):.1e}")
    params, history = train(start, X, y, "tanh", 1e-4, 0.5, 200, 20, seed=0)
    right = np.mean(forward(params, X, "tanh").argmax(axis=1) == y)
    print(f"half-moons: loss {history[0]:.4f} -> {history[-1]:.4f}, {right:.1%} right")
    plot_training(history)

    table = np.loadtxt("digits.csv", delimiter=",")
    X, y = table[:, :64] / 16, table[:, 64].astype(int)  # pixels from 0 to 1
    params, history = train(
        init_params([64, 32, 10], seed=0), X, y, "relu", 1e-4, 0.2, 20, 32, seed=0
    )
    right = np.mean(forward(params, X, "relu").argmax(axis=1) == y)
    print(f"digits: loss {history[0]:.4f} -> {history[-1]:.4f}, {right:.1%} right")
    plot_training(history)
    plt.show()
