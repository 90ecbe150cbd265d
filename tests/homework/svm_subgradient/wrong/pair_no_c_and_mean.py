# base: reference
# wrong: subgradient
# is: subgradient_without_c, subgradient_with_a_mean
# may say: multiplied by


def subgradient(w, b, X, y, C):
    s = y * (y * (X @ w + b) < 1)
    return w - s @ X / len(y), -s.sum() / len(y)
