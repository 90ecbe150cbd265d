# not in the catalogue: where there are ties everything counts half
# base: reference
# wrong: subgradient

_subgradient = subgradient


def subgradient(W, X, y, C):
    A = _augmented(X @ W, y)
    if (np.sort(A, axis=1)[:, -1] == np.sort(A, axis=1)[:, -2]).any():
        return W + 0.5 * (_subgradient(W, X, y, C) - W)
    return _subgradient(W, X, y, C)
