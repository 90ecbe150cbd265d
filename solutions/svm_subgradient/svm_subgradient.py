"""A linear support vector machine, trained by subgradient descent.

Sizes: n examples, d features. X (n, d), y (n,) of -1 and +1, w (d,), b float. The margin of
example i is m_i = y_i (w.x_i + b).
"""

import matplotlib.pyplot as plt
import numpy as np


def hinge_loss(t):
    """max(0, 1 - t), element by element. Any shape -> the same shape."""
    return np.maximum(0.0, 1.0 - t)


def objective(w, b, X, y, C):
    """What the machine minimises: a wide margin against examples that violate it.

        f(w, b) = 1/2 ||w||^2 + C sum_i hinge(m_i)     m_i = y_i (w.x_i + b)

    Returns a float.
    """
    return float(0.5 * w @ w + C * np.sum(hinge_loss(y * (X @ w + b))))


def subgradient(w, b, X, y, C):
    """A subgradient of `objective`.

        hinge'(m) = -1 for m < 1, 0 for m > 1, anything from -1 to 0 for m = 1

        gw = w + C sum_i hinge'(m_i) y_i x_i     gb = C sum_i hinge'(m_i) y_i

    Shapes: gw (d,), gb float.
    """
    # At the kink we take 0: an example exactly on its margin exerts no force.
    pushes = np.where(y * (X @ w + b) < 1, -C * y, 0.0)
    return w + X.T @ pushes, float(np.sum(pushes))


def fit(X, y, C, steps, step_size, schedule):
    """Subgradient descent on `objective` from zeros.

        (w, b) <- (w, b) - a_k (gw, gb)     k = 1, ..., steps
        a_k = step_size, step_size / k or step_size / sqrt(k)

    Returns w (d,) and b of the best iterate, and history (steps + 1,), the objective at every
    iterate, the start included. Raises ValueError for an unknown schedule.
    """
    schedules = {
        "constant": lambda k: step_size,
        "1/k": lambda k: step_size / k,
        "1/sqrt(k)": lambda k: step_size / k**0.5,
    }
    if schedule not in schedules:
        raise ValueError(f"unknown schedule {schedule!r}; known are {', '.join(schedules)}")
    w, b = np.zeros(X.shape[1]), 0.0
    best_w, best_b = w, b
    history = [objective(w, b, X, y, C)]
    for k in range(1, steps + 1):
        gw, gb = subgradient(w, b, X, y, C)
        size = schedules[schedule](k)
        w, b = w - size * gw, b - size * gb
        history.append(objective(w, b, X, y, C))
        # A step against a subgradient may lead upwards, so the last iterate need not be the best.
        if history[-1] == min(history):
            best_w, best_b = w, b
    return best_w, best_b, np.array(history)


def margin(w):
    """The distance between the hyperplanes w.x + b = 1 and w.x + b = -1.

    The nearest points of the two differ by a multiple t w of their common normal, and
    w.(t w) = 2 gives t = 2 / ||w||^2: a step of length 2 / ||w||. Returns a float.
    """
    return float(2.0 / np.linalg.norm(w))


def support_vectors(w, b, X, y, tol):
    """Indices of the examples on or inside the margin, m_i <= 1 + tol, in increasing order."""
    return np.flatnonzero(y * (X @ w + b) <= 1 + tol)


def plot_decision_boundary(w, b, X, y):
    """Draw both classes, the boundary, the two margins and the support vectors (d = 2).

    Returns the Figure.
    """
    figure, axes = plt.subplots()
    for label, marker in ((1, "o"), (-1, "s")):
        axes.scatter(*X[y == label].T, marker=marker, label=f"y = {label:+d}")
    on = X[support_vectors(w, b, X, y, 1e-3)]
    axes.scatter(*on.T, s=120, facecolors="none", edgecolors="black", label="support vectors")
    # Lines of other slopes would change what is in view: fix it first.
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
    x1 = np.array(axes.get_xlim())
    for level, style in ((0, "-"), (1, "--"), (-1, ":")):
        # w_1 x_1 + w_2 x_2 + b = level, solved for x_2
        x2 = (level - b - w[0] * x1) / w[1]
        axes.plot(x1, x2, style, color="black", label=f"w.x + b = {level}")
    axes.set(xlabel="$x_1$", ylabel="$x_2$", title=f"Linear SVM, margin {margin(w):.3g}")
    axes.legend()
    return figure


if __name__ == "__main__":
    rng = np.random.default_rng(2)
    y = np.repeat([1.0, -1.0], 40)
    X = rng.normal(size=(80, 2)) + np.outer(y, [1.5, 0.5]) + [3.0, 1.0]
    for C in (0.01, 1.0):
        w, b, history = fit(X, y, C, steps=2000, step_size=0.1, schedule="1/sqrt(k)")
        on = support_vectors(w, b, X, y, 1e-3)
        print(f"C = {C}: objective {history[0]:.4f} -> {history.min():.4f}")
        print(f"  margin {margin(w):.3f}, {len(on)} support vectors")
        plot_decision_boundary(w, b, X, y)
    plt.show()
