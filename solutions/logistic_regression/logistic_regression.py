"""Logistic regression: p(x) = sigmoid(beta0 + x.beta).

Sizes: n examples, d features. X (n, d), y (n,) of 0 and 1, s (n,) of -1 and +1, beta0 float,
beta (d,).
"""

import matplotlib.pyplot as plt
import numpy as np


def sigmoid(t):
    """1 / (1 + exp(-t)), element by element, for an array of any shape."""
    # exp overflows above 709, so it is only taken of -|t|:
    # 1 / (1 + e^-t) for t >= 0, and e^t / (1 + e^t), the same number, for t < 0.
    small = np.exp(-np.abs(t))
    return np.where(t >= 0, 1.0, small) / (1.0 + small)


def log_odds(p):
    """log(p / (1 - p)), the inverse of `sigmoid`, element by element."""
    return np.log(p) - np.log1p(-p)


def log_likelihood(beta0, beta, X, y):
    """Log of the probability that the model gives to the labels, a sum over the examples.

        l(beta0, beta) = sum_i y_i log p_i + (1 - y_i) log(1 - p_i) = sum_i y_i z_i - log(1 + e^z_i)

    with the scores z_i = beta0 + x_i.beta. Returns a float.
    """
    z = beta0 + X @ beta
    # Not through p: it is rounded to 1 above z = 37, and log(1 - p) is then -inf.
    # logaddexp(0, z) is log(e^0 + e^z), taken without overflow.
    return float(np.sum(y * z - np.logaddexp(0.0, z)))


def gradient(beta0, beta, X, y):
    """Gradient of `log_likelihood`.

        dl/dz_i = y_i - p_i     dl/dbeta0 = sum_i (y_i - p_i)     dl/dbeta = X' (y - p)

    Shapes: a float and (d,).
    """
    r = y - sigmoid(beta0 + X @ beta)
    return float(r.sum()), X.T @ r


def cross_entropy(beta0, beta, X, y):
    """Mean cross entropy between labels and probabilities: -l / n. Returns a float."""
    return -log_likelihood(beta0, beta, X, y) / len(y)


def log2_loss(t):
    """log2(1 + exp(-t)), element by element, for t = s f(x) with s = -1 or +1."""
    return np.logaddexp(0.0, -t) / np.log(2.0)


def signed_loss(beta0, beta, X, s):
    """Mean of `log2_loss` over the examples, labels -1 and +1. Returns a float.

    With y = (1 + s) / 2 it is `cross_entropy` in bits, that is divided by log 2.
    """
    return float(np.mean(log2_loss(s * (beta0 + X @ beta))))


def hessian(beta0, beta, X):
    """Second derivatives of `cross_entropy`, beta0 first. Shape (d + 1, d + 1).

        H = 1/n sum_i p_i (1 - p_i) a_i a_i'     a_i = (1, x_i)

    The labels have dropped out, and no weight p (1 - p) is negative: the loss is convex.
    """
    A = np.column_stack([np.ones(len(X)), X])
    p = sigmoid(beta0 + X @ beta)
    return A.T @ (A * (p * (1 - p))[:, None]) / len(X)


def gradient_descent(X, y, steps, step_size):
    """Descent on `cross_entropy` from zeros with a constant step.

    Returns the last iterate, beta0 and beta (d,), and history (steps + 1,), the cross entropy at
    every iterate, the start included.
    """
    n, d = X.shape
    beta0, beta = 0.0, np.zeros(d)
    history = [cross_entropy(beta0, beta, X, y)]
    for _ in range(steps):
        up0, up = gradient(beta0, beta, X, y)
        # The gradient of the cross entropy is that of the log-likelihood times -1/n.
        beta0, beta = beta0 + step_size * up0 / n, beta + step_size * up / n
        history.append(cross_entropy(beta0, beta, X, y))
    return beta0, beta, np.array(history)


def newton(X, y, steps):
    """Newton's method on `cross_entropy` from zeros, full steps.

        (beta0, beta) <- (beta0, beta) - H^-1 g     g, H: gradient and Hessian there

    Each step goes to the minimum of the parabola that has the same value, slope and curvature.
    Returns as `gradient_descent` does.
    """
    n, d = X.shape
    beta0, beta = 0.0, np.zeros(d)
    history = [cross_entropy(beta0, beta, X, y)]
    for _ in range(steps):
        up0, up = gradient(beta0, beta, X, y)
        move = np.linalg.solve(hessian(beta0, beta, X), np.append(up0, up) / n)
        beta0, beta = beta0 + float(move[0]), beta + move[1:]
        history.append(cross_entropy(beta0, beta, X, y))
    return beta0, beta, np.array(history)


def predict(beta0, beta, X):
    """1 where p(x) > 1/2, which is where the score is positive, else 0. Shape (n,)."""
    return (beta0 + X @ beta > 0).astype(int)


def plot_convergence(gd_history, newton_history):
    """Draw both histories against the iteration. Returns the Figure."""
    figure, axes = plt.subplots()
    axes.plot(np.arange(len(gd_history)), gd_history, label="gradient descent")
    axes.plot(np.arange(len(newton_history)), newton_history, "o-", label="Newton")
    axes.set_xlabel("iteration")
    axes.set_ylabel("mean cross entropy")
    axes.legend()
    return figure


if __name__ == "__main__":
    table = np.loadtxt("breast_cancer.csv", delimiter=",")
    X, y = table[:, :2], table[:, 2]
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    _, _, slow = gradient_descent(X, y, 40, 1.0)
    beta0, beta, fast = newton(X, y, 8)
    print(f"gradient descent {slow[0]:.4f} -> {slow[-1]:.4f} in {len(slow) - 1} steps")
    print(f"Newton {fast[0]:.4f} -> {fast[-1]:.4f} in {len(fast) - 1} steps")
    print(f"right on {np.mean(predict(beta0, beta, X) == y):.1%} of the tumours it was fitted to")
    plot_convergence(slow, fast)
    plt.show()
