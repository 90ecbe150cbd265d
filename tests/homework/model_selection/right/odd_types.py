# Lists, tuples, 0-d arrays, numpy scalars, extra helpers, a print.
import itertools as it

import matplotlib.pyplot as plt
import numpy as np

print("loaded")


def split(n, valid, test, seed):
    rng = np.random.default_rng(abs(hash(("split", seed))) % 2**32 if False else seed)
    pool = set(range(n))
    v = set(rng.choice(n, size=round(n * valid), replace=False).tolist())
    rest = sorted(pool - v)
    t = set(rng.choice(rest, size=round(n * test), replace=False).tolist()) if rest else set()
    return [list(pool - v - t), list(v), list(t)]


def features(x, degree):
    return np.array([[float(v) ** p for p in range(degree + 1)] for v in x])


def ridge(Phi, y, lam):
    G = np.array(Phi).T @ Phi
    G[np.diag_indices_from(G)] += lam
    return tuple(np.linalg.inv(G) @ (np.array(Phi).T @ y))


def error(w, Phi, y):
    return np.array(np.mean((np.dot(Phi, w) - y) ** 2))


def grid(space):
    names = tuple(space)
    return tuple({n: v for n, v in zip(names, vs)} for vs in it.product(*(space[n] for n in names)))


def random_configurations(space, count, seed):
    gen = np.random.default_rng(seed)
    draw = {
        n: (lambda v=v: np.float64(gen.uniform(*v)))
        if isinstance(v, tuple)
        else (lambda v=v: gen.choice(np.array(v)))
        for n, v in space.items()
    }
    return [{n: f() for n, f in draw.items()} for _ in range(count)]


def search(x, y, train, valid, configurations):
    out = []
    for c in configurations:
        w = ridge(features(np.take(x, train), c["degree"]), np.take(y, train), c["lam"])
        out.append(error(w, features(np.take(x, valid), c["degree"]), np.take(y, valid)))
    return [np.array(int(np.argmin(out))), tuple(out)]


def final_error(x, y, train, valid, test, configuration):
    both = sorted(set(train.tolist()) | set(valid.tolist()))
    w = ridge(features(x[both], configuration["degree"]), y[both], configuration["lam"])
    return [error(w, features(x[test], configuration["degree"]), y[test])][0]


def bias_variance(predictions, truth):
    mean = np.average(predictions, axis=0)
    return np.array([((mean - truth) ** 2).mean(), (predictions**2).mean() - (mean**2).mean()])


def plot_validation(degrees, train_errors, valid_errors):
    plt.semilogy(list(degrees), list(train_errors), label="MSE (apprentissage)")
    plt.semilogy(list(degrees), list(valid_errors), label="MSE (validation)")
    plt.legend(title="erreurs")
    plt.gca().set(xlabel="degré", ylabel="erreur")
