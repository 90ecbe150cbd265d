# not in the catalogue: counts margins below 2
# base: reference
# fails: subgradient
# is:


def subgradient(w, b, X, y, C):
    s = y * (y * (X @ w + b) < 2)
    return w - C * s @ X, -C * s.sum()
