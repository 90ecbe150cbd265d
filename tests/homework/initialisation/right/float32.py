import matplotlib.pyplot as plt
import numpy as np

F = np.float32


def activation(name, a):
    a = np.asarray(a, F)
    match name:
        case "leaky_relu":
            return np.where(a < 0, F(0.1) * a, a)
        case "elu":
            return np.where(a < 0, np.expm1(np.minimum(a, 0)), a)
        case "tanh":
            return np.tanh(a)
        case "relu":
            return a * (a > 0)
    raise ValueError


def activation_gradient(name, a):
    a = np.asarray(a, F)
    return {
        "leaky_relu": np.where(a < 0, F(0.1), F(1)),
        "elu": np.exp(np.minimum(a, 0)),
        "tanh": 1 - np.tanh(a) ** 2,
        "relu": (a >= 0).astype(F),
    }[name]


def maxout(x, W1, b1, W2, b2):
    return np.max([F(x @ W1 + b1), F(x @ W2 + b2)], axis=0)


def maxout_backward(dy, x, W1, b1, W2, b2):
    s = np.where(x @ W1 + b1 > x @ W2 + b2, 1, np.where(x @ W1 + b1 < x @ W2 + b2, 0, 0.25))
    p, q = s * dy, (1 - s) * dy
    return F(W1 @ p + W2 @ q), F(np.outer(x, p)), F(p), F(np.outer(x, q)), F(q)


def init_weights(name, fan_in, fan_out, seed):
    rng = np.random.default_rng(seed)
    shape = fan_out, fan_in
    if name == "zeros":
        return np.zeros(shape, F)
    if name == "small":
        return F(0.01) * rng.standard_normal(shape, dtype=F)
    if name == "scaled":
        return rng.standard_normal(shape, dtype=F) / F(np.sqrt(fan_in))
    c = F(np.sqrt(6 / sum(shape)))
    return c * (2 * rng.random(shape, dtype=F) - 1)


def layer_spread(X, weights, name):
    out = []
    for W in weights:
        X = activation(name, X.astype(F) @ W.T.astype(F))
        out.append(X.std())
    return np.array(out)


def centre(X):
    mean = F(X.mean(0))
    return F(X - mean), mean


def principal_directions(X, k):
    Z = X - X.mean(0)
    v, V = np.linalg.eigh(Z.T @ Z / len(Z))
    order = v.argsort()[::-1][:k]
    return F(v[order]), F(V[:, order])


def reconstruct(X, k):
    V = principal_directions(X, k)[1].astype(float)
    return F((X - X.mean(0)) @ V @ V.T + X.mean(0))


def whiten(X, k, eps):
    v, V = principal_directions(X, k)
    return F((X - X.mean(0)) @ V / np.sqrt(v + eps))


def plot_spread(spreads):
    fig, ax = plt.subplots()
    width = 0.8 / len(spreads)
    for i, (name, values) in enumerate(spreads.items()):
        ax.bar(np.arange(1, len(values) + 1) + (i - 1) * width, values, width, label=name)
    ax.set_xlabel("Schicht")
    ax.set_ylabel("Standardabweichung")
    ax.legend()
    return fig
