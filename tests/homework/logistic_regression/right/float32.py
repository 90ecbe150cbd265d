"""Everything in float32."""
import matplotlib.pyplot as plt
import numpy as np

f32 = np.float32


def sigmoid(t):
    small = np.exp(-np.abs(np.asarray(t, f32)))
    return np.where(np.asarray(t) >= 0, f32(1), small) / (f32(1) + small)


def log_odds(p):
    p = p.astype(f32)
    return np.log(p) - np.log1p(-p)


def log_likelihood(beta0, beta, X, y):
    z = f32(beta0) + X.astype(f32) @ np.asarray(beta, f32)
    return np.sum(y.astype(f32) * z - np.logaddexp(f32(0), z))


def gradient(beta0, beta, X, y):
    X = X.astype(f32)
    r = y.astype(f32) - sigmoid(f32(beta0) + X @ np.asarray(beta, f32))
    return r.sum(), X.T @ r


def cross_entropy(beta0, beta, X, y):
    return f32(-log_likelihood(beta0, beta, X, y) / f32(len(y)))


def log2_loss(t):
    return np.logaddexp(f32(0), -t.astype(f32)) / f32(np.log(2))


def signed_loss(beta0, beta, X, s):
    return log2_loss(s * (beta0 + X @ beta)).mean()


def hessian(beta0, beta, X):
    A = np.hstack([np.ones((len(X), 1)), X]).astype(f32)
    p = sigmoid(A @ np.append(beta0, beta).astype(f32))
    return (A.T * (p * (1 - p))) @ A / f32(len(X))


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
