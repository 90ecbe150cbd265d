# not in the catalogue, both
# base: reference
# wrong: hinge_loss, support_vectors


def hinge_loss(t):
    return np.where(t >= 1, 0, np.where(t <= 0, 0.5 - t, 0.5 * (1 - t) ** 2))


def support_vectors(w, b, X, y, tol):
    return np.flatnonzero(y * (X @ w + b) <= (1 + tol) * 1.01)
