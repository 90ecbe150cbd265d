"""Max-margin learning beyond two classes: the reference.

The same idea three times: what is right should win by a margin over each of its rivals. The rivals
are the other classes, the documents with a lower grade, or all 2^dy labellings.
"""

import matplotlib.pyplot as plt
import numpy as np


def _augmented(S, y):
    """s_j - s_y + 1 for each rival j, and 0 for the right class itself: (n, k)."""
    rows = np.arange(len(y))
    A = S - S[rows, y][:, None] + 1.0
    A[rows, y] = 0.0
    return A


def multiclass_hinge(S, y):
    """max(0, 1 + max_{j != y} s_j - s_y) for each example, (n,).

    The smallest slack xi_i that satisfies all constraints s_y - s_j >= 1 - xi_i and xi_i >= 0.
    """
    return _augmented(S, y).max(axis=1)


def summed_hinge(S, y):
    """sum_{j != y} max(0, s_j - s_y + 1) for each example, (n,)."""
    return np.maximum(_augmented(S, y), 0.0).sum(axis=1)


def objective(W, X, y, C):
    """1/2 ||W||_F^2 + C sum_i multiclass_hinge(X W, y)_i, a float."""
    return float(0.5 * np.sum(W**2) + C * np.sum(multiclass_hinge(X @ W, y)))


def subgradient(W, X, y, C):
    """A subgradient of `objective`, (d, k).

    An example that violates its margin pulls its strongest rival's column down and its own class's
    column up: +x_i and -x_i. One that keeps it is its own strongest rival, and the two cancel.
    """
    rows = np.arange(len(y))
    rival = _augmented(X @ W, y).argmax(axis=1)
    pulls = np.zeros((len(y), W.shape[1]))
    pulls[rows, rival] += 1.0
    pulls[rows, y] -= 1.0
    return W + C * X.T @ pulls


def fit(X, y, W0, C, steps, step_size):
    """Subgradient descent on `objective` from W0, with steps of step_size / sqrt(t), t = 1, 2, ...

    Returns W of the lowest objective, and history (steps + 1,), the objective of every iterate.
    """
    W, best = np.array(W0, dtype=float), np.array(W0, dtype=float)
    history = [objective(W, X, y, C)]
    for t in range(1, steps + 1):
        W = W - step_size / np.sqrt(t) * subgradient(W, X, y, C)
        history.append(objective(W, X, y, C))
        # A step against a subgradient may lead upwards, so the last iterate need not be the best.
        if history[-1] == min(history):
            best = W
    return best, np.array(history)


def plot_regions(W, X, y):
    """Draw the classes' points and the regions where each class has the largest score.

    X (n, 3) has a last column of ones. Returns the Figure.
    """
    figure, axes = plt.subplots()
    for label in range(W.shape[1]):
        axes.scatter(*X[y == label, :2].T, marker="os^"[label % 3], label=f"class {label}")
    # Lay a grid over what is in view, and predict the class of each of its points.
    x1, x2 = np.meshgrid(np.linspace(*axes.get_xlim(), 300), np.linspace(*axes.get_ylim(), 300))
    scores = np.stack([x1, x2, np.ones_like(x1)], axis=-1) @ W
    levels = np.arange(W.shape[1] + 1) - 0.5
    colors = [f"C{label}" for label in range(W.shape[1])]
    axes.contourf(x1, x2, scores.argmax(axis=-1), levels, colors=colors, alpha=0.25, zorder=0)
    axes.set(xlabel="$x_1$", ylabel="$x_2$")
    axes.legend()
    return figure


def preference_pairs(q, r):
    """Every (i, j) of one query with r_i > r_j, (m, 2)."""
    prefers = (q[:, None] == q[None, :]) & (r[:, None] > r[None, :])
    return np.argwhere(prefers)


def _differences(Phi, q, r):
    """phi_i - phi_j for each preference pair, (m, d)."""
    i, j = preference_pairs(q, r).T
    return Phi[i] - Phi[j]


def ranking_objective(w, Phi, q, r, C):
    """1/2 ||w||^2 + C sum over the pairs of max(0, 1 - w.(phi_i - phi_j)), a float."""
    return float(0.5 * w @ w + C * np.sum(np.maximum(0.0, 1.0 - _differences(Phi, q, r) @ w)))


def ranking_subgradient(w, Phi, q, r, C):
    """A subgradient of `ranking_objective`, (d,): a linear SVM whose examples are differences."""
    D = _differences(Phi, q, r)
    return w - C * D[D @ w < 1].sum(axis=0)


def swapped_pairs(scores, q, r):
    """The number of preference pairs whose scores do not say so, s_i <= s_j."""
    i, j = preference_pairs(q, r).T
    return int(np.sum(scores[i] <= scores[j]))


def joint_feature(x, y):
    """psi(x, y), (dx * dy,): entry a * dy + b is x_a y_b."""
    return np.outer(x, y).ravel()


def loss_augmented(w, x, y):
    """argmax over y' in {-1, +1}^dy of hamming(y, y') + w.psi(x, y'), (dy,).

    Both terms are sums over the places: with v_b = sum_a x_a w_{a dy + b} place b gives v_b y'_b,
    and 1 more if y'_b differs from y_b. So each place is decided by itself, in 2 dy comparisons
    and not 2^dy.
    """
    v = np.reshape(w, (len(x), len(y))).T @ x
    keep, flip = v * y, 1.0 - v * y
    return np.where(flip > keep, -y, y)


def structured_objective(w, X, Y, lam):
    """lam/2 ||w||^2 + 1/n sum_i max_y' (hamming(y_i, y') - w.(psi(x_i, y_i) - psi(x_i, y')))."""
    losses = []
    for x, y in zip(X, Y, strict=True):
        worst = loss_augmented(w, x, y)
        losses.append(np.sum(worst != y) - w @ (joint_feature(x, y) - joint_feature(x, worst)))
    return float(0.5 * lam * w @ w + np.mean(losses))


def structured_subgradient(w, X, Y, lam):
    """A subgradient of `structured_objective`, (dx * dy,).

    The gradient of a maximum is that of the term that is the largest.
    """
    pulls = np.zeros(len(w))
    for x, y in zip(X, Y, strict=True):
        pulls += joint_feature(x, loss_augmented(w, x, y)) - joint_feature(x, y)
    return lam * w + pulls / len(X)


if __name__ == "__main__":
    table = np.loadtxt("wine.csv", delimiter=",")
    y = table[:, 13].astype(int)
    W0 = 0.1 * np.random.default_rng(0).normal(size=(14, 3))
    for name, columns in (("alcohol and flavanoids", [0, 6]), ("all columns", list(range(13)))):
        Z = table[:, columns]
        X = np.column_stack([(Z - Z.mean(axis=0)) / Z.std(axis=0), np.ones(len(Z))])
        W, history = fit(X, y, W0[-X.shape[1] :], C=1.0, steps=1000, step_size=0.05)
        errors = int(np.sum((X @ W).argmax(axis=1) != y))
        print(f"{name}: objective {history[0]:.3f} -> {min(history):.3f}, {errors} errors")
        if X.shape[1] == 3:
            plot_regions(W, X, y)
    plt.show()
