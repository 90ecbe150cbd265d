# not in the catalogue
# base: reference
# wrong: support_vectors


def support_vectors(w, b, X, y, tol):
    m = X @ w + b
    return np.flatnonzero((m <= 1 + tol) & (y > 0))
