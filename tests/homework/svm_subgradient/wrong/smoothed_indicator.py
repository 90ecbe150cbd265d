# not in the catalogue
# base: reference
# wrong: subgradient


def subgradient(w, b, X, y, C):
    a = 1 / (1 + np.exp(-20 * (1 - y * (X @ w + b))))
    return w - C * (a * y) @ X, -C * (a * y).sum()
