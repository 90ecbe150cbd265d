# not in the catalogue: decreasing
# base: reference
# wrong: support_vectors
# may say: not in increasing order


def support_vectors(w, b, X, y, tol):
    return np.flatnonzero(y * (X @ w + b) <= 1 + tol)[::-1]
