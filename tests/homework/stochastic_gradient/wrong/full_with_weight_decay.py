# base: other_formulas
# wrong: full_gradient
# not in the catalogue


def full_gradient(w, X, y):
    return X.T @ (X @ w - y) / len(y) + 0.01 * w
