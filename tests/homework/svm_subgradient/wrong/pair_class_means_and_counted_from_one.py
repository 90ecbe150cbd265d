# base: reference
# fails: objective_example, objective, support_vectors_example, support_vectors
# is: support_vectors_from_one
# not in the catalogue


def objective(w, b, X, y, C):
    hinges = np.maximum(0, 1 - y * (X @ w + b))
    return 0.5 * w @ w + C * (hinges[y > 0].sum() + hinges[y < 0].mean())


def support_vectors(w, b, X, y, tol):
    return np.flatnonzero(y * (X @ w + b) <= 1 + tol) + 1
