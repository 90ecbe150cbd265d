import matplotlib.pyplot as plt
import numpy as np

F = np.float32


def decay_step(w, b, X, y, step_size, lam):
    w, X, y = F(w), F(X), F(y)
    r = X @ w + F(b) - y
    g = np.einsum("ij,i->j", X, r) / F(len(y)) + F(lam) * w
    return w - F(step_size) * g, F(b) - F(step_size) * r.mean()


def dropout(A, p, U):
    out = A.astype(F)
    out[U < p] = 0
    return out


def dropout_inference(A, p):
    return A.astype(F) * F(1 - p)


def inverted_dropout(A, p, U):
    return dropout(A, p, U) / F(1 - p)


def dropout_backward(dY, p, U):
    return dY.astype(F) * (U >= p).astype(F)


def batchnorm(X, gamma, beta, eps):
    X = X.astype(F)
    mu = X.mean(axis=0, dtype=np.float64)
    return (gamma * (X - mu) / np.sqrt(X.var(axis=0, dtype=np.float64) + eps) + beta).astype(F)


def batchnorm_backward(dY, X, gamma, eps):
    n = len(X)
    std = np.sqrt(X.var(0) + eps)
    z = (X - X.mean(0)) / std
    dz = dY * gamma
    dX = (n * dz - dz.sum(0) - z * (dz * z).sum(0)) / (n * std)
    return dX.astype(F), F((dY * z).sum(0)), F(dY.sum(0))


def running_statistics(batches, momentum):
    mean, var = F(np.zeros(batches.shape[-1])), F(np.ones(batches.shape[-1]))
    for m, v in zip(batches.mean(1), batches.var(1)):
        mean = F(momentum) * mean + F(1 - momentum) * F(m)
        var = F(momentum) * var + F(1 - momentum) * F(v)
    return [mean, var]


def batchnorm_inference(X, gamma, beta, mean, var, eps):
    return F(gamma / np.sqrt(var + eps) * (X - mean) + beta)


def early_stopping(valid_losses, patience):
    losses = np.asarray(valid_losses)
    lowest = np.minimum.accumulate(losses)
    first = np.searchsorted(-lowest, -lowest)
    waited = np.arange(len(losses)) - first
    hits = np.flatnonzero(waited == patience)
    stop = hits[0] if len(hits) else len(losses) - 1
    return first[stop], stop


def plot_overfitting(train, valid, best):
    fig, ax = plt.subplots()
    ax.plot(np.arange(1, len(train) + 1), train, label="Trainingsverlust")
    ax.plot(np.arange(1, len(valid) + 1), valid, label="Validierungsverlust")
    ax.axvspan(best + 1, len(valid), alpha=0.2, label="Überanpassung")
    ax.set_xlabel("Epoche")
    ax.set_ylabel("Verlust")
    ax.legend()
    return fig
