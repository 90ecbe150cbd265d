import numpy as np


def gains(S, y):
    n, k = np.shape(S)
    delta = np.array([[float(j != t) for j in range(k)] for t in y])
    return S + delta - np.take_along_axis(S, np.asarray(y)[:, None], axis=1)


def preference_pairs(q, r):
    order = np.argsort(q, kind="stable")
    found = [np.empty((0, 2), int)]
    for query in np.unique(q):
        here = order[q[order] == query]
        found.append(here[np.argwhere(r[here][:, None] > r[here])])
    return np.vstack(found)


def ahead(s, q, r):
    return [s[i] - s[j] for i, j in preference_pairs(q, r)]


def loss_augmented(w, x, y):
    v = (w.reshape(len(x), len(y)) * x[:, None]).sum(axis=0)
    return np.where((y < 0) + v > (y > 0) - v, 1, -1)


def best_value(w, x, y):
    v = y * (w.reshape(len(x), len(y)) * x[:, None]).sum(axis=0)
    return np.maximum(0, 1 - 2 * v).sum()
