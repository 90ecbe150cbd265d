# not in the catalogue: adds a hundredth to tol
# base: reference
# wrong: support_vectors


def support_vectors(w, b, X, y, tol):
    return np.flatnonzero(y * (X @ w + b) <= 1.01 + tol)
