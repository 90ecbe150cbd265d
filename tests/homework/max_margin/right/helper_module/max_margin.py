from margins import *
from margins import gains
import matplotlib.pyplot as plt


def multiclass_hinge(S, y):
    return np.sort(gains(S, y), axis=1)[:, -1]


def summed_hinge(S, y):
    return np.clip(gains(S, y), 0, np.inf).sum(axis=-1)


def objective(W, X, y, C):
    return float(np.vdot(W, W) / 2 + C * multiclass_hinge(np.matmul(X, W), y).sum())


def subgradient(W, X, y, C):
    A = gains(X @ W, y)
    last = A.shape[1] - 1 - A[:, ::-1].argmax(axis=1)
    k = np.arange(W.shape[1])
    return W + C * X.T @ ((k == last[:, None]) * 1.0 - (k == y[:, None]))


def fit(X, y, W0, C, steps, step_size):
    iterates = [W0]
    while len(iterates) <= steps:
        W = iterates[-1]
        iterates.append(W - step_size * subgradient(W, X, y, C) / np.sqrt(len(iterates)))
    history = [objective(W, X, y, C) for W in iterates]
    return iterates[history.index(min(history))], tuple(history)


def ranking_objective(w, Phi, q, r, C):
    return 0.5 * np.inner(w, w) + C * sum(max(0.0, 1 - m) for m in ahead(Phi @ w, q, r))


def ranking_subgradient(w, Phi, q, r, C):
    g = np.zeros(len(Phi))
    for i, j in preference_pairs(q, r):
        if (Phi[i] - Phi[j]) @ w < 1:
            g[i] -= C
            g[j] += C
    return w + g @ Phi


def swapped_pairs(scores, q, r):
    return int(sum(m <= 0 for m in ahead(scores, q, r)))


def joint_feature(x, y):
    return np.matmul(x[:, None], y[None]).ravel()


def structured_objective(w, X, Y, lam):
    return lam * w @ w / 2 + sum(best_value(w, x, y) for x, y in zip(X, Y)) / len(Y)


def structured_subgradient(w, X, Y, lam):
    G = sum(np.outer(x, loss_augmented(w, x, y) - y) for x, y in zip(X, Y)) / len(Y)
    return lam * w + G.ravel()


def plot_regions(W, X, y):
    fig, (left, ax) = plt.subplots(1, 2)
    left.bar([0, 1, 2], np.bincount(y, minlength=3))
    x1, x2 = np.linspace(-5, 5, 301), np.linspace(-6, 6, 301)
    A, B = np.meshgrid(x1, x2)
    Z = sum(W[i][:, None, None] * M for i, M in enumerate((A, B, np.ones_like(A)))).argmax(0)
    ax.pcolormesh(A, B, Z, cmap="Pastel1", shading="nearest")
    for c, colour in enumerate("rbg"):
        ax.scatter(X[y == c][:, 0], X[y == c][:, 1], color=colour, ec="k")
    ax.set(xlabel="x", ylabel="y", xlim=(-4, 4), ylim=(-5.5, 5.5))
    return fig
