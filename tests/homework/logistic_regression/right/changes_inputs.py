"""Arrays are changed in place; lists, booleans, 0-d arrays."""
import matplotlib.pyplot as plt
import numpy as np


def sigmoid(t):
    t *= -1
    np.exp(t, out=t)
    t += 1
    return 1 / t


def log_odds(p):
    return np.log(p / (1 - p))


def log_likelihood(beta0, beta, X, y):
    X *= beta
    z = X.sum(axis=1) + beta0
    y *= 2
    y -= 1
    return np.asarray(-np.logaddexp(0, -y * z).sum())


def gradient(beta0, beta, X, y):
    r = y - sigmoid(beta0 + X @ beta)
    return [np.array(r.sum()), list(r @ X)]


def cross_entropy(beta0, beta, X, y):
    return -log_likelihood(beta0, beta, X.copy(), y.copy()) / len(y)


def log2_loss(t):
    return np.logaddexp(0, -t) / np.log(2)


def signed_loss(beta0, beta, X, s):
    return log2_loss(s * (beta0 + X @ beta)).mean()


def hessian(beta0, beta, X):
    A = np.hstack([np.ones((len(X), 1)), X])
    p = sigmoid(A @ np.r_[beta0, beta])
    return A.T @ np.diag(p * (1 - p)) @ A / len(X)


def gradient_descent(X, y, steps, step_size):
    theta = np.zeros(X.shape[1] + 1)
    history = []
    for t in range(steps + 1):
        history.append(cross_entropy(theta[0], theta[1:], X, y))
        if t < steps:
            g0, g = gradient(theta[0], theta[1:], X, y)
            theta += step_size / len(y) * np.append(g0, g)
    return [theta[0], list(theta[1:]), tuple(history)]


def newton(X, y, steps):
    theta, history = np.zeros(X.shape[1] + 1), []
    for t in range(steps + 1):
        history.append(cross_entropy(theta[0], theta[1:], X, y))
        if t < steps:
            g0, g = gradient(theta[0], theta[1:], X, y)
            theta += np.linalg.pinv(hessian(theta[0], theta[1:], X)) @ np.append(g0, g) / len(y)
    return theta[0], theta[1:], history


def predict(beta0, beta, X):
    return [bool(z >= 0) for z in beta0 + X @ beta]


def plot_convergence(gd_history, newton_history):
    fig, ax = plt.subplots()
    ax.plot(gd_history, label="GD")
    ax.plot(newton_history, label="Newton")
    ax.set_xlabel("iteration")
    ax.set_ylabel("loss")
    ax.legend()
    return fig
