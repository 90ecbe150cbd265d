# not in the catalogue: told by its terms, even where gb is 0 at one probe
# base: reference
# wrong: subgradient
# may say: multiplied by C


def subgradient(w, b, X, y, C):
    s = y * (y * (X @ w + b) < 1)
    return C * (w - s @ X), -C * s.sum()
