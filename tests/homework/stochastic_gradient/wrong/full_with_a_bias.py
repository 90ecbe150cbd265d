# base: reference
# wrong: full_gradient
# not in the catalogue


def full_gradient(w, X, y):
    r = X @ w - y
    return X.T @ (r - r.mean()) / len(y)
