# base: reference
# wrong: subgradient
# is: subgradient_with_a_wide_margin


def subgradient(w, b, X, y, C):
    s = y * (y * (X @ w + b) < 2)
    return w - C * s @ X, -C * s.sum()
