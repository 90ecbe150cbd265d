# base: reference
# wrong: subgradient
# may say: The w in gw is multiplied by 2; gb has the wrong sign.


def subgradient(w, b, X, y, C):
    s = y * (y * (X @ w + b) < 1)
    return 2 * w - C * s @ X, C * s.sum()
