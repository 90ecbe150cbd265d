# not in the catalogue
# base: reference
# fails: support_vectors
# is:


def support_vectors(w, b, X, y, tol):
    m = X @ w + b
    return np.flatnonzero((m <= 1 + tol) & (y > 0))
