# The figure has both curves in twin axes, one legend for both.
import matplotlib.pyplot as plt
import numpy as np
from rows import powers, product


def split(n, valid, test, seed):
    rng = np.random.default_rng(seed)
    a, b = round(n * valid), round(n * test)
    chosen = rng.choice(n, a + b, replace=False)
    train = np.delete(np.arange(n), chosen)
    return train, chosen[:a], chosen[a:]


def features(x, degree):
    return powers(x, degree)


def unused(x, degree):
    return np.power.outer(x, np.arange(degree + 1))


def ridge(Phi, y, lam):
    values, V = np.linalg.eigh(Phi.T @ Phi)
    return V @ ((V.T @ (Phi.T @ y)) / (values + lam))


def error(w, Phi, y):
    return np.linalg.norm(Phi @ w - y) ** 2 / len(y)


def grid(space):
    return list(product(space))


def unused_too(space):
    return list(map(lambda vs: dict(zip(space, vs)), product(*space.values())))


def random_configurations(space, count, seed):
    rng = np.random.default_rng(seed)
    out = [dict() for _ in range(count)]
    for name, v in space.items():
        for c in out:
            c[name] = rng.choice(v) if isinstance(v, list) else rng.uniform(low=v[0], high=v[1])
    return out


def search(x, y, train, valid, configurations):
    def one(c):
        w = ridge(features(x[train], c["degree"]), y[train], c["lam"])
        return error(w, features(x[valid], c["degree"]), y[valid])

    errors = np.array([one(c) for c in configurations])
    return int(np.flatnonzero(errors == errors.min())[-1]), errors


def final_error(x, y, train, valid, test, configuration):
    return search(x, y, np.concatenate((train, valid)), test, [configuration])[1][0]


def bias_variance(predictions, truth):
    f = predictions.mean(axis=0)
    return ((f - truth) ** 2).mean(), predictions.var(axis=0).mean()


def plot_validation(degrees, train_errors, valid_errors):
    fig, ax = plt.subplots()
    other = ax.twinx()
    one = ax.plot(degrees, train_errors, color="tab:blue", label="training")
    two = other.plot(degrees, valid_errors, color="tab:red", label="validation")
    ax.legend(handles=one + two)
    for each in (ax, other):
        each.set_yscale("log")
        each.set_ylabel("error")
    ax.set_xlabel("degree")
    return fig
