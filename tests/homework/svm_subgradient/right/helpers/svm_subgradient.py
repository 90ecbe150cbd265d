import numpy as np

from drawing import draw
from helper import Rates, margins as m_of


def hinge_loss(t):
    """max(0, 1 - t)"""
    return np.fmax(np.subtract(1, t), 0)


def objective(w, b, X, y, C):
    return w.dot(w) / 2 + C * hinge_loss(m_of(w, b, X, y)).sum()


def subgradient(w, b, X, y, C):
    active = m_of(w, b, X, y) < 1
    Xa, ya = X[active], y[active]
    return w - C * ya.dot(Xa), -C * ya.sum()


def fit(X, y, C, steps, step_size, schedule):
    rates = Rates(schedule, step_size)
    w, b = np.zeros(X.shape[1]), 0.0
    best = {"f": objective(w, b, X, y, C), "w": w, "b": b}
    history = [best["f"]]
    for _ in range(steps):
        alpha = next(rates)
        gw, gb = subgradient(w, b, X, y, C)
        w, b = w - alpha * gw, b - alpha * gb
        f = objective(w, b, X, y, C)
        history.append(f)
        if f < best["f"]:
            best = {"f": f, "w": w, "b": b}
    return best["w"], best["b"], history


def margin(w):
    return 2.0 / np.hypot.reduce(w)


def support_vectors(w, b, X, y, tol):
    inside = m_of(w, b, X, y) - 1 <= tol
    return inside.nonzero()[0]


def plot_decision_boundary(w, b, X, y):
    return draw(w, b, X, y, support_vectors(w, b, X, y, 1e-9))


if __name__ == "__main__":
    raise SystemExit("train something")
