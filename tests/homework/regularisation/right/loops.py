"""Scalars and lists only."""

import matplotlib.pyplot as plt


def decay_step(w, b, X, y, step_size, lam):
    n, d = len(X), len(w)
    r = [sum(w[j] * X[i][j] for j in range(d)) + b - y[i] for i in range(n)]
    new = []
    for j in range(d):
        new.append((1 - step_size * lam) * w[j] - step_size / n * sum(r[i] * X[i][j] for i in range(n)))
    return new, b - step_size / n * sum(r)


def apply(f, A, U):
    if getattr(A, "ndim", 1) == 0 or not hasattr(A, "__len__"):
        return f(float(A), float(U))
    return [apply(f, a, u) for a, u in zip(A, U)]


def dropout(A, p, U):
    return apply(lambda a, u: a if u >= p else 0.0, A, U)


def dropout_inference(A, p):
    return apply(lambda a, _: (1 - p) * a, A, A)


def inverted_dropout(A, p, U):
    return apply(lambda a, u: a / (1 - p) if u >= p else 0.0, A, U)


def dropout_backward(dY, p, U):
    return dropout(dY, p, U)


def statistics(column):
    mean = sum(column) / len(column)
    return mean, sum((v - mean) ** 2 for v in column) / len(column)


def batchnorm(X, gamma, beta, eps):
    rows = [[0.0] * len(gamma) for _ in X]
    for j in range(len(gamma)):
        mean, var = statistics([row[j] for row in X])
        for i, row in enumerate(X):
            rows[i][j] = gamma[j] * (row[j] - mean) / (var + eps) ** 0.5 + beta[j]
    return rows


def batchnorm_backward(dY, X, gamma, eps):
    n, d = len(X), len(gamma)
    dX, dgamma, dbeta = [[0.0] * d for _ in X], [0.0] * d, [0.0] * d
    for j in range(d):
        mean, var = statistics([row[j] for row in X])
        root = (var + eps) ** 0.5
        z = [(X[i][j] - mean) / root for i in range(n)]
        up = [dY[i][j] for i in range(n)]
        dbeta[j] = sum(up)
        dgamma[j] = sum(u * v for u, v in zip(up, z))
        for i in range(n):
            dX[i][j] = gamma[j] / (n * root) * (n * up[i] - dbeta[j] - z[i] * dgamma[j])
    return tuple((dX, dgamma, dbeta))


def running_statistics(batches, momentum):
    d = len(batches[0][0])
    mean, var = [0.0] * d, [1.0] * d
    for batch in batches:
        for j in range(d):
            m, v = statistics([row[j] for row in batch])
            mean[j] += (1 - momentum) * (m - mean[j])
            var[j] += (1 - momentum) * (v - var[j])
    return mean, var


def batchnorm_inference(X, gamma, beta, mean, var, eps):
    return [
        [g * (x - m) / (v + eps) ** 0.5 + b for x, g, b, m, v in zip(row, gamma, beta, mean, var)]
        for row in X
    ]


def early_stopping(valid_losses, patience):
    lowest, best, waited = None, 0, 0
    for epoch, value in enumerate(valid_losses):
        if lowest is None or value < lowest:
            lowest, best, waited = value, epoch, 0
        else:
            waited += 1
            if waited == patience:
                break
    return best, epoch


def plot_overfitting(train, valid, best):
    plt.figure()
    plt.plot(range(len(train)), train, ".-", label="Training")
    plt.plot(range(len(valid)), valid, ".-", label="Validation")
    plt.annotate("best", (best, valid[best]), (best + 3, valid[best] + 1), arrowprops={"arrowstyle": "->"})
    plt.legend()
    plt.xlabel("epoch")
    plt.ylabel("loss")
