# base: reference
# wrong: gradient_variance, batch_gradient
import numpy as np


def gradient_variance(w, X, y, batch_size):
    batches = np.random.default_rng(0).integers(len(y), size=(2000, batch_size))
    G = np.array([batch_gradient(w, X, y, b) for b in batches])
    return np.mean(np.sum((G - full_gradient(w, X, y)) ** 2, axis=1))


def batch_gradient(w, X, y, indices):
    g = full_gradient(w, X[indices], y[indices])
    return g / max(1.0, np.linalg.norm(g) / 2.0)
