# not in the catalogue: decreasing
# base: reference
# fails: support_vectors
# is:
# says: not in increasing order


def support_vectors(w, b, X, y, tol):
    return np.flatnonzero(y * (X @ w + b) <= 1 + tol)[::-1]
