# Tuples, 0-d arrays, numpy scalars, an Axes for a Figure, Chinese names.
import matplotlib.pyplot as plt
import numpy as np


def decay_step(w, b, X, y, step_size, lam):
    r = np.dot(X, w) - y + b
    return tuple(w - step_size * (np.dot(r, X) / r.size + lam * w)), np.array(b - step_size * r.mean())


def dropout(A, p, U):
    return np.where(np.less(U, p), np.zeros_like(A), A).tolist()


def dropout_inference(A, p):
    return np.multiply(A, np.array(1 - p))


def inverted_dropout(A, p, U):
    return np.array(dropout(A, p, U)) / (1 - p)


def dropout_backward(dY, p, U):
    return np.choose(U >= p, [0.0, dY])


def batchnorm(X, gamma, beta, eps):
    m = X.mean(axis=0)
    v = (X**2).mean(axis=0) - m**2
    return [tuple(row) for row in (X - m) / np.sqrt(v + eps) * gamma + beta]


def batchnorm_backward(dY, X, gamma, eps):
    n, _ = X.shape
    C = np.eye(n) - np.ones((n, n)) / n
    Xc = C @ X
    s = (np.diag(Xc.T @ Xc) / n + eps) ** -0.5
    G = dY * gamma
    inner = np.diag(Xc.T @ G) / n
    return [C @ G * s - Xc * (inner * s**3), np.diag(Xc.T @ dY) * s, dY.sum(0)]


def running_statistics(batches, momentum):
    from functools import reduce

    def step(state, batch):
        return tuple(
            momentum * old + (1 - momentum) * new
            for old, new in zip(state, (batch.mean(0), batch.var(0)))
        )

    return reduce(step, batches, (0, 1))


def batchnorm_inference(X, gamma, beta, mean, var, eps):
    return ((X - mean) @ np.diag((var + eps) ** -0.5) @ np.diag(gamma) + beta).tolist()


def early_stopping(valid_losses, patience):
    for stop in range(len(valid_losses)):
        seen = list(valid_losses[: stop + 1])
        best = seen.index(min(seen))
        if stop - best == patience:
            break
    return [np.int32(best), np.array(stop)]


def plot_overfitting(train, valid, best):
    ax = plt.figure().gca()
    ax.step(range(len(train)), train, where="post", label="训练损失")
    ax.step(range(len(valid)), valid, where="post", label="验证损失")
    ax.vlines(best, 0, 2, colors="k")
    ax.legend()
    ax.set_xlabel("轮次")
    ax.set_ylabel("损失")
    return ax
