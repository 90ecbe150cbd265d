# base: augmented
# wrong: subgradient
# is: subgradient_with_twice_w


def subgradient(w, b, X, y, C):
    active = y * (X @ w + b) < 1
    return 2 * w - C * (y * active) @ X, -C * (y * active).sum()
