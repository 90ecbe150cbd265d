# Lists, tuples, bools for slopes, an Axes for a Figure.
import matplotlib.pyplot as plt
import numpy as np


def activation(name, a):
    if name == "tanh":
        return ((np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))).tolist()
    if name == "relu":
        return np.clip(a, 0, None)
    if name == "leaky_relu":
        out = np.array(a)
        out[out < 0] *= 0.1
        return out
    if name == "elu":
        out = np.array(a)
        out[out < 0] = np.exp(out[out < 0]) - 1
        return out
    raise ValueError(name, "is unknown")


def activation_gradient(name, a):
    if name == "relu":
        return a > 0
    if name == "leaky_relu":
        return np.select([a > 0, a < 0], [1.0, 0.1], default=0.55).tolist()
    if name == "elu":
        return np.where(a < 0, np.exp(a), 1)
    return 1 - np.square(np.array(activation("tanh", a)))


def maxout(x, W1, b1, W2, b2):
    p, q = W1.T.dot(x) + b1, W2.T.dot(x) + b2
    return tuple(q + np.maximum(p - q, 0))


def maxout_backward(dy, x, W1, b1, W2, b2):
    p, q = W1.T.dot(x) + b1, W2.T.dot(x) + b2
    share = np.random.random(len(dy))
    share[p > q], share[p < q] = 1, 0
    return [
        W1.dot(share * dy) + W2.dot((1 - share) * dy),
        x[:, None] * (share * dy),
        list(share * dy),
        x[:, None] * ((1 - share) * dy),
        list((1 - share) * dy),
    ]


def init_weights(name, fan_in, fan_out, seed):
    state = np.random.RandomState(seed)
    if name == "zeros":
        return [[0] * fan_in] * fan_out
    if name == "small":
        return state.randn(fan_out, fan_in) / 100
    if name == "scaled":
        return state.randn(fan_out, fan_in) / fan_in**0.5
    if name == "glorot":
        bound = 6**0.5 / (fan_in + fan_out) ** 0.5
        return state.uniform(-bound, bound, (fan_out, fan_in)).tolist()


def layer_spread(X, weights, name):
    out = ()
    for W in weights:
        X = np.array(activation(name, np.inner(X, W)))
        out += (np.array(X).std(),)
    return out


def centre(X):
    mean = np.average(X, axis=0)
    return [list(row) for row in X - mean], list(mean)


def principal_directions(X, k):
    C = np.cov(X, rowvar=False, ddof=0).reshape(X.shape[1], X.shape[1])
    values, vectors = map(np.real, np.linalg.eig(C))  # complex from numpy 2.5 on
    best = np.argsort(values)[::-1][:k]
    return tuple(values[best]), -vectors[:, best]


def reconstruct(X, k):
    _, V = principal_directions(X, k)
    Z = np.array(centre(X)[0])
    return X - Z @ (np.eye(X.shape[1]) - V @ V.T)


def whiten(X, k, eps):
    values, V = principal_directions(X, k)
    S = np.array(centre(X)[0]) @ V
    return [[s / (v + eps) ** 0.5 for s, v in zip(row, values)] for row in S]


def plot_spread(spreads):
    ax = plt.figure().add_subplot()
    for name, values in spreads.items():
        line = ax.plot(range(1, len(values) + 1), values)[0]
        ax.annotate(name, (len(values), values[-1]), color=line.get_color())
    ax.set(xlabel="couche", ylabel="écart-type")
    return ax
