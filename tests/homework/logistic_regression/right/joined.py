"""One vector of parameters; everything once; Newton by weighted least squares."""
import matplotlib.pyplot as plt
import numpy as np


def _A(X):
    return np.column_stack([np.ones(len(X)), X])


def _minimise(X, y, steps, move):
    theta = np.zeros(X.shape[1] + 1)
    history = np.zeros(steps + 1)
    for t in range(steps):
        history[t] = cross_entropy(theta[0], theta[1:], X, y)
        theta = theta + move(theta)
    history[steps] = cross_entropy(theta[0], theta[1:], X, y)
    return theta[0], theta[1:], history


def sigmoid(t):
    return np.exp(-np.logaddexp(0.0, -t))


def log_odds(p):
    return np.log(p) - np.log1p(-p)


def log_likelihood(beta0, beta, X, y):
    z = beta0 + X @ beta
    return np.sum(y * z - np.logaddexp(0, z))


def gradient(beta0, beta, X, y):
    r = y - sigmoid(beta0 + X @ beta)
    return r.sum(), X.T @ r


def cross_entropy(beta0, beta, X, y):
    return -log_likelihood(beta0, beta, X, y) / len(y)


def log2_loss(t):
    return np.logaddexp(0, -t) / np.log(2)


def signed_loss(beta0, beta, X, s):
    return log2_loss(s * (beta0 + X @ beta)).mean()


def hessian(beta0, beta, X):
    A = np.hstack([np.ones((len(X), 1)), X])
    p = sigmoid(A @ np.r_[beta0, beta])
    return A.T @ np.diag(p * (1 - p)) @ A / len(X)


def gradient_descent(X, y, steps, step_size):
    A = _A(X)
    return _minimise(X, y, steps, lambda theta: step_size * A.T @ (y - sigmoid(A @ theta)) / len(y))


def newton(X, y, steps):
    A = _A(X)

    def move(theta):
        p = sigmoid(A @ theta)
        root = np.sqrt(p * (1 - p))
        return np.linalg.lstsq(A * root[:, None], (y - p) / root, rcond=None)[0]

    return _minimise(X, y, steps, move)


def predict(beta0, beta, X):
    return (sigmoid(beta0 + X @ beta) > 0.5).astype(int)


def plot_convergence(gd_history, newton_history):
    fig, axs = plt.subplots(2, 1)
    for ax, history, name in zip(axs, (gd_history, newton_history), ("Descente de gradient", "Newton")):
        ax.step(range(len(history)), history, where="mid")
        ax.set_title(name)
        ax.set_ylabel("perte")
        ax.set_xlabel("iteration")
    return fig
