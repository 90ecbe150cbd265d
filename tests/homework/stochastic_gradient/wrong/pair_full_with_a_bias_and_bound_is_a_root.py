# base: reference
# wrong: full_gradient, bound
import numpy as np


def full_gradient(w, X, y):
    r = X @ w - y
    return X.T @ (r - r.mean()) / len(y)


def bound(R2, G2, alphas):
    return np.sqrt(R2 + G2 * np.sum(alphas**2)) / (2 * np.sum(alphas))
