"""Linear regression, f(x) = w.x + b, with an L1 or L2 penalty.

Sizes: n examples, k features. X (n, k), y (n,), w (k,), b float.
"""

import matplotlib.pyplot as plt
import numpy as np


def predict(w, b, X):
    """f(x_i) = w.x_i + b of every example. Shapes: X (n, k) -> (n,)."""
    return X @ w + b


def loss(w, b, X, y, lam, penalty):
    """Mean squared error and the penalty on w.

        L(w, b) = 1/n sum_i (f(x_i) - y_i)^2 + P(w)
        P = 0 ("none"),   lam/k sum_j |w_j| ("l1"),   lam/k sum_j w_j^2 ("l2")

    b is free: a penalty on it would pull the predictions towards 0 instead of the mean of y.
    Returns a float.
    """
    error = np.mean((predict(w, b, X) - y) ** 2)
    if penalty == "none":
        return float(error)
    if penalty == "l1":
        return float(error + lam / len(w) * np.sum(np.abs(w)))
    if penalty == "l2":
        return float(error + lam / len(w) * np.sum(w**2))
    raise ValueError(f'penalty is {penalty!r}, expected "none", "l1" or "l2"')


def gradient(w, b, X, y, lam, penalty):
    """Gradient of `loss`; with "l1" a subgradient.

        dL/dw = 2/n X' r + dP/dw     dL/db = 2/n sum_i r_i     r = f(X) - y
        dP/dw_j = 0,   lam/k sign(w_j),   2 lam/k w_j

    |w_j| has a kink at 0, where any slope from -1 to 1 is a subgradient; np.sign takes 0.
    Shapes: dw (k,), db float.
    """
    n, k = X.shape
    r = predict(w, b, X) - y
    dw, db = 2 / n * (X.T @ r), 2 * np.mean(r)
    if penalty == "l1":
        dw = dw + lam / k * np.sign(w)
    elif penalty == "l2":
        dw = dw + 2 * lam / k * w
    return dw, float(db)


def solve(X, y, lam):
    """The minimiser (w, b) of `loss` with "l2", without a single step.

    dL/db = 0 says b = mean(y) - w.mean(X). With that b the model is w.(x - mean(X)) + mean(y), so
    b disappears from the problem where both X and y are centred, and dL/dw = 0 becomes

        (Xc' Xc / n + lam/k I) w = Xc' yc / n

    For lam > 0 the matrix can be inverted whatever X is. Shapes: w (k,), b float.
    """
    n, k = X.shape
    mean_x, mean_y = X.mean(axis=0), y.mean()
    Xc, yc = X - mean_x, y - mean_y
    w = np.linalg.solve(Xc.T @ Xc / n + lam / k * np.eye(k), Xc.T @ yc / n)
    return w, float(mean_y - w @ mean_x)


def fit(X, y, lam, penalty, steps, step_size):
    """Gradient descent on `loss` from zeros with a constant step.

        w <- w - step_size dL/dw     b <- b - step_size dL/db     both taken at the same point

    Returns the last iterate, w (k,) and b, and history (steps + 1,): `loss` at every iterate, the
    start included.
    """
    w, b = np.zeros(X.shape[1]), 0.0
    history = [loss(w, b, X, y, lam, penalty)]
    for _ in range(steps):
        dw, db = gradient(w, b, X, y, lam, penalty)
        w, b = w - step_size * dw, b - step_size * db
        history.append(loss(w, b, X, y, lam, penalty))
    return w, b, np.array(history)


def standardise(X):
    """Columns of mean 0 and variance 1: Z = (X - mean) / std.

    The variance divides by n, so that the columns of Z have 1/n sum_i z_ij^2 = 1. A constant
    column has nothing to divide by: it becomes zeros, and 1 stands for its std, so that the same
    formula can be used for new examples.
    Shapes: Z (n, k), mean (k,), std (k,).
    """
    mean, std = X.mean(axis=0), X.std(axis=0)
    std = np.where(std > 0, std, 1.0)
    return (X - mean) / std, mean, std


def coefficient_path(X, y, lams):
    """The weights of `solve` for each lam, in the order given. Shape (len(lams), k)."""
    return np.array([solve(X, y, lam)[0] for lam in lams])


def plot_path(lams, path):
    """Draw each coefficient against lam, on a logarithmic axis. Returns the Figure."""
    figure, axes = plt.subplots()
    axes.plot(lams, path)  # one line for each column of path
    axes.axhline(0.0, color="grey", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xlabel("penalty λ")
    axes.set_ylabel("coefficient")
    axes.set_title("Coefficients shrink as the penalty grows")
    return figure


if __name__ == "__main__":
    table = np.loadtxt("diabetes.csv", delimiter=",")
    X, y = standardise(table[:, :10])[0], table[:, 10]
    w, b = solve(X, y, 0.0)
    print(f"exact minimum {loss(w, b, X, y, 0.0, 'none'):.2f}")
    for steps in (100, 1000, 10000):
        history = fit(X, y, 0.0, "none", steps, 0.2)[2]
        print(f"after {steps:5d} steps {history[-1]:.2f}")
    lams = np.geomspace(0.01, 10000.0, 61)
    plot_path(lams, coefficient_path(X, y, lams))
    plt.show()
