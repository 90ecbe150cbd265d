"""Recursion and lists; a panel for each curve, named on its y axis."""

import matplotlib.pyplot as plt
import numpy as np


import random


def split(n, valid, test, seed):
    idx = list(range(n))
    random.Random(seed).shuffle(idx)
    v = int(n * valid + 0.5)
    t = int(n * test + 0.5)
    return sorted(idx[v + t :]), sorted(idx[:v]), sorted(idx[v : v + t])


def features(x, degree):
    rows = []
    for v in x:
        r = [1.0]
        for _ in range(degree):
            r.append(r[-1] * v)
        rows.append(r)
    return rows


def ridge(Phi, y, lam):
    P = np.asarray(Phi)
    m = P.shape[1]
    return np.linalg.lstsq(
        np.vstack([P, lam**0.5 * np.eye(m)]), np.append(y, [0.0] * m), rcond=None
    )[0].tolist()


def error(w, Phi, y):
    return sum((sum(a * c for a, c in zip(p, w)) - t) ** 2 for p, t in zip(Phi, y)) / len(y)


def grid(space):
    if not space:
        return [{}]
    (k, vs), *rest = space.items()
    return [{k: v, **c} for v in vs for c in grid(dict(rest))]


def random_configurations(space, count, seed):
    r = random.Random(seed)
    out = []
    while len(out) < count:
        out.append(
            {
                k: r.uniform(v[0], v[1]) if type(v) is tuple else r.choice(v)
                for k, v in space.items()
            }
        )
    return tuple(out)


def search(x, y, train, valid, configurations):
    best, errs = None, []
    for i, c in enumerate(configurations):
        P = np.array(features(x, c["degree"]))
        errs.append(error(ridge(P[train], y[train], c["lam"]), P[valid], y[valid]))
        if best is None or errs[i] < errs[best]:
            best = i
    return best, tuple(errs)


def final_error(x, y, train, valid, test, configuration):
    both = list(train) + list(valid)
    w = ridge(
        features([x[i] for i in both], configuration["degree"]),
        [y[i] for i in both],
        configuration["lam"],
    )
    return error(w, features([x[i] for i in test], configuration["degree"]), [y[i] for i in test])


def bias_variance(predictions, truth):
    T, n = len(predictions), len(truth)
    b = v = 0
    for j in range(n):
        col = [p[j] for p in predictions]
        m = sum(col) / T
        b += (m - truth[j]) ** 2 / n
        v += sum((c - m) ** 2 for c in col) / T / n
    return [b, v]


def plot_validation(degrees, train_errors, valid_errors):
    fig, axes = plt.subplots(2, 1)
    axes[0].semilogy(degrees, train_errors, "s-", mfc="w")
    axes[0].set(xlabel="degree", ylabel="training error")
    axes[1].semilogy(degrees, valid_errors, "s-", mfc="w")
    axes[1].set(xlabel="degree", ylabel="validation error")
    return fig
