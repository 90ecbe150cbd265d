"""Max-margin learning beyond two classes. README.md says what each function should do.

Sizes: n examples, d features, k classes. X (n, d); W (d, k), one column per class; S = X W (n, k);
y (n,) holds integers from 0 to k - 1; C and lam are positive floats.
"""

import matplotlib.pyplot as plt
import numpy as np


def multiclass_hinge(S, y):
    """max(0, 1 + max_{j != y} s_j - s_y) for each row of the scores S. Returns (n,)."""
    raise NotImplementedError


def summed_hinge(S, y):
    """The sum over j != y of max(0, s_j - s_y + 1) for each row of the scores S. Returns (n,)."""
    raise NotImplementedError


def objective(W, X, y, C):
    """1/2 ||W||_F^2 + C times the sum of multiclass_hinge over the examples. Returns a float."""
    raise NotImplementedError


def subgradient(W, X, y, C):
    """A subgradient of objective. Returns (d, k). Where it is not unique, any."""
    raise NotImplementedError


def fit(X, y, W0, C, steps, step_size):
    """Subgradient descent on objective from W0; step t = 1, 2, ... has size step_size / sqrt(t).

    Returns (W, history): the iterate with the lowest objective, W0 included, and history
    (steps + 1,), the objective at every iterate, W0's first.
    """
    raise NotImplementedError


def plot_regions(W, X, y):
    """Draw three classes in the plane, and where each of them is predicted.

    W (3, 3); X (n, 3), the last column all ones; y (n,). Show the points so that the classes can be
    told apart, and the regions of the predicted class or their borders; label the axes. Returns
    the Figure.
    """
    raise NotImplementedError


def preference_pairs(q, r):
    """Every (i, j) with q[i] == q[j] and r[i] > r[j], each once.

    q (n,): the queries' numbers. r (n,): grades, larger is better. Returns (m, 2) integers.
    """
    raise NotImplementedError


def ranking_objective(w, Phi, q, r, C):
    """1/2 ||w||^2 + C times the sum over the pairs (i, j) of max(0, 1 - w.(phi_i - phi_j)).

    w (d,); Phi (n, d). Returns a float.
    """
    raise NotImplementedError


def ranking_subgradient(w, Phi, q, r, C):
    """A subgradient of ranking_objective. Returns (d,). Where it is not unique, any."""
    raise NotImplementedError


def swapped_pairs(scores, q, r):
    """How many of the preference pairs have scores[i] <= scores[j]. Returns an integer."""
    raise NotImplementedError


def joint_feature(x, y):
    """psi(x, y): entry a * dy + b is x[a] * y[b].

    x (dx,); y (dy,). Returns (dx * dy,).
    """
    raise NotImplementedError


def loss_augmented(w, x, y):
    """A labelling y' that maximises hamming(y, y') + w.psi(x, y').

    w (dx * dy,); x (dx,); y (dy,) of -1.0 and 1.0. Returns (dy,) of -1 and 1.
    """
    raise NotImplementedError


def structured_objective(w, X, Y, lam):
    """lam/2 ||w||^2 + the mean over i of the largest, over y', of
    hamming(y_i, y') - w.(psi(x_i, y_i) - psi(x_i, y')).

    w (dx * dy,); X (n, dx); Y (n, dy) of -1.0 and 1.0. Returns a float.
    """
    raise NotImplementedError


def structured_subgradient(w, X, Y, lam):
    """A subgradient of structured_objective. Returns (dx * dy,). Where it is not unique, any."""
    raise NotImplementedError


if __name__ == "__main__":
    # python max_margin.py tells wines of three growers apart: by two columns, which it draws, and
    # by all.
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
