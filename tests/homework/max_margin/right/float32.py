import numpy as np
import matplotlib.pyplot as plt

F = np.float32


def f(*arrays):
    return [np.asarray(a, F) for a in arrays]


def _gains(S, y):
    onehot = np.eye(S.shape[1], dtype=F)[y]
    return S - (S * onehot).sum(1, keepdims=True) + (1 - onehot)


def multiclass_hinge(S, y):
    (S,) = f(S)
    return _gains(S, y).max(1)


def summed_hinge(S, y):
    (S,) = f(S)
    return np.maximum(_gains(S, y), F(0)).sum(1)


def objective(W, X, y, C):
    W, X = f(W, X)
    return F(0.5) * (W * W).sum() + F(C) * multiclass_hinge(X @ W, y).sum()


def subgradient(W, X, y, C):
    W, X = f(W, X)
    G = _gains(X @ W, y)
    A = (G == G.max(1, keepdims=True)).astype(F)
    A /= A.sum(1, keepdims=True)
    return W + F(C) * X.T @ (A - np.eye(W.shape[1], dtype=F)[y])


def fit(X, y, W0, C, steps, step_size):
    X, W = f(X, W0)
    every = [W]
    for t in range(1, steps + 1):
        every.append(every[-1] - F(step_size / t**0.5) * subgradient(every[-1], X, y, C))
    values = np.array([objective(V, X, y, C) for V in every], F)
    return every[values.argmin()], values


def preference_pairs(q, r):
    i, j = np.nonzero(np.logical_and(np.equal.outer(q, q), np.greater.outer(r, r)))
    return np.column_stack([i, j]).astype(np.int16)


def _diff(Phi, q, r):
    p = preference_pairs(q, r)
    return Phi[p[:, 0]] - Phi[p[:, 1]]


def ranking_objective(w, Phi, q, r, C):
    w, Phi = f(w, Phi)
    return F(0.5) * w @ w + F(C) * np.clip(1 - _diff(Phi, q, r) @ w, 0, None).sum()


def ranking_subgradient(w, Phi, q, r, C):
    w, Phi = f(w, Phi)
    D = _diff(Phi, q, r)
    return w - F(C) * (D @ w < 1).astype(F) @ D


def swapped_pairs(scores, q, r):
    p = preference_pairs(q, r)
    return np.float64((scores[p[:, 0]] <= scores[p[:, 1]]).sum())


def joint_feature(x, y):
    return (np.asarray(x, F)[:, None] * np.asarray(y, F)).reshape(-1)


def loss_augmented(w, x, y):
    w, x, y = f(w, x, y)
    v = x @ w.reshape(x.size, y.size)
    return np.where(2 * v - y >= 0, F(1), F(-1))


def structured_objective(w, X, Y, lam):
    w, X, Y = f(w, X, Y)
    V = Y * (X @ w.reshape(X.shape[1], Y.shape[1]))
    return F(lam / 2) * w @ w + np.maximum(0, 1 - 2 * V).sum(1).mean()


def structured_subgradient(w, X, Y, lam):
    w, X, Y = f(w, X, Y)
    V = Y * (X @ w.reshape(X.shape[1], Y.shape[1]))
    return F(lam) * w - F(2 / len(X)) * (X.T @ (Y * (V <= 0.5))).ravel()


def plot_regions(W, X, y):
    fig, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y, cmap="viridis", edgecolor="w", zorder=3)
    lo, hi = X[:, :2].min(0) - 1, X[:, :2].max(0) + 1
    g = np.stack(np.meshgrid(np.linspace(lo[0], hi[0], 256), np.linspace(lo[1], hi[1], 256)), -1)
    best = (g @ W[:2] + W[2]).argmax(-1)
    ax.imshow(best, extent=(lo[0], hi[0], lo[1], hi[1]), origin="lower", alpha=0.4, aspect="auto")
    ax.set_xlabel("$x_1$"), ax.set_ylabel("$x_2$")
    return fig
