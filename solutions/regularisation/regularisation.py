"""Regularisation: weight decay, dropout, batch normalisation and early stopping.

Sizes: n examples, d features or units, t batches. X (n, d), y (n,), w (d,), b a float. gamma and
beta (d,) scale and shift the normalised units.
"""

import matplotlib.pyplot as plt
import numpy as np


def decay_step(w, b, X, y, step_size, lam):
    """One step of gradient descent on the squared error, with weight decay.

        w <- (1 - step_size lam) w - step_size / n sum_i x_i (w.x_i + b - y_i)
        b <- b - step_size / n sum_i (w.x_i + b - y_i)

    Returns (w, b).
    """
    residuals = X @ w + b - y
    decayed = (1 - step_size * lam) * w
    return decayed - step_size * X.T @ residuals / len(y), float(b - step_size * residuals.mean())


def dropout(A, p, U):
    """Each unit of A is dropped (set to 0) where its uniform draw U is below p."""
    return np.where(p <= U, A, 0.0)


def dropout_inference(A, p):
    """The expectation of dropout(A, p, U): a unit is kept with the probability 1 - p."""
    return (1 - p) * A


def inverted_dropout(A, p, U):
    """Dropout whose expectation is A, so that nothing is left to do at inference. p < 1."""
    return dropout(A, p, U) / (1 - p)


def dropout_backward(dY, p, U):
    """The gradient of sum(dY * dropout(A, p, U)) with respect to A: dropped units get none."""
    return dropout(dY, p, U)


def batchnorm(X, gamma, beta, eps):
    """Normalise every column over the batch, then scale and shift it.

    xhat = (x - mean) / sqrt(var + eps)     var divided by n
    result = gamma xhat + beta              (n, d)
    """
    xhat = (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + eps)
    return gamma * xhat + beta


def batchnorm_backward(dY, X, gamma, eps):
    """The gradient of sum(dY * batchnorm(X, gamma, beta, eps)).

    With g = dY gamma, the gradient with respect to xhat:
        dX = (g - mean(g) - xhat mean(g xhat)) / sqrt(var + eps)
    mean(g) is what x does through the mean, xhat mean(g xhat) what it does through var.
    Returns (dX, dgamma, dbeta) of the shapes (n, d), (d,), (d,).
    """
    root = np.sqrt(X.var(axis=0) + eps)
    xhat = (X - X.mean(axis=0)) / root
    g = dY * gamma
    dX = (g - g.mean(axis=0) - xhat * (g * xhat).mean(axis=0)) / root
    return dX, (dY * xhat).sum(axis=0), dY.sum(axis=0)


def running_statistics(batches, momentum):
    """Moving averages of the batches' means and variances, for inference.

        r <- momentum r + (1 - momentum) batch value     from mean 0 and variance 1

    batches (t, n, d). Returns (mean, var), each (d,); a batch's variance is divided by n.
    """
    mean, var = np.zeros(batches.shape[2]), np.ones(batches.shape[2])
    for batch in batches:
        mean = momentum * mean + (1 - momentum) * batch.mean(axis=0)
        var = momentum * var + (1 - momentum) * batch.var(axis=0)
    return mean, var


def batchnorm_inference(X, gamma, beta, mean, var, eps):
    """Batch normalisation with given statistics: an example's result depends on no other one."""
    return gamma * (X - mean) / np.sqrt(var + eps) + beta


def early_stopping(valid_losses, patience):
    """When training stops that waits `patience` epochs for a lower validation loss.

    Returns (best, stop): stop is the first epoch at which `patience` epochs in a row have brought
    nothing lower than the lowest before them, or the last one; best is the first epoch of the
    lowest loss up to stop.
    """
    best = 0
    for epoch, loss in enumerate(valid_losses):
        if loss < valid_losses[best]:
            best = epoch
        if epoch - best == patience:
            return best, epoch
    return best, len(valid_losses) - 1


def plot_overfitting(train, valid, best):
    """Draw both losses against the epoch and mark the best one. Returns the Figure."""
    figure, axes = plt.subplots(layout="constrained")
    axes.plot(train, label="training loss")
    axes.plot(valid, label="validation loss")
    axes.axvline(best, color="black", linestyle="--", label=f"lowest, epoch {best}")
    axes.set(xlabel="epoch", ylabel="loss")
    axes.legend()
    return figure


if __name__ == "__main__":
    # Examples with 24 features from N(0, 1): y = 0.05 + sum_j 0.01 x_j + N(0, 0.05^2); 20 of them
    # to train on, 200 to validate.
    examples = []
    for n, seed in ((20, 0), (200, 1)):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(n, 24))
        examples.append((X, 0.05 + 0.01 * X.sum(axis=1) + 0.05 * rng.normal(size=n)))
    for lam in (0.0, 1.0):
        w, b = np.zeros(24), 0.0
        losses = []
        for _ in range(400):
            losses.append([np.mean((X @ w + b - y) ** 2) / 2 for X, y in examples])
            w, b = decay_step(w, b, *examples[0], 0.05, lam)
        train, valid = np.array(losses).T
        best, stop = early_stopping(valid, patience=10)
        print(
            f"lam = {lam:g}: after 400 epochs {train[-1]:.5f} in training, {valid[-1]:.5f} beyond"
        )
        print(f"  lowest {valid[best]:.5f} at epoch {best}, would stop at {stop}")
        plot_overfitting(train, valid, best)
    plt.show()
