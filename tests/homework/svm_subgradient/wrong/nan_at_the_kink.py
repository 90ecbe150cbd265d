# base: reference
# wrong: subgradient
# is: subgradient_divides_by_zero


def subgradient(w, b, X, y, C):
    r = 1 - y * (X @ w + b)
    a = (1 + r / np.abs(r)) / 2
    return w - C * (a * y) @ X, -C * (a * y).sum()
