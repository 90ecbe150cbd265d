"""Draws and prints while it is loaded, and changes what it is given."""
import itertools
import warnings

import matplotlib.pyplot as plt
import numpy as np

warnings.warn("written late at night")
plt.plot([1, 2], [3, 4], label="validation")


def split(n, valid, test, seed):
    print("splitting", n)
    order = np.random.default_rng(seed).permutation(n)
    train, valid, test = np.split(order, [n - round(n * valid) - round(n * test), n - round(n * test)])
    train.sort()
    return train, valid, test


def features(x, degree):
    return np.cumprod(np.column_stack([np.ones_like(x)] + [x] * degree), axis=1)


def ridge(Phi, y, lam):
    if lam == 0:
        return np.linalg.lstsq(Phi, y, rcond=None)[0]
    K = Phi @ Phi.T
    return Phi.T @ np.linalg.solve(K + lam * np.eye(len(K)), y)


def error(w, Phi, y):
    y -= Phi @ w
    return float(y @ y) / y.size


def grid(space):
    meshes = np.meshgrid(*[np.arange(len(v)) for v in space.values()], indexing="ij")
    return [
        {name: values[i] for (name, values), i in zip(space.items(), index)}
        for index in zip(*[m.ravel() for m in meshes])
    ]


def random_configurations(space, count, seed):
    ss = np.random.SeedSequence(seed).spawn(len(space))
    rngs = [np.random.default_rng(s) for s in ss]
    return [
        {
            name: v[rng.integers(len(v))] if isinstance(v, list) else rng.uniform(v[0], v[1])
            for (name, v), rng in zip(space.items(), rngs)
        }
        for _ in range(count)
    ]


def search(x, y, train, valid, configurations):
    errors = np.zeros(len(configurations))
    for k, c in enumerate(configurations):
        w = ridge(features(x[train], c["degree"]), y[train], c["lam"])
        errors[k] = error(w, features(x[valid], c["degree"]), y[valid].copy())
    train.sort()
    return errors.argsort(kind="stable")[0], errors


def final_error(x, y, train, valid, test, configuration):
    _, errors = search(x, y, np.r_[train, valid], test, [configuration])
    return errors[0]


def bias_variance(predictions, truth):
    predictions -= truth
    bias = predictions.mean(0)
    return np.mean(bias**2), np.mean((predictions - bias) ** 2)


def plot_validation(degrees, train_errors, valid_errors):
    fig, ax = plt.subplots(num=3)
    for values, name, color in ((train_errors, "训练误差", "b"), (valid_errors, "验证误差", "r")):
        for a, b, c, d in zip(degrees, degrees[1:], values, values[1:]):
            ax.plot([a, b], [c, d], color)
        ax.annotate(name, (degrees[-1], values[-1]), color=color)
    ax.set(yscale="log", xlabel="次数", ylabel="误差")
    return fig


for degree in range(3):
    print(degree)
