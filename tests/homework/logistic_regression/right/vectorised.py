"""Plain vectorised numpy."""
import matplotlib.pyplot as plt
import numpy as np


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def log_odds(p):
    return np.log(p / (1 - p))


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
    beta0, beta = 0.0, np.zeros(X.shape[1])
    history = [cross_entropy(beta0, beta, X, y)]
    for _ in range(steps):
        g0, g = gradient(beta0, beta, X, y)
        beta0, beta = beta0 + step_size * g0 / len(y), beta + step_size * g / len(y)
        history.append(cross_entropy(beta0, beta, X, y))
    return beta0, beta, np.array(history)


def newton(X, y, steps):
    beta0, beta = 0.0, np.zeros(X.shape[1])
    history = [cross_entropy(beta0, beta, X, y)]
    for _ in range(steps):
        g0, g = gradient(beta0, beta, X, y)
        step = np.linalg.solve(hessian(beta0, beta, X), np.r_[g0, g] / len(y))
        beta0, beta = beta0 + step[0], beta + step[1:]
        history.append(cross_entropy(beta0, beta, X, y))
    return beta0, beta, np.array(history)


def predict(beta0, beta, X):
    return (sigmoid(beta0 + X @ beta) > 0.5).astype(int)


def plot_convergence(gd_history, newton_history):
    fig, ax = plt.subplots()
    ax.plot(gd_history, label="GD")
    ax.plot(newton_history, label="Newton")
    ax.set_xlabel("iteration")
    ax.set_ylabel("loss")
    ax.legend()
    return fig
